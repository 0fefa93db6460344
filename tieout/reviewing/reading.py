"""Which reading of a document is at work: where its rows stand, and what its reader may see.

The first reading keys into ``data/<country>/``; the second, blind one into ``data/<country>/second/``, and sees nothing of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tieout.guessing.place import Place
from tieout.guessing.quotes import quote
from tieout.guessing.rows import COLUMNS, rows
from tieout.learning import Teacher, without
from tieout.numbers import Number, readings
from tieout.record import Record, Row, load
from tieout.schema import SETTLED, path_of, schema_of
from tieout.second import blind

FIRST, SECOND = "first", "second"
KEYED = ("metrics", "set_aside", "statements")
DRAFTS = "drafts"
KINDS = (*KEYED, DRAFTS)

Tables = Mapping[str, tuple[dict[str, str], ...]]  # a document's rows by kind of file


@dataclass(frozen=True)
class Reading:
    """A reading of a document: ``name`` is ``first`` or ``second``."""

    root: Path
    country: str
    document: str
    name: str = FIRST

    def where(self, kind: str) -> str:
        """The path of a kind of file from the repository's root."""
        return path_of(kind, self.country if self.name == FIRST else f"{self.country}/{SECOND}", self.document)

    def path(self, kind: str) -> Path:
        """The file of a kind: one of ``metrics``, ``set_aside``, ``statements``, ``drafts``."""
        return self.root / self.where(kind)

    def record(self) -> Record:
        """The record as this reader may see it, from the files as they stand."""
        record = load(self.country, self.root)
        return record if self.name == FIRST else self._blind(record)

    def others(self) -> Record:
        """The record without anything that was made of the document: what may teach its reader."""
        return without(load(self.country, self.root), self.document)

    def drafts(self, record: Record, numbers: Sequence[Number], teacher: Teacher | None = None) -> list[dict[str, str]]:
        """A draft row for each number; in the second reading only what the page itself says."""
        if not numbers:
            return []
        if self.name == FIRST:
            return rows(record, self.document, list(numbers), teacher)
        return [_bare(Place(record.texts[self.document], number)) for number in numbers]

    def _blind(self, record: Record) -> Record:
        """The record with the second reading's rows in the place of the first's, whose files may be in any state."""
        own = tuple(replace(self, name=FIRST).where(kind) for kind in (*KEYED, "signatures", SETTLED))
        return replace(blind(record, self.document), problems=tuple(one for one in record.problems if not one.where.startswith(own)))


def columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind of file."""
    return COLUMNS if kind == DRAFTS else schema_of(kind).columns


def with_tables(record: Record, reading: Reading, tables: Tables) -> Record:
    """The record as it would be with these rows of the document."""
    kept = {
        kind: (
            *(row for row in record.rows(kind) if row.document != reading.document),
            *(Row(cells, reading.document, f"{reading.where(kind)}:{line}") for line, cells in enumerate(tables[kind], 2)),
        )
        for kind in KEYED
    }
    return replace(record, tables=record.tables | kept)


def _bare(place: Place) -> dict[str, str]:
    meant = sorted(readings(place.number.printed))
    return dict.fromkeys(COLUMNS, "") | {
        "printed": place.number.printed,
        "value": f"{meant[0].normalize():f}" if len(meant) == 1 else "",
        "quote": quote(place),
    }
