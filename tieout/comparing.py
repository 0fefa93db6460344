"""What may be compared with what: the verdicts of ``trends.csv``.

Consecutive observations of one metric are paired. A pair may ``run``; it may be told with a ``caveat``; or it is on
``hold``, and then no change is given at all. Every verdict carries its reasons in plain words, with the source's own
words behind them where there are any.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import inf
from types import MappingProxyType

from tieout import chance
from tieout.identities import rounding
from tieout.numbers import MONTHS, SCALES
from tieout.record import MISSING
from tieout.vintages import current, retold, revision

RUN, CAVEAT, HOLD = "run", "caveat", "hold"
COUNTS = ("persons", "cases", "convictions", "sentences", "permits", "referrals")  # units that count independent events
SMALL = 100  # below this a count is small enough for chance to matter to a reader
UNRATED = ("percent", "tier", "calendar_year")  # units in which a change in percent means nothing
SERIES = ("metric", "sex", "age", "exploitation", "unit")
_LOW, _HIGH = ("at_least", "more_than"), ("at_most", "less_than")
_DOUBTFUL = {"E": "is an estimate", "P": "is provisional", "U": "has low reliability", "W": "includes another category"}

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Reason:
    """Why a pair does not simply run: the verdict it forces, and why, in a sentence without a full stop's company."""

    verdict: str
    text: str


@dataclass(frozen=True)
class Pair:
    """Two consecutive observations of a series, with the verdict on comparing them.

    ``change`` is ``to`` minus ``from`` in the series' unit (percentage points for a share) and ``percent`` the change in
    percent of ``from``, both None where the verdict is ``hold`` or where a bound leaves the change open.
    """

    start: Cells
    end: Cells
    reasons: tuple[Reason, ...]
    change: Decimal | None
    percent: Decimal | None

    @property
    def verdict(self) -> str:
        """The strictest verdict that any reason forces."""
        verdicts = {reason.verdict for reason in self.reasons}
        return HOLD if HOLD in verdicts else CAVEAT if CAVEAT in verdicts else RUN


def series_name(cells: Cells) -> str:
    """The series an observation belongs to: its metric, the categories that are not total, and its unit."""
    categories = [cells[dimension] for dimension in ("sex", "age", "exploitation") if cells[dimension] != "total"]
    return "/".join([cells["metric"], *categories, cells["unit"]])


def same_fact(cells: Cells) -> tuple[str, ...]:
    """What two tellings of one fact have in common, whatever number they give."""
    return tuple(cells[column] for column in (*SERIES, "start", "end", "period_basis", "coverage"))


def facts_once(observations: Iterable[Cells]) -> list[Cells]:
    """The observations without those that tell, in the same document, a fact that an earlier row told alike."""
    seen, kept = set(), []
    for cells in sorted(observations, key=lambda cells: cells["id"]):
        telling = (cells["document"], same_fact(cells), cells["value"], cells["status"] == MISSING)
        if telling not in seen:
            seen.add(telling)
            kept.append(cells)
    return kept


def pairs(
    observations: Iterable[Cells],
    breaks: Iterable[Cells] = (),
    faults: Iterable[Cells] = (),
    notes: Mapping[str, str] = MappingProxyType({}),
) -> list[Pair]:
    """Every consecutive pair of every series, in the order of series and time, then the series' revisions.

    ``notes`` are what must be said with a metric, by its code. Of a fact that several documents tell, the current telling is
    compared with its neighbours. The order of the input never matters.
    """
    groups: dict[tuple[str, ...], list[Cells]] = {}
    for cells in facts_once(observations):
        groups.setdefault(tuple(cells[column] for column in SERIES), []).append(cells)
    cuts, warned = _Index(breaks, lambda row: {row["metric"]}), _Index(faults, _named)
    found = []
    for key in sorted(groups):
        now, revisions = current(groups[key])
        steps = [*itertools.pairwise(sorted(now, key=in_time)), *sorted(revisions, key=lambda step: in_time(step[1]))]
        note = notes.get(key[0], "")
        found += [compare(start, end, cuts.of(start["metric"]), warned.of(start["id"], end["id"]), note) for start, end in steps]
    return found


class _Index:
    """Rows found by the names that they are about, always in their own order."""

    def __init__(self, rows: Iterable[Cells], names: Callable[[Cells], set[str]]) -> None:
        self.rows, self.places = list(rows), defaultdict(list)
        for place, row in enumerate(self.rows):
            for name in names(row):
                self.places[name].append(place)

    def of(self, *names: str) -> list[Cells]:
        """The rows that are about any of these."""
        return [self.rows[place] for place in sorted({place for name in names for place in self.places.get(name, ())})]


def in_time(cells: Cells) -> tuple[str, ...]:
    """The order of observations in time; one without a period stands where its document does."""
    return (cells["start"] or cells["published"], cells["end"] or cells["published"], cells["published"], cells["id"])


def compare(start: Cells, end: Cells, breaks: Iterable[Cells] = (), faults: Iterable[Cells] = (), note: str = "") -> Pair:
    """The verdict on comparing two observations of one series; ``note`` must be said with their metric."""
    reasons = [
        *_things(start, end),
        *_missing(start, end),
        *_periods(start, end),
        *_definitions(start, end),
        *_broken(start, end, breaks),
        *_faulty(start, end, faults),
    ]
    if not any(reason.verdict == HOLD for reason in reasons):
        reasons += [*_documents(start, end), *_noted(note), *_bounds(start, end), *_doubts(start, end), *_chance(start, end)]
    held = any(reason.verdict == HOLD for reason in reasons)
    change = None if held or _open_ended(start, end) else Decimal(end["value"]) - Decimal(start["value"])
    percent = None
    if change is not None and start["unit"] not in UNRATED and Decimal(start["value"]) != 0:
        percent = (100 * change / Decimal(start["value"])).quantize(Decimal("0.1"), ROUND_HALF_UP)
    ordered = sorted(_once(reasons), key=lambda reason: reason.verdict != HOLD)
    return Pair(start, end, tuple(ordered), change, percent)


def period_name(cells: Cells) -> str:
    """A period for readers: a year, a span of years, a span of days, or words for none."""
    start, end = cells["start"], cells["end"]
    if not start:
        return "in force" if cells["period_basis"] == "standing" else "period not stated"
    if start[5:] == "01-01" and end[5:] == "12-31":
        return start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}"
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    names = [MONTHS[first.month - 1], MONTHS[last.month - 1]]
    months = names[0] if (first.year, first.month) == (last.year, last.month) else " to ".join(names)
    return f"{months} {end[:4]}" if first.year == last.year else f"{start} to {end}"


def _things(start: Cells, end: Cells) -> Iterable[Reason]:
    """Two metrics, or two categories of one, are never compared, whoever pairs them."""
    differing = [column for column in SERIES if start[column] != end[column]]
    if differing:
        yield Reason(HOLD, f"{start['id']} and {end['id']} differ in {', '.join(differing)}")


def _missing(start: Cells, end: Cells) -> Iterable[Reason]:
    for cells in (start, end):
        if cells["status"] == MISSING:
            named = period_name(cells) if cells["start"] else "the later figure" if cells is end else "the earlier figure"
            yield Reason(HOLD, f"{named} was not reported: “{cells['quote']}” ({cells['document']})")


def _periods(start: Cells, end: Cells) -> Iterable[Reason]:
    """Only full, adjoining periods of one length join; a gap stays open."""
    undated = [cells for cells in (start, end) if not cells["start"]]
    if undated:
        rule = all(cells["period_basis"] == "standing" for cells in undated)
        told = "a rule in force, not the figure of a period" if rule else "not said which period the figure is about"
        yield Reason(HOLD, f"in {' and '.join(dict.fromkeys(cells['document'] for cells in undated))} it is {told}")
        return
    if retold(start, end):
        yield Reason(HOLD, f"{period_name(start)} is told by {start['document']} and by {end['document']}: {revision(start, end)}")
        return
    if (start["start"], start["end"]) == (end["start"], end["end"]):
        yield Reason(HOLD, f"both figures are about {period_name(start)}")
        return
    if abs(_days(start) - _days(end)) > 3:
        yield Reason(HOLD, f"the periods differ in length: {period_name(start)} and {period_name(end)}")
    between = date.fromisoformat(end["start"]) - date.fromisoformat(start["end"])
    if between > timedelta(days=1):
        yield Reason(HOLD, f"these documents give no figure between {period_name(start)} and {period_name(end)}: the gap stays open")
    elif between < timedelta(days=1):
        yield Reason(HOLD, f"the periods overlap: {period_name(start)} and {period_name(end)}")


def _definitions(start: Cells, end: Cells) -> Iterable[Reason]:
    if start["coverage"] != end["coverage"]:
        told = [f"{period_name(cells)} covers {cells['coverage'] or 'the whole'}" for cells in (start, end)]
        yield Reason(HOLD, f"the coverage differs: {told[0]}, {told[1]}")
    if end["status"] == "B":
        yield Reason(HOLD, f"the figure of {period_name(end)} is keyed as a break in its series")
    if (start["status"] == "D") != (end["status"] == "D"):
        odd = start if start["status"] == "D" else end
        yield Reason(HOLD, f"the figure of {period_name(odd)} departs from the definition: {odd['note']}".rstrip(": "))
    elif start["status"] == "D":
        yield Reason(CAVEAT, f"both figures depart from the definition in the same way: {end['note']}".rstrip(": "))


def _broken(start: Cells, end: Cells, breaks: Iterable[Cells]) -> Iterable[Reason]:
    for row in breaks:
        if (
            row["metric"] == start["metric"]
            and start["start"]
            and end["end"]
            and start["start"] <= row["before"]
            and row["after"] <= end["end"]
        ):
            yield Reason(HOLD, f"{row['reason'].rstrip('.')}: “{row['quote']}” ({row['document']})")


def _faulty(start: Cells, end: Cells, faults: Iterable[Cells]) -> Iterable[Reason]:
    """A fault to hold forbids comparing two rows it names; a caveat is said with any of them."""
    for row in faults:
        named = _named(row) & {start["id"], end["id"]}
        if (row["treatment"] == HOLD and len(named) == 2) or (row["treatment"] == CAVEAT and named):
            yield Reason(row["treatment"], row["description"].rstrip("."))


def _named(fault: Cells) -> set[str]:
    """The rows that a fault names."""
    return {one.strip() for one in fault["ids"].split("|")}


def _documents(start: Cells, end: Cells) -> Iterable[Reason]:
    if start["document"] != end["document"]:
        yield Reason(
            CAVEAT, f"the figures come from two documents, {start['document']} and {end['document']}; neither compares them itself"
        )


def _noted(note: str) -> Iterable[Reason]:
    """What the codebook says must be said with a metric is said with its changes too."""
    if note:
        yield Reason(CAVEAT, note.rstrip("."))


def _bounds(start: Cells, end: Cells) -> Iterable[Reason]:
    """A bound is no number: it bounds the change, or leaves it open."""
    for cells in (start, end):
        if cells["qualifier"] == "about":
            yield Reason(CAVEAT, f"the figure of {period_name(cells)} is approximate")
    if not _open_ended(start, end):
        yield from _rounded(start, end)
        return
    least, most = _limit(start, end)
    difference = Decimal(end["value"]) - Decimal(start["value"])
    told = [
        f"{period_name(cells)} is {cells['qualifier'].replace('_', ' ')} {cells['printed']}"
        for cells in (start, end)
        if cells["qualifier"] in (*_LOW, *_HIGH)
    ]
    bound = (
        f"the change is at least {_signed(difference)}"
        if least and not most
        else f"the change is at most {_signed(difference)}"
        if most and not least
        else "the change is not known"
    )
    yield Reason(CAVEAT, f"{' and '.join(told)}: {bound}")


def _rounded(start: Cells, end: Cells) -> Iterable[Reason]:
    """Two figures printed in millions differ by no less and no more than their rounding leaves open."""
    if not any(cells["printed"].lower().endswith(tuple(SCALES)) for cells in (start, end)):
        return
    spread = rounding(start["printed"]) + rounding(end["printed"])
    change = Decimal(end["value"]) - Decimal(start["value"])
    if spread * 5 >= abs(change):
        least, most = change - spread, change + spread
        bounds = " and ".join(map(_signed, (least, most)))
        yield Reason(CAVEAT, f"the figures are rounded: the true change lies between {bounds}")


def uncertain(pair: Pair) -> bool:
    """Whether rounding or an approximate figure leaves open in which direction the true number went."""
    spread = sum(rounding(cells["printed"]) for cells in (pair.start, pair.end) if " " in cells["printed"] or cells["qualifier"] == "about")
    return pair.change is None or (bool(spread) and spread >= abs(pair.change))


def _signed(value: Decimal) -> str:
    """A change for a reason: ``+1,200``, ``−20``, ``0``."""
    return f"{value.normalize():+,f}".replace("-", "−") if value else "0"


def _limit(start: Cells, end: Cells) -> tuple[bool, bool]:
    """Whether the difference of the values bounds the true change from below, and from above."""
    low = end["qualifier"] not in _HIGH and start["qualifier"] not in _LOW
    high = end["qualifier"] not in _LOW and start["qualifier"] not in _HIGH
    return low, high


def _doubts(start: Cells, end: Cells) -> Iterable[Reason]:
    for cells in (start, end):
        if cells["status"] in _DOUBTFUL:
            yield Reason(CAVEAT, f"the figure of {period_name(cells)} {_DOUBTFUL[cells['status']]}: {cells['note']}".rstrip(": "))
        if cells["period_basis"] == "inferred":
            yield Reason(CAVEAT, f"the period {period_name(cells)} is inferred: {cells['note']}".rstrip(": "))


def _chance(start: Cells, end: Cells) -> Iterable[Reason]:
    """What the change could be if nothing but chance moved the counts: said of small counts, and of any that chance alone could move so."""
    exact = [cells["value"] for cells in (start, end) if cells["unit"] in COUNTS and cells["qualifier"] == "exact"]
    counts = [int(value) for value in exact if value.isdigit()]
    if len(counts) < 2 or sum(counts) == 0 or counts[0] == counts[1]:
        return
    least, most = chance.ratio(*counts)
    small, open_to_chance = min(counts) < SMALL, least <= 1 <= most
    if not small and not open_to_chance:
        return
    told = f"from {least:.2f} to {most:.2f} times" if most != inf else f"from {least:.2f} times upwards"
    could = "could be chance alone" if open_to_chance else "is more than chance alone would make of them"
    named = f"{start['printed']} and {end['printed']}{' are small counts' if small else ''}"
    yield Reason(CAVEAT, f"{named}: the later is {told} the earlier (95% interval of chance), so the change {could}")


def _open_ended(start: Cells, end: Cells) -> bool:
    return any(cells["qualifier"] in (*_LOW, *_HIGH) for cells in (start, end))


def _days(cells: Cells) -> int:
    return (date.fromisoformat(cells["end"]) - date.fromisoformat(cells["start"])).days + 1


def _once(reasons: Iterable[Reason]) -> Iterable[Reason]:
    return dict.fromkeys(reasons)
