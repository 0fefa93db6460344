"""Metrics that must not be compared: told from either side, and set against each other nowhere in an edition."""

from __future__ import annotations

import pytest

from tieout.checks import MEANING
from tieout.comparing import HOLD, compare
from tieout.facts import Evidence, gather
from tieout.figures import plans
from tieout.incomparable import kept_apart, opposed, opposed_among, reasons

PAIR = {"metric": "cases", "other": "people", "reason": "A case may have several people."}
CODEBOOK = [{"metric": name, "label": label} for name, label in (("cases", "Cases"), ("people", "People"), ("money", "Amount"))]


def test_a_pair_is_told_of_both_its_metrics_in_the_order_of_their_labels(record_of):
    other = {"metric": "money", "other": "people", "reason": "No."}
    found = kept_apart(
        record_of("", codebook=CODEBOOK, incomparable=[PAIR, other], metrics=[{"metric": row["metric"]} for row in CODEBOOK])
    )
    assert found["cases"] == {"people": PAIR["reason"]}
    assert list(found["people"]) == ["money", "cases"]


def test_only_pairs_between_the_two_sides_are_found(record_of):
    pairs = reasons(record_of("", incomparable=[PAIR]))
    assert opposed(pairs, ["people"], ["cases", "cases", "money"]) == [("cases", "people", PAIR["reason"])]
    assert opposed(pairs, ["people", "cases"], ["money"]) == []
    assert opposed(pairs, ["cases"], ["cases"]) == []
    assert opposed_among(pairs, ["cases", "money", "people", "people"]) == [("cases", "people", PAIR["reason"])]


@pytest.mark.parametrize(
    ("relation", "expected", "parts", "found"),
    [
        ("sum", "holds", "doc-1-002|doc-1-003", 1),
        ("sum", "fails", "doc-1-002|doc-1-003", 0),
        ("part", "holds", "doc-1-002|doc-1-003", 0),
        ("product", "holds", "doc-1-002|doc-1-003", 0),
    ],
)
def test_parts_are_set_against_each_other_only_where_they_are_added(record_of, relation, expected, parts, found):
    rows = [{"id": f"doc-1-00{place}", "metric": name} for place, name in enumerate(("money", "cases", "people"), 1)]
    identity = {"identity": "i01-x", "relation": relation, "total": "doc-1-001", "parts": parts, "expected": expected}
    record = record_of("", codebook=CODEBOOK, incomparable=[PAIR], metrics=rows, identities=[identity])
    assert len(list(MEANING["kept-apart"][1](record))) == found


@pytest.mark.parametrize(("relation", "found"), [("sum", 1), ("part", 1), ("same", 1), ("product", 0)])
def test_a_total_is_set_against_its_parts_but_for_a_product(record_of, relation, found):
    rows = [{"id": "doc-1-001", "metric": "cases"}, {"id": "doc-1-002", "metric": "people"}]
    identity = {"identity": "i01-x", "relation": relation, "total": "doc-1-001", "parts": "doc-1-002", "expected": "holds"}
    record = record_of("", codebook=CODEBOOK, incomparable=[PAIR], metrics=rows, identities=[identity])
    assert len(list(MEANING["kept-apart"][1](record))) == found


def test_whoever_pairs_two_metrics_is_given_no_change(belgium):
    rows = Evidence.of(belgium).by_id
    pair = compare(rows["tip-2025-020"], rows["tip-2025-018"])
    assert (pair.verdict, pair.change, pair.percent) == (HOLD, None, None)
    assert "differ in metric" in pair.reasons[0].text


def test_no_sentence_reckons_with_two_metrics_that_must_not_be_compared(belgium):
    """The title of a figure has the rows of its notes too; what is drawn of them the next test holds apart."""
    pairs, reckoned = reasons(belgium), [fact for fact in gather(Evidence.of(belgium)) if fact.formula]
    assert reckoned
    for fact in reckoned:
        assert opposed_among(pairs, [belgium.by_id[one]["metric"] for one in fact.inputs if one in belgium.by_id]) == [], fact.id


def test_no_panel_of_a_figure_holds_two_metrics_that_must_not_be_compared(belgium):
    drawn = [plan for plan in plans(Evidence.of(belgium)) if plan.id != "reported"]  # it draws that there is a figure, not how high it is
    for plan in drawn:
        panels = {}
        for row in plan.rows:
            panels.setdefault(row.get("panel", ""), set()).add(row.get("metric", ""))
        for name, metrics in panels.items():
            assert opposed_among(reasons(belgium), metrics) == [], (plan.id, name)
