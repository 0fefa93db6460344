"""What changed between two editions: rows, trends, facts and figures, old beside new."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tieout.editions import MANIFEST, sha256
from tieout.problems import Usage

ROW = ("value", "qualifier", "unit", "start", "end", "status", "coverage", "printed", "quote", "metric", "sex", "age", "exploitation")
TREND = ("from_value", "to_value", "change", "percent_change", "verdict", "reasons")
FACT = ("text", "formula", "verdict", "caveats")


def differences(old: Path, new: Path) -> list[str]:
    """Every difference as a line of text, grouped; empty where the editions say the same.

    Raises ``Usage`` where one of the folders is no edition.
    """
    for folder in (old, new):
        if not (folder / MANIFEST).is_file():
            raise Usage(f"{folder} is no edition: it has no {MANIFEST}. Name two folders such as outputs/bel.")
    found = _changes("row", _table(old / "observations.csv", "id"), _table(new / "observations.csv", "id"), ROW)
    found += _changes("trend", _trends(old), _trends(new), TREND)
    found += _changes("fact", _facts(old), _facts(new), FACT)
    return [*found, *_figures(old, new)]


def _changes(kind: str, old: Mapping[str, Mapping], new: Mapping[str, Mapping], columns: Iterable[str]) -> list[str]:
    lines = [f"{kind} {key}: gone ({_gist(old[key])})" for key in sorted(old.keys() - new.keys())]
    lines += [f"{kind} {key}: new ({_gist(new[key])})" for key in sorted(new.keys() - old.keys())]
    for key in sorted(old.keys() & new.keys()):
        for column in columns:
            if old[key][column] != new[key][column]:
                lines.append(f"{kind} {key}: {column} was {old[key][column]!r}, is {new[key][column]!r}")
    return lines


def _gist(entry: Mapping) -> str:
    """A row, trend or fact in a few words."""
    if "text" in entry:
        return entry["text"]
    if "verdict" in entry:
        return f"{entry['series']} {entry['from_start'][:4]}–{entry['to_start'][:4]}, {entry['verdict']}"
    return f"{entry['metric']} {entry['start'][:4]}: {entry['printed'] or 'not reported'}"


def _figures(old: Path, new: Path) -> list[str]:
    """A figure changed in its data, or only in how it is drawn."""
    before, after = ({path.stem: path for path in (folder / "figures").glob("*.csv")} for folder in (old, new))
    lines = [f"figure {name}: gone" for name in sorted(before.keys() - after.keys())] + [
        f"figure {name}: new" for name in sorted(after.keys() - before.keys())
    ]
    for name in sorted(before.keys() & after.keys()):
        if sha256(before[name]) != sha256(after[name]):
            lines.append(f"figure {name}: its data changed")
        elif sha256(before[name].with_suffix(".svg")) != sha256(after[name].with_suffix(".svg")):
            lines.append(f"figure {name}: drawn differently from the same data")
    return lines


def _table(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def _trends(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "trends.csv").open(encoding="utf-8", newline="") as file:
        return {f"{row['from_id']} to {row['to_id']}": row for row in csv.DictReader(file)}


def _facts(folder: Path) -> dict[str, dict]:
    return {fact["id"]: fact for fact in json.loads((folder / "facts.json").read_text(encoding="utf-8"))}
