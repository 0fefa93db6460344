"""The sheet a figure is laid out on, in CSS pixels from the top left, for a page, a phone or a card.

Nothing is drawn here: the sheet remembers marks by their meaning, in order, so that one layout serves every scheme of colours
and every kind of file. Marks that stand for a number of the record are held together under a link to the number's words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tieout.figures import colours, style
from tieout.figures.plan import Link, Plan
from tieout.figures.style import LEADING, Size

DRAFT = "DRAFT: not signed by a keyer and a verifier. Not for print."
MOST_TITLE_LINES = 4
RIM = 4  # around a bare drawing, in CSS pixels, for lines that are drawn on its edge
_GLUED = re.compile(r"(?<=\d) (?=(?:m|b|tr)illion)|(?<=\bin) (?=\d{4}\b)")

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line of text: where it starts, its baseline, and how wide it is."""

    left: float
    baseline: float
    width: float
    text: str


@dataclass(frozen=True)
class Words:
    """A text in lines, in one size, face and colour."""

    lines: tuple[Line, ...]
    size: float
    face: str
    colour: str
    align: str
    name: str = ""


@dataclass(frozen=True)
class Shape:
    """Outlines, closed or open, filled and drawn in colours named by meaning; ``name`` becomes its id in an SVG."""

    outlines: tuple[tuple[Point, ...], ...]
    closed: bool
    fill: str = ""
    edge: str = ""
    weight: float = 0.0
    dash: tuple[float, ...] = ()
    name: str = ""


@dataclass
class Group:
    """Marks that belong together: behind one link, or one mark without any."""

    layer: int
    link: Link | None
    marks: list[Words | Shape] = field(default_factory=list)


@dataclass(frozen=True)
class Box:
    """Where the ink of a line of text stands."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


class Canvas:
    """A sheet with a cursor ``y`` that moves down as the figure grows; a card's marks must end at ``bottom``.

    A ``bare`` sheet holds the drawing alone: the page around it has the title, the notes and the source.
    """

    def __init__(self, size: Size, name: str, bare: bool = False) -> None:
        self.size, self.name, self.bare = size, name, bare
        self.left, self.right = float(size.margin), float(size.width - size.margin)
        self.y = float(size.margin)
        self.groups: list[Group] = []
        self.bottom = float("inf")
        self._open: Group | None = None

    def copy(self) -> Canvas:
        """The sheet as it is, to try something on."""
        made = Canvas(self.size, self.name, self.bare)
        made.y, made.bottom, made.groups = self.y, self.bottom, list(self.groups)
        return made

    @property
    def narrow(self) -> bool:
        """Whether the figure is drawn for a phone."""
        return self.size.narrow

    @property
    def card(self) -> bool:
        """Whether the figure is drawn on a sheet of fixed height."""
        return bool(self.size.height)

    @property
    def height(self) -> int:
        """The height so far, with the margin below, in whole pixels; a card's is fixed."""
        return self.size.height or math.ceil(self.y + self.size.margin)

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """What of the sheet is shown: left, top, width and height; of a bare one the margin is left to the page, save a rim."""
        cut = self.size.margin - RIM if self.bare else 0
        return cut, cut, self.size.width - 2 * cut, self.height - 2 * cut

    @property
    def drawn(self) -> list[Group]:
        """Everything in the order in which it is drawn: grounds, then marks and words as they were placed, then lines over them."""
        return sorted(self.groups, key=lambda group: group.layer)

    @property
    def words(self) -> list[Words]:
        """Every text."""
        return [mark for group in self.drawn for mark in group.marks if isinstance(mark, Words)]

    @property
    def boxes(self) -> list[Box]:
        """Where the ink of every line of text stands."""
        return [
            Box(one.left, one.baseline - 0.72 * text.size, one.left + one.width, one.baseline + 0.2 * text.size, one.text)
            for text in self.words
            for one in text.lines
        ]

    @contextmanager
    def linked(self, link: Link | None) -> Iterator[None]:
        """Everything placed within stands for one number and leads to its words; without a link it stands for itself."""
        self._open = Group(2, link) if link else None
        yield
        if self._open is not None:
            self.groups.append(self._open)
        self._open = None

    def _place(self, mark: Words | Shape, layer: int) -> None:
        if self._open is not None:
            self._open.marks.append(mark)
        else:
            self.groups.append(Group(layer, None, [mark]))

    def text(self, x: float, top: float, text: str, size: float, *, colour: str = colours.INK, face: str = "regular",
             width: float = math.inf, align: str = "left", balanced: bool = False, name: str = "") -> float:  # fmt: skip
        """Place a text, wrapped to ``width``; gives the height it takes."""
        lines = wrapped(text, size, face, width, balanced)
        wide = [style.text_width(line, size, face) for line in lines]
        lefts = [x - {"left": 0, "center": one / 2, "right": one}[align] for one in wide]
        baselines = [top + place * size * LEADING + 0.97 * size for place in range(len(lines))]
        placed = tuple(Line(*one) for one in zip(lefts, baselines, wide, lines, strict=True))
        self._place(Words(placed, size, face, colour, align, self._id(name)), 2)
        return len(lines) * size * LEADING

    def shape(self, points: list[Point], *, fill: str = "", edge: str = "", weight: float = 1.25, dash: tuple[float, ...] = (),
              name: str = "", layer: int = 2) -> None:  # fmt: skip
        """A closed shape."""
        self._place(Shape((tuple(points),), True, fill, edge, weight if edge else 0.0, dash, self._id(name)), layer)

    def rectangle(self, left: float, top: float, right: float, bottom: float, **looks) -> None:
        """An upright rectangle."""
        self.shape([(left, top), (right, top), (right, bottom), (left, bottom)], **looks)

    def line(self, points: list[Point], **looks) -> None:
        """An open line through points."""
        self.lines([points], **looks)

    def lines(self, many: list[list[Point]], *, colour: str = colours.RULE, weight: float = 1.0, dash: tuple[float, ...] = (),
              name: str = "", layer: int = 2) -> None:  # fmt: skip
        """Several open lines that are one mark."""
        self._place(Shape(tuple(tuple(points) for points in many), False, "", colour, weight, dash, self._id(name)), layer)

    def _id(self, name: str) -> str:
        return f"{self.name}-{self.size.name}-{name}" if name else ""

    def head(self, plan: Plan) -> None:
        """The title and what is measured; a draft says so above everything. A card has its title alone, in the size that fits."""
        if self.bare:
            return
        wide, size = self.right - self.left, self.size.title
        if plan.draft:
            self.y += self.text(self.left, self.y, DRAFT, self.size.small, colour=colours.BREAK, face="bold", width=wide) + 6
        if plan.place:
            self.y += self.text(self.left, self.y, plan.place, self.size.small, colour=colours.MUTED, face="bold", width=wide) + 4
        while self.card and size > self.size.value and len(wrapped(plan.title, size, "bold", wide)) > MOST_TITLE_LINES - 1:
            size -= 0.5
        self.y += self.text(self.left, self.y, plan.title, size, face="bold", width=wide, balanced=True, name="title")
        if self.card:
            self.y += 12
            everything = plan.credit(document for document, _ in plan.publishers)
            credit = len(wrapped(everything, self.size.small, "regular", wide)) * self.size.small * LEADING
            self.bottom = self.size.height - self.size.margin - credit - 6
            return
        self.y += 5
        self.y += self.text(self.left, self.y, plan.subtitle, self.size.subtitle, colour=colours.MUTED, width=wide)
        self.y += 14

    def _documents(self) -> set[str]:
        """The documents of the numbers drawn."""
        return {group.link.href.rpartition("/")[2].partition(".html")[0] for group in self.groups if group.link}

    def foot(self, plan: Plan) -> None:
        """The notes and the source, as part of the picture, so that it can stand on any page as it is. A card has its credit."""
        if self.bare:
            return
        wide, size = self.right - self.left, self.size.small
        if self.card:
            credit = plan.credit(self._documents() or dict(plan.publishers))
            self.text(self.left, self.bottom + 10, credit, size, colour=colours.MUTED, width=wide)
            return
        self.y += 12
        self.line([(self.left, self.y), (self.right, self.y)])
        self.y += 8
        for note in plan.notes:
            self.y += self.text(self.left, self.y, note, size, colour=colours.MUTED, width=wide) + 4
        self.y += 2 if plan.notes else 0
        self.y += self.text(self.left, self.y, plan.source, size, colour=colours.INK, width=wide)


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
    """Lines filled word by word. Words are measured alone, for the font has no kerning across a space."""
    lines: list[str] = []
    space, filled = style.text_width("a a", size, face) - 2 * style.text_width("a", size, face), 0.0
    for word in _GLUED.sub("\u00a0", text).split(" "):
        wide = style.text_width(word, size, face)
        if lines and filled + space + wide <= width:
            lines[-1], filled = f"{lines[-1]} {word}", filled + space + wide
        else:
            lines.append(word)
            filled = wide
    return lines
