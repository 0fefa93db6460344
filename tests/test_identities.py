"""Arithmetic that a source implies: whether it holds, told in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.identities import judge, rounding
from tieout.record import Row
from tieout.schema import RELATIONS


def judged(relation: str, totals: list, parts: list) -> tuple[bool, str]:
    """The verdict on numbers given as values, or as (value, printed) where rounding matters."""
    rows = {}
    for name, numbers in (("t", totals), ("p", parts)):
        for index, given_ in enumerate(numbers):
            value, printed = given_ if isinstance(given_, tuple) else (given_, given_)
            rows[f"{name}{index}"] = Row({"id": f"{name}{index}", "value": value, "printed": printed}, "doc-1", "x:1")
    named = {"relation": relation, "total": "|".join(r for r in rows if r[0] == "t"), "parts": "|".join(r for r in rows if r[0] == "p")}
    return judge(Row(named, "", "identities.csv:2"), rows)


CASES = {
    "sum": [(["354"], ["249", "104", "1"], True), (["354"], ["249", "104"], False), (["0.3"], ["0.1", "0.2"], True)],
    "part": [(["88"], ["29", "10"], True), (["88"], ["88"], True), (["88"], ["10", "89"], False)],
    "product": [(["12"], ["3", "4"], True), (["13"], ["3", "4"], False)],
    "same": [(["3"], ["3", "3"], True), (["3"], ["3.0"], True), (["3"], ["3", "2"], False)],
    "rate": [
        ([("1440000", "$1.44 million"), ("1380000", "€1.38 million")], [("115741", "$115,741"), ("111227", "€111,227")], True),
        ([("1460000", "$1.46 million"), ("1390000", "€1.39 million")], [("115741", "$115,741"), ("111227", "€111,227")], False),
        ([("115741", "$115,741"), ("111227", "€111,227")], [("1460000", "$1.46 million"), ("1390000", "€1.39 million")], False),
        ([("514110", "$514,110"), ("419000", "€419,000")], [("523930", "$523,930"), ("427000", "€427,000")], True),
    ],
}


@pytest.mark.parametrize(("relation", "totals", "parts", "holds"), [(name, *case) for name, cases in CASES.items() for case in cases])
def test_a_relation_holds_or_fails(relation, totals, parts, holds):
    assert judged(relation, totals, parts)[0] is holds


def test_every_relation_has_a_case_that_holds_and_one_that_fails():
    assert set(CASES) == set(RELATIONS)
    assert all({holds for *_, holds in cases} == {True, False} for cases in CASES.values())


@pytest.mark.parametrize("relation", RELATIONS)
def test_nothing_can_be_added_to_a_gap(relation):
    assert judged(relation, ["3", "3"], ["", "3"]) == (False, "p0 has no value")
    assert judged(relation, ["", "3"], ["3", "3"]) == (False, "t0 has no value")


def test_the_arithmetic_is_told_in_words():
    assert judged("sum", ["354"], ["249", "104"])[1] == "249 + 104 = 353, and t0 says 354"
    assert judged("product", ["13"], ["3", "4"])[1] == "3 × 4 = 12, and t0 says 13"
    assert judged("part", ["88"], ["89"])[1] == "p0 says 89, of 88 in t0"
    assert judged("same", ["3"], ["2"])[1] == "t0 says 3, p0 says 2"
    assert judged("rate", *CASES["rate"][1][:2])[1] == "the first pair implies 1.0430 to 1.0578, the second 1.0406 to 1.0406"


@pytest.mark.parametrize(
    ("printed", "half"),
    [
        ("€1.38 million", "5000"),
        ("€1.40 million", "5000"),
        ("2 million", "500000"),
        ("20 million", "5000000"),
        ("€419,000", "500"),
        ("$514,110", "5"),
        ("€111,227", "0.5"),
        ("354", "0.5"),
        ("2.2", "0.05"),
        ("53%", "0.5"),
        ("nine", "0.5"),
    ],
)
def test_rounding_is_half_a_unit_of_the_last_digit_vouched_for(printed, half):
    assert rounding(printed) == Decimal(half)


numbers = st.decimals(0, 10**6, places=2).map(str)


@given(st.lists(numbers, min_size=1, max_size=6))
def test_any_parts_add_up_to_their_own_sum_and_to_no_other(parts):
    total = sum(map(Decimal, parts))
    assert judged("sum", [str(total)], parts)[0]
    assert not judged("sum", [str(total + Decimal("0.01"))], parts)[0]


@given(st.lists(numbers, min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_parts_never_matters(parts, random):
    shuffled = random.sample(parts, len(parts))
    for relation in ("sum", "part", "product", "same"):
        assert judged(relation, ["100"], parts)[0] == judged(relation, ["100"], shuffled)[0]


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.decimals("0.5", 2, places=3))
def test_amounts_converted_at_one_rate_and_rounded_to_the_unit_imply_one_rate(euros, others, rate):
    """Whatever rate a source used: rounding its amounts to whole units never makes the two disagree."""
    first, second = ((str(round(amount * rate)), str(amount)) for amount in (euros, others))
    if "0" not in (first[0], second[0]):
        assert judged("rate", list(first), list(second))[0]
