"""A map of what was reported when: every dated measure against the years. Empty means that no document says a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieout.comparing import RUN, Cells
from tieout.facts import Evidence, Fact
from tieout.figures.plan import Plan, documents_of, in_sentence, plain_label, row, source_line
from tieout.record import MISSING
from tieout.wording import number

if TYPE_CHECKING:
    from tieout.figures.canvas import Canvas

ID = "coverage"
GROUP = "coverage"
UNDATED_KINDS = ("year", "rank")
ORDER = ("law_enforcement", "sentences", "victims", "protection", "funding", "prevention", "law", "assessment")


def plan(evidence: Evidence) -> Plan | None:
    """The plan of the figure; None where nothing in the evidence has a date."""
    cells = _dated(evidence)
    if not any(one["status"] != MISSING for one in cells):
        return None
    record = evidence.record
    metrics = list(dict.fromkeys(one["metric"] for one in cells))
    rows = [row(one, record.metrics[one["metric"]]["label"]) | {"group": _group(record.metrics[one["metric"]]["group"])} for one in cells]
    ids = [one["id"] for one in cells]
    first, last = min(one["start"][:4] for one in cells), max(one["end"][:4] for one in cells)
    title = Fact(f"figure-{ID}", _title(evidence, cells, metrics, first, last), None, "measures", "", tuple(ids), RUN, ())
    subtitle = "Which years the documents give a figure for, measure by measure. An empty year is silence, not a zero."
    told = "; ".join(f"{record.metrics[metric]['label']}: {_told([one for one in cells if one['metric'] == metric])}" for metric in metrics)
    alt = f"Map of measures by years from {first} to {last}. {title.text}. {told}."
    return Plan(ID, GROUP, title, subtitle, rows, (), source_line(record, documents_of(evidence, ids)), alt)


def _group(group: str) -> str:
    return group.replace("_", " ").capitalize()


def _dated(evidence: Evidence) -> list[Cells]:
    """The observations of periods, group by group, the measures that begin first on top."""
    metrics = evidence.record.metrics
    kept = [one for one in evidence.observations if one["start"] and evidence.record.metrics[one["metric"]]["kind"] not in UNDATED_KINDS]
    first: dict[str, str] = {}
    for one in kept:
        first[one["metric"]] = min(first.get(one["metric"], one["start"]), one["start"])

    def order(one: Cells) -> tuple:
        group = metrics[one["metric"]]["group"]
        place = ORDER.index(group) if group in ORDER else len(ORDER)
        return (place, group, first[one["metric"]], one["metric"], one["start"], one["end"], one["id"])

    return sorted(kept, key=order)


def _title(evidence: Evidence, cells: list[Cells], metrics: list[str], first: str, last: str) -> str:
    """How many measures have a figure for one period only, and which has the longest run of years without a gap."""
    periods = {
        metric: {(one["start"], one["end"]) for one in cells if one["metric"] == metric and one["status"] != MISSING} for metric in metrics
    }
    once = sum(len(found) == 1 for found in periods.values())
    runs = {metric: _longest([one for one in cells if one["metric"] == metric and one["status"] != MISSING]) for metric in metrics}
    best = max(runs.values())
    holders = [metric for metric in metrics if runs[metric] == best]
    span = f"from {first} to {last}" if first != last else f"in {first}"
    have = "has" if once == 1 else "have"
    who = (
        f"{number(once)} of {number(len(metrics))} measures {have}" if once < len(metrics) else f"All {number(len(metrics))} measures have"
    )
    text = f"{who} a figure for only one period {span}"
    if best < 2:
        return f"{text}; none has two years in a row"
    which = f" ({in_sentence(plain_label(evidence.record, holders[0]))})" if len(holders) == 1 else ""
    return f"{text}; the longest run without a gap is {number(best)} years{which}"


def _longest(cells: list[Cells]) -> int:
    """The longest run of single calendar years, one after the other."""
    years = {
        int(one["start"][:4])
        for one in cells
        if (one["start"][4:], one["end"][4:], one["start"][:4]) == ("-01-01", "-12-31", one["end"][:4])
    }
    longest = 0
    for year in years:
        if year - 1 not in years:
            end = year
            while end + 1 in years:
                end += 1
            longest = max(longest, end - year + 1)
    return longest


def _told(cells: list[Cells]) -> str:
    periods = dict.fromkeys((row(one, "")["period"], " not reported" if one["status"] == MISSING else "") for one in cells)
    return ", ".join(period + words for period, words in periods)


def draw(plan: Plan, canvas: Canvas) -> None:
    """A line for each measure, a mark for each period; labels beside it on a page, over it on a phone."""
    from tieout.figures.reported import draw_map, draw_small

    canvas.head(plan)
    (draw_small if canvas.card else draw_map)(plan, canvas)
    canvas.foot(plan)
