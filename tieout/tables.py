"""CSV files as people key them: read as text, strictly, and written in one canonical form.

Nothing is guessed and nothing coerced: a cell is the characters in the file. A file that a spreadsheet has
re-saved (a byte-order mark, CRLF, semicolons, Latin-1) is refused with the reason, never half read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tieout.characters import control, formula, named
from tieout.problems import Usage
from tieout.report import Failure

CHECK = "file-format"
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
csv.field_size_limit(2 * 1024 * 1024)


@dataclass(frozen=True)
class Table:
    """A file's rows, each a mapping of column to text, and the line on which each row starts."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]

    def where(self, index: int) -> str:
        """``file:line`` of the row at ``index``."""
        return f"{self.name}:{self.lines[index]}"


def read_table(path: Path, name: str, columns: Sequence[str]) -> tuple[Table, list[Failure]]:
    """The table in ``path`` (shown to people as ``name``) and all that is wrong with its form.

    The table is empty where the form is wrong, so that one bad file gives one clear message and not a hundred.
    """
    empty = Table(name, tuple(columns), (), ())
    text, failure = _decode(path, name)
    if failure:
        return empty, [failure]
    try:
        return _parse(text, name, columns)
    except csv.Error as error:
        return empty, [_failure(name, f"is no CSV: {error}. Close every quotation mark and save it again as CSV (comma, UTF-8).")]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    """Write rows as UTF-8, RFC 4180 with LF, quoting only what must be quoted.

    Raises ``Usage``, and writes nothing, where a spreadsheet that opens the file would run a cell, or where the path is a link.
    """
    text = safe_text(path.name, columns, rows)
    if path.is_symlink():
        raise Usage(f"{path} is not written: it is a symbolic link to another file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def safe_text(name: str, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """The canonical text of a table that no spreadsheet runs; raises ``Usage`` where one would."""
    rows = list(rows)
    for cells in rows:
        for column, cell in cells.items():
            if formula(cell):
                raise Usage(f"{name} is not written: {column} holds {cell[:60]!r}, which a spreadsheet would run as a formula.")
    return table_text(columns, rows)


def table_text(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    """The canonical text of a table."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _decode(path: Path, name: str) -> tuple[str, Failure | None]:
    """The file's text, or why it cannot be read as UTF-8 with LF."""
    folders = list(path.parents)[: name.count("/")]
    if not path.is_file() or any(one.is_symlink() for one in (path, *folders)):
        return "", _failure(name, "is not there as a plain file. Restore it from git, or create it with its header line.")
    if path.stat().st_size > MOST_BYTES:
        return "", _failure(name, f"is larger than {MOST_BYTES // 2**20} MiB, which no keyed file is. Restore it from git.")
    raw = path.read_bytes()
    again = "Save it as CSV with commas, UTF-8 without a byte-order mark and LF line ends, or restore it from git."
    if raw.startswith(b"\xef\xbb\xbf"):
        return "", _failure(name, f"starts with a byte-order mark (BOM), as a spreadsheet writes it. {again}", 1)
    if b"\x00" in raw:
        return "", _failure(name, f"holds a NUL byte: it is no text, or UTF-16. {again}", 1 + raw[: raw.index(b"\x00")].count(b"\n"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + raw[: error.start].count(b"\n")
        return "", _failure(
            name, f"is not UTF-8 (byte 0x{raw[error.start]:02x}); a spreadsheet may have saved it as Latin-1. {again}", line
        )
    if "\r" in text:
        return "", _failure(
            name, f"has CRLF line ends, as Windows and spreadsheets write them. {again}", 1 + text[: text.index("\r")].count("\n")
        )
    if letter := control(text):
        line = 1 + text[: text.index(letter)].count("\n")
        return "", _failure(name, f"holds the control character {named(letter)}, which no text holds. Delete it.", line)
    return text, None


def _parse(text: str, name: str, columns: Sequence[str]) -> tuple[Table, list[Failure]]:
    empty = Table(name, tuple(columns), (), ())
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    if header != list(columns):
        return empty, [_failure(name, _header_message(header, columns), 1)]
    rows, lines, failures = [], [], []
    start = reader.line_num + 1
    for cells in reader:
        if len(rows) + len(failures) == MOST_ROWS:
            return empty, [_failure(name, f"has more than {MOST_ROWS} rows, which no keyed file has. Restore it from git.", start)]
        if len(cells) != len(columns):
            failures.append(
                _failure(name, f"has {len(cells)} cells where the header has {len(columns)}. Quote cells that hold commas.", start)
            )
        else:
            rows.append(dict(zip(columns, cells, strict=False)))
            lines.append(start)
        start = reader.line_num + 1
    return (empty if failures else Table(name, tuple(columns), tuple(rows), tuple(lines))), failures


def _header_message(header: list[str], columns: Sequence[str]) -> str:
    want = ",".join(columns)
    if len(header) == 1 and header[0].count(";") + header[0].count("\t") >= len(columns) - 1:
        return f"is separated by semicolons or tabs, as some spreadsheets save CSV. Save it with commas; the header is: {want}"
    missing, extra = [c for c in columns if c not in header], [c for c in header if c not in columns]
    detail = "; ".join(
        part for part in (f"missing: {', '.join(missing)}" if missing else "", f"not known: {', '.join(extra)}" if extra else "") if part
    )
    return f"has the wrong header ({detail or 'the columns stand in another order'}). It must be: {want}"


def _failure(name: str, message: str, line: int | None = None) -> Failure:
    return Failure(CHECK, f"{name} {message}", where=name if line is None else f"{name}:{line}")
