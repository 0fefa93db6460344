"""The sex, age and form of exploitation of a number: the category whose words stand in its own phrase."""

from __future__ import annotations

from tieout.evidence import DIMENSIONS
from tieout.guessing.guess import Guess
from tieout.guessing.place import Place
from tieout.nearness import named, phrase_after, phrase_before

Terms = dict[tuple[str, str], list[str]]
UNCATEGORISED = ("calendar_year", "tier", "indicators", "countries")  # units of grades, methods and years


def categories(place: Place, terms: Terms, unit: str, population: bool) -> dict[str, Guess]:
    """A guess for each dimension; ``population`` says whether the unit counts people, or a rule for people."""
    return {dimension: _category(place, terms, dimension, unit, population) for dimension in DIMENSIONS}


def _category(place: Place, terms: Terms, dimension: str, unit: str, population: bool) -> Guess:
    """The words after the number within its phrase decide, else those before it."""
    if unit in UNCATEGORISED:
        return Guess("total", f"{unit} has no breakdown", 0.97)
    known = [(category, "", "|".join(words)) for (one, category), words in terms.items() if one == dimension and words]
    for side, phrase in (("after", phrase_after(place.after)), ("before", phrase_before(place.before))):
        found = named(phrase, known)
        if found:
            name = min(found)[1] if side == "after" else max(found)[1]
            sure = 0.9 if len({name for _, name in found}) == 1 else 0.6
            return Guess(name, f"its words stand {side} the number in its phrase", sure)
    return Guess("total", "no category is named in its phrase", 0.9 if population else 0.95)
