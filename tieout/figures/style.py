"""The house style of figures: fonts, colours named by meaning, and the settings that make the bytes the same everywhere."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

FONTS = Path(__file__).resolve().parent.parent / "fonts"
FACES = {"regular": "SourceSans3-Regular.ttf", "bold": "SourceSans3-SemiBold.ttf", "italic": "SourceSans3-Italic.ttf"}

# Text, at least 4.5:1 on white
INK = "#1d2730"
MUTED = "#56616c"
BREAK = "#a8310f"
# Marks, at least 3:1 on white; a colour-blind reader tells blue from orange, and no meaning hangs on colour alone
COUNT = "#0b6aa8"
APART = "#b8560b"
WHOLE = "#8093a4"
JOIN = "#3d4853"
SAME, CHANGED, MERGED, NEW, DROPPED = "#0b6aa8", "#8a5a00", "#7a3d8f", "#12724f", "#a8310f"
# Grounds: no information in them alone
SILENCE = "#f1f3f5"
RULE = "#c9d0d6"
PAPER = "#ffffff"

TEXTS = (INK, MUTED, BREAK, COUNT, APART, SAME, CHANGED, MERGED, NEW, DROPPED)
MARKS = (COUNT, APART, WHOLE, JOIN, SAME, CHANGED, MERGED, NEW, DROPPED)

_SETTINGS = {
    "figure.dpi": 72,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "text.usetex": False,
    "text.hinting": "none",
    "path.simplify": False,
    "hatch.linewidth": 1.2,
    "axes.unicode_minus": True,
}


class FontFallback(Exception):
    """A letter that the house font lacks, or a font that was not found: another font would change the figure unseen."""


@contextmanager
def house(salt: str) -> Iterator[None]:
    """Draw in the house style whatever the user's settings are; any fallback to another font is an error.

    ``salt`` makes the ids inside an SVG its own, and the same in every run.
    """
    guard = _Guard()
    logger = logging.getLogger("matplotlib.font_manager")
    logger.addFilter(guard)
    try:
        with matplotlib.rc_context(), warnings.catch_warnings():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(_SETTINGS | {"svg.hashsalt": salt})
            warnings.filterwarnings("error", message=".*([Gg]lyph|findfont|[Ff]ont).*")
            yield
    except UserWarning as warning:
        raise FontFallback(str(warning)) from None
    finally:
        logger.removeFilter(guard)


class _Guard(logging.Filter):
    """Turns what matplotlib only logs about fonts into an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            raise FontFallback(record.getMessage())
        return True


def font(face: str, size: float) -> FontProperties:
    """A face of the house font, by its file, so that no search for a family can go astray."""
    return FontProperties(fname=str(FONTS / FACES[face]), size=size)


@cache
def text_width(text: str, size: float, face: str) -> float:
    """The width of a line of text in CSS pixels; a letter the font lacks is an error."""
    measured = _face(face)
    lacking = sorted({letter for letter in text if not measured.get_char_index(ord(letter))})
    if lacking:
        raise FontFallback(f"{FACES[face]} has no {', '.join(repr(letter) for letter in lacking)}, in “{text}”")
    measured.set_size(100, 72)
    measured.set_text(text, 0, flags=LoadFlags.NO_HINTING)
    return measured.get_width_height()[0] / 64 * size / 100


@cache
def _face(face: str) -> FT2Font:
    return FT2Font(str(FONTS / FACES[face]))


def contrast(colour: str, ground: str = PAPER) -> float:
    """The contrast of two colours after WCAG 2: 1 for none, 21 for black on white."""
    lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
