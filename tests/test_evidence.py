"""Each row beside what is needed to judge it."""

from __future__ import annotations

import pytest

from tieout.evidence import COLUMNS, joined, sentence_of
from tieout.wordings import NUMBER

TEXT = "A heading\nIn 2024, police opened 354 cases, 249 of them alone. Nine fled.\nThey did not report convictions."
ROW = {"id": "doc-1-001", "metric": "cases", "sex": "total", "age": "child", "exploitation": "labour", "unit": "cases",
       "start": "2024-01-01", "end": "2024-12-31", "value": "249", "printed": "249", "quote": "354 cases, 249 of them alone"}  # fmt: skip
GAP = ROW | {"id": "doc-1-002", "metric": "convictions", "unit": "convictions", "status": "O", "value": "", "printed": "",
             "quote": "did not report convictions"}  # fmt: skip
TABLES = {
    "codebook": [{"metric": "cases", "unit": "cases", "group": "law"}, {"metric": "cases_opened", "unit": "cases"},
                 {"metric": "cases_closed", "unit": "cases"}, {"metric": "convictions", "unit": "convictions"}],
    "units": [{"unit": "cases", "kind": "count", "minimum": "0", "maximum": "9999", "whole": "true"}],
    "terms": [{"metric": "cases", "terms": "# cases|# of them"}, {"metric": "cases_opened", "terms": "opened #"}],
    "categories": [{"dimension": "age", "category": "child", "terms": "children|minors"}, {"dimension": "age", "category": "total"}],
    "documents": [{"document": "doc-1", "published": "2025"}],
}  # fmt: skip


@pytest.fixture
def read(record_of):
    """What the rules read of rows in ``TEXT``."""
    return lambda *rows, **tables: joined(record_of(TEXT, metrics=list(rows), **TABLES | tables))


def test_a_row_has_every_column_as_text(read):
    assert all(set(cells) == set(COLUMNS) and all(isinstance(cell, str) for cell in cells.values()) for cells in read(ROW, GAP))


def test_a_row_keeps_its_own_cells_and_its_place(read):
    cells, gap = read(ROW, GAP)
    assert ROW.items() <= cells.items()
    assert (cells["where"], gap["where"], cells["document"], cells["source"]) == ("metrics.csv:2", "metrics.csv:3", "doc-1", TEXT)


def test_the_number_is_placed_in_its_whole_sentence(read):
    (cells,) = read(ROW)
    assert cells["sentence"] == "In 2024, police opened 354 cases, 249 of them alone."
    assert cells["placed"] == f"In 2024, police opened 354 cases, {NUMBER} of them alone. "


def test_what_stands_around_a_number_is_of_its_line(read):
    (cells,) = read(ROW)
    assert (cells["before"], cells["after"]) == ("In 2024, police opened 354 cases, ", " of them alone. Nine fled.")


def test_a_gap_has_its_sentence_without_a_placeholder(read):
    (cells,) = read(GAP)
    assert cells["placed"] == cells["sentence"] == "They did not report convictions."
    assert (cells["before"], cells["after"]) == ("", "")


@pytest.mark.parametrize("change", [{"quote": "354 people"}, {"printed": "99"}, {"printed": "9"}])
def test_a_number_that_does_not_stand_in_its_place_has_no_words_around_it(read, change):
    (cells,) = read(ROW | change)
    assert (cells["placed"], cells["before"], cells["after"]) == ("", "", "")


def test_a_quote_over_two_sentences_places_the_number_in_its_own(read):
    (cells,) = read(ROW | {"printed": "Nine", "quote": "249 of them alone. Nine fled"})
    assert (cells["sentence"], cells["placed"]) == ("Nine fled.", f"{NUMBER} fled.\n")


def test_the_metric_comes_with_its_wordings_and_those_of_the_others_of_its_unit(read):
    (cells,) = read(ROW)
    assert cells["wordings"] == "# cases|# of them"
    assert cells["rivals"] == "cases_opened\topened #\ncases_closed\t"
    assert (cells["metric_unit"], cells["metric_group"]) == ("cases", "law")


def test_the_categories_come_with_their_words(read):
    (cells,) = read(ROW)
    assert cells["terms"] == "age:child\tchildren|minors\nage:total\t"
    assert cells["categories"] == "age:child|age:total"
    assert (cells["age_terms"], cells["sex_terms"], cells["exploitation_terms"]) == ("children|minors", "", "")


def test_what_the_code_lists_and_the_register_lack_is_empty(read):
    (cells,) = read(ROW | {"metric": "x", "unit": "y"}, documents=[])
    assert {
        cells[column] for column in ("wordings", "metric_unit", "metric_group", "unit_kind", "minimum", "maximum", "whole", "published")
    } == {""}


def test_a_row_of_a_document_without_a_text_has_no_sentence(record_of):
    record = record_of(TEXT, metrics=[ROW])
    record.texts.clear()
    assert sentence_of(record, record.rows("metrics")[0]) == ""
    assert joined(record)[0]["source"] == ""
