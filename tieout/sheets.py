"""The fact-check sheet: an edition's items as a table that people fill in, and what they filled in taken back.

A spreadsheet may have saved the sheet. What can be read safely is (a byte-order mark, CRLF, semicolons, tabs, days in its own
spelling); the rest is refused, all at once, and then nothing is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tieout.characters import formula
from tieout.checks.form import cell_fault, risk
from tieout.factcheck import PEOPLE, Checked, Item, mark_of, told
from tieout.problems import DataFails, Usage
from tieout.record import Record
from tieout.schema import path_of, schema_of
from tieout.tables import MOST_BYTES, MOST_ROWS, write_table

FILE = "factcheck.csv"
CONTRACT = schema_of("factchecks")
COLUMNS = ("item", "text", "value", "unit", "formula", "verdict", "caveats", "rows", "documents", "quotes", "evidence", "printed",
           "digest", "entry", "standing", "earlier", *PEOPLE)  # fmt: skip
NEEDED = ("item", "digest", "entry", *PEOPLE)
AGAIN = "Save it as CSV, UTF-8, with the header it came with."
Cells = Mapping[str, str]
Key = tuple[str, str]


def sheet(those: Iterable[Checked], places: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of an edition's sheet; ``places`` tells by item where the edition prints it."""
    return [_sheet_row(one, places) for one in those]


def _sheet_row(one: Checked, places: Mapping[str, str]) -> dict[str, str]:
    item, entry = one.item, one.entry.cells if one.entry else dict.fromkeys(PEOPLE, "")
    return {
        "item": item.id,
        "text": _plain(item.text),
        "value": item.value,
        "unit": item.unit,
        "formula": _plain(item.formula),
        "verdict": item.verdict,
        "caveats": _plain(" | ".join(item.caveats)),
        "rows": " | ".join(row.id for row in item.rows),
        "documents": " | ".join(item.documents),
        "quotes": _plain(" | ".join(row["quote"] for row in item.rows)),
        "evidence": " | ".join(map(mark_of, item.rows)),
        "printed": places[item.id],
        "digest": item.digest,
        "entry": _mark(entry),
        "standing": one.standing,
        "earlier": _plain(" | ".join(told(row.cells) for row in one.earlier)),
        **{column: entry[column] for column in PEOPLE},
    }


def _plain(cell: str) -> str:
    """A cell of ours that no spreadsheet runs: arithmetic may begin with a sign after a semicolon."""
    return cell.replace(";", ",").replace("\t", " ") if formula(cell) else cell


def _mark(entry: Cells) -> str:
    """A short name for what stood in the people's columns, so that a sheet can tell what it was made with; empty for nothing."""
    cells = "\n".join(entry[column] for column in PEOPLE)
    return f"e-{hashlib.sha256(cells.encode()).hexdigest()[:12]}" if cells.strip() else ""


@dataclass(frozen=True)
class Line:
    """A row of a filled-in sheet, with its line: the cells that are needed, and no others."""

    where: str
    cells: dict[str, str]

    @property
    def key(self) -> Key:
        """What an entry is kept by: the item, and the digest of what was read."""
        return self.cells["item"], self.cells["digest"]

    @property
    def entry(self) -> dict[str, str]:
        """The row as ``factchecks.csv`` keeps it."""
        return {column: self.cells[column] for column in CONTRACT.columns}

    @property
    def filled(self) -> bool:
        """Whether a person entered anything."""
        return any(self.cells[column] for column in PEOPLE)


def take_back(path: Path, record: Record, today: Sequence[Item]) -> list[str]:
    """Take the entries of a filled-in sheet into ``factchecks.csv``; what was taken, and what to know about it, in lines.

    ``today`` are the items as the keyed data has them now. Raises ``Usage`` where the sheet cannot be read, ``DataFails`` with every
    entry that cannot be taken; nothing is then written.
    """
    stored = {(row["item"], row["digest"]): dict(row.cells) for row in record.rows("factchecks")}
    lines = [_read_day(line, stored) for line in read_sheet(path)]
    problems, taken = _judged(lines, stored)
    if problems:
        advice = "Nothing was taken. Mend these in the sheet and take it back again."
        raise DataFails("\n".join([*problems, advice]))
    changed = {key: entry for key, entry in taken.items() if stored.get(key) != entry}
    if changed:
        _write(record, {**stored, **changed})
    cleared = [line for line in lines if not line.filled and line.cells["entry"] and line.key in stored]
    return [*_summary(len(changed), len(taken)), *_remarks(changed, today), *map(_cleared, cleared)]


def read_sheet(path: Path) -> list[Line]:
    """The rows of a sheet, whatever a spreadsheet did to its form. Raises ``Usage`` where it cannot be read safely."""
    text = _decoded(path)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise Usage(f"{path.name} is no CSV: {error}. {AGAIN}") from None
    header = [cell.strip() for cell in rows[0]] if rows else []
    wrong = [column for column in NEEDED if header.count(column) != 1]
    if wrong:
        raise Usage(f"{path.name} is no fact-check sheet: it must have each of these columns once: {', '.join(wrong)}. {AGAIN}")
    if len(rows) > MOST_ROWS:
        raise Usage(f"{path.name} has more than {MOST_ROWS} rows, which no sheet has. {AGAIN}")
    places = {column: header.index(column) for column in NEEDED}
    return [_line(path, number, cells, places, len(header)) for number, cells in enumerate(rows[1:], 2) if any(map(str.strip, cells))]


def _line(path: Path, number: int, cells: list[str], places: Mapping[str, int], width: int) -> Line:
    if len(cells) < width or any(map(str.strip, cells[width:])):
        raise Usage(f"{path.name}, row {number}, has {len(cells)} cells where the header has {width}. {AGAIN}")
    found = {column: " ".join(cells[place].split()) for column, place in places.items()}
    return Line(f"{path.name}, row {number}", found | {column: found[column].lower() for column in ("state", "digest")})


def _decoded(path: Path) -> str:
    """The sheet's text; UTF-8 with or without a byte-order mark, or UTF-16 with one."""
    if not path.is_file():
        raise Usage(f"{path} is not there as a file. Name the sheet that was filled in.")
    if path.stat().st_size > MOST_BYTES:
        raise Usage(f"{path.name} is larger than {MOST_BYTES // 2**20} MiB, which no sheet is.")
    raw = path.read_bytes()
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + raw[: error.start].count(b"\n")
        raise Usage(f"{path.name} is not UTF-8 (line {line}); names and remarks could be misread. Save it as CSV UTF-8.") from None
    if "\x00" in text:
        raise Usage(f"{path.name} holds a NUL character: it is no text. {AGAIN}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(text: str) -> str:
    """What parts the cells of the header: commas, or the semicolons or tabs of some spreadsheets."""
    header = text.partition("\n")[0]
    return max((",", ";", "\t"), key=header.count)


def _read_day(line: Line, stored: Mapping[Key, Cells]) -> Line:
    """The line with its day in ISO form, where a spreadsheet's own spelling can mean one day only, or the one that was entered."""
    days, known = _days(line.cells["on"]), stored.get(line.key, {}).get("on", "")
    if known in days:
        days = {known}
    return Line(line.where, line.cells | {"on": days.pop()}) if len(days) == 1 else line


def _days(text: str) -> set[str]:
    """The days that a spelling can mean: ``3.4.2026`` and ``21/11/2026`` one, ``3/4/2026`` two, for some put the month first."""
    found = re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", text)
    if not found:
        return {text} if text else set()
    one, sign, other, year = found.groups()
    days = set()
    for day, month in ((one, other),) if sign == "." else ((one, other), (other, one)):
        with suppress(ValueError):
            days.add(date(int(year), int(month), int(day)).isoformat())
    return days


def _judged(lines: Iterable[Line], stored: Mapping[Key, Cells]) -> tuple[list[str], dict[Key, dict[str, str]]]:
    """What keeps entries from being taken, and the entries by item and digest."""
    problems: list[str] = []
    taken: dict[Key, Line] = {}
    for line in lines:
        faults = _faults(line) if line.filled else []
        rival = taken.get(line.key)
        if not faults and line.filled and rival and rival.entry != line.entry:
            faults = [f"{line.cells['item']} is entered twice and not alike: also in {rival.where}, as {told(rival.entry)!r}. Keep one."]
        if not faults and line.filled and _overtaken(line, stored.get(line.key)):
            faults = [_overtaking(line, stored[line.key])]
        problems += [f"{line.where}: {fault}" for fault in faults]
        if line.filled:
            taken.setdefault(line.key, line)
    return problems, {key: line.entry for key, line in taken.items()}


def _faults(line: Line) -> list[str]:
    """What is wrong with an entry by the contract, and the characters that may not stand in it."""
    found = []
    for column in CONTRACT.fields:
        cell = line.cells[column.name]
        if message := cell_fault(column, cell) or risk(column.name, cell):
            found.append(f"{line.cells['item'] or 'a row without an item'}: {message}")
    return found


def _overtaken(line: Line, entry: Cells | None) -> bool:
    """Whether somebody entered something else since the sheet was made: the sheet would undo what its reader never saw."""
    return entry is not None and entry != line.entry and _mark(entry) != line.cells["entry"]


def _overtaking(line: Line, entry: Cells) -> str:
    advice = "Settle it, enter the outcome in the sheet of an edition built since, and take that one back."
    return f"{line.cells['item']} is {told(line.entry)!r} here, but since this sheet was made it is {told(entry)!r}. {advice}"


def _write(record: Record, entries: Mapping[Key, Cells]) -> None:
    """The entries in place of the file, in one step."""
    path = record.root / path_of("factchecks", record.country)
    if path.is_symlink():
        raise Usage(f"{path} is not written: it is a symbolic link to another file.")
    aside = path.with_suffix(".csv.new")
    try:
        write_table(aside, CONTRACT.columns, [dict(entries[key]) for key in sorted(entries)])
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _summary(changed: int, taken: int) -> list[str]:
    entries = "entry" if changed == 1 else "entries"
    rest = f", {taken - changed} known already" if taken > changed else ""
    return [f"{changed} {entries} taken{rest}."]


def _remarks(entries: Mapping[Key, Cells], today: Sequence[Item]) -> list[str]:
    """Which entries are of no item that there is now, and which are on what an item was before."""
    digests = {item.id: item.digest for item in today}
    lines = []
    for (item, digest), _ in sorted(entries.items()):
        if item not in digests:
            lines.append(f"{item}: kept, but nothing of that name is there today.")
        elif digests[item] != digest:
            lines.append(f"{item}: kept, but it is stale: what it says or rests on has changed since the sheet was made. Read it again.")
    return lines


def _cleared(line: Line) -> str:
    return f"{line.cells['item']}: empty in the sheet, and kept as it was. To withdraw an entry, delete its line from factchecks.csv."
