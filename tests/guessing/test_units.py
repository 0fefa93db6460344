"""The unit is told by the sign, by the word behind the number, or by the noun that it counts."""

from __future__ import annotations

import pytest

from tests.guessing.places import place
from tieout.guessing.units import stem, unit

WORDS = {stem(word): known for word, known in (("victims", "persons"), ("cases", "cases"), ("sentences", "sentences"),
                                               ("shelters", "shelters"), ("NGOs", "organisations"))}  # fmt: skip
TOLD = [
    ("They paid €1.38 million.", "€1.38 million", "EUR"),
    ("They paid $500.", "$500", "USD"),
    ("Fines run between 1.000 up to 100.000 Euros.", "1.000", "EUR"),
    ("Some 56 percent were suspended.", "56", "percent"),
    ("Some 53% were suspended.", "53%", "percent"),
    ("It ranks as Tier 2.", "2", "tier"),
    ("It lasts a 45-day period.", "45", "days"),
    ("Permits run for three to six months.", "three", "months"),
    ("For the sixth consecutive year nothing was told.", "sixth", "years"),
    ("It is for girls between the ages of 14 and 18.", "18", "years_of_age"),
    ("Crimes against victims under 10 years of age are worse.", "10", "years_of_age"),
    ("Belgium ratified the protocol in 2004.", "2004", "calendar_year"),
    ("Police freed 12 victims of forced labor.", "12", "persons"),
    ("Nearly 56 of the sentences were suspended.", "56", "sentences"),
    ("Of those freed, 17 were victims of trafficking.", "17", "persons"),
    ("Two of three shelters answered.", "Two", "shelters"),
    ("Police freed two confirmed and 129 potential victims.", "two", "persons"),
    ("Three government-funded NGOs answered cases.", "Three", "organisations"),
    ("The unit met twice in 2019.", "twice", "meetings"),
    ("In a 2016 case nothing was told.", "2016", ""),
    ("It rose to 40.", "40", ""),
]


@pytest.mark.parametrize(("text", "printed", "expected"), TOLD)
def test_what_tells_the_unit(text: str, printed: str, expected: str) -> None:
    assert unit(place(text, printed), WORDS, "").value == expected


def test_the_head_of_a_column_tells_a_year_of_ratification() -> None:
    assert unit(place("Convention\t1995", "1995"), WORDS, "Date of ratification").value == "calendar_year"


@pytest.mark.parametrize(("one", "other"), [("investigated", "investigations"), ("cases", "case"), ("granted", "granting")])
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)
