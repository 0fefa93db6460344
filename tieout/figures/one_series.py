"""A figure of one metric over the years: bars from zero, joined only where two years may be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieout.facts import Evidence
from tieout.figures.notes import notes
from tieout.figures.plan import Plan, documents_of, plain_label, source_line
from tieout.figures.series import present
from tieout.figures.titles import headline, series_title
from tieout.wording import listed

if TYPE_CHECKING:
    from tieout.figures.canvas import Canvas


def series_plan(evidence: Evidence, name: str, metric: str) -> Plan | None:
    """The plan of a figure that shows one metric; None where no document has a number for it."""
    found = present(evidence, [metric])
    if not found:
        return None
    record, one = evidence.record, found[0]
    label = plain_label(record, metric)
    said = notes(evidence, [one])
    ids = [cells["id"] for cells in one.cells]
    rows = one.rows(label)
    title = headline(name, series_title(label, one), record, ids, said)
    unit = record.units[record.metrics[metric]["unit"]]["label"]
    subtitle = f"{record.metrics[metric]['definition'].rstrip('.')}. Number of {unit}, {reported_by(evidence, ids)}."
    told = "; ".join(f"{row['period']}: {row['shown']}" + (f" ({row['coverage']})" if row["coverage"] else "") for row in rows)
    alt = f"Bar chart over years. {label}. {title.text}. The numbers: {told}. Lines join only bars that may be compared."
    return Plan(name, record.metrics[metric]["group"], title, subtitle, rows, said, source_line(record, documents_of(evidence, ids)), alt)


def reported_by(evidence: Evidence, ids: list[str]) -> str:
    """Who reports these numbers, for a subtitle."""
    documents = evidence.record.documents
    publishers = dict.fromkeys(f"the {documents[one]['publisher']}" for one in documents_of(evidence, ids))
    return f"as reported by {listed(list(publishers))}"


def draw_series(plan: Plan, canvas: Canvas) -> None:
    """One panel, as wide as the sheet."""
    from tieout.figures.cards import series_card
    from tieout.figures.years import panels

    canvas.head(plan)
    if canvas.card:
        series_card(canvas, plan.rows)
    else:
        for panel in panels(canvas, [plan.rows], canvas.left, canvas.size.plot):
            panel.draw()
    canvas.foot(plan)
