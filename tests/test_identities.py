"""Arithmetic that a source implies: whether it holds, told in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.identities import breakdowns, judge, rounding
from tieout.record import Row
from tieout.schema import RELATIONS

PLAIN = {"metric": "victims", "sex": "total", "age": "total", "exploitation": "total", "start": "2024-01-01", "end": "2024-12-31",
         "status": "A"}  # fmt: skip


def row(identifier: str, value: str, document: str = "doc-1", **cells: str) -> Row:
    return Row(PLAIN | {"id": identifier, "value": value, "printed": value} | cells, document, "x:1")


def judged(relation: str, totals: list, parts: list) -> tuple[bool, str]:
    """The verdict on numbers given as values, as (value, printed) where rounding matters, or as whole rows."""
    rows = {}
    for name, numbers in (("t", totals), ("p", parts)):
        for index, given_ in enumerate(numbers):
            value, printed = given_ if isinstance(given_, tuple) else (given_, given_)
            rows[f"{name}{index}"] = given_ if isinstance(given_, Row) else row(f"{name}{index}", value, printed=printed)
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
    totals = 2 if relation == "rate" else 1
    assert judged(relation, ["3", "3"][:totals], ["", "3"]) == (False, "p0 has no value that can be reckoned with")
    assert judged(relation, ["", "3"][:totals], ["3", "3"]) == (False, "t0 has no value that can be reckoned with")


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("value", ["1,056", "3.", "-3", "NaN", "Infinity", "1e3", "three", " 3", "3\n"])
def test_a_value_that_is_no_plain_number_is_said_and_not_raised(relation, value):
    holds, told = judged(relation, ["3", "3"][: 2 if relation == "rate" else 1], [value, "3"])
    assert (holds, told) == (False, "p0 has no value that can be reckoned with")


def test_a_row_that_has_no_value_at_all_is_said_and_not_raised():
    statement = Row({"id": "p0", "kind": "caveat", "quote": "words"}, "doc-1", "x:1")
    assert judged("part", ["3"], [statement]) == (False, "p0 has no value that can be reckoned with")


@pytest.mark.parametrize(
    ("relation", "totals", "parts", "told"),
    [
        ("rate", 2, 1, "a rate takes 2 in total and 2 or more in parts, not 2 and 1"),
        ("rate", 2, 3, "not 2 and 3"),
        ("rate", 1, 2, "not 1 and 2"),
        ("sum", 0, 2, "a sum takes 1 in total and 2 or more in parts, not 0 and 2"),
        ("sum", 2, 2, "not 2 and 2"),
        ("sum", 1, 0, "a sum takes 1 in total and 1 or more in parts, not 1 and 0"),
        ("part", 1, 0, "not 1 and 0"),
        ("product", 0, 0, "not 0 and 0"),
        ("same", 2, 1, "not 2 and 1"),
    ],
)
def test_too_few_or_too_many_rows_are_said_and_not_raised(relation, totals, parts, told):
    holds, words = judged(relation, ["3"] * totals, ["3"] * parts)
    assert not holds
    assert told in words


@pytest.mark.parametrize("relation", ["sum", "part"])
@pytest.mark.parametrize("dimension", ["sex", "age", "exploitation"])
def test_a_part_may_not_be_of_wider_categories_than_its_total(relation, dimension):
    total, narrow, wide = row("t0", "3", **{dimension: "one"}), row("p0", "3", **{dimension: "one"}), row("p0", "3")
    assert judged(relation, [total], [wide]) == (False, "p0 is of wider categories than t0")
    assert judged(relation, [total], [narrow])[0]
    assert judged(relation, [row("t0", "3")], [narrow])[0]


@pytest.mark.parametrize("euros", [("500000", "€1 million"), ("0", "0"), ("0.5", "nine")])
def test_an_amount_no_larger_than_its_rounding_gives_no_rate_and_raises_nothing(euros):
    plain = [("115741", "$115,741"), ("111227", "€111,227")]
    told = "is no more than its own rounding, so nothing can be divided by it"
    assert judged("rate", plain, [plain[0], euros]) == (False, f"p1 {told}")
    assert judged("rate", [plain[0], euros], plain) == (False, f"t1 {told}")


def test_the_same_fact_may_be_told_of_other_categories():
    assert judged("same", [row("t0", "3", sex="female")], ["3"])[0]


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
        ("€ 1.38 million", "5000"),
        ("€1.38\u00a0million", "5000"),
        ("€\u202f419,000", "500"),
        ("1.000", "500"),
        ("1\u202f056", "0.5"),
        ("0.05", "0.005"),
    ],
)
def test_rounding_is_half_a_unit_of_the_last_digit_vouched_for(printed, half):
    assert rounding(printed) == Decimal(half)


# --- sums that nobody wrote down ----------------------------------------------------------------------------------------

TOTAL = row("t", "93")
MALE, FEMALE = row("m", "47", sex="male"), row("f", "46", sex="female")


def sums(*rows: Row) -> list[tuple[str, list[list[str]]]]:
    return [(total.id, [[part.id for part in parts] for parts in found]) for total, found in breakdowns(rows)]


def test_parts_of_one_dimension_that_add_up_to_their_total_are_found():
    assert sums(TOTAL, MALE, FEMALE) == [("t", [["m", "f"]])]
    assert sums(FEMALE, TOTAL, MALE) == [("t", [["f", "m"]])]


def test_parts_within_parts_do_not_hide_a_sum():
    within = row("w", "3", sex="other")
    assert ["m", "f"] in sums(TOTAL, MALE, FEMALE, within)[0][1]


def test_every_set_of_parts_that_adds_up_is_given():
    assert sums(row("t", "3"), *(row(name, value, age=name) for name, value in (("a", "1"), ("b", "2"), ("c", "1")))) == [
        ("t", [["a", "b"], ["b", "c"]])
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"value": "45"},
        {"document": "doc-2"},
        {"metric": "convictions"},
        {"start": "2023-01-01"},
        {"end": "2024-06-30"},
        {"start": "", "end": ""},
        {"status": "O", "value": ""},
        {"age": "child"},
        {"sex": "total", "age": "child"},
        {"sex": "total"},
    ],
)
def test_what_does_not_divide_the_total_alone_makes_no_sum(other):
    assert sums(TOTAL, MALE, row("f", **{"value": "46", "sex": "female"} | other)) == []


def test_one_part_is_no_sum():
    assert sums(row("t", "47"), MALE) == []


@pytest.mark.parametrize("value", ["", "1,056", "NaN", "nine", "-46"])
def test_a_value_that_is_no_plain_number_takes_no_part_in_a_sum_and_raises_nothing(value):
    assert sums(TOTAL, MALE, FEMALE, row("x", value, sex="other")) == [("t", [["m", "f"]])]
    assert sums(row("t", value), MALE, FEMALE) == []


def test_every_sum_of_the_record_is_an_identity(belgium):
    known = {(one["total"], frozenset(one.tokens("parts"))) for one in belgium.rows("identities") if one["relation"] == "sum"}
    for total, found in breakdowns(belgium.rows("metrics")):
        assert any((total.id, frozenset(part.id for part in parts)) in known for parts in found)


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
