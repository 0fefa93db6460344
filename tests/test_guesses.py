"""Guesses say what they are from, build on what a person gave, and are none where nothing tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tieout.guesses import AMERICAN, Guess, guessed

TIP = "2031 Trafficking in Persons Report: Luxembourg"


def values(known: dict[str, str], text: str = "", root: Path = ROOT, **given: str) -> dict[str, str]:
    return {column: guess.value for column, guess in guessed(known, text, root, given).items()}


def test_a_report_of_a_known_series_is_guessed_whole() -> None:
    found = values({"title": TIP}, "Published in 2031.")
    assert found == {"title": TIP, "series": "Trafficking in Persons Report", "publisher": AMERICAN, "published": "2031", "country": "lux",
                     "published_basis": "stated", "document": "tip-2031",
                     "rights": "Text of the US government, in the public domain in the United States."}  # fmt: skip


def test_what_a_person_gave_is_not_guessed_and_is_built_on() -> None:
    found = values({"title": TIP}, published="2030-05", country="bel")
    assert found.keys().isdisjoint({"published", "country"}) and found["document"] == "tip-2030"


def test_an_id_that_is_taken_is_not_guessed() -> None:
    assert values({"title": TIP.replace("2031", "2025")})["document"] == "tip-2025-lux"


def test_the_address_tells_the_publisher_and_that_of_another_site_does_not() -> None:
    assert values({"url": "https://www.hrw.org/report/1"})["publisher"] == "Human Rights Watch"
    assert "publisher" not in values({"url": "https://nothrw.org/report/1"})


@pytest.mark.parametrize(
    ("text", "known", "published", "basis"),
    [
        ("Publication Date\t20 June 2014", {"published": "2014-06-20T09:00"}, "2014-06-20", "stated"),
        ("Of June 20, 2014", {"published": "2014-06-20"}, "2014-06-20", "stated"),
        ("Of 2014", {"published": "2014-06-20"}, "2014-06-20", "inferred"),
        ("Publication Date\t20 June 2014", {}, "2014-06-20", "stated"),
        ("12014 cases", {"created": "D:20140620"}, "2014-06", "inferred"),
    ],
)
def test_a_date_is_stated_where_the_text_prints_it_as_precisely(text: str, known: dict[str, str], published: str, basis: str) -> None:
    found = values(known, text)
    assert (found["published"], found["published_basis"]) == (published, basis)


def test_a_title_that_a_programme_gave_is_none() -> None:
    for title in ("(anonymous)", "Microsoft Word - tip.doc", "untitled", "final_v3.indd"):
        assert values({"title": title}, "Report on Luxembourg\n")["title"] == "Report on Luxembourg"


def test_the_country_is_the_one_that_the_text_names_far_more_often() -> None:
    assert values({}, "Chad and Peru. Chad again, Chad and Chad.")["country"] == "tcd"
    assert "country" not in values({}, "Chad and Peru. Chad and Peru, Chad and Peru.")
    assert "country" not in values({}, "Courts\nChadian courts. Chad. Chad.")


def test_where_nothing_tells_nothing_is_guessed(tmp_path: Path) -> None:
    assert guessed({}, "", tmp_path, {}) == {}


@given(
    st.dictionaries(st.sampled_from(["title", "published", "created", "url", "publisher", "author"]), st.text(max_size=40)),
    st.text(max_size=80),
)
def test_nothing_that_a_document_says_breaks_a_guess(known: dict[str, str], text: str) -> None:
    for guess in guessed(known, text, ROOT / "nowhere", {}).values():
        assert isinstance(guess, Guess) and guess.value and guess.source
