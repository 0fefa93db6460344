"""Numbers in sentences as links: the right words, or none."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from tieout.facts import Evidence, gather
from tieout.figures import plans
from tieout.linking import Mark, linked, mark
from tieout.numbers import find_numbers

SHARED = [Mark("44", ("in 2019",), "a"), Mark("44", ("in 2020",), "b")]


def links(text: str, marks: list[Mark]) -> list[tuple[str, str]]:
    return re.findall(r'<a class="read" href="([^"]*)">([^<]*)</a>', linked(text, marks))


def test_a_number_leads_to_its_words() -> None:
    marks = [
        Mark("468", ("in 2023",), "a"),
        Mark("354", ("in 2024",), "b"),
        Mark("€1.38 million", ("in 2024",), "c"),
        Mark("56%", ("",), "d"),
    ]
    assert links("Cases fell from 468 in 2023 to 354 in 2024, by 114 (−24.4%).", marks) == [("a", "468"), ("b", "354")]
    assert links("354 − 468 = −114; −114 ÷ 468 = −24.4%", marks) == [("b", "354"), ("a", "468"), ("a", "468")]
    assert links("From €1.38 million; neither is 56 percent.", marks) == [("c", "€1.38 million"), ("d", "56 percent")]


def test_what_was_computed_is_no_link() -> None:
    marks = [Mark("47", ("in 2018",), "a"), Mark("94", ("in 2019",), "b")]
    assert links("Rose from 47 in 2018 to 94 in 2019, by 47 (+47.0%).", marks) == [("a", "47"), ("b", "94")]
    assert links("94 − 47 = +47; +47 ÷ 47", marks) == [("b", "94"), ("a", "47"), ("a", "47")]


def test_a_part_of_a_number_or_a_word_is_no_link() -> None:
    marks = [Mark("93", ("in 2024",), "a"), Mark("2", ("in 2020",), "b"), Mark("019", ("",), "c")]
    for text in ("1,093 and 93.5 and 0.93", "93% of 932 and 93 million", "tip-2025-019", "COVID-93", "2.5 and 2,000"):
        assert links(text, marks) == [], text
    assert links("(93), “93” and 93.", marks) == [("a", "93")] * 3


def test_where_rows_share_a_number_the_period_or_the_document_tells_or_there_is_none() -> None:
    assert links("44 in 2019 and 44 in 2020", SHARED) == [("a", "44"), ("b", "44")]
    assert links("stayed at 44 in 2020", SHARED) == [("b", "44")]
    assert links("44 of them", SHARED) == []
    rules = [Mark("10", ("as a rule", f"in {document}"), document) for document in ("old-1", "new-1")]
    assert links("10 years in old-1 and 10 years in new-1", rules) == [("old-1", "10"), ("new-1", "10")]
    assert links("10 years in old-12", rules) == []


def test_a_gap_has_no_mark(belgium) -> None:
    gap = next(row for row in belgium.rows("metrics") if row.missing)
    assert mark({**gap.cells, "document": gap.document}) is None


@given(
    st.text(max_size=60), st.lists(st.builds(Mark, st.sampled_from(["1", "44", "1,056", "€2", "5%"]), st.just(("in 2020",)), st.just("h")))
)
def test_links_change_no_letter_and_let_nothing_through(text: str, marks: list[Mark]) -> None:
    told = linked(text, marks)
    assert Markup(re.sub(r'<a class="read" href="h">|</a>', "", told)) == escape(text)


def test_every_number_of_a_change_or_a_title_is_a_link_a_year_or_in_its_arithmetic(belgium) -> None:
    """What a reader may take for a source's number leads to the source; the rest was computed, and its arithmetic stands beside it."""
    evidence, left = Evidence.of(belgium), {}
    told = [*gather(evidence), *(plan.headline for plan in plans(evidence) if plan.id not in ("coverage", "recommendations"))]
    for fact in told:
        marks = [one for name in fact.inputs if name in evidence.by_id and (one := mark(evidence.by_id[name]))]
        rest = re.sub(r"“.*?”|<a .*?</a>|\((?:EUR|USD)\)", " ", linked(fact.text, marks))
        for document in belgium.documents:
            rest = rest.replace(document, " ")
        computed = set(re.findall(r"\d[\d.,]*", fact.formula))
        digits = [re.sub(r"[^\d.,]", "", rest[one.start : one.end]) for one in find_numbers(rest)]
        others = [one for one in digits if one and one not in computed and not re.fullmatch(r"(19|20)\d\d", one)]
        if others:
            left[fact.id] = (rest, others)
    assert left == {}


def test_a_link_names_the_row_whose_number_it_is(belgium) -> None:
    evidence = Evidence.of(belgium)
    for fact in gather(evidence):
        marks = [one for name in fact.inputs if name in evidence.by_id and (one := mark(evidence.by_id[name]))]
        for href, number in links(fact.text, marks):
            row = evidence.by_id[href.rpartition("#")[2]]
            assert row["id"] in fact.inputs and mark(row).number == number
