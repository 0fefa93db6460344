"""The notes under a figure: gaps, breaks, coverage, and the faults in the sources that touch what is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from tieout.comparing import CAVEAT, HOLD, Cells, period_name
from tieout.facts import Evidence, trend_fact
from tieout.figures.series import UNREPORTED, YEAR, Series, breaks_between, days, retellings
from tieout.record import MISSING, Row
from tieout.wording import listed, sentence, shown, subject, when

RELATIONS = ("arithmetic", "contradiction", "identification", "rounding")


def notes(evidence: Evidence, many: Iterable[Series], also: Iterable[str] = ()) -> tuple[str, ...]:
    """Everything that must be said with the series drawn; ``also`` are the ids of observations told beside them."""
    many = list(many)
    cells = [cells for one in many for cells in one.cells]
    neighbours = [pair for one in many for pair in pairwise(one.cells)]
    found = [
        *gaps(cells),
        *_long(evidence, many),
        *_unreported(evidence, cells),
        *broken(evidence, neighbours),
        *(trend_fact(evidence.record, pair).text for pair in retellings(evidence, cells)),
        *coverages(cells),
        *_joined(evidence, many),
    ]
    found += faults(evidence, [one["id"] for one in cells] + list(also), found)
    return tuple(dict.fromkeys(found))


def gaps(cells: list[Cells]) -> list[str]:
    """The years between the first and the last number for which no document has any."""
    years = {year for one in cells for year in range(int(one["start"][:4]), int(one["end"][:4]) + 1)}
    missing = [year for year in range(min(years), max(years)) if year not in years]
    return [f"No document gives a figure for {listed(spans(missing))}."] if missing else []


def spans(years: list[int]) -> list[str]:
    """Years as a reader says them: ``2004``, ``2008 to 2021``."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    told = [[str(year) for year in run] if len(run) < 3 else [f"{run[0]} to {run[-1]}"] for run in runs]
    return [words for run in told for words in run]


def coverages(cells: Iterable[Cells]) -> list[str]:
    """What figures cover when it is not the whole, once for all the periods that share it."""
    shared: dict[str, list[str]] = {}
    for one in cells:
        if one["coverage"]:
            shared.setdefault(one["coverage"], []).append(period_name(one))
    return [f"{listed(list(dict.fromkeys(periods)))}: {coverage}." for coverage, periods in shared.items()]


def faults(evidence: Evidence, ids: Iterable[str], told: Iterable[str] = ()) -> list[str]:
    """The faults to mention with these observations.

    A fault about a row's meaning is said wherever the row stands; one about how rows relate, only where two of them do.
    A fault whose own words from the source are quoted in a note already told is not said again.
    """
    ids, told = set(ids), list(told)
    touching = [one for one in evidence.record.rows("faults") if one["treatment"] in (CAVEAT, HOLD) and _touches(evidence, one, ids)]
    return [sentence(one["description"]) for one in touching if not _quoted(evidence, one, told)]


def _quoted(evidence: Evidence, fault: Row, told: list[str]) -> bool:
    statements = [row for row in evidence.record.rows("statements") if row.id in fault.tokens("ids")]
    return any(f"“{row['quote']}”" in note for row in statements for note in told)


def _touches(evidence: Evidence, fault: Row, ids: set[str]) -> bool:
    named = [one for one in fault.tokens("ids") if one in evidence.by_id]
    met = ids & set(named)
    return len(met) >= (min(2, len(named)) if fault["kind"] in RELATIONS else 1) and bool(met)


def _long(evidence: Evidence, many: Iterable[Series]) -> list[str]:
    """Numbers about several years together, which have no place among the years."""
    found = [cells for one in many for cells in evidence.series(one.metric) if days(cells) > YEAR]
    return [
        f"{subject(evidence.record, one)}: {shown(one)} {when(one)}, several years together: not drawn. ({one['document']})"
        for one in found
    ]


def _unreported(evidence: Evidence, cells: Iterable[Cells]) -> list[str]:
    missing = [one for one in cells if one["status"] == MISSING]
    return [f"{subject(evidence.record, one)}: not reported {when(one)}. “{one['quote']}” ({one['document']})" for one in missing]


def broken(evidence: Evidence, neighbours: Iterable[tuple[Cells, Cells]]) -> list[str]:
    """The breaks between neighbours, with the source's own words."""
    rows = [row for before, after in neighbours for row in breaks_between(evidence, before, after)]
    return [f"{sentence(row['reason'])} “{row['quote']}” ({row['document']})" for row in rows]


def _joined(evidence: Evidence, many: Iterable[Series]) -> list[str]:
    """The caveats on changes that are shown, save the faults and keyers' notes that a fault already tells."""
    told = {one["description"].rstrip(".") for one in evidence.record.rows("faults")}
    named = {token for one in evidence.record.rows("faults") for token in one.tokens("ids")}
    found = []
    for pair in (pair for one in many for pair, kind in zip(one.pairs, one.kinds, strict=True) if pair and kind != UNREPORTED and not kind):
        keyed = [cells["note"] for cells in (pair.start, pair.end) if cells["note"] and cells["id"] in named]
        found += [
            sentence(reason.text)
            for reason in pair.reasons
            if reason.text not in told and not any(note.rstrip(": ") in reason.text for note in keyed)
        ]
    return found
