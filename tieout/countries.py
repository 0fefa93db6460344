"""The countries that there is data of, and their names: of ISO 3166-1, or from ``data/countries.csv`` for codes that have none there."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType


def country_name(code: str, named: Mapping[str, str] = MappingProxyType({})) -> str:
    """``bel`` as Belgium; a code that is no country's in ISO 3166-1 as it is ``named``, else as it is, in capitals."""
    return country_names().get(code) or named.get(code) or code.upper()


@cache
def country_names() -> dict[str, str]:
    """Every country's name by its code."""
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def countries(root: Path) -> list[str]:
    """The countries that have a folder of keyed data."""
    return sorted(path.name for path in (root / "data").glob("*") if path.is_dir() and re.fullmatch("[a-z]{3}", path.name))
