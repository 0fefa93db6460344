"""PDFs as the tests want them: typeset, encrypted, scanned, broken, hostile."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Spacer

PLAIN = ParagraphStyle("plain", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=6)


def typeset(pages: Sequence[Sequence[str]], columns: int = 1, title: str = "", style: ParagraphStyle = PLAIN) -> bytes:
    """Pages of paragraphs, in columns; a paragraph may hold ``<super>``."""
    out = io.BytesIO()
    width = 500 / columns
    frames = [Frame(50 + width * each, 50, width - 10 * (columns > 1), 740, id=str(each)) for each in range(columns)]
    document = BaseDocTemplate(out, invariant=1, title=title or None)
    document.addPageTemplates([PageTemplate(id="page", frames=frames)])
    flow = []
    for number, page in enumerate(pages):
        flow += [PageBreak()] * bool(number)
        for paragraph in page:
            flow += [Paragraph(paragraph, style), Spacer(1, 6)]
    document.build(flow)
    return out.getvalue()


def lines(pages: Sequence[Sequence[str]], user: str | None = None, owner: str = "owner", title: str = "") -> bytes:
    """Pages of lines as they are; a page without any is a picture. With ``user``, encrypted: the empty one asks for no password."""
    out = io.BytesIO()
    locked = None if user is None else StandardEncryption(user, owner, canPrint=0, canModify=0, canCopy=0, strength=128)
    canvas = Canvas(out, invariant=1, encrypt=locked, pagesize=(595, 842))
    if title:
        canvas.setTitle(title)
    for page in pages:
        canvas.setFont("Times-Roman", 10)
        for number, line in enumerate(page):
            canvas.drawString(50, 780 - 12 * number, line)
        if not page:
            canvas.rect(50, 50, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def raw(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out))  # fmt: skip


def with_content(content: bytes, extra: bytes = b"") -> bytes:
    """One page with a compressed content stream."""
    packed = zlib.compress(content, 9)
    return raw([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        extra or b"<<>>",
    ])  # fmt: skip


def bomb(size: int) -> bytes:
    """A page whose content is ``size`` bytes of operators, packed into next to nothing."""
    part = b"BT /F 9 Tf 50 700 Td (7) Tj ET\n"
    return with_content(part * (size // len(part)))


def recursive() -> bytes:
    """A page with a form that draws itself, in a tree of pages that holds itself."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 5>>stream\n/X Do\nendstream"
    whole = with_content(b"/X Do BT /F 9 Tf 50 700 Td (12 cases in 2030) Tj ET", form)
    return whole.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[3 0 R 2 0 R]/Count 2")
