"""Each keyed row beside what is needed to judge it: its document, its sentence, its metric and its unit."""

from __future__ import annotations

from tieout.accounting import printed_in_quote
from tieout.record import Record, Row
from tieout.schema import DOCUMENT_FILES
from tieout.wordings import placed

DIMENSIONS = ("sex", "age", "exploitation")
ADDED = ("where", "document", "source", "sentence", "placed", "before", "after", "published", "wordings", "rivals", "terms",
         "metric_unit", "metric_group", "unit_kind", "unit_label", "minimum", "maximum", "whole", "categories",
         "sex_terms", "age_terms", "exploitation_terms")  # fmt: skip
COLUMNS = (*DOCUMENT_FILES["metrics"].columns, *ADDED)
REACH = 60


def joined(record: Record) -> list[dict[str, str]]:
    """Every metrics row as a mapping of ``COLUMNS`` to text; what cannot be joined is empty.

    ``sentence`` is where the quote stands (around the printed number, where that stands once), ``before`` and ``after``
    the characters on either side of the printed number, within its line.
    """
    categories = "|".join(f"{dimension}:{category}" for dimension, category in record.terms)
    terms = "\n".join(f"{dimension}:{category}\t{'|'.join(words)}" for (dimension, category), words in record.terms.items())
    return [{**_joined(record, row), "categories": categories, "terms": terms} for row in record.rows("metrics")]


def sentence_of(record: Record, row: Row) -> str:
    """The sentence of a row's printed number, or of its whole quote where it prints none; empty where it stands nowhere."""
    text = record.texts.get(row.document)
    if text is None:
        return ""
    places = text.find(row["quote"])
    if len(places) != 1:
        return ""
    printed = printed_in_quote(text, row)
    start, end = (printed[0].start, printed[0].end) if len(printed) == 1 else (places[0], places[0] + len(row["quote"]))
    return text.sentence(start, end)


def _joined(record: Record, row: Row) -> dict[str, str]:
    text, metric, unit = record.texts.get(row.document), record.metrics.get(row["metric"]), record.units.get(row["unit"])
    document = record.documents.get(row.document)
    before, after = _around(record, row)
    terms = {f"{dimension}_terms": "|".join(record.terms.get((dimension, row[dimension]), [])) for dimension in DIMENSIONS}
    return {
        **row.cells,
        **terms,
        "where": row.where,
        "document": row.document,
        "source": text.text if text else "",
        "sentence": sentence_of(record, row),
        "before": before,
        "after": after,
        "published": document["published"] if document else "",
        "metric_unit": metric["unit"] if metric else "",
        "metric_group": metric["group"] if metric else "",
        "unit_kind": unit["kind"] if unit else "",
        "unit_label": unit["label"] if unit else "",
        "minimum": unit["minimum"] if unit else "",
        "maximum": unit["maximum"] if unit else "",
        "whole": unit["whole"] if unit else "",
        "placed": placed_in(record, row),
        "wordings": record.wordings.get(row["metric"], ""),
        "rivals": _rivals(record, row),
    }


def placed_in(record: Record, row: Row) -> str:
    """The sentence with the row's number replaced by its placeholder; the sentence as it is where the row prints none."""
    text = record.texts.get(row.document)
    if text is None or row.missing:
        return sentence_of(record, row)
    numbers = printed_in_quote(text, row)
    if len(numbers) != 1:
        return ""
    start, end = text.sentence_at(numbers[0].start)
    return placed(text.text[start : numbers[0].start], text.text[numbers[0].end : max(end, numbers[0].end)])


def _rivals(record: Record, row: Row) -> str:
    """The wordings of the other metrics that have the row's unit, a line each."""
    others = (other for other in record.rows("codebook") if other["unit"] == row["unit"] and other["metric"] != row["metric"])
    return "\n".join(f"{other['metric']}\t{record.wordings.get(other['metric'], '')}" for other in others)


def _around(record: Record, row: Row) -> tuple[str, str]:
    """The characters before and after the printed number, within its line; empty where it does not stand once."""
    text = record.texts.get(row.document)
    places = printed_in_quote(text, row) if text else []
    if len(places) != 1:
        return "", ""
    number = places[0]
    before = text.text[max(0, number.start - REACH) : number.start].rsplit("\n", 1)[-1]
    after = text.text[number.end : number.end + REACH].split("\n", 1)[0]
    return before, after
