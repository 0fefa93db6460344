"""The evidence pages: every mark has a place of its own, says what became of it, and leads to everything that rests on it."""

from __future__ import annotations

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pages import editions
from tests.pages.conftest import ids_of, text_of
from tieout.accounting import KEYED, OPEN, PERIOD, SET_ASIDE, account
from tieout.identities import wholes
from tieout.pages.marking import GAP, PART, PASSAGE, QUOTE, asides, marked, spans_of

pytestmark = pytest.mark.xdist_group("pages")
making = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # record_of keeps nothing from one record to the next
NUMBERS = (KEYED, PART, PERIOD, SET_ASIDE, OPEN)


def marks(record, document: str) -> list:
    return [span for span in spans_of(record, document) if span.kind != QUOTE]


def page_of(pages, document: str):
    return pages[f"evidence/{document}.html"]


def used_in(pages, record, one: str) -> tuple[set[str], str]:
    """Where the page of a row's source says that it is used: the links, and the words."""
    page = page_of(pages, record.by_id[one].document)
    if "value" in record.by_id[one].cells:
        body = next(body for body in page.iter("tbody") if body.find(f"tr[@id='row-{one}']") is not None)
        block = body.find("tr[@class='used']")
    else:
        block = page.find(f".//tr[@id='row-{one}']")
    return {link.get("href") for link in block.iter("a")}, text_of(block)


def test_every_mark_has_an_anchor_and_every_anchor_is_of_one_mark(pages, belgium) -> None:
    for document, text in belgium.texts.items():
        found, source = marks(belgium, document), page_of(pages, document).find(".//article[@id='source']")
        anchors = [anchor for span in found for anchor in span.anchors]
        assert all(span.anchors for span in found)
        assert len(anchors) == len(set(anchors))
        assert sorted([*anchors, "source"]) == sorted(ids_of(source)), document
        assert len([span for span in found if span.kind in NUMBERS]) >= len(account(belgium, document)) > 0
        by_id = {element.get("id"): element for element in source.iter() if element.get("id")}
        for span in found:
            if span.kind in NUMBERS:
                assert text_of(by_id[span.anchors[0]]) == text.text[span.start : span.end]


def test_every_mark_leads_to_what_became_of_it_and_back(pages, belgium) -> None:
    for document in belgium.texts:
        page = page_of(pages, document)
        rows = {row.get("id"): row for row in page.iter("tr") if row.get("id")}
        source = page.find(".//article[@id='source']")
        to = {link.get("href") for link in source.iter("a")}
        for span in marks(belgium, document):
            assert f"#{span.to}" in to, span
            for place, anchor in enumerate(span.anchors):
                target = f"row-{span.rows[place].id}" if span.kind in (KEYED, PART, GAP, PASSAGE) else span.to
                assert f"#{anchor}" in {link.get("href") for link in rows[target].iter("a")}, span


def test_a_year_names_every_row_that_it_dates_and_a_number_set_aside_its_reason(pages, belgium) -> None:
    years = 0
    for document in belgium.texts:
        page = page_of(pages, document)
        for span in marks(belgium, document):
            if span.kind == PERIOD:
                row = page.find(f".//tr[@id='{span.to}']")
                assert [text_of(link) for link in row.find("td").iter("a")] == [one.id for one in span.rows]
                years += 1
        for name, row in asides(belgium, document).items():
            assert row["note"] in text_of(page.find(f".//tr[@id='{name}']"))
    assert years > 50


def test_a_part_says_of_which_total(pages, belgium) -> None:
    parts = wholes(belgium)
    assert {"tip-2025-033", "tip-2021-002", "tip-2025-023"} <= parts.keys()
    assert "ecpat-2010-011" not in parts, "a sum that fails proves no part"
    for part, totals in parts.items():
        links, words = used_in(pages, belgium, part)
        assert "Part of" in words
        for total in totals:
            assert f"../evidence/{total.document}.html#{total.id}" in links
            assert total["value"].lstrip("0") and total.id in words
        mark = page_of(pages, belgium.by_id[part].document).find(f".//mark[@id='{part}']")
        assert "part" in mark.get("class").split()


def test_a_row_lists_every_fact_figure_identity_and_fault_that_uses_it(pages, edition, belgium) -> None:
    front, told = set(ids_of(pages["index.html"])), 0
    for fact in editions.stored(edition, "facts.json"):
        for one in fact["inputs"]:
            links, words = used_in(pages, belgium, one)
            if fact["id"].startswith("figure-"):
                assert f"../index.html#{fact['id'].replace('figure-', 'finding-', 1)}" in links
            else:
                assert fact["text"][:120].rsplit(" ", 1)[0] in words, (fact["id"], one)
                assert {f"../index.html#{fact['id']}", f"../factcheck.html#item-{fact['id']}"} & links or fact["id"] not in front
            told += 1
    for row in belgium.rows("faults"):
        for one in row.tokens("ids"):
            assert f"../index.html#fault-{row['fault']}" in used_in(pages, belgium, one)[0]
    for row in belgium.rows("identities"):
        for one in (*row.tokens("total"), *row.tokens("parts")):
            assert row["reason"] in used_in(pages, belgium, one)[1]
    for figure in editions.stored(edition, "figures/figures.json"):
        with (edition / "figures" / f"{figure['id']}.csv").open(encoding="utf-8", newline="") as file:
            drawn = {one for row in csv.DictReader(file) for one in row["id"].split("|") if one}
        for one in drawn:
            assert f"../index.html#finding-{figure['id']}" in used_in(pages, belgium, one)[0]
    assert told > 200


def test_a_number_that_nobody_accounted_for_is_marked_and_listed(record_of) -> None:
    record = record_of("There were 7 of them.", codebook=[{"metric": "m", "label": "Cases"}])
    (span,) = marks(record, "doc-1")
    assert (span.kind, span.anchors, span.to) == (OPEN, ("at-11",), "open-11")


def test_words_set_aside_without_a_number_are_marked_too(record_of) -> None:
    aside = {"printed": "no data", "context": "There is no data on ships", "reason": "elsewhere"}
    record = record_of("There is no data on ships.", set_aside=[aside])
    (span,) = marks(record, "doc-1")
    assert (span.kind, span.anchors, span.to) == (SET_ASIDE, ("at-9",), "aside-9")


def test_another_number_set_aside_moves_no_anchor(record_of) -> None:
    text = "Page 3 of 9. In 1999 nothing, on page 4."
    one, other = {"printed": "4", "context": "page 4", "reason": "page"}, {"printed": "3", "context": "Page 3", "reason": "page"}
    before, after = record_of(text, set_aside=[one]), record_of(text, set_aside=[other, one])
    assert [span.anchors for span in marks(before, "doc-1")] == [span.anchors for span in marks(after, "doc-1")]
    names = [{name: row["printed"] for name, row in asides(record, "doc-1").items()} for record in (before, after)]
    assert names[0].items() <= names[1].items()


@making
@given(st.data())
def test_any_mix_of_rows_gives_every_number_one_mark_with_its_own_anchor(record_of, data) -> None:
    words = data.draw(st.lists(st.sampled_from(["7", "12", "2023", "1,000", "nine", "cases", "in", "of"]), min_size=1, max_size=20))
    text = " ".join(words) + "."
    blank = {"metric": "m", "status": "A", "start": "2023-01-01", "end": "2023-12-31"}
    keyed, aside = [], []
    for number in record_of(text).texts["doc-1"].numbers:
        fate = data.draw(st.sampled_from(["keyed", "aside", "both", "open"]))
        context = text[number.start :]
        if fate in ("keyed", "both"):
            keyed.append(blank | {"id": f"doc-1-{len(keyed) + 1:03}", "printed": number.printed, "quote": context})
        if fate in ("aside", "both"):
            aside.append({"printed": number.printed, "context": context, "reason": "page"})
    record = record_of(text, codebook=[{"metric": "m", "label": "Cases", "kind": "count"}], metrics=keyed, set_aside=aside)
    found = marks(record, "doc-1")
    anchors = [anchor for span in found for anchor in span.anchors]
    assert len(anchors) == len(set(anchors)) and all(span.anchors for span in found)
    places = {(span.start, span.end) for span in found}
    assert {(number.start, number.end) for number in record.texts["doc-1"].numbers} <= places
    assert marked(record, "doc-1")


CATEGORY = st.sampled_from(["total", "male", "female"])


@making
@given(st.lists(st.tuples(CATEGORY, st.sampled_from(["total", "adult"]), st.sampled_from(["2023", "2024", ""]), st.booleans()), max_size=9))
def test_parts_are_of_one_document_metric_and_period_and_nothing_is_part_of_its_part(record_of, drawn) -> None:
    rows = [
        {"id": f"doc-1-{place:03}", "metric": "m", "sex": sex, "age": age, "exploitation": "total", "status": "O" if gap else "A",
         "start": f"{year}-01-01" if year else "", "end": f"{year}-12-31" if year else "", "value": "" if gap else "1"}
        for place, (sex, age, year, gap) in enumerate(drawn, 1)
    ]  # fmt: skip
    record = record_of("Nothing.", codebook=[{"metric": "m", "label": "Cases", "kind": "count"}], metrics=rows)
    parts = {part: {total.id for total in totals} for part, totals in wholes(record).items()}
    for part, totals in parts.items():
        for total in totals:
            assert part not in parts.get(total, set())
            assert record.by_id[part]["start"] == record.by_id[total]["start"] != ""
            assert not record.by_id[part].missing and not record.by_id[total].missing
    shares = record_of("Nothing.", codebook=[{"metric": "m", "label": "Age", "kind": "age"}], metrics=rows)
    assert wholes(shares) == {}, "an age is part of no other"
