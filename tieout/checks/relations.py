"""Checks between rows: facts told twice, sums, faults, breaks, coverage, derived measures, signatures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from tieout import corrections, signing
from tieout.accounting import printed_in_quote
from tieout.checks.registry import MEANING, entered, failure_of
from tieout.comparing import SERIES, same_fact
from tieout.derived import parse_operand
from tieout.identities import breakdowns, judge
from tieout.incomparable import opposed, opposed_among, reasons
from tieout.numbers import CARDINALS
from tieout.record import Record, Row
from tieout.report import Failure

LIMIT = re.compile(
    rf"(?<!\w)((?:{'|'.join(CARDINALS)}|\d+) of (?:the )?(?:{'|'.join(CARDINALS)}|\d+))(?!\w)(?!.*(?:compared|;))", re.IGNORECASE
)


@entered(MEANING, "told-alike", "A fact told twice in a document is told alike, or the contradiction is in faults.csv")
def told_alike(record: Record) -> Iterable[Failure]:
    known = [set(row.tokens("ids")) for row in record.rows("faults")]
    tellings = defaultdict(list)
    for row in record.rows("metrics"):
        if not row.missing:
            tellings[(row.document, same_fact(row.cells))].append(row)
    for rows in tellings.values():
        contradict = {(row["value"], row["qualifier"]) for row in rows}
        named = tuple(row.id for row in rows)
        if len(contradict) > 1 and not any(set(named) <= ids for ids in known):
            told = "; ".join(f"{row.id} says {row['printed']}" for row in rows)
            message = (
                f"The same fact is told in two ways: {told}. Correct what was keyed wrongly, or record the contradiction in faults.csv."
            )
            yield Failure("told-alike", message, named, "value", rows[0]["value"], rows[0].where, rows[0]["quote"])


@entered(MEANING, "identities", "The sources' own arithmetic comes out as expected")
def identities(record: Record) -> Iterable[Failure]:
    for row in record.rows("identities"):
        unknown = [one for one in row.tokens("total") + row.tokens("parts") if one not in record.by_id]
        if unknown:
            yield failure_of(row, "identities", "parts", f"{row['identity']} names rows that do not exist: {', '.join(unknown)}.")
            continue
        holds, told = judge(row, record.by_id)
        if holds != (row["expected"] == "holds"):
            message = f"{row['identity']} should {'hold' if row['expected'] == 'holds' else 'fail'}, but {told}. {row['reason']}"
            yield Failure("identities", message, tuple(row.tokens("total") + row.tokens("parts")), "value", "", row.where)


@entered(MEANING, "faults", "Every fault in a source names rows that exist")
def faults(record: Record) -> Iterable[Failure]:
    for row in record.rows("faults"):
        unknown = [one for one in row.tokens("ids") if one not in record.by_id]
        if unknown or not row.tokens("ids"):
            yield failure_of(row, "faults", "ids", f"{row['fault']} names rows that do not exist: {', '.join(unknown) or 'it names none'}.")


@entered(MEANING, "breaks", "Every break stands in its document's own words and cuts between two days")
def breaks(record: Record) -> Iterable[Failure]:
    for row in record.rows("breaks"):
        text = record.texts.get(row["document"])
        if text is None or len(text.find(row["quote"])) != 1:
            yield failure_of(
                row, "breaks", "quote", f"The quote of the break of {row['metric']} does not stand once in {row['document']}.", row["quote"]
            )
        if row["before"] >= row["after"]:
            yield failure_of(
                row,
                "breaks",
                "after",
                f"The break of {row['metric']} must end before it starts anew: {row['before']} is not before {row['after']}.",
            )


@entered(MEANING, "break-told", "A figure that its source calls a break has the break in breaks.csv")
def break_told(record: Record) -> Iterable[Failure]:
    known = {(row["metric"], row["after"]) for row in record.rows("breaks")}
    for row in record.rows("metrics"):
        if row["status"] == "B" and (row["metric"], row["start"]) not in known:
            message = f"{row.id} has status B, but breaks.csv has no break of {row['metric']} after which {row['start']} begins."
            yield failure_of(row, "break-told", "status", message, row["quote"])


@entered(MEANING, "coverage-told", "Wherever a sentence limits what its number covers, the row and its neighbours say so alike")
def coverage_told(record: Record) -> Iterable[Failure]:
    """``Two of three shelters reported 1,056``: the limit is the number's; rows of one sentence, part and period share it."""
    shared = defaultdict(list)
    for row in record.rows("metrics"):
        if row.missing or row["metric"] not in record.metrics:
            continue
        text, numbers = record.texts[row.document], printed_in_quote(record.texts[row.document], row)
        if len(numbers) != 1:
            continue
        sentence = text.sentence_at(numbers[0].start)
        shared[(row.document, sentence, record.metrics[row["metric"]]["group"], row["start"])].append(row)
        limit = LIMIT.search(text.text[sentence[0] : numbers[0].start])
        if limit and limit.group(1).lower() not in row["coverage"].lower():
            message = (
                f"The sentence limits the number to {limit.group(1)!r}, but the coverage is {row['coverage']!r}. "
                "Say in coverage what is in or out."
            )
            yield failure_of(row, "coverage-told", "coverage", message, row["quote"])
        years = _years_apart(row, text.text[sentence[0] : sentence[1]])
        if years and not all(year in row["coverage"] for year in years):
            message = (
                f"The sentence names {' and '.join(years)}, and the period holds the years between as well. Say in coverage which it is."
            )
            yield failure_of(row, "coverage-told", "coverage", message, row["quote"])
    for rows in shared.values():
        if len({row["coverage"] for row in rows}) > 1:
            message = (
                f"{', '.join(row.id for row in rows)} stand in one sentence and are of one period, but differ in coverage. "
                "Make it the same, or split the metric."
            )
            yield Failure(
                "coverage-told", message, tuple(row.id for row in rows), "coverage", rows[0]["coverage"], rows[0].where, rows[0]["quote"]
            )


def _years_apart(row: Row, sentence: str) -> tuple[str, ...]:
    """The first and the last year of a period that its sentence names as two single years, with others between."""
    first, last = row["start"][:4], row["end"][:4]
    if not (first.isdigit() and last.isdigit() and int(last) - int(first) > 1):
        return ()
    apart = re.search(rf"\bin {first} and (?:in )?{last}\b", sentence, re.IGNORECASE)
    return (first, last) if apart else ()


@entered(MEANING, "gap-told-once", "Nothing that is not reported is keyed twice from the same words")
def gap_told_once(record: Record) -> Iterable[Failure]:
    """Within a document: the next year's report may well say it in the same words again."""
    told = defaultdict(list)
    for row in record.rows("metrics"):
        if row.missing:
            told[(row.document, row["quote"], same_fact(row.cells))].append(row)
    for rows in told.values():
        if len(rows) > 1:
            message = (
                f"{' and '.join(row.id for row in rows)} key the same gap from the same words. "
                "One of them means another metric, category or period."
            )
            yield Failure(
                "gap-told-once", message, tuple(row.id for row in rows), "metric", rows[0]["metric"], rows[0].where, rows[0]["quote"]
            )


@entered(MEANING, "sums-known", "Every total whose parts stand in the same document has its sum in identities.csv")
def sums_known(record: Record) -> Iterable[Failure]:
    """Parts of one breakdown that add up to their total are an identity, whether or not somebody noticed."""
    known = {(row["total"], frozenset(row.tokens("parts"))) for row in record.rows("identities") if row["relation"] == "sum"}
    for total, sums in breakdowns(record.rows("metrics")):
        if not any((total.id, frozenset(row.id for row in parts)) in known for parts in sums):
            told = " or ".join(" + ".join(row.id for row in parts) for parts in sums)
            message = f"{told} add up to {total.id}. Add the sum to identities.csv, so that it is checked from now on."
            yield Failure(
                "sums-known", message, (total.id, *(row.id for row in sums[0])), "value", total["value"], total.where, total["quote"]
            )


@entered(MEANING, "coverage-breaks", "Where the coverage of a series changes within a document, breaks.csv has the break")
def coverage_breaks(record: Record) -> Iterable[Failure]:
    known = {(row["metric"], row["before"], row["after"]) for row in record.rows("breaks")}
    series = defaultdict(list)
    for row in record.rows("metrics"):
        if row["start"] and not row.missing:
            series[(row.document, *(row[column] for column in SERIES))].append(row)
    for rows in series.values():
        ordered = sorted(rows, key=lambda row: row["start"])
        for earlier, later in pairwise(ordered):
            if earlier["coverage"] != later["coverage"] and (later["metric"], earlier["end"], later["start"]) not in known:
                message = (
                    f"{earlier.id} and {later.id} differ in coverage. "
                    f"Add the break between {earlier['end']} and {later['start']} to breaks.csv."
                )
                yield Failure(
                    "coverage-breaks", message, (earlier.id, later.id), "coverage", later["coverage"], later.where, later["quote"]
                )


@entered(MEANING, "derived", "Every derived measure divides metrics that exist")
def derived(record: Record) -> Iterable[Failure]:
    for row in record.rows("derived"):
        for column in ("numerator", "denominator"):
            metric, categories = parse_operand(row[column])
            if metric not in record.metrics or any(category not in record.terms for category in categories.items()):
                yield failure_of(
                    row,
                    "derived",
                    column,
                    f"{row['measure']} divides by or into {row[column]!r}: that metric or category is not in the code lists.",
                )


@entered(MEANING, "incomparable", "Every pair of metrics that must not be compared is of two metrics, the first in the alphabet first")
def incomparable(record: Record) -> Iterable[Failure]:
    for row in record.rows("incomparable"):
        metric, other = row["metric"], row["other"]
        if metric == other:
            yield failure_of(row, "incomparable", "other", f"{metric} is named as not to be compared with itself. Name the other metric.")
        elif metric > other:
            told = f"{metric} and {other} stand in the wrong order, so that the pair could stand twice. Exchange them."
            yield failure_of(row, "incomparable", "metric", told)


@entered(MEANING, "kept-apart", "No derived measure and no identity sets two metrics against each other that must not be compared")
def kept_apart(record: Record) -> Iterable[Failure]:
    """A product and a rate set nothing side by side, and an identity that fails says itself that its rows do not go together."""
    pairs = reasons(record)
    for row in record.rows("derived"):
        above, below = ([parse_operand(row[column])[0]] for column in ("numerator", "denominator"))
        for one, other, why in opposed(pairs, above, below):
            yield failure_of(row, "kept-apart", "numerator", _opposed(row["measure"], "divides", one, other, why))
    for row in record.rows("identities"):
        if row["relation"] not in ("sum", "part", "same") or row["expected"] != "holds":
            continue
        total, parts = (_metrics(record, row.tokens(column)) for column in ("total", "parts"))
        among = opposed_among(pairs, parts) if row["relation"] == "sum" else []
        for one, other, why in [*opposed(pairs, total, parts), *among]:
            yield failure_of(row, "kept-apart", "parts", _opposed(row["identity"], "sets side by side", one, other, why))


def _metrics(record: Record, ids: Iterable[str]) -> list[str]:
    """The metrics of those ids that are of rows; that others are none is for another check to say."""
    return [record.by_id[one]["metric"] for one in ids if one in record.by_id and "metric" in record.by_id[one].cells]


def _opposed(name: str, does: str, one: str, other: str, why: str) -> str:
    told = f"{name} {does} {one} and {other}, which must not be compared: {why}"
    return f"{told} Delete it, or the pair in data/incomparable.csv if it is wrong."


@entered(MEANING, "signatures", "Every signature still fits what was signed, and two people signed as keyer and verifier")
def signatures(record: Record) -> Iterable[Failure]:
    return signing.failures(record)


@entered(MEANING, "corrections", "Every correction is numbered, dated in order, and names what was published")
def corrected(record: Record) -> Iterable[Failure]:
    return corrections.failures(record)
