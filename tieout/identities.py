"""Arithmetic that a source implies: parts that add up to a total, a part no larger than its whole, one exchange rate.

An identity is expected to hold or, where the source itself is at odds, to fail; either is checked, so that a source
fault that goes away is noticed as much as one that appears.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations, islice, permutations

from tieout.numbers import SCALES, readings
from tieout.record import Record, Row

_MOST_SETS = 50_000  # more sets of parts than any report has: a record with more holds rows twice, which other checks name
_DIMENSIONS = ("sex", "age", "exploitation")
_ADDITIVE = ("count", "amount")  # kinds of metrics whose categories are parts of a total; a penalty for one sex is no part of another


def judge(identity: Row, rows: Mapping[str, Row]) -> tuple[bool, str]:
    """Whether the identity holds, and the arithmetic in words.

    A row without a value (not reported) makes an identity fail: nothing can be added to a gap.
    """
    totals, parts = [rows[one] for one in identity.tokens("total")], [rows[one] for one in identity.tokens("parts")]
    wanted = (2, 2) if identity["relation"] == "rate" else (1, len(parts) or 1)
    if (len(totals), len(parts)) != wanted:
        return (
            False,
            f"a {identity['relation']} takes {wanted[0]} in total and {wanted[1]} or more in parts, not {len(totals)} and {len(parts)}",
        )
    gaps = [row.id for row in (*totals, *parts) if not _plain(row)]
    if gaps:
        return False, f"{', '.join(gaps)} has no value that can be reckoned with"
    strange = [row.id for row in parts if identity["relation"] in ("sum", "part") and not all(_refines(row, total) for total in totals)]
    if strange:
        return False, f"{', '.join(strange)} is of wider categories than {totals[0].id}"
    return _RELATIONS[identity["relation"]](totals, parts)


def _refines(part: Row, total: Row) -> bool:
    """Whether a part is no wider than its total: where the total has a category, the part has one too."""
    return all(total[dimension] == "total" or part[dimension] != "total" for dimension in _DIMENSIONS)


def _plain(row: Row) -> bool:
    """Whether a row has a value that can be reckoned with."""
    return re.fullmatch(r"[0-9]+(\.[0-9]+)?", row.cells.get("value", "")) is not None


def breakdowns(rows: Iterable[Row]) -> Iterable[tuple[Row, list[list[Row]]]]:
    """Each total with every set of parts, of one dimension and of its document, metric and period, that adds up to it exactly.

    Every set of two to eight parts is tried, smallest first and at most ``_MOST_SETS``, so that parts within parts do not hide a sum.
    """
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if not row.missing and row["start"] and _plain(row):
            groups[(row.document, row["metric"], row["start"], row["end"])].append(row)
    for group in groups.values():
        totals = [row for row in group if all(row[dimension] == "total" for dimension in _DIMENSIONS)]
        for dimension in _DIMENSIONS:
            others = [other for other in _DIMENSIONS if other != dimension]
            parts = [row for row in group if row[dimension] != "total" and all(row[other] == "total" for other in others)]
            for total in totals[:1]:
                tried = chain.from_iterable(combinations(parts, size) for size in range(2, min(len(parts), 8) + 1))
                sums = [list(chosen) for chosen in islice(tried, _MOST_SETS) if sum(map(_value, chosen)) == _value(total)]
                if sums:
                    yield total, sums


def wholes(record: Record) -> dict[str, tuple[Row, ...]]:
    """The totals that a row is a part of, by the id of the part; rows that are part of nothing are left out.

    A part is one by an identity (a sum or a part) that is expected to hold, or as a category beside the total of its own
    document, metric, period and coverage.
    """
    return record.once(_wholes)


def _wholes(record: Record) -> dict[str, tuple[Row, ...]]:
    pairs = [
        (record.by_id[part], record.by_id[total])
        for identity in record.rows("identities")
        if identity["relation"] in ("sum", "part") and identity["expected"] == "holds"
        for part in identity.tokens("parts")
        for total in identity.tokens("total")
        if {part, total} <= record.by_id.keys()
    ]
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for part, total in (*pairs, *_categories(record)):
        found[part.id][total.id] = total
    return {part: tuple(totals.values()) for part, totals in found.items()}


def _categories(record: Record) -> Iterable[tuple[Row, Row]]:
    """Each category with its total: a pair of rows that differ in one dimension, in which the total is ``total``."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in record.rows("metrics"):
        metric = record.metrics.get(row["metric"])
        if not row.missing and row["start"] and metric and metric["kind"] in _ADDITIVE:
            groups[(row.document, row["metric"], row["start"], row["end"], row["coverage"])].append(row)
    for group in groups.values():
        for part, total in permutations(group, 2):
            differing = [dimension for dimension in _DIMENSIONS if part[dimension] != total[dimension]]
            if len(differing) == 1 and total[differing[0]] == "total":
                yield part, total


def rounding(printed: str) -> Decimal:
    """Half a unit of the last digit that a printed number vouches for: ``€1.38 million`` ± 5000, ``€419,000`` ± 500."""
    digits = re.sub(r"[^\d.]", "", printed)
    scale: Decimal = next((value for word, value in SCALES.items() if printed.lower().endswith(word)), Decimal(1))
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", digits) and Decimal(digits.replace(".", "")) in readings(printed) and scale == 1:
        digits = digits.replace(".", "")
    whole, _, decimals = digits.partition(".")
    if decimals:
        return scale * Decimal(5).scaleb(-len(decimals) - 1)
    zeros = len(whole) - len(whole.rstrip("0"))
    return scale * Decimal(5).scaleb(zeros - 1)


def _told(rows: list[Row]) -> str:
    return ", ".join(f"{row.id} says {row['value']}" for row in rows)


def _value(row: Row) -> Decimal:
    return Decimal(row["value"])


def _sum(totals: list[Row], parts: list[Row]) -> tuple[bool, str]:
    added = sum(map(_value, parts), Decimal(0))
    told = f"{' + '.join(row['value'] for row in parts)} = {added}, and {totals[0].id} says {totals[0]['value']}"
    return added == _value(totals[0]), told


def _part(totals: list[Row], parts: list[Row]) -> tuple[bool, str]:
    told = f"{_told(parts)}, of {totals[0]['value']} in {totals[0].id}"
    return all(_value(row) <= _value(totals[0]) for row in parts), told


def _product(totals: list[Row], parts: list[Row]) -> tuple[bool, str]:
    product = math.prod(map(_value, parts))
    return product == _value(
        totals[0]
    ), f"{' × '.join(row['value'] for row in parts)} = {product}, and {totals[0].id} says {totals[0]['value']}"


def _same(totals: list[Row], parts: list[Row]) -> tuple[bool, str]:
    told = _told([*totals, *parts])
    return all(_value(row) == _value(totals[0]) for row in parts), told


def _rate(totals: list[Row], parts: list[Row]) -> tuple[bool, str]:
    """Two pairs of amounts imply one exchange rate if the ranges that their rounding leaves open overlap."""
    coarse = [row.id for row in (totals[1], parts[1]) if _value(row) <= rounding(row["printed"])]
    if coarse:
        return False, f"{', '.join(coarse)} is no more than its own rounding, so nothing can be divided by it"
    (low, high), (least, most) = _rates(*totals), _rates(*parts)
    told = f"the first pair implies {float(low):.4f} to {float(high):.4f}, the second {float(least):.4f} to {float(most):.4f}"
    return low <= most and least <= high, told


def _rates(dollars: Row, euros: Row) -> tuple[Fraction, Fraction]:
    above, below = Fraction(_value(dollars)), Fraction(_value(euros))
    spread, stretch = Fraction(rounding(dollars["printed"])), Fraction(rounding(euros["printed"]))
    return (above - spread) / (below + stretch), (above + spread) / (below - stretch)


_RELATIONS = {"sum": _sum, "part": _part, "product": _product, "same": _same, "rate": _rate}
