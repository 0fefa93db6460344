"""The wordings of the metrics: how well a sentence with its number fits one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.evidence import joined
from tieout.wordings import NUMBER, fit, placed


def fits(sentence: str, terms: str) -> int:
    """The fit of a sentence in which # stands for the number."""
    return fit(sentence.replace("#", NUMBER), terms)


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ("They made # convictions.", "# convictions"),
        ("They made # Convictions.", "# convictions"),
        ("They made #  convictions.", "# convictions"),
        ("They made #\u00a0convictions.", "# convictions"),
        ("They made # convictions⁵.", "# convictions"),
        ("They convicted #", "convicted #"),
        ("a #-day reflection period", "#-day reflection"),
        ("in cases (# cases)", "(# cases)"),
        ("fines averaging approximately and about # euros", "averaging * #"),
        ("fines averaging # euros", "averaging * #"),
        ("They made # convictions.", "nothing|# convictions"),
        ("They reported, in 2023, # cases", "reported + # cases"),
        ("# cases, they reported", "reported + # cases"),
    ],
)
def test_a_wording_with_the_number_in_its_place_is_attached(sentence, terms):
    assert fits(sentence, terms) == 2


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ("Of convictions there were #.", "convictions"),
        ("They did not report convictions.", "convictions"),
        ("Of convictions there were #.", "# convictions|convictions"),
        ("They reported #, the convictions.", "reported + convictions"),
    ],
)
def test_a_wording_without_the_number_fits_by_its_words(sentence, terms):
    assert fits(sentence, terms) == 1


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ("They made # convictions.", ""),
        ("They made # convictions.", "|"),
        ("They made 9 convictions, # in Ghent.", "# convictions"),
        ("They made # more convictions.", "# convictions"),
        ("They made # convictionists.", "# convictions"),
        ("They reconvicted #", "convicted #"),
        ("They reported # cases.", "reported + # crimes"),
        ("They reported # cases.", "told + # cases"),
        ("They did not report convictions.", "# convictions"),
        (f"averaging {'very ' * 13}#", "averaging * #"),
    ],
)
def test_a_wording_that_lacks_a_part_or_its_place_does_not_fit(sentence, terms):
    assert fits(sentence, terms) == 0


def test_twelve_words_may_stand_in_a_gap():
    assert fits(f"averaging {'very ' * 12}#", "averaging * #") == 2


def test_signs_in_a_wording_mean_themselves():
    assert fits("They made # (convictions).", "# (convictions)") == 2
    assert fits("They made # xconvictionsx.", "# .convictions.") == 0


def test_the_number_is_placed_where_it_stood():
    assert placed("They made ", " convictions.") == f"They made {NUMBER} convictions."


def test_the_placeholder_stands_in_no_source_and_in_no_wording(belgium):
    assert all(NUMBER not in text.text for text in belgium.texts.values())
    assert all(NUMBER not in terms for terms in belgium.wordings.values())


def test_every_metric_has_its_wordings_each_whole(belgium):
    assert set(belgium.wordings) == set(belgium.metrics)
    for terms in belgium.wordings.values():
        parts = [part for wording in terms.split("|") for part in wording.split(" + ")]
        assert all(part and part == part.strip() and re.search("[a-z]", part, re.IGNORECASE) for part in parts), terms


def test_every_metric_that_is_keyed_is_named_by_one_of_its_wordings(belgium):
    named = {row["metric"] for row in joined(belgium) if fit(row["placed"], row["wordings"])}
    assert named == {row["metric"] for row in belgium.rows("metrics")}


@given(st.text(max_size=60), st.text(alphabet="#*+|( )ab.\\[\t", max_size=20))
def test_no_sentence_and_no_wording_raises(sentence, terms):
    assert fits(sentence, terms) in (0, 1, 2)


@given(
    st.text(max_size=30), st.text(max_size=30), st.lists(st.sampled_from(["cases", "# cases", "told", "# of"]), max_size=4), st.randoms()
)
def test_the_order_of_the_alternatives_never_matters_and_one_more_never_harms(before, after, wordings, random):
    sentence = placed(f"{before} told ", f" cases {after}")
    shuffled = random.sample(wordings, len(wordings))
    assert fit(sentence, "|".join(wordings)) == fit(sentence, "|".join(shuffled))
    assert fit(sentence, "|".join([*wordings, "nothing of it"])) >= fit(sentence, "|".join(wordings))
