"""Figures as files: the same plan gives the same bytes, whoever draws it and wherever."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG

from tieout.figures import style
from tieout.figures.canvas import PAGE, PHONE, Canvas, Size
from tieout.figures.plan import Plan
from tieout.tables import safe_text

SCALE = 2
Drawer = Callable[[Plan, Canvas], None]


def composed(plan: Plan, drawer: Drawer, size: Size) -> Canvas:
    """A figure laid out at a size; only inside the house style."""
    canvas = Canvas(size, plan.id)
    drawer(plan, canvas)
    canvas.close()
    return canvas


def names(plan: Plan) -> dict[str, str]:
    """The files of a figure."""
    return {"svg": f"{plan.id}.svg", "png": f"{plan.id}.png", "phone": f"{plan.id}-phone.svg", "csv": f"{plan.id}.csv"}


def write(plan: Plan, drawer: Drawer, folder: Path) -> list[Path]:
    """Write a figure's SVG, PNG, phone SVG and CSV."""
    paths = {kind: folder / name for kind, name in names(plan).items()}
    for kind, size in (("svg", PAGE), ("phone", PHONE)):
        with style.house(f"tieout-{plan.id}-{size.name}"):
            canvas = composed(plan, drawer, size)
            paths[kind].write_bytes(svg(canvas, plan))
            if kind == "svg":
                paths["png"].write_bytes(png(canvas))
    paths["csv"].write_bytes(table(plan))
    return list(paths.values())


def png(canvas: Canvas) -> bytes:
    """The figure as a PNG at twice the CSS pixels."""
    buffer = io.BytesIO()
    canvas.figure.set_dpi(72 * SCALE)
    FigureCanvasAgg(canvas.figure).print_png(buffer, metadata={"Software": None})
    canvas.figure.set_dpi(72)
    return buffer.getvalue()


def svg(canvas: Canvas, plan: Plan) -> bytes:
    """The figure as an SVG in CSS pixels that says its title and its words to those who do not see it."""
    buffer = io.StringIO()
    FigureCanvasSVG(canvas.figure).print_svg(buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    drawn = re.sub(r"<!DOCTYPE.*?>\s*", "", buffer.getvalue(), count=1, flags=re.DOTALL)
    name = f"{plan.id}-{canvas.size.name}"
    opened = f'role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc"'
    told = f'<title id="{name}-title">{escape(plan.title)}</title>\n <desc id="{name}-desc">{escape(plan.alt)}</desc>'
    drawn, count = re.subn(
        r'<svg ([^>]*?)width="([\d.]+)pt" height="([\d.]+)pt"',
        rf'<svg \1width="{canvas.size.width}" height="{canvas.height}"',
        drawn,
        count=1,
    )
    drawn, more = re.subn(r"(<svg [^>]*)>", lambda root: f"{root[1]} {opened}>\n {told}", drawn, count=1)
    if (count, more) != (1, 1):
        raise RuntimeError("the SVG has no root as expected: has matplotlib changed?")
    return drawn.encode("utf-8")


def table(plan: Plan) -> bytes:
    """The numbers drawn, as CSV."""
    return safe_text(f"{plan.id}.csv", list(plan.rows[0]), plan.rows).encode("utf-8")


def described(plan: Plan, drawer: Drawer) -> list[dict]:
    """A figure's files with their width and height in CSS pixels, so that a page can keep the room free."""
    heights = {}
    for size in (PAGE, PHONE):
        with style.house(f"tieout-{plan.id}-{size.name}"):
            heights[size.name] = composed(plan, drawer, size).height
    named = names(plan)
    page, phone = {"width": PAGE.width, "height": heights["page"]}, {"width": PHONE.width, "height": heights["phone"]}
    return [
        {"file": named["svg"], "kind": "svg", "size": "page", **page},
        {"file": named["png"], "kind": "png", "size": "page", **page, "scale": SCALE},
        {"file": named["phone"], "kind": "svg", "size": "phone", **phone},
        {"file": named["csv"], "kind": "csv"},
    ]
