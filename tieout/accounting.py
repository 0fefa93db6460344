"""The account of a document: what became of every number that stands in it.

An auditor's tie-out runs both ways. Every keyed row must stand in the source, and every number in the source must
be keyed, be the year of a keyed row, or be set aside with a reason. ``account`` does the second.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tieout.numbers import Number
from tieout.record import Record, Row
from tieout.texts import Text

KEYED, PERIOD, SET_ASIDE, OPEN = "keyed", "period", "set_aside", "open"


@dataclass(frozen=True)
class Mark:
    """A number of a document and its fate.

    ``fate`` is ``keyed`` (a row's printed number), ``period`` (a year of a row whose quote holds it), ``set_aside`` or
    ``open`` (nobody has said); ``rows`` are the rows that claim it, more than one only where that is an error or, for a
    period, shared.
    """

    number: Number
    fate: str
    rows: tuple[Row, ...] = ()


def printed_in_quote(text: Text, row: Row) -> list[Number]:
    """The places where a row's printed number stands, whole, in its quote; exactly one where all is well."""
    places = text.find(row["quote"])
    if len(places) != 1 or not row["printed"]:
        return []
    inside = text.numbers_in(places[0], places[0] + len(row["quote"]))
    return [number for number in inside if number.printed == row["printed"]]


def account(record: Record, document: str) -> list[Mark]:
    """The fate of every number in the document, in the order of the page."""
    return record.once(_account, document)


def _account(record: Record, document: str) -> list[Mark]:
    text = record.texts[document]
    keyed, periods, aside = _keyed(record, text), _periods(record, text), _set_aside(record, text)
    marks = []
    for number in text.numbers:
        claims = keyed[number] + aside[number]
        if claims:
            marks.append(Mark(number, KEYED if keyed[number] else SET_ASIDE, tuple(claims)))
        elif periods[number]:
            marks.append(Mark(number, PERIOD, tuple(periods[number])))
        else:
            marks.append(Mark(number, OPEN))
    return marks


def _keyed(record: Record, text: Text) -> dict[Number, list[Row]]:
    found = defaultdict(list)
    for row in record.rows_of("metrics", text.document):
        for number in printed_in_quote(text, row):
            found[number].append(row)
    return found


def _periods(record: Record, text: Text) -> dict[Number, list[Row]]:
    """A year inside a keyed quote that is a year of the row's own period."""
    found = defaultdict(list)
    for row in record.rows_of("metrics", text.document):
        years = {row["start"][:4], row["end"][:4]} - {""}
        places = text.find(row["quote"]) if years else []
        for place in places[:1]:
            for number in text.numbers_in(place, place + len(row["quote"])):
                if number.year and str(number.year) in years:
                    found[number].append(row)
    return found


def _set_aside(record: Record, text: Text) -> dict[Number, list[Row]]:
    """A number of a set-aside row: the printed one in its context, or every number of a whole stretch."""
    found = defaultdict(list)
    for row in record.rows_of("set_aside", text.document):
        places = text.find(row["context"])
        if len(places) == 1:
            for number in set_aside_in_context(text, row, places[0]):
                found[number].append(row)
    return found


def set_aside_in_context(text: Text, row: Row, place: int) -> list[Number]:
    """The numbers that a set-aside row claims, its context standing at ``place``."""
    inside = text.numbers_in(place, place + len(row["context"]))
    if row["printed"] == row["context"]:
        return inside
    return [number for number in inside if number.printed == row["printed"]]
