"""The words of a row: widened and narrowed by phrase, and the fewest words that hold a number once and stand once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from tieout.numbers import Number
from tieout.texts import Text

_JOINT = re.compile(r"(?<=[;:,.)\t])\s+|\s+(?=\()|\s+(?=(?:and|but|compared|with|which|that|as|by|to|in)\s)")
_WORD = re.compile(r"\S+")
FAR, MOST_WORDS = 600, 30  # characters and words around a number that may be its context
STEPS = ("wider-left", "narrower-left", "wider-right", "narrower-right")


def stepped(text: Text, start: int, end: int, step: str, number: Number | None = None) -> tuple[int, int]:
    """The stretch from ``start`` to ``end`` with one end moved by a phrase, within its line and never past ``number``."""
    first, last = text.text.rfind("\n", 0, start) + 1, text.text.find("\n", end)
    first, last = _trimmed(text, first, len(text.text) if last < 0 else last)
    joints = [match.span() for match in _JOINT.finditer(text.text, first, last)]
    starts, ends = [first, *(after for _, after in joints)], [*(before for before, _ in joints), last]
    inner, outer = (number.start, number.end) if number else (end - 1, start + 1)
    if step == "wider-left":
        return (starts[max(0, bisect_left(starts, start) - 1)], end)
    if step == "narrower-left":
        at = bisect_right(starts, start)
        return (starts[at] if at < len(starts) and starts[at] <= inner else start, end)
    if step == "wider-right":
        return (start, ends[min(len(ends) - 1, bisect_right(ends, end))])
    at = bisect_left(ends, end) - 1
    return (start, ends[at] if at >= 0 and ends[at] >= outer else end)


def context(text: Text, number: Number) -> str:
    """The fewest words around a number that stand once in the text and hold it once, of its own line where that can be; else empty."""
    words = [match.span() for match in _WORD.finditer(text.text, max(0, number.start - FAR), number.end + FAR)]
    left = next(index for index, (_, end) in enumerate(words) if end > number.start)
    right = next(index for index, (_, end) in enumerate(words) if end >= number.end)
    spans = []
    for width in range(MOST_WORDS):
        for before in range(width, -1, -1):
            low, high = left - before, right + width - before
            if low >= 0 and high < len(words):
                start, end = words[low][0], words[high][1]
                spans.append(("\n" in text.text[start:end], width == 0, width, start, end))
    found = (text.text[start:end] for *_, start, end in sorted(spans, key=lambda span: span[:3]))
    return next((words for words in found if holds(text, words, number)), "")


def holds(text: Text, words: str, number: Number) -> bool:
    """Whether ``words`` stand once in the text, and the number once in them."""
    places = text.find(words)
    if len(places) != 1:
        return False
    inside = text.numbers_in(places[0], places[0] + len(words))
    return [one for one in inside if one.printed == number.printed] == [number]


def _trimmed(text: Text, start: int, end: int) -> tuple[int, int]:
    words = text.text[start:end]
    begins = start + len(words) - len(words.lstrip())
    return begins, max(begins, start + len(words.rstrip()))
