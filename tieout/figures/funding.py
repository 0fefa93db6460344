"""Funding of the shelters in euros: for each shelter and for all together, in panels with a wall between them.

They are two measures. Time does not run along an axis here, so that nobody can read the one as the start of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieout.facts import Evidence
from tieout.figures.notes import notes
from tieout.figures.one_series import reported_by
from tieout.figures.plan import Plan, documents_of, plain_label, source_line
from tieout.figures.series import present
from tieout.figures.titles import headline, several_title

if TYPE_CHECKING:
    from tieout.figures.canvas import Canvas

ID = "funding"
METRICS = ("shelter_funding_each_eur", "shelter_funding_total_eur")
NOTE = "An amount for each shelter and an amount for all together are different measures and may not be compared."
WALL = "Another measure: may not be compared"


def plan(evidence: Evidence) -> Plan | None:
    """The plan of the figure; None where no document has an amount in euros."""
    found, record = present(evidence, METRICS), evidence.record
    if not found:
        return None
    labelled = [(plain_label(record, one.metric), one) for one in found]
    said = (*([NOTE] if len(found) > 1 else []), *notes(evidence, found))
    ids = [cells["id"] for one in found for cells in one.cells]
    rows = [row for label, one in labelled for row in one.rows(label)]
    title = headline(ID, several_title(labelled), record, ids, said)
    subtitle = f"Euros that the government allocated to the specialised shelters in the year, {reported_by(evidence, ids)}."
    numbers = ". ".join(f"{label}: {_told([row for row in rows if row['panel'] == label])}" for label, _ in labelled)
    alt = f"Bar charts, a panel for each shelter's amount and one for all together. {title.text}. The numbers: {numbers}."
    return Plan(ID, "funding", title, subtitle, rows, said, source_line(record, documents_of(evidence, ids)), alt)


def _told(rows: list[dict[str, str]]) -> str:
    return "; ".join(f"{row['period']} {row['shown']}" for row in rows)


def draw(plan: Plan, canvas: Canvas) -> None:
    """A panel for each measure, a wall between them, and all bars from zero on one scale of euros."""
    canvas.head(plan)
    (_card if canvas.card else _panels)(plan, canvas)
    canvas.foot(plan)


def _card(plan: Plan, canvas: Canvas) -> None:
    """The last change of each measure, or its last number, with the wall upright between them."""
    from tieout.figures import colours
    from tieout.figures.cards import columns_card, last_change, last_number

    panels = []
    for place, label in enumerate(dict.fromkeys(row["panel"] for row in plan.rows)):
        rows = [row for row in plan.rows if row["panel"] == label]
        panels.append((label, last_change(rows) or last_number(rows), colours.APART if place else colours.COUNT))
    columns_card(canvas, panels, WALL if len(panels) > 1 else "")


def _panels(plan: Plan, canvas: Canvas) -> None:
    from tieout.figures import colours
    from tieout.figures.strips import Strips, wall

    strips = Strips(canvas, plan.rows, [row["period"] for row in plan.rows])
    for place, label in enumerate(dict.fromkeys(row["panel"] for row in plan.rows)):
        rows = [row for row in plan.rows if row["panel"] == label]
        if place:
            wall(canvas, WALL)
        strips.panel(label, rows, [row["period"] for row in rows], colours.APART if place else colours.COUNT)
