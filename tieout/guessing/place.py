"""Where a number stands: its sentence, the words on either side, its line and its section."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from tieout.numbers import Number
from tieout.texts import Text
from tieout.wordings import placed

_HEADING = re.compile(r"(?:#+\s.*|[*\s]*(?:\d+\.|[A-Z]\.)\s+\S.*|[^a-z\n]*[A-Z]{3}[^a-z\n]*)")
_NOTES = re.compile(r"\b(?:end|foot)?notes\b|\breferences\b|\bbibliography\b|\bsources\b", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:table of )?contents", re.IGNORECASE)
LONGEST_HEADING = 120
REACH = 1000  # characters on either side of a number, so that a report without line ends takes no longer than another


@dataclass(frozen=True)
class Place:
    """A number in its document."""

    text: Text
    number: Number

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """First and last offset (excluded) of the sentence, or run of sentences, that holds the whole number."""
        sentences = self.text.sentences
        first = bisect_right(sentences, self.number.start, key=_start) - 1
        last = bisect_right(sentences, self.number.end - 1, key=_start) - 1
        return sentences[first][0], sentences[last][1]

    @cached_property
    def reach(self) -> tuple[int, int]:
        """The sentence, as far as it can say something about the number: ``REACH`` characters on either side."""
        return max(self.bounds[0], self.number.start - REACH), min(self.bounds[1], self.number.end + REACH)

    @cached_property
    def before(self) -> str:
        """The sentence up to the number."""
        return self.text.text[self.reach[0] : self.number.start]

    @cached_property
    def after(self) -> str:
        """The sentence from the number on."""
        return self.text.text[self.number.end : self.reach[1]].rstrip()

    @property
    def placed(self) -> str:
        """The sentence with the number replaced by its placeholder."""
        return placed(self.before, self.after)

    @cached_property
    def line(self) -> tuple[str, str]:
        """The line before and after the number, as far as ``REACH``."""
        whole = self.text.text
        start = max(0, self.number.start - REACH)
        start = max(start, whole.rfind("\n", start, self.number.start) + 1)
        end = whole.find("\n", self.number.end, self.number.end + REACH)
        return whole[start : self.number.start], whole[self.number.end : end if end >= 0 else self.number.end + REACH]

    @cached_property
    def others(self) -> list[Number]:
        """Every other number of the sentence, in order."""
        numbers, (start, end) = self.text.numbers, self.reach
        first, last = (bisect_left(numbers, at, key=lambda number: number.start) for at in (start, end))
        return [number for number in numbers[first:last] if number != self.number]


@dataclass(frozen=True)
class Layout:
    """What a document's lines say about its parts: tables of contents, notes, and the headers of tables."""

    text: Text

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.text.split("\n")

    @cached_property
    def stretches(self) -> list[tuple[int, int, str]]:
        """``contents`` and ``notes`` as (first, last offset excluded, which)."""
        found, lines, offset = [], self._lines, 0
        kind, began, blank = "", 0, 0
        for line in lines:
            plain, end = line.strip(), offset + len(line) + 1
            named = _kind(plain)
            over = blank >= 3 if kind == "contents" else bool(plain and _heads(plain) and not named)
            if kind and over and offset > began:
                found.append((began, offset, kind))
                kind = ""
            if named and not kind:
                kind, began = named, end
            blank = blank + 1 if not plain else 0
            offset = end
        return [*found, (began, offset, kind)] if kind else found

    def within(self, number: Number) -> str:
        """The stretch that holds a number; empty in the body of the document."""
        return next((kind for start, end, kind in self.stretches if start <= number.start < end), "")

    def header(self, number: Number) -> str:
        """The cell at the head of a number's column, where its line is a row of a table; else empty."""
        lines = self._lines
        at = self.text.line(number.start) - 1
        start = self.text.text.rfind("\n", 0, number.start) + 1
        column = self.text.text.count("\t", start, number.start)
        if "\t" not in lines[at]:
            return ""
        while at > 0 and "\t" in lines[at - 1]:
            at -= 1
        cells = lines[at].split("\t")
        return cells[column].strip() if column < len(cells) else ""


def _start(sentence: tuple[int, int]) -> int:
    return sentence[0]


def _kind(line: str) -> str:
    """Which stretch a line opens: short, and a heading."""
    plain = line.strip("#* :").strip()
    if len(plain) > 40:
        return ""
    if _CONTENTS.fullmatch(plain):
        return "contents"
    return "notes" if _heads(line) and _NOTES.search(plain) else ""


def _heads(line: str) -> bool:
    """Whether a line looks like a heading: marked, numbered or in capitals, short, and no sentence."""
    return len(line) <= LONGEST_HEADING and not line.endswith((".", ";", ",")) and _HEADING.fullmatch(line) is not None
