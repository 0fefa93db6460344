"""What became of every number in a document: keyed, the year of a keyed row, set aside, or open."""

from __future__ import annotations

from dataclasses import replace

from tieout.accounting import account, printed_in_quote

TEXT = "In 2024, police opened 354 cases, 249 of them alone.\nSee notes 1, 2 and 3.\nIn 2024, nothing."
ROW = {"id": "doc-1-001", "printed": "354", "quote": "In 2024, police opened 354 cases", "start": "2024-01-01", "end": "2024-12-31"}


def fates(record) -> list[tuple[str, str]]:
    return [(mark.number.printed, mark.fate) for mark in account(record, "doc-1")]


def test_with_nothing_keyed_every_number_is_open_in_the_order_of_the_page(record_of):
    assert fates(record_of(TEXT)) == [(printed, "open") for printed in ("2024", "354", "249", "1", "2", "3", "2024")]


def test_a_row_keys_its_printed_number_and_dates_the_years_of_its_period_in_its_quote(record_of):
    marks = account(record_of(TEXT, metrics=[ROW]), "doc-1")
    assert [(mark.number.printed, mark.fate) for mark in marks[:3]] == [("2024", "period"), ("354", "keyed"), ("249", "open")]
    assert [row.id for row in marks[1].rows] == ["doc-1-001"]
    assert [row.id for row in marks[0].rows] == ["doc-1-001"]
    assert marks[-1].fate == "open"  # the same year outside the quote


def test_another_year_in_the_quote_is_not_dated_by_the_row(record_of):
    record = record_of(TEXT, metrics=[ROW | {"start": "2023-01-01", "end": "2023-12-31"}])
    assert fates(record)[0] == ("2024", "open")


def test_a_year_that_is_itself_keyed_counts_as_keyed(record_of):
    row = {"id": "doc-1-001", "printed": "2004", "quote": "ratified in 2004", "start": "2004-01-01", "end": "2004-12-31"}
    assert fates(record_of("It was ratified in 2004.", metrics=[row])) == [("2004", "keyed")]


def test_a_number_set_aside_in_its_context_is_accounted_for(record_of):
    record = record_of(TEXT, set_aside=[{"printed": "249", "context": "249 of them alone"}])
    assert ("249", "set_aside") in fates(record)
    assert ("354", "open") in fates(record)


def test_a_whole_stretch_sets_aside_every_number_in_it(record_of):
    record = record_of(TEXT, set_aside=[{"printed": "notes 1, 2 and 3", "context": "notes 1, 2 and 3"}])
    assert fates(record)[3:6] == [("1", "set_aside"), ("2", "set_aside"), ("3", "set_aside")]
    assert ("249", "open") in fates(record)


def test_a_context_that_stands_twice_sets_nothing_aside(record_of):
    record = record_of(TEXT, set_aside=[{"printed": "2024", "context": "In 2024, "}])
    assert {fate for _, fate in fates(record)} == {"open"}


def test_two_rows_on_one_number_are_both_named(record_of):
    record = record_of(TEXT, metrics=[ROW, ROW | {"id": "doc-1-002"}], set_aside=[{"printed": "354", "context": "opened 354"}])
    mark = next(mark for mark in account(record, "doc-1") if mark.number.printed == "354")
    assert mark.fate == "keyed"
    assert [row.id for row in mark.rows] == ["doc-1-001", "doc-1-002", "set_aside.csv:2"]


def test_a_row_of_another_document_claims_nothing_here(record_of):
    record = record_of(TEXT, metrics=[ROW])
    record.tables["metrics"] = (replace(record.rows("metrics")[0], document="doc-2"),)
    assert {fate for _, fate in fates(record)} == {"open"}


def test_a_printed_number_stands_in_its_quote_only_as_a_whole_number(record_of):
    record = record_of(
        "On 29 cases, 9 fell.", metrics=[{"printed": "9", "quote": "On 29 cases"}, {"printed": "9", "quote": "29 cases, 9 fell"}]
    )
    part, whole = record.rows("metrics")
    assert printed_in_quote(record.texts["doc-1"], part) == []
    assert [number.start for number in printed_in_quote(record.texts["doc-1"], whole)] == [13]


def test_without_a_printed_number_or_one_place_for_its_quote_a_row_has_no_place(record_of):
    rows = [ROW | {"printed": ""}, ROW | {"quote": "354 victims"}, ROW | {"printed": "2024", "quote": "In 2024, "}]
    record = record_of(TEXT, metrics=rows)
    assert [printed_in_quote(record.texts["doc-1"], row) for row in record.rows("metrics")] == [[], [], []]


def test_every_number_of_every_real_document_has_a_fate(belgium):
    for document, text in belgium.texts.items():
        marks = account(belgium, document)
        assert [mark.number for mark in marks] == list(text.numbers)
        assert all(mark.fate != "open" and mark.rows for mark in marks)
