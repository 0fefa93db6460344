"""Bars that say what kind of number they stand for.

A lower bound has an open end and an arrow onwards; an upper bound is an empty, dashed bar; an approximate number ends
in a wave; a number that covers only a part of what its neighbours do is hatched. Bars start at zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tieout.figures import colours
from tieout.figures.canvas import Canvas

LOWER, UPPER = ("at_least", "more_than"), ("at_most", "less_than")
OPEN = 13.0


@dataclass(frozen=True)
class Bar:
    """Where a bar starts, how long and thick it is, and whether it grows upwards or to the right."""

    x: float
    y: float
    length: float
    thickness: float
    upward: bool = True

    def at(self, along: float, across: float) -> tuple[float, float]:
        """A point of the bar: so far along its growth, so far across it."""
        return (self.x + across, self.y - along) if self.upward else (self.x + along, self.y + across)


def reach(row: dict[str, str]) -> float:
    """How far a bar's mark goes on beyond its value."""
    return OPEN if row["qualifier"] in LOWER else 3.0 if row["qualifier"] == "about" else 0.0


def is_partial(row: dict[str, str], beside: list[dict[str, str]]) -> bool:
    """Whether a number covers only a part of what the others in its panel cover."""
    others = [one["coverage"] for one in beside if one is not row]
    return bool(row["coverage"]) and (not others or any(coverage != row["coverage"] for coverage in others))


def shared_coverage(rows: list[dict[str, str]]) -> str:
    """What all the numbers of a panel cover, where it is the same and not the whole."""
    covered = {row["coverage"] for row in rows}
    return covered.pop() if len(rows) > 1 and len(covered) == 1 else ""


def draw_bar(canvas: Canvas, bar: Bar, row: dict[str, str], colour: str, partial: bool = False) -> None:
    """A bar with the marks that its qualifier and coverage ask for."""
    name = f"bar-{row['id']}"
    if row["qualifier"] in UPPER:
        canvas.shape(_body(bar), fill=colours.PAPER, edge=colour, dash=(3, 2), name=name)
        if bar.length > 12:
            _arrow(canvas, bar, bar.length - 11, -6, colour)
        return
    looks = {"fill": colours.PAPER, "edge": colour} if partial else {"fill": colour}
    canvas.shape(_wave(bar) if row["qualifier"] == "about" else _body(bar), **looks, name=name)
    if partial:
        hatched(canvas, *bar.at(0, 0), *bar.at(bar.length, bar.thickness), colour)
    if row["qualifier"] in LOWER:
        for side in (0.6, bar.thickness - 0.6):
            canvas.line([bar.at(bar.length, side), bar.at(bar.length + OPEN, side)], colour=colour, weight=1.2, dash=(2, 2))
        _arrow(canvas, bar, bar.length + OPEN - 2, 6, colour)


def hatched(canvas: Canvas, left: float, top: float, right: float, bottom: float, colour: str, step: float = 6.0) -> None:
    """Slanted lines over a rectangle: a part of the whole."""
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    first = math.floor((left + top) / step) + 1  # on one grid, so that neighbours' lines meet
    sums = [place * step for place in range(first, math.ceil((right + bottom) / step))]
    ends = [(max(left, one - bottom), min(right, one - top), one) for one in sums]
    canvas.lines([[(start, one - start), (end, one - end)] for start, end, one in ends if end - start > 0.3], colour=colour, weight=1.1)


def _body(bar: Bar) -> list[tuple[float, float]]:
    return [bar.at(0, 0), bar.at(bar.length, 0), bar.at(bar.length, bar.thickness), bar.at(0, bar.thickness)]


def _wave(bar: Bar) -> list[tuple[float, float]]:
    """A bar that ends in a wave around its value: nobody counted to the last unit."""
    steps = 24
    turns = max(2, round(bar.thickness / 12))
    edge = [(bar.length + 2.2 * math.sin(2 * math.pi * turns * step / steps), bar.thickness * step / steps) for step in range(steps + 1)]
    return [bar.at(0, 0), *(bar.at(along, across) for along, across in edge), bar.at(0, bar.thickness)]


def _arrow(canvas: Canvas, bar: Bar, tip: float, back: float, colour: str) -> None:
    """An arrowhead along the bar, ``back`` pixels deep."""
    middle, half = bar.thickness / 2, min(7.0, bar.thickness / 2 - 3)
    canvas.line([bar.at(tip - back, middle - half), bar.at(tip, middle), bar.at(tip - back, middle + half)], colour=colour, weight=2.2)


def cross(canvas: Canvas, x: float, y: float) -> None:
    """A cross for a number that the source says it does not report."""
    for slope in (1, -1):
        canvas.line([(x - 4, y - 4 * slope), (x + 4, y + 4 * slope)], colour=colours.MUTED, weight=1.8)
