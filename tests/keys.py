"""The key to a fixture's report, entered into a copy of the repository as people would enter the rows."""

from __future__ import annotations

from pathlib import Path

from tieout.schema import SHARED, path_of, schema_of
from tieout.tables import read_table, write_table


def rows_of(path: Path, name: str) -> list[dict[str, str]]:
    """The rows of a keyed file."""
    table, failures = read_table(path, name, schema_of(name).columns)
    assert not failures, failures
    return [dict(row) for row in table.rows]


def enter(key: Path, root: Path, country: str) -> None:
    """Every file of a key: those of a document as they are, the rows of others at the end of what stands there."""
    for path in sorted(key.rglob("*.csv")):
        name, document = (path.parent.name, path.stem) if path.parent != key else (path.stem, "")
        target = root / path_of(name, "" if name in SHARED else country, document)
        rows = rows_of(path, name)
        known = rows_of(target, name) if not document and target.exists() else []
        target.parent.mkdir(parents=True, exist_ok=True)
        write_table(target, schema_of(name).columns, _with_terms(known, rows) if name == "terms" else [*known, *rows])


def _with_terms(known: list[dict[str, str]], more: list[dict[str, str]]) -> list[dict[str, str]]:
    """The wordings with those of a key behind those of the same metric."""
    found = {row["metric"]: row["terms"] for row in known}
    for row in more:
        found[row["metric"]] = "|".join(filter(None, (found.get(row["metric"], ""), row["terms"])))
    return [{"metric": metric, "terms": terms} for metric, terms in found.items()]
