"""The tables of a document, read and written together: whole files, in canonical form, and never over what nobody has seen.

A version is a digest over the bytes of the files. Who writes says which version was seen; where another stands on disk, for a
spreadsheet or another tab has changed a file, nothing is written.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tieout.characters import control, named
from tieout.drafting import by_place
from tieout.packaging import order_of
from tieout.placing import alone, put
from tieout.problems import Usage
from tieout.reviewing.reading import DRAFTS, KINDS, Reading, Tables, columns
from tieout.tables import read_table, safe_text
from tieout.texts import Text

PATIENCE = 5.0  # seconds to wait for another process that writes


class Moved(Exception):
    """The files on disk are not those that were seen."""


@dataclass(frozen=True)
class Stored:
    """What stands on disk. ``faults`` are the files that cannot be read, and why: then nothing may be written."""

    tables: Tables
    version: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Storage:
    """The files of a reading."""

    reading: Reading
    text: Text
    kinds: tuple[str, ...] = KINDS

    def read(self) -> Stored:
        """The rows of every file; a file that is not there has none."""
        version, tables, faults = self.version(), dict.fromkeys(self.kinds, ()), []
        for kind in self.kinds:
            name = self.reading.where(kind)
            if self.reading.path(kind).exists():
                table, failures = read_table(self.reading.path(kind), name, columns(kind))
                tables[kind] = table.rows
                faults += [failure.message for failure in failures]
        return Stored(tables, version, tuple(faults))

    def version(self) -> str:
        """The digest over the files as they stand."""
        digest = hashlib.sha256()
        for kind in self.kinds:
            path = self.reading.path(kind)
            digest.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
        return digest.hexdigest()

    def stamp(self) -> tuple:
        """What the file system says of the files: it differs where one may have changed."""
        found = []
        for kind in self.kinds:
            path = self.reading.path(kind)
            state = path.stat() if path.exists() else None
            found.append((state.st_mtime_ns, state.st_size, state.st_ino) if state else None)
        return tuple(found)

    def write(self, tables: Tables, seen: str) -> str:
        """Write what differs from the disk; return the new version.

        Raises ``Moved`` where the disk does not hold the version ``seen``, and ``Usage`` where a cell may not stand in a file.
        """
        texts = {kind: self._text(kind, tables[kind]) for kind in self.kinds}
        with alone(self.reading.root, PATIENCE):
            stored = self.read()
            if stored.version != seen:
                raise Moved
            if stored.faults:
                raise Usage(" ".join(stored.faults))
            growth = {kind: len(tables[kind]) - len(stored.tables[kind]) for kind in self.kinds}
            put(self.reading.root, dict(self._changed(texts, growth)))
            return self.version()

    def _changed(self, texts: dict[str, str], growth: dict[str, int]):
        """The files that differ, those that gain rows first: a row that moves stands twice for a moment, and never nowhere."""
        for kind in sorted(self.kinds, key=lambda kind: -growth[kind]):
            path, raw = self.reading.path(kind), texts[kind].encode("utf-8")
            if path.is_symlink():
                raise Usage(f"{path} is not written: it is a symbolic link to another file.")
            if path.read_bytes() != raw if path.exists() else raw.count(b"\n") > 1:
                yield path, raw

    def _text(self, kind: str, rows: tuple[dict[str, str], ...]) -> str:
        order = by_place(self.text) if kind == DRAFTS else order_of(kind, self.text)
        for cells in rows:
            for column, cell in cells.items():
                if letter := control(cell) or ("\r" if "\r" in cell else ""):
                    raise Usage(f"{column} holds the control character {named(letter)}, which no file may hold. Delete it.")
        return safe_text(self.reading.path(kind).name, columns(kind), sorted(rows, key=order))
