"""Keyed rows as a page shows them: what was read, as what, and the words it was read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from tieout.accounting import printed_in_quote
from tieout.comparing import period_name
from tieout.facts import unit_word
from tieout.incomparable import kept_apart_here
from tieout.linking import Mark, linked, mark
from tieout.pages.words import PERIOD_BASES
from tieout.record import Record, Row
from tieout.schema import STATUSES
from tieout.wording import listed, sentence, shown, subject, when

NORMAL = "A"


@dataclass(frozen=True)
class Words:
    """A quote in three parts; ``printed`` is the number, empty where the source gives none."""

    before: str
    printed: str = ""
    after: str = ""


@dataclass(frozen=True)
class Reading:
    """A keyed number with its place in its source and everything it was keyed as, in words."""

    id: str
    document: str
    shown: str
    when: str
    metric: str
    label: str
    definition: str
    apart: str
    unit: str
    period: str
    basis: str
    status: str
    coverage: str
    note: str
    words: Words

    @property
    def href(self) -> str:
        """Where the number stands in its source, from the edition's own folder."""
        return f"evidence/{self.document}.html#{self.id}"


def reading(record: Record, row: Row, apart: Iterable[str] = ()) -> Reading:
    """A metrics row for readers; ``apart`` are the metrics that its own must not be compared with."""
    metric, status = record.metrics[row["metric"]], row["status"]
    return Reading(
        id=row.id,
        document=row.document,
        shown=shown(row.cells) + unit_word(record, row.cells),
        when=when(row.cells),
        metric=row["metric"],
        label=subject(record, row.cells),
        definition=metric["definition"],
        apart=listed([f"“{record.metrics[other]['label']}”" for other in apart]),
        unit=record.units[row["unit"]]["label"],
        period=period_name(row.cells),
        basis=PERIOD_BASES[row["period_basis"]],
        status="" if status == NORMAL else STATUSES[status],
        coverage=row["coverage"],
        note=row["note"],
        words=quoted(record, row),
    )


def quoted(record: Record, row: Row) -> Words:
    """A row's quote, parted around the printed number."""
    text, quote = record.texts[row.document], row["quote"]
    places = printed_in_quote(text, row)
    if len(places) != 1:
        return Words(quote)
    start = places[0].start - text.find(quote)[0]
    end = start + len(row["printed"])
    return Words(quote[:start], quote[start:end], quote[end:])


@dataclass(frozen=True)
class Shelf:
    """The rows and passages of a record as pages show them, found by id."""

    record: Record

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """Every metrics row for readers, by id."""
        apart = kept_apart_here(self.record)
        keyed = (row for row in self.record.rows("metrics") if row.document in self.record.texts)
        return {row.id: reading(self.record, row, apart.get(row["metric"], ())) for row in keyed}

    def rows(self, ids: Iterable[str]) -> tuple[Reading, ...]:
        """The metrics rows among these ids."""
        return tuple(self.readings[one] for one in ids if one in self.readings)

    def passages(self, ids: Iterable[str]) -> tuple[Row, ...]:
        """The passages kept as words among these ids."""
        found = {row.id: row for row in self.record.rows("statements")}
        return tuple(found[one] for one in ids if one in found)

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """The mark of every keyed number, by id."""
        found = {row.id: mark({**row.cells, "document": row.document}) for row in self.record.rows("metrics")}
        return {one: place for one, place in found.items() if place}

    @cached_property
    def blamed(self) -> dict[str, list[str]]:
        """The rows that a fault of a source is about, by the sentence that tells it."""
        return {sentence(row["description"]): row.tokens("ids") for row in self.record.rows("faults")}

    def linked(self, text: str, ids: Iterable[str], unit: str = "") -> Markup:
        """A text with its numbers as links to their marks, from the edition's own folder; of a fault, to those of its rows too.

        A number in a unit that nothing is keyed in was counted over the record, and leads nowhere.
        """
        if unit and unit not in self.record.units:
            return escape(text)
        named = dict.fromkeys([*ids, *self.blamed.get(text, ())])
        return linked(text, (self.marks[one] for one in named if one in self.marks))

    def group(self, one: str) -> str:
        """The part of the codebook that a metrics row belongs to."""
        return self.record.metrics[self.record.by_id[one]["metric"]]["group"]
