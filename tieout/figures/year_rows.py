"""Years down the sheet and bars to the right: for series with more years, or longer words, than stand side by side.

The same marks as upright bars: a pale row for silence, a wall before a break, a line between bars that may be compared.
"""

from __future__ import annotations

from tieout.figures import colours, style
from tieout.figures.canvas import Canvas, wrapped
from tieout.figures.marks import Bar, cross, draw_bar, is_partial, reach, shared_coverage
from tieout.figures.plan import as_number, labelled, link
from tieout.figures.series import BREAK, DIVIDED, WALLS
from tieout.figures.strips import wall
from tieout.figures.style import LEADING
from tieout.record import MISSING

THICK, GAP = 20.0, 9.0
WIDEST_NAME = 0.34


class YearRows:
    """The bars of one metric, a row for each of its numbers, oldest first."""

    def __init__(self, canvas: Canvas, rows: list[dict[str, str]]) -> None:
        self.canvas, self.rows = canvas, rows
        size, most = canvas.size, (canvas.right - canvas.left) * WIDEST_NAME
        names = [line for row in rows for line in self._name(row, most)] + [_span(*gap) for gap in self._gaps().values()]
        self.column = max(style.text_width(line, size.small, "bold") for line in names) + 10
        self.behind = max(style.text_width(labelled(row), size.value, "bold") + reach(row) + 8 for row in rows)
        self.scale = 1.0
        self.bars: dict[str, Bar] = {}

    @classmethod
    def together(cls, canvas: Canvas, many: list[list[dict[str, str]]], tallest: float) -> list[YearRows]:
        """Several metrics whose bars begin at one place and have one scale."""
        made = [cls(canvas, rows) for rows in many]
        column, behind = max(one.column for one in made), max(one.behind for one in made)
        for one in made:
            one.column, one.scale = column, (canvas.right - canvas.left - column - behind) / tallest
        return made

    def _name(self, row: dict[str, str], most: float) -> list[str]:
        size = self.canvas.size.small
        told = wrapped(row["period"], size, "bold", most)
        return told + (wrapped(row["coverage"], size, "regular", most) if is_partial(row, self.rows) else [])

    def draw(self) -> None:
        """Draw the rows at the cursor and move the cursor below them."""
        canvas, size = self.canvas, self.canvas.size
        if covered := shared_coverage(self.rows):
            canvas.y += canvas.text(canvas.left, canvas.y, covered, size.small, colour=colours.MUTED, width=canvas.right - canvas.left) + 4
        gaps = self._gaps()
        for row in self.rows:
            if row["id"] in gaps:
                self._silence(*gaps[row["id"]])
            if row["apart"] in DIVIDED:
                canvas.y -= 12
                wall(canvas, WALLS[row["apart"]], f"break-{row['id']}")
                canvas.y -= 6
            self._row(row)
        self._joins()
        canvas.y -= GAP - 3

    def _gaps(self) -> dict[str, tuple[int, int]]:
        """The first and last year of each silence, by the number that ends it."""
        found, last = {}, None
        for row in self.rows:
            if last is not None and int(row["start"][:4]) - last > 1:
                found[row["id"]] = (last + 1, int(row["start"][:4]) - 1)
            last = max(last or 0, int(row["end"][:4]))
        return found

    def _row(self, row: dict[str, str]) -> None:
        canvas, size, x = self.canvas, self.canvas.size, self.canvas.left + self.column
        lines = self._name(row, self.column - 9)
        for place, line in enumerate(lines):
            period = line in row["period"]
            top = canvas.y + (THICK - size.small * LEADING) / 2 + place * size.small * LEADING
            canvas.text(
                canvas.left, top, line, size.small, face="bold" if period else "regular", colour=colours.INK if period else colours.MUTED
            )
        tall = max(THICK, (THICK - size.small * LEADING) / 2 + len(lines) * size.small * LEADING)
        with canvas.linked(link(row, row["panel"])):
            self._number(row, x)
        canvas.line([(x, canvas.y - 3), (x, canvas.y + THICK + 3)], colour=colours.JOIN)
        canvas.y += tall + GAP

    def _number(self, row: dict[str, str], x: float) -> None:
        canvas, size = self.canvas, self.canvas.size
        if row["status"] == MISSING:
            cross(canvas, x + 10, canvas.y + THICK / 2)
            canvas.text(x + 20, canvas.y + (THICK - size.small * LEADING) / 2, "not reported", size.small, colour=colours.MUTED)
            return
        bar = Bar(x, canvas.y, float(as_number(row["value"])) * self.scale, THICK, upward=False)
        self.bars[row["id"]] = bar
        draw_bar(canvas, bar, row, colours.APART if row["apart"] == BREAK else colours.COUNT, is_partial(row, self.rows))
        top = canvas.y + (THICK - size.value * LEADING) / 2
        canvas.text(x + bar.length + reach(row) + 7, top, labelled(row), size.value, face="bold")

    def _silence(self, first: int, last: int) -> None:
        canvas, size = self.canvas, self.canvas.size.small
        canvas.rectangle(canvas.left + self.column, canvas.y, canvas.right, canvas.y + THICK, fill=colours.SILENCE, layer=1)
        top = canvas.y + (THICK - size * LEADING) / 2
        canvas.text(canvas.left, top, _span(first, last), size, colour=colours.MUTED)
        canvas.text(canvas.left + self.column + 10, top, "no figure", size, colour=colours.MUTED)
        canvas.y += THICK + GAP

    def _joins(self) -> None:
        """A line from bar to bar, only where the two may be compared."""
        for row in self.rows:
            if row["joined"] in self.bars:
                before, after = self.bars[row["joined"]], self.bars[row["id"]]
                points = [before.at(before.length, before.thickness), after.at(after.length, 0)]
                self.canvas.line(points, colour=colours.JOIN, weight=1.6, name=f"join-{row['joined']}-{row['id']}", layer=3)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
