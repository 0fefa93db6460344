"""The invented report of a new year: as a page, as the PDF that a publisher would print of it, and the key to it."""

from __future__ import annotations

import io
from pathlib import Path

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Table

FOLDER = Path(__file__).parent / "fixtures" / "new_year"
PAGE = FOLDER / "fixture-invented-numbers-2026-belgium.html"
TITLE = "FIXTURE, INVENTED NUMBERS: 2026 Trafficking in Persons Report: Belgium"
FIRST_PAGE = 112
SECOND_PAGE_BEGINS = "PREVENTION"
_HYPHENATED = {"trafficking": "traf\u00adfick\u00ading", "exploitation": "exploi\u00adta\u00adtion", "government": "gov\u00adern\u00adment",
               "victims": "vic\u00adtims", "imprisonment": "im\u00adpris\u00adon\u00adment"}  # fmt: skip
_BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=9, leading=11, spaceAfter=6)
_HEADING = ParagraphStyle("heading", _BODY, fontName="Times-Bold", fontSize=11.5, leading=14)
_TITLE = ParagraphStyle("title", _HEADING, fontSize=14, leading=17)


def printed(text: str) -> bytes:
    """The text of the page as a PDF of two pages in two columns: running heads, page numbers, a table, words parted at line ends."""
    out = io.BytesIO()
    document = BaseDocTemplate(out, invariant=1, title=TITLE, pagesize=(595, 842))
    frames = [Frame(left, 50, 245, 730, id=str(left), leftPadding=0, rightPadding=0) for left in (40, 305)]
    document.addPageTemplates([PageTemplate(id="page", frames=frames, onPage=_running_head)])
    document.build(list(_flow(text.splitlines())))
    return out.getvalue()


def _running_head(canvas: Canvas, document: BaseDocTemplate) -> None:
    number = FIRST_PAGE - 1 + document.page
    canvas.setFont("Times-Italic", 7)
    canvas.drawString(40, 805, f"{number} FIXTURE, INVENTED" if document.page % 2 else f"REPORT OF 2026, INVENTED {number}")


def _flow(lines: list[str]):
    rows: list[list[str]] = []
    for place, line in enumerate(lines):
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows:
            yield Table(rows, colWidths=(135, 70, 40), style=[("FONT", (0, 0), (-1, -1), "Times-Roman", 9)], hAlign="LEFT")
            rows = []
        if line == SECOND_PAGE_BEGINS:
            yield PageBreak()
        yield Paragraph(_parted(line), _TITLE if not place else _HEADING if _is_heading(line) else _BODY)


def _is_heading(line: str) -> bool:
    return line.rstrip(":").removesuffix("(Tier 1)").isupper() or line == "Notes"


def _parted(line: str) -> str:
    for word, parts in _HYPHENATED.items():
        line = line.replace(word, parts)
    return f"1{line[1:]}" if line.startswith("¹") else line.replace("¹", "<super>1</super>")
