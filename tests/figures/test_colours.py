"""Colours: read by everyone, told apart by the colour-blind, the same in the figures and in the pages' style sheet."""

from __future__ import annotations

import re

import pytest

from tests.figures import vision
from tests.figures.conftest import ROOT
from tieout.figures import colours

SCHEMES = pytest.mark.parametrize("scheme", list(colours.SCHEMES.values()), ids=list(colours.SCHEMES))
SEEN_AT_A_GLANCE = 15


@SCHEMES
def test_texts_and_marks_stand_out_from_their_ground(scheme: dict[str, str]) -> None:
    paper = scheme[colours.PAPER]
    assert all(colours.contrast(scheme[text], paper) >= 4.5 for text in colours.TEXTS)
    assert all(colours.contrast(scheme[mark], paper) >= 3 for mark in colours.MARKS)
    assert colours.contrast(scheme[colours.MUTED], scheme[colours.SILENCE]) >= 4.5
    assert all(colours.contrast(scheme[mark], scheme[colours.SILENCE]) >= 3 for mark in (colours.COUNT, colours.BREAK))
    assert colours.contrast(paper, scheme[colours.COUNT]) >= 4.5, "words stand inside a bar"


@SCHEMES
@pytest.mark.parametrize("seen", ["", *vision.MACHADO])
def test_what_must_be_told_apart_stays_apart_for_every_reader(scheme: dict[str, str], seen: str) -> None:
    for one, other in colours.TOLD_APART:
        assert vision.distance(scheme[one], scheme[other], seen) >= SEEN_AT_A_GLANCE, (one, other)


def test_the_simulation_makes_red_and_green_alike_and_leaves_grey_alone() -> None:
    assert vision.distance("#a04000", "#587000", "") > 40 > 15 > vision.distance("#a04000", "#587000", "protanopia")
    assert all(vision.distance("#808080", "#808080", seen) == 0 for seen in vision.MACHADO)
    assert vision.distance("#ffffff", "#000000") == pytest.approx(100, abs=0.1)


def test_every_meaning_has_a_colour_of_its_own_in_every_scheme() -> None:
    for scheme in colours.SCHEMES.values():
        assert list(scheme) == list(colours.LIGHT) and len(set(scheme.values())) == len(scheme)


def test_the_style_sheet_holds_the_same_colours() -> None:
    sheet = (ROOT / "tieout" / "pages" / "assets" / "style.css").read_text(encoding="utf-8")
    light, dark, forced = (dict(re.findall(r"--figure-(\w+): ([^;]+);", line)) for line in sheet.splitlines() if "--figure-ink:" in line)
    assert (light, dark) == (colours.LIGHT, colours.DARK)
    assert set(forced) == set(colours.LIGHT)
