"""A fact-check sheet filled in and taken back: what a spreadsheet does to it, what is refused, and that nothing is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Copy
from tests.test_factcheck import items_of
from tieout.characters import formula, unseen
from tieout.factcheck import PEOPLE, Item, checked
from tieout.problems import DataFails, Usage
from tieout.sheets import COLUMNS, read_sheet, sheet, take_back
from tieout.tables import safe_text

ONE, OTHER = "tip-2025-008", "trend-tip-2025-014-tip-2025-008"
ENTRY = {"checker": "A. Reader", "state": "checked", "on": "2026-11-21", "remark": "Read on page 3."}


@pytest.fixture(scope="module")
def today(belgium) -> list[Item]:
    return list(items_of(belgium).values())


@pytest.fixture
def made(copy_root: Copy, today, tmp_path: Path) -> Callable[..., Path]:
    """Makes the sheet of the record as it is, with entries filled in by item, in any form that a spreadsheet gives it."""

    def make(filled: dict[str, dict[str, str]], name: str = "sheet.csv") -> Path:
        rows = sheet(checked(copy_root.load(), today), dict.fromkeys((item.id for item in today), "evidence/x.html"))
        rows = [row | filled.get(row["item"], {}) for row in rows]
        path = tmp_path / name
        path.write_text(text_of(rows), encoding="utf-8", newline="")
        return path

    return make


def text_of(rows: list[dict[str, str]], **form: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, **({"lineterminator": "\n"} | form))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def kept(copy: Copy) -> dict[str, dict[str, str]]:
    return {row["item"]: {column: row[column] for column in PEOPLE} for row in copy.rows("factchecks")}


def test_a_sheet_of_ours_is_canonical_and_runs_nothing(belgium, today) -> None:
    rows = sheet(checked(belgium, today), dict.fromkeys((item.id for item in today), ""))
    text = safe_text("factcheck.csv", COLUMNS, rows)
    assert not [cell for row in csv.DictReader(io.StringIO(text)) for cell in row.values() if formula(cell)]
    assert COLUMNS[-4:] == PEOPLE


def test_what_is_filled_in_survives_and_is_there_again_in_the_next_sheet(copy_root: Copy, made, today) -> None:
    lines = take_back(made({ONE: ENTRY, OTHER: ENTRY | {"state": "wrong"}}), copy_root.load(), today)
    assert lines == ["2 entries taken."]
    assert kept(copy_root) == {ONE: ENTRY, OTHER: ENTRY | {"state": "wrong"}}
    assert [row["item"] for row in copy_root.rows("factchecks")] == sorted([ONE, OTHER])
    before = copy_root.path("factchecks").read_bytes()
    again = made({})
    assert {row["item"]: row["state"] for row in csv.DictReader(again.open(encoding="utf-8")) if row["state"]} == {
        ONE: "checked",
        OTHER: "wrong",
    }
    assert take_back(again, copy_root.load(), today) == ["0 entries taken, 2 known already."]
    assert copy_root.path("factchecks").read_bytes() == before


FORMS = {
    "a byte-order mark": lambda rows: b"\xef\xbb\xbf" + text_of(rows).encode(),
    "CRLF": lambda rows: text_of(rows, lineterminator="\r\n").encode(),
    "old line ends": lambda rows: text_of(rows, lineterminator="\r").encode(),
    "semicolons": lambda rows: text_of(rows, delimiter=";").encode(),
    "tabs and UTF-16": lambda rows: text_of(rows, delimiter="\t").encode("utf-16"),
    "everything quoted": lambda rows: text_of(rows, quoting=csv.QUOTE_ALL).encode(),
    "blank lines and cells": lambda rows: (text_of(rows).replace("\n", ",,\n", 1) + ",,,,\n" * 2).replace(",,\n", "\n", 1).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_a_spreadsheet_does_to_the_form_is_read_safely(copy_root: Copy, made, today, form) -> None:
    path = made({ONE: ENTRY | {"state": " Checked ", "on": "21/11/2026", "checker": "Élise  Ñ"}})
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    path.write_bytes(FORMS[form](rows))
    assert take_back(path, copy_root.load(), today) == ["1 entry taken."]
    assert kept(copy_root) == {ONE: ENTRY | {"checker": "Élise Ñ"}}


def test_columns_may_be_moved_and_those_of_ours_left_out(copy_root: Copy, made, today, tmp_path) -> None:
    (row,) = (row for row in csv.DictReader(made({ONE: ENTRY}).open(encoding="utf-8", newline="")) if row["item"] == ONE)
    path, columns = tmp_path / "few.csv", ["state", "remark", "on", "checker", "entry", "digest", "item"]
    path.write_text(",".join(columns) + "\n" + ",".join(row[column] for column in columns) + "\n", encoding="utf-8")
    assert take_back(path, copy_root.load(), today) == ["1 entry taken."]
    assert kept(copy_root) == {ONE: ENTRY}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text.encode("utf-8").replace(b"A. Reader", "Élise".encode("latin-1")), "is not UTF-8"),
        (lambda text: text.replace("digest", "digset", 1).encode(), "once: digest"),
        (lambda text: text.replace("text,", "item,", 1).encode(), "once: item"),
        (lambda text: text[: text.rindex(",")].encode(), "cells where the header has"),
        (lambda text: text.replace("A. Reader", '"A. Reader').encode(), "is no CSV"),
        (lambda text: b"", "once: item, digest, entry"),
        (lambda text: text.replace("A. Reader", "A\x00").encode(), "NUL"),
    ],
)
def test_a_sheet_that_cannot_be_read_safely_is_refused_in_one_message(copy_root: Copy, made, today, spoil, words) -> None:
    path, before = made({ONE: ENTRY}), copy_root.path("factchecks").read_bytes()
    path.write_bytes(spoil(path.read_text(encoding="utf-8")))
    with pytest.raises(Usage, match=words):
        take_back(path, copy_root.load(), today)
    assert copy_root.path("factchecks").read_bytes() == before


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"state": "fine"}, "state is 'fine', which is not one of checked, wrong, question"),
        ({"state": ""}, "state is empty"),
        ({"checker": ""}, "checker is empty"),
        ({"on": ""}, "on is empty"),
        ({"on": "3/4/2026"}, "on is '3/4/2026'"),
        ({"on": "3-4-2026"}, "on is '3-4-2026'"),
        ({"on": "21.11.26"}, "on is '21.11.26'"),
        ({"on": "2026-02-30"}, "there is no such day"),
        ({"remark": '=HYPERLINK("http://x")'}, "a spreadsheet would run as a formula"),
        ({"remark": "fine; +1"}, "a spreadsheet would run as a formula"),
        ({"checker": "@A"}, "a spreadsheet would run as a formula"),
        ({"remark": "not \u202edekcehc"}, "RIGHT-TO-LEFT OVERRIDE"),
        ({"checker": "A\u200bB"}, "ZERO WIDTH SPACE"),
        ({"digest": "1.23E+63"}, "digest is '1.23e\\+63'"),
    ],
)
def test_an_entry_that_cannot_be_meant_or_would_run_is_told_and_nothing_is_taken(copy_root: Copy, made, today, cells, words) -> None:
    before = copy_root.path("factchecks").read_bytes()
    with pytest.raises(DataFails, match=words) as raised:
        take_back(made({ONE: ENTRY | cells, OTHER: ENTRY}), copy_root.load(), today)
    assert ONE in str(raised.value) and "Nothing was taken" in str(raised.value)
    assert copy_root.path("factchecks").read_bytes() == before


def test_every_problem_is_told_at_once(copy_root: Copy, made, today) -> None:
    with pytest.raises(DataFails) as raised:
        take_back(made({ONE: ENTRY | {"state": "x"}, OTHER: ENTRY | {"on": "x"}}), copy_root.load(), today)
    assert ONE in str(raised.value) and OTHER in str(raised.value)


def test_markup_is_text_like_any_other(copy_root: Copy, made, today) -> None:
    take_back(made({ONE: ENTRY | {"remark": "<script>alert(1)</script>"}}), copy_root.load(), today)
    assert kept(copy_root)[ONE]["remark"] == "<script>alert(1)</script>"


def test_two_entries_for_one_item_in_a_sheet_are_a_conflict_unless_they_say_the_same(copy_root: Copy, made, today) -> None:
    path = made({ONE: ENTRY})
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    (row,) = (row for row in rows if row["item"] == ONE)
    path.write_text(text_of([*rows, row | {"state": "wrong"}]), encoding="utf-8", newline="")
    with pytest.raises(DataFails, match="entered twice and not alike"):
        take_back(path, copy_root.load(), today)
    path.write_text(text_of([*rows, row]), encoding="utf-8", newline="")
    assert take_back(path, copy_root.load(), today) == ["1 entry taken."]


def test_a_sheet_made_before_somebody_else_s_entry_does_not_undo_it(copy_root: Copy, made, today) -> None:
    early = made({ONE: ENTRY | {"checker": "B", "state": "question"}}, "early.csv")
    take_back(made({ONE: ENTRY}), copy_root.load(), today)
    with pytest.raises(DataFails, match=r"since this sheet was made it is 'checked by A\. Reader"):
        take_back(early, copy_root.load(), today)
    assert kept(copy_root) == {ONE: ENTRY}
    late = made({ONE: ENTRY | {"checker": "B", "state": "wrong"}}, "late.csv")
    assert take_back(late, copy_root.load(), today) == ["1 entry taken."], "who has seen the entry may correct it"
    assert kept(copy_root)[ONE]["state"] == "wrong"


def test_an_older_sheet_is_kept_and_said_to_be_stale_and_loses_nothing(copy_root: Copy, made, today) -> None:
    before = {"item": "trend-gone", "digest": "0" * 64, **ENTRY}
    copy_root.write("factchecks", [before])
    path = made({ONE: ENTRY, OTHER: ENTRY, "tip-2025-009": ENTRY})
    copy_root.alter_row(ONE, note="Another reason.")
    now = list(items_of(copy_root.load()).values())
    lines = take_back(path, copy_root.load(), now)
    assert lines[0] == "3 entries taken."
    assert [line.split(":")[0] for line in lines[1:]] == [ONE, OTHER]
    assert all("stale" in line for line in lines[1:])
    assert before in copy_root.rows("factchecks"), "what is in no sheet stays too"
    standings = {one.item.id: one.standing for one in checked(copy_root.load(), now)}
    assert (standings[ONE], standings[OTHER], standings["tip-2025-009"]) == ("stale", "stale", "checked")


def test_an_item_that_is_there_no_more_is_kept_and_told(copy_root: Copy, made, today) -> None:
    lines = take_back(made({ONE: ENTRY}), copy_root.load(), [item for item in today if item.id != ONE])
    assert lines[1] == f"{ONE}: kept, but nothing of that name is there today."
    assert kept(copy_root) == {ONE: ENTRY}


def test_an_entry_emptied_in_a_sheet_is_kept_and_told(copy_root: Copy, made, today) -> None:
    take_back(made({ONE: ENTRY}), copy_root.load(), today)
    lines = take_back(made({ONE: dict.fromkeys(PEOPLE, "")}), copy_root.load(), today)
    assert lines[0] == "0 entries taken." and "kept as it was" in lines[1]
    assert kept(copy_root) == {ONE: ENTRY}


def test_a_day_that_a_spreadsheet_wrote_anew_is_still_the_day_that_was_entered(copy_root: Copy, made, today) -> None:
    take_back(made({ONE: ENTRY | {"on": "2026-04-03"}}), copy_root.load(), today)
    assert take_back(made({ONE: {"on": "04/03/2026"}}), copy_root.load(), today) == ["0 entries taken, 1 known already."]


def test_a_link_in_the_place_of_the_file_is_not_written_through(copy_root: Copy, made, today, tmp_path) -> None:
    path, elsewhere = made({ONE: ENTRY}), tmp_path / "elsewhere.csv"
    record = copy_root.load()
    elsewhere.write_bytes(copy_root.path("factchecks").read_bytes())
    copy_root.path("factchecks").unlink()
    copy_root.path("factchecks").symlink_to(elsewhere)
    with pytest.raises(Usage, match="symbolic link"):
        take_back(path, record, today)
    assert "A. Reader" not in elsewhere.read_text(encoding="utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(remark=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30))
def test_any_remark_is_kept_as_it_reads_or_refused_and_nothing_written(copy_root: Copy, made, today, remark) -> None:
    copy_root.write("factchecks", [])
    before = copy_root.path("factchecks").read_bytes()
    try:
        take_back(made({ONE: ENTRY | {"remark": remark}}), copy_root.load(), today)
    except (DataFails, Usage):
        assert copy_root.path("factchecks").read_bytes() == before
        return
    found = kept(copy_root)[ONE]["remark"]
    assert found == " ".join(remark.split())
    assert not formula(found) and not unseen(found)
    assert read_sheet(made({})), "and the next sheet can be read"
