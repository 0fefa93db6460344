"""Checks of the account: every number, gap, statement and set-aside row of every document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from tieout.accounting import KEYED, OPEN, SET_ASIDE, account, set_aside_in_context
from tieout.checks.registry import MEANING, entered, failure_of
from tieout.record import Record
from tieout.report import Failure
from tieout.schema import path_of
from tieout.wordings import GAPS


@entered(MEANING, "ids", "Every id carries its document, and no running number is missing")
def ids(record: Record) -> Iterable[Failure]:
    """A hole is a row that somebody deleted: a row withdrawn on purpose is listed in withdrawn.csv."""
    for name, form in (("metrics", "{}-{:03d}"), ("statements", "{}-s{:02d}")):
        for document in record.documents:
            rows = record.rows_of(name, document)
            for row in rows:
                if not re.fullmatch(rf"{re.escape(document)}-s?\d+", row.id):
                    yield failure_of(
                        row,
                        "ids",
                        "id",
                        f"{row.id} stands in the file of {document}. Move it to its own document's file, or give it an id of this one.",
                    )
            yield from _holes(record, [row.id for row in rows], partial(form.format, document), path_of(name, record.country, document))
    numbered = {name: Counter(row.id.partition("-")[0] for row in record.complete.rows(name)) for name in ("identities", "faults")}
    for row in record.rows("withdrawn"):
        if row["id"] in {*record.by_id, *numbered["identities"], *numbered["faults"]}:
            yield failure_of(
                row, "ids", "id", f"{row['id']} was withdrawn, but stands in its file. Give the row an id that was never used."
            )
    for name, known in numbered.items():
        path = path_of(name, record.country)
        for number in (number for number, times in known.items() if times > 1):
            yield Failure(
                "ids", f"{number} stands {known[number]} times. Give each row a number of its own.", (number,), "id", number, path
            )
        yield from _holes(record, list(known), (name[0] + "{:02d}").format, path)


def _holes(record: Record, present: list[str], named: Callable[[int], str], path: str) -> Iterable[Failure]:
    """The running numbers below the highest that neither stand in a file nor were withdrawn."""
    known = {*present, *(row["id"] for row in record.complete.rows("withdrawn"))}
    numbers = [int(found[1]) for name in present if (found := re.search(r"(\d{1,6})$", name))]
    highest = max(numbers, default=0)
    if highest > 2 * len(present) + 20:
        yield Failure(
            "ids",
            f"{named(highest)} is far beyond the {len(present)} rows of {path}. Number rows on without leaving any out.",
            (named(highest),),
            "id",
            "",
            path,
        )
        return
    for missing in (named(number) for number in range(1, highest + 1)):
        if missing not in known:
            withdrawn = path_of("withdrawn", record.country)
            message = f"{missing} is missing. Restore the row from git; if it was withdrawn on purpose, say so in {withdrawn}."
            yield Failure("ids", message, (missing,), "id", missing, path)


@entered(MEANING, "number-accounted", "Every number in every document is keyed, dates a keyed row, or is set aside with a reason")
def number_accounted(record: Record) -> Iterable[Failure]:
    for document, text in record.texts.items():
        for mark in account(record, document):
            if mark.fate == OPEN:
                number = mark.number
                where, words = text.where(number.start, record.country), text.sentence(number.start, number.end)
                message = (
                    f"{number.printed!r} on line {text.line(number.start)} of {document} is neither keyed nor set aside. "
                    "Key it, or set it aside with a reason."
                )
                yield Failure("number-accounted", message, (document,), "printed", number.printed, where, words)


@entered(MEANING, "number-claimed-once", "No printed number is keyed twice, or keyed and set aside")
def number_claimed_once(record: Record) -> Iterable[Failure]:
    for document, text in record.texts.items():
        for mark in account(record, document):
            if mark.fate in (KEYED, SET_ASIDE) and len(mark.rows) > 1:
                message = (
                    f"{mark.number.printed!r} on line {text.line(mark.number.start)} of {document} is claimed by {len(mark.rows)} rows. "
                    "Keep one."
                )
                rows = tuple(row.id for row in mark.rows)
                yield Failure(
                    "number-claimed-once",
                    message,
                    rows,
                    "printed",
                    mark.number.printed,
                    mark.rows[-1].where,
                    text.sentence(mark.number.start, mark.number.end),
                )


@entered(MEANING, "gap-accounted", "Wherever a document says that something is not reported, a row or a statement says so too")
def gap_accounted(record: Record) -> Iterable[Failure]:
    for document, text in record.texts.items():
        covered = list(_spans(record, document))
        for match in GAPS.finditer(text.text):
            if not any(start <= match.start() and match.end() <= end for start, end in covered):
                message = (
                    f"Line {text.line(match.start())} of {document} says {match.group()!r}, but no row with status O, no statement "
                    "and no set-aside row holds these words. Key what is not reported."
                )
                words = text.sentence(match.start(), match.end())
                yield Failure(
                    "gap-accounted", message, (document,), "status", match.group(), text.where(match.start(), record.country), words
                )


def _spans(record: Record, document: str) -> Iterable[tuple[int, int]]:
    """The stretches of a document that missing rows, statements and set-aside rows cover."""
    text = record.texts[document]
    gaps = [row["quote"] for row in record.rows_of("metrics", document) if row.missing]
    statements = [row["quote"] for row in record.rows_of("statements", document)]
    aside = [row["context"] for row in record.rows_of("set_aside", document)]
    for words in (*gaps, *statements, *aside):
        yield from ((place, place + len(words)) for place in text.find(words))


@entered(MEANING, "statement-in-source", "Every statement's quote stands exactly once in its document")
def statement_in_source(record: Record) -> Iterable[Failure]:
    for row in record.rows("statements"):
        places = len(record.texts[row.document].find(row["quote"]))
        if places != 1:
            yield failure_of(
                row,
                "statement-in-source",
                "quote",
                f"The quote of {row.id} stands {places} times in {row.document}; it must stand once.",
                row["quote"],
            )


@entered(MEANING, "set-aside-in-source", "Every number set aside stands exactly once in its context, and the context once in its document")
def set_aside_in_source(record: Record) -> Iterable[Failure]:
    for row in record.rows("set_aside"):
        text = record.texts[row.document]
        places = text.find(row["context"])
        if len(places) != 1:
            yield failure_of(
                row,
                "set-aside-in-source",
                "context",
                f"The context stands {len(places)} times in {row.document}; it must stand once.",
                row["context"],
            )
            continue
        found, stretch = set_aside_in_context(text, row, places[0]), row["printed"] == row["context"]
        gap = GAPS.fullmatch(row["printed"]) is not None
        if not gap and (not found or (len(found) > 1 and not stretch)):
            message = f"{row['printed']!r} stands {len(found)} times as a number in its context; it must stand once."
            yield failure_of(row, "set-aside-in-source", "printed", message, row["context"])
