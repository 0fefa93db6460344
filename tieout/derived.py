"""Measures we compute: one keyed number divided by another, never across documents, periods, coverages or bases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tieout.comparing import CAVEAT, HOLD, Cells, Reason, facts_once
from tieout.record import MISSING

DIMENSIONS = ("sex", "age", "exploitation")
_OPERAND = re.compile(r"(\w+)(?:\[([\w=,]+)\])?")


@dataclass(frozen=True)
class Quotient:
    """A derived measure for one period: numerator, denominator, and the value where it may be given.

    ``value`` is in the measure's unit (percent for a share) and None where the reasons hold it back.
    """

    measure: Cells
    numerator: Cells
    denominator: Cells
    value: Decimal | None
    reasons: tuple[Reason, ...]


def parse_operand(operand: str) -> tuple[str, dict[str, str]]:
    """``victims_identified[exploitation=labour]`` as its metric and the categories it names; the others are total.

    A dimension that there is none of is given as it stands, for the check to find.

    Anything else gives itself as a metric, which no codebook has.
    """
    match = _OPERAND.fullmatch(operand.strip())
    if not match:
        return operand, {}
    named = dict(part.partition("=")[::2] for part in match[2].split(",")) if match[2] else {}
    return match[1], {**dict.fromkeys(DIMENSIONS, "total"), **named}


def quotients(measures: Iterable[Mapping[str, str]], observations: Iterable[Cells], faults: Iterable[Cells] = ()) -> list[Quotient]:
    """Every measure for every document and period in which both its numbers stand, oldest first."""
    rows = facts_once(observations)
    faults = list(faults)
    found = []
    for measure in measures:
        above, below = (_matching(rows, measure[side]) for side in ("numerator", "denominator"))
        for key in sorted(above.keys() & below.keys()):
            found.append(_divide(measure, above[key], below[key], faults))
    return found


def _matching(rows: list[Cells], operand: str) -> dict[tuple[str, ...], Cells]:
    """The reported observations of an operand by period, document and coverage: what a share may not mix."""
    metric, categories = parse_operand(operand)
    return {
        (row["start"], row["end"], row["period_basis"], row["document"], row["coverage"]): row
        for row in reversed(rows)
        if row["metric"] == metric
        and row["status"] != MISSING
        and all(row.get(dimension) == category for dimension, category in categories.items())
    }


def _divide(measure: Cells, above: Cells, below: Cells, faults: list[Cells]) -> Quotient:
    reasons = []
    if Decimal(below["value"]) == 0:
        reasons.append(Reason(HOLD, "the denominator is zero"))
    for cells in (above, below):
        if cells["qualifier"] not in ("exact", "about"):
            reasons.append(
                Reason(HOLD, f"{cells['qualifier'].replace('_', ' ')} {cells['printed']} is no exact number, so it gives no share")
            )
        elif cells["qualifier"] == "about":
            reasons.append(Reason(CAVEAT, f"{cells['printed']} is approximate"))
    if (above["status"] == "D") != (below["status"] == "D"):
        odd = above if above["status"] == "D" else below
        reasons.append(Reason(CAVEAT, f"the figure {odd['printed']} departs from the definition: {odd['note']}".rstrip(": .")))
    for row in faults:
        named = {one.strip() for one in row["ids"].split("|")} & {above["id"], below["id"]}
        if (row["treatment"] == HOLD and len(named) == 2) or (row["treatment"] == CAVEAT and named):
            reasons.append(Reason(row["treatment"], row["description"].rstrip(".")))
    if measure["note"]:
        reasons.append(Reason(CAVEAT, measure["note"].rstrip(".")))
    held = any(reason.verdict == HOLD for reason in reasons)
    factor = 100 if measure["unit"] == "percent" else 1
    places = Decimal("0.1") if measure["unit"] == "percent" else Decimal(1)
    value = None if held else (factor * Decimal(above["value"]) / Decimal(below["value"])).quantize(places, ROUND_HALF_UP)
    return Quotient(measure, above, below, value, tuple(dict.fromkeys(reasons)))
