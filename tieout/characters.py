"""Characters that do something, or that nobody sees: formulas, controls, marks of direction, blanks without width.

Whoever opens one of our files in a spreadsheet, a terminal or a browser must see what stands there, and run nothing.
"""

from __future__ import annotations

import re
import unicodedata

PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SIGNS = "=+@＝＋＠－-"  # with the full-width ones, which some spreadsheets read alike
_FORMULA = re.compile(rf"(?:^|[;\t])\s*[{_SIGNS}]")  # a semicolon or a tab starts a new cell where spreadsheets part cells by them
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")  # all but tab, line end, form feed and carriage return
_IGNORED = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"  # no format characters by name, and no ink


def formula(cell: str) -> bool:
    """Whether a spreadsheet may take the cell, or what follows a semicolon or a tab in it, for a formula."""
    return bool(_FORMULA.search(cell)) and not PLAIN_NUMBER.fullmatch(cell)


def control(text: str) -> str:
    """The first control character that no text holds, or an empty string."""
    found = _CONTROLS.search(text)
    return found[0] if found else ""


def unseen(text: str, allowed: str | frozenset[str] = "") -> str:
    """The first character, other than those ``allowed``, that leaves no mark on the page; or an empty string."""
    if text.isascii() and text.isprintable():
        return ""
    return next((letter for letter in text if _leaves_no_mark(letter) and letter not in allowed), "")


def named(letter: str) -> str:
    """A character by number and name: ``U+202E (RIGHT-TO-LEFT OVERRIDE)``."""
    name = unicodedata.name(letter, "") or {"\t": "a tab", "\n": "a line end"}.get(letter, "a character without a name")
    return f"U+{ord(letter):04X} ({name})"


def shown(text: str) -> str:
    """Words of a document as a terminal may print them: what leaves no mark, or moves the others, is �."""
    return "".join("�" if _leaves_no_mark(letter) else letter for letter in text)


def _leaves_no_mark(letter: str) -> bool:
    """Controls, format characters, separators of lines, private and lone ones, selectors of variants, and letters without ink."""
    code = ord(letter)
    if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cs") or letter in _IGNORED:
        return True
    return 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
