"""Places in texts made on the spot."""

from __future__ import annotations

from tieout.guessing.place import Place
from tieout.texts import Text


def place(text: str, printed: str, nth: int = 0) -> Place:
    """The ``nth`` number of ``text`` that is ``printed`` so."""
    whole = Text("inv-2031", text)
    return Place(whole, [number for number in whole.numbers if number.printed == printed][nth])
