"""The names of countries."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


def country_name(code: str) -> str:
    """``bel`` as Belgium; a code that is no country's in ISO 3166-1 as it is, in capitals."""
    return country_names().get(code, code.upper())


@cache
def country_names() -> dict[str, str]:
    """Every country's name by its code."""
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
