"""The record: everything keyed about a country, read as text, with every row's place in its file.

A record is complete even where files are wrong: what could not be read is empty, and ``problems`` says why. The
checks decide what that means.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from tieout.characters import control, named
from tieout.countries import countries, country_name
from tieout.originals import faults
from tieout.problems import Usage
from tieout.report import Failure
from tieout.schema import COUNTRY, DOCUMENT, DOCUMENT_FILES, OPTIONAL, SHARED, path_of, schema_of
from tieout.tables import Table, read_table
from tieout.texts import Text

MISSING = "O"
NAMES = ("id", "identity", "fault", "correction", "measure", "metric", "document", "unit", "item")
MOST_SEED_BYTES = 20 * 1024 * 1024
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A keyed row: its cells, its document and its place. ``row["value"]`` is the cell's text."""

    cells: dict[str, str]
    document: str
    where: str

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def id(self) -> str:
        """The row's id or the name that stands for it in its file; its place where it has neither."""
        return next((self.cells[column] for column in NAMES if column in self.cells), self.where)

    @property
    def missing(self) -> bool:
        """True where the source says that it does not report the number."""
        return self.cells.get("status") == MISSING

    def tokens(self, column: str) -> list[str]:
        """A cell that holds several ids, split."""
        return [part.strip() for part in self.cells[column].split("|") if part.strip()]


@dataclass(frozen=True)
class Record:
    """What is keyed about one country, as far as it was published by ``as_of``."""

    country: str
    root: Path
    as_of: date | None
    tables: dict[str, tuple[Row, ...]]
    texts: dict[str, Text]
    seeds: dict[str, str]
    problems: tuple[Failure, ...] = field(default=())

    def rows(self, name: str) -> tuple[Row, ...]:
        """Every row of a kind of file: ``metrics`` holds the rows of all documents."""
        return self.tables[name]

    def rows_of(self, name: str, document: str) -> tuple[Row, ...]:
        """The rows of a kind of file that are of one document."""
        return self.once(_by_document, name).get(document, ())

    def once(self, function: Callable[..., T], *given: str) -> T:
        """``function(record, *given)``, worked out the first time only: a record never changes."""
        known = self.__dict__.setdefault("_worked_out", {})
        if (function, given) not in known:
            known[function, given] = function(self, *given)
        return known[function, given]

    @cached_property
    def complete(self) -> Record:
        """The record without a day up to which it is known: what people signed."""
        return load(self.country, self.root) if self.as_of else self

    @cached_property
    def documents(self) -> dict[str, Row]:
        """The registered documents by id."""
        return {row["document"]: row for row in self.rows("documents")}

    @cached_property
    def place(self) -> str:
        """The name of the country."""
        return country_name(self.country, {row["country"]: row["name"] for row in self.rows("countries")})

    @cached_property
    def metrics(self) -> dict[str, Row]:
        """The codebook by metric."""
        return {row["metric"]: row for row in self.rows("codebook")}

    @cached_property
    def units(self) -> dict[str, Row]:
        """The units by code."""
        return {row["unit"]: row for row in self.rows("units")}

    @cached_property
    def terms(self) -> dict[tuple[str, str], list[str]]:
        """The words that name a category, by (dimension, category); none for ``total``."""
        return {(row["dimension"], row["category"]): row.tokens("terms") for row in self.rows("categories")}

    @cached_property
    def wordings(self) -> dict[str, str]:
        """The wordings that name a metric in sources, by metric."""
        return {row["metric"]: row["terms"] for row in self.rows("terms")}

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """Every metrics row and statement by id; where an id stands twice, the first."""
        found: dict[str, Row] = {}
        for row in (*self.rows("metrics"), *self.rows("statements")):
            found.setdefault(row.id, row)
        return found


def _by_document(record: Record, name: str) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in record.rows(name):
        found[row.document].append(row)
    return {document: tuple(rows) for document, rows in found.items()}


def published_by(published: str) -> date:
    """The last day that a publication date of reduced precision can mean: ``2023-06`` is 2023-06-30 at the latest.

    Raises ``ValueError`` for what is no date.
    """
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", published):
        raise ValueError(f"{published!r} is no date")
    parts = [int(part) for part in published.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def load(country: str, root: Path, as_of: date | None = None) -> Record:
    """The record of ``country`` under ``root``; with ``as_of``, only of documents published by then.

    Raises ``Usage`` where there is no such country at all.
    """
    if not re.fullmatch("[a-z]{3}", country) or not (root / "data" / country).is_dir():
        known = ", ".join(countries(root)) or "none"
        raise Usage(f"There is no country {country!r} under {root / 'data'}. Countries there: {known}.")
    reader = _Reader(country, root)
    tables = {name: reader.read(name) for name in (*SHARED, *COUNTRY)}
    documents = _known_documents(tables["documents"], as_of)
    later = [row["document"] for row in tables["documents"] if row["document"] not in documents]
    tables["documents"] = tuple(
        row for row in tables["documents"] if row["document"] in documents or not re.fullmatch(DOCUMENT, row["document"])
    )
    for name in DOCUMENT_FILES:
        tables[name] = tuple(row for document in documents for row in reader.read(name, document))
    texts, seeds = reader.seeds(tables["documents"])
    reader.unregistered(documents, as_of)
    reader.originals(documents, as_of)
    tables = _as_known(tables, documents, later) if as_of else tables
    return Record(country, root, as_of, tables, texts, seeds, tuple(reader.problems))


def _known_documents(rows: tuple[Row, ...], as_of: date | None) -> list[str]:
    """The documents published by ``as_of``, oldest first, one of each name."""
    known = {}
    for row in rows:
        try:
            latest = published_by(row["published"])
        except ValueError:
            latest = date.min
        if (as_of is None or latest <= as_of) and re.fullmatch(DOCUMENT, row["document"]):
            known.setdefault(row["document"], latest)
    return sorted(known, key=lambda document: (known[document], document))


def _as_known(tables: dict[str, tuple[Row, ...]], documents: list[str], later: list[str]) -> dict[str, tuple[Row, ...]]:
    """The country's own files without what ``later`` documents brought: their breaks, faults, identities, signatures, corrections."""
    ids = {row.id for name in ("metrics", "statements") for row in tables[name]}
    kept = {
        "breaks": lambda row: row["document"] in documents,
        "signoffs": lambda row: row["document"] in documents,
        "faults": lambda row: ids.issuperset(row.tokens("ids")),
        "identities": lambda row: ids.issuperset(row.tokens("total") + row.tokens("parts")),
        "withdrawn": lambda row: any(row["id"].startswith(f"{document}-") for document in documents),
        "corrections": lambda row: not any(re.search(rf"(?<![a-z0-9]){re.escape(document)}-", row["ids"]) for document in later),
    }
    return tables | {name: tuple(row for row in tables[name] if keep(row)) for name, keep in kept.items()}


class _Reader:
    """Reads a country's files and gathers what is wrong with them."""

    def __init__(self, country: str, root: Path) -> None:
        self.country, self.root = country, root
        self.problems: list[Failure] = []

    def read(self, name: str, document: str = "") -> tuple[Row, ...]:
        path = path_of(name, self.country, document)
        if name in OPTIONAL and not (self.root / path).exists():
            return ()
        table, failures = read_table(self.root / path, path, schema_of(name).columns)
        self.problems += failures
        return tuple(Row(cells, document or cells.get("document", ""), table.where(index)) for index, cells in enumerate(table.rows))

    def seeds(self, documents: tuple[Row, ...]) -> tuple[dict[str, Text], dict[str, str]]:
        """The documents' texts, and the SHA-256 of each seed's bytes."""
        texts, digests = {}, {}
        for row in documents:
            if not re.fullmatch(DOCUMENT, row["document"]):
                continue
            raw = self._seed(row)
            if raw is None:
                continue
            digests[row["document"]] = hashlib.sha256(raw).hexdigest()
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                self._seed_problem(row, f"is not UTF-8 text (byte {error.start}). Restore it from git, byte for byte.")
                continue
            if letter := control(text):
                self._seed_problem(row, f"holds the control character {named(letter)}, which no text holds. Restore it from git.")
                continue
            texts[row["document"]] = Text(row["document"], text)
        return texts, digests

    def _seed(self, row: Row) -> bytes | None:
        path = self.root / "seeds" / self.country / f"{row['document']}.txt"
        if any(one.is_symlink() for one in (path, *path.parents[:2])) or (path.exists() and not path.is_file()):
            self._seed_problem(row, "is no plain file. Put the document itself there.")
        elif not path.exists():
            self._seed_problem(row, f"is not there. Restore it from git, or take {row['document']} out of the register.")
        elif path.stat().st_size > MOST_SEED_BYTES:
            self._seed_problem(row, "is larger than any report. Restore it from git.")
        else:
            return path.read_bytes()
        return None

    def _seed_problem(self, row: Row, message: str) -> None:
        name = f"seeds/{self.country}/{row['document']}.txt"
        self.problems.append(Failure("seeds", f"{name} {message}", (row["document"],), "seed", row["seed"], name))

    def originals(self, documents: list[str], as_of: date | None) -> None:
        """The documents that texts were extracted from, held against their digests; with ``as_of``, only those known by then."""
        for document, where, message in faults(self.root, self.country, documents):
            if not as_of or document in ("", *documents):
                self.problems.append(Failure("originals", message, (document,) if document else (), where=where))

    def unregistered(self, documents: list[str], as_of: date | None) -> None:
        """Files that belong to no registered document would otherwise never be read, and nobody told."""
        if as_of:
            return
        for name in DOCUMENT_FILES:
            for path in sorted((self.root / "data" / self.country / name).glob("*.csv")):
                if path.stem not in documents:
                    shown = path.relative_to(self.root).as_posix()
                    message = (
                        f"{shown} belongs to no document in data/{self.country}/documents.csv. Register {path.stem}, or delete the file."
                    )
                    self.problems.append(Failure("register", message, (path.stem,), "document", path.stem, shown))


def order(row: Row) -> tuple:
    """The canonical order of metrics rows: by document, then by id."""
    return (row.document, row.id)


def table_of(record: Record, name: str, document: str = "") -> Table:
    """The file of a kind as it stands on disk, for rewriting."""
    path = path_of(name, record.country, document)
    return read_table(record.root / path, path, schema_of(name).columns)[0]
