"""The words of a row, by phrase."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.reviewing.quoting import STEPS, context, holds, stepped
from tieout.texts import Text

WORDS = Text("doc-1", "One line.\nThe government issued 198 permits in 2030, compared with 214 in 2029; it did not say why. 7 of 7\n7\n")
NUMBERS = {number.start: number for number in WORDS.numbers}


def steps(*ways: str) -> str:
    number = next(one for one in WORDS.numbers if one.printed == "198")
    start, end = number.start, number.end
    for way in ways:
        start, end = stepped(WORDS, start, end, way, number)
    return WORDS.text[start:end]


def test_each_step_is_a_phrase() -> None:
    assert steps("wider-left") == "The government issued 198"
    assert steps("wider-left", "wider-right") == "The government issued 198 permits"
    assert steps("wider-left", "wider-right", "wider-right") == "The government issued 198 permits in 2030,"
    assert steps("wider-left", *["wider-right"] * 3, "narrower-right") == "The government issued 198 permits in 2030,"
    assert steps("wider-left", "narrower-left") == "The government issued 198"


@given(st.sampled_from(sorted(NUMBERS)), st.lists(st.sampled_from(STEPS), max_size=12))
def test_no_step_leaves_the_line_or_loses_the_number(start: int, ways: list[str]) -> None:
    number = NUMBERS[start]
    first, last = number.start, number.end
    for way in ways:
        first, last = stepped(WORDS, first, last, way, number)
        assert first <= number.start and number.end <= last and "\n" not in WORDS.text[first:last]


def test_a_context_is_the_fewest_words_that_stand_once() -> None:
    found = [context(WORDS, number) for number in WORDS.numbers]
    assert found == ["One line.", "issued 198", "in 2030,", "with 214", "in 2029;", "why. 7", "of 7", ""]
    assert all(holds(WORDS, words, number) for words, number in zip(found, WORDS.numbers, strict=True) if words)


@given(st.text("7a \n", max_size=30))
def test_a_context_holds_its_number_or_is_empty(words: str) -> None:
    text = Text("doc-1", words)
    for number in text.numbers:
        found = context(text, number)
        assert found == "" or holds(text, found, number)
