"""Settling a difference between two readings: what becomes of the record, and the line that remembers what each reading had.

A pure function from tables to tables, as every act of a review is. What is taken from the second reading goes into the first's files,
which are the record; the rows of the second never change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tieout.accounting import KEYED, OPEN, SET_ASIDE, account
from tieout.agreement import FATE, Agreement, Compared
from tieout.checks.form import cell_fault
from tieout.numbers import Number
from tieout.pairing import ABSENT, REASON, Side
from tieout.problems import Usage
from tieout.record import Record, Row
from tieout.reviewing.desk import Desk
from tieout.reviewing.numbering import fixed, next_id, numbered
from tieout.reviewing.quoting import context
from tieout.reviewing.reading import KINDS, Reading, Tables, with_tables
from tieout.schema import READINGS, REASONS, SECOND, SETTLED, schema_of

FILES = (
    *KINDS,
    *(f"{SECOND}{name}" for name in READINGS),
    SETTLED,
)  # what the settling of a document reads; it writes the first and the last
FIRST, OTHER, ELSE = "first", "second", "else"
TAKES = (FIRST, OTHER, ELSE)
AS_READ = "That is what one of the readings has. Take that one."


def both(record: Record, reading: Reading, tables: Tables) -> Record:
    """The record with both readings of the document, and what was settled, as they stand in these tables."""
    now = with_tables(record, reading, tables)
    others = {kind: _rows(reading, kind, tables[kind]) for kind in FILES if kind not in KINDS}
    kept = {kind: tuple(row for row in record.rows(kind) if row.document != reading.document) for kind in others}
    return replace(now, tables=now.tables | {kind: (*kept[kind], *rows) for kind, rows in others.items()})


def name_of(one: Compared) -> str:
    """What the page calls a difference."""
    return f"{one.pair.place} {one.column} {one.pair.printed}"


def together(found: Agreement, one: Compared) -> list[Compared]:
    """The unsettled differences that are one decision: a stretch that both readings set aside as one, for another reason."""
    first, second = one.pair.first.row, one.pair.second.row
    if one.column != REASON or first is None or second is None:
        return [one]
    same = (other for other in found.unsettled if other.column == REASON and other.pair.first.row and other.pair.second.row)
    return [other for other in same if (other.pair.first.row.where, other.pair.second.row.where) == (first.where, second.where)]


def settled(desk: Desk, tables: Tables, found: Agreement, one: Compared, take: str, value: str = "", reason: str = "") -> Tables:
    """The tables with a difference settled; ``value`` is what stands in the record where neither reading is taken, ``reason`` says why.

    Raises ``Usage`` where that is no decision, or where it cannot be carried out here.
    """
    reason = " ".join(reason.split())
    _refuse(desk, one, take, value, reason)
    chosen = {FIRST: one.first, OTHER: one.second, ELSE: f"{SET_ASIDE}: {value}" if one.column == FATE else value}[take]
    rows = {kind: list(tables[kind]) for kind in KINDS}
    entries = [(each, chosen, reason) for each in together(found, one)]
    if one.column == FATE:
        if take != FIRST:
            _give(desk, rows, one, Side(SET_ASIDE) if take == ELSE else one.pair.second, value)
        if take == ELSE and one.pair.second.fate == SET_ASIDE:
            has = one.pair.second.row[REASON]
            entries.append((Compared(one.pair, REASON, has, has), value, reason))
    elif one.column == REASON and one.pair.numbered:
        _another_reason(desk, rows, [each for each, *_ in entries], chosen)
    else:
        cells = _row_in(rows[one.pair.kind], one.pair.first.row)
        cells[one.column] = chosen
        if take == OTHER and not cells["note"]:
            cells["note"] = one.pair.second.row["note"]  # the reason that its reader gave goes with it
        entries += _unit_follows(desk, found, one, cells)
    entries += _years_follow(desk, rows, found, one)
    kept = list(tables[SETTLED])
    for each, taken, why in entries:
        kept = _entered(desk, kept, each, taken, why)
    first = numbered(desk.with_tables({kind: tuple(cells) for kind, cells in rows.items()})).tables
    return {**tables, **first, SETTLED: tuple(kept)}


def _unit_follows(desk: Desk, found: Agreement, one: Compared, cells: dict[str, str]) -> list[tuple[Compared, str, str]]:
    """A metric brings its unit: the row gets it, and that is settled too."""
    metric = desk.base.metrics.get(cells.get("metric", "")) if one.column == "metric" else None
    if metric is None or cells["unit"] == metric["unit"]:
        return []
    cells["unit"] = metric["unit"]
    unit = next(other for other in found.compared if other.column == "unit" and other.pair is one.pair)
    return [(unit, metric["unit"], f"the unit of {cells['metric']}")]


def _years_follow(desk: Desk, rows: dict[str, list[dict[str, str]]], found: Agreement, one: Compared) -> list[tuple[Compared, str, str]]:
    """Years that needed no row while their number was keyed, or had its period, go the way they went in the second reading."""
    after = desk.with_tables({kind: tuple(cells) for kind, cells in rows.items()})
    left = {now.number.start: now.number for was, now in zip(desk.marks, after.marks, strict=True) if now.fate == OPEN != was.fate}
    if one.pair.numbered and one.pair.place in left:
        raise Usage(
            f"Then {one.pair.printed!r} would be open: no row of the record quotes it as its year. Take the first, or something else."
        )
    following = []
    for other in found.compared:
        if other.column == FATE and other.pair.numbered and other.pair.place in left and other.pair.second.fate == SET_ASIDE:
            rows["set_aside"].append(_like(desk, left[other.pair.place], other.pair.second.row.cells))
            following.append((other, other.second, f"it goes with ‘{one.pair.printed}’"))
    return following


def _refuse(desk: Desk, one: Compared, take: str, value: str, reason: str) -> None:
    if take not in TAKES:
        raise Usage(f"Say what is taken: {', '.join(TAKES)}.")
    if one.column == FATE and OPEN in (one.pair.first.fate, one.pair.second.fate):
        raise Usage("This number is open in one of the readings. Finish that reading first.")
    if take != ELSE:
        return
    if not reason:
        raise Usage("Say why neither reading is taken as it is.")
    if one.column == FATE:
        if not one.pair.numbered or value not in REASONS:
            raise Usage("Neither reading: only a number can be set aside instead, for one of the reasons.")
        if f"{SET_ASIDE}: {value}" in (one.first, one.second):
            raise Usage(AS_READ)
    elif fault := _fault(desk.base, one, value):
        raise Usage(fault)
    elif value in (one.first, one.second):
        raise Usage(AS_READ)


def _fault(record: Record, one: Compared, value: str) -> str:
    """What is wrong with a value that neither reading has, or an empty string."""
    if one.column == "metric" and value not in record.metrics:
        return f"{value!r} is no metric of the codebook."
    if one.column == "unit" and value not in record.units:
        return f"{value!r} is no unit."
    column = next(field for field in schema_of(one.pair.kind).fields if field.name == one.column)
    return cell_fault(column, value)


def _give(desk: Desk, rows: dict[str, list[dict[str, str]]], one: Compared, side: Side, reason: str) -> None:
    """Take away what the first reading made of something, and put in what ``side`` made of it."""
    number = _number(desk, one)
    _take_away(desk, rows, one, number)
    if side.fate == KEYED:
        kind = "metrics" if "metric" in side.row.cells else "statements"
        new = next_id(desk.with_tables({name: tuple(cells) for name, cells in rows.items()}), kind)
        rows[kind].append(side.row.cells | {"id": new})
    elif side.fate == SET_ASIDE and number is None:
        rows["set_aside"].append(dict(side.row.cells))
    elif side.fate == SET_ASIDE:
        rows["set_aside"].append(_like(desk, number, side.row.cells) if side.row else _aside(desk, number, reason, ""))


def _take_away(desk: Desk, rows: dict[str, list[dict[str, str]]], one: Compared, number: Number | None) -> None:
    side = one.pair.first
    if side.row is None or side.fate == ABSENT:
        return
    if side.fate == SET_ASIDE and number is not None:
        _take_out(desk, rows, side.row, [number])
        return
    if "id" in side.row.cells and fixed(desk.base, desk.reading.document):
        raise Usage(
            f"{side.row.id} was signed, or another file names it. Take it out of its file, enter it in withdrawn.csv with the day and the "
            "reason, and come back."
        )
    kind = next(kind for kind in READINGS if side.row.cells in rows[kind])
    rows[kind].remove(side.row.cells)


def _another_reason(desk: Desk, rows: dict[str, list[dict[str, str]]], those: Sequence[Compared], reason: str) -> None:
    """Set numbers aside for another reason; where their row holds others too, it is taken apart."""
    row = those[0].pair.first.row
    numbers = [_number(desk, one) for one in those]
    if reason == row[REASON]:
        return
    if len(numbers) == len(_numbers_of(desk, row)):
        _row_in(rows["set_aside"], row)[REASON] = reason
        return
    _take_out(desk, rows, row, numbers)
    rows["set_aside"] += [_aside(desk, number, reason, row["note"]) for number in numbers]


def _take_out(desk: Desk, rows: dict[str, list[dict[str, str]]], row: Row, numbers: Sequence[Number]) -> None:
    """Set these numbers aside no more; a stretch that holds others is taken apart, and its others stay set aside one by one."""
    rest = [number for number in _numbers_of(desk, row) if number not in numbers]
    rows["set_aside"].remove(row.cells)
    rows["set_aside"] += [_aside(desk, number, row[REASON], row["note"]) for number in rest]


def _like(desk: Desk, number: Number, cells: dict[str, str]) -> dict[str, str]:
    """A row that sets a number aside as another row does, which may set aside more than it."""
    return dict(cells) if cells["printed"] == number.printed else _aside(desk, number, cells[REASON], cells["note"])


def _aside(desk: Desk, number: Number, reason: str, note: str) -> dict[str, str]:
    words = context(desk.text, number)
    if not words:
        raise Usage(
            f"No words of its line hold {number.printed!r} once, so that it cannot be set aside alone. "
            "Set a stretch aside around it in the review, and come back."
        )
    return {"printed": number.printed, "context": words, REASON: reason, "note": note}


def _numbers_of(desk: Desk, row: Row) -> list[Number]:
    """The numbers that a set-aside row stands for in the record."""
    marks = account(desk.record, desk.reading.document)
    return [mark.number for mark in marks if mark.fate == SET_ASIDE and any(one.cells == row.cells for one in mark.rows)]


def _number(desk: Desk, one: Compared) -> Number | None:
    return next((number for number in desk.text.numbers if one.pair.numbered and number.start == one.pair.place), None)


def _row_in(rows: list[dict[str, str]], row: Row) -> dict[str, str]:
    """A row of the tables, free to be changed."""
    at = rows.index(row.cells)
    rows[at] = dict(rows[at])
    return rows[at]


def _entered(desk: Desk, entries: list[Mapping[str, str]], one: Compared, chosen: str, reason: str) -> list[Mapping[str, str]]:
    """The entries with this one; what the first reading had at the very first is never overwritten."""
    place = (str(one.pair.place), one.pair.printed, one.column)
    before = next((entry for entry in entries if (entry["place"], entry["printed"], entry["column"]) == place), None)
    new = {
        "place": place[0],
        "line": str(desk.text.line(one.pair.place)),
        "printed": one.pair.printed,
        "column": one.column,
        "first": before["first"] if before else one.first,
        "second": one.second,
        "settled": chosen,
        "reason": reason,
    }
    return [*(entry for entry in entries if entry is not before), new]


def _rows(reading: Reading, kind: str, tables: Sequence[dict[str, str]]) -> tuple[Row, ...]:
    return tuple(Row(cells, reading.document, f"{reading.where(kind)}:{line}") for line, cells in enumerate(tables, 2))
