"""Every slip of the finger we could think of, put into the real record one at a time.

A ``Fault`` is a changed record, its kind, and the rows it touched. ``faults`` yields them systematically; where a kind has more
than could be run it takes a seeded random choice.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tieout.accounting import printed_in_quote
from tieout.numbers import find_numbers, readings
from tieout.record import Record, Row
from tieout.schema import QUALIFIERS
from tieout.texts import Text

LOOK_ALIKES = {"a": "а", "e": "е", "o": "о", "i": "і", "c": "с", "p": "р"}  # Latin to Cyrillic


@dataclass(frozen=True)
class Fault:
    """One slip: its kind, what was done, the record that holds it, and the ids of the metrics rows it changed."""

    kind: str
    told: str
    record: Record
    rows: tuple[str, ...]


def faults(record: Record, seed: int = 20260601, most: int = 400) -> Iterator[Fault]:
    """Every fault of every kind, at most ``most`` of a kind, the choice fixed by ``seed``."""
    for kind, make in KINDS.items():
        found = list(make(record))
        chosen = random.Random(f"{seed}-{kind}").sample(found, most) if len(found) > most else found
        yield from (Fault(kind, told, changed, rows) for told, changed, rows in chosen)


# --- putting a slip into a record ---------------------------------------------------------------------------------------


def with_rows(record: Record, name: str, rows: list[Row]) -> Record:
    """The record with other rows of one kind of file."""
    return replace(record, tables={**record.tables, name: tuple(rows)})


def altered(record: Record, row: Row, **cells: str) -> Record:
    """The record with cells of one row changed."""
    changed = Row({**row.cells, **cells}, row.document, row.where)
    return with_rows(record, "metrics", [changed if other is row else other for other in record.rows("metrics")])


def _one(record: Record, row: Row, told: str, **cells: str):
    return f"{row.id}: {told}", altered(record, row, **cells), (row.id,)


def _printed(record: Record) -> list[Row]:
    return [row for row in record.rows("metrics") if not row.missing]


# --- the slips --------------------------------------------------------------------------------------------------------


def every_digit(record: Record):
    """One digit of a value becomes another."""
    for row in _printed(record):
        for place, digit in enumerate(row["value"]):
            for other in "0123456789" if digit.isdigit() else "":
                if other != digit:
                    value = row["value"][:place] + other + row["value"][place + 1 :]
                    yield _one(record, row, f"value {value}", value=value)


def printed_and_value(record: Record):
    """Printed and value become another number together: one off, two digits transposed, or another number of the quote."""
    for row in _printed(record):
        if row["printed"].isdigit():
            number = int(row["printed"])
            other = str(number)[::-1]
            for changed in {str(number + 1), str(max(0, number - 1)), other} - {row["printed"]}:
                yield _one(record, row, f"printed and value {changed}", printed=changed, value=str(int(changed)))
        for number in find_numbers(row["quote"]):
            if number.printed != row["printed"] and len(readings(number.printed)) == 1:
                value = f"{next(iter(readings(number.printed))).normalize():f}"
                yield _one(record, row, f"printed and value {number.printed} of the same quote", printed=number.printed, value=value)


def swapped(record: Record):
    """Two rows of a document swap values and printed forms; their quotes stay, or go with them."""
    rows = _printed(record)
    for index, one in enumerate(rows):
        for other in rows[index + 1 :]:
            if one.document == other.document and one["printed"] != other["printed"]:
                first = altered(record, one, value=other["value"], printed=other["printed"])
                changed = altered(
                    first, next(row for row in first.rows("metrics") if row.id == other.id), value=one["value"], printed=one["printed"]
                )
                yield f"{one.id} and {other.id} swapped", changed, (one.id, other.id)


def swapped_with_quotes(record: Record):
    """Two rows that agree in all but category or period swap values, printed forms and quotes: as if keyed on the wrong lines."""
    rows = _printed(record)
    same = ("document", "metric", "unit")
    for index, one in enumerate(rows):
        for other in rows[index + 1 :]:
            alike = one.document == other.document and one["metric"] == other["metric"]
            if alike and one["value"] != other["value"] and len(same) == 3:
                cells = ("value", "printed", "quote", "qualifier")
                first = altered(record, one, **{column: other[column] for column in cells})
                second = next(row for row in first.rows("metrics") if row.id == other.id)
                yield (
                    f"{one.id} and {other.id} swapped with their quotes",
                    altered(first, second, **{column: one[column] for column in cells}),
                    (one.id, other.id),
                )


def neighbouring_year(record: Record):
    """The period moves a year back or forward."""
    for row in record.rows("metrics"):
        for step in (-1, 1) if row["start"] else ():
            start, end = (f"{int(row[column][:4]) + step}{row[column][4:]}" for column in ("start", "end"))
            yield _one(record, row, f"period moved to {start[:4]}", start=start, end=end)


def start_end_exchanged(record: Record):
    """Start and end change places."""
    for row in record.rows("metrics"):
        if row["start"] != row["end"]:
            yield _one(record, row, "start and end exchanged", start=row["end"], end=row["start"])


def half_year_made_whole(record: Record):
    """A part of a year becomes the whole, and a whole year its first half."""
    for row in record.rows("metrics"):
        if row["start"] and row["start"][:4] == row["end"][:4]:
            whole = row["start"][5:] == "01-01" and row["end"][5:] == "12-31"
            cells = (
                {"end": f"{row['end'][:4]}-06-30"} if whole else {"start": f"{row['start'][:4]}-01-01", "end": f"{row['end'][:4]}-12-31"}
            )
            yield _one(record, row, "halved" if whole else "made whole", **cells)


def a_day_off(record: Record):
    """The last day of a period is a day early."""
    for row in record.rows("metrics"):
        if row["end"]:
            yield _one(record, row, "ends a day early", end=(date.fromisoformat(row["end"]) - timedelta(days=1)).isoformat())


def other_unit(record: Record):
    """The unit becomes every other legal one."""
    for row in record.rows("metrics"):
        for unit in record.units:
            if unit != row["unit"]:
                yield _one(record, row, f"unit {unit}", unit=unit)


def other_metric(record: Record):
    """The metric becomes every other one of the same unit, so that the unit does not give it away."""
    for row in record.rows("metrics"):
        for metric in record.metrics.values():
            if metric["metric"] != row["metric"] and metric["unit"] == row["unit"]:
                yield _one(record, row, f"metric {metric['metric']}", metric=metric["metric"])


def other_metric_and_unit(record: Record):
    """The metric becomes one of another unit, with its unit."""
    for row in record.rows("metrics"):
        for metric in record.metrics.values():
            if metric["unit"] != row["unit"]:
                yield _one(record, row, f"metric {metric['metric']} with its unit", metric=metric["metric"], unit=metric["unit"])


def other_category(record: Record):
    """Sex, age or exploitation becomes every other legal one."""
    for row in record.rows("metrics"):
        for dimension, category in record.terms:
            if category != row[dimension]:
                yield _one(record, row, f"{dimension} {category}", **{dimension: category})


def other_qualifier(record: Record):
    """The qualifier becomes every other legal one; "at least" and "over" dropped are among them."""
    for row in _printed(record):
        for qualifier in QUALIFIERS:
            if qualifier != row["qualifier"]:
                yield _one(record, row, f"qualifier {qualifier}", qualifier=qualifier)


def coverage_emptied(record: Record):
    """Two of three becomes all."""
    for row in record.rows("metrics"):
        if row["coverage"]:
            yield _one(record, row, "coverage emptied", coverage="")


def missing_made_zero(record: Record):
    """Not reported becomes 0, with and without a printed form."""
    for row in record.rows("metrics"):
        if row.missing:
            yield _one(record, row, "0", value="0", status="A")
            yield _one(record, row, "0 and printed", value="0", printed="0", status="A")
            yield _one(record, row, "0, still missing", value="0")


def value_made_missing(record: Record):
    """A number becomes a gap."""
    for row in _printed(record):
        yield _one(record, row, "made missing", value="", printed="", status="O")


def row_deleted(record: Record):
    """A row is gone."""
    for row in record.rows("metrics"):
        yield f"{row.id} deleted", with_rows(record, "metrics", [other for other in record.rows("metrics") if other is not row]), (row.id,)


def row_duplicated(record: Record):
    """A row stands twice: under its own id, and under a new one."""
    for row in record.rows("metrics"):
        last = max(int(other.id[-3:]) for other in record.rows("metrics") if other.document == row.document)
        for name in (row.id, f"{row.document}-{last + 1:03d}"):
            again = Row({**row.cells, "id": name}, row.document, row.where + " again")
            yield f"{row.id} again as {name}", with_rows(record, "metrics", [*record.rows("metrics"), again]), (row.id,)


def row_moved(record: Record):
    """A row stands in another document's file, under its own id and under one of that document."""
    for row in record.rows("metrics"):
        for document in record.documents:
            if document != row.document:
                last = max(int(other.id[-3:]) for other in record.rows("metrics") if other.document == document)
                for name in (row.id, f"{document}-{last + 1:03d}"):
                    moved = Row({**row.cells, "id": name}, document, row.where)
                    yield (
                        f"{row.id} moved to {document} as {name}",
                        with_rows(record, "metrics", [moved if other is row else other for other in record.rows("metrics")]),
                        (name,),
                    )


def quote_cut(record: Record):
    """The quote loses its first or last letter, its first or last word, its first or second half."""
    for row in record.rows("metrics"):
        quote, words = row["quote"], row["quote"].split(" ")
        half = len(words) // 2
        cuts = {
            quote[1:],
            quote[:-1],
            " ".join(words[1:]),
            " ".join(words[:-1]),
            " ".join(words[:half]),
            " ".join(words[half:]),
            row["printed"],
        }
        for cut in sorted(cuts - {quote, ""}):
            yield _one(record, row, f"quote cut to {cut!r}", quote=cut)


def quote_moved(record: Record):
    """The quote becomes another sentence of the document that holds the same printed number."""
    for row in _printed(record):
        text = record.texts[row.document]
        own = printed_in_quote(text, row)
        for number in text.numbers:
            if number.printed == row["printed"] and number not in own:
                yield _one(record, row, "quote moved to another place of the same number", quote=text.sentence(number.start, number.end))


def quote_look_alike(record: Record):
    """One letter of the quote becomes its Cyrillic twin, one space a no-break space, one straight quote a curly one or the reverse."""
    for row in record.rows("metrics"):
        quote = row["quote"]
        letter = next((letter for letter in quote if letter in LOOK_ALIKES), "")
        changes = [quote.replace(letter, LOOK_ALIKES[letter], 1)] if letter else []
        changes += [quote.replace(" ", "\u00a0", 1), quote.replace("'", "’", 1), quote.replace("’", "'", 1), quote.replace(" ", "  ", 1)]
        for changed in dict.fromkeys(changes):
            if changed != quote:
                yield _one(record, row, "quote with a look-alike", quote=changed)


def scaled(record: Record):
    """A value is ten, a thousand or a million times too large or too small."""
    for row in _printed(record):
        for factor in (10, 1000, 10**6):
            for value in (Decimal(row["value"]) * factor, Decimal(row["value"]) / factor):
                yield _one(record, row, f"value {value.normalize():f}", value=f"{value.normalize():f}")


def currency_exchanged(record: Record):
    """Euros become dollars and the reverse, metric and unit together."""
    for row in record.rows("metrics"):
        other = {"EUR": "USD", "USD": "EUR"}.get(row["unit"])
        if other:
            yield _one(record, row, f"unit {other}", unit=other)
            metric = row["metric"].removesuffix(f"_{row['unit'].lower()}") + f"_{other.lower()}"
            if metric in record.metrics:
                yield _one(record, row, f"{metric} in {other}", metric=metric, unit=other)


def each_for_total(record: Record):
    """The amount of each shelter or case becomes that of all together, and the reverse."""
    for row in record.rows("metrics"):
        for one, other in (("_each_", "_total_"), ("_total_", "_each_")):
            metric = row["metric"].replace(one, other)
            if metric != row["metric"] and metric in record.metrics:
                yield _one(record, row, metric, metric=metric)


def seed_byte(record: Record):
    """One byte of a source changes; the register does not."""
    for document, text in record.texts.items():
        numbers = [number for number in text.numbers if number.printed.isdigit()]
        places = [number.start for number in numbers[:: max(1, len(numbers) // 20)]] + list(
            range(100, len(text.text), max(1, len(text.text) // 20))
        )
        for place in places:
            letter = "7" if text.text[place] != "7" else "8"
            changed = text.text[:place] + letter + text.text[place + 1 :]
            seeds = {**record.seeds, document: "0" * 64}
            texts = {**record.texts, document: Text(document, changed)}
            yield f"{document}: character {place} is {letter!r}", replace(record, texts=texts, seeds=seeds), ()


def removed(name: str):
    """A row of one of the other files is gone."""

    def make(record: Record):
        for row in record.rows(name):
            rest = [other for other in record.rows(name) if other is not row]
            told = row["printed"][:40] if name == "set_aside" else f"{row['metric']} {row['after']}" if name == "breaks" else row.id
            yield f"{name} {told!r} removed ({row.where})", with_rows(record, name, rest), ()

    make.__doc__ = f"A row of {name} is gone."
    return make


KINDS = {
    "a digit of the value": every_digit,
    "printed and value together": printed_and_value,
    "two rows' values swapped": swapped,
    "two rows swapped with their quotes": swapped_with_quotes,
    "a neighbouring year": neighbouring_year,
    "start and end exchanged": start_end_exchanged,
    "a half year made whole, a year halved": half_year_made_whole,
    "a period that ends a day early": a_day_off,
    "another unit": other_unit,
    "another metric of the unit": other_metric,
    "another metric with its unit": other_metric_and_unit,
    "another category": other_category,
    "another qualifier": other_qualifier,
    "coverage emptied": coverage_emptied,
    "missing made 0": missing_made_zero,
    "a number made missing": value_made_missing,
    "a row deleted": row_deleted,
    "a row duplicated": row_duplicated,
    "a row moved to another document": row_moved,
    "a quote cut": quote_cut,
    "a quote moved to another sentence": quote_moved,
    "a look-alike character in a quote": quote_look_alike,
    "an amount scaled": scaled,
    "euros for dollars": currency_exchanged,
    "each for total": each_for_total,
    "a byte of a source": seed_byte,
    "an identity removed": removed("identities"),
    "a break removed": removed("breaks"),
    "a fault removed": removed("faults"),
    "a set-aside row removed": removed("set_aside"),
}

__all__ = ["KINDS", "Fault", "Path", "altered", "faults", "re", "with_rows"]
