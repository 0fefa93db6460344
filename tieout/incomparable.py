"""Which metrics must not be compared with which, and why: ``data/incomparable.csv``, a pair a line, read from either side.

A pair names what a hasty reader would set side by side. A part of its whole is no such pair: that share may be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from tieout.record import Record

Pairs = Mapping[frozenset[str], str]


def reasons(record: Record) -> dict[frozenset[str], str]:
    """Why each pair of metrics must not be compared."""
    return {frozenset((row["metric"], row["other"])): row["reason"] for row in record.rows("incomparable")}


def kept_apart(record: Record) -> dict[str, dict[str, str]]:
    """For each metric that has such pairs the others, in the order of their labels, each with the reason; a pair stands on both sides."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in record.rows("incomparable"):
        found[row["metric"]][row["other"]] = row["reason"]
        found[row["other"]][row["metric"]] = row["reason"]
    return {
        metric: {other: others[other] for other in sorted(others, key=lambda one: _label(record, one))} for metric, others in found.items()
    }


def kept_apart_here(record: Record) -> dict[str, dict[str, str]]:
    """``kept_apart`` for an edition: a metric that the country has no row of is another country's, and left out."""
    used = {row["metric"] for row in record.rows("metrics")}
    found = {metric: {other: why for other, why in others.items() if other in used} for metric, others in kept_apart(record).items()}
    return {metric: others for metric, others in found.items() if metric in used and others}


def opposed(pairs: Pairs, one: Iterable[str], others: Iterable[str]) -> list[tuple[str, str, str]]:
    """Each pair of one of the first metrics with one of the others that must not be compared, with the reason."""
    others = list(dict.fromkeys(others))
    both = dict.fromkeys(frozenset((a, b)) for a in dict.fromkeys(one) for b in others)
    return [(*sorted(pair), pairs[pair]) for pair in both if pair in pairs]


def opposed_among(pairs: Pairs, metrics: Iterable[str]) -> list[tuple[str, str, str]]:
    """Each pair among these metrics that must not be compared, with the reason."""
    both = map(frozenset, combinations(dict.fromkeys(metrics), 2))
    return [(*sorted(pair), pairs[pair]) for pair in both if pair in pairs]


def _label(record: Record, metric: str) -> str:
    return record.metrics[metric]["label"] if metric in record.metrics else metric
