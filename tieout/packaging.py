"""The keyed files in their canonical form, and the Frictionless Data Package that describes them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tieout.record import Record, countries, load
from tieout.schema import COUNTRY, DOCUMENT_FILES, SETTLED, SHARED, Schema, path_of, schema_of
from tieout.tables import read_table, table_text
from tieout.texts import Text

DESCRIPTOR = "data/datapackage.json"
LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}


def tidy(root: Path) -> list[str]:
    """Rewrite every keyed file sorted and in one spelling, and the data package; return the paths that changed.

    A file whose form is wrong is left as it is, for ``check`` to tell.
    """
    changed = []
    for country in countries(root):
        record = load(country, root)
        for path, schema, order in _files(record):
            table, failures = read_table(root / path, path, schema.columns)
            if not failures:
                changed += _rewrite(root, path, table_text(schema.columns, sorted(table.rows, key=order)))
    return changed + _rewrite(root, DESCRIPTOR, json.dumps(descriptor(root), ensure_ascii=False, indent=2) + "\n")


def descriptor(root: Path) -> dict:
    """The data package: every keyed file with its schema, keys and licence."""
    resources = [_resource(name, path_of(name), SHARED[name], "") for name in SHARED]
    for country in countries(root):
        for name, schema in COUNTRY.items():
            resources.append(_resource(f"{country}-{name}", path_of(name, country), schema, country))
        for name, schema in DOCUMENT_FILES.items():
            for path in sorted((root / "data" / country / name).glob("*.csv")):
                called = re.sub("[_/]", "-", f"{country}-{name}-{path.stem}")
                resources.append(_resource(called, path_of(name, country, path.stem), schema, country))
    return {
        "profile": "tabular-data-package",
        "name": "tieout",
        "title": "Numbers about human trafficking, keyed from reports beside the words they were read from",
        "description": "Each row of a metrics file is one printed number with its verbatim quote. Units are codes of units.csv.",
        "licenses": [LICENCE],
        "resources": [resource for resource in resources if (root / "data" / resource["path"]).exists()],
    }


def _resource(name: str, path: str, schema: Schema, country: str) -> dict:
    return {
        "name": name,
        "title": schema.title,
        "path": path.removeprefix("data/"),
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "licenses": [LICENCE],
        "schema": schema.descriptor(country),
    }


def _files(record: Record):
    """Every keyed file of a record with its schema and its canonical order."""
    for name in SHARED:
        yield path_of(name), schema_of(name), by_key(name)
    for name in COUNTRY:
        if (record.root / path_of(name, record.country)).exists():
            yield path_of(name, record.country), schema_of(name), by_key(name)
    for document in record.documents:
        for name in DOCUMENT_FILES:
            path = path_of(name, record.country, document)
            if (record.root / path).exists():
                yield path, schema_of(name), order_of(name, record.texts.get(document))


def order_of(name: str, text: Text | None) -> Callable[[dict[str, str]], Any]:
    """The canonical order of a document's file of a kind, as a sort key of its rows' cells."""
    if name == SETTLED:
        return _by_offset
    return by_page(text) if name.endswith("set_aside") else by_key(name)


def by_key(name: str):
    """The canonical order of a kind of file, as a sort key of its rows' cells."""
    return lambda cells: [cells[column] for column in schema_of(name).key]


def _by_offset(cells: dict[str, str]) -> tuple:
    """The order of the page for what says its place."""
    return (int(cells["place"]) if cells["place"].isascii() and cells["place"].isdigit() else -1, cells["printed"], cells["column"])


def by_page(text: Text | None):
    """The canonical order of set-aside rows, as a sort key of their cells: that of the page; what stands nowhere comes last."""

    def place(cells: dict[str, str]) -> tuple:
        at = text.text.find(cells["context"]) if text else -1
        return (at < 0, at + cells["context"].find(cells["printed"]), cells["printed"], cells["context"])

    return place


def _rewrite(root: Path, path: str, text: str) -> list[str]:
    target = root / path
    if target.is_symlink():
        return []
    if target.exists() and target.read_bytes() == text.encode("utf-8"):
        return []
    target.write_text(text, encoding="utf-8", newline="")
    return [path]
