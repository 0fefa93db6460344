"""Numbers that look like no data are proposed to be set aside, each for its own reason; data is not."""

from __future__ import annotations

import pytest

from tests.guessing.places import place
from tieout.guessing.fates import elsewhere, recalls, set_aside
from tieout.guessing.place import Layout
from tieout.schema import REASONS

ASIDE = [
    ("Contents\n1. Law ..... 4\n\n\n\nBody", "4", "heading"),
    ("Said so.\n\n# Notes\n\n1 Ministry of Justice, Yearbook 2019.\n", "2019", "footnote"),
    ("Twelve were freed³ in March.", "³", "footnote"),
    ("The unit was closed. 22\nNext.", "22", "footnote"),
    ("See www.example.org/2019/report for more.", "www.example.org/2019/report", "address"),
    ("The hotline 116000 answers calls.", "116000", "address"),
    ("Call 0800 555 0199 at any hour.", "555", "address"),
    ("Call +32 2 555 01 99.", "555", "address"),
    ("A line.\n112 REPORT ON TRAFFICKING\nAnother.", "112", "page"),
    ("A line.\nREPORT ON TRAFFICKING 113\nAnother.", "113", "page"),
    ("A line.\nREPORT OF 2026\nAnother.", "2026", "title"),
    ("A law of 1995 punished it.", "1995", "legal_reference"),
    ("It was published on 3 May 2019.", "3 May 2019", "date"),
    ("A line.\n\n17\n\nAnother line.", "17", "page"),
    ("More is told on page 17.", "17", "page"),
    ("2.1 Shelters\nText.", "2.1", "heading"),
    ("As figure 3 shows, it fell.", "3", "heading"),
    ("They must 1) leave, and 2) testify.", "2", "heading"),
    ("Under Article 433 of the code it is a crime.", "433", "legal_reference"),
    ("Under articles 382-1 and 382-2 it is a crime.", "2", "legal_reference"),
    ("The 2011 Law on Trafficking applies.", "2011", "legal_reference"),
    ("Parliament amended the Act of 1995 twice.", "1995", "legal_reference"),
    ("Parliament passed bill 7008 in spring.", "7008", "legal_reference"),
    ("The 2021-2025 National Action Plan was adopted.", "2025", "title"),
    ("COVID-19 closed the courts.", "19", "title"),
    ("World Congress III met.", "III", "title"),
    ("Hundreds of visitors came.", "Hundreds", "vague"),
    ("First responders were trained.", "First", "wording"),
    ("It is one of the poorest regions.", "one", "wording"),
    ("In one case a judge resigned.", "one", "wording"),
    ("Once freed, they went home.", "Once", "wording"),
    ("It answers 24 hours a day.", "24", "wording"),
    ("Nine were for terms of three to five years.", "five", "band"),
    ("Two of three shelters answered.", "three", "coverage"),
    ("A 15-year-old girl was sold.", "15", "individual"),
]
DATA = [
    ("Courts convicted 15 traffickers.", "15"),
    ("The police opened one case.", "one"),
    ("Four of forced labor and one of forced begging were opened.", "one"),
    ("The commission met twice in 2019.", "twice"),
    ("The law prescribes two to five years in prison.", "five"),
    ("Forty residence permits were issued.", "Forty"),
    ("BELGIUM (Tier 1)", "1"),
    ("Shelters took in 12 345 people.", "345"),
]


@pytest.mark.parametrize(("text", "printed", "reason"), ASIDE)
def test_what_looks_like_no_data_is_set_aside_for_its_reason(text: str, printed: str, reason: str) -> None:
    at = place(text, printed)
    found = set_aside(at, Layout(at.text))
    assert found is not None and found.value == reason, found
    assert found.reason and 0 < found.confidence <= 1


@pytest.mark.parametrize(("text", "printed"), DATA)
def test_data_is_not_set_aside(text: str, printed: str) -> None:
    at = place(text, printed)
    assert set_aside(at, Layout(at.text)) is None


def test_every_reason_is_one_of_the_contract() -> None:
    assert {reason for _, _, reason in ASIDE} <= set(REASONS)


def test_a_number_that_points_back_is_told_from_a_new_one() -> None:
    assert recalls(place("The three shelters reopened.", "three")).value == "repeated"
    assert recalls(place("Ninety left. Of the 412 victims, 60 stayed.", "412")) is None
    assert recalls(place("There were 412 victims. Of the 412 victims, 60 stayed.", "412", 1)).value == "repeated"
    assert recalls(place("For the sixth consecutive year nothing was told.", "sixth")) is None


def test_the_notes_end_where_the_next_part_begins() -> None:
    text = "# Report\n\nNine were freed.\n\n# Notes\n\nIbid. 12.\n\n# Annex\n\nEight were freed.\n"
    assert Layout(place(text, "12").text).within(place(text, "12").number) == "notes"
    for body in ("Nine", "Eight"):
        assert Layout(place(text, body).text).within(place(text, body).number) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In neighboring Luxembourg, police identified 27 victims.", True),
        ("In France, police identified 27 victims.", True),
        ("In Belgium, police identified 27 victims.", False),
        ("In Brussels, police identified 27 victims.", False),
        ("Police identified 27 victims in France.", False),
    ],
)
def test_a_sentence_that_opens_in_another_country_is_not_about_this_one(text: str, found: bool) -> None:
    guess = elsewhere(place(text, "27"), "bel")
    assert (guess is not None) is found
    assert guess is None or guess.value == "elsewhere"
