"""The words to quote for a number: as much of its sentence as can stand in a row."""

from __future__ import annotations

import re

from tieout.characters import formula
from tieout.guessing.place import Place
from tieout.nearness import quote_whole
from tieout.numbers import find_numbers

_JOINT = re.compile(r"(?<=[;:,)\t])\s+|\s+(?=\()|\s+(?=(?:and|but|compared|with|which|that|as|by|to|in)\s)")
MOST_JOINTS = 8  # of a long sentence, on either side of the number


def quote(place: Place) -> str:
    """The sentence, or the widest run of its phrases that stands once in the document and holds the number once; empty if none does."""
    start, end = _trimmed(place.text.text, *place.bounds)
    spans = [(start, end), *_runs(place, start, end)]
    for first, last in spans:
        words = place.text.text[first:last]
        if _may_stand(place, words):
            return words
    return ""


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without white space, marks of lists and headings, and what a spreadsheet would run, at either end."""
    words = text[start:end]
    begins = start + len(words) - len(words.lstrip(" \n\t\u00a0#*-–•=+@"))
    return begins, max(begins, start + len(words.rstrip()))


def _runs(place: Place, start: int, end: int) -> list[tuple[int, int]]:
    """Runs of whole phrases around the number, the widest first."""
    number = place.number
    joints = [match.span() for match in _JOINT.finditer(place.text.text, start, end)]
    firsts = [start, *(after for _, after in joints if after <= number.start)][-MOST_JOINTS:]
    lasts = [*(before for before, _ in joints if before >= number.end), end][:MOST_JOINTS]
    return sorted(((first, last) for first in firsts for last in lasts), key=lambda span: (span[0] - span[1], span))


def _may_stand(place: Place, words: str) -> bool:
    if "\n" in words or formula(words) or len(place.text.find(words)) != 1:
        return False
    once = sum(number.printed == place.number.printed for number in find_numbers(words)) == 1
    return once and quote_whole(words, place.text.text) is None
