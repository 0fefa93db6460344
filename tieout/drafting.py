"""A draft row for every number of a document that nobody has keyed.

A draft is no oracle: it stands in ``data/<country>/drafts/`` and counts for nothing until a person moves a row into the
metrics file, or sets the number aside. ``tieout.guessing`` makes its guesses.
"""

from __future__ import annotations

from pathlib import Path

from tieout.accounting import OPEN, account
from tieout.guessing.rows import COLUMNS, rows
from tieout.problems import Usage
from tieout.record import Record, countries, load
from tieout.tables import write_table


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
