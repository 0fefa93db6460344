"""A metric's observations in time, and which of them may be joined.

What keeps two neighbours apart has a kind, because a reader must see it in the mark itself: an open space, a divider,
another pattern.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tieout.comparing import Cells, Pair
from tieout.facts import Evidence
from tieout.figures.plan import row
from tieout.record import MISSING
from tieout.vintages import retold, revision
from tieout.wording import shown

GAP, BREAK, COVERAGE, UNREPORTED, HELD = "gap", "break", "coverage", "not reported", "held"
WALLS = {
    BREAK: "Break: may not be compared",
    COVERAGE: "Other coverage: may not be compared",
    HELD: "May not be compared",
}
DIVIDED = tuple(WALLS)
YEAR = 366


@dataclass(frozen=True)
class Series:
    """The observations of one metric, oldest first, with the pair that each makes with the one before it.

    ``revised`` tells by id what an earlier document gave where a later one gives something else.
    """

    metric: str
    cells: tuple[Cells, ...]
    pairs: tuple[Pair | None, ...]
    kinds: tuple[str, ...]
    revised: dict[str, str]

    @property
    def reported(self) -> list[Cells]:
        """The observations that have a number."""
        return [cells for cells in self.cells if cells["status"] != MISSING]

    @property
    def joined(self) -> list[Pair]:
        """The pairs that may be told as a change."""
        return [pair for pair, kind in zip(self.pairs, self.kinds, strict=True) if pair and not kind]

    def rows(self, panel: str) -> list[dict[str, str]]:
        """The rows of the series in a panel of a figure."""
        joins = [pair.start["id"] if pair and not kind else "" for pair, kind in zip(self.pairs, self.kinds, strict=True)]
        told = [self.revised.get(cells["id"], "") for cells in self.cells]
        return [row(*one) for one in zip(self.cells, [panel] * len(joins), joins, self.kinds, told, strict=True)]


def series(evidence: Evidence, metric: str) -> Series:
    """The dated observations of a metric's totals, those about a year at most: several years together are no bar among years."""
    cells = tuple(one for one in evidence.series(metric) if days(one) <= YEAR)
    neighbours = list(pairwise(cells))
    found = [_pair(evidence, before, after) for before, after in neighbours]
    kinds = [apart(evidence, before, after) for before, after in neighbours]
    return Series(metric, cells, (None, *found) if cells else (), ("", *kinds) if cells else (), _revised(evidence, cells))


def retellings(evidence: Evidence, cells: Iterable[Cells]) -> list[Pair]:
    """The steps by which these observations came to be: an earlier document's figure for the same, and what it became."""
    ids = {one["id"] for one in cells}
    retold_here = [pair for pair in evidence.pairs if pair.end["id"] in ids and retold(pair.start, pair.end)]
    return [pair for pair in retold_here if revision(pair.start, pair.end) != "confirmed"]


def _revised(evidence: Evidence, cells: Iterable[Cells]) -> dict[str, str]:
    given = [pair for pair in retellings(evidence, cells) if MISSING not in (pair.start["status"], pair.end["status"])]
    return {pair.end["id"]: f"{shown(pair.start)} ({pair.start['document']})" for pair in given}


def days(cells: Cells) -> int:
    """How many days an observation is about."""
    return (date.fromisoformat(cells["end"]) - date.fromisoformat(cells["start"])).days + 1


def present(evidence: Evidence, metrics: Iterable[str]) -> list[Series]:
    """The series that have at least one number."""
    return [one for one in (series(evidence, metric) for metric in metrics) if one.reported]


def breaks_between(evidence: Evidence, before: Cells, after: Cells) -> list[Cells]:
    """The breaks that the record keeps between two observations of a metric."""
    rows = evidence.record.rows("breaks")
    return [one for one in rows if one["metric"] == before["metric"] and before["start"] <= one["before"] and one["after"] <= after["end"]]


def _pair(evidence: Evidence, before: Cells, after: Cells) -> Pair | None:
    return evidence.pair(before, after)


def apart(evidence: Evidence, before: Cells, after: Cells) -> str:
    """Why no line may run between two neighbours; empty where one may."""
    if evidence.joined(before, after):
        return ""
    if MISSING in (before["status"], after["status"]):
        return UNREPORTED
    if before["coverage"] != after["coverage"]:
        return COVERAGE
    if breaks_between(evidence, before, after) or after["status"] == "B":
        return BREAK
    return GAP if int(after["start"][:4]) - int(before["end"][:4]) > 1 else HELD
