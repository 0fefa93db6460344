"""The Parquet files hold what the CSV files hold, by a reader that is not the writer."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.parquet import write_table

from tests.conftest import ROOT
from tests.exports.conftest import exported
from tests.exports.readers import by_duckdb, csv_rows, unlike
from tieout.exports import parquet
from tieout.problems import DataFails
from tieout.schema import EDITION, Field, Schema
from tieout.tables import write_table as write_csv

SCHEMA = Schema("A table", (Field("id", "An id.", required=True), Field("value", "A number.", "number"), Field("note", "A note.")), ("id",))
NUMBERS = st.from_regex(r"(0|[1-9][0-9]{0,20})(\.[0-9]{0,9}[1-9])?", fullmatch=True)


@pytest.mark.parametrize("name", sorted(EDITION))
def test_duckdb_reads_every_cell_of_the_csv(edition: Path, name: str) -> None:
    _, rows = by_duckdb(edition / f"{name}.parquet")
    assert rows
    assert unlike(edition / f"{name}.csv", rows) == []


@pytest.mark.parametrize("name", sorted(EDITION))
def test_the_columns_have_the_types_of_the_contract(edition: Path, name: str) -> None:
    told = {"string": "VARCHAR", "date": "DATE", "number": "DECIMAL(38,10)"}
    assert by_duckdb(edition / f"{name}.parquet")[0] == {field.name: told[field.type] for field in EDITION[name].fields}


@pytest.mark.parametrize("name", sorted(EDITION))
def test_each_column_says_what_it_means(edition: Path, name: str) -> None:
    schema = pa.parquet.read_schema(edition / f"{name}.parquet")
    assert {one.name: one.metadata[b"description"].decode() for one in schema} == {
        one.name: one.description for one in EDITION[name].fields
    }


def test_a_missing_number_is_null_and_never_zero(edition: Path) -> None:
    _, rows = by_duckdb(edition / "observations.parquet")
    assert {row["value"] for row in rows if row["status"] == "O"} == {None}
    assert all(row["value"] is not None for row in rows if row["status"] != "O")


@pytest.mark.parametrize(
    ("status", "column", "value"),
    [("O", "value", "0"), ("A", "value", "346.0000000001"), ("A", "start", "2024-01-02"), ("A", "coverage", "all"), ("A", "quote", "")],
)
def test_another_cell_in_the_csv_is_noticed(edition: Path, tmp_path: Path, status: str, column: str, value: str) -> None:
    cells = csv_rows(edition / "observations.csv")
    next(row for row in cells if row["status"] == status)[column] = value
    write_csv(tmp_path / "tampered.csv", list(cells[0]), cells)
    assert len(unlike(tmp_path / "tampered.csv", by_duckdb(edition / "observations.parquet")[1])) == 1


def test_an_empty_text_in_the_place_of_null_is_noticed(edition: Path, tmp_path: Path) -> None:
    table = pa.parquet.read_table(edition / "observations.parquet")
    at = table.column_names.index("coverage")
    emptied = pa.array([one or "" for one in table["coverage"].to_pylist()])
    write_table(table.set_column(at, "coverage", emptied), tmp_path / "emptied.parquet")
    assert unlike(edition / "observations.csv", by_duckdb(tmp_path / "emptied.parquet")[1])


@given(st.lists(st.tuples(NUMBERS | st.just(""), st.text(st.characters(exclude_categories=["Cs"])))))
def test_every_keyed_number_and_text_comes_back_unchanged(cells: list[tuple[str, str]]) -> None:
    rows = [{"id": str(index), "value": value, "note": note} for index, (value, note) in enumerate(cells)]
    back = parquet.table(SCHEMA, rows).to_pylist()
    assert [("" if row["value"] is None else _plain(row["value"]), row["note"] or "") for row in back] == cells


def _plain(value) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def test_numbers_that_do_not_fit_are_refused_all_at_once_and_not_rounded() -> None:
    rows = [{"id": f"r{index}", "value": value, "note": ""} for index, value in enumerate(["0.12345678901", "2.2", "1" * 29])]
    with pytest.raises(DataFails) as refused:
        parquet.table(SCHEMA, rows)
    assert "r0: the value 0.12345678901 has" in str(refused.value) and "r2:" in str(refused.value) and "r1:" not in str(refused.value)


def test_two_exports_are_the_same_bytes(edition: Path, belgium, tmp_path: Path) -> None:
    again = exported(belgium, tmp_path / "again")
    names = sorted(path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file())
    assert len(names) == 6
    assert [name for name in names if (edition / name).read_bytes() != (again / name).read_bytes()] == []


def test_no_export_names_the_machine_or_pandas(edition: Path) -> None:
    for path in edition.rglob("*.*"):
        content = path.read_bytes() if path.is_file() else b""
        assert str(ROOT).encode() not in content and b"pandas" not in content, path.name
