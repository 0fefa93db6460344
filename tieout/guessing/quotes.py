"""The words to quote for a number: as much of its sentence as can stand in a row."""

from __future__ import annotations

import re

from tieout.characters import formula
from tieout.guessing.place import Place
from tieout.nearness import quote_whole

_JOINT = re.compile(r"(?<=[;:,)\t])\s+|\s+(?=\()|\s+(?=(?:and|but|compared|with|which|that|as|by|to|in)\s)")
AROUND = 80  # characters on either side that show whether a quote begins and ends where a phrase does
LONGEST = 800  # characters of a quote
MOST_JOINTS = 8  # of a long sentence, on either side of the number


def quote(place: Place) -> str:
    """The sentence, or the widest run of its phrases that stands once in the document and holds the number once; empty if none does."""
    start, end = _trimmed(place.text.text, *place.reach)
    spans = [(start, end), *_runs(place, start, end)]
    for first, last in spans:
        if _may_stand(place, first, last):
            return place.text.text[first:last]
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


def _may_stand(place: Place, first: int, last: int) -> bool:
    """Whether the words from ``first`` to ``last`` would pass as a row's quote."""
    text = place.text.text
    words, around = text[first:last], text[max(0, first - AROUND) : last + AROUND]
    again = any(other.printed == place.number.printed and first <= other.start and other.end <= last for other in place.others)
    if again or "\n" in words or last - first > LONGEST or formula(words):
        return False
    return quote_whole(words, around) is None and len(place.text.find(words)) == 1
