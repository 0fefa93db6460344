"""Rules about the words that stand next to a number: which metric, category and year they make it.

A sentence often holds several numbers, and a slip that swaps two of them leaves every word of the sentence in place. What
tells them apart is what stands nearest.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from tieout.numbers import END, MONTHS, find_numbers
from tieout.record import MISSING
from tieout.rulebook import rule
from tieout.wordings import NUMBER, fit

METHOD = "assessment"  # the codebook's group of grades and parts of methods, which count no victims
JOINTS = frozenset("a and as but by compared during for from in of or that the this to which with".split()) - {"of", "the"}
_STOPS = frozenset(".;:,()[]!?\"“”’'\n\t⁰¹²³⁴⁵⁶⁷⁸⁹")
_AFTER = re.compile(r"[;,()\t]|compared")
_RANGE = re.compile(r"\s*(?:to|up to|–)\s+")
_BEFORE = re.compile(r"[;,\t]|compared")


@rule("metric-worded", "Every metric is the one that the words with its number name", "metric")
def metric_worded(metric: str, placed: str, wordings: str, rivals: str) -> str | None:
    """The metric's own wordings fit the sentence, and no other metric of the unit fits it more closely.

    ``placed`` is the sentence with the number replaced by a placeholder, ``rivals`` a line for each other metric of the unit.
    """
    if not placed:
        return None
    own = fit(placed, wordings)
    others = {name: fit(placed, terms) for name, _, terms in (line.partition("\t") for line in rivals.split("\n") if line)}
    better = sorted(name for name, closeness in others.items() if closeness > own)
    if own and not better:
        return None
    hint = f" They are those of {', '.join(better)}." if better else " If the source words it anew, add its wording to data/terms.csv."
    return f"The words with the number are not those of {metric}.{hint}"


@rule("category-nearest", "Every category is the one whose words stand nearest to its number", "exploitation")
def category_nearest(
    metric_group: str, unit: str, sex: str, age: str, exploitation: str, placed: str, terms: str, status: str, note: str
) -> str | None:
    """``49 victims of labor exploitation, 35 victims of sexual exploitation``: each number's own words decide.

    Where another number stands between the words and the number, the note must name the category. Where the words of several
    categories stand next to it (``sex trafficking and labor trafficking``), the number is of all of them together if the note names each.
    ``terms`` has a line ``dimension:category``, tab, words for each category.
    """
    if metric_group == METHOD or unit == "calendar_year":
        return (
            None
            if {sex, age, exploitation} == {"total"}
            else "A grade, a method or a year has no breakdown: sex, age and exploitation are total."
        )
    if status == MISSING or NUMBER not in placed:
        return None
    before, after = placed.split(NUMBER, 1)
    for dimension, category in (("sex", sex), ("age", age), ("exploitation", exploitation)):
        known = [line.removeprefix(f"{dimension}:").partition("\t") for line in terms.split("\n") if line.startswith(f"{dimension}:")]
        attached = {name for _, name in named(phrase_after(after), known) or named(phrase_before(before), known)}
        if category == "total" and attached and not (len(attached) > 1 and attached <= {name for _, name in named(note, known)}):
            told = f"{dimension} is 'total', but the words next to the number say {', '.join(sorted(attached))!r}."
            words = ", ".join(next(word for name, _, word in known if name == one) for one in sorted(attached))
            return f"{told} Key that category" + (
                f", or, where the number is of all of them, say so in the note: {words}." if len(attached) > 1 else "."
            )
        if category == "total" or category in attached:
            continue
        nearest = _nearest(before, after, known)
        if attached or category != nearest:
            return (
                f"{dimension} is {category!r}, but the words next to the number say {', '.join(sorted(attached)) or nearest or 'none'!r}."
            )
        if category not in {name for _, name in named(note, known)}:
            return (
                f"{dimension} is {category!r}, but another number stands between its words and the number. "
                "Say in the note whose number it is."
            )
    return None


@rule("year-nearest", "Every stated period is of the year that stands nearest to its number, or the note says why not", "start")
def year_nearest(period_basis: str, start: str, end: str, placed: str, printed: str, quote: str, note: str, status: str) -> str | None:
    """``174 … in 2020, compared with 154 in 2019``: the year that follows within the phrase, else the one before."""
    said = re.search(r"about (\d{4})", note)
    if said and start and said[1] != start[:4]:
        return f"The note says about {said[1]}, but the period is of {start[:4]}."
    if period_basis != "stated" or not start:
        return None
    if status == MISSING:
        return (
            None
            if start[:4] in quote
            else f"The period is of {start[:4]}, but that year does not stand in the quote. Widen the quote, or correct the period."
        )
    if said or NUMBER not in placed or _itself_a_year(printed):
        return None
    year = nearest_year(*placed.split(NUMBER, 1))
    if year is None or str(year) in (start[:4], end[:4]):
        return None
    return (
        f"The period is of {start[:4]}, but the year nearest to the number is {year}. "
        f"Correct the period, or say in the note: 'about {start[:4]}', and why."
    )


@rule("year-noted", "Every inferred period's years, and its months where it is part of a year, stand in the note", "note")
def year_noted(period_basis: str, start: str, end: str, note: str) -> str | None:
    """A year that the sentence does not print is as good as the words it was taken from."""
    if period_basis != "inferred" or not start or not end:
        return None
    if not {start[:4], end[:4]} <= set(re.findall(r"\d{4}", note)):
        return f"The period {start[:4]} is inferred, but the note does not say from which words. Quote them, with the year."
    whole = start[5:] == "01-01" and end[5:] == "12-31"
    if not whole and not all(MONTHS[int(day[5:7]) - 1] in note for day in (start, end)):
        return f"The period {start} to {end} is part of a year, but the note does not say from which words. Quote them, with the months."
    return None


@rule("period-months", "Every period begins on a month's first day and ends on its last, unless the sentence prints the days", "end")
def period_months(start: str, end: str, sentence: str) -> str | None:
    """Reports count whole months; a day more or less is a slip."""
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return None
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if whole or any(number.kind == "date" for number in find_numbers(sentence)):
        return None
    return f"The period {start} to {end} does not fill its months, and the sentence prints no days."


@rule("quote-whole", "Every quote is a whole phrase: it begins and ends where one does", "quote")
def quote_whole(quote: str, source: str) -> str | None:
    """A quote cut inside a word, or short of what follows on it, was not read to its end."""
    at = source.find(quote)
    if at < 0 or not quote:
        return None
    before, after = source[:at].rstrip(" \u00a0*#-"), source[at + len(quote) :].lstrip(" \u00a0")
    opened = re.search(r"\b(?:that|which|and|or|but|where|while|when)$", before) is not None
    begins = opened or not before or before[-1] in _STOPS or quote[0] in _STOPS or _first_word(quote) in JOINTS
    ends = not after or after[0] in _STOPS or quote[-1] in _STOPS or _first_word(after) in JOINTS
    left, right = source[at - 1 : at] + quote[0], quote[-1] + source[at + len(quote) :][:1]
    begins = begins and not (len(left) == 2 and left.isalnum())
    ends = ends and not (len(right) == 2 and right.isascii() and right.isalnum())
    begins = begins and not (before.endswith("(") and quote.count(")") > quote.count("("))
    ends = ends and not (after.startswith(")") and quote.count("(") > quote.count(")"))
    if len(re.findall(r"[^\W\d_]{2,}", quote)) < 2:
        return "The quote is little more than the number. Widen it until it says what is counted."
    if begins and ends:
        return None
    return f"The quote {'ends' if begins else 'begins'} in the middle of a phrase. Copy it from the phrase's first word to its last."


def _first_word(text: str) -> str:
    return next(iter(re.findall(r"[^\W\d_]+", text[:30])), "").lower() if text[:1].isalpha() else ""


def phrase_after(after: str) -> str:
    """The words from the number, or from the range that it begins, to the next number or stop."""
    upper = _RANGE.match(after)
    if upper:
        numbers = find_numbers(after[upper.end() :])
        after = after[upper.end() + numbers[0].end :] if numbers and numbers[0].start == 0 else after
    barrier = _AFTER.search(after)
    phrase = after[: barrier.start()] if barrier else after
    numbers = find_numbers(phrase)
    return phrase[: numbers[0].start] if numbers else phrase


def phrase_before(before: str) -> str:
    """The words from the number before, or the stop before, to the number."""
    barriers = list(_BEFORE.finditer(before))
    phrase = before[barriers[-1].end() :] if barriers else before
    numbers = find_numbers(phrase)
    return phrase[numbers[-1].end :] if numbers else phrase


def named(phrase: str, known: list[tuple[str, str, str]]) -> list[tuple[int, str]]:
    """Where each category's words stand in a phrase."""
    found = []
    for name, _, words in known:
        for term in filter(None, words.split("|")):
            found += [(match.start(), name) for match in re.finditer(rf"(?<!\w){re.escape(term)}{END}", phrase, re.IGNORECASE)]
    return found


def _nearest(before: str, after: str, known: list[tuple[str, str, str]]) -> str:
    """The category whose words stand nearest to the number, on either side."""
    sides = [(len(before) - place, name) for place, name in named(before, known)] + named(after, known)
    return min(sides)[1] if sides else ""


def nearest_year(before: str, after: str) -> int | None:
    """The year that follows a number within its phrase, else the one before it, else the one that follows at all."""
    following = [number for number in find_numbers(after) if number.year]
    preceding = [number for number in find_numbers(before) if number.year]
    joined = following and not re.search(r"compared with|;|\band from\b|\((?!\\?[$€])", after[: following[0].start])
    if joined or (following and not preceding):
        return following[0].year
    return preceding[-1].year if preceding else None


def _itself_a_year(printed: str) -> bool:
    return any(number.year for number in find_numbers(printed))
