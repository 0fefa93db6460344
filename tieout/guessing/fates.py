"""Whether a number is to be keyed or set aside: what it looks like, and the words that it stands in.

Each rule looks at one thing and names the reason for setting aside, as ``docs/keying.md`` defines it. They know English and the
layout of reports, no document.
"""

from __future__ import annotations

import re

from tieout.countries import country_names
from tieout.guessing.guess import Guess
from tieout.guessing.place import Layout, Place
from tieout.numbers import ORDINAL_VALUES, VAGUE, find_numbers, readings

KEY, SET_ASIDE, PERIOD = "key", "set_aside", "period"
_LAWS = "Act|Acts|Protocol|Convention|Law|Directive|Regulation|Code|Constitution|Treaty|Decree|Decision|Article|amendment|amendments"
_TITLES = "Report|Plan|NAP|Strategy|Programme|Program|Survey|Summit|Agenda|Guidelines"
_CITED = re.compile(r"\b(?:Art(?:icles?)?\.?|Sections?|Sec\.|§+|Paragraphs?|No\.|Nos\.|Resolution|Bill)\s*$|§\s*$", re.IGNORECASE)
_CITED_ON = re.compile(
    r"\b(?:Art(?:icles?)?\.?|Sections?|§+|Paragraphs?|Nos\.)\s+\d[\w\s.,()-]{0,60}?(?:\band\s+|\bor\s+|\bto\s+|,\s*|-)$", re.IGNORECASE
)
_OF_LAW = re.compile(rf"^(?:\s+(?:[A-Z][\w&-]*|on|of|to|and|against|the|in)){{0,5}}?\s+(?:{_LAWS})\b")
_AMENDS = re.compile(r"^\s+(?:amendments?|law|act|decree)\b")
_LAW_OF = re.compile(
    r"\b(?:[Aa]ct|[Ll]aw|[Dd]ecree|Directive|Decision)\s+of(?:\s+the)?\s*$|\b(?:Decision|Directive|Convention|Protocol|Act)\b[^.;]*\(\s*$"
)
_OF_TITLE = re.compile(rf"^(?:[-–]\d{{4}})?(?:\s+[A-Z][\w&-]*|\s+(?:in|on|to|of|for|and|against)(?=\s+[A-Z]))*?\s+(?:{_TITLES})\b")
_TITLE_SPAN = re.compile(r"\d{4}[-–]$")
_FIGURE = re.compile(
    r"\b(?:figures?|tables?|charts?|box|annex|appendix|chapters?|indicators?|goals?|footnotes?|endnotes?|sections?)\s+[*_]*$", re.IGNORECASE
)
_PAGE = re.compile(r"\b(?:pages?|pp?\.)\s*$", re.IGNORECASE)
_ITEM = re.compile(r"^[\s*#>_-]*$")
_PHONE = re.compile(r"\b(?:hotline|helpline|telephone|phone|call|dial|fax|tel)\b", re.IGNORECASE)
_YEAR_OLD = re.compile(r"^[- ]year[- ]old\b")
_NAME = re.compile(r"[A-Za-z]{2,}[-–]$")
_HOURS = re.compile(r"^\s+(?:hours?|days? (?:a|per) week|hours? a day)\b", re.IGNORECASE)
_ONE = re.compile(
    r"^\s+(?:of (?:the|these|those|them|its|their|our|his|her|which|whom)\b|another\b|hand\b|side\b|or more\b|that\b|who\b|"
    r"(?:notable|particular|crucial|such|single|more|main|key)\b)",
    re.IGNORECASE,
)
_MORE_THAN_ONE = re.compile(r"\b(?:more than|any|no)\s+$", re.IGNORECASE)
_IN = re.compile(r"\bin\s+$", re.IGNORECASE)
_CASE = re.compile(r"^\s+(?:case|instance|example|occasion)\b", re.IGNORECASE)
_MULTIPLE = re.compile(r"^\s+(?:in|per|during|a year|every)\b.{0,12}\b(?:\d{4}|year|month)", re.IGNORECASE)
_THE = re.compile(r"\b(?:the|these|those|all|both|this|that)\s+$", re.IGNORECASE)
_FROM = re.compile(r"\W*(?:from|of|out of)\s+(?:the\s+)?$", re.IGNORECASE)
_PART_OF = re.compile(r"^\s+(?:out )?of (?:the )?$", re.IGNORECASE)
_TERM = re.compile(
    r"\bwere (?:for|sentenced to) (?:terms? of )?(?:(?:more|less|over|under|up) (?:than |to )?)?(?:\S+ (?:to|and) )?$", re.IGNORECASE
)
_YEARS = re.compile(r"^\s*(?:(?:to|and|–|-)\s+\S+\s+)?(?:years?|months?)\b", re.IGNORECASE)
_OVER_YEARS = re.compile(r"\b(?:over|during|for|within) the (?:past|last|next)\s+$", re.IGNORECASE)
_COMPANIONS = re.compile(r"\b(?:along|together) with\s+$", re.IGNORECASE)
_MOST_SMALL = 12
_DIALLED = re.compile(r"(?<![\w.,])(?:\+\d{1,3}(?:[ ./-]\d{1,4}){2,6}|0\d{1,4}(?:[ ./-]\d{2,4}){1,5})(?![\w,])")
_RUNNING_HEAD = 60  # letters of the longest line that may be one


def set_aside(place: Place, layout: Layout) -> Guess | None:
    """The reason code under which a number is to be set aside, or None where no rule asks for it."""
    for rule in (_by_stretch, _by_kind, _by_law, _by_line, _by_head, _by_title, _by_pointer, _by_turn, _by_whole, _by_person):
        if (found := rule(place, layout)) is not None:
            return found
    return None


def recalls(place: Place) -> Guess | None:
    """A number that points back to one told before: softer than the other rules, for ``the three shelters`` may be news."""
    before, printed = place.before, place.number.printed
    if printed.lower() in ORDINAL_VALUES:
        return None
    small = any(value <= _MOST_SMALL for value in readings(printed))
    if _THE.search(before) and (small or _told_before(place)):
        return Guess("repeated", "‘the’ stands before it, as before a thing told already", 0.65)
    if _FROM.match(before) and _told_before(place):
        return Guess("repeated", "the same number stands shortly before", 0.7)
    return None


def _told_before(place: Place) -> bool:
    """Whether the same number stands before in the same paragraph."""
    return any(number.printed == place.number.printed for number in find_numbers(place.line[0]))


def _by_stretch(place: Place, layout: Layout) -> Guess | None:
    stretch = layout.within(place.number)
    if stretch == "contents":
        return Guess("heading", "it stands in the table of contents", 0.95)
    return Guess("footnote", "it stands among the notes at the end", 0.95) if stretch == "notes" else None


def _by_kind(place: Place, _: Layout) -> Guess | None:
    kind, printed = place.number.kind, place.number.printed.lower()
    if kind == "superscript" or re.search(r"\^\{?\^?$", place.line[0]):
        return Guess("footnote", "it is set as a note's mark", 0.97)
    if kind == "address":
        return Guess("address", "it is part of a web address", 0.97)
    if kind == "roman":
        return Guess("title", "it is a roman numeral", 0.8)
    if kind == "time":
        return Guess("wording" if printed == "24/7" else "date", "it is a time of day", 0.9)
    if kind == "date":
        return Guess("legal_reference", "it dates a law", 0.9) if _LAW_OF.search(place.before) else Guess("date", "it is a date", 0.95)
    if printed in VAGUE and kind == "words":
        return Guess("vague", "it has no value", 0.9)
    if printed in ORDINAL_VALUES and printed == "first":
        return Guess("wording", "‘first’ is a turn of phrase", 0.93)
    return None


def _by_line(place: Place, _: Layout) -> Guess | None:
    before, after = place.line
    if _ITEM.fullmatch(before) and not after.strip():
        return Guess("page", "it stands alone on its line", 0.95)
    if (_ITEM.fullmatch(before) or before.endswith("\t")) and (
        re.match(r"[.)]\s", after) or re.fullmatch(r"\d+\.\d+", place.number.printed)
    ):
        return Guess("heading", "it numbers its line or cell", 0.93)
    if re.match(r"\)\s", after) and place.before.count("(") <= place.before.count(")"):
        return Guess("heading", "it numbers an item of a list", 0.9)
    if _FIGURE.search(before):
        return Guess("heading", "it numbers a figure, chapter or indicator", 0.93)
    if re.search(r"[.!?][\"”’)]*\s$", before) and not after.strip() and place.number.printed.isdigit():
        return Guess("footnote", "it stands behind the paragraph's last sentence", 0.85)
    return Guess("page", "‘page’ stands before it", 0.95) if _PAGE.search(before) else None


def _by_law(place: Place, _: Layout) -> Guess | None:
    before, after = place.before, place.after
    if _CITED.search(before) or _CITED_ON.search(before):
        return Guess("legal_reference", "an article or number of a law is cited", 0.93)
    if place.number.year and (_OF_LAW.match(after) or _AMENDS.match(after) or _LAW_OF.search(before)):
        return Guess("legal_reference", "it is the year in the name of a law", 0.9)
    return None


def _by_title(place: Place, _: Layout) -> Guess | None:
    before, after = place.before, place.after
    if place.number.year and (_OF_TITLE.match(after) or (_TITLE_SPAN.search(before) and _OF_TITLE.match(after))):
        return Guess("title", "it is the year in the name of a report or plan", 0.88)
    if _NAME.search(before) and not place.number.year:
        return Guess("title", "it is part of a name", 0.9)
    return None


def elsewhere(place: Place, country: str) -> Guess | None:
    """``In neighbouring France, police …``: a sentence that opens in another country than ``country``, a code."""
    opening = re.match(r"\W*In (?:the )?(?:neighbou?ring |nearby )?(?P<name>[A-Z][\w' -]+?),", place.before)
    others = {name for code, name in country_names().items() if code != country}
    return Guess("elsewhere", f"its sentence is about {opening['name']}", 0.85) if opening and opening["name"] in others else None


def _by_head(place: Place, _: Layout) -> Guess | None:
    """A page's number, or its report's year, in a running head: a short line in capitals that begins or ends with a number."""
    before, after = place.line
    words = f"{before}{after}".strip()
    if len(words) > _RUNNING_HEAD or not words.isupper() or (before.strip() and after.strip() and not place.number.year):
        return None
    return (
        Guess("title", "it is the year in a line of capitals", 0.75)
        if place.number.year
        else Guess("page", "it stands at the edge of a line of capitals", 0.75)
    )


def _by_pointer(place: Place, _: Layout) -> Guess | None:
    before, after = place.line
    whole, at = f"{before}{place.number.printed}{after}", len(before)
    if any(found.start() <= at < found.end() for found in _DIALLED.finditer(whole)):
        return Guess("address", "it is part of a telephone number", 0.9)
    if _PHONE.search(place.placed) and re.fullmatch(r"[\d+]\d{4,}", place.number.printed):
        return Guess("address", "it is a telephone number", 0.9)
    return None


def _by_turn(place: Place, _: Layout) -> Guess | None:
    printed, before, after = place.number.printed.lower(), place.before, place.after
    if printed == "one" and (_ONE.match(after) or _MORE_THAN_ONE.search(before) or (_IN.search(before) and _CASE.match(after))):
        return Guess("wording", "‘one’ is a turn of phrase here", 0.88)
    if printed in ("once", "twice") and not _MULTIPLE.match(after):
        return Guess("wording", f"‘{printed}’ is a turn of phrase here", 0.88)
    if _HOURS.match(after):
        return Guess("wording", "it tells opening hours", 0.85)
    if _TERM.search(before) and _YEARS.match(after):
        return Guess("band", "it defines what another number counts", 0.75)
    if _OVER_YEARS.search(before) and _YEARS.match(after):
        return Guess("method", "it tells how far back the report looks", 0.6)
    return None


def _by_whole(place: Place, _: Layout) -> Guess | None:
    """``Two of three shelters``: the second number is what the first is part of."""
    before = [number for number in place.others if number.end <= place.number.start]
    if before and not before[-1].year and _PART_OF.match(place.text.text[before[-1].end : place.number.start]):
        return Guess("coverage", f"it is the whole that ‘{before[-1].printed}’ is part of", 0.8)
    return None


def _by_person(place: Place, _: Layout) -> Guess | None:
    if _YEAR_OLD.match(place.after):
        return Guess("individual", "it is one person's age", 0.88)
    return Guess("individual", "it counts a person's companions", 0.7) if _COMPANIONS.search(place.before) else None
