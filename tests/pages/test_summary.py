"""What an edition says about itself: counts that add up, and no more trust than was signed for."""

from __future__ import annotations

from datetime import date

import pytest

from tests.pages.conftest import text_of
from tieout.accounting import account
from tieout.countries import country_name
from tieout.pages.summary import edition_facts
from tieout.pages.words import REASONS, day_name
from tieout.record import load
from tieout.report import BROKEN, FAIL, CheckResult, Report
from tieout.schema import REASONS as CODES
from tieout.signing import draft, sign

REPORT = Report("bel", (CheckResult("one", "One"), CheckResult("two", "Two")))


def by_id(record, report=REPORT) -> dict:
    return {fact.id: fact for fact in edition_facts(record, report)}


def test_the_tie_out_adds_up(belgium) -> None:
    facts = by_id(belgium)
    total = sum(len(account(belgium, document)) for document in belgium.texts)
    assert facts["edition-tied-out"].value == total
    parts, _, sum_told = facts["edition-tied-out"].formula.partition(" = ")
    assert sum(int(part) for part in parts.split(" + ")) == int(sum_told) == total
    assert sum(facts[f"edition-tied-out-{document}"].value for document in belgium.documents) == total


def test_ids_are_unique_and_every_fact_is_a_sentence(belgium) -> None:
    facts = edition_facts(belgium, REPORT)
    assert len({fact.id for fact in facts}) == len(facts)
    assert all(fact.id.startswith("edition-") and fact.text.endswith(".") for fact in facts)
    assert all(type(fact).from_json(fact.as_json()) == fact for fact in facts)


def test_a_number_that_is_not_accounted_for_puts_the_edition_on_hold(record_of) -> None:
    fact = by_id(record_of("There were 7."))["edition-tied-out"]
    assert (fact.verdict, fact.formula) == ("hold", "0 + 0 + 0 + 1 = 1")
    assert "1 not accounted for" in fact.text


def test_checks_that_fail_or_could_not_run_are_told_apart(belgium) -> None:
    report = Report(
        "bel", (CheckResult("one", "One"), CheckResult("two", "Two", status=FAIL), CheckResult("three", "Three", status=BROKEN))
    )
    fact = by_id(belgium, report)["edition-checks"]
    assert fact.text == "1 of 3 checks passed; 1 failed; 1 could not run."
    assert fact.verdict == "hold"


def test_an_edition_is_a_draft_until_every_document_has_two_signatures(copy_root) -> None:
    copy_root.write("signoffs", [])
    record = load("bel", copy_root.root, date(2005, 1, 1))
    assert draft(record)
    sign(record, "tip-2004", "keyer", "A", date(2026, 1, 1))
    assert draft(load("bel", copy_root.root, date(2005, 1, 1)))
    sign(load("bel", copy_root.root), "tip-2004", "verifier", "B", date(2026, 1, 1))
    signed = load("bel", copy_root.root, date(2005, 1, 1))
    assert not draft(signed)
    assert by_id(signed)["edition-signatures"].text == "1 of 1 document is signed by a keyer and by a verifier, none by an editor."


@pytest.mark.xdist_group("pages")
def test_a_draft_says_so_on_every_page(pages, belgium) -> None:
    for name, page in pages.items():
        told = [text_of(banner) for banner in page.iter("p") if "draft" in banner.get("class", "").split()]
        assert bool(told) == draft(belgium), name


def test_every_reason_has_words_and_countries_and_days_have_names() -> None:
    assert set(REASONS) == set(CODES)
    assert (country_name("bel"), country_name("xyz")) == ("Belgium", "XYZ")
    assert [country_name(code, {"bel": "Belgica", "xyz": "Xyzia"}) for code in ("bel", "xyz")] == ["Belgium", "Xyzia"], "ISO's comes first"
    assert [day_name(day) for day in ("2004-06-14", "2023-06", "2025")] == ["14 June 2004", "June 2023", "2025"]
