"""The SDMX files hold what ``observations.csv`` holds, by two readers that are not ours, and are valid by their own structure."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysdmx.errors import Invalid

from tests.exports.readers import MEASURE, by_pysdmx, by_sdmx1, csv_rows, faults
from tieout.exports import sdmx
from tieout.exports.sdmx import DATA, FOLDER, PARTS, STRUCTURE
from tieout.schema import DOCUMENT_FILES
from tieout.tables import write_table

COM, STR = (f"{{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/{part}}}" for part in ("common", "structure"))
IDENTIFIER = re.compile(r"[A-Za-z0-9_@$-]+")


def start_of(period: str) -> date:
    """The first day of a period in SDMX's notation."""
    first = period.partition("/")[0]
    return date.fromisoformat(first + "-01-01"[: 10 - len(first)] if len(first) == 4 else first + "-01" if len(first) == 7 else first)


def end_of(period: str) -> date:
    """The last day of a period in SDMX's notation, read as SDMX defines it."""
    start, length = start_of(period), period.partition("/")[2] or {4: "P1Y", 7: "P1M"}[len(period)]
    number, unit = int(length[1:-1]), length[-1]
    if unit == "D":
        return start + timedelta(days=number - 1)
    months = start.month - 1 + number * {"Y": 12, "M": 1}[unit]
    return start.replace(year=start.year + months // 12, month=months % 12 + 1) - timedelta(days=1)


@pytest.fixture
def spoiled(edition: Path, tmp_path: Path) -> Callable[..., Path]:
    """Makes a copy of the SDMX folder in which one row, or the whole table, is another."""

    def spoil(alter: Callable[[dict[str, str]], None], every: bool = False) -> Path:
        shutil.copytree(edition / FOLDER, tmp_path / FOLDER)
        rows = csv_rows(tmp_path / FOLDER / DATA)
        for row in rows if every else rows[10:11]:
            alter(row)
        write_table(tmp_path / FOLDER / DATA, list(rows[0]), rows)
        return tmp_path / FOLDER

    return spoil


def test_pysdmx_reads_every_row_as_it_is_in_the_csv(edition: Path) -> None:
    _, rows = by_pysdmx(edition / FOLDER)
    expected = csv_rows(edition / "observations.csv")
    assert len(rows) == len(expected) > 100
    for row, cells in zip(rows, expected, strict=True):
        assert (row[MEASURE] == "") == (cells["value"] == "") == (row["OBS_STATUS"] == "O")
        assert cells["value"] == "" or row[MEASURE] == float(cells["value"])
        assert {p.id: str(row[p.id]) for p in PARTS if p.id not in (MEASURE, "PERIOD")} == {
            p.id: cells[p.column] for p in PARTS if p.id not in (MEASURE, "PERIOD")
        }


def test_sdmx1_reads_every_cell_as_it_is_in_the_csv(edition: Path) -> None:
    expected = csv_rows(edition / "observations.csv")
    rows = by_sdmx1(edition / FOLDER)
    assert [{p.id: row[p.id] for p in PARTS if p.id != "PERIOD"} for row in rows] == [
        {p.id: cells[p.column] for p in PARTS if p.id != "PERIOD"} for cells in expected
    ]
    for row, cells in zip(rows, expected, strict=True):
        if cells["start"]:
            assert (str(start_of(row["PERIOD"])), str(end_of(row["PERIOD"]))) == (cells["start"], cells["end"])
        else:
            assert row["PERIOD"] == {"standing": "_Z", "not_stated": "_X"}[cells["period_basis"]]


def test_every_column_of_the_observations_is_in_the_structure() -> None:
    assert {"country", "document", "published", *DOCUMENT_FILES["metrics"].columns} == {part.column for part in PARTS}


def test_the_file_is_valid_by_its_own_structure(edition: Path) -> None:
    assert faults(edition / FOLDER) == []


@pytest.mark.parametrize("column", [part.id for part in PARTS if part.coded])
def test_a_code_that_is_in_no_list_is_noticed(spoiled, column: str) -> None:
    assert len(faults(spoiled(lambda row: row.update({column: "unheard_of"})))) >= 1


def test_a_value_that_is_no_number_is_refused(spoiled) -> None:
    with pytest.raises(Invalid):
        faults(spoiled(lambda row: row.update({MEASURE: "many"})))


@pytest.mark.parametrize("column", [part.id for part in PARTS if part.id not in ("ROW", MEASURE)])
def test_a_column_that_is_gone_is_noticed(spoiled, column: str) -> None:
    assert f"no column {column}" in faults(spoiled(lambda row: row.pop(column), every=True))


def test_a_row_that_stands_twice_is_noticed(spoiled, edition: Path) -> None:
    first = csv_rows(edition / FOLDER / DATA)[9]
    assert any("two rows have the key" in fault for fault in faults(spoiled(lambda row: row.update(first))))


def test_a_missing_number_told_as_zero_is_noticed(spoiled) -> None:
    def zero(row: dict[str, str]) -> None:
        if row["OBS_STATUS"] == "O":
            row[MEASURE] = "0"

    assert any("disagree" in fault for fault in faults(spoiled(zero, every=True)))


def test_a_structure_that_breaks_the_schema_of_sdmx_is_refused(spoiled) -> None:
    folder = spoiled(lambda row: None)
    text = (folder / STRUCTURE).read_text(encoding="utf-8")
    (folder / STRUCTURE).write_text(text.replace('<str:Code id="male">', '<str:Code id="ma le">'), encoding="utf-8")
    with pytest.raises(Invalid):
        by_pysdmx(folder)


def test_every_id_is_an_sdmx_id(belgium) -> None:
    lists = sdmx.code_lists(belgium)
    assert len(lists) == 10
    for codes in lists.values():
        assert len(codes) > 0
        assert [code.id for code in codes if not IDENTIFIER.fullmatch(code.id) or not code.name] == []


@pytest.mark.parametrize("title", ["Law & order <2> \"quoted\" 'so'", "[Extract] – ’n’ ü", "&amp; &lt;", "]]> <!-- x -->", "{0} %s \\n"])
def test_a_title_of_any_characters_comes_back_from_the_structure(record_of, title: str) -> None:
    rows = [{"document": "doc-1", "published": "2023", "title": title}]
    message = ElementTree.fromstring(sdmx.structure(record_of("", documents=rows)))
    assert [name.text for code in message.iter(f"{STR}Code") if code.get("id") == "doc-1" for name in code.iter(f"{COM}Name")] == [title]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 40), st.integers(0, 40), st.integers(1, 400))
def test_the_notation_of_a_period_says_its_first_and_its_last_day(first: date, years: int, months: int, days: int) -> None:
    whole = first.replace(day=1)
    after = whole.replace(year=whole.year + years + (whole.month - 1 + months) // 12, month=(whole.month - 1 + months) % 12 + 1)
    for start, end in ((first, first + timedelta(days=days - 1)), (whole, after - timedelta(days=1))):
        if start <= end:
            told = sdmx.period({"start": str(start), "end": str(end), "period_basis": "stated"})
            assert (start_of(told), end_of(told)) == (start, end)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2024-01-01", "2024-12-31", "2024"),
        ("2009-05-01", "2009-05-31", "2009-05"),
        ("2008-01-01", "2008-06-30", "2008-01-01/P6M"),
        ("1999-01-01", "2005-12-31", "1999-01-01/P7Y"),
        ("2023-07-01", "2024-06-30", "2023-07-01/P1Y"),
        ("2024-02-10", "2024-03-09", "2024-02-10/P29D"),
    ],
)
def test_periods_in_sdmx_notation(start: str, end: str, told: str) -> None:
    assert sdmx.period({"start": start, "end": end, "period_basis": "stated"}) == told


def test_the_message_is_as_old_as_what_its_record_knows(record_of) -> None:
    documents = [{"document": "doc-1", "published": "2023"}]
    assert str(sdmx.prepared(record_of("", documents=documents)).date()) == "2023-12-31"
    signed = [{"document": "doc-1", "on": "2024-02-01"}]
    assert str(sdmx.prepared(record_of("", documents=documents, signoffs=signed)).date()) == "2024-02-01"
    assert str(sdmx.prepared(record_of("")).date()) == "1970-01-01"
