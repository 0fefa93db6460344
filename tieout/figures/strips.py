"""Bars to the right with their labels, in panels below each other, and walls between what may not be compared."""

from __future__ import annotations

from tieout.figures import colours, style
from tieout.figures.canvas import Canvas, wrapped
from tieout.figures.marks import Bar, draw_bar, is_partial, reach, shared_coverage
from tieout.figures.plan import Link, as_number, labelled, link
from tieout.figures.style import LEADING
from tieout.record import MISSING

MOST_LABEL = 160.0


class Strips:
    """Panels of bars to the right on one scale from zero, so that the longest bar and every number find room."""

    def __init__(self, canvas: Canvas, rows: list[dict[str, str]], labels: list[str]) -> None:
        self.canvas = canvas
        widest = max(style.text_width(label, canvas.size.heading, "regular") for label in labels)
        self.column = 0.0 if canvas.narrow else min(MOST_LABEL, widest + 14)
        room = canvas.right - canvas.left - self.column
        behind = {row["id"]: style.text_width(labelled(row), canvas.size.value, "bold") + reach(row) + 8 for row in rows}
        lengths = [(float(as_number(row["value"])), behind[row["id"]]) for row in rows if row["value"] and as_number(row["value"])]
        self.scale = min(((room - number) / value for value, number in lengths), default=1.0)

    def panel(self, heading: str, rows: list[dict[str, str]], labels: list[str], colour: str, behind: Link | None = None) -> None:
        """A heading, what all its bars cover, and the bars, each with its label before it on a page and over it on a phone.

        ``behind`` leads to the words behind a number in the heading.
        """
        canvas, size = self.canvas, self.canvas.size
        wide = canvas.right - canvas.left
        with canvas.linked(behind):
            canvas.y += canvas.text(canvas.left, canvas.y, heading, size.heading, face="bold", width=wide)
        if covered := shared_coverage(rows):
            canvas.y += canvas.text(canvas.left, canvas.y, covered, size.small, colour=colours.MUTED, width=wide)
        canvas.y += 8
        for row, label in zip(rows, labels, strict=True):
            self._strip(row, label, colour, is_partial(row, rows))
        canvas.y -= size.gap

    def _strip(self, row: dict[str, str], label: str, colour: str, partial: bool) -> None:
        canvas, size, x = self.canvas, self.canvas.size, self.canvas.left + self.column
        thick = size.bar
        if canvas.narrow:
            canvas.y += canvas.text(canvas.left, canvas.y, label, size.small, width=canvas.right - canvas.left) + 4
        else:
            height = len(wrapped(label, size.heading, "regular", self.column - 13)) * size.heading * LEADING
            canvas.text(canvas.left, canvas.y + (thick - height) / 2, label, size.heading, width=self.column - 13)
        with canvas.linked(link(row, row.get("label", row["panel"]))):
            if row["status"] == MISSING:
                canvas.text(x + 8, canvas.y + (thick - size.small * LEADING) / 2, "not reported", size.small, colour=colours.MUTED)
            else:
                bar = Bar(x, canvas.y, float(as_number(row["value"])) * self.scale, thick, upward=False)
                draw_bar(canvas, bar, row, colour, partial)
                top = canvas.y + (thick - size.value * LEADING) / 2
                canvas.text(x + bar.length + reach(row) + 7, top, labelled(row), size.value, face="bold")
        ends = 2 if canvas.narrow else size.gap / 2
        canvas.line([(x, canvas.y - ends), (x, canvas.y + thick + ends)], colour=colours.JOIN)
        canvas.y += thick + size.gap


def wall(canvas: Canvas, words: str, name: str = "wall") -> None:
    """A dashed wall across the sheet, with words that say why nothing may be carried over it."""
    canvas.y += 24
    size = canvas.size.small
    canvas.text(canvas.left, canvas.y - size * 0.68, words, size, face="bold", colour=colours.BREAK)
    start = canvas.left + style.text_width(words, size, "bold") + 10
    canvas.line([(start, canvas.y), (canvas.right, canvas.y)], colour=colours.BREAK, weight=1.6, dash=(4, 3), name=name)
    canvas.y += 20
