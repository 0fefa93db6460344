"""A document's text: where words stand, on which line, in which sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.texts import Text

prose = st.one_of(st.text(max_size=80), st.text(alphabet="Ab. \n!?”’)⁵9", max_size=80))


def sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in Text("doc-1", text).sentences if text[start:end].strip()]


def test_words_are_found_wherever_they_stand_overlapping_ones_too():
    assert Text("doc-1", "nine, nine").find("nine") == [0, 6]
    assert Text("doc-1", "aaa").find("aa") == [0, 1]


def test_words_are_found_to_the_character_or_not_at_all():
    text = Text("doc-1", "victims’ access (49 victims)")
    assert text.find("victims' access") == []
    assert text.find("(49 victims)") == [16]
    assert text.find("") == []


@pytest.mark.parametrize(("offset", "line"), [(0, 1), (3, 1), (4, 2), (5, 3)])
def test_lines_are_counted_from_one(offset, line):
    assert Text("doc-1", "one\n\ntwo").line(offset) == line


def test_a_place_is_a_file_and_a_line():
    assert Text("tip-2025", "one\ntwo").where(4, "bel") == "seeds/bel/tip-2025.txt:2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nine came. Ten went.", ["Nine came.", "Ten went."]),
        ("Was it? It was! So.", ["Was it?", "It was!", "So."]),
        ("It was eight⁵. With them.", ["It was eight⁵.", "With them."]),
        ("It was eight.⁵ With them.", ["It was eight.⁵", "With them."]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        ("It rose. (It fell.)", ["It rose.", "(It fell.)"]),
        ("A heading\nIts text", ["A heading", "Its text"]),
        ("a first line\n\na second", ["a first line", "a second"]),
    ],
)
def test_a_full_stop_before_a_capital_and_every_line_end_close_a_sentence(text, found):
    assert sentences(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "the U.S. State Dept report",
        "ILO Convention No. 182",
        "Convention No. C182",
        "see p. A4",
        "under Art. X",
        "€1.38 million",
        "it rose by 2.2 percent",
    ],
)
def test_a_stop_inside_a_sentence_does_not_close_it(text):
    assert sentences(text) == [text]


def test_the_sentence_of_a_stretch_is_every_sentence_that_it_touches():
    text = Text("doc-1", "It began. Nine came.  Ten went. It ended.")
    assert text.sentence(10, 14) == "Nine came."
    assert text.sentence(15, 25) == "Nine came.  Ten went."


def test_a_number_counts_as_inside_only_where_it_stands_wholly_inside():
    text = Text("doc-1", "from 1,056 to 1,548")
    assert [one.printed for one in text.numbers_in(0, 10)] == ["1,056"]
    assert text.numbers_in(0, 9) == []
    assert text.numbers_in(6, 10) == []


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ("victims' access", "victims’ access"),
        ('"no"', "“no”"),
        ("2008-2011", "2008–2011"),
        ("1 056", "1\u00a0056"),
        ("victims’ access", "victims' access"),
    ],
)
def test_a_near_miss_differs_only_in_characters_that_look_alike(words, standing):
    assert Text("doc-1", f"of {standing} to").near_miss(words) == standing


def test_other_words_are_no_near_miss():
    assert Text("doc-1", "victims’ access").near_miss("victim access") == ""
    assert Text("doc-1", "victims’ access").near_miss("") == ""


@given(prose)
def test_sentences_cover_the_text_without_gap_or_overlap(text):
    spans = Text("doc-1", text).sentences
    assert "".join(text[start:end] for start, end in spans) == text
    assert all("\n" not in sentence for sentence in sentences(text))


@given(prose, st.data())
def test_any_stretch_of_a_text_stands_in_its_sentence_and_is_found(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    document = Text("doc-1", text)
    assert text[start:end].strip() in document.sentence(start, end)
    assert start == end or start in document.find(text[start:end])


@given(prose)
def test_the_words_themselves_are_the_nearest_miss(text):
    assert Text("doc-1", f"({text})").near_miss(text) == text
