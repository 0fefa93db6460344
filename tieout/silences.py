"""What is missing, and since when: the series that the newest documents have no figure for.

Silence is not zero, and an extract's silence is not its report's: it says only that the documents at hand have no figure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tieout.comparing import SERIES, Cells, facts_once, in_time
from tieout.facts import Evidence
from tieout.record import MISSING


@dataclass(frozen=True)
class Silence:
    """A series whose last figure is older than the newest figures of the record.

    ``last`` is its last figure, None where none was ever given; ``since`` the first year without one; ``gaps`` are the
    observations after it in which a source says itself that it does not report.
    """

    last: Cells | None
    since: int
    gaps: tuple[Cells, ...]

    @property
    def any(self) -> Cells:
        """An observation of the series."""
        return self.last or self.gaps[0]


def silences(evidence: Evidence) -> list[Silence]:
    """Every silent series of figures with a period, the longest silence first."""
    series: dict[tuple[str, ...], list[Cells]] = defaultdict(list)
    for cells in facts_once(evidence.observations):
        if cells["start"] and cells["unit"] != "calendar_year":
            series[tuple(cells[column] for column in SERIES)].append(cells)
    newest = max((_year(cells) for rows in series.values() for cells in rows if cells["status"] != MISSING), default=0)
    found = [_silence(sorted(rows, key=in_time)) for rows in series.values()]
    return sorted((one for one in found if one.since <= newest), key=lambda one: (one.since, one.any["metric"], one.any["id"]))


def _silence(rows: list[Cells]) -> Silence:
    told = [cells for cells in rows if cells["status"] != MISSING]
    last = max(told, key=_year, default=None)
    since = _year(last) + 1 if last else min(map(_year, rows))
    gaps = tuple(cells for cells in rows if cells["status"] == MISSING and _year(cells) >= since)
    return Silence(last, since, gaps)


def _year(cells: Cells) -> int:
    """The last year that an observation is about."""
    return int(cells["end"][:4])
