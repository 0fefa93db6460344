"""The period of a number is that of the year that dates it; a rule has none, and what is not said is not made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.guessing.places import place
from tieout.guessing.periods import period

DATED = [
    ("In 2019, police freed 12 victims.", "12", "2019-01-01", "2019-12-31", "stated"),
    ("Police freed 12 victims in 2019, compared with 9 in 2018.", "12", "2019-01-01", "2019-12-31", "stated"),
    ("Police freed 12 victims in 2019, compared with 9 in 2018.", "9", "2018-01-01", "2018-12-31", "stated"),
    ("Police freed 12 victims, compared with 9 in 2018.", "12", "", "", "not_stated"),
    ("Courts jailed 12 men in 2019 (9 in 2018); however, 4 sentences were suspended.", "4", "2019-01-01", "2019-12-31", "stated"),
    ("Police freed 85 victims in 2019 (18 children) and 84 in 2018.", "18", "2019-01-01", "2019-12-31", "stated"),
    ("Between 2015 and 2018, 40 children went missing.", "40", "2015-01-01", "2018-12-31", "stated"),
    ("From January to June 2019, police freed 12 victims.", "12", "2019-01-01", "2019-06-30", "stated"),
    ("In February 2020, police freed 12 victims.", "12", "2020-02-01", "2020-02-29", "stated"),
    ("In 2014 and 2017, ministries ran two campaigns.", "two", "2014-01-01", "2017-12-31", "stated"),
    ("In 2019 police counted 300 victims in the last few years.", "300", "", "", "not_stated"),
    ("Police freed 12 victims.", "12", "", "", "not_stated"),
    ("The plan for 2035 foresees 12 shelters.", "12", "", "", "not_stated"),
]


@pytest.mark.parametrize(("text", "printed", "start", "end", "basis"), DATED)
def test_the_year_that_dates_a_number(text: str, printed: str, start: str, end: str, basis: str) -> None:
    at = place(text, printed)
    found = period(at, "persons", [number for number in at.others if number.year], "2031-12-31", "count")
    assert (found.start, found.end, found.basis) == (start, end, basis), found.guess.reason


def test_a_rule_is_standing_and_a_judgment_is_not() -> None:
    rule = period(place("The law prescribes two to five years in prison.", "five"), "years", [], "2031-12-31", "duration")
    past = period(place("Penalties in recent years rarely exceeded two years.", "two"), "years", [], "2031-12-31", "duration")
    assert (rule.basis, past.basis) == ("standing", "not_stated")


def test_a_year_that_is_itself_told_is_its_own_period() -> None:
    found = period(place("The convention was ratified in May 2009.", "2009"), "calendar_year", [], "2031-12-31", "date")
    assert (found.start, found.end) == ("2009-05-01", "2009-05-31")


@given(year=st.integers(1950, 2030), count=st.integers(3, 899), lead=st.sampled_from(["In {}, ", "During {}, ", ""]))
def test_a_guessed_year_always_stands_in_the_sentence(year: int, count: int, lead: str) -> None:
    sentence = f"{lead.format(year)}police freed {count} victims" + ("." if lead else f" in {year}.")
    at = place(sentence, str(count))
    found = period(at, "persons", [number for number in at.others if number.year], "2031-12-31", "count")
    assert {found.start[:4], found.end[:4]} == {str(year)} <= set(re.findall(r"\d{4}", sentence))
