"""The rules that every keyed number must keep, each a pure function of one row's cells.

A rule's parameters name the columns it reads: those of the metrics file and those that ``evidence.joined`` adds. It
returns None where the row keeps it, or a sentence that says what is wrong and what to do. Great Expectations runs
them over the whole record (``tieout.expectations``).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from tieout import nearness
from tieout.numbers import END, MONTH, MONTHS, currency, find_numbers, readings
from tieout.record import MISSING, published_by
from tieout.rulebook import RULES, RowRule, rule
from tieout.schema import DATE
from tieout.texts import Text
from tieout.wordings import GAPS

LEAD_INS = {
    "at_least": r"at least|no fewer than|not fewer than|no less than|not less than|a minimum of",
    "more_than": r"over|(?<!no )(?<!not )more than|exceeding|in excess of",
    "about": r"about|approximately|around|roughly|some|nearly|almost|an estimated|estimated",
    "at_most": r"up to|at most|as many as|no more than|not more than|a maximum of",
    "less_than": r"(?<!no )(?<!not )(?:less|fewer) than|under|below",
}
_LEAD_IN = {
    qualifier: re.compile(rf"(?<!\w)(?:{words})(?:\s+(?:€|\\?\$)?)?[\s\\€$]*$", re.IGNORECASE) for qualifier, words in LEAD_INS.items()
}
_DURATION_WORDS = {"years": "year", "months": "month", "days": "day", "years_of_age": r"year|age|\bold"}


@rule("quote-in-source", "Every quote stands exactly once in its document", "quote")
def quote_in_source(quote: str, source: str) -> str | None:
    """To the character: a curly quote for a straight one is another text."""
    text = Text("", source)
    places = len(text.find(quote))
    if places == 1:
        return None
    if places > 1:
        return f"The quote stands {places} times in the document. Widen it until it stands once."
    near = text.near_miss(quote)
    if near:
        at = next(index for index, (ours, theirs) in enumerate(zip(quote, near, strict=False)) if ours != theirs)
        return (
            f"The quote does not stand in the document, only words that look alike: at character {at + 1} it has {quote[at]!r} "
            f"(U+{ord(quote[at]):04X}), the document {near[at]!r} (U+{ord(near[at]):04X}). Copy the quote from the document."
        )
    return "The quote does not stand in the document. Copy it from there, to the character."


@rule("printed-in-quote", "Every printed number stands exactly once in its quote, whole", "printed")
def printed_in_quote(printed: str, quote: str, status: str) -> str | None:
    """``9`` does not stand in ``29``, nor ``1.38 million`` in ``€1.38 million``: the number is printed with its sign."""
    if status == MISSING:
        return None
    numbers = find_numbers(quote)
    places = [number for number in numbers if number.printed == printed]
    if len(places) == 1:
        return None
    if places:
        return f"{printed!r} stands {len(places)} times in the quote. Shorten the quote until it stands once."
    within = next((number.printed for number in numbers if printed and printed in number.printed), "")
    hint = f" It is part of {within!r}: key that." if within else ""
    return f"{printed!r} does not stand in the quote as a whole number.{hint} Copy the number from the document, with its sign and scale."


@rule("printed-parses", "Every printed number parses to its value", "value")
def printed_parses(printed: str, value: str, status: str) -> str | None:
    """``€1.38 million`` is 1380000; ``1.000`` may be 1 or 1000, and either value will do here."""
    if status == MISSING:
        return None
    meant = readings(printed)
    if _decimal(value) in meant:
        return None
    if not meant:
        return f"{printed!r} is no number that can be read."
    told = " or ".join(sorted(_plain(one) for one in meant))
    return f"{printed!r} means {told}, but the value is {value!r}. Look at the page and correct one."


@rule("value-form", "Every value is written in digits alone, without superfluous zeros", "value")
def value_form(value: str, status: str) -> str | None:
    """No thousands separators, no exponent, no leading zero: one number, one spelling."""
    if status == MISSING and not value:
        return None
    if re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", value):
        return None
    return f"The value {value!r} is not a plain number. Write digits, with a dot for decimals and nothing else (1380000, 2.2)."


@rule("missing-empty", "A missing number has neither value nor printed form, any other has both", "status")
def missing_empty(status: str, value: str, printed: str) -> str | None:
    """A gap is never 0, and a number is never a gap."""
    if status == MISSING and (value or printed):
        return (
            f"The status says not reported (O), but the row has a value ({value or printed!r}). "
            "Empty value and printed, or correct the status."
        )
    if status != MISSING and not (value and printed):
        return (
            "The row has no value or no printed number. Key both, or set the status to O where the source says that it does not report it."
        )
    return None


@rule("gap-worded", "Every missing number's quote says that it is not reported", "quote")
def gap_worded(status: str, quote: str) -> str | None:
    """Without these words a reader could not tell a gap from an oversight."""
    if status != MISSING or not quote or GAPS.search(quote):
        return None
    return (
        "The status says not reported (O), but the quote does not say so. "
        "Quote the words that do (“did not report”, “not yet available”), or key the number."
    )


@rule("metric-known", "Every metric is in the codebook", "metric")
def metric_known(metric: str, metric_unit: str) -> str | None:
    """``metric_unit`` is empty for a metric that the codebook lacks."""
    return (
        None
        if metric_unit
        else f"The codebook has no metric {metric!r}. Correct it, or add the metric to data/codebook.csv with its definition."
    )


@rule("unit-of-metric", "Every unit is its metric's", "unit")
def unit_of_metric(metric: str, unit: str, metric_unit: str) -> str | None:
    """One metric, one unit, for ever."""
    if not metric_unit or unit == metric_unit:
        return None
    return f"The unit is {unit!r}, but {metric} is measured in {metric_unit!r}. Correct the unit, or the metric."


@rule("unit-sign", "Every unit fits the sign printed with the number", "unit")
def unit_sign(unit: str, unit_kind: str, unit_label: str, printed: str, quote: str, status: str) -> str | None:
    """€ is EUR, $ is USD, % is percent; an amount of money has its sign or its currency's name beside it."""
    if status == MISSING:
        return None
    sign = currency(printed)
    if sign and sign != unit:
        return f"{printed!r} is printed in {sign}, but the unit is {unit!r}."
    named = rf"{re.escape(printed)}(?:\s+(?:up to|to|and)\s+[\d.,]+)?\s+(?:{_currency_name(unit, unit_label)})(?!\w)"
    if unit_kind == "currency" and not sign and not re.search(named, quote, re.IGNORECASE):
        return f"The unit is {unit}, but neither its sign nor its name stands with {printed!r} in the quote."
    percent = printed.endswith("%") or re.search(rf"(?<!\w){re.escape(printed)}\s+per\s?cent", quote) is not None
    if percent != (unit == "percent"):
        return f"{printed!r} {'is' if percent else 'is not'} printed as a percentage, but the unit is {unit!r}."
    return None


@rule("unit-worded", "Every duration and age has its unit's word behind it", "unit")
def unit_worded(unit: str, printed: str, after: str, status: str) -> str | None:
    """``three months to eight years``: the word that follows the number tells months from years."""
    word = _DURATION_WORDS.get(unit)
    if status == MISSING or word is None:
        return None
    following = re.search(r"year|month|day|week|hour|\bage|\bold", after, re.IGNORECASE)
    if unit == "years_of_age" and not following:
        return None
    if following and re.search(word, following.group(), re.IGNORECASE):
        return None
    return f"The unit is {unit!r}, but the first unit after {printed!r} in the sentence is {following.group() if following else 'none'!r}."


@rule("value-range", "Every value lies within its unit's range", "value")
def value_range(value: str, unit: str, minimum: str, maximum: str) -> str | None:
    """The range is what can be, or be believed without a second look; data/units.csv holds it."""
    number, least, most = _decimal(value), _decimal(minimum), _decimal(maximum)
    if number is None or least is None or most is None or least <= number <= most:
        return None
    return f"{value} {unit} lies outside {minimum} to {maximum}. Look at the page again; if it is right, widen the range in data/units.csv."


@rule("value-whole", "Every count is a whole number", "value")
def value_whole(value: str, unit: str, whole: str) -> str | None:
    """There is no third of a victim."""
    number = _decimal(value)
    if whole != "true" or number is None or number == number.to_integral_value():
        return None
    return f"{value} {unit} is not whole, but {unit} are counted whole."


@rule("category-known", "Every category is in the code list", "exploitation")
def category_known(sex: str, age: str, exploitation: str, categories: str) -> str | None:
    """``categories`` holds every known ``dimension:category``."""
    known = set(categories.split("|"))
    wrong = [f"{dimension} {category!r}" for dimension, category in (("sex", sex), ("age", age), ("exploitation", exploitation))
             if f"{dimension}:{category}" not in known]  # fmt: skip
    return f"No such category: {', '.join(wrong)}. data/categories.csv has the list." if wrong else None


@rule("category-worded", "Every category other than total is named in the row's sentence", "exploitation")
def category_worded(
    sentence: str, sex: str, age: str, exploitation: str, sex_terms: str, age_terms: str, exploitation_terms: str
) -> str | None:
    """A breakdown must be the source's own."""
    plain = sentence.lower()
    for category, terms in ((sex, sex_terms), (age, age_terms), (exploitation, exploitation_terms)):
        words = [term for term in terms.split("|") if term]
        if words and not any(re.search(rf"(?<!\w){re.escape(term.lower())}{END}", plain) for term in words):
            return f"The category is {category!r}, but none of its words ({', '.join(words)}) stands in the sentence."
    return None


@rule("period-form", "Every period is a pair of real days, the first not after the last", "start")
def period_form(start: str, end: str) -> str | None:
    """``31/12/2024`` is no date here, and 30 February none anywhere."""
    for column, day in (("start", start), ("end", end)):
        if day and _day(day) is None:
            return f"{column} is {day!r}, which is no ISO 8601 date. Write the day as 2024-12-31."
    if bool(start) != bool(end):
        return "One of start and end is empty. Give both days, or neither."
    if start and start > end:
        return f"The period starts ({start}) after it ends ({end})."
    return None


@rule("period-basis", "A period has dates exactly where its basis says so", "period_basis")
def period_basis_fits(period_basis: str, start: str) -> str | None:
    """Stated and inferred periods have dates; a standing rule and a period not stated have none."""
    dated = period_basis in ("stated", "inferred")
    if dated == bool(start):
        return None
    return f"The period is {period_basis!r}, but start and end are {'empty' if dated else 'given'}."


@rule("period-stated", "A stated period's years stand in the sentence, and its months where it is part of a year", "start")
def period_stated(period_basis: str, start: str, end: str, sentence: str, before: str) -> str | None:
    """``from January to June 2008`` is half a year, and ``in May 2009`` a month, whoever would like it whole."""
    if period_basis != "stated" or not (_day(start) and _day(end)):
        return None
    years = {str(number.year) for number in find_numbers(sentence) if number.year}
    absent = sorted({start[:4], end[:4]} - years)
    if absent:
        return (
            f"The period is stated, but {' and '.join(absent)} does not stand in the sentence. "
            "Correct the dates, or say how they were inferred."
        )
    first, last = MONTHS[int(start[5:7]) - 1], MONTHS[int(end[5:7]) - 1]
    whole = start[5:] == "01-01" and end[5:] == "12-31"
    parts = {match.groups() for match in re.finditer(rf"({MONTH}) (?:to|and|through|until) ({MONTH}),? (\d{{4}})", sentence)}
    parts |= {(match[1], match[1], match[2]) for match in re.finditer(rf"({MONTH}) (\d{{4}})", sentence)}
    if not whole and start[:4] == end[:4] and (first, last, end[:4]) not in parts:
        return f"The period {start} to {end} is part of a year, but the sentence does not name its months."
    unnamed = [day for day, edge, month in ((start, "01-01", first), (end, "12-31", last)) if day[5:] != edge and month not in sentence]
    if start[:4] != end[:4] and unnamed:
        return f"The period {start} to {end} is no whole years, but the sentence does not name its months."
    if whole and re.search(rf"({MONTH}) $", before):
        return f"The sentence names the month right before the number, but the period is the whole of {start[:4]}."
    if whole and start[:4] == end[:4] and _only_part(sentence, end[:4]):
        return f"The sentence speaks of {end[:4]} only as a part of the year, but the period is {start} to {end}."
    return None


def _only_part(sentence: str, year: str) -> bool:
    """Whether a year stands in a sentence only behind a span of months."""
    return len(re.findall(year, sentence)) == len(re.findall(rf"(?:to|and|through|until) (?:{MONTH}),? {year}", sentence)) > 0


@rule("period-published", "No period ends after its document was published", "end")
def period_published(end: str, published: str) -> str | None:
    """A report cannot count what has not happened."""
    try:
        latest = published_by(published)
    except ValueError:
        return None
    last = _day(end)
    if last is None or last <= latest:
        return None
    return f"The period ends on {end}, after the document was published ({published})."


@rule("qualifier-worded", "Every qualifier is the one that the source words", "qualifier")
def qualifier_worded(qualifier: str, before: str, printed: str, status: str) -> str | None:
    """``at least 93`` is not 93, and 93 is not ``at least 93``."""
    if status == MISSING:
        return None
    worded, _ = lead_in(before)
    if qualifier == worded:
        return None
    said = f"{before.split()[-1] if before.split() else ''} {printed}".strip()
    return f"The qualifier is {qualifier!r}, but the source words it as {worded!r} (“… {said}”)."


@rule("year-value", "A year's value is the year of its period", "value")
def year_value(unit: str, value: str, start: str, end: str) -> str | None:
    """A ratification in 2006 is about 2006."""
    if unit != "calendar_year" or not start or start[:4] == end[:4] == value:
        return None
    return f"The value is the year {value}, but the period is {start} to {end}."


@rule("note-given", "Whatever a second reader would question has a note", "note")
def note_given(note: str, period_basis: str, status: str, printed: str) -> str | None:
    """An inferred period, an unusual status and a printed form with two readings each need the keyer's reason."""
    if note.strip():
        return None
    if period_basis == "inferred":
        return "The period is inferred. Say in the note from which words."
    if status not in ("A", MISSING):
        return f"The status is {status}. Say in the note why."
    if len(readings(printed)) > 1:
        return f"{printed!r} can be read in two ways. Say in the note why it means this value."
    return None


def lead_in(before: str) -> tuple[str, str]:
    """The qualifier that the text right before a number words, and its words: ``("at_least", "at least")``; exact has none."""
    for name, pattern in _LEAD_IN.items():
        if found := pattern.search(before):
            return name, found.group().strip(" \\$€\n")
    return "exact", ""


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
    except InvalidOperation:
        return None


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _day(text: str) -> date | None:
    if not re.fullmatch(DATE, text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _currency_name(unit: str, label: str) -> str:
    return {"EUR": "euros?", "USD": "(?:us )?dollars?"}.get(unit) or f"{re.escape(unit)}|{re.escape(label.removesuffix('s'))}s?"


__all__ = ["RULES", "RowRule", "nearness", "rule"]
