"""The numbers in a text: finding every one, and reading what each can mean.

A number is whatever a reader would call one: digits with or without a currency sign, a percent sign or a
scale word ("€1.38 million", "1.000", "53%"), a spelled-out cardinal or ordinal ("nine", "sixth", "once"),
a roman numeral ("III"), a superscript ("²⁵"), a numeric date or clock time, an address that holds digits.
The finder errs towards too many: a number that is none is set aside by a person, a number overlooked by
the finder would be overlooked by everybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth "
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
SCALES = {"hundred": Decimal(100), "thousand": Decimal(1000), "million": Decimal(10**6), "billion": Decimal(10**9)}
MULTIPLICATIVES = {"once": Decimal(1), "twice": Decimal(2), "thrice": Decimal(3), "half": Decimal("0.5")}
VAGUE = ("dozen", "dozens", "hundreds", "thousands", "millions", "billions")
FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅕": Decimal("0.2"), "⅛": Decimal("0.125")}
CURRENCIES = {"€": "EUR", "$": "USD"}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

CARDINALS: dict[str, Decimal] = {
    **{word: Decimal(value) for value, word in enumerate(UNITS)},
    **{word: Decimal(10 * value) for value, word in enumerate(TENS, 2)},
}
ORDINAL_VALUES: dict[str, Decimal] = {
    **{word: Decimal(value) for value, word in enumerate(ORDINALS)},
    **{word[:-1] + "ieth": Decimal(10 * value) for value, word in enumerate(TENS, 2)},
}

MONTHS = "January February March April May June July August September October November December".split()
MONTH = "|".join(MONTHS)
START = r"(?<![^\W_⁰¹²³⁴⁵⁶⁷⁸⁹])"  # no letter or digit stands before; a note's mark or an underscore may
END = r"(?![^\W_⁰¹²³⁴⁵⁶⁷⁸⁹])"  # nor does one follow
_SCALE = "|".join(SCALES)
_GAP = "[ \u00a0\u202f]"
_ONES, _TENS, _UNITS = "|".join(UNITS[1:10]), "|".join(TENS), "|".join(sorted(UNITS, key=len, reverse=True))
_ORDINALS = "|".join(sorted(ORDINAL_VALUES, key=len, reverse=True))
_SMALL = rf"(?:{_TENS})(?:[- ](?:{_ONES}|{'|'.join(ORDINALS[1:10])}){END})?|{_UNITS}"
_SCALED = rf"(?:{_SMALL})(?:[- ](?P<scale>{_SCALE})(?:[- ](?:and[- ])?(?>{_SMALL})(?![- ](?:hundred[- ])?(?P=scale)))?)*"
_BARE = rf"(?P<bare>{_SCALE})(?:[- ]and[- ](?>{_SMALL})(?![- ](?:hundred[- ])?(?P=bare)))?(?:[- ](?:{_SCALE}))*"  # a hundred (and one)
_SPELLED = rf"{_SCALED}|(?:{_ORDINALS})|{'|'.join(MULTIPLICATIVES)}|quarters?|{'|'.join(VAGUE)}|{_BARE}"
_GROUPED = r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?"
_PATTERNS = {
    "address": r"(?:https?://|www\.)(?=\S{0,2000}?\d)\S*[^\s.,;)]",
    "date": rf"(?<![\w.])(?:\d{{1,2}} (?:{MONTH}) \d{{4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}){END}",
    "time": rf"(?<![\w.])(?:\d{{1,2}}:\d{{2}}|24/7){END}",
    "superscript": r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+",
    "fraction": r"[½⅓⅔¼¾⅕⅛]",
    "digits": rf"(?:[€$]{_GAP}?)?(?:{_GROUPED}|\d+(?:[.,]\d+)?)(?!\d)(?:%|{_GAP}(?:{_SCALE}){END})?",
    "words": rf"{START}(?:{_SPELLED})(?:-?fold)?{END}",
    "roman": rf"(?<!\w)(?=[IVX]{{2}})X{{0,3}}(?:IX|IV|V?I{{0,3}}){END}",
}
_FINDER = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()), re.IGNORECASE)
_ROMAN = re.compile(_PATTERNS["roman"])


@dataclass(frozen=True, order=True)
class Number:
    """A number as it stands in a text: characters ``start`` to ``end`` (end excluded), as ``printed``."""

    start: int
    end: int
    printed: str
    kind: str

    @property
    def year(self) -> int | None:
        """The calendar year that the number names, or None: four digits from 1900 to 2100, or a date's year."""
        if self.kind == "date":
            return int(self.printed[-4:])
        if self.kind == "digits" and re.fullmatch(r"(19|20)\d\d|2100", self.printed):
            return int(self.printed)
        return None


def find_numbers(text: str) -> list[Number]:
    """Every number in ``text``, in order, none overlapping another."""
    found = []
    for match in _FINDER.finditer(text):
        kind = match.lastgroup or ""
        if kind == "roman" and not _ROMAN.fullmatch(match.group()):
            continue
        found.append(Number(match.start(), match.end(), match.group(), kind))
    return found


def readings(printed: str) -> set[Decimal]:
    """The values that a printed number can mean; empty where it is no number.

    Mostly one. Two where a separator may mark thousands or decimals: ``1.000`` is 1 or 1000, and only
    the sentence tells which.
    """
    text = re.sub(r"[\u00a0\u202f](?=[a-z])", " ", printed.strip().lower().lstrip("€$").rstrip("%").strip())
    if text in FRACTIONS:
        return {FRACTIONS[text]}
    text = text.translate(SUPERSCRIPTS)
    if _ROMAN.fullmatch(printed.strip()):
        return {_roman(printed.strip())}
    number, _, scale = text.partition(" ")
    if re.match(r"\d", number):
        if scale and scale not in SCALES:
            return set()
        return {value * SCALES.get(scale, Decimal(1)) for value in _digit_readings(number)}
    value = _words(text)
    return set() if value is None else {value}


def currency(printed: str) -> str | None:
    """The ISO 4217 code of the currency sign that the number is printed with, or None."""
    return CURRENCIES.get(printed.strip()[:1])


def _digit_readings(text: str) -> set[Decimal]:
    """``1,056`` is 1056; ``1.38`` is 1.38; ``1.000`` is either 1 or 1000; ``12a`` is nothing."""
    if re.fullmatch(r"\d+", text):
        return {Decimal(text)}
    found = set()
    if re.fullmatch(r"\d{1,3}([,.\u00a0\u202f])\d{3}(?:\1\d{3})*", text):
        found.add(Decimal(re.sub(r"\D", "", text)))
    if re.fullmatch(r"\d+\.\d+", text):
        found.add(Decimal(text))
    if re.fullmatch(r"\d{1,3}(,\d{3})+\.\d+", text):
        found.add(Decimal(text.replace(",", "")))
    return found


def _words(text: str) -> Decimal | None:
    """The value of a spelled-out number (``nine``, ``twenty-five``, ``two hundred``, ``sixth``, ``once``)."""
    if text in MULTIPLICATIVES:
        return MULTIPLICATIVES[text]
    total, group = Decimal(0), None
    for word in re.split(r"[- ]", text):
        if word == "and" and group is not None:
            continue
        if word in CARDINALS or word in ORDINAL_VALUES:
            group = (group or 0) + CARDINALS.get(word, ORDINAL_VALUES.get(word, Decimal(0)))
        elif word == "hundred":
            group = (Decimal(1) if group is None else group) * 100
        elif word in SCALES:
            total, group = total + (Decimal(1) if group is None else group) * SCALES[word], Decimal(0)
        else:
            return None
    return None if group is None else total + group


def _roman(text: str) -> Decimal:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in text]
    return Decimal(sum(-value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=False)))
