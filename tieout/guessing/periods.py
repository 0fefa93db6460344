"""The period of a number: the years and months in its sentence, or that it is a rule, or that the text does not say."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from tieout.guessing.guess import Guess
from tieout.guessing.place import Place
from tieout.numbers import MONTH, MONTHS, Number

STATED, STANDING, NOT_STATED = "stated", "standing", "not_stated"
_SPAN = re.compile(r"\b(?:between|from)\s+(\d{4})\s+(?:and|to|through|until)\s+(\d{4})\b|\b(\d{4})\s*[-–]\s*(\d{4})\b", re.IGNORECASE)
_MONTHS = re.compile(rf"\b({MONTH})\s+(?:to|and|through|until)\s+({MONTH}),?\s+(\d{{4}})\b")
_MONTH = re.compile(rf"\b({MONTH}),?\s+(\d{{4}})\b")
_PAIR = re.compile(r"^\W*(?:in|during)\s+(\d{4})\s+and\s+(\d{4})\s*,", re.IGNORECASE)
_VAGUE = re.compile(r"\b(?:in recent years|in the (?:last|past) (?:few|several) years|every year|each year|annually)\b", re.IGNORECASE)
_COMPARED = re.compile(r"compared (?:with|to)|\b(?:up|down) from\b", re.IGNORECASE)
_BREAK = re.compile(r"compared (?:with|to)|;|\)\s*(?:,|and\b|but\b)|\bfrom\b|\((?!\\?[$€])", re.IGNORECASE)
_LAW = re.compile(
    r"\b(?:laws?|legislation|code|prescrib\w+|liable|penalt\w+|imprisonment|prosecuted .{0,20}years after|eligible|entitled|renewable|"
    r"criteria|conditioned|provided an?|permits? and|reflection|granted .{0,80}permits?|between the ages|dismissed within|"
    r"limitation|minor turns|under \S+ years of age)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Period:
    """A guessed period: ``start`` and ``end`` are ISO days or empty, ``basis`` one of the period bases; one guess for all three."""

    start: str
    end: str
    guess: Guess

    @property
    def basis(self) -> str:
        """How the period is known."""
        return self.guess.value

    @property
    def years(self) -> frozenset[str]:
        """The years at its two ends."""
        return frozenset({self.start[:4], self.end[:4]} - {""})


def period(place: Place, unit: str, dates: list[Number], latest: str, kind: str) -> Period:
    """The period of a number of ``unit``, whose kind is ``kind``.

    ``dates`` are the numbers of its sentence that can date it, ``latest`` is the last day that a report of its date can tell of.
    """
    if unit == "calendar_year":
        return _own_year(place)
    if _vague_behind(place):
        return Period("", "", Guess(NOT_STATED, "the words behind it speak of years without naming one", 0.85))
    rule = kind in ("duration", "age", "currency") or unit == "criteria"
    if rule and not dates and _LAW.search(place.placed) and not _VAGUE.search(place.placed):
        return Period("", "", Guess(STANDING, "its sentence tells a rule, and no year", 0.85))
    for spans in (_span, _pair, _within_year, _single):
        if (found := spans(place, dates)) and found.end <= latest:
            return found
    if _VAGUE.search(place.placed):
        return Period("", "", Guess(NOT_STATED, "its sentence speaks of years without naming one", 0.85))
    return Period("", "", Guess(NOT_STATED, "no year in its sentence dates it", 0.85))


def _vague_behind(place: Place) -> bool:
    """``2,000 … in the last few years``, with no other number or year in between."""
    vague = _VAGUE.search(place.after)
    return bool(vague) and not any(
        number.start < place.number.end + vague.start() for number in place.others if number.start > place.number.start
    )


def _own_year(place: Place) -> Period:
    """A year that is itself what is told: its own month where the page names it."""
    year = str(place.number.year or "")
    month = re.search(rf"\b({MONTH})\s+$", place.before)
    first, last = _days(month[1], month[1], year) if month else (f"{year}-01-01", f"{year}-12-31")
    return Period(first, last, Guess(STATED, "the year is the number itself", 0.95))


def _span(place: Place, dates: list[Number]) -> Period | None:
    """``between 1999 and 2005``: only where the span is nearer than any other year."""
    nearest = nearest_date(place, dates)
    for match in _SPAN.finditer(place.text.text, *place.reach):
        years = sorted(filter(None, match.groups()))
        if nearest and match.start() <= nearest.start < match.end() and all(_dates(match, dates)):
            return Period(f"{years[0]}-01-01", f"{years[1]}-12-31", Guess(STATED, f"‘{match.group()}’ stands nearest", 0.9))
    return None


def _dates(match: re.Match[str], dates: list[Number]) -> list[bool]:
    starts = {number.start for number in dates}
    return [match.start(group) in starts for group in range(1, 5) if group <= len(match.groups()) and match[group]]


def _pair(place: Place, dates: list[Number]) -> Period | None:
    """``In 2004 and 2007, … launched two campaigns``: both years together, where the sentence begins with them and names no other."""
    match = _PAIR.search(place.before)
    if not match or len(dates) != 2:
        return None
    return Period(f"{match[1]}-01-01", f"{match[2]}-12-31", Guess(STATED, f"the sentence begins with {match[1]} and {match[2]}", 0.6))


def _within_year(place: Place, dates: list[Number]) -> Period | None:
    """``from January to June 2008`` and ``in May 2009``, where that year is the nearest."""
    nearest = nearest_date(place, dates)
    for pattern in (_MONTHS, _MONTH):
        for match in pattern.finditer(place.text.text, *place.reach):
            if nearest and match.start() <= nearest.start < match.end():
                first, last = (match[1], match[2]) if pattern is _MONTHS else (match[1], match[1])
                return Period(*_days(first, last, match[match.lastindex or 0]), Guess(STATED, f"‘{match.group()}’ stands nearest", 0.9))
    return None


def _single(place: Place, dates: list[Number]) -> Period | None:
    nearest = nearest_date(place, dates)
    if nearest is None:
        return None
    side = "follows it in its phrase" if nearest.start > place.number.start else "stands before it"
    sure = 0.93 if len({number.year for number in dates}) == 1 else 0.85
    return Period(f"{nearest.year}-01-01", f"{nearest.year}-12-31", Guess(STATED, f"{nearest.year} {side}", sure))


def nearest_date(place: Place, dates: list[Number]) -> Number | None:
    """The date that follows a number within its phrase, else the last before it that stands in no closed bracket, else
    the next; but never one that only dates what it is compared with."""
    following = [number for number in dates if number.start > place.number.start]
    preceding = [number for number in dates if number.start < place.number.start and not _bracketed(place, number)]
    between = place.text.text[place.number.end : following[0].start] if following else ""
    if following and not _BREAK.search(between):
        return following[0]
    if preceding:
        return preceding[-1]
    return following[0] if following and not _COMPARED.search(between) else None


def _bracketed(place: Place, date: Number) -> bool:
    """Whether a date stands in brackets that are closed before the number: ``in 2023 (107 in 2022); however, 56``."""
    between = place.text.text[date.end : place.number.start]
    closing, opening = between.find(")"), between.find("(")
    return closing >= 0 and (opening < 0 or closing < opening)


def _days(first: str, last: str, year: str) -> tuple[str, str]:
    """The first day of one month and the last of another."""
    begins, ends = MONTHS.index(first.capitalize()) + 1, MONTHS.index(last.capitalize()) + 1
    return f"{year}-{begins:02}-01", f"{year}-{ends:02}-{monthrange(int(year), ends)[1]:02}"
