"""A laid-out figure drawn by matplotlib: as a picture in pixels, and as an SVG that drops into any page as it is."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from tieout.figures import style
from tieout.figures.canvas import Canvas, Line, Shape, Words
from tieout.figures.colours import LIGHT, PAPER
from tieout.figures.plan import Link, Plan

Lettering = Callable[[Line, Words, str], Artist]
SCALE = 2
_PLACES = np.array([1 << 16, 1 << 8, 1])  # of red, green and blue in a number that stands for a colour


class _Tag(Artist):
    """Opens or closes a link where an SVG is written; a picture in pixels knows none."""

    def __init__(self, link: Link | None) -> None:
        super().__init__()
        self.link = link

    def draw(self, renderer: RendererBase) -> None:
        writer = getattr(renderer, "writer", None)
        if writer is not None and self.link is not None:
            writer.start("a", attrib={"href": self.link.href, "aria-label": self.link.name})
        elif writer is not None:
            writer.end("a")


def _typeset(line: Line, words: Words, colour: str) -> Artist:
    """A line of text as matplotlib sets it: an SVG then holds each letter's outline once."""
    looks = {"color": colour, "fontproperties": style.font(words.face, words.size), "parse_math": False}
    return Text(line.left, line.baseline, line.text, ha="left", va="baseline", **looks)


def _outlined(line: Line, words: Words, colour: str) -> Artist:
    """A line of text as one shape, from outlines that are found once for all sizes and schemes: pixels are drawn in a third of the time."""
    points, codes = style.outlines(line.text, words.face)
    placed = points * (words.size / 100, -words.size / 100) + (line.left, line.baseline)
    return PathPatch(Outline(placed, codes), facecolor=colour, linewidth=0)


def painted(canvas: Canvas, scheme: dict[str, str] = LIGHT, lettering: Lettering = _typeset) -> Figure:
    """The figure as matplotlib draws it, in the colours of a scheme; ``lettering`` makes the artist of each line of text."""
    figure = Figure(figsize=(canvas.size.width / 72, canvas.height / 72), dpi=72, facecolor=scheme[PAPER])
    FigureCanvasAgg(figure)
    down = Affine2D().scale(1, -1).translate(0, canvas.height) + Affine2D().scale(1 / 72) + figure.dpi_scale_trans
    artists = []
    for group in canvas.drawn:
        artists += [_Tag(group.link)] if group.link else []
        artists += [artist for mark in group.marks for artist in _artists(mark, scheme, lettering)]
        artists += [_Tag(None)] if group.link else []
    for order, artist in enumerate(artists):
        artist.set(zorder=order, clip_on=False, transform=down)
        figure.add_artist(artist)
    return figure


def _artists(mark: Words | Shape, scheme: dict[str, str], lettering: Lettering) -> list[Artist]:
    if isinstance(mark, Words):
        return [lettering(line, mark, scheme[mark.colour]) for line in mark.lines if line.text.strip()]
    points = [point for outline in mark.outlines for point in (*outline, *outline[:1] * mark.closed)]
    codes = [code for outline in mark.outlines for code in _codes(len(outline), mark.closed)]
    looks = {"facecolor": scheme.get(mark.fill, "none"), "edgecolor": scheme.get(mark.edge, "none"), "linewidth": mark.weight}
    drawn = PathPatch(Outline(points, codes), capstyle="butt", joinstyle="miter", **looks)
    drawn.set_linestyle((0, mark.dash) if mark.dash else "-")
    drawn.set_gid(mark.name or None)
    return [drawn]


def _codes(length: int, closed: bool) -> list[int]:
    return [Outline.MOVETO, *[Outline.LINETO] * (length - 1), *[Outline.CLOSEPOLY] * closed]


def png(canvas: Canvas, scheme: dict[str, str] = LIGHT) -> bytes:
    """The figure as a PNG at twice the CSS pixels, in at most 256 colours, which take a quarter of the room."""
    figure = painted(canvas, scheme, _outlined)
    figure.set_dpi(72 * SCALE)
    pixels = FigureCanvasAgg(figure)
    pixels.draw()
    buffer = io.BytesIO()
    _few_colours(np.asarray(pixels.buffer_rgba())).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _few_colours(pixels: np.ndarray) -> Image.Image:
    """A picture in its 256 most frequent colours: flat colours stay as they are, the rarest of the soft edges take their nearest."""
    full = Image.fromarray(pixels).convert("RGB")
    counts, channels = (np.array(column) for column in zip(*full.getcolors(full.width * full.height), strict=True))
    found = channels @ _PLACES
    order = np.lexsort((found, -counts))
    found, channels = found[order], channels[order]
    nearest = ((channels[:, None] - channels[None, :256]) ** 2).sum(axis=2).argmin(axis=1)
    places = np.zeros(1 << 24, dtype=np.uint8)
    places[found] = nearest
    picture = Image.fromarray(places[pixels[..., :3].astype(np.uint32) @ _PLACES.astype(np.uint32)])
    picture.putpalette(channels[:256].astype(np.uint8).tobytes())
    return picture


def svg(canvas: Canvas, plan: Plan) -> str:
    """The figure as an SVG in CSS pixels, its letters drawn as outlines, with its title and its words for those who do not see it."""
    buffer = io.StringIO()
    FigureCanvasSVG(painted(canvas)).print_svg(buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    name = f"{plan.id}-{canvas.size.name}"
    _, opened, drawn = buffer.getvalue().partition("<svg ")
    _, closed, drawn = drawn.partition("</style>\n </defs>")
    if not (opened and closed):
        raise RuntimeError("the SVG has no root as expected: has matplotlib changed?")
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{canvas.size.width}" height="{canvas.height}" '
        f'viewBox="0 0 {canvas.size.width} {canvas.height}" role="group" aria-labelledby="{name}-name" aria-describedby="{name}-desc" '
        f'stroke-linejoin="round">\n<title id="{name}-name">{escape(plan.title)}</title>\n<desc id="{name}-desc">{escape(plan.alt)}</desc>'
    )
    return root + lightened(drawn, f"{plan.id[:3]}{canvas.size.name[:2]}")


def lightened(drawn: str, prefix: str) -> str:
    """What matplotlib wrote, in fewer bytes and without styles: short ids of letters, ``x`` for moves, rounded coordinates.

    Letters are drawn at size 100 and scaled down, so whole units are far below a pixel. Styles become attributes, for a
    page's content security policy may forbid styles.
    """
    letters: dict[str, str] = {}
    drawn = re.sub(r"<!--.*?-->", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'<use xlink:href="#([^"]+)"(?: transform="translate\(([-\d.]+) ([-\d.]+)\)")?/>', _letter(letters, prefix), drawn)
    drawn = re.sub(r'<path id="([^"]+)"', lambda match: f'<path id="{letters.get(match[1], match[1])}"', drawn)
    drawn = re.sub(r' style="([^"]*)"', lambda match: "".join(f" {name}={quoteattr(value)}" for name, value in _styles(match[1])), drawn)
    drawn = re.sub(r' d="([^"]*)"', lambda match: f' d="{_path(match[1])}"', drawn)
    drawn = re.sub(r' id="(?:patch|text|figure|axes|line2d|PathPatch)_\d+"', "", drawn)
    drawn = re.sub(r" transform=\"translate\(([-\d.]+) ([-\d.]+)\)", lambda match: _moved(match[1], match[2]), drawn)
    while True:
        slim = re.sub(r"<g>\s*(<(?:path|use)\b[^>]*/>)\s*</g>", r"\1", re.sub(r"<defs>\s*</defs>|<defs/>", "", drawn))
        if slim == drawn:
            return re.sub(r">\s+<", "><", drawn).replace("</g><", "</g>\n<").strip() + "\n"
        drawn = slim


def _moved(x: str, y: str) -> str:
    return f' transform="translate({_short(float(x), 2)} {_short(float(y), 2)})'


def _letter(letters: dict[str, str], prefix: str):
    def used(match: re.Match) -> str:
        name = letters.setdefault(match[1], f"{prefix}{len(letters)}")
        x, y = (_short(float(part or 0), 1) for part in (match[2], match[3]))
        return f'<use href="#{name}"' + (f' x="{x}"' if x != "0" else "") + (f' y="{y}"' if y != "0" else "") + "/>"

    return used


def _styles(text: str) -> list[tuple[str, str]]:
    return [tuple(part.strip() for part in one.split(":", 1)) for one in text.split(";") if one.strip()]


def _path(text: str) -> str:
    numbers = re.sub(r"-?\d+(?:\.\d+)?", lambda match: _short(float(match[0]), 1), text)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(numbers.split()))


def _short(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
