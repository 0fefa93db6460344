"""The candidates of a document: what each number that nobody has keyed most likely is."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property

from tieout.accounting import KEYED, SET_ASIDE
from tieout.guessing import categories, fates, metrics, periods, qualifiers, units
from tieout.guessing.guess import Guess
from tieout.guessing.metrics import Neighbour
from tieout.guessing.periods import Period
from tieout.guessing.place import Layout, Place
from tieout.learning import Likeness, Teacher
from tieout.numbers import Number
from tieout.record import Record, published_by
from tieout.wordings import GAPS

SURE_UNIT = 0.8  # confidence from which a unit rules metrics out
MOST_TOGETHER = 100  # numbers of one sentence that are read together; more of them are a table without line ends
BY_LAYOUT = ("address", "footnote", "heading", "page")  # reasons that the words around a number cannot teach
NEAR, CLEAR = 0.45, 0.1  # how alike a set-aside number must be to teach, and by how much more than any keyed one


_FOR_YEAR = re.compile(r"\b(?:in|for|during)\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A number and what is guessed of it. ``cells`` and ``period`` are empty unless the fate is ``key``."""

    place: Place
    fate: Guess
    reason: str = ""
    cells: dict[str, Guess] = field(default_factory=dict)
    period: Period | None = None

    @property
    def number(self) -> Number:
        """The number."""
        return self.place.number

    @cached_property
    def confidence(self) -> float:
        """That of the least sure guess."""
        return min([self.fate.confidence, *(guess.confidence for guess in self.told.values())])

    @property
    def told(self) -> dict[str, Guess]:
        """Every guess of its cells, by name; the period is one."""
        return self.cells | ({"period": self.period.guess} if self.period else {})


def candidates(record: Record, document: str, numbers: list[Number], teacher: Teacher | None = None) -> list[Candidate]:
    """A candidate for each of ``numbers``, in the order of the page."""
    return _Drafter(record, document, teacher or Teacher.of(record)).draft(numbers)


class _Drafter:
    """Goes through a document once, sentence by sentence: numbers first, then the years that date them."""

    def __init__(self, record: Record, document: str, teacher: Teacher) -> None:
        self.record, self.teacher, self.text = record, teacher, record.texts[document]
        self.layout = Layout(self.text)
        self.latest = _latest(record.documents[document]["published"])

    def draft(self, numbers: list[Number]) -> list[Candidate]:
        sentences = defaultdict(list)
        for number in numbers:
            place = Place(self.text, number)
            sentences[place.bounds].append(place)
        parts = [places[at : at + MOST_TOGETHER] for _, places in sorted(sentences.items()) for at in range(0, len(places), MOST_TOGETHER)]
        return [candidate for places in parts for candidate in self._sentence(places)]

    def _sentence(self, places: list[Place]) -> list[Candidate]:
        """The candidates of one sentence: what is to be keyed, then its years."""
        found: list[Candidate] = []
        beside: list[Neighbour] = []
        dates = self._dates(places)
        for place in places:
            candidate = self._one(place, beside, [date for date in dates if date != place.number])
            if candidate.cells:
                metric, unit = candidate.cells["metric"], candidate.cells["unit"]
                beside.append(Neighbour(metric.value, metric.confidence, unit.value, place.number.end))
            found.append(candidate)
        dated = [one for one in found if one.period and one.cells["unit"].value != "calendar_year"]
        return [self._year(one, dated) if one.number in dates else one for one in found]

    def _dates(self, places: list[Place]) -> list[Number]:
        """The years that can date a number: in no name, law or note, and no year that is itself what is told."""
        years = [place for place in places if place.number.year]
        return [place.number for place in years if fates.set_aside(place, self.layout) is None and not self._unit(place).value]

    def _one(self, place: Place, beside: list[Neighbour], dates: list[Number]) -> Candidate:
        if aside := fates.set_aside(place, self.layout) or fates.elsewhere(place, self.record.country):
            return _aside(place, aside)
        unit = self._unit(place)
        if unit.confidence < SURE_UNIT and metrics.elliptic(place) and (head := metrics.head_of(place, "", beside)):
            unit = Guess(head.unit, f"it counts what ‘{self.text.text[: head.end].split()[-1]}’ counts", SURE_UNIT)
        if place.number.year and not unit.value:
            return _aside(place, Guess("date", "it is a year that dates no number to be keyed", 0.8))
        nearest = [one for one in self.teacher.nearest(place) if bool(one.lesson.place.number.year) == bool(place.number.year)]
        metric = metrics.metric(place, unit if unit.confidence >= SURE_UNIT else Guess("", "", 0.0), self.teacher, nearest, beside)
        aside = self._taught_aside(place, nearest, metric)
        return _aside(place, aside) if aside else self._keyed(place, unit, metric, dates)

    def _unit(self, place: Place) -> Guess:
        return units.unit(place, self.teacher.nouns, self.layout.header(place.number))

    def _taught_aside(self, place: Place, nearest: list[Likeness], metric: Guess) -> Guess | None:
        """A number that points back, or that is more like one that was set aside than like any that was keyed."""
        keyed = next((one for one in nearest if one.lesson.fate == KEYED), None)
        other = next((one for one in nearest if one.lesson.fate == SET_ASIDE and one.lesson.row["reason"] not in BY_LAYOUT), None)
        likeness = keyed.score if keyed else 0.0
        if other and not metrics.elliptic(place) and other.score >= max(NEAR, likeness + CLEAR):
            return Guess(other.lesson.row["reason"], f"as {other.lesson.name}, which was set aside", round(min(0.9, other.score + 0.1), 2))
        recalled = fates.recalls(place)
        return recalled if recalled and metric.confidence < 0.6 else None

    def _keyed(self, place: Place, unit: Guess, metric: Guess, dates: list[Number]) -> Candidate:
        if metric.value:
            measured = self.record.metrics[metric.value]["unit"]
            surer = unit.value == measured or metric.confidence < unit.confidence
            metric, unit = (metric, unit) if surer else (metric, Guess(measured, f"the unit of {metric.value}", metric.confidence))
            metric = metric if unit.value == measured else Guess("", f"{metric.value}, the likeliest, is not measured in {unit.value}", 0.0)
        kind = self.record.units[unit.value]["kind"] if unit.value in self.record.units else ""
        period = periods.period(place, unit.value, dates, self.latest, kind)
        population = unit.value == "persons"
        cells = {"metric": metric, "unit": unit, "qualifier": qualifiers.qualifier(place)}
        cells |= categories.categories(place, self.record.terms, unit.value, population)
        sure = 0.9 if metric.confidence >= 0.5 else 0.7
        return Candidate(place, Guess(fates.KEY, "no rule or lesson sets it aside", sure), "", cells, period)

    def _year(self, year: Candidate, dated: list[Candidate]) -> Candidate:
        """A year that is in the period of a number of its sentence needs no row."""
        of = [one.number.printed for one in dated if one.period and str(year.number.year) in one.period.years]
        if not of:
            return _of_gap(year)
        return replace(year, fate=Guess(fates.PERIOD, f"the year of ‘{of[0]}’ in its sentence", 0.88), reason="")


def _of_gap(year: Candidate) -> Candidate:
    """A year for which its sentence says that something is not reported: a row with status O will want it, and no draft guesses that."""
    if not GAPS.search(year.place.placed) or not _FOR_YEAR.search(year.place.before):
        return year
    return replace(
        year, fate=Guess(fates.PERIOD, "its sentence says what is not reported for this year: key that, with status O", 0.8), reason=""
    )


def _aside(place: Place, guess: Guess) -> Candidate:
    return Candidate(place, replace(guess, value=fates.SET_ASIDE), guess.value)


def _latest(published: str) -> str:
    try:
        return published_by(published).isoformat()
    except ValueError:
        return "9999-12-31"
