"""A seeded sample of the campaign of faults: each is caught, and our judge says what the whole check says."""

from __future__ import annotations

import pytest

from bench.campaign import told
from bench.faults import KINDS, Fault, faults
from bench.judging import caught, voided
from bench.survivors import explained
from tests.conftest import ROOT
from tieout.checks import check_record
from tieout.record import Record, load
from tieout.report import PASS

SAMPLE = 5


@pytest.fixture(scope="module")
def record() -> Record:
    return load("bel", ROOT)


@pytest.fixture(scope="module")
def sample(record: Record) -> list[Fault]:
    return list(faults(record, seed=7, most=SAMPLE))


def test_every_kind_of_fault_is_tried(sample: list[Fault]) -> None:
    assert {fault.kind for fault in sample} == set(KINDS)


def test_the_record_itself_is_no_fault(record: Record) -> None:
    assert caught(Fault("none", "nothing changed", record, tuple(row.id for row in record.rows("metrics")))) == ""
    assert not voided(Fault("none", "nothing changed", record, ()))


def test_the_signatures_catch_every_fault(sample: list[Fault]) -> None:
    assert [fault.told for fault in sample if not voided(fault)] == []


def test_the_rules_alone_catch_every_fault_or_say_why_not(sample: list[Fault]) -> None:
    assert [fault.told for fault in sample if not caught(fault) and not explained(fault.kind, fault.told)] == []


@pytest.mark.slow
def test_the_judge_says_what_the_whole_check_says(sample: list[Fault]) -> None:
    """The judge runs only what a fault touches; the check, with Great Expectations, runs everything."""
    for fault in sample[:: max(1, len(sample) // 12)]:
        failed = any(result.status != PASS for result in check_record(fault.record).results if result.id != "signatures")
        assert failed == bool(caught(fault)), fault.told


def test_the_page_counts_what_was_caught() -> None:
    judges = {"ours": dict.fromkeys(KINDS, 2)}
    tried = {"ours": dict.fromkeys(KINDS, 3)}
    page = told(judges, tried, [("a quote cut", "one")], "source")
    assert f"**{2 * len(KINDS)} / {3 * len(KINDS)} (66.7 %)**" in page
    assert "Survivors of the rules alone: 1" in page
