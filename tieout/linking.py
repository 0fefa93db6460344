"""Numbers in a sentence as links to the words that they were read from.

A sentence is worked out from rows, so each of its numbers is one of theirs, or was computed and stands in the arithmetic beside it.
Only what surely is a row's number becomes a link: a link to the wrong words would be worse than none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from tieout.comparing import Cells
from tieout.record import MISSING
from tieout.wording import quantity, when

_COMPUTED = r"(?<![\w.,+−-])(?<!\bby )"  # a change has its sign, or stands behind "by"
_WHOLE = r"(?![\w%]|[.,]\d| percent| million)"


@dataclass(frozen=True)
class Mark:
    """A row's number as sentences word it, the words for when or where it holds, and where it is marked in its source."""

    number: str
    named: tuple[str, ...]
    href: str


def mark(cells: Cells, home: str = "") -> Mark | None:
    """The mark of an observation, which names its ``document``; None for a gap. ``home`` leads to the edition's folder."""
    if cells["status"] == MISSING:
        return None
    href = f"{home}evidence/{cells['document']}.html#{cells['id']}"
    return Mark(quantity(cells["value"], cells["unit"]), (when(cells), f"in {cells['document']}"), href)


def linked(text: str, marks: Iterable[Mark]) -> Markup:
    """A text, escaped, in which each number that is surely one row's leads to its mark.

    Where rows share a number, the one whose period or document follows it in the text is meant; where none does, there is no link.
    """
    by_number: dict[str, list[Mark]] = defaultdict(list)
    for one in dict.fromkeys(marks):
        for form in _forms(one.number):
            by_number[form].append(one)
    if not by_number:
        return escape(text)
    forms = "|".join(re.escape(form) for form in sorted(by_number, key=len, reverse=True))
    told, end = Markup(), 0
    for match in re.finditer(f"{_COMPUTED}(?:{forms}){_WHOLE}", text):
        meant = _meant(by_number[match[0]], text[match.end() :])
        if meant:
            told += escape(text[end : match.start()]) + _link(meant, match[0])
            end = match.end()
    return told + escape(text[end:])


def _forms(number: str) -> tuple[str, ...]:
    """A number as we word it, and a percentage as sources do."""
    return (number, number.removesuffix("%") + " percent") if number.endswith("%") else (number,)


def _meant(those: list[Mark], after: str) -> Mark | None:
    if len(those) == 1:
        return those[0]
    named = [one for one in those if re.match(rf"(?: \w+)? (?:{'|'.join(map(re.escape, one.named))})\b", after)]
    return named[0] if len(named) == 1 else None


def _link(meant: Mark, number: str) -> Markup:
    return Markup('<a class="read" href="{}">{}</a>').format(meant.href, number)
