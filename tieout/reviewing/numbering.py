"""The ids of a document's rows: in the order of the page as long as nobody relies on them, and never moved after that."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tieout.drafting import spot_of
from tieout.learning import Teacher
from tieout.record import Record
from tieout.reviewing.desk import Desk
from tieout.reviewing.reading import DRAFTS


def settled(desk: Desk, teacher: Teacher | None = None) -> Desk:
    """The desk in the form in which it is written: drafts for what is open, and ids in the order of the page where they may move."""
    return numbered(desk).drafted(teacher)


def numbered(desk: Desk) -> Desk:
    """The desk with its rows numbered in the order of the page; notes that name a row follow it. Fixed ids never move."""
    document = desk.reading.document
    if fixed(desk.base, document):
        return desk
    place = {(item.table, item.index): rank for rank, item in enumerate(desk.items.values())}
    moved, tables = {}, dict(desk.tables)
    for kind, form in (("metrics", "{}-{:03d}"), ("statements", "{}-s{:02d}")):
        rows = tables[kind]
        order = sorted(range(len(rows)), key=lambda index, kind=kind: place.get((kind, index), len(place)))
        names = {index: form.format(document, rank) for rank, index in enumerate(order, 1)}
        moved |= {rows[index]["id"]: name for index, name in names.items()}
        tables[kind] = tuple({**cells, "id": names[index]} for index, cells in enumerate(rows))
    return desk.with_tables({kind: tuple(_following(cells, moved, document) for cells in rows) for kind, rows in tables.items()})


def _following(cells: dict[str, str], moved: Mapping[str, str], document: str) -> dict[str, str]:
    """A row with the ids in its note as they are now."""
    note = re.sub(rf"\b{re.escape(document)}-(?:\d{{3}}|s\d{{2}})\b", lambda match: moved.get(match[0], match[0]), cells["note"])
    return cells if note == cells["note"] else {**cells, "note": note}


def fixed(record: Record, document: str) -> bool:
    """Whether the ids of a document's rows may move no more: it was signed once, or another file names one of them."""
    if any(row.document == document for name in ("signoffs", "signatures") for row in record.rows(name)):
        return True
    rows = [row for name in ("identities", "faults", "withdrawn", "corrections", "factchecks") for row in record.rows(name)]
    named = [row.cells.get(column, "") for row in rows for column in ("id", "ids", "total", "parts", "item")]
    return any(re.search(rf"(?<![a-z0-9-]){re.escape(document)}-s?\d", one) for one in named)


def next_id(desk: Desk, kind: str) -> str:
    """The number after every one that a row of the document has or had: ids are never used again."""
    document, sign = desk.reading.document, "s" if kind == "statements" else ""
    record = desk.base
    known = [cells["id"] for cells in desk.tables[kind]] + [spot.kept for cells in desk.tables[DRAFTS] if (spot := spot_of(cells))]
    known += [row["id"] for row in record.rows("withdrawn")] + [row["row"] for row in record.rows("signatures") if row.document == document]
    taken = [int(found[1]) for one in known if (found := re.fullmatch(rf"{re.escape(document)}-{sign}(\d+)", one))]
    return f"{document}-{sign}{max(taken, default=0) + 1:0{2 if sign else 3}d}"
