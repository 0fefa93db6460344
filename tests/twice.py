"""Second readings made of first ones, with differences planted in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.conftest import Copy
from tieout.record import Record, Row
from tieout.schema import READINGS, SECOND, SETTLED, schema_of

Tables = dict[str, list[dict[str, str]]]


def tables_of(record: Record, document: str) -> Tables:
    """The rows of a document, by kind of file, free to be changed."""
    return {name: [dict(row.cells) for row in record.rows(name) if row.document == document] for name in READINGS}


def read_twice(record: Record, document: str, second: Tables, settled: Iterable[dict[str, str]] = ()) -> Record:
    """The record with a second reading of ``document``, its rows in another order and under other ids, and what was settled."""
    given = {f"{SECOND}{name}": tuple(_renamed(name, rows, document)) for name, rows in second.items()}
    given[SETTLED] = tuple(Row(dict(cells), document, f"settled.csv:{line}") for line, cells in enumerate(settled, 2))
    return replace(record, tables=record.tables | given)


def _renamed(name: str, rows: list[dict[str, str]], document: str) -> Iterable[Row]:
    for line, cells in enumerate(reversed(rows), 2):
        other = {"id": f"{document}-{line + 300}"} if "id" in cells else {}
        yield Row(cells | other | {"note": "the second reader's own"}, document, f"second/{name}.csv:{line}")


def key_twice(copy: Copy, document: str, second: Tables) -> None:
    """Write a second reading into a copy of the repository."""
    for name, rows in second.items():
        copy.write(f"{SECOND}{name}", rows, document)


def settle(copy: Copy, document: str, **cells: str) -> None:
    """Add an entry to the file of what was settled."""
    copy.append(SETTLED, document, **(dict.fromkeys(schema_of(SETTLED).columns, "") | cells))
