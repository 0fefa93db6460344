"""Cards: a figure's headline finding alone, on a sheet of fixed height for feeds, with nothing too small to be read there.

A card never holds more than fits. What is left out stands in the figure; where nothing fits, the title says it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tieout.figures import colours
from tieout.figures.canvas import Canvas, wrapped
from tieout.figures.marks import shared_coverage
from tieout.figures.style import LEADING
from tieout.figures.years import Panel, tallest, time_axis
from tieout.record import MISSING

Rows = list[dict[str, str]]
COLUMN_GAP = 32.0
MOST_COLUMNS = 3
LOWEST = 28.0


def first_that_fits(canvas: Canvas, options: Iterable[Callable[[Canvas], None]]) -> None:
    """Draw the first of several ways that ends above the card's credit."""
    for option in options:
        trial = canvas.copy()
        option(trial)
        if trial.y <= canvas.bottom + 0.5:
            canvas.groups, canvas.y = trial.groups, trial.y
            return


def series_card(canvas: Canvas, rows: Rows) -> None:
    """One series as bars over years: as many of its last numbers as stand side by side with their words."""
    first_that_fits(canvas, (_last(rows, count) for count in range(len(rows), 0, -1)))


def _last(rows: Rows, count: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        kept = opening(rows[-count:])
        if count < len(rows):
            canvas.y += canvas.text(canvas.left, canvas.y, "The last years alone", canvas.size.small, colour=colours.MUTED) + 4
        _panels(canvas, [(kept, colours.COUNT)], [(canvas.left, canvas.right)])

    return draw


def columns_card(canvas: Canvas, panels: list[tuple[str, Rows, str]], wall: str = "") -> None:
    """Panels side by side on one scale, each under its heading; ``wall`` is what keeps them apart, where readers might compare them."""
    first_that_fits(canvas, [lambda trial: _columns(trial, panels[-MOST_COLUMNS:], wall)])


def _columns(canvas: Canvas, panels: list[tuple[str, Rows, str]], wall: str) -> None:
    size, gap = canvas.size, COLUMN_GAP
    wide = (canvas.right - canvas.left - gap * (len(panels) - 1)) / len(panels)
    spans = [(canvas.left + place * (wide + gap), canvas.left + place * (wide + gap) + wide) for place in range(len(panels))]
    top = canvas.y
    covered = [shared_coverage(rows) for _, rows, _ in panels]
    heads = [
        canvas.text(span[0], top, label, size.heading, face="bold", width=wide) for (label, _, _), span in zip(panels, spans, strict=True)
    ]
    for place, told in enumerate(covered):
        heads[place] += canvas.text(spans[place][0], top + heads[place], told, size.small, colour=colours.MUTED, width=wide) if told else 0
    if wall:
        heads[-1] += canvas.text(spans[-1][0], top + heads[-1], wall, size.small, colour=colours.BREAK, face="bold", width=wide)
    canvas.y = top + max(heads) + 4
    said = [[{**row, "coverage": ""} if told else row for row in rows] for (_, rows, _), told in zip(panels, covered, strict=True)]
    _panels(canvas, list(zip(said, (colour for _, _, colour in panels), strict=True)), spans)
    for left, _ in spans[1:] if wall else []:
        canvas.line([(left - gap / 2, top), (left - gap / 2, canvas.y)], colour=colours.BREAK, weight=1.6, dash=(4, 3))


def _panels(canvas: Canvas, many: list[tuple[Rows, str]], spans: list[tuple[float, float]]) -> None:
    """Panels in their columns, as high as the card has room for, their bars on one line and one scale."""
    top, most = canvas.y, tallest(row for rows, _ in many for row in rows)
    slots = [time_axis(rows, *span) for (rows, _), span in zip(many, spans, strict=True)]

    def panel(sheet: Canvas, place: int, height: float) -> Panel:
        rows, colour = many[place]
        return Panel(sheet, rows, slots[place], height, most, colour)

    words = []
    for place in range(len(many)):
        trial = canvas.copy()
        panel(trial, place, 0).draw()
        words.append(trial.y - top)
    height = canvas.bottom - top - max(words)
    for place, used in enumerate(words):
        canvas.y = top + max(words) - used
        made = panel(canvas, place, max(height, 1))
        made.draw()
        if height < LOWEST or not made.fits():
            canvas.y = float("inf")
            return


def last_change(rows: Rows) -> Rows:
    """The last two numbers of a series that may be compared; none where no two may."""
    known = {row["id"]: row for row in rows}
    pairs = [(known[row["joined"]], row) for row in rows if row["joined"] in known]
    return opening([*pairs[-1]]) if pairs else []


def last_number(rows: Rows) -> Rows:
    """The last number of a series."""
    return opening([row for row in rows if row["status"] != MISSING][-1:])


def opening(rows: Rows) -> Rows:
    """Rows of which the first has none before it."""
    return [{**row, "joined": "", "apart": ""} if not place else row for place, row in enumerate(rows)]


def tallies(canvas: Canvas, counts: list[tuple[str, int, str]]) -> None:
    """A row for each kind, with its words and a square for each one of it."""
    size = canvas.size
    pitch = min(34.0, (canvas.bottom - canvas.y) / max(1, len(counts)))
    column = 130.0
    most = max((count for _, count, _ in counts), default=1)
    square = min(pitch - 7, (canvas.right - canvas.left - column) / max(most, 1) - 5)
    for words, count, colour in counts:
        label = wrapped(words, size.value, "bold", column)[0]
        canvas.text(canvas.left, canvas.y + (square - size.value * LEADING) / 2, label, size.value, face="bold", colour=colour)
        canvas.text(canvas.left + column - 12, canvas.y + (square - size.value * LEADING) / 2, str(count), size.value, align="right")
        for place in range(count):
            left = canvas.left + column + place * (square + 5)
            canvas.rectangle(left, canvas.y, left + square, canvas.y + square, fill=colour)
        canvas.y += pitch
