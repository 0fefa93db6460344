"""The figures as they were before the newest documents, drawn again from the earlier record by the code of today."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tieout.figures import _figure
from tieout.figures.plan import Plan


def moved(earlier: Iterable[Plan], now: Iterable[Plan]) -> list[Plan]:
    """The earlier figures that are drawn from other numbers now."""
    rows = {plan.id: plan.rows for plan in now}
    return [plan for plan in earlier if plan.id in rows and plan.rows != rows[plan.id]]


def draw_before(earlier: Iterable[Plan], now: Iterable[Plan], folder: Path) -> list[dict]:
    """Draw the earlier figures that moved into a folder, at the size of a page alone; the words and the room of each."""
    folder.mkdir(exist_ok=True)
    return [_drawn(plan, folder) for plan in moved(earlier, now)]


def _drawn(plan: Plan, folder: Path) -> dict:
    from tieout.figures import files, style
    from tieout.figures.painting import svg
    from tieout.figures.style import PAGE

    with style.house(f"tieout-{plan.id}-{PAGE.name}"):
        canvas = files.composed(plan, _figure(plan).draw, PAGE)
        drawn = svg(canvas, plan).replace('"../evidence/', '"../../evidence/')
    (folder / f"{plan.id}.svg").write_text(drawn, encoding="utf-8", newline="")
    size = {"width": PAGE.width, "height": canvas.height}
    return {"id": plan.id, "title": plan.title, "alt": plan.alt, "verdict": plan.headline.verdict, "file": f"{plan.id}.svg", **size}
