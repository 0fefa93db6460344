"""A review at work: what the page asks for and what its acts write, with what can be undone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from tieout.accounting import KEYED
from tieout.codebook import KINDS, add_metric
from tieout.drafting import record_of
from tieout.guessing.place import Place
from tieout.incomparable import kept_apart
from tieout.learning import Likeness, Teacher
from tieout.pages.words import PERIOD_BASES as BASES
from tieout.pages.words import REASONS as REASON_WORDS
from tieout.problems import Usage
from tieout.record import Record
from tieout.reviewing.decisions import act
from tieout.reviewing.desk import Desk, page, shown
from tieout.reviewing.numbering import fixed, settled
from tieout.reviewing.reading import FIRST, Reading, Tables
from tieout.reviewing.storing import Moved, Storage, Stored
from tieout.schema import QUALIFIERS, REASONS, STATEMENT_KINDS, STATUSES
from tieout.texts import Text

LIKEST = 3  # sentences of other documents that are shown beside a number
LEAST = 0.1  # how alike one must be, at the least
MOST_UNDONE = 500


@dataclass(frozen=True)
class Step:
    """An act that can be undone: the tables before it, and the version that it left on disk."""

    before: Tables
    after: str
    told: str
    edits: tuple[str, ...] = ()


@dataclass
class Session:
    """One reading of one document, as long as its server runs."""

    reading: Reading
    storage: Storage
    steps: list[Step] = field(default_factory=list)
    page: ClassVar[str] = "review.html"

    @classmethod
    def of(cls, root: Path, document: str, name: str = FIRST) -> Session:
        """The review of a registered document, every open number drafted; raises ``Usage`` where there is no such document or text."""
        record = record_of(root, document)
        if document not in record.texts:
            told = " ".join(problem.message for problem in record.problems if document in problem.ids)
            raise Usage(f"The text of {document} cannot be read. {told}")
        reading = Reading(root, record.country, document, name)
        session = cls(reading, Storage(reading, record.texts[document]))
        session.draft()
        return session

    @cached_property
    def teacher(self) -> Teacher:
        """What the other documents teach."""
        return Teacher.of(self.reading.others())

    def draft(self) -> None:
        """Write a draft row for every open number that has none; rows that are there stay as they are."""
        stored = self.storage.read()
        if stored.faults:
            raise Usage("\n".join(stored.faults))
        self.storage.write(self._desk(stored).tables, stored.version)

    def document(self) -> dict:
        """What does not change while the review runs: the text, the codes and the codebook."""
        record = self.reading.record()
        row = record.documents[self.reading.document]
        return {
            "document": self.reading.document,
            "reading": self.reading.name,
            "title": row["title"],
            "publisher": row["publisher"],
            "published": row["published"],
            "blocks": page(Desk(self.reading, record, self.storage.read().tables)),
            "sentences": [span for start, end in self.storage.text.sentences if (span := _trimmed(self.storage.text, start, end))],
            "codes": {
                "period_basis": BASES,
                "qualifier": {code: code.replace("_", " ") for code in QUALIFIERS},
                "status": STATUSES,
                "kind": {code: code for code in STATEMENT_KINDS},
                "reason": {code: REASON_WORDS[code] for code in REASONS},
                **{name: _categories(record, name) for name in ("sex", "age", "exploitation")},
            },
            "labels": self.labels(),
            "metrics": _metrics(record),
            "units": {row["unit"]: row["label"] for row in record.rows("units")},
            "groups": sorted({row["group"] for row in record.rows("codebook")}),
        }

    def labels(self) -> dict[str, list[str]]:
        """The topics that statements of other documents have, by kind: the same topic has the same label in every report."""
        found: dict[str, set[str]] = {}
        for row in self.reading.others().rows("statements"):
            found.setdefault(row["kind"], set()).add(row["label"])
        return {kind: sorted(labels) for kind, labels in found.items()}

    def metric(self, cells: dict[str, str], wordings: list[str], apart: dict[str, str] | None) -> list[dict]:
        """Enter a new metric into the codebook; return all of them. Raises ``Usage`` with all that is wrong, changing nothing."""
        units = {row["unit"]: row["kind"] for row in self.reading.record().rows("units")}
        add_metric(self.reading.root, {**cells, "kind": KINDS.get(units.get(cells.get("unit", ""), ""), "count")}, wordings, apart)
        self.__dict__.pop("teacher", None)  # its definition teaches too
        return _metrics(self.reading.record())

    def state(self) -> dict:
        """The desk as it stands on disk."""
        stored = self.storage.read()
        desk = self._desk(stored)
        return {
            **shown(desk),
            "version": stored.version,
            "faults": list(stored.faults),
            "undo": self.steps[-1].told if self.steps and self.steps[-1].after == stored.version else "",
            "fixed": fixed(desk.base, self.reading.document),
        }

    def act(self, name: str, given: dict, seen: str) -> tuple[str, str]:
        """Do an act on the files that the page has seen; return what to tell and the key of the item to go to.

        Raises ``Moved`` where other files stand on disk, and ``Usage`` where the act cannot be done; then nothing was written.
        """
        stored = self._seen(seen)
        desk = self._desk(stored)
        done = act(desk, name, given)
        after = self.storage.write(settled(desk.with_tables(done.tables), self.teacher).tables, seen)
        edits = (given["key"], *sorted(given["cells"])) if name == "edit" else ()
        before = stored.tables
        if self.steps and edits and self.steps[-1].edits == edits and self.steps[-1].after == seen:
            before = self.steps.pop().before
        self.steps = [*self.steps[-MOST_UNDONE:], Step(before, after, done.told or "the edit", edits)]
        return done.told, done.key

    def undo(self, seen: str) -> str:
        """Take the last act back; raises ``Usage`` where there is none, or the files were changed by something else since."""
        self._seen(seen)
        if not self.steps:
            raise Usage("There is nothing to undo: this review has done nothing yet.")
        step = self.steps[-1]
        if step.after != seen:
            raise Usage("Nothing is undone: the files were changed by another program since, and undoing would lose that.")
        after = self.storage.write(step.before, seen)
        self.steps.pop()
        if self.steps:
            self.steps[-1] = Step(self.steps[-1].before, after, self.steps[-1].told, self.steps[-1].edits)
        return f"Undone: {step.told}"

    def likest(self, key: str) -> dict:
        """A number's sentence, and the keyed sentences of other documents that are most like it, the likest first."""
        item = self._desk(self.storage.read()).items.get(key)
        if item is None or item.number is None:
            return {"here": None, "others": []}
        place = Place(self.storage.text, item.number)
        near = [one for one in self.teacher.nearest(place) if one.lesson.fate == KEYED and one.score > LEAST][:LIKEST]
        return {"here": _sentence(place), "others": [_told(self.teacher.record, one) for one in near]}

    def _seen(self, seen: str) -> Stored:
        stored = self.storage.read()
        if stored.version != seen:
            raise Moved
        if stored.faults:
            raise Usage(" ".join(stored.faults))
        return stored

    def _desk(self, stored: Stored) -> Desk:
        record = self.reading.record()
        if self.reading.document not in record.texts:
            raise Usage(f"The text of {self.reading.document} is gone. Restore it from git.")
        return Desk(self.reading, record, stored.tables).drafted(self.teacher)


def _told(record: Record, likeness: Likeness) -> dict:
    """A keyed sentence of another document, with its row."""
    place, row = likeness.lesson.place, likeness.lesson.row
    document = record.documents[row.document]
    return {
        "id": row.id,
        "document": row.document,
        "title": document["title"],
        "published": document["published"],
        "score": round(likeness.score, 2),
        "shared": list(likeness.shared),
        "cells": row.cells,
        **_sentence(place),
    }


def _sentence(place: Place) -> dict[str, str]:
    return {"before": place.before.lstrip(), "printed": place.number.printed, "after": place.after}


def _metrics(record: Record) -> list[dict]:
    """The metrics with their definitions, wordings, and those that each must not be compared with."""
    apart, found = kept_apart(record), []
    for row in record.rows("codebook"):
        unit = record.units.get(row["unit"])
        never = [
            [record.metrics[other]["label"], reason] for other, reason in apart.get(row["metric"], {}).items() if other in record.metrics
        ]
        more = {"unit_label": unit["label"] if unit else row["unit"], "wordings": record.wordings.get(row["metric"], ""), "never": never}
        found.append({**row.cells, **more})
    return found


def _categories(record: Record, dimension: str) -> dict[str, str]:
    return {row["category"]: row["label"] for row in record.rows("categories") if row["dimension"] == dimension}


def _trimmed(text: Text, start: int, end: int) -> list[int]:
    """A sentence without the blanks around it; empty where it has no words."""
    words = text.text[start:end]
    return [start + len(words) - len(words.lstrip()), start + len(words.rstrip())] if words.strip() else []
