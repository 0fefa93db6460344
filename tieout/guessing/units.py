"""The unit of a number: its sign, the unit's word behind it, or the noun that it counts."""

from __future__ import annotations

import re

from tieout.guessing.guess import Guess
from tieout.guessing.place import Place
from tieout.numbers import MONTH, currency, find_numbers

_DURATION = re.compile(r"^[-\s]*(?:consecutive )?(year|month|day)s?\b", re.IGNORECASE)
_PERCENT = re.compile(r"^\s*per\s?cent", re.IGNORECASE)
_MONEY = re.compile(r"^\s*(euros?|(?:us )?dollars?)\b", re.IGNORECASE)
_RANGE = re.compile(r"^\s*(?:to|up to|and|or|–|-)\s+(?=\S)")
_AGE = re.compile(r"^[-\s]*years?(?: of age|[- ]olds?)\b|^\s*years? or (?:older|younger)", re.IGNORECASE)
_AGED = re.compile(
    r"(?:\bages? of|\baged|\bages?|\bturns?|\bturned|\bunder|\bover|\bbetween the ages of)\s+(?:\S+\s+(?:and|to)\s+)?$", re.IGNORECASE
)
_TIER = re.compile(r"\btier\s+$", re.IGNORECASE)
_JOINED = re.compile(r"^\s+[^\W\d_]+\s+(?:and|or)\s+$")  # two confirmed and 129 potential victims
_MET = re.compile(r"\bmet\s+$", re.IGNORECASE)
_OF_THESE = re.compile(r"^\s+(?:out )?of (?:the |these |those |its |their )?(?=\S)")
_DATING = re.compile(
    rf"\b(?:in|during|since|by|until|from|to|and|of|between|for|the|a|an|nor|late|early|mid|{MONTH})[\s-]+$", re.IGNORECASE
)
_WERE = re.compile(r"^\s+(?:were|was|are|is)\s+(?:also |all |either )?(?=\S)")
_ADOPTED = re.compile(r"\b(?:ratif\w+|signed|acced\w+)\b", re.IGNORECASE)
NOUNS = {
    "persons": "adult boy child children defendant female girl individual male man men minor offender people person perpetrator "
    "prostitute suspect trafficker victim woman women",
    "organisations": "association ngo organization organisation",
    "countries": "country countries state",
    "cases": "case investigation",
}  # nouns that any report counts in these units, besides the units' own names
STOPS = re.compile(r"[;:,()\t]|\b(?:that|which|who|of|to|in|on|for|from|with|by|were|was|are|is|had|have)\b")
FURTHEST = 6  # words behind a number among which its noun is looked for


def unit(place: Place, words: dict[str, str], header: str) -> Guess:
    """``words`` maps a noun's stem to the unit that it counts; an empty guess where nothing tells."""
    printed, after = place.number.printed, _past_range(place.after)
    if sign := currency(printed):
        return Guess(sign, f"it is printed with the sign of {sign}", 0.98)
    if printed.endswith("%") or _PERCENT.match(after):
        return Guess("percent", "it is printed as a percentage", 0.98)
    if money := _MONEY.match(after):
        return Guess("EUR" if money[1].lower().startswith("euro") else "USD", f"‘{money[1]}’ stands behind it", 0.97)
    if _TIER.search(place.before):
        return Guess("tier", "‘Tier’ stands right before it", 0.97)
    if _AGE.match(after):
        return Guess("years_of_age", "years of age stand behind it", 0.9)
    if place.number.year and _ADOPTED.search(f"{header} {place.before} {place.after}"):
        return Guess("calendar_year", "it is the year of a ratification or signature", 0.85)
    if duration := _DURATION.match(after):
        return Guess(f"{duration[1].lower()}s", f"‘{duration[1]}’ stands behind it", 0.92)
    if _AGED.search(place.before) and not _noun(place.after, words) and not place.number.year:
        return Guess("years_of_age", "the words before it speak of an age", 0.8)
    if _MET.search(place.before) and place.number.kind == "words":
        return Guess("meetings", "it tells how often somebody met", 0.85)
    return _counted(place, after, words)


def _counted(place: Place, after: str, words: dict[str, str]) -> Guess:
    """The noun behind the number (``93 victims``, ``56 of the sentences``, ``12 were victims``), else the last before it."""
    of_these = _OF_THESE.match(place.after) or _WERE.match(place.after)
    if place.number.year and (_DATING.search(place.before) or not _noun(" ".join(place.after.split()[:1]), words)):
        return Guess("", "it reads as a year", 0.0)
    for phrase in (after, place.after, _past_number(place.after[of_these.end() :]) if of_these else ""):
        if found := _noun(phrase, words):
            return Guess(found[1], f"it counts ‘{found[0]}’", 0.88)
    before = [word for word in re.findall(r"[^\W\d_]+", place.before) if stem(word) in words]
    if before:
        return Guess(words[stem(before[-1])], f"‘{before[-1]}’ is the last thing counted before it", 0.6)
    return Guess("", "nothing beside it tells the unit", 0.0)


def stem(word: str) -> str:
    """A word without its ending, so that ``investigated`` and ``investigations`` meet; crude, and the same for every word."""
    word = re.sub(r"(?<=\w{3})our(?=$|s$|ed$|ing$|er)", "or", word.lower())  # labour and labor are one word
    for ending in ("ations", "ation", "ating", "ated", "ions", "ion", "ings", "ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _past_range(after: str) -> str:
    """``one to 15 years``: what follows the upper end stands behind the lower one too."""
    match = _RANGE.match(after)
    if not match:
        return after
    upper = find_numbers(after[match.end() :])
    return after[match.end() + upper[0].end :] if upper and upper[0].start == 0 else after


def _past_number(phrase: str) -> str:
    """``three shelters``, as in ``two of three shelters``, without its number."""
    numbers = find_numbers(phrase)
    return phrase[numbers[0].end :] if numbers and numbers[0].start == 0 else phrase


def _noun(after: str, words: dict[str, str]) -> tuple[str, str] | None:
    """The first counted noun of the phrase that follows at once, or the last of several in a row (``child victims``), and its unit."""
    stop = STOPS.search(after)
    phrase = after[: stop.start()] if stop else after
    numbers = find_numbers(phrase)
    if numbers and _JOINED.match(phrase[: numbers[0].start]):
        return _noun(phrase[numbers[0].end :], words)
    phrase = phrase[: numbers[0].start] if numbers else phrase
    counted = [(word, words.get(stem(word), "")) for word in re.findall(r"[^\W\d_]+\b(?!-)", phrase)[:FURTHEST]]
    heads = [one for one, (_, following) in zip(counted, [*counted[1:], ("", "")], strict=False) if one[1] and not following]
    return heads[0] if heads else None
