"""The sheet a figure is drawn on, in CSS pixels from the top left, in a width for pages or for phones.

Every text that is placed is remembered with its box, so that a test can see that none collides and none is cut off.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from tieout.figures import style
from tieout.figures.plan import Plan

LEADING = 1.25
DRAFT = "DRAFT: not signed by a keyer and a verifier. Not for print."
_GLUED = re.compile(r"(?<=\d) (?=(?:m|b|tr)illion)")


@dataclass(frozen=True)
class Size:
    """A width in CSS pixels and the type sizes that are read at it."""

    name: str
    width: int
    margin: int
    title: float
    subtitle: float
    heading: float
    value: float
    small: float

    @property
    def narrow(self) -> bool:
        """Whether it is a phone's: one column, labels over their marks."""
        return self.width < 480


PAGE = Size("page", 680, 16, 21, 14.5, 14.5, 14, 12)
PHONE = Size("phone", 360, 14, 18, 13.5, 13.5, 13, 11.5)


@dataclass(frozen=True)
class Box:
    """Where the ink of a line of text stands."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class Canvas:
    """A sheet with a cursor ``y`` that moves down as the figure grows."""

    def __init__(self, size: Size, name: str) -> None:
        self.size, self.name = size, name
        self.left, self.right = float(size.margin), float(size.width - size.margin)
        self.y = float(size.margin)
        self.boxes: list[Box] = []
        self.figure = Figure(figsize=(size.width / 72, 1), dpi=72)
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)

    @property
    def narrow(self) -> bool:
        """Whether the figure is drawn for a phone."""
        return self.size.narrow

    @property
    def height(self) -> int:
        """The height so far, with the margin below, in whole pixels."""
        return math.ceil(self.y + self.size.margin)

    def text(self, x: float, top: float, text: str, size: float, *, colour: str = style.INK, face: str = "regular",
             width: float = math.inf, align: str = "left", balanced: bool = False) -> float:  # fmt: skip
        """Place a text, wrapped to ``width``; gives the height it takes."""
        lines = wrapped(text, size, face, width, balanced)
        for place, line in enumerate(lines):
            self._line(x, top + place * size * LEADING, line, size, colour, face, align)
        return len(lines) * size * LEADING

    def _line(self, x: float, top: float, line: str, size: float, colour: str, face: str, align: str) -> None:
        wide = style.text_width(line, size, face)
        left = x - {"left": 0, "center": wide / 2, "right": wide}[align]
        baseline = top + 0.97 * size
        self.axes.text(
            left,
            baseline,
            line,
            color=colour,
            fontproperties=style.font(face, size),
            ha="left",
            va="baseline",
            parse_math=False,
            clip_on=False,
        )
        self.boxes.append(Box(left, baseline - 0.72 * size, left + wide, baseline + 0.2 * size, line))

    def shape(self, points: list[tuple[float, float]], *, fill: str = "none", edge: str = "none", hatch: str = "", weight: float = 1.25,
              dash: tuple[float, ...] = (), name: str = "", layer: int = 2) -> None:  # fmt: skip
        """A closed shape; ``name`` becomes its id in the SVG."""
        drawn = Polygon(
            points,
            closed=True,
            facecolor=fill,
            edgecolor=edge,
            hatch=hatch or None,
            linewidth=weight if edge != "none" else 0,
            zorder=layer,
        )
        drawn.set_linestyle((0, dash) if dash else "-")
        self._named(drawn, name)
        self.axes.add_artist(drawn)

    def line(self, points: list[tuple[float, float]], *, colour: str = style.RULE, weight: float = 1.0, dash: tuple[float, ...] = (),
             name: str = "", layer: int = 2) -> None:  # fmt: skip
        """An open line through points."""
        xs, ys = zip(*points, strict=True)
        drawn = Line2D(xs, ys, color=colour, linewidth=weight, linestyle=(0, dash) if dash else "-", solid_capstyle="butt", zorder=layer)
        self._named(drawn, name)
        self.axes.add_artist(drawn)

    def _named(self, artist: Line2D | Polygon, name: str) -> None:
        artist.set_clip_on(False)
        if name:
            artist.set_gid(f"{self.name}-{self.size.name}-{name}")

    def rectangle(self, left: float, top: float, right: float, bottom: float, **looks) -> None:
        """An upright rectangle."""
        self.shape([(left, top), (right, top), (right, bottom), (left, bottom)], **looks)

    def head(self, plan: Plan) -> None:
        """The title and what is measured; a draft says so above everything."""
        wide = self.right - self.left
        if plan.draft:
            self.y += self.text(self.left, self.y, DRAFT, self.size.small, colour=style.BREAK, face="bold", width=wide) + 6
        self.y += self.text(self.left, self.y, plan.title, self.size.title, face="bold", width=wide, balanced=True)
        self.y += 5
        self.y += self.text(self.left, self.y, plan.subtitle, self.size.subtitle, colour=style.MUTED, width=wide)
        self.y += 14

    def foot(self, plan: Plan) -> None:
        """The notes and the source, as part of the picture, so that it can stand on any page as it is."""
        wide, size = self.right - self.left, self.size.small
        self.y += 12
        self.line([(self.left, self.y), (self.right, self.y)])
        self.y += 8
        for note in plan.notes:
            self.y += self.text(self.left, self.y, note, size, colour=style.MUTED, width=wide) + 4
        self.y += 2 if plan.notes else 0
        self.y += self.text(self.left, self.y, plan.source, size, colour=style.INK, width=wide)

    def close(self) -> tuple[int, int]:
        """Fix the height; gives width and height in CSS pixels."""
        self.figure.set_size_inches(self.size.width / 72, self.height / 72)
        self.axes.set_xlim(0, self.size.width)
        self.axes.set_ylim(self.height, 0)
        return self.size.width, self.height


def wrapped(text: str, size: float, face: str, width: float, balanced: bool = False) -> list[str]:
    """A text in lines no wider than ``width``, where its words allow it; balanced lines are about equally long."""
    lines = _greedy(text, size, face, width)
    if balanced and len(lines) > 1:
        narrower = width
        while narrower > 8 and len(_greedy(text, size, face, narrower - 4)) == len(lines):
            narrower -= 4
        lines = _greedy(text, size, face, narrower)
    return lines


def _greedy(text: str, size: float, face: str, width: float) -> list[str]:
    lines: list[str] = []
    for word in _GLUED.sub("\u00a0", text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and style.text_width(longer, size, face) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
