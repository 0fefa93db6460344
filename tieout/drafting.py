"""A draft row for every number of a document that nobody has keyed.

A draft is no oracle: it stands in ``data/<country>/drafts/`` and counts for nothing until a person moves a row into the
metrics file, or sets the number aside.
"""

from __future__ import annotations

import re
from pathlib import Path

from tieout.accounting import OPEN, account
from tieout.characters import formula
from tieout.evidence import sentence_of
from tieout.numbers import Number, currency, readings
from tieout.problems import Usage
from tieout.record import Record, Row, countries, load
from tieout.rules import LEAD_INS
from tieout.schema import DOCUMENT_FILES
from tieout.tables import write_table

DRAFTED = DOCUMENT_FILES["metrics"].columns


def suggest(root: Path, document: str) -> tuple[Path, int]:
    """Draft a row for every number of ``document`` that is neither keyed nor set aside; return the draft's path and size."""
    record = record_of(root, document)
    taught = [(_words(sentence_of(record, row)), row) for row in record.rows("metrics") if not row.missing]
    rows = [_draft(record, document, mark.number, taught) for mark in account(record, document) if mark.fate == OPEN]
    path = root / "data" / record.country / "drafts" / f"{document}.csv"
    write_table(path, DRAFTED, rows)
    return path, len(rows)


def record_of(root: Path, document: str) -> Record:
    """The record of the country that ``document`` is registered in; raises ``Usage`` where there is none."""
    known = []
    for country in countries(root):
        record = load(country, root)
        if document in record.documents:
            return record
        known += record.documents
    raise Usage(f"There is no document {document!r}. Registered are: {', '.join(known) or 'none'}.")


def _draft(record: Record, document: str, number: Number, taught: list[tuple[set[str], Row]]) -> dict[str, str]:
    """A guess at a row: what the number's own sentence says, and the metric of the most similar keyed sentence."""
    text = record.texts[document]
    words = text.sentence(number.start, number.end)
    years = sorted({str(other.year) for other in text.numbers_in(*_span(text.text, words, number)) if other.year})
    year = years[0] if len(years) == 1 else ""
    score, nearest = max(((_likeness(_words(words), known), row) for known, row in taught), key=lambda pair: pair[0], default=(0.0, None))
    near = nearest if nearest is not None and score >= 0.3 else None
    meant = sorted(readings(number.printed))
    before = text.text[max(0, number.start - 30) : number.start]
    quote = _safe(words)
    reason = f"Draft; like {near.id} ({score:.0%})." if near else "Draft; no keyed sentence is like this one."
    return {
        "id": "",
        "metric": near["metric"] if near else "",
        **{column: near[column] if near else "total" for column in ("sex", "age", "exploitation")},
        "start": f"{year}-01-01" if year else "",
        "end": f"{year}-12-31" if year else "",
        "period_basis": "stated" if year else "not_stated",
        "value": f"{meant[0].normalize():f}" if len(meant) == 1 else "",
        "unit": currency(number.printed) or (near["unit"] if near else ""),
        "qualifier": next((name for name, lead in LEAD_INS.items() if re.search(rf"\b(?:{lead})\s+\\?$", before, re.IGNORECASE)), "exact"),
        "status": "A",
        "coverage": "",
        "printed": number.printed,
        "quote": quote if len(text.find(quote)) == 1 else "",
        "note": f"{reason} Line {text.line(number.start)}.",
    }


def _safe(words: str) -> str:
    """A quote as it may stand in a file that spreadsheets open: from its first word on; none where a formula stands within."""
    words = re.sub(r"^[^\w(“‘\"'€$]+", "", words) if formula(words) else words
    return "" if formula(words) else words


def _span(text: str, words: str, number: Number) -> tuple[int, int]:
    at = text.rfind(words, 0, number.end + len(words))
    return (at, at + len(words)) if at >= 0 else (number.start, number.end)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text.lower()))


def _likeness(one: set[str], other: set[str]) -> float:
    """Shared words over all words (Jaccard), from 0 to 1."""
    return len(one & other) / len(one | other) if one | other else 0.0
