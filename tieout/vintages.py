"""Vintages: the same fact told by several documents, kept as often as it was told.

What a number is *about* and when it was *issued* are two dates. The telling of the document published last is the current one;
each earlier telling is a vintage, and the step to the next one a revision, told with both documents. What was known on a day
is the record loaded as of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from tieout.record import MISSING

Cells = Mapping[str, str]


def current(rows: Iterable[Cells]) -> tuple[list[Cells], list[tuple[Cells, Cells]]]:
    """The current telling of each fact of one series, and every revision as (earlier telling, later telling).

    A fact is a dated period with its coverage. What has no period is never a revision: two reports that state a rule each state
    it of their own time.
    """
    tellings: dict[tuple[str, str, str], list[Cells]] = {}
    for cells in rows:
        tellings.setdefault((cells["start"], cells["end"], cells["coverage"]), []).append(cells)
    now, revisions = [], []
    for (start, *_), told in tellings.items():
        ordered = sorted(told, key=lambda cells: (cells["published"], cells["document"], cells["id"]))
        latest = ordered[-1]["document"]
        if not start or all(cells["document"] == latest for cells in ordered):
            now += ordered
            continue
        now += [cells for cells in ordered if cells["document"] == latest]
        revisions += [(earlier, later) for earlier, later in pairwise(ordered) if earlier["document"] != later["document"]]
    return now, revisions


def retold(earlier: Cells, later: Cells) -> bool:
    """Whether two observations of one series are tellings of one fact by two documents."""
    same = all(earlier[column] == later[column] for column in ("start", "end", "coverage"))
    return same and bool(earlier["start"]) and earlier["document"] != later["document"]


def revision(earlier: Cells, later: Cells) -> str:
    """What a later document did to an earlier one's figure: confirmed, revised, restated, withdrew or first gave it."""
    if later["status"] == MISSING:
        return "not given either" if earlier["status"] == MISSING else "withdrawn"
    if earlier["status"] == MISSING:
        return "given for the first time"
    if earlier["status"] != later["status"]:
        return "restated in another way"
    return "confirmed" if (earlier["value"], earlier["qualifier"]) == (later["value"], later["qualifier"]) else "revised"
