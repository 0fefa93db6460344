"""What the reports of the synthetic world tell of a year: sentences, and the row that a person would key from each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

TIMES = "two three four five six seven eight nine".split()


def whole(value: float) -> tuple[str, str]:
    """``1204.3`` as its value and as it is printed: ``1204``, ``1,204``."""
    return str(int(value)), f"{int(value):,}"


def dollars(value: float) -> tuple[str, str]:
    """Dollars, in hundreds."""
    rounded = round(value) * 100
    return str(rounded), f"${rounded:,}"


def million_euros(value: float) -> tuple[str, str]:
    """Euros, in hundredths of a million."""
    hundredths = int(value)
    return str(hundredths * 10_000), f"€{Decimal(hundredths) / 100} million"


def half_years(value: float) -> tuple[str, str]:
    """Years, to the half."""
    told = f"{Decimal(int(value)) / 2}"
    return told, told


def times(value: float) -> tuple[str, str]:
    """A small number, spelled out."""
    place = int(value) % len(TIMES)
    return str(place + 2), TIMES[place]


@dataclass(frozen=True)
class Topic:
    """A sentence about a year, ``{n}`` being the number and ``{y}`` the year, and the row that it makes.

    ``part`` is a range of shares of the year's total of the same metric, or none for a series of its own around ``level``. ``newest``:
    told of a report's newest year alone. ``bounded``: may be told as a bound (``at least {n}``). A ``gap`` has no number. ``aside`` is a
    number of the sentence that is no metric.
    """

    words: str
    metric: str
    unit: str
    level: float = 300
    sex: str = "total"
    age: str = "total"
    exploitation: str = "total"
    part: tuple[float, float] | None = None
    newest: bool = False
    bounded: bool = False
    gap: bool = False
    aside: str = ""
    told: Callable[[float], tuple[str, str]] = whole

    @property
    def series(self) -> str:
        """A name for the series that the sentence carries on."""
        return "/".join((self.metric, self.sex, self.age, self.exploitation))

    @property
    def entire(self) -> bool:
        """Whether it counts all sexes, ages and forms."""
        return self.series == f"{self.metric}/total/total/total"


# The parts of a total are so small that no set of them adds up to it: such a sum would have to be keyed as an identity. Only the sexes do.
_FILES, _VICTIMS = "The files held {n} %s inquiries in {y}", "Among the victims assisted {n} %s in {y}"
_FORM, _AGED = (0.05, 0.17), (0.1, 0.4)
TOPICS = (
    Topic("The government identified {n} victims in {y}", "victims_identified", "persons", 400, bounded=True),
    Topic(_VICTIMS % "were female", "victims_identified", "persons", sex="female", part=(0.4, 0.6), newest=True),
    Topic(_VICTIMS % "were male", "victims_identified", "persons", sex="male", part=(0.4, 0.6), newest=True),
    Topic(_VICTIMS % "suffered labor exploitation", "victims_identified", "persons", exploitation="labour", part=_FORM, bounded=True),
    Topic(_VICTIMS % "suffered sexual exploitation", "victims_identified", "persons", exploitation="sexual", part=_FORM, bounded=True),
    Topic(_VICTIMS % "suffered forced begging", "victims_identified", "persons", exploitation="forced_begging", part=_FORM, bounded=True),
    Topic(_VICTIMS % "were children", "victims_identified", "persons", age="child", part=_AGED, bounded=True),
    Topic(_VICTIMS % "were adults", "victims_identified", "persons", age="adult", part=_AGED, bounded=True),
    Topic("Authorities investigated {n} cases in {y}", "investigations", "cases", 900, bounded=True),
    Topic(_FILES % "sex trafficking", "investigations", "cases", exploitation="sexual", part=_FORM, bounded=True),
    Topic(_FILES % "labor trafficking", "investigations", "cases", exploitation="labour", part=_FORM, bounded=True),
    Topic(_FILES % "forced begging", "investigations", "cases", exploitation="forced_begging", part=_FORM, bounded=True),
    Topic(_FILES % "forced criminality", "investigations", "cases", exploitation="forced_criminality", part=_FORM, bounded=True),
    Topic(_FILES % "unspecified trafficking", "investigations", "cases", exploitation="unspecified", part=_FORM, bounded=True),
    Topic("Prosecutors prosecuted {n} trafficking cases in {y}", "prosecution_cases", "cases"),
    Topic("Courts handed down {n} convictions in {y}", "convictions", "convictions", bounded=True),
    Topic("Judges convicted {n} defendants in {y}", "persons_convicted", "persons"),
    Topic("Judges sent {n} convicted traffickers to prison terms in {y}", "prison_sentences", "persons", 200, bounded=True),
    Topic("On appeal {n} of the sentences were suspended in {y}", "suspended_sentences", "sentences", 60),
    Topic("Of the terms {n} were for more than five years in {y}", "sentences_over_five_years", "sentences", 50, aside="five"),
    Topic("The ministry issued {n} residence permits in {y}", "residence_permits", "permits", 150, bounded=True),
    Topic("Shelters received {n} referrals in {y}", "shelter_referrals", "referrals", 700, bounded=True),
    Topic("The government allocated {n} to shelters in {y}", "shelter_funding_total_eur", "EUR", told=million_euros),
    Topic("The government did not report the total funding of prevention in {y}", "prevention_funding", "EUR", gap=True),
    Topic("Shelters reported assisting {n} victims in {y}", "victims_assisted_by_shelters", "persons"),
    Topic("The country received {n} extradited suspects in {y}", "extraditions_to_country", "persons", 12),
    Topic("Authorities extradited {n} suspected traffickers in {y}", "extraditions_from_country", "persons", 14),
    Topic("The police learnt that {n} children went missing in {y}", "children_missing_from_shelters", "persons", 80, age="child"),
    Topic("The register counted {n} UAMs in {y}", "unaccompanied_minors_registered", "persons", 900, age="child"),
    Topic("Inspectors reported referring {n} crimes in {y}", "inspectorate_referrals", "cases", 90),
    Topic("Inspectors reported identifying {n} potential victims in {y}", "inspectorate_victims", "persons", 70),
    Topic("The labor courts investigated {n} files in {y}", "investigations_labour_courts", "cases", 110),
    Topic("The shelter centres registered {n} victims in {y}", "victims_registered_by_shelters", "persons", 350),
    Topic("A fund paid compensation to {n} victims in {y}", "compensation_victims", "persons", 20),
    Topic("Courts were granting restitution in {n} cases in {y}", "restitution_orders", "cases", 15),
    Topic("The task force met {n} times in {y}", "coordination_meetings", "meetings", 6, told=times),
    Topic("Courts imposed fines averaging {n} in {y}", "fine_average", "USD", 42, told=dollars),
    Topic("Courts gave an average sentence of {n} years in {y}", "sentence_average", "years", 9, told=half_years),
)
