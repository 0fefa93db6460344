"""Two columns of short passages with lines between those that belong together; on a phone, one list under headings."""

from __future__ import annotations

from tieout.figures import colours
from tieout.figures.canvas import Canvas, wrapped
from tieout.figures.carried import DROPPED, FATES, MERGED, NEW, REWORDED, SAME, SPLIT
from tieout.figures.plan import Link, Plan
from tieout.figures.style import LEADING

COLOURS = {
    SAME: colours.SAME,
    REWORDED: colours.CHANGED,
    MERGED: colours.MERGED,
    SPLIT: colours.MERGED,
    DROPPED: colours.DROPPED,
    NEW: colours.NEW,
}
DASHES = {SAME: (), REWORDED: (5, 3), MERGED: (1.5, 1.5), SPLIT: (1.5, 1.5)}
PAD = 7.0
BETWEEN = 76.0
GAP, MOST_GAP = 9.0, 34.0


def draw_columns(plan: Plan, canvas: Canvas) -> None:
    """The earlier report on the left, the later on the right, each in its own order."""
    documents = sorted({row["document"]: row["published"] for row in plan.rows}.items(), key=lambda item: item[1])
    wide = (canvas.right - canvas.left - BETWEEN) / 2
    lefts = (canvas.left, canvas.left + wide + BETWEEN)
    for (_, published), left in zip(documents, lefts, strict=True):
        canvas.text(left, canvas.y, f"Report of {published[:4]}", canvas.size.heading, face="bold")
    canvas.y += canvas.size.heading * LEADING + 6
    columns = [sorted((row for row in plan.rows if row["document"] == document), key=lambda row: row["id"]) for document, _ in documents]
    heights = [[_height(canvas, row, wide, _tagged(row, bool(place))) for row in column] for place, column in enumerate(columns)]
    tall = max(sum(column) + GAP * (len(column) - 1) for column in heights)
    edges = {}
    for place, (column, high, left) in enumerate(zip(columns, heights, lefts, strict=True)):
        gap = min(MOST_GAP, (tall - sum(high)) / max(1, len(column) - 1))
        y = canvas.y
        for row, height in zip(column, high, strict=True):
            with canvas.linked(_link(row)):
                _card(canvas, row, left, y, wide, _tagged(row, bool(place)))
            edges[row["id"]] = (left + (0 if place else wide), y + height / 2)
            y += height + gap
    for row in plan.rows:
        if row["document"] == documents[0][0]:
            for met in filter(None, row["meets"].split("|")):
                _tie(canvas, row, edges[row["id"]], edges[met], met)
    canvas.y += tall + 4


def _link(row: dict[str, str]) -> Link:
    name = f"{_capital(row['label'])}, {row['fate']}, report of {row['published'][:4]}: {row['id']}"
    return Link(f"../evidence/{row['document']}.html#{row['id']}", name)


def _tagged(row: dict[str, str], later: bool) -> bool:
    """Whether a card says what became of it: in the later report always, in the earlier one only where it ends there."""
    return later or row["fate"] == DROPPED


def _height(canvas: Canvas, row: dict[str, str], wide: float, tagged: bool) -> float:
    size, inner = canvas.size, wide - 2 * PAD
    name = len(wrapped(_capital(row["label"]), size.value, "bold", inner)) * size.value
    told = len(wrapped(opening(row["quote"], size.small, inner, 2), size.small, "regular", inner)) + tagged
    return 9 + (name + told * size.small) * LEADING


def _card(canvas: Canvas, row: dict[str, str], left: float, top: float, wide: float, tagged: bool) -> float:
    """A recommendation: its fate where this column tells it, its short name, and the words it opens with."""
    size, colour, y = canvas.size, COLOURS[row["fate"]], top + 4
    inner = wide - 2 * PAD
    if tagged:
        y += canvas.text(left + PAD, y, row["fate"], size.small, face="bold", colour=colour)
    y += canvas.text(left + PAD, y, _capital(row["label"]), size.value, face="bold", width=inner)
    y += canvas.text(left + PAD, y, opening(row["quote"], size.small, inner, 2), size.small, colour=colours.MUTED, width=inner) + 5
    canvas.rectangle(left, top, left + wide, y, edge=colours.RULE, weight=1, layer=1)
    side = left + wide if not tagged else left
    canvas.line([(side, top), (side, y)], colour=colour, weight=4, layer=3)
    return y - top


def _tie(canvas: Canvas, row: dict[str, str], start: tuple[float, float], end: tuple[float, float], met: str) -> None:
    """A soft line from one card to the other: whole for the same words, dashed for new ones, dotted where several meet."""
    steps = [step / 24 for step in range(25)]
    bend = [(share, share * share * (3 - 2 * share)) for share in steps]
    points = [(start[0] + (end[0] - start[0]) * along, start[1] + (end[1] - start[1]) * across) for along, across in bend]
    weight = 3.0 if row["fate"] == SAME else 2.2
    canvas.line(points, colour=COLOURS[row["fate"]], weight=weight, dash=DASHES[row["fate"]], name=f"carried-{row['id']}-{met}")


def opening(quote: str, size: float, width: float, lines: int) -> str:
    """The first words of a quote that fill so many lines, with an ellipsis where it goes on."""
    words = quote.split(" ")
    for count in range(len(words), 0, -1):
        told = quote if count == len(words) else " ".join(words[:count]).rstrip(",;.") + " …"
        if len(wrapped(told, size, "regular", width)) <= lines:
            return told
    return quote


def draw_list(plan: Plan, canvas: Canvas) -> None:
    """Under each fate the recommendations that had it."""
    size, wide = canvas.size, canvas.right - canvas.left
    latest = max(row["published"] for row in plan.rows)
    for fate in FATES:
        rows = [row for row in plan.rows if row["fate"] == fate and (row["published"] == latest or fate == DROPPED)]
        if not rows:
            continue
        canvas.y += canvas.text(canvas.left, canvas.y, _capital(fate), size.heading, face="bold", colour=COLOURS[fate]) + 3
        for row in rows:
            with canvas.linked(_link(row)):
                _entry(canvas, row, wide)
        canvas.y += 7


def _entry(canvas: Canvas, row: dict[str, str], wide: float) -> None:
    """A recommendation in the list: its short name and the words it opens with, beside a line in its fate's colour."""
    size, top, fate = canvas.size, canvas.y, row["fate"]
    meets = len(list(filter(None, row["meets"].split("|"))))
    name = _capital(row["label"]) + (f" ({meets} into 1)" if fate == MERGED else "")
    canvas.y += canvas.text(canvas.left + 12, canvas.y, name, size.value, face="bold", width=wide - 12)
    told = opening(row["quote"], size.small, wide - 12, 2)
    canvas.y += canvas.text(canvas.left + 12, canvas.y, told, size.small, colour=colours.MUTED, width=wide - 12)
    side = canvas.left + 2
    canvas.line([(side, top + 3), (side, canvas.y)], colour=COLOURS[fate], weight=4, dash=DASHES.get(fate, ()))
    canvas.y += 7


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
