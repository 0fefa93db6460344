"""The marks of a source as W3C Web Annotations: what each number and passage became, at its place in the seed.

One annotation for each mark, in the terms of the recommendation (Web Annotation Data Model, 2017) and no others: a target with
a quote and a position selector, and bodies that say what became of it. Nothing is loaded: the context is named, not fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from tieout.accounting import OPEN, PERIOD, SET_ASIDE
from tieout.facts import level_text
from tieout.identities import wholes
from tieout.pages.marking import PASSAGE, QUOTE, Span, spans_of
from tieout.pages.words import REASONS
from tieout.record import Record, Row

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32  # characters before and after the exact words


def collection(record: Record, document: str) -> dict:
    """The annotations of a document: an AnnotationCollection whose one AnnotationPage holds them in the order of the page."""
    name, items = f"{document}.jsonld", [*annotations(record, document)]
    return {
        "@context": CONTEXT,
        "id": name,
        "type": "AnnotationCollection",
        "label": f"What became of every number in {document}, and its passages kept as words",
        "total": len(items),
        "first": {"id": f"{name}#page", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }


def annotations(record: Record, document: str) -> Iterable[dict]:
    """An annotation for each anchor of each mark; its id ends in the anchor that the page of the source has for it."""
    totals = wholes(record)
    marks = [span for span in spans_of(record, document) if span.kind != QUOTE]
    for span in sorted(marks, key=lambda span: (span.start, -span.end)):
        for place, anchor in enumerate(span.anchors):
            motivation, bodies = _told(record, span, place, totals)
            yield {
                "id": _id(document, anchor),
                "type": "Annotation",
                "motivation": motivation,
                "body": bodies,
                "target": _target(record, document, span),
            }


def _id(document: str, anchor: str) -> str:
    return f"{document}.jsonld#{anchor}"


def _target(record: Record, document: str, span: Span) -> dict:
    """The stretch in the seed, found by its words or by its offsets in Unicode code points.

    The seed is named as it is reached from an edition in its place in the repository, and by its digest (RFC 6920) anywhere.
    """
    text = record.texts[document].text
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[span.start : span.end],
        "prefix": text[max(0, span.start - AROUND) : span.start],
        "suffix": text[span.end : span.end + AROUND],
    }
    source = {"id": f"../../../{record.documents[document]['seed']}", "canonical": f"nih:sha-256;{record.seeds[document]}"}
    position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    return {"type": "SpecificResource", "source": source, "selector": [quote, position]}


def _told(record: Record, span: Span, place: int, totals: dict[str, tuple[Row, ...]]) -> tuple[str, list[dict]]:
    """The motivation of an annotation and its bodies."""
    if span.kind == OPEN:
        return "questioning", [_words("questioning", "Neither keyed nor set aside.")]
    row = span.rows[place]
    if span.kind == SET_ASIDE:
        note = [_words("commenting", row["note"])] if row["note"] else []
        return "classifying", [_words("classifying", row["reason"]), _words("describing", f"Set aside: {REASONS[row['reason']]}."), *note]
    if span.kind == PERIOD:
        named = f"Year of {', '.join(one.id for one in span.rows)}."
        return "classifying", [_words("classifying", PERIOD), _words("describing", named), *map(_link, span.rows)]
    if span.kind == PASSAGE:
        return "classifying", [_words("classifying", row["kind"]), _words("describing", row["label"]), _cells(row)]
    parts = totals.get(row.id, ())
    fate = "gap" if row.missing else "part" if parts else "keyed"
    return "identifying", [
        _words("identifying", row.id),
        _words("classifying", fate),
        _words("describing", level_text(record, row.cells)),
        _cells(row),
        *map(_link, parts),
    ]


def _words(purpose: str, value: str) -> dict:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "language": "en", "value": value}


def _cells(row: Row) -> dict:
    """A row as it is keyed, as JSON text: the model has no terms for its columns."""
    value = json.dumps(row.cells, ensure_ascii=False)
    return {"type": "TextualBody", "purpose": "describing", "format": "application/json", "value": value}


def _link(row: Row) -> dict:
    """The annotation of another row: the total that a number is part of, or the number that a year dates."""
    return {"type": "SpecificResource", "purpose": "linking", "source": _id(row.document, row.id)}
