"""The marks of the coverage map: a bar as long as the period it is about, a cross where the source says it does not report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tieout.figures import style
from tieout.figures.canvas import LEADING, Canvas, wrapped
from tieout.figures.marks import LOWER, UPPER
from tieout.figures.plan import Plan
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


def draw_map(plan: Plan, canvas: Canvas) -> None:
    """The key, the years, and the measures under the name of their group."""
    first = min(int(row["start"][:4]) for row in plan.rows)
    last = max(int(row["end"][:4]) for row in plan.rows)
    left = canvas.left if canvas.narrow else canvas.left + COLUMN
    ruler = Ruler(first, left, min(40.0, (canvas.right - left) / (last - first + 1)))
    _key(canvas, plan)
    group = ""
    for panel in dict.fromkeys(row["panel"] for row in plan.rows):
        rows = [row for row in plan.rows if row["panel"] == panel]
        if rows[0]["group"] != group:
            group = rows[0]["group"]
            _group(canvas, group, ruler, last)
        _measure(canvas, panel, rows, ruler, last)


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
    step = next(step for step in (1, 2, 3, 4, 5, 10) if step * ruler.wide >= style.text_width("2000", size.small, "regular") + 8)
    shown = [year for year in range(ruler.first, last + 1) if (last - year) % step == 0]
    for year in shown:
        canvas.text(
            ruler.left + ruler.wide * (year - ruler.first + 0.5), canvas.y + 1, str(year), size.small, colour=style.MUTED, align="center"
        )
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
    for year in range(ruler.first, last + 1):
        x = ruler.left + ruler.wide * (year - ruler.first)
        canvas.rectangle(x + 0.75, top, x + ruler.wide - 0.75, top + band, fill=style.SILENCE, layer=1)
    for (start, end), found in _periods(rows).items():
        left, right = ruler.at(date.fromisoformat(start)), ruler.at(date.fromisoformat(end), after=True)
        mark(canvas, kind_of(found), left + 0.75, top, max(right - 0.75, left + 4), top + band, name=f"reported-{found[0]['id']}")
    canvas.y = top + height + (5 if canvas.narrow else 4)


def _periods(rows: list[dict[str, str]]) -> dict[tuple[str, str, str], list[dict[str, str]]]:
    """Rows by measure and period, the long periods first so that the short ones stand upon them."""
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in sorted(rows, key=lambda row: (row["start"], [-ord(letter) for letter in row["end"]])):
        found.setdefault((row["panel"], row["start"], row["end"]), []).append(row)
    return found if len({key[0] for key in found}) > 1 else {key[1:]: value for key, value in found.items()}


def kind_of(rows: list[dict[str, str]]) -> str:
    """The mark of a period: what its best-known number is, the total before its parts."""
    numbers = [row for row in rows if row["status"] != MISSING]
    if not numbers:
        return UNREPORTED
    best = next((row for row in numbers if (row["sex"], row["age"], row["exploitation"]) == ("total", "total", "total")), numbers[0])
    if best["qualifier"] in (*LOWER, *UPPER, "about"):
        return BOUND
    return PART if best["coverage"] else REPORTED


def mark(canvas: Canvas, kind: str, left: float, top: float, right: float, bottom: float, name: str = "") -> None:
    """One mark: full for a number, half for a bound, hatched for a part, a cross for none."""
    if kind == UNREPORTED:
        middle, half = (left + right) / 2, 4.2
        centre = (top + bottom) / 2
        for slope in (1, -1):
            canvas.line(
                [(middle - half, centre - half * slope), (middle + half, centre + half * slope)], colour=style.BREAK, weight=2, layer=3
            )
        return
    if kind == PART:
        canvas.rectangle(
            left + 0.5, top + 0.5, right - 0.5, bottom - 0.5, fill=style.PAPER, edge=style.COUNT, hatch="//////", weight=1, name=name
        )
        return
    canvas.rectangle(left, top, right, bottom, fill=style.COUNT, name=name, edge=style.PAPER, weight=0.6)
    if kind == BOUND:
        canvas.shape([(left, top), (right, top), (right, bottom)], fill=style.PAPER, edge=style.COUNT, weight=1, layer=3)
