"""The qualifier of a number: the words that stand right before it."""

from __future__ import annotations

from tieout.guessing.guess import Guess
from tieout.guessing.place import Place
from tieout.rules import lead_in


def qualifier(place: Place) -> Guess:
    """``at least 93`` is at_least; with no such words right before it a number is exact."""
    name, words = lead_in(place.before)
    if name == "exact":
        return Guess("exact", "no words right before it say otherwise", 0.97)
    return Guess(name, f"‘{words}’ stands right before it", 0.95)
