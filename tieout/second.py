"""The second reading: what another person keyed from a document without seeing the first reading.

It stands in ``data/<country>/second/``, in files like those of the first, which are the record. It counts for nothing but to be
held against the first: ``tieout.agreement`` does that, ``tieout.settling`` settles what differs.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tieout.learning import without
from tieout.record import Record, Row
from tieout.schema import READINGS, SECOND, SETTLED

NAMING = {"withdrawn": ("id",), "identities": ("total", "parts"), "faults": ("ids",)}  # files that name rows, and where
READ_LATER = ("corrections", "factchecks")  # what people made of the first reading, and no reader needs


def kept(record: Record, document: str) -> bool:
    """Whether a second reading of ``document`` was begun."""
    return any(row.document == document for name in READINGS for row in record.rows(f"{SECOND}{name}"))


def in_its_place(record: Record, document: str) -> Record:
    """The record with the rows of the second reading of ``document`` in the place of the first's."""
    return replace(record, tables=record.tables | {name: _rows(record, name, document) for name in READINGS})


def blind(record: Record, document: str) -> Record:
    """The record as the second reader may see it: nothing that people made of the first reading of ``document``, and their own rows."""
    rest = without(record, document)
    hidden = dict.fromkeys(READ_LATER, ()) | {f"{SECOND}{name}": () for name in READINGS} | {SETTLED: ()}
    hidden |= {name: tuple(row for row in rest.rows(name) if not _names(row, columns, document)) for name, columns in NAMING.items()}
    own = {name: _rows(record, name, document) for name in READINGS}
    return replace(rest, tables=rest.tables | hidden | own)


def _rows(record: Record, name: str, document: str) -> tuple[Row, ...]:
    others = (row for row in record.rows(name) if row.document != document)
    return (*others, *(row for row in record.rows(f"{SECOND}{name}") if row.document == document))


def _names(row: Row, columns: tuple[str, ...], document: str) -> bool:
    """Whether a row names one of ``document``, even one that is gone."""
    return any(re.search(rf"(?<![a-z0-9-]){re.escape(document)}-s?\d", row[column]) for column in columns)
