"""The edition's tables as Parquet, each typed by the data contract.

A number is a decimal of 38 digits, 10 of them behind the point: a keyed value is a decimal numeral, and a binary float cannot hold
2.2. What would need more digits is refused, never rounded. An empty cell is null, as the contract says (``missingValues``).

The bytes depend on the rows and on pyarrow's version alone: nothing is compressed, for a codec's output may differ from one build
of it to another, and no pandas, with its index and its own version, stands between the CSV and the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from pyarrow.parquet import write_table

from tieout.exports.cells import rows_of
from tieout.problems import DataFails
from tieout.schema import EDITION, Field, Schema

DIGITS, DECIMALS = 38, 10
TYPES = {"string": pa.string(), "date": pa.date32(), "number": pa.decimal128(DIGITS, DECIMALS)}
PARSED = {"string": str, "date": date.fromisoformat, "number": Decimal}


def write(edition: Path) -> list[Path]:
    """Write ``observations.parquet`` and ``trends.parquet`` beside the CSV files; the paths written."""
    return [_write(edition, name, schema) for name, schema in EDITION.items()]


def table(schema: Schema, rows: Iterable[dict[str, str]]) -> pa.Table:
    """The rows as an Arrow table: a column for each field, typed, with its description as metadata.

    Raises ``DataFails`` for numbers that would have to be rounded, all of them at once.
    """
    rows = list(rows)
    if unfit := [told for cells in rows for told in _unfit(schema, cells)]:
        holds = f"The Parquet files hold {DIGITS - DECIMALS} digits before the point and {DECIMALS} after it; nothing was published."
        raise DataFails("\n".join([*unfit, holds]))
    columns = [pa.array([_parsed(field, cells[field.name]) for cells in rows], TYPES[field.type]) for field in schema.fields]
    return pa.Table.from_arrays(columns, schema=arrow_schema(schema))


def arrow_schema(schema: Schema) -> pa.Schema:
    """The contract's columns as Arrow fields; one that is required may not be null."""
    fields = [pa.field(one.name, TYPES[one.type], not one.required, {"description": one.description}) for one in schema.fields]
    return pa.schema(fields, {"title": schema.title})


def _write(edition: Path, name: str, schema: Schema) -> Path:
    path = edition / f"{name}.parquet"
    with path.open("wb") as file:  # opened here, for Arrow reads a path as UTF-8, whatever the system's names are in
        write_table(table(schema, rows_of(edition, name)), file, compression="none")
    return path


def _unfit(schema: Schema, cells: dict[str, str]) -> list[str]:
    """The numbers of a row that would have to be rounded."""
    numbers = [field.name for field in schema.fields if field.type == "number" and cells[field.name]]
    key = " to ".join(cells[column] for column in schema.key)
    return [f"{key}: the {name} {cells[name]} has too many digits. Look at the page again." for name in numbers if not _fits(cells[name])]


def _fits(number: str) -> bool:
    whole, _, decimals = number.lstrip("-").partition(".")
    return len(whole) <= DIGITS - DECIMALS and len(decimals) <= DECIMALS


def _parsed(field: Field, cell: str) -> str | date | Decimal | None:
    return PARSED[field.type](cell) if cell else None
