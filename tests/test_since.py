"""What the newest documents added: a step computed from the record, told in facts."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_vintages import freedonia  # noqa: F401 - the invented country
from tieout.facts import Evidence, Fact
from tieout.figures import plans
from tieout.figures.before import moved
from tieout.numbers import find_numbers
from tieout.pages.added import change_facts
from tieout.record import load
from tieout.since import Since, earlier


def evidence(root: Path = ROOT, country: str = "bel", as_of: date | None = None) -> Evidence:
    return Evidence.of(load(country, root, as_of))


@cache
def belgian(as_of: date | None = None) -> tuple[Since | None, dict[str, Fact]]:
    found = evidence(as_of=as_of)
    since = Since.of(found)
    return since, {fact.id: fact for fact in change_facts(found, plans(found), since)}


def test_a_step_holds_the_newest_documents_and_all_before() -> None:
    since, _ = belgian()
    assert since.documents == ["tip-2025"]
    assert {cells["document"] for cells in (*since.numbers, *since.gaps)} == {"tip-2025"}
    assert len(since.numbers) + len(since.gaps) + len(since.before.observations) == len(since.now.observations)


def test_documents_published_together_are_one_step(copy_root) -> None:
    copy_root.alter("documents", "tip-2023", published="2025")
    assert Since.of(evidence(copy_root.root)).documents == ["tip-2023", "tip-2025"]


def test_the_steps_of_earlier_days_follow_the_days() -> None:
    assert belgian(date(2024, 1, 1))[0].documents == ["tip-2023"]
    assert belgian(date(2022, 1, 1))[0].documents == ["tip-2021"]


def test_a_single_document_has_no_edition_before_it() -> None:
    since, facts = belgian(date(2005, 1, 1))
    assert since is None and earlier(load("bel", ROOT, date(2005, 1, 1))) is None
    assert set(facts) == {"change-documents", "change-corrections"}
    assert facts["change-documents"].text.startswith("There is no edition before this one")


@pytest.mark.parametrize("as_of", [None, date(2024, 1, 1), date(2022, 1, 1), date(2005, 1, 1)])
def test_every_number_of_a_sentence_is_counted(as_of: date | None) -> None:
    since, facts = belgian(as_of)
    assert all(fact.text.endswith(".") and Fact.from_json(fact.as_json()) == fact for fact in facts.values())
    if since:
        assert facts["change-numbers"].value == len(since.numbers)
        assert sum(fact.value for name, fact in facts.items() if name.startswith("change-new-")) == len(since.numbers)
        assert facts["change-series"].value == len(since.carried_on)
        known, new, total = (int(number.printed) for number in find_numbers(facts["change-numbers"].formula))
        assert known + new == total == sum(cells["status"] != "O" for cells in since.now.observations)


def test_only_figures_that_plot_other_numbers_are_drawn_again() -> None:
    since, _ = belgian(date(2024, 1, 1))
    assert moved(plans(since.before), plans(since.now)) == [], "three tiers and a recommendation plot nothing"
    since, facts = belgian()
    again = {plan.id for plan in moved(plans(since.before), plans(since.now))}
    assert facts["change-figures"].value == len(again) and "victims" in again and "sentences" not in again


def test_a_fact_told_again_is_confirmed_or_revised(freedonia: Path) -> None:  # noqa: F811
    found = evidence(freedonia, "fic", date(2031, 12, 31))
    since = Since.of(found)
    facts = {fact.id: fact for fact in change_facts(found, plans(found), since)}
    told = facts["change-told-again"].text
    assert (
        told
        == "The new document tells 4 facts of earlier documents again: 1 confirmed, 1 restated in another way, 1 revised and 1 withdrawn."
    )
    assert [(pair.start["id"], pair.end["id"]) for pair in since.carried_on] == []
    assert len(since.gaps) == 1 and since.closed == []


def test_a_gap_that_a_later_document_fills_is_closed(freedonia: Path) -> None:  # noqa: F811
    found = evidence(freedonia, "fic")
    gap, given = {**found.observations[0], "status": "O", "value": ""}, found.observations[0]
    filled = {**given, "id": "fic-2032-002", "document": "fic-2032", "published": "2032"}
    before = Evidence(load("fic", freedonia, date(2031, 12, 31)), (gap,))
    assert [pair.end["id"] for pair in Since(before, Evidence(found.record, (gap, filled))).closed] == ["fic-2032-002"]


def test_a_comparison_that_another_telling_replaced_is_no_longer_made(freedonia: Path) -> None:  # noqa: F811
    since = Since.of(evidence(freedonia, "fic"))
    assert [(pair.start["id"], pair.end["id"]) for pair in since.parted] == [("fic-2031-001", "fic-2031-002")]
