"""The settling of two readings at work: what its page asks for, and what its one act writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tieout.agree import figures, next_steps, of_two, unfinished
from tieout.agreement import QUOTE, Agreement, Compared, agreement
from tieout.drafting import record_of
from tieout.pairing import Side
from tieout.problems import Usage
from tieout.reviewing.desk import Desk
from tieout.reviewing.reading import KINDS, Reading
from tieout.reviewing.session import Session, Step
from tieout.reviewing.settling import FILES, both, name_of, settled, together
from tieout.reviewing.storing import Storage, Stored
from tieout.schema import SETTLED

AROUND = 320  # characters of the document shown on either side
GIVEN = ("name", "take", "value", "reason")


class Settlement(Session):
    """The settling of one document, as long as its server runs; both readings must be there."""

    page = "settle.html"

    @classmethod
    def of(cls, root: Path, document: str) -> Settlement:
        """The settling of a registered document; raises ``Usage`` where it was not wholly read twice.

        Before that the second reader would see the first reading.
        """
        record = record_of(root, document)
        if told := unfinished(of_two(record, document)):
            raise Usage("\n".join(told))
        reading = Reading(root, record.country, document)
        return cls(reading, Storage(reading, record.texts[document], FILES))

    def document(self) -> dict:
        """The codes and the codebook; the text itself comes with each difference."""
        return {name: what for name, what in super().document().items() if name != "blocks"}

    def state(self) -> dict:
        """The differences as they stand on disk, those to be settled first, in the order of the page."""
        stored = self.storage.read()
        found = self._found(stored)[1]
        left = _decisions(found)
        return {
            "differences": [self._told(those) for those in left],
            "settled": [dict(entry) for entry in stored.tables[SETTLED]],
            "open": unfinished(found),
            "quotes": [self._told([one]) for one in found.compared if one.column == QUOTE and one.differs],
            "figures": figures(found),
            "next": next_steps(found),
            "version": stored.version,
            "faults": list(stored.faults),
            "undo": self.steps[-1].told if self.steps and self.steps[-1].after == stored.version else "",
        }

    def act(self, name: str, given: dict, seen: str) -> tuple[str, str]:
        """Settle a difference on the files that the page has seen; return what to tell and the name of the next difference.

        Raises ``Moved`` where other files stand on disk, and ``Usage`` where that cannot be settled so; then nothing was written.
        """
        stored = self._seen(seen)
        if name != "settle" or set(given) != set(GIVEN) or not all(isinstance(one, str) for one in given.values()):
            raise Usage(f"settle wants {', '.join(GIVEN)}, each of them text.")
        desk, found = self._found(stored)
        left = [those[0] for those in _decisions(found)]
        one = next((one for one in left if name_of(one) == given["name"]), None)
        if one is None:
            raise Usage("This difference is there no more.")
        tables = settled(desk, stored.tables, found, one, given["take"], given["value"], given["reason"])
        after = self.storage.write(tables, seen)
        told = f"{one.pair.printed}, {one.column}: {_taken(given)}."
        self.steps = [*self.steps, Step(stored.tables, after, told)]
        following = left[left.index(one) + 1 :] or left[:1]
        return told, name_of(following[0])

    def _found(self, stored: Stored) -> tuple[Desk, Agreement]:
        base = both(self.reading.record(), self.reading, stored.tables)
        return Desk(self.reading, base, {kind: stored.tables[kind] for kind in KINDS}), agreement(base, self.reading.document)

    def _told(self, those: Sequence[Compared]) -> dict:
        """A difference as the page has it, with its words and what stands around them."""
        one, text = those[0], self.storage.text
        start, end = one.pair.place, one.pair.end
        return {
            "name": name_of(one),
            "line": text.line(start),
            "printed": one.pair.printed,
            "column": one.column,
            "kind": one.pair.kind,
            "numbered": one.pair.numbered,
            "more": [other.pair.printed for other in those[1:]],
            "first": _side(one.pair.first, one.first),
            "second": _side(one.pair.second, one.second),
            "before": text.text[max(0, start - AROUND) : start],
            "words": text.text[start:end],
            "after": text.text[end : end + AROUND],
        }


def _decisions(found: Agreement) -> list[list[Compared]]:
    """The differences to be settled, those that are one decision together; without those of a reading that is not finished."""
    left, taken = [], set()
    for one in found.unsettled:
        if one not in found.open and name_of(one) not in taken:
            those = together(found, one)
            taken |= {name_of(other) for other in those}
            left.append(those)
    return left


def _side(side: Side, value: str) -> dict:
    return {"value": value, "fate": side.fate, "row": dict(side.row.cells) if side.row else {}}


def _taken(given: dict[str, str]) -> str:
    told = {"first": "the first reading stands", "second": "the second reading is taken"}
    return told.get(given["take"], f"settled as {given['value'] or 'empty'}")
