"""How numbers, qualifiers, periods and categories are worded for readers. The only place that formats a number."""

from __future__ import annotations

import re
from decimal import Decimal

from tieout.comparing import Cells, period_name
from tieout.numbers import CURRENCIES
from tieout.record import MISSING, Record

QUALIFIERS = {
    "exact": "",
    "at_least": "at least ",
    "more_than": "more than ",
    "about": "about ",
    "at_most": "at most ",
    "less_than": "less than ",
}
SIGNS = {code: sign for sign, code in CURRENCIES.items()}
MINUS = "−"


def number(value: Decimal | str, decimals: int | None = None) -> str:
    """``1380000`` as ``1,380,000``: thousands with commas, as many decimals as asked for or as there are."""
    value = Decimal(value)
    if decimals is None:
        decimals = max(0, -int(value.normalize().as_tuple().exponent))
    return f"{abs(value):,.{decimals}f}" if value >= 0 else f"{MINUS}{abs(value):,.{decimals}f}"


def quantity(value: Decimal | str, unit: str, decimals: int | None = None) -> str:
    """A number with the sign of its unit: ``€1.38 million``, ``63.6%``, ``354``. A currency's cents come in twos; one that has no
    sign is told by its code: ``XFC 2,500,000``.
    """
    value = Decimal(value)
    if unit in SIGNS:
        sign = MINUS if value < 0 else ""
        if abs(value) >= 1_000_000 and value % 10_000 == 0:
            return f"{sign}{SIGNS[unit]}{abs(value) / 1_000_000:,.2f} million"
        return f"{sign}{SIGNS[unit]}{abs(value):,.{0 if value == value.to_integral_value() else 2}f}"
    if re.fullmatch("[A-Z]{3}", unit):  # a currency without a sign of its own here
        return f"{MINUS if value < 0 else ''}{unit} {number(abs(value))}"
    if unit == "calendar_year":
        return f"{value:.0f}"
    return number(value, decimals) + ("%" if unit == "percent" else "")


def shown(cells: Cells) -> str:
    """An observation's number as a reader may be given it: qualifier, sign and all; ``not reported`` for a gap."""
    if cells["status"] == MISSING:
        return "not reported"
    return QUALIFIERS[cells["qualifier"]] + quantity(cells["value"], cells["unit"])


def signed(value: Decimal, unit: str, decimals: int | None = None) -> str:
    """A change with its sign always said: ``+20``, ``−114``."""
    return ("+" if value > 0 else "") + quantity(value, unit, decimals)


def by_how_much(value: Decimal, unit: str) -> str:
    """A change without its sign, for a sentence that has said the direction; a share's in percentage points."""
    plain = quantity(abs(value), unit)
    return f"{plain.rstrip('%')} percentage points" if unit == "percent" else plain


def subject(record: Record, cells: Cells) -> str:
    """What an observation counts: the metric's label, and the categories that are not total."""
    labels = {(row["dimension"], row["category"]): row["label"] for row in record.rows("categories")}
    named = [labels.get((column, cells[column]), cells[column]) for column in ("sex", "age", "exploitation") if cells[column] != "total"]
    label = record.metrics[cells["metric"]]["label"]
    return f"{label} ({', '.join(named)})" if named else label


def labelled(record: Record, text: str) -> str:
    """A text with the labels of metrics in the place of their codes: ``persons_convicted`` as “Defendants convicted”."""

    def label(code: re.Match) -> str:
        return f"“{record.metrics[code[0]]['label']}”" if code[0] in record.metrics else code[0]

    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", label, text)


def when(cells: Cells) -> str:
    """The period inside a sentence: ``in 2024``, ``from January to June 2008``, ``from 2018 to 2020``, or what is known of it."""
    name = period_name(cells)
    if not cells["start"]:
        return {"standing": "as a rule in force"}.get(cells["period_basis"], "in a period that the source does not state")
    if "–" in name:
        return "from " + name.replace("–", " to ")
    return f"from {name}" if " to " in name else f"in {name}"


def sentence(text: str) -> str:
    """A reason or description as a sentence: a capital first, one full stop at the end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "”")) and not text.endswith("”)") else ".") if text else ""


def listed(words: list[str]) -> str:
    """``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
