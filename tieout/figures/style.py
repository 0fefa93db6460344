"""The house style of figures: fonts, sizes of type and room, and the settings that make the bytes the same everywhere."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.textpath import text_to_path

FONTS = Path(__file__).resolve().parent.parent / "fonts"
FACES = {"regular": "SourceSans3-Regular.ttf", "bold": "SourceSans3-SemiBold.ttf"}
LEADING = 1.25


@dataclass(frozen=True)
class Size:
    """A sheet's width in CSS pixels, the type sizes that are read at it, and how thick and high its marks are.

    ``bar`` and ``gap`` are those of bars to the right, ``plot`` the height of one series' bars, ``panel`` of one among several.
    A sheet with a ``height`` is just that high and holds no small print.
    """

    name: str
    width: int
    margin: int
    title: float
    subtitle: float
    heading: float
    value: float
    small: float
    bar: float
    gap: float
    plot: float
    panel: float
    height: int = 0

    @property
    def narrow(self) -> bool:
        """Whether it is a phone's: one column, labels over their marks."""
        return self.width < 480


PAGE = Size("page", 680, 16, title=21, subtitle=14.5, heading=14.5, value=14, small=12, bar=24, gap=8, plot=220, panel=78)
PHONE = Size("phone", 360, 14, title=18, subtitle=13.5, heading=13.5, value=13, small=11.5, bar=24, gap=8, plot=170, panel=78)
CARD = Size("card", 600, 22, title=20.5, subtitle=14, heading=14, value=15, small=13, bar=24, gap=6, plot=110, panel=60, height=315)
SIZES = (PAGE, PHONE, CARD)

_SETTINGS = {
    "figure.dpi": 72,
    "svg.fonttype": "path",
    "text.usetex": False,
    "text.hinting": "none",
    "path.simplify": False,
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
    return _width_at_100(text, face) * size / 100


@cache
def outlines(text: str, face: str) -> tuple[np.ndarray, np.ndarray]:
    """The outlines of a line of text of size 100 from its baseline up: points (n, 2), and matplotlib's code of each."""
    points, codes = text_to_path.get_text_path(font(face, 100), text)
    return np.array(points), np.array(codes, dtype=np.uint8)


@cache
def _width_at_100(text: str, face: str) -> float:
    measured = _face(face)
    lacking = sorted({letter for letter in text if not measured.get_char_index(ord(letter))})
    if lacking:
        raise FontFallback(f"{FACES[face]} has no {', '.join(repr(letter) for letter in lacking)}, in “{text}”")
    measured.set_size(100, 72)
    measured.set_text(text, 0, flags=LoadFlags.NO_HINTING)
    return measured.get_width_height()[0] / 64


@cache
def _face(face: str) -> FT2Font:
    return FT2Font(str(FONTS / FACES[face]))


# A font is read from its file as letters are needed, and a forked process would share the place in that file with this one.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_face.cache_clear)
