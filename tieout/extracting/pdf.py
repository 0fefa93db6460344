"""The text of a PDF's pages: its lines joined into paragraphs, since a quote stands within one line of a seed.

What is printed is kept, headers, footers and page numbers too. Three things are read by how they look and not by their letters: a raised
digit becomes ``¹`` (else a note's mark would make 1995 of 199 and 5), a ligature its letters, and a hyphen at the end of a line goes
where the document itself prints the word without one. A hyphen of any other line end stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tieout.extracting.problems import Unreadable

MOST_PAGES = 150  # that are taken without being named
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BULLET = re.compile(r"(?:[•▪●◦‣■□➢\uf0b7·*–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s")
_ENDS = re.compile(r"[.!?:;][\"”’')\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_HYPHENS = "-\u00ad\u2010"
_PARTING = "\ufffe\x02"  # PDFium's own marks of a hyphen at the end of a line
_WIDEST = 1.5  # lines further apart than this, in heights of a line, are paragraphs of their own
_COPYING = 1 << 4  # the permission to copy text, by ISO 32000-1, table 22


@dataclass(frozen=True)
class Line:
    """A printed line: its text, its edges in points from the lower left corner of the page, and the height of its letters."""

    text: str
    left: float
    right: float
    bottom: float
    height: float


def page_numbers(given: str, count: int) -> list[int]:
    """The pages that ``100-103,107`` names, counted from 1 and in that order; all where ``given`` is empty.

    Raises ``Unreadable`` where it names none, or one that a document of ``count`` pages does not have.
    """
    if not given:
        return list(range(1, count + 1))
    found: list[int] = []
    for part in given.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,6})(?:\s*[-–]\s*([0-9]{1,6}))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last:
            raise Unreadable(f"--pages {given!r} names no pages. Write 100-103, or 100-103,107; the first page is 1.")
        if last > count:
            raise Unreadable(f"--pages {given!r} asks for page {last}, and it has {count}. Count the pages of the file, not those printed.")
        found += range(first, last + 1)
    if len(set(found)) != len(found):
        raise Unreadable(f"--pages {given!r} names a page twice.")
    return found


def read(raw: bytes, pages: str) -> tuple[str, dict[str, str], list[str]]:
    """The text of the pages asked for, what the file says of itself, and what a person should know about the text.

    Raises ``Unreadable`` where there is no text to be had.
    """
    document = _opened(raw)
    wanted = page_numbers(pages, len(document))
    if not pages and len(document) > MOST_PAGES:
        count = len(document)
        raise Unreadable(f"has {count} pages. Name those of the country: --pages 100-103; for all of them, --pages 1-{count}.")
    printed = {number: _lines(document, number) for number in wanted}
    empty = [number for number in wanted if not any(line.text.strip() for line in printed[number])]
    if empty:
        raise Unreadable(f"is a scan without text: {_named(empty)}. Have the text recognised (OCR) first, or leave pages out with --pages.")
    words = {word for lines in printed.values() for line in lines for word in re.findall(r"[^\W\d_]+", _inner(line.text))}
    joins: dict[str, bool] = {}
    text = "\n\n".join("\n".join(paragraphs(printed[number], words, joins)) for number in wanted) + "\n"
    return text, _known(document), [*_told(document, wanted), *_hyphens(joins), *_unknown(text)]


def paragraphs(lines: Sequence[Line], words: set[str], joins: dict[str, bool]) -> list[str]:
    """The lines of a page as paragraphs. ``words`` are those that the document prints within lines.

    ``joins`` takes each word that was parted at the end of a line, and whether its hyphen went.
    """
    found: list[str] = []
    leading = _leading(lines)
    for before, line in zip([None, *lines], lines, strict=False):
        text = re.sub(r"[ \t]+", " ", line.text).strip()
        if not text:
            continue
        if found and before is not None and _goes_on(before, line, lines, leading):
            found[-1] = _joined(found[-1], text, words, joins)
        else:
            found.append(text)
    return found


def _goes_on(before: Line, line: Line, lines: Sequence[Line], leading: float) -> bool:
    """Whether a line continues the paragraph of the line before it."""
    text, height = line.text.strip(), max(before.height, line.height)
    if _BULLET.match(text) or abs(before.height - line.height) > 0.15 * height:
        return False
    words = before.text.strip()
    down, amid = before.bottom - line.bottom, words[-1] in _HYPHENS or (not _ENDS.search(words) and text[0].islower())
    indented = line.left - before.left > 0.8 * height
    if down < 0.3 * height:  # beside it or above it: the next column
        return amid
    if down > max(1.25 * leading, 1.05) * height or (indented and not _BULLET.match(before.text.strip())):
        return False
    column = max(one.right for one in lines if abs(one.left - before.left) < 3 * height)
    first_word = (line.right - line.left) * len(text.split()[0]) / max(len(text), 1)
    return amid or before.right + first_word + 0.3 * height > column - 0.5 * height  # its first word would not have fitted


def _leading(lines: Sequence[Line]) -> float:
    """The distance from a line to the next of its paragraph, in heights of a line: among the least on the page."""
    steps = [
        (one.bottom - other.bottom) / one.height for one, other in pairwise(lines) if abs(one.height - other.height) < 0.1 * one.height
    ]
    steps = sorted(step for step in steps if step > 0.7)
    return min(steps[len(steps) // 10], _WIDEST) if steps else _WIDEST


def _joined(paragraph: str, line: str, words: set[str], joins: dict[str, bool]) -> str:
    """A paragraph with its next line; a space between them, except at a hyphen between letters or digits."""
    parted = re.search(rf"(\w+)([{_HYPHENS}])$", paragraph)
    after = re.match(r"\w+", line)
    if not parted or not after:
        return f"{paragraph} {line}"
    whole = parted[1] + after[0]
    goes = whole.isalpha() and after[0].islower() and (parted[2] == "\u00ad" or whole in words or whole.lower() in words)
    joins[f"{parted[1]}-{after[0]}"] = goes
    return f"{paragraph[:-1]}{'' if goes else '-'}{line}"


def _inner(text: str) -> str:
    """A line without the word that it may begin in the middle of, and the one that it may end in."""
    return re.sub(rf"^\s*\w+|\w+[{_HYPHENS}]\s*$", "", text)


def _opened(raw: bytes):
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("is encrypted and asks for a password. Open it with the password, and save or print a copy without.") from None
        raise Unreadable("is a broken PDF that cannot be opened. Fetch it again, and see that the whole file arrives.") from None
    if not len(document):
        raise Unreadable("has no pages. Fetch it again.")
    return document


def _lines(document, number: int) -> list[Line]:
    """The lines of a page, in the order in which the file has them."""
    import pypdfium2

    try:
        page = document[number - 1]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        raise Unreadable(f"is broken: page {number} cannot be read. Fetch it again, or leave the page out with --pages.") from None
    letters = [_letter(text, index) for index in range(text.count_chars())]
    found, start = [], 0
    for index, letter in enumerate([*letters, "\n"]):
        if letter in "\r\n" or letter in _PARTING:  # a hyphen at the end of a line, whose next line follows at once
            end = index + (letter in _PARTING)
            if start < end:
                found.append(_line(text, letters, start, end))
            start = index + 1
    return [line for line in found if line]


def _letter(text, index: int) -> str:
    import pypdfium2.raw

    code = pypdfium2.raw.FPDFText_GetUnicode(text, index)
    return "\ufffd" if code in range(0xD800, 0xE000) else chr(code)


def _line(text, letters: Sequence[str], start: int, end: int) -> Line | None:
    printed = [index for index in range(start, end) if not letters[index].isspace()]
    if not printed:
        return None
    boxes = {index: text.get_charbox(index, loose=True) for index in {printed[0], printed[-1]}}
    boxes |= {index: text.get_charbox(index, loose=True) for index in printed if letters[index].isdecimal()}
    sample = [text.get_charbox(index, loose=True) for index in printed[:: max(1, len(printed) // 20)]]
    height, bottom = median(top - low for _, low, _, top in sample), median(low for _, low, _, _ in sample)
    read = [
        letters[index].translate(RAISED)
        if index in boxes and index != printed[0] and _raised(boxes[index], bottom, height)
        else _clean(letters[index])
        for index in range(start, end)
    ]
    return Line("".join(read), boxes[printed[0]][0], boxes[printed[-1]][2], bottom, height)


def _raised(box: tuple[float, float, float, float], bottom: float, height: float) -> bool:
    """Whether a digit is smaller than its line's letters and stands higher."""
    return box[3] - box[1] < 0.85 * height and box[1] - bottom > 0.12 * height


def _clean(letter: str) -> str:
    """A letter as a seed may hold it; controls are no text."""
    return "-" if letter in _PARTING else letter if letter >= " " or letter == "\t" else ""


def _known(document) -> dict[str, str]:
    """What the file's own information says, as far as it says anything."""
    info = document.get_metadata_dict(skip_empty=True)
    found = {"title": info.get("Title", ""), "author": info.get("Author", ""), "created": info.get("CreationDate", "")}
    return {name: " ".join(value.split()) for name, value in found.items() if value.strip()}


def _told(document, wanted: Sequence[int]) -> Iterable[str]:
    import pypdfium2.raw

    if not pypdfium2.raw.FPDF_GetDocPermissions(document) & _COPYING:
        yield "The file asks readers not to copy its text. Whether you may, the rights say: weigh them before you go on."
    if len(wanted) < len(document):
        yield f"Taken: {len(wanted)} of {len(document)} pages."


def _hyphens(joins: dict[str, bool]) -> Iterable[str]:
    """The words that were parted at the end of a line, for a person to look at."""
    gone, kept = (sorted(word for word, goes in joins.items() if goes is which) for which in (True, False))
    if gone:
        yield f"Hyphens at line ends that went, for the document has the word without: {', '.join(gone)}."
    if kept:
        yield f"Hyphens at line ends that stayed; look at each on the page: {', '.join(kept)}."


def _unknown(text: str) -> Iterable[str]:
    """How many letters the file draws without saying which they are."""
    count = sum(letter == "\ufffd" or unicodedata.category(letter) in ("Co", "Cn") for letter in text)
    if count:
        yield f"{count} letters have no meaning that the file tells; look at each on the page."


def _named(pages: Sequence[int]) -> str:
    """``page 3 has none`` or ``pages 3, 4, 9 have none``."""
    return f"page {pages[0]} has none" if len(pages) == 1 else f"pages {', '.join(map(str, pages))} have none"
