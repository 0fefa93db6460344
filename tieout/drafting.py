"""Taking in a new report: its text registered with its digest, and a draft row for every number that nobody has keyed.

A draft is no oracle: it stands in ``data/<country>/drafts/`` and counts for nothing until a person moves a row into the
metrics file, or sets the number aside. ``tieout.guessing`` makes its guesses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from tieout.accounting import OPEN, account
from tieout.characters import control, named
from tieout.checks.form import cell_fault, risk
from tieout.guessing.rows import COLUMNS, rows
from tieout.packaging import tidy
from tieout.problems import Usage
from tieout.record import MOST_SEED_BYTES, Record, countries, load, published_by
from tieout.schema import COUNTRY, DOCUMENT, path_of, schema_of
from tieout.tables import read_table, write_table


def add(file: Path, root: Path, country: str, document: str, cells: dict[str, str]) -> tuple[Path, int]:
    """Take the text in ``file`` in as ``document`` of ``country``; return the draft's path and its number of rows.

    ``cells`` are the register's other columns. Raises ``Usage``, and changes nothing, where the file is no text, is
    registered already, or the register could not hold it.
    """
    raw = _text_bytes(file)
    if not re.fullmatch("[a-z]{3}", country):
        raise Usage(f"{country!r} is no country code. Write three small letters, as in ISO 3166-1: bel.")
    if not re.fullmatch(DOCUMENT, document):
        raise Usage(f"{document!r} is no document id. Write small letters, digits and hyphens: tip-2026.")
    for known in countries(root):
        for other, digest in load(known, root).seeds.items():
            if other == document:
                raise Usage(f"{document} is registered already. A new version of a document is a new document, with an id of its own.")
            if digest == _digest(raw):
                raise Usage(f"{file} is, byte for byte, {other} of {known}, which is registered already.")
    missing = [field.name for field in COUNTRY["documents"].fields if field.required and not cells.get(field.name) and field.name in cells]
    if missing:
        raise Usage(f"The register needs {', '.join(missing)}: {', '.join(_flag(name) for name in missing)}.")
    _published(cells["published"])
    for field in COUNTRY["documents"].fields:
        cell = cells.get(field.name, "")
        if cell and (fault := risk(field.name, cell) or cell_fault(field, cell)):
            raise Usage(f"{fault} Nothing was changed.")
    seed = root / "seeds" / country / f"{document}.txt"
    if seed.exists() or any(one.is_symlink() for one in (seed, *seed.parents[:2])):
        raise Usage(f"{seed} is there already, or a link leads elsewhere. Move it away first; nothing was changed.")
    registered = _registered(root, country)
    seed.parent.mkdir(parents=True, exist_ok=True)
    seed.write_bytes(raw)
    _register(
        root,
        country,
        registered,
        {**cells, "document": document, "country": country, "seed": seed.relative_to(root).as_posix(), "sha256": _digest(raw)},
    )
    tidy(root)
    return suggest(root, document)


def suggest(root: Path, document: str) -> tuple[Path, int]:
    """Draft a row for every number of ``document`` that is neither keyed nor set aside; return the draft's path and size."""
    record = record_of(root, document)
    drafted = rows(record, document, [mark.number for mark in account(record, document) if mark.fate == OPEN])
    path = root / "data" / record.country / "drafts" / f"{document}.csv"
    write_table(path, COLUMNS, drafted)
    return path, len(drafted)


def record_of(root: Path, document: str) -> Record:
    """The record of the country that ``document`` is registered in; raises ``Usage`` where there is none."""
    known = []
    for country in countries(root):
        record = load(country, root)
        if document in record.documents:
            return record
        known += record.documents
    raise Usage(f"There is no document {document!r}. Registered are: {', '.join(known) or 'none'}.")


def _flag(column: str) -> str:
    return f"--{column.replace('_', '-')}"


def _text_bytes(file: Path) -> bytes:
    try:
        size = file.stat().st_size if file.is_file() else -1
    except OSError as error:
        raise Usage(f"{str(file)[:100]} cannot be read: {error.strerror}.") from None
    if size < 0:
        raise Usage(f"{file} is not there, or is no file.")
    if size > MOST_SEED_BYTES:
        raise Usage(f"{file} is larger than any report ({MOST_SEED_BYTES // 2**20} MiB); nothing was changed.")
    raw = file.read_bytes()
    if file.suffix.lower() != ".txt" or raw.startswith(b"%PDF"):
        raise Usage(f"{file} is no .txt file. Save the report's text as UTF-8 .txt first; nothing was changed.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Usage(f"{file} is not UTF-8 text (byte {error.start}). Save it as UTF-8; nothing was changed.") from None
    if letter := control(text):
        raise Usage(f"{file} holds the control character {named(letter)}, which no text holds. Save its text anew; nothing was changed.")
    if not text.strip():
        raise Usage(f"{file} holds no text; a scan needs its text recognised first.")
    return raw


def _published(text: str) -> None:
    try:
        published_by(text)
    except (ValueError, IndexError):
        raise Usage(f"--published {text!r} is no date. Write 2026, 2026-06 or 2026-06-30.") from None


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _registered(root: Path, country: str) -> tuple[dict[str, str], ...]:
    """The register's rows; raises ``Usage`` where it cannot be read, for writing it again would lose them."""
    name, columns = path_of("documents", country), COUNTRY["documents"].columns
    table, failures = read_table(root / name, name, columns)
    if failures and (root / name).exists():
        raise Usage(f"{failures[0].message} Nothing was changed.")
    return table.rows


def _register(root: Path, country: str, registered: tuple[dict[str, str], ...], cells: dict[str, str]) -> None:
    """Enter the document, and make the files of a new document, and of a new country, with their headers."""
    for name, schema in COUNTRY.items():
        path = root / path_of(name, country)
        if not path.exists():
            write_table(path, schema.columns, [])
    for name in ("metrics", "statements", "set_aside"):
        write_table(root / path_of(name, country, cells["document"]), schema_of(name).columns, [])
    path, columns = root / path_of("documents", country), COUNTRY["documents"].columns
    rows: Iterable[dict[str, str]] = [*registered, {column: cells.get(column, "") for column in columns}]
    write_table(path, columns, sorted(rows, key=lambda row: row["document"]))
