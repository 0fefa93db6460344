"""Numbers are rounded where they are written: no file of an edition holds the tail of a binary fraction."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("pages")
# The most decimals and digits that our rounding leaves: percent and averages to a tenth or a hundredth, sources as printed.
DECIMALS, DIGITS = 2, 12
SCALE = "0.015625"  # matplotlib's letters are drawn in 64ths
SVG_DECIMALS = 3


def overlong(name: str, text: str) -> list[str]:
    """The numbers in a file with more decimals or digits than are written by rule."""
    found = _svg(text) if name.endswith(".svg") else (n for n in _numbers(name, text) if _long(n, DECIMALS))
    return list(found)


def _numbers(name: str, text: str) -> Iterator[str]:
    if name.endswith(".csv"):
        cells = (cell for row in csv.reader(io.StringIO(text)) for cell in row)
        # 1.000 is a thousand, as a source prints it
        yield from (cell for cell in cells if re.fullmatch(r"[-+]?\d+\.\d+(e[-+]?\d+)?", cell, re.IGNORECASE) and cell[-4:] != ".000")
        return
    numbers: list[str] = []
    json.loads(text, parse_float=numbers.append, parse_int=numbers.append, parse_constant=lambda word: numbers.append(f"0.{word}"))
    yield from numbers


def _svg(text: str) -> Iterator[str]:
    values = re.findall(r'\b(?:d|x|y|cx|cy|r|width|height|transform|viewBox|points|font-size|stroke-[\w-]+)="([^"]*)"', text)
    for number in re.findall(r"-?\d*\.\d+(?:e[-+]?\d+)?|nan|inf", " ".join(values), re.IGNORECASE):
        if number.lstrip("-") != SCALE and _long(number, SVG_DECIMALS):
            yield number


def _long(number: str, decimals: int) -> bool:
    whole, _, fraction = number.lstrip("+-").partition(".")
    return not number.lstrip("+-").replace(".", "", 1).isdecimal() or len(fraction) > decimals or len(whole + fraction) > DIGITS


def test_no_number_is_longer_than_the_rule(edition: Path) -> None:
    read = [path for path in sorted(edition.rglob("*")) if path.suffix in (".json", ".jsonld", ".csv", ".svg")]
    found = {path.relative_to(edition).as_posix(): long for path in read if (long := overlong(path.name, path.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"value": 0.30000000000000004}'),
        ("a.json", '[{"value": 1e-07}]'),
        ("a.json", '{"value": NaN}'),
        ("a.jsonld", '{"value": 12345678901234.5}'),
        ("a.csv", "id,value\na,0.30000000000000004\n"),
        ("a.csv", 'id,value\na,"-33.333"\n'),
        ("a.svg", '<svg><path d="M1.5 2L0.1234 8"/></svg>'),
        ("a.svg", '<svg><text x="17.60000000000002">a</text></svg>'),
        ("a.svg", '<svg><g transform="translate(1 nan)"/></svg>'),
    ],
)
def test_a_longer_one_is_found(name: str, text: str) -> None:
    assert overlong(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"value": 18.8, "offset": 123456, "digest": "0.30000000000000004 in a text"}'),
        ("a.csv", "id,printed\na,1.000\nb,53.85\nc,0.1234 of them\n"),
        ("a.svg", '<svg><path d="M1.5 2H.5"/><g transform="scale(0.015625 -0.015625)"/></svg>'),
    ],
)
def test_what_is_rounded_passes(name: str, text: str) -> None:
    assert overlong(name, text) == []
