"""Investigations, prosecutions and convictions over the years: a panel for each, because none may be compared with another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieout.facts import Evidence
from tieout.figures.notes import notes
from tieout.figures.plan import Plan, documents_of, plain_label, source_line
from tieout.figures.series import present
from tieout.figures.titles import headline, several_title
from tieout.wording import listed

if TYPE_CHECKING:
    from tieout.figures.canvas import Canvas

ID = "law-enforcement"
COLUMN = 178
METRICS = ("investigations_opened", "investigations", "prosecution_cases", "persons_convicted", "convictions")


def plan(evidence: Evidence) -> Plan | None:
    """The plan of the figure; None where no document has a number for any of the metrics."""
    found, record = present(evidence, METRICS), evidence.record
    if not found:
        return None
    labelled = [(plain_label(record, one.metric), one) for one in found]
    said = notes(evidence, found)
    ids = [cells["id"] for one in found for cells in one.cells]
    rows = [row for label, one in labelled for row in one.rows(label)]
    title = headline(ID, several_title(labelled), record, ids, said)
    units = listed(list(dict.fromkeys(record.units[record.metrics[one.metric]["unit"]]["label"] for one in found)))
    subtitle = (
        f"Number of {units} in each year, as the government reported them. Each panel counts something different; all share one scale."
    )
    told = ". ".join(
        f"{label}: " + "; ".join(f"{row['period']} {row['shown']}" for row in rows if row["panel"] == label) for label, _ in labelled
    )
    alt = f"Bar charts over years, a panel for each measure. {title.text}. The numbers: {told}. Lines join only bars that may be compared."
    return Plan(ID, "law_enforcement", title, subtitle, rows, said, source_line(record, documents_of(evidence, ids)), alt)


def draw(plan: Plan, canvas: Canvas) -> None:
    """Panels below each other on one time axis and one scale; a card has the last change of each beside each other."""
    from tieout.figures import colours
    from tieout.figures.cards import columns_card, last_change, last_number

    canvas.head(plan)
    labelled = [(label, [row for row in plan.rows if row["panel"] == label]) for label in dict.fromkeys(row["panel"] for row in plan.rows)]
    if canvas.card:
        changes = [(label, last_change(rows), colours.COUNT) for label, rows in labelled]
        levels = [(label, last_number(rows), colours.COUNT) for label, rows in labelled]
        columns_card(canvas, [one for one in changes if one[1]] or levels)
    else:
        _stacked(canvas, labelled)
    canvas.foot(plan)


def _stacked(canvas: Canvas, labelled: list[tuple[str, list[dict[str, str]]]]) -> None:
    """The panels, with their labels beside them on a page and over them on a phone."""
    from tieout.figures import colours
    from tieout.figures.years import Panel, panels

    labels = [label for label, _ in labelled]
    column = 0 if canvas.narrow else COLUMN
    many = panels(canvas, [rows for _, rows in labelled], canvas.left + column, canvas.size.panel)
    for label, panel in zip(labels, many, strict=True):
        beside = isinstance(panel, Panel) and not canvas.narrow
        if not beside:
            canvas.y += canvas.text(canvas.left, canvas.y, label, canvas.size.heading, face="bold", width=canvas.right - canvas.left) + 4
        start = canvas.y
        panel.draw()
        if beside:
            height = canvas.text(canvas.left, start + 4, label, canvas.size.heading, face="bold", width=column - 16)
            canvas.y = max(canvas.y, start + 4 + height)
        if label != labels[-1]:
            canvas.y += 14
            canvas.line([(canvas.left, canvas.y), (canvas.right, canvas.y)], colour=colours.RULE)
            canvas.y += 10
