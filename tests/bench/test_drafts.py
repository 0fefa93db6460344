"""Drafts are as good as docs/drafts.md says, by a sample; and the measure can tell a bad teacher."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bench.drafts import HEADLINE, KNOWLEDGE, MEASURES, TARGETS, baseline, judged, learnt, nonsense, page, short, total
from tests.conftest import ROOT
from tieout.learning import unlearnt, without
from tieout.record import Row, load

RECORD = load("bel", ROOT)
FLOORS = TARGETS | {"key": 0.97, "metric": 0.85, "period": 0.92, "unit": 0.9, "qualifier": 0.97, "age": 0.85, "year": 0.95}
SAMPLE = sorted(random.Random(20260601).sample(["tip-2004", "tip-2021", "tip-2025"], 2))


@pytest.fixture(scope="module")
def sampled():
    return total([judged(RECORD, document, *KNOWLEDGE[HEADLINE]) for document in SAMPLE])


@pytest.mark.parametrize("measure", sorted(FLOORS))
def test_the_floor_is_held(sampled, measure: str) -> None:
    assert sampled.of[measure] and sampled.share(measure) >= FLOORS[measure], sampled.missed


def test_sure_guesses_are_right(sampled) -> None:
    right = [right for sure, right in sampled.sure if sure >= 0.8]
    assert len(right) > 100 and sum(right) / len(right) >= 0.9


def test_what_is_unsure_is_less_often_right(sampled) -> None:
    sure, unsure = ([right for confidence, right in sampled.sure if (confidence >= 0.8) == want] for want in (True, False))
    assert unsure and sum(unsure) / len(unsure) < sum(sure) / len(sure)


def test_a_teacher_with_shuffled_labels_falls_below_the_floor() -> None:
    taught = judged(RECORD, "tip-2021", unlearnt, nonsense)
    assert taught.share("metric") < 0.5 * TARGETS["metric"]
    assert short(taught)


def test_the_drafter_before_was_worse() -> None:
    before = total([judged(RECORD, document, without, baseline) for document in SAMPLE])
    assert {"period", "unit", "set_aside"} <= {measure for measure in TARGETS if before.share(measure) < TARGETS[measure]}


def test_a_missed_number_is_told(sampled) -> None:
    wrong = sum(sampled.of[measure] - sampled.right[measure] for measure in ("set_aside", "metric", "unit"))
    assert wrong == 0 or sampled.missed


def test_a_number_that_is_not_drafted_is_missed() -> None:
    """Were the finder to overlook a keyed number, the share found would say so."""
    rows = tuple(Row({**row.cells, "printed": "999999"}, row.document, row.where) if row.id == "tip-2021-001" else row
                 for row in RECORD.rows("metrics"))  # fmt: skip
    score = judged(replace(RECORD, tables=RECORD.tables | {"metrics": rows}), "tip-2021", unlearnt, learnt)
    assert score.share("found") < TARGETS["found"]


def test_the_page_is_the_one_that_stands_in_the_documentation() -> None:
    results = {name: {document: judged(RECORD, document, *how) for document in RECORD.documents} for name, how in KNOWLEDGE.items()}
    assert page(RECORD, results) == (ROOT / "docs" / "drafts.md").read_text(encoding="utf-8"), "run make drafts"
    assert all(label in page(RECORD, results) for label in MEASURES.values())
