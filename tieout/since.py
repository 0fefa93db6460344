"""What the newest documents added: the record beside what was known on the day before they were published.

The earlier state is computed and not remembered, so that an edition of the same inputs is the same bytes, wherever and after
whatever it is built. Documents that were published together are one step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from tieout.comparing import Cells, Pair
from tieout.facts import Evidence
from tieout.record import MISSING, Record, Row, load, published_by
from tieout.vintages import retold

RECOMMENDATION = "recommendation"


def earlier(record: Record) -> Record | None:
    """The record as it was known on the day before its newest document was published; None where it has no document from before."""
    days = {published_by(row["published"]) for row in record.documents.values()}
    return load(record.country, record.root, max(days) - timedelta(days=1)) if len(days) > 1 else None


@dataclass(frozen=True)
class Since:
    """A step: the evidence before the newest documents, and with them. Every earlier row is a row still."""

    before: Evidence
    now: Evidence

    @classmethod
    def of(cls, evidence: Evidence) -> Since | None:
        """The step that the newest documents made; None where there is nothing before them."""
        record = earlier(evidence.record)
        return cls(Evidence.of(record), evidence) if record else None

    @cached_property
    def documents(self) -> list[str]:
        """The newest documents."""
        return [document for document in self.now.record.documents if document not in self.before.record.documents]

    @cached_property
    def numbers(self) -> list[Cells]:
        """The new numbers, in the order of the page."""
        return [cells for cells in self._new if cells["status"] != MISSING]

    @cached_property
    def gaps(self) -> list[Cells]:
        """What the newest documents say that they do not report."""
        return [cells for cells in self._new if cells["status"] == MISSING]

    @cached_property
    def told_again(self) -> list[Pair]:
        """The facts of earlier documents that a newest one tells again, with both tellings."""
        return [pair for pair in self._reaching if retold(pair.start, pair.end)]

    @cached_property
    def closed(self) -> list[Pair]:
        """The gaps of earlier documents for which a newest one gives the number."""
        return [pair for pair in self.told_again if pair.start["status"] == MISSING and pair.end["status"] != MISSING]

    @cached_property
    def carried_on(self) -> list[Pair]:
        """The series that a newest document carries on: the last figure of before, and the first new one after it."""
        return [pair for pair in self._reaching if not retold(pair.start, pair.end)]

    @cached_property
    def moved(self) -> list[tuple[Pair, Pair]]:
        """The comparisons of before whose verdict is another one now, old and new."""
        return [(old, new) for old, new in self._kept if old.verdict != new.verdict]

    @cached_property
    def reworded(self) -> list[tuple[Pair, Pair]]:
        """The comparisons of before that keep their verdict for other reasons, old and new."""
        return [(old, new) for old, new in self._kept if old.verdict == new.verdict and old.reasons != new.reasons]

    @cached_property
    def parted(self) -> list[Pair]:
        """The comparisons of before that are no longer made: another figure stands between the two, or in the place of one."""
        made = {_ends(pair) for pair in self.now.pairs}
        return [pair for pair in self.before.pairs if _ends(pair) not in made]

    @cached_property
    def recommended(self) -> list[tuple[str, str, list[Row], list[Row]]]:
        """Each newest document that recommends, the issue of its series before it that did, and what the two recommend."""
        found = []
        for document in self.documents:
            issues = [one for one in self.before.record.documents if self._asked(one) and self._series(one) == self._series(document)]
            if issues and self._asked(document):
                found.append((issues[-1], document, self._asked(issues[-1]), self._asked(document)))
        return found

    @cached_property
    def _new(self) -> list[Cells]:
        return [cells for cells in self.now.observations if cells["id"] not in self.before.by_id]

    @cached_property
    def _reaching(self) -> list[Pair]:
        """The pairs that lead from a row of before to a new one."""
        return [pair for pair in self.now.pairs if pair.start["id"] in self.before.by_id and pair.end["id"] not in self.before.by_id]

    @cached_property
    def _kept(self) -> list[tuple[Pair, Pair]]:
        now = {_ends(pair): pair for pair in self.now.pairs}
        return [(pair, now[_ends(pair)]) for pair in self.before.pairs if _ends(pair) in now]

    def _asked(self, document: str) -> list[Row]:
        return [row for row in self.now.record.rows_of("statements", document) if row["kind"] == RECOMMENDATION]

    def _series(self, document: str) -> str:
        return self.now.record.documents[document]["series"]


def _ends(pair: Pair) -> tuple[str, str]:
    return pair.start["id"], pair.end["id"]
