"""Titles: sentences that state a finding, computed from what the record allows to be said."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.comparing import CAVEAT, HOLD, RUN, Cells, Pair, period_name, uncertain
from tieout.facts import Fact, strictest, trend_fact
from tieout.figures.plan import in_sentence
from tieout.figures.series import BREAK, COVERAGE, GAP, Series
from tieout.record import Record
from tieout.wording import listed, shown, when


@dataclass(frozen=True)
class Told:
    """A title in the making: its words, and the change it tells, if it tells one."""

    text: str
    pair: Pair | None = None
    verdict: str = RUN


def course(pair: Pair) -> str:
    """What happened between two comparable observations: rose, fell, stayed; went, where the direction is not certain."""
    start, end = pair.start, pair.end
    if pair.change is None:
        return f"stood at {shown(start)} {when(start)} and {shown(end)} {when(end)}"
    if not pair.change:
        return f"stayed at {shown(end)} {when(start)} and {when(end)}"
    verb = "went" if uncertain(pair) else "rose" if pair.change > 0 else "fell"
    return f"{verb} from {shown(start)} {when(start)} to {shown(end)} {when(end)}"


def series_title(label: str, one: Series) -> Told:
    """The last change that may be told of a series, and what stands apart after it; or only what is known."""
    pair = one.joined[-1] if one.joined else None
    if pair is None:
        return Told(_levels(label, one), None, HOLD if len(one.reported) > 1 else RUN)
    text = f"{label} {course(pair)}"
    after = list(zip(one.cells, one.kinds, strict=True))[one.cells.index(pair.end) + 1 :]
    later = [(cells, kind) for cells, kind in after if cells in one.reported]
    if later:
        each = " or with each other" if len(later) > 1 else ""
        text += f"; {listed([_alone(cells, kind) for cells, kind in later])} may not be compared with that{each}"
    held = len(one.joined) < len(one.cells) - 1
    return Told(text, pair, CAVEAT if held else pair.verdict)


def several_title(labelled: list[tuple[str, Series]]) -> Told:
    """The last change of each series, those of the same years in one clause; levels where nothing may be compared."""
    changes = [(label, one.joined[-1]) for label, one in labelled if one.joined]
    if not changes:
        held = any(len(one.cells) > 1 for _, one in labelled)
        return Told(
            "; ".join(_levels(label if not place else in_sentence(label), one) for place, (label, one) in enumerate(labelled)),
            None,
            HOLD if held else RUN,
        )
    spans: dict[tuple[str, str], list[str]] = {}
    for label, pair in changes:
        spans.setdefault((period_name(pair.start), period_name(pair.end)), []).append(f"{in_sentence(label)} {_without_years(pair)}")
    ordered = sorted(spans.items(), key=lambda item: item[0][1], reverse=True)
    clauses = [f"{_span(*span)} {listed(told)}" for span, told in ordered]
    text = "; ".join(clauses)
    held = any(len(one.joined) < len(one.cells) - 1 for _, one in labelled)
    return Told(text[:1].upper() + text[1:], None, CAVEAT if held else strictest(pair.verdict for _, pair in changes))


def headline(name: str, told: Told, record: Record, inputs: list[str], notes: tuple[str, ...]) -> Fact:
    """The title as a fact: with the change it tells, the arithmetic, the rows drawn and the notes printed with it."""
    change = trend_fact(record, told.pair) if told.pair else None
    verdict = told.verdict if notes or told.verdict != CAVEAT else RUN
    verdict = CAVEAT if notes and verdict == RUN else verdict
    if change is None:
        return Fact(f"figure-{name}", told.text, None, "", "", tuple(inputs), verdict, notes)
    return Fact(f"figure-{name}", told.text, change.value, change.unit, change.formula, tuple(inputs), verdict, notes)


def _levels(label: str, one: Series) -> str:
    levels = [f"{shown(cells)} {when(cells)}" for cells in one.reported]
    tail = ", which may not be compared" if len(one.reported) > 1 else ""
    return f"{label}: {listed(levels)}{tail}"


def _alone(cells: Cells, kind: str) -> str:
    why = {GAP: "after a gap", BREAK: "break in the series", COVERAGE: cells["coverage"]}.get(kind, "")
    return f"{shown(cells)} {when(cells)}" + (f" ({why})" if why else "")


def _span(start: str, end: str) -> str:
    return f"from {start} to {end}" if start.isdigit() and end.isdigit() else f"between {start} and {end}"


def _without_years(pair: Pair) -> str:
    start, end = pair.start, pair.end
    if pair.change is not None and not pair.change:
        return f"stayed at {shown(end)}"
    verb = "went" if uncertain(pair) else "rose" if pair.change > 0 else "fell"
    return f"{verb} from {shown(start)} to {shown(end)}"
