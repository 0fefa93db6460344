"""One keyed number divided by another, never across documents, periods or coverages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.derived import parse_operand, quotients

MEASURE = {
    "measure": "share_female",
    "label": "Share",
    "numerator": "victims[sex=female]",
    "denominator": "victims",
    "unit": "percent",
    "note": "",
}
PLAIN = {
    "metric": "victims",
    "sex": "total",
    "age": "total",
    "exploitation": "total",
    "unit": "persons",
    "document": "doc-1",
    "published": "2025",
    "start": "2024-01-01",
    "end": "2024-12-31",
    "period_basis": "stated",
    "qualifier": "exact",
    "status": "A",
    "coverage": "",
    "printed": "n",
}
WHOLE, PART = PLAIN | {"id": "doc-1-001", "value": "93"}, PLAIN | {"id": "doc-1-002", "value": "46", "sex": "female"}
FAULT = {"fault": "odd", "ids": "doc-1-001|doc-1-002", "treatment": "hold", "description": "They do not fit."}


def one(rows=(WHOLE, PART), measure=MEASURE, faults=()):
    (found,) = quotients([measure], rows, faults)
    return found


def test_a_share_is_numerator_over_denominator_in_percent_to_one_decimal():
    quotient = one()
    assert (quotient.value, quotient.numerator["id"], quotient.denominator["id"], quotient.reasons) == (
        Decimal("49.5"),
        PART["id"],
        WHOLE["id"],
        (),
    )


def test_an_amount_for_each_is_given_in_whole_units():
    money = PLAIN | {"id": "doc-1-003", "metric": "compensation", "value": "111227", "unit": "EUR"}
    measure = MEASURE | {"numerator": "compensation", "denominator": "victims", "unit": "EUR"}
    assert one([WHOLE, money], measure).value == 1196


@pytest.mark.parametrize(
    "cells",
    [
        {"document": "doc-2"},
        {"start": "2023-01-01", "end": "2023-12-31"},
        {"start": "2024-07-01"},
        {"coverage": "two of three shelters"},
        {"period_basis": "inferred"},
        {"status": "O", "value": ""},
    ],
)
@pytest.mark.parametrize("side", [0, 1])
def test_numbers_of_different_documents_periods_bases_or_coverages_are_never_divided(cells, side):
    rows = [WHOLE, PART]
    rows[side] = rows[side] | cells
    assert quotients([MEASURE], rows) == []


@pytest.mark.parametrize("cells", [{"metric": "other"}, {"age": "child"}, {"exploitation": "labour"}])
def test_a_number_of_another_metric_or_category_takes_no_part(cells):
    assert quotients([MEASURE], [WHOLE, PART | cells]) == []


@pytest.mark.parametrize(
    ("rows", "faults", "words"),
    [
        ([WHOLE | {"value": "0"}, PART], (), "the denominator is zero"),
        ([WHOLE | {"qualifier": "at_least", "printed": "93"}, PART], (), "at least 93 is no exact number"),
        ([WHOLE, PART | {"qualifier": "less_than", "printed": "50"}], (), "less than 50 is no exact number"),
        ([WHOLE, PART], (FAULT,), "They do not fit"),
    ],
)
def test_this_gives_no_quotient_and_says_why(rows, faults, words):
    quotient = one(rows, faults=faults)
    assert quotient.value is None
    assert any(reason.verdict == "hold" and words in reason.text for reason in quotient.reasons)


@pytest.mark.parametrize(
    ("measure", "rows", "faults", "words"),
    [
        (MEASURE | {"note": "Victims of several forms count in each."}, [WHOLE, PART], (), "Victims of several forms count in each"),
        (MEASURE, [WHOLE | {"qualifier": "about", "printed": "93"}, PART], (), "93 is approximate"),
        (MEASURE, [WHOLE, PART], (FAULT | {"treatment": "caveat"},), "They do not fit"),
        (
            MEASURE,
            [WHOLE | {"status": "D", "note": "Wider.", "printed": "93"}, PART],
            (),
            "the figure 93 departs from the definition: Wider",
        ),
        (MEASURE, [WHOLE, PART | {"status": "D", "note": "", "printed": "46"}], (), "the figure 46 departs from the definition"),
    ],
)
def test_this_is_told_with_a_quotient(measure, rows, faults, words):
    quotient = one(rows, measure, faults)
    assert quotient.value == Decimal("49.5")
    assert [(reason.verdict, reason.text) for reason in quotient.reasons] == [("caveat", words)]


@pytest.mark.parametrize(
    "fault", [FAULT | {"treatment": "use"}, FAULT | {"ids": "doc-1-001"}, FAULT | {"ids": "doc-1-009", "treatment": "caveat"}]
)
def test_a_fault_that_changes_nothing_touches_neither_or_holds_but_one_is_not_told(fault):
    assert one(faults=[fault]).reasons == ()


def test_a_fact_told_twice_gives_one_quotient():
    assert len(quotients([MEASURE], [WHOLE, PART, WHOLE | {"id": "doc-1-009"}])) == 1


def test_a_fact_told_in_two_ways_gives_the_quotient_of_the_first_in_whatever_order_they_come():
    rows = [WHOLE, PART, WHOLE | {"id": "doc-1-009", "value": "100"}]
    assert one(rows).denominator["id"] == one(rows[::-1]).denominator["id"] == "doc-1-001"


def test_two_numbers_of_one_other_definition_are_divided_without_a_word():
    assert one([cells | {"status": "D", "note": "Wider."} for cells in (WHOLE, PART)]).reasons == ()


@pytest.mark.parametrize(
    ("part", "whole", "share"), [("49", "400", "12.3"), ("1", "800", "0.1"), ("1", "8000", "0.0"), ("3", "16", "18.8")]
)
def test_a_half_is_rounded_up_as_readers_do(part, whole, share):
    assert one([WHOLE | {"value": whole}, PART | {"value": part}]).value == Decimal(share)


def test_half_a_euro_is_rounded_up():
    money = [WHOLE | {"value": "2"}, PLAIN | {"id": "doc-1-003", "metric": "compensation", "value": "5", "unit": "EUR"}]
    assert one(money, MEASURE | {"numerator": "compensation", "unit": "EUR"}).value == 3


@pytest.mark.parametrize(
    ("operand", "metric", "named"),
    [
        ("victims", "victims", {}),
        (" victims ", "victims", {}),
        ("victims[sex=female]", "victims", {"sex": "female"}),
        ("victims[sex=female,age=child]", "victims", {"sex": "female", "age": "child"}),
        ("victims[gender=female]", "victims", {"gender": "female"}),
        ("victims[sex]", "victims", {"sex": ""}),
        ("victims[sex=female,]", "victims", {"sex": "female", "": ""}),
        ("victims[sex=female=male]", "victims", {"sex": "female=male"}),
    ],
)
def test_an_operand_is_a_metric_and_the_categories_it_names(operand, metric, named):
    assert parse_operand(operand) == (metric, {"sex": "total", "age": "total", "exploitation": "total"} | named)


@pytest.mark.parametrize("operand", ["victims[gender=female]", "victims[sex]", "victims[sex=women]", "victims[sex=female,]"])
def test_an_unknown_dimension_or_category_selects_nothing_rather_than_everything(operand):
    assert quotients([MEASURE | {"numerator": operand}], [WHOLE, PART]) == []


@pytest.mark.parametrize("operand", ["victims[sex=female", "victims / cases", "victims[]", "victims sex=female", ""])
def test_what_is_no_operand_is_a_metric_that_no_codebook_has(operand):
    assert parse_operand(operand) == (operand, {})


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.randoms())
def test_a_part_of_a_whole_is_between_nothing_and_all_of_it_in_whatever_order_rows_come(whole, part, random):
    rows = [WHOLE | {"value": str(whole)}, PART | {"value": str(min(part, whole))}]
    random.shuffle(rows)
    quotient = one(rows)
    assert 0 <= quotient.value <= 100
    assert abs(quotient.value * whole - 100 * min(part, whole)) <= whole * Decimal("0.05")
