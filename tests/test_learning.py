"""The keyed sentences teach: the most alike is nearest, nothing leaks from a document left out, and nonsense teaches nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import ROOT
from tieout.guessing.drafts import candidates
from tieout.guessing.place import Place
from tieout.guessing.rows import COLUMNS, rows
from tieout.learning import Teacher, unlearnt, without
from tieout.record import Record, Row, load
from tieout.schema import DOCUMENT_FILES, QUALIFIERS, REASONS

RECORD = load("bel", ROOT)
KEYED = DOCUMENT_FILES["metrics"].columns


def place_of(record: Record, document: str, printed: str) -> Place:
    text = record.texts[document]
    return Place(text, next(number for number in text.numbers if number.printed == printed))


def test_a_keyed_sentence_is_most_like_itself() -> None:
    teacher = Teacher.of(RECORD)
    for lesson in teacher.lessons[::40]:
        likest = teacher.nearest(lesson.place)[0]
        assert likest.score == pytest.approx(1.0) or not lesson.vector, lesson.name


def test_the_same_phrase_of_another_year_is_the_nearest() -> None:
    teacher = Teacher.of(without(RECORD, "tip-2025"))
    likest = teacher.nearest(place_of(RECORD, "tip-2025", "214"))[0]
    assert likest.lesson.row["metric"] == "residence_permits" and "permits" in likest.shared


@pytest.mark.parametrize("document", ["tip-2004", "tip-2021"])
def test_nothing_that_people_made_of_the_left_out_document_teaches(document: str) -> None:
    """Its rows could say anything: the drafts are the same."""
    numbers = list(RECORD.texts[document].numbers)
    assert rows(unlearnt(RECORD, document), document, numbers) == rows(unlearnt(spoilt(RECORD, document), document), document, numbers)


def test_the_look_for_leaks_sees_one() -> None:
    numbers = list(RECORD.texts["tip-2021"].numbers)
    assert rows(RECORD, "tip-2021", numbers) != rows(spoilt(RECORD, "tip-2021"), "tip-2021", numbers)


def spoilt(record: Record, document: str) -> Record:
    """The record in which every keyed row of a document has another metric, unit and category, and each number set aside another reason."""
    changed = {
        "metrics": {"metric": "ecpat_goals", "unit": "indicators", "sex": "male", "start": "", "end": "", "period_basis": "standing"},
        "set_aside": {"reason": "individual"},
    }
    tables = {
        name: tuple(Row({**row.cells, **cells}, row.document, row.where) if row.document == document else row for row in record.rows(name))
        for name, cells in changed.items()
    }
    return replace(record, tables=record.tables | tables)


def test_the_shared_files_forget_what_only_the_left_out_document_taught() -> None:
    rest = unlearnt(RECORD, "ecpat-2010")
    assert "ratification_crc" not in rest.metrics and "tip_tier" in rest.metrics
    assert "reported over #" not in rest.wordings.get("investigations", "") and "reported over #" in RECORD.wordings["investigations"]
    assert "UAMs" not in rest.terms["age", "child"] and "UAMs" in RECORD.terms["age", "child"]
    assert not [row for row in rest.rows("metrics") if row.document == "ecpat-2010"]
    assert "ecpat-2010" in rest.texts


def test_a_record_without_any_keyed_number_teaches_nothing_and_is_drafted_all_the_same() -> None:
    empty = replace(RECORD, tables=RECORD.tables | {"metrics": (), "set_aside": (), "terms": ()})
    found = rows(empty, "tip-2023", list(RECORD.texts["tip-2023"].numbers))
    assert [row["printed"] for row in found] == [number.printed for number in RECORD.texts["tip-2023"].numbers]


def test_drafting_twice_gives_the_same_bytes() -> None:
    numbers = list(RECORD.texts["tip-2021"].numbers)
    assert rows(unlearnt(RECORD, "tip-2021"), "tip-2021", numbers) == rows(unlearnt(RECORD, "tip-2021"), "tip-2021", numbers)


@pytest.fixture(scope="module")
def drafted() -> list[dict[str, str]]:
    return rows(unlearnt(RECORD, "ecpat-2010"), "ecpat-2010", list(RECORD.texts["ecpat-2010"].numbers))


def test_every_number_has_one_row_in_the_order_of_the_page(drafted: list[dict[str, str]]) -> None:
    assert [row["printed"] for row in drafted] == [number.printed for number in RECORD.texts["ecpat-2010"].numbers]
    assert all(tuple(row) == COLUMNS and COLUMNS[: len(KEYED)] == KEYED for row in drafted)


def test_every_draft_says_why_and_how_sure(drafted: list[dict[str, str]]) -> None:
    for row in drafted:
        assert row["reasons"].startswith(row["fate"]) and 0 <= float(row["confidence"]) <= 1, row


def test_drafts_keep_the_code_lists(drafted: list[dict[str, str]]) -> None:
    for row in drafted:
        if row["fate"] == "key":
            assert row["qualifier"] in QUALIFIERS and row["period_basis"] in ("stated", "standing", "not_stated")
            assert bool(row["start"]) == (row["period_basis"] == "stated")
            assert not row["metric"] or RECORD.metrics[row["metric"]]["unit"] == row["unit"]
        else:
            assert not any(row[column] for column in ("metric", "value", "unit", "start"))
            assert (row["reason"] in REASONS) == (row["fate"] == "set_aside")


def test_a_drafted_quote_stands_once_and_holds_its_number_once(drafted: list[dict[str, str]]) -> None:
    text = RECORD.texts["ecpat-2010"]
    quoted = [row for row in drafted if row["quote"]]
    for row in quoted:
        (at,) = text.find(row["quote"])
        inside = [number.printed for number in text.numbers_in(at, at + len(row["quote"]))]
        assert inside.count(row["printed"]) == 1, row
    assert sum(1 for row in quoted if row["fate"] == "key") >= 0.9 * sum(1 for row in drafted if row["fate"] == "key")


def test_a_number_is_no_surer_than_its_least_sure_guess() -> None:
    for one in candidates(unlearnt(RECORD, "tip-2021"), "tip-2021", list(RECORD.texts["tip-2021"].numbers)):
        assert one.confidence == min(guess.confidence for guess in (one.fate, *one.told.values()))
