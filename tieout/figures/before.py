"""The figures as they were before the newest documents, drawn again from the earlier record by the code of today."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tieout.figures import _figure
from tieout.figures.colours import SCHEMES, recoloured
from tieout.figures.plan import Plan
from tieout.figures.together import Each


def moved(earlier: Iterable[Plan], now: Iterable[Plan]) -> list[Plan]:
    """The earlier figures that are drawn from other numbers now."""
    rows = {plan.id: plan.rows for plan in now}
    return [plan for plan in earlier if plan.id in rows and plan.rows != rows[plan.id]]


def draw_before(earlier: Iterable[Plan], now: Iterable[Plan], folder: Path, each: Each) -> list[dict]:
    """Draw the earlier figures that moved into a folder, for a page and for a phone; the words and the room of each."""
    folder.mkdir(exist_ok=True)
    return each(partial(_drawn, folder), moved(earlier, now))


def _drawn(folder: Path, plan: Plan) -> dict:
    from tieout.figures import files, style
    from tieout.figures.painting import svg

    drawn = []
    for size in files.DRAWN:
        with style.house(f"tieout-{plan.id}-{size.name}"):
            canvas = files.composed(plan, _figure(plan).draw, size)
            told = svg(canvas, plan).replace('"../evidence/', '"../../evidence/')
        for scheme in SCHEMES:
            name = files.name_of(plan, size, scheme, "svg")
            (folder / name).write_text(recoloured(told, scheme), encoding="utf-8", newline="")
            drawn.append({"file": name, "size": size.name, "scheme": scheme, "width": size.width, "height": canvas.height})
    return {"id": plan.id, "title": plan.title, "alt": plan.alt, "verdict": plan.headline.verdict, "files": drawn}
