"""Figures as files: each size is laid out once, and the same plan gives the same bytes, whoever draws it and wherever."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from tieout.figures import style
from tieout.figures.canvas import Canvas
from tieout.figures.colours import SCHEMES, recoloured
from tieout.figures.inline import inline
from tieout.figures.painting import SCALE, png, svg
from tieout.figures.plan import Plan
from tieout.figures.style import CARD, PAGE, PHONE, SIZES, Size
from tieout.tables import safe_text

INLINE = "inline"
STANDALONE = "standalone"
PICTURED = (PAGE, CARD)
DRAWN = (PAGE, PHONE)
Drawer = Callable[[Plan, Canvas], None]
Entry = dict[str, str | int]


def composed(plan: Plan, drawer: Drawer, size: Size, bare: bool = False) -> Canvas:
    """A figure laid out at a size, ``bare`` of its words or with them; only inside the house style."""
    canvas = Canvas(size, plan.id, bare)
    drawer(plan, canvas)
    return canvas


def name_of(plan: Plan, size: Size, scheme: str, kind: str) -> str:
    """A file's name: the size and the scheme are said where they are not the usual ones."""
    return f"{plan.id}{'' if size is PAGE else f'-{size.name}'}{'' if scheme == 'light' else f'-{scheme}'}.{kind}"


def write(plan: Plan, drawer: Drawer, folder: Path) -> list[Entry]:
    """Write a figure's files; gives each with its kind, size, scheme and flavour, and the room it takes in CSS pixels."""
    (folder / INLINE).mkdir(exist_ok=True)
    entries = [entry for size in SIZES for entry in _sized(plan, drawer, size, folder)]
    (folder / f"{plan.id}.csv").write_bytes(table(plan))
    return [*entries, {"file": f"{plan.id}.csv", "kind": "csv"}]


def table(plan: Plan) -> bytes:
    """The numbers drawn, as CSV."""
    return safe_text(f"{plan.id}.csv", list(plan.rows[0]), plan.rows).encode("utf-8")


def _sized(plan: Plan, drawer: Drawer, size: Size, folder: Path) -> Iterable[Entry]:
    with style.house(f"tieout-{plan.id}-{size.name}"):
        canvas = composed(plan, drawer, size)
        room = _room(canvas)
        if size in DRAWN:
            drawn = svg(canvas, plan)
            for scheme in SCHEMES:
                name = name_of(plan, size, scheme, "svg")
                _text(folder / name, recoloured(drawn, scheme))
                yield {"file": name, "kind": "svg", "size": size.name, "scheme": scheme, "flavour": STANDALONE, **room}
            name, bare = f"{INLINE}/{name_of(plan, size, 'light', 'svg')}", composed(plan, drawer, size, bare=True)
            _text(folder / name, inline(bare, plan).replace('"../evidence/', '"../../evidence/'))
            yield {"file": name, "kind": "svg", "size": size.name, "scheme": "page", "flavour": INLINE, **_room(bare)}
        if size in PICTURED:
            for scheme, colours in SCHEMES.items():
                name = name_of(plan, size, scheme, "png")
                (folder / name).write_bytes(png(canvas, colours))
                yield {"file": name, "kind": "png", "size": size.name, "scheme": scheme, "flavour": STANDALONE, **room, "scale": SCALE}


def _room(canvas: Canvas) -> Entry:
    _, _, width, height = canvas.frame
    return {"width": width, "height": height}


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
