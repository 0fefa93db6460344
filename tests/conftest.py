"""What the tests share: copies of the repository's data that a test may spoil, and small records made on the spot."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tieout.record import Record, Row, load
from tieout.schema import COUNTRY, DOCUMENT_FILES, SHARED, path_of, schema_of
from tieout.tables import read_table, write_table
from tieout.texts import Text

ROOT = Path(__file__).resolve().parents[1]

# The same examples on every run, and no verdict on how fast a shared machine is.
settings.register_profile("tieout", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("tieout")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What the suite has only a sample of is left to ``make test-all``; pytest counts it as deselected.

    The files with most tests that build editions or open a browser come first, so that two workers end at about the same time.
    """
    if "CAMPAIGN" not in os.environ:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("campaign")])
        items[:] = [item for item in items if not item.get_closest_marker("campaign")]
    heavy = Counter(item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser"))
    items.sort(key=lambda item: -heavy[item.path])


class Copy:
    """A copy of the repository's data and seeds, and the changes a test makes to it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str, document: str = "") -> Path:
        """The file of a kind: ``path("metrics", "tip-2025")``."""
        return self.root / path_of(name, "bel", document)

    def seed(self, document: str) -> Path:
        return self.root / "seeds" / "bel" / f"{document}.txt"

    def rows(self, name: str, document: str = "") -> list[dict[str, str]]:
        table, failures = read_table(self.path(name, document), name, schema_of(name).columns)
        assert not failures, failures
        return [dict(row) for row in table.rows]

    def write(self, name: str, rows: list[dict[str, str]], document: str = "") -> None:
        write_table(self.path(name, document), schema_of(name).columns, rows)

    def alter(self, name: str, key: str, document: str = "", /, **cells: str) -> None:
        """Change cells of the one row whose first column is ``key``."""
        rows = self.rows(name, document)
        self._one(name, key, rows).update(cells)
        self.write(name, rows, document)

    def delete(self, name: str, key: str, document: str = "") -> None:
        rows = self.rows(name, document)
        rows.remove(self._one(name, key, rows))
        self.write(name, rows, document)

    def duplicate(self, name: str, key: str, document: str = "", /, **cells: str) -> None:
        """Add a copy of a row at the end, with other ``cells``."""
        rows = self.rows(name, document)
        self.write(name, [*rows, self._one(name, key, rows) | cells], document)

    def append(self, name: str, document: str = "", /, **cells: str) -> None:
        """Add a row; the columns not given are empty."""
        blank = dict.fromkeys(schema_of(name).columns, "")
        rows = self.rows(name, document) if self.path(name, document).exists() else []
        self.write(name, [*rows, blank | cells], document)

    def alter_row(self, key: str, **cells: str) -> None:
        """Change cells of a metrics row, found by its id alone."""
        self.alter("metrics", key, key.rpartition("-")[0], **cells)

    def register_anew(self, document: str, text: str) -> None:
        """Put ``text`` in the place of a seed, as if it had been the document from the start."""
        self.seed(document).write_text(text, encoding="utf-8", newline="")
        self.alter("documents", document, sha256=hashlib.sha256(text.encode()).hexdigest())

    def load(self) -> Record:
        return load("bel", self.root)

    @staticmethod
    def _one(name: str, key: str, rows: list[dict[str, str]]) -> dict[str, str]:
        found = [row for row in rows if row[schema_of(name).columns[0]] == key]
        assert len(found) == 1, f"{len(found)} rows of {name} are {key!r}"
        return found[0]


def copied(root: Path) -> Copy:
    shutil.copytree(ROOT / "data", root / "data")
    shutil.copytree(ROOT / "seeds", root / "seeds")
    return Copy(root)


@pytest.fixture
def copy_root(tmp_path: Path) -> Copy:
    """A copy of the repository's data and seeds that the test may spoil."""
    return copied(tmp_path / "copy")


@pytest.fixture(scope="session")
def belgium() -> Record:
    """The repository's own record of Belgium, as it stands. Nobody changes it."""
    return load("bel", ROOT)


@pytest.fixture
def record_of() -> Callable[..., Record]:
    """Makes a record of one document ``doc-1`` from its text and the rows a test is about."""

    def make(text: str, **tables: list[dict[str, str]]) -> Record:
        rows = dict.fromkeys((*SHARED, *COUNTRY, *DOCUMENT_FILES), ())
        for name, given in tables.items():
            blank = dict.fromkeys(schema_of(name).columns, "")
            rows[name] = tuple(Row(blank | cells, "doc-1", f"{name}.csv:{line}") for line, cells in enumerate(given, 2))
        digest = hashlib.sha256(text.encode()).hexdigest()
        return Record("xyz", Path("nowhere"), None, rows, {"doc-1": Text("doc-1", text)}, {"doc-1": digest})

    return make


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """The system's browser."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
