"""A draft row for every number of a document that nobody has keyed.

A draft is no oracle: it stands in ``data/<country>/drafts/`` and counts for nothing until a person moves a row into the
metrics file, or sets the number aside. ``tieout.guessing`` makes its guesses.

A draft row knows its number by its ``id``: ``at-`` and the offset of the number in the text. Words that deny a number have ``at-``, their
offset and a running number. Behind it may stand the id that the row had before it was opened again. A row without ``confidence`` is no
guess any more: a person has edited it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tieout.accounting import OPEN, account
from tieout.guessing.rows import COLUMNS, rows
from tieout.numbers import Number
from tieout.problems import Usage
from tieout.record import Record, countries, load
from tieout.tables import read_table, write_table
from tieout.texts import Text

_NAME = re.compile(r"at-(\d{1,9})(?:-(\d{1,4}))?(?: (\S+))?")


@dataclass(frozen=True)
class Spot:
    """What a draft row's ``id`` says: the offset, the running number of a gap (0 for a number), the id to come back to."""

    start: int
    turn: int = 0
    kept: str = ""

    def __str__(self) -> str:
        return f"at-{self.start}" + (f"-{self.turn}" if self.turn else "") + (f" {self.kept}" if self.kept else "")


def suggest(root: Path, document: str) -> tuple[Path, int]:
    """Draft every number of ``document`` that is neither keyed nor set aside; return the draft's path and the count of these numbers.

    Rows that a person has edited stay as they are. Raises ``Usage`` where the draft that is there cannot be read.
    """
    record = record_of(root, document)
    name = f"data/{record.country}/drafts/{document}.csv"
    table, failures = read_table(root / name, name, COLUMNS) if (root / name).exists() else (None, [])
    if failures:
        raise Usage(f"{failures[0].message} Or move it away, to have every number drafted again; nothing was changed.")
    text, numbers = record.texts[document], [mark.number for mark in account(record, document) if mark.fate == OPEN]
    kept = [cells for cells in placed(text, numbers, table.rows if table else ()) if edited(cells)]
    drafted = drafts(text, numbers, kept, lambda lacking: rows(record, document, lacking))
    write_table(root / name, COLUMNS, drafted)
    return root / name, len(numbers)


def drafts(
    text: Text, numbers: list[Number], kept: Iterable[dict[str, str]], make: Callable[[list[Number]], list[dict[str, str]]]
) -> list[dict[str, str]]:
    """``kept`` and a row from ``make`` for each of ``numbers`` that has none, in the order of the page."""
    kept = list(kept)
    known = {spot.start for cells in kept if (spot := spot_of(cells)) and not spot.turn}
    lacking = [number for number in numbers if number.start not in known]
    made = [cells | {"id": str(Spot(number.start))} for number, cells in zip(lacking, make(lacking), strict=True)]
    return sorted([*kept, *made], key=by_place(text))


def placed(text: Text, numbers: Iterable[Number], found: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Those of the rows found that belong to one of ``numbers``, one for each, and those that deny a number.

    A row that has lost its ``id``, in a spreadsheet say, belongs to the first number left that is printed as its own.
    """
    found, left = list(found), {number.start: number for number in numbers}
    kept, lost = [], []
    for cells in found:
        spot = spot_of(cells)
        if spot and spot.turn:
            kept.append(cells)
        elif spot and spot.start in left and left[spot.start].printed == cells["printed"]:
            del left[spot.start]
            kept.append(cells)
        elif not spot:
            lost.append(cells)
    for cells in lost:
        start = next((start for start, number in left.items() if number.printed == cells["printed"]), None)
        if start is not None:
            del left[start]
            kept.append(cells | {"id": str(Spot(start))})
    return sorted(kept, key=by_place(text))


def spot_of(cells: dict[str, str]) -> Spot | None:
    """Where a draft row belongs, or None where its ``id`` does not say."""
    found = _NAME.fullmatch(cells["id"])
    return Spot(int(found[1]), int(found[2] or 0), found[3] or "") if found else None


def edited(cells: dict[str, str]) -> bool:
    """Whether a person has edited a draft row, or made it."""
    return not cells["confidence"]


def by_place(text: Text) -> Callable[[dict[str, str]], tuple]:
    """The order of the page, as a sort key of draft rows."""

    def place(cells: dict[str, str]) -> tuple:
        spot = spot_of(cells) or Spot(len(text.text))
        return spot.start, spot.turn, cells["id"], cells["printed"]

    return place


def record_of(root: Path, document: str) -> Record:
    """The record of the country that ``document`` is registered in; raises ``Usage`` where there is none."""
    known = []
    for country in countries(root):
        record = load(country, root)
        if document in record.documents:
            return record
        known += record.documents
    raise Usage(f"There is no document {document!r}. Registered are: {', '.join(known) or 'none'}.")
