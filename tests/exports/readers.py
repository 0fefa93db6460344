"""Readers of the exports that the project did not write: pysdmx and sdmx1 for SDMX, DuckDB for Parquet."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import sdmx
from pysdmx.io import get_datasets

from tieout.exports.sdmx import DATA, STRUCTURE

MEASURE = "OBS_VALUE"


def by_pysdmx(folder: Path):
    """The structure and the rows of an SDMX folder, as pysdmx reads them; the structure is held against SDMX's own XML schema.

    pysdmx turns decimals into binary floats; every other cell is text. Raises what pysdmx raises.
    """
    (found,) = get_datasets(str(folder / DATA), str(folder / STRUCTURE), validate=True)
    data = found.data.astype(object)
    return found.structure, data.where(data.notna(), "").to_dict("records")


def by_sdmx1(folder: Path) -> list[dict[str, str]]:
    """The rows of an SDMX folder, as sdmx1 reads them by the structure beside them; every cell is text.

    sdmx1 does not know MeasureRelationship, which SDMX-ML 3.0 allows and pysdmx writes: it is taken out before.
    """
    text = re.sub(
        r"<str:MeasureRelationship>.*?</str:MeasureRelationship>", "", (folder / STRUCTURE).read_text(encoding="utf-8"), flags=re.S
    )
    definition = sdmx.read_sdmx(io.BytesIO(text.encode())).structure["OBSERVATIONS"]
    message = sdmx.read_sdmx(folder / DATA, structure=definition)
    (data,) = message.data
    assert data.action.name == "information"
    return [
        {key.id: str(key.value) for key in one.dimension.values.values()}
        | {MEASURE: one.value}
        | {name: attribute.value for name, attribute in one.attached_attribute.items()}
        for one in data.obs
    ]


def faults(folder: Path) -> list[str]:
    """What is wrong with an SDMX folder by its own structure: a column, a code, a value or a key."""
    structure, rows = by_pysdmx(folder)
    header = csv_rows(folder / DATA)[0]
    found = [f"no column {part.id}" for part in structure.components if part.id not in header]
    for part in structure.components:
        codes = {code.id for code in part.enumeration} if part.enumeration else set()
        for row in rows:
            cell = row.get(part.id, "")
            if codes and cell not in codes:
                found.append(f"{row['ROW']}: {cell!r} is no code of {part.enumeration.id}")
            if part.required and part.id != MEASURE and cell == "":
                found.append(f"{row['ROW']}: {part.id} is empty")
    keys = [tuple(row.get(part.id) for part in structure.components.dimensions) for row in rows]
    found += [f"two rows have the key {key}" for key in sorted({key for key in keys if keys.count(key) > 1})]
    return found + [
        f"{row['ROW']}: {MEASURE} and OBS_STATUS disagree" for row in rows if (row[MEASURE] == "") != (row.get("OBS_STATUS") == "O")
    ]


def by_duckdb(path: Path) -> tuple[dict[str, str], list[dict]]:
    """The types of a Parquet file's columns and its rows, as DuckDB reads them."""
    with duckdb.connect() as connection:
        read = connection.read_parquet(str(path))
        names = read.columns
        return dict(zip(names, map(str, read.types), strict=True)), [dict(zip(names, row, strict=True)) for row in read.fetchall()]


def unlike(table: Path, rows: list[dict]) -> list[str]:
    """The cells in which a Parquet file's ``rows`` are not those of the CSV file ``table``: an empty cell is null there."""
    expected = csv_rows(table)
    found = [] if len(rows) == len(expected) else [f"{len(rows)} rows, {len(expected)} in the CSV"]
    for line, (got, cells) in enumerate(zip(rows, expected, strict=False), 2):
        assert list(got) == list(cells)
        found += [f"line {line}: {name} is {got[name]!r}, not {cell!r}" for name, cell in cells.items() if not _same(got[name], cell)]
    return found


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _same(value: object, cell: str) -> bool:
    if value is None or cell == "":
        return value is None and cell == ""
    return value == Decimal(cell) if isinstance(value, Decimal) else str(value) == cell
