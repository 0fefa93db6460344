"""A source document's text: where words stand, on which line, in which sentence."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from tieout.numbers import Number, find_numbers

_SENTENCE_END = re.compile(r"(?<!\bU\.S)(?<!\bNo)(?<!\bArt)(?<!\bp)[.!?][\"”’'⁰¹²³⁴⁵⁶⁷⁸⁹)]*\s+(?=[\"“‘'(]?[A-Z])|\n+")
_LOOK_ALIKES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True)
class Text:
    """A document's text, exactly as its seed file holds it."""

    document: str
    text: str

    @cached_property
    def _found(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self.sentences]

    @cached_property
    def _number_starts(self) -> list[int]:
        return [number.start for number in self.numbers]

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Every number in the text, in order."""
        return tuple(find_numbers(self.text))

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences as (start, end) offsets; a line end always ends one."""
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text)] + [len(self.text)]
        return tuple(zip([0, *ends], ends, strict=False))

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The (start, end) offsets of the sentence that holds the character at ``offset``."""
        return self.sentences[bisect_right(self._ends, offset)]

    def find(self, words: str) -> list[int]:
        """The offsets at which ``words`` stand, to the character, overlapping ones too."""
        if words not in self._found:
            self._found[words] = _places(self.text, words)
        return self._found[words]

    def line(self, offset: int) -> int:
        """The line, counted from 1, that holds ``offset``."""
        return bisect_left(self._line_ends, offset) + 1

    def where(self, offset: int, country: str) -> str:
        """``file:line`` of an offset, for people."""
        return f"seeds/{country}/{self.document}.txt:{self.line(offset)}"

    def sentence(self, start: int, end: int) -> str:
        """The sentence, or run of sentences, in which the characters from ``start`` to ``end`` stand."""
        first, last = bisect_right(self._ends, start), bisect_left(self._ends, end)
        return self.text[self.sentences[first][0] : self._ends[min(last, len(self._ends) - 1)]].strip() if first < len(self._ends) else ""

    def numbers_in(self, start: int, end: int) -> list[Number]:
        """The numbers that stand wholly between two offsets."""
        first = bisect_left(self._number_starts, start)
        within = self.numbers[first : bisect_left(self._number_starts, end, first)]
        return [number for number in within if number.end <= end]

    def near_miss(self, words: str) -> str:
        """The passage that differs from ``words`` only in look-alike characters, or an empty string."""
        plain = _fold(words)
        at = _fold(self.text).find(plain)
        return self.text[at : at + len(words)] if plain and at >= 0 else ""


def _places(text: str, words: str) -> list[int]:
    """Every offset of ``words`` in ``text``; none for no words."""
    places, at = [], text.find(words) if words else -1
    while at >= 0:
        places.append(at)
        at = text.find(words, at + 1)
    return places


def _fold(words: str) -> str:
    """Each character replaced, one for one, by the plain one it looks like."""
    folded = (unicodedata.normalize("NFKC", letter) for letter in words.translate(_LOOK_ALIKES))
    return "".join(letter if len(letter) == 1 else "?" for letter in folded)
