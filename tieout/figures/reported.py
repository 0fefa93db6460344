"""The marks of the coverage map: a bar as long as the period it is about, a cross where the source says it does not report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tieout.figures import colours, style
from tieout.figures.canvas import Canvas, wrapped
from tieout.figures.marks import LOWER, UPPER, hatched
from tieout.figures.plan import Plan, link
from tieout.figures.style import LEADING
from tieout.record import MISSING

COLUMN = 236.0
REPORTED, BOUND, PART, UNREPORTED = "reported", "only a bound, or about", "only a part", "source says: not reported"


@dataclass(frozen=True)
class Ruler:
    """Years as pixels: a period takes the room of the days it is about."""

    first: int
    left: float
    wide: float

    def at(self, day: date, after: bool = False) -> float:
        """Where a day begins, or ends."""
        length = 366 if day.year % 4 == 0 else 365
        return self.left + self.wide * (day.year - self.first + (day.timetuple().tm_yday - (0 if after else 1)) / length)

    def name_years(self, canvas: Canvas, top: float, last: int) -> None:
        """As many years as have room, the last one always."""
        size = canvas.size.small
        room = style.text_width("2000", size, "regular") + 8
        step = next((step for step in (1, 2, 3, 4, 5, 10, 20) if step * self.wide >= room), last - self.first + 1)
        for year in range(last, self.first - 1, -step):
            middle = self.left + self.wide * (year - self.first + 0.5)
            middle = min(max(middle, canvas.left + (room - 8) / 2), canvas.right - (room - 8) / 2)
            canvas.text(middle, top, str(year), size, colour=colours.MUTED, align="center")

    def divide(self, canvas: Canvas, top: float, bottom: float, last: int) -> None:
        """Gaps between the years, through all the bands of a group."""
        gaps = [self.left + self.wide * (year - self.first) for year in range(self.first, last + 2)]
        canvas.lines([[(x, top), (x, bottom)] for x in gaps], colour=colours.PAPER, weight=1.5, layer=1)


def draw_map(plan: Plan, canvas: Canvas) -> None:
    """The key, the years, and the measures under the name of their group."""
    first = min(int(row["start"][:4]) for row in plan.rows)
    last = max(int(row["end"][:4]) for row in plan.rows)
    left = canvas.left if canvas.narrow else canvas.left + COLUMN
    ruler = Ruler(first, left, min(40.0, (canvas.right - left) / (last - first + 1)))
    _key(canvas, plan)
    for group in dict.fromkeys(row["group"] for row in plan.rows):
        _group(canvas, group, ruler, last)
        top = canvas.y
        for panel in dict.fromkeys(row["panel"] for row in plan.rows if row["group"] == group):
            _measure(canvas, panel, [row for row in plan.rows if row["panel"] == panel], ruler, last)
        ruler.divide(canvas, top, canvas.y, last)


def draw_small(plan: Plan, canvas: Canvas) -> None:
    """The map without its measures' names: how much of it is empty."""
    size, labels = canvas.size, list(dict.fromkeys(row["panel"] for row in plan.rows))
    first, last = min(int(row["start"][:4]) for row in plan.rows), max(int(row["end"][:4]) for row in plan.rows)
    ruler = Ruler(first, canvas.left, (canvas.right - canvas.left) / (last - first + 1))
    words = "A line for each measure, blue for a period with a figure, red where a source says it has none. Empty is silence."
    canvas.y += canvas.text(canvas.left, canvas.y, words, size.small, colour=colours.MUTED, width=canvas.right - canvas.left) + 6
    top = canvas.y
    pitch = (canvas.bottom - top - size.small * LEADING - 4) / len(labels)
    for label in labels:
        canvas.rectangle(canvas.left, canvas.y, canvas.right, canvas.y + pitch * 0.8, fill=colours.SILENCE, layer=0)
        for (start, end), found in _periods([row for row in plan.rows if row["panel"] == label]).items():
            left, right = ruler.at(date.fromisoformat(start)), ruler.at(date.fromisoformat(end), after=True)
            colour = colours.BREAK if kind_of(found) == UNREPORTED else colours.COUNT
            canvas.rectangle(left, canvas.y, right, canvas.y + pitch * 0.8, fill=colour)
        canvas.y += pitch
    ruler.divide(canvas, top, canvas.y, last)
    ruler.name_years(canvas, canvas.y + 2, last)


def _key(canvas: Canvas, plan: Plan) -> None:
    """The four marks with their words, once, above the map; only those that stand in it."""
    size, x = canvas.size.small, canvas.left
    kinds = {kind_of(rows) for rows in _periods(plan.rows).values()}
    for kind in (REPORTED, BOUND, PART, UNREPORTED):
        if kind not in kinds:
            continue
        wide = 24 + style.text_width(kind, size, "regular") + 18
        if x + wide - 18 > canvas.right:
            x, canvas.y = canvas.left, canvas.y + size * LEADING + 4
        mark(canvas, kind, x, canvas.y + 2, x + 16, canvas.y + 13)
        canvas.text(x + 22, canvas.y, kind, size)
        x += wide
    canvas.y += size * LEADING + 14


def _group(canvas: Canvas, group: str, ruler: Ruler, last: int) -> None:
    size = canvas.size
    canvas.y += 6
    height = canvas.text(canvas.left, canvas.y, group, size.heading, face="bold")
    if canvas.narrow:
        canvas.y += height
    ruler.name_years(canvas, canvas.y + 1, last)
    canvas.y += (size.small if canvas.narrow else size.heading) * LEADING + 3


def _measure(canvas: Canvas, label: str, rows: list[dict[str, str]], ruler: Ruler, last: int) -> None:
    """A measure's label and its marks on a pale band of all the years."""
    size, band = canvas.size, 13.0
    if canvas.narrow:
        canvas.y += canvas.text(canvas.left, canvas.y, label, size.small, width=canvas.right - canvas.left) + 1
        height = band
    else:
        height = max(band, len(wrapped(label, size.small, "regular", COLUMN - 12)) * size.small * LEADING)
        canvas.text(canvas.left, canvas.y + (band - size.small * LEADING) / 2, label, size.small, width=COLUMN - 12)
    top = canvas.y
    canvas.rectangle(ruler.left, top, ruler.left + ruler.wide * (last + 1 - ruler.first), top + band, fill=colours.SILENCE, layer=0)
    for (start, end), found in _periods(rows).items():
        left, right = ruler.at(date.fromisoformat(start)), ruler.at(date.fromisoformat(end), after=True)
        best = best_of(found)
        with canvas.linked(link(best, label)):
            mark(canvas, kind_of(found), left + 0.75, top, max(right - 0.75, left + 4), top + band, name=f"reported-{best['id']}")
    canvas.y = top + height + (5 if canvas.narrow else 4)


def _periods(rows: list[dict[str, str]]) -> dict[tuple[str, str, str], list[dict[str, str]]]:
    """Rows by measure and period, the long periods first so that the short ones stand upon them."""
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in sorted(rows, key=lambda row: (row["start"], [-ord(letter) for letter in row["end"]])):
        found.setdefault((row["panel"], row["start"], row["end"]), []).append(row)
    return found if len({key[0] for key in found}) > 1 else {key[1:]: value for key, value in found.items()}


def best_of(rows: list[dict[str, str]]) -> dict[str, str]:
    """The best-known number of a period: the total before its parts, a number before none."""
    numbers = [row for row in rows if row["status"] != MISSING] or rows
    return next((row for row in numbers if (row["sex"], row["age"], row["exploitation"]) == ("total", "total", "total")), numbers[0])


def kind_of(rows: list[dict[str, str]]) -> str:
    """The mark of a period: what its best-known number is."""
    best = best_of(rows)
    if best["status"] == MISSING:
        return UNREPORTED
    if best["qualifier"] in (*LOWER, *UPPER, "about"):
        return BOUND
    return PART if best["coverage"] else REPORTED


def mark(canvas: Canvas, kind: str, left: float, top: float, right: float, bottom: float, name: str = "") -> None:
    """One mark: full for a number, half for a bound, hatched for a part, a cross for none."""
    if kind == UNREPORTED:
        middle, centre, half = (left + right) / 2, (top + bottom) / 2, min(4.2, (bottom - top) / 2)
        canvas.rectangle(left, top, right, bottom, fill=colours.SILENCE, name=name)  # a thin cross alone is hard to hit
        strokes = [[(middle - half, centre - half * slope), (middle + half, centre + half * slope)] for slope in (1, -1)]
        canvas.lines(strokes, colour=colours.BREAK, weight=2)
        return
    if kind == PART:
        box = (left + 0.5, top + 0.5, right - 0.5, bottom - 0.5)
        canvas.rectangle(*box, fill=colours.PAPER, edge=colours.COUNT, weight=1, name=name)
        hatched(canvas, *box, colours.COUNT, step=4)
        return
    canvas.rectangle(left, top, right, bottom, fill=colours.COUNT, name=name, edge=colours.PAPER, weight=0.6)
    if kind == BOUND:
        canvas.shape([(left, top), (right, top), (right, bottom)], fill=colours.PAPER, edge=colours.COUNT, weight=1)
