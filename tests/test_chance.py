"""Intervals of chance against published examples."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tieout.chance import difference, ratio, score


def test_a_ratio_of_counts_is_exact() -> None:
    assert ratio(51, 75) == pytest.approx((1.017, 2.141), abs=0.001)


def test_no_count_before_has_no_upper_end() -> None:
    assert ratio(0, 8)[1] == inf


def test_newcombes_own_example() -> None:
    """Newcombe 1998, table II: 56 of 70 less 48 of 80 is from 5.24 to 33.39 points."""
    assert difference((48, 80), (56, 70)) == pytest.approx((5.24, 33.39), abs=0.01)


@given(st.integers(1, 400), st.integers(1, 400))
def test_the_interval_holds_the_ratio_itself(earlier: int, later: int) -> None:
    least, most = ratio(earlier, later)
    assert least < later / earlier < most


@given(st.integers(0, 90), st.integers(0, 90))
def test_the_interval_turns_with_the_direction(one: int, other: int) -> None:
    least, most = difference((one, 90), (other, 90))
    assert difference((other, 90), (one, 90)) == pytest.approx((-most, -least))


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_intervals_are_those_of_scipy(one: int, other: int) -> None:
    from scipy.stats import binomtest

    assume(one + other)
    exact, wilson = (binomtest(other, one + other).proportion_ci(0.95, method) for method in ("exact", "wilson"))
    least, most = ratio(one, other)
    assert least / (1 + least) == pytest.approx(exact.low, abs=1e-9)
    assert (1.0 if most == inf else most / (1 + most)) == pytest.approx(exact.high, abs=1e-9)
    assert score(other, one + other) == pytest.approx((wilson.low, wilson.high), abs=1e-9)


def test_two_counts_of_zero_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="zero"):
        ratio(0, 0)
