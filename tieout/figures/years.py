"""Bars over years: a slot for every year, silence where no document has a number, and a divider where a series breaks.

Long silences are folded into one slot that says which years it holds; nothing is ever drawn across them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from tieout.figures import colours, style
from tieout.figures.canvas import Canvas, wrapped
from tieout.figures.marks import Bar, cross, draw_bar, is_partial, reach, shared_coverage
from tieout.figures.plan import as_number, labelled, link
from tieout.figures.series import DIVIDED, WALLS
from tieout.figures.style import LEADING
from tieout.figures.year_rows import YearRows
from tieout.record import MISSING

FOLDED_FROM = 5
FOLD_WIDTH = 66.0
WIDEST_SLOT = 170.0
WIDEST_BAR = 84.0
SPILL = 24.0
MOST_LINES = 4


@dataclass(frozen=True)
class Slot:
    """A place on the time axis: one year, or a fold of silent years."""

    first: int
    last: int
    left: float
    right: float

    @property
    def middle(self) -> float:
        """Where the slot's label is centred."""
        return (self.left + self.right) / 2

    @property
    def label(self) -> str:
        """The year, or the years of the fold."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def time_axis(rows: Iterable[dict[str, str]], left: float, right: float) -> list[Slot]:
    """A slot for every year from the first to the last number; five silent years or more share one."""
    years = {int(row["start"][:4]) for row in rows}
    runs: list[list[int]] = []
    for year in range(min(years), max(years) + 1):
        if year not in years and runs and runs[-1][-1] not in years:
            runs[-1].append(year)
        else:
            runs.append([year])
    spans = [span for run in runs for span in ([(run[0], run[-1])] if len(run) >= FOLDED_FROM else [(year, year) for year in run])]
    folds = sum(first != last for first, last in spans)
    wide = min(WIDEST_SLOT, (right - left - folds * FOLD_WIDTH) / (len(spans) - folds))
    slots = []
    for first, last in spans:
        end = left + (FOLD_WIDTH if first != last else wide)
        slots.append(Slot(first, last, left, end))
        left = end
    return slots


class Panel:
    """The bars of one metric on a time axis."""

    def __init__(self, canvas: Canvas, rows: list[dict[str, str]], slots: list[Slot], height: float, tallest: float,
                 colour: str = colours.COUNT) -> None:  # fmt: skip
        self.canvas, self.rows, self.slots, self.height, self.colour = canvas, rows, slots, height, colour
        self.scale = height / tallest
        self.places = {row["id"]: self._place(row) for row in rows}

    def _place(self, row: dict[str, str]) -> tuple[float, float]:
        """The left and right edge of a number's share of its slot: numbers of one year stand side by side."""
        slot = self._slot(row)
        mates = [one for one in self.rows if self._slot(one) == slot]
        wide = (slot.right - slot.left) / len(mates)
        start = slot.left + wide * mates.index(row)
        return start, start + wide

    def _slot(self, row: dict[str, str]) -> Slot:
        return next(slot for slot in self.slots if slot.first <= int(row["start"][:4]) <= slot.last)

    def fits(self) -> bool:
        """Whether every label has room: over its bar, under it, and over the dividers."""
        size = self.canvas.size
        for row in self.rows:
            left, right = self.places[row["id"]]
            before, after = self._spill(row)
            start, end = self._label_span(row)
            if start < left - before - 1 or end > right + after + 1 or sum(len(lines) for lines, _, _ in self._label(row)) > MOST_LINES:
                return False
        for slot in self.slots:
            lines = wrapped(self._year_name(slot), size.small, "regular", slot.right - slot.left)
            if len(lines) > 2 or max(style.text_width(line, size.small, "regular") for line in lines) > slot.right - slot.left - 3:
                return False
        spans = [self._divider_span(row) for row in self.rows if row["apart"] in DIVIDED]
        return all(before[1] + 6 <= after[0] for before, after in pairwise(sorted(spans)))

    def _divider_span(self, row: dict[str, str]) -> tuple[float, float]:
        """The left and right edge of the words over a divider."""
        canvas, x = self.canvas, self.places[row["id"]][0]
        lines = wrapped(WALLS[row["apart"]], canvas.size.small, "bold", self._divider_room())
        half = max(style.text_width(line, canvas.size.small, "bold") for line in lines) / 2
        middle = min(max(x, canvas.left + half), canvas.right - half)
        return middle - half, middle + half

    def draw(self) -> None:
        """Draw the panel at the cursor and move the cursor below it."""
        canvas, size = self.canvas, self.canvas.size
        if covered := shared_coverage(self.rows):
            left, right = self.slots[0].left, self.slots[-1].right
            canvas.y += canvas.text(left, canvas.y, covered, size.small, colour=colours.MUTED, width=right - left) + 4
        dividers = [row for row in self.rows if row["apart"] in DIVIDED]
        above = self._divider_height(dividers)
        labels = {row["id"]: self._label(row) for row in self.rows}
        tallest = max(sum(len(lines) * text * LEADING for lines, text, _ in label) for label in labels.values())
        base = canvas.y + above + tallest + 8 + self.height + max(reach(row) for row in self.rows)
        self._silences(base, canvas.y + above)
        for row in self.rows:
            self._number(row, base, labels[row["id"]])
        self._joins(base)
        for row in dividers:
            self._divider(row, canvas.y, above, base)
        self._years(base)
        canvas.y = base + 5 + size.small * LEADING * self._year_lines()

    def _bar(self, row: dict[str, str], base: float) -> Bar:
        left, right = self.places[row["id"]]
        wide = min((right - left) * 0.68, WIDEST_BAR)
        return Bar((left + right - wide) / 2, base, float(as_number(row["value"])) * self.scale, wide)

    def _label(self, row: dict[str, str]) -> list[tuple[list[str], float, str]]:
        """The lines over a bar with their size and face: the number as it may be told, and what it covers."""
        size, room = self.canvas.size, self._room(row)
        if row["status"] == MISSING:
            return [(wrapped("not reported", size.small, "regular", room), size.small, "regular")]
        told = [(wrapped(labelled(row), size.value, "bold", room, balanced=True), size.value, "bold")]
        if is_partial(row, self.rows):
            told.append((wrapped(row["coverage"], size.small, "regular", room, balanced=True), size.small, "regular"))
        return told

    def _room(self, row: dict[str, str]) -> float:
        """The width a label may take: its bar where a join begins or ends, else its slot, and silent neighbours where it needs them."""
        left, right = self.places[row["id"]]
        right -= 14 if row["apart"] in DIVIDED else 0  # the divider stands at its left, and the label is centred
        if row["joined"] or any(one["joined"] == row["id"] for one in self.rows):
            return max(self._bar(row, 0).thickness * 1.25, min(right - left - 3, 34))
        words = "not reported" if row["status"] == MISSING else labelled(row)
        size, face = (self.canvas.size.small, "regular") if row["status"] == MISSING else (self.canvas.size.value, "bold")
        longest = max(style.text_width(word, size, face) for word in words.split(" "))
        spill = sum(self._spill(row))
        crowded = len(wrapped(words, size, face, right - left - 3)) > 2
        return right - left - 3 + (spill if longest > right - left - 3 or crowded else 0)

    def _spill(self, row: dict[str, str]) -> tuple[float, float]:
        """How far a label may reach into the slots to its left and right: some way into silent ones, not at all into others."""
        place = self.slots.index(self._slot(row))
        taken = {self._slot(one) for one in self.rows}
        mates = sum(self._slot(one) == self.slots[place] for one in self.rows)
        before = place > 0 and self.slots[place - 1] not in taken
        after = place + 1 < len(self.slots) and self.slots[place + 1] not in taken
        return (SPILL if before and mates == 1 else 0.0, SPILL if after and mates == 1 else 0.0)

    def _label_span(self, row: dict[str, str]) -> tuple[float, float]:
        """The left and right edge of a number's label: over its bar, moved aside where its neighbour has a number."""
        left, right = self.places[row["id"]]
        wide = max(style.text_width(line, size, face) for lines, size, face in self._label(row) for line in lines)
        before, after = self._spill(row)
        start = min(max((left + right - wide) / 2, left - before + 1.5), max(right + after - wide - 1.5, left - before + 1.5))
        return start, start + wide

    def _number(self, row: dict[str, str], base: float, label: list[tuple[list[str], float, str]]) -> None:
        left, right = self.places[row["id"]]
        with self.canvas.linked(link(row, row["panel"])):
            self._mark(row, base, label)
        self.canvas.line([(left, base), (right, base)], colour=colours.JOIN, weight=1)

    def _mark(self, row: dict[str, str], base: float, label: list[tuple[list[str], float, str]]) -> None:
        """The bar, or a cross where the source says that it does not report, with its label."""
        canvas = self.canvas
        left, right = self.places[row["id"]]
        top = base - 12
        if row["status"] == MISSING:
            cross(canvas, (left + right) / 2, base - 7)
        else:
            bar = self._bar(row, base)
            draw_bar(canvas, bar, row, colours.APART if row["apart"] == "break" else self.colour, is_partial(row, self.rows))
            top = base - bar.length - reach(row)
        top -= 4 + sum(len(lines) * size * LEADING for lines, size, _ in label)
        for lines, size, face in label:
            colour = colours.INK if face == "bold" else colours.MUTED
            for line in lines:
                top += canvas.text(sum(self._label_span(row)) / 2, top, line, size, face=face, colour=colour, align="center")

    def _joins(self, base: float) -> None:
        """A line from bar to bar, only where the two may be compared."""
        known = {row["id"]: row for row in self.rows}
        for row in self.rows:
            if row["joined"] in known:
                before, after = self._bar(known[row["joined"]], base), self._bar(row, base)
                points = [before.at(before.length, before.thickness), after.at(after.length, 0)]
                self.canvas.line(points, colour=colours.JOIN, weight=1.6, name=f"join-{row['joined']}-{row['id']}", layer=3)

    def _silences(self, base: float, top: float) -> None:
        """A pale ground over the years of which no document has a number, with words on it."""
        runs: list[list[Slot]] = []
        taken = {self._slot(row) for row in self.rows}
        for before, slot in zip([None, *self.slots], self.slots, strict=False):
            if slot not in taken:
                runs[-1].append(slot) if runs and runs[-1][-1] == before else runs.append([slot])
        for run in runs:
            self._silence(run, top + 4, base)

    def _silence(self, run: list[Slot], top: float, base: float) -> None:
        """The ground of a run of silent slots, drawn back from labels that reach into it; its words only where they fit."""
        canvas, size = self.canvas, self.canvas.size.small
        spans = [self._label_span(row) for row in self.rows]
        left = max([run[0].left + 2, *(end + 4 for start, end in spans if start < run[0].left < end + 4)])
        right = min([run[-1].right - 2, *(start - 4 for start, end in spans if start - 4 < run[-1].right < end)])
        canvas.rectangle(left, top, right, base, fill=colours.SILENCE, layer=1)
        lines = wrapped("no figure", size, "regular", right - left - 4)
        if max(style.text_width(line, size, "regular") for line in lines) > right - left - 4:
            return
        middle = (top + base - len(lines) * size * LEADING) / 2
        for place, line in enumerate(lines):
            x = (left + right) / 2
            canvas.text(x, middle + place * size * LEADING, line, size, colour=colours.MUTED, align="center")

    def _divider_room(self) -> float:
        return 88.0 if self.canvas.narrow else 240.0

    def _divider_height(self, dividers: list[dict[str, str]]) -> float:
        size = self.canvas.size.small
        lines = [len(wrapped(WALLS[row["apart"]], size, "bold", self._divider_room())) for row in dividers]
        return max(lines) * size * LEADING + 6 if lines else 0.0

    def _divider(self, row: dict[str, str], top: float, above: float, base: float) -> None:
        """A dashed wall before a number that may not be compared with the one before it, with its words on top."""
        canvas, size = self.canvas, self.canvas.size.small
        x = self.places[row["id"]][0]
        lines = wrapped(WALLS[row["apart"]], size, "bold", self._divider_room())
        middle = sum(self._divider_span(row)) / 2
        for place, line in enumerate(lines):
            canvas.text(middle, top + place * size * LEADING, line, size, face="bold", colour=colours.BREAK, align="center")
        canvas.line(
            [(x, top + above - 4), (x, base + 4)], colour=colours.BREAK, weight=1.6, dash=(4, 3), name=f"break-{row['id']}", layer=4
        )

    def _year_name(self, slot: Slot) -> str:
        part = next((row["period"] for row in self.rows if self._slot(row) == slot and row["period"] != slot.label), "")
        return part or slot.label

    def _year_lines(self) -> int:
        size = self.canvas.size.small
        return max(len(wrapped(self._year_name(slot), size, "regular", slot.right - slot.left)) for slot in self.slots)

    def _years(self, base: float) -> None:
        for slot in self.slots:
            self.canvas.text(
                slot.middle, base + 4, self._year_name(slot), self.canvas.size.small, width=slot.right - slot.left, align="center"
            )


def panels(canvas: Canvas, many: list[list[dict[str, str]]], left: float, height: float) -> list[Panel | YearRows]:
    """The panels of a figure on one time axis and one scale: upright where all labels have room, else with years in rows."""
    slots = time_axis([row for rows in many for row in rows], left, canvas.right)
    top = tallest(row for rows in many for row in rows)
    upright = [Panel(canvas, rows, slots, height, top) for rows in many]
    return upright if all(panel.fits() for panel in upright) else YearRows.together(canvas, many, top)


def tallest(rows: Iterable[dict[str, str]]) -> float:
    """The greatest value among rows; bars are measured from zero to it."""
    return max((float(as_number(row["value"])) for row in rows if row["value"]), default=1.0) or 1.0
