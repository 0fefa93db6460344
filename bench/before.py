"""The drafter as it was before it learnt: the baseline that ``bench.drafts`` measures beside the present one.

It takes every number for one to be keyed, the metric and categories of the keyed sentence with the most words in common, the year
where the sentence has but one, and the words right before the number for its qualifier.
"""

from __future__ import annotations

import re

from tieout.evidence import sentence_of
from tieout.numbers import Number, currency
from tieout.record import Record
from tieout.rules import LEAD_INS

LEAST = 0.3  # shared words over all words


def drafted(record: Record, document: str, numbers: list[Number]) -> list[dict[str, str]]:
    """The cells that it would have drafted for each number."""
    taught = [(_words(sentence_of(record, row)), row) for row in record.rows("metrics") if not row.missing]
    return [_draft(record, document, number, taught) for number in numbers]


def _draft(record: Record, document: str, number: Number, taught: list) -> dict[str, str]:
    text = record.texts[document]
    words = text.sentence(number.start, number.end)
    at = text.text.rfind(words, 0, number.end + len(words))
    years = sorted({str(other.year) for other in text.numbers_in(at, at + len(words)) if other.year})
    year = years[0] if len(years) == 1 else ""
    score, nearest = max(((_likeness(_words(words), known), row) for known, row in taught), key=lambda pair: pair[0], default=(0.0, None))
    near = nearest if nearest is not None and score >= LEAST else None
    before = text.text[max(0, number.start - 30) : number.start]
    lead = next((name for name, lead in LEAD_INS.items() if re.search(rf"\b(?:{lead})\s+\\?$", before, re.IGNORECASE)), "exact")
    return {
        "fate": "key",
        "metric": near["metric"] if near else "",
        **{column: near[column] if near else "total" for column in ("sex", "age", "exploitation")},
        "start": f"{year}-01-01" if year else "",
        "end": f"{year}-12-31" if year else "",
        "period_basis": "stated" if year else "not_stated",
        "unit": currency(number.printed) or (near["unit"] if near else ""),
        "qualifier": lead,
    }


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text.lower()))


def _likeness(one: set[str], other: set[str]) -> float:
    """Shared words over all words (Jaccard), from 0 to 1."""
    return len(one & other) / len(one | other) if one | other else 0.0
