"""How far two readings of a document agree, and every cell in which they differ.

The first reading is the record, the second was keyed without seeing it. They are paired by the place of a number in the text, never
by id; what has no number, by the words quoted. A difference that was settled stays a difference of the readings: ``second/settled``
remembers what each had, whatever stands in the record since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from tieout.accounting import OPEN
from tieout.pairing import CELLS, GAP, PASSAGE, Pair, pairs
from tieout.record import Record, Row
from tieout.schema import SETTLED
from tieout.second import kept

FATE, QUOTE = "fate", "quote"

NOMINAL = ("metric", "sex", "age", "exploitation", "period_basis", "qualifier", "status")


@dataclass(frozen=True)
class Compared:
    """One cell of a pair as the two readings have it now, and the entry of ``second/settled`` for it, if there is one."""

    pair: Pair
    column: str
    first: str
    second: str
    entry: Row | None = None

    @property
    def differs(self) -> bool:
        """Whether the record and the second reading differ now."""
        return _plain(self.column, self.first) != _plain(self.column, self.second)

    @property
    def settled(self) -> bool:
        """Whether an entry says so of what stands in both readings now."""
        if self.entry is None:
            return False
        then, now = (self.entry["settled"], self.entry["second"]), (self.first, self.second)
        return [_plain(self.column, value) for value in then] == [_plain(self.column, value) for value in now]

    @property
    def unsettled(self) -> bool:
        """Whether it is for people to settle."""
        return self.column != QUOTE and self.differs and not self.settled

    @property
    def read(self) -> tuple[str, str]:
        """What the two had read, before anything was settled."""
        values = (self.entry["first"], self.entry["second"]) if self.entry else (self.first, self.second)
        return _plain(self.column, values[0]), _plain(self.column, values[1])

    @property
    def alike(self) -> bool:
        """Whether the two had read the same."""
        return self.read[0] == self.read[1]


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part:,} of {self.whole:,}"


@dataclass(frozen=True)
class Agreement:
    """Everything that two readings of a document can be compared in, in the order of the page."""

    document: str
    compared: tuple[Compared, ...]
    entries: tuple[Row, ...] = field(default=())

    @cached_property
    def unsettled(self) -> list[Compared]:
        """The differences that people must settle."""
        return [one for one in self.compared if one.unsettled]

    @cached_property
    def open(self) -> list[Compared]:
        """The differences that are there because a number is open in one reading: that reading is not finished."""
        return [one for one in self.unsettled if one.column == FATE and OPEN in (one.pair.first.fate, one.pair.second.fate)]

    @cached_property
    def settled(self) -> int:
        """How many differences were settled; an entry that no longer fits what stands there has settled nothing."""
        found = {_key(row) for row in self.entries if _plain(row["column"], row["first"]) != _plain(row["column"], row["second"])}
        return len(found - {_slot(one) for one in self.compared if one.unsettled})

    @cached_property
    def quotes(self) -> Share:
        """The rows that both keyed in which the words quoted differ."""
        found = [one for one in self.compared if one.column == QUOTE]
        return Share(sum(one.differs for one in found), len(found))

    @cached_property
    def fates(self) -> Share:
        """The numbers of the document with the same fate in both readings."""
        return _share(self._numbers)

    @cached_property
    def rows(self) -> Share:
        """The metrics rows that both keyed, and those of them alike in every column."""
        return self._wholly_alike("metrics")

    @cached_property
    def cells(self) -> Share:
        """The cells of the metrics rows that both keyed."""
        return _share(self._cells)

    @cached_property
    def columns(self) -> dict[str, Share]:
        """The cells of the metrics rows that both keyed, by column."""
        return {column: _share(one for one in self._cells if one.column == column) for column in CELLS["metrics"]}

    @cached_property
    def reasons(self) -> Share:
        """The numbers and words that both set aside, and those of them for the same reason."""
        return self._wholly_alike("set_aside")

    @cached_property
    def gaps(self) -> Share:
        """What either reading keyed as not reported, and what both did."""
        return self._in_both(lambda printed: printed.startswith(f"{GAP}: "))

    @cached_property
    def passages(self) -> Share:
        """The passages that either reading kept as words, and those that both did."""
        return self._in_both(lambda printed: printed.startswith(f"{PASSAGE} ("))

    @cached_property
    def passages_alike(self) -> Share:
        """The passages that both kept, and those of them of one kind and label."""
        return self._wholly_alike("statements")

    @cached_property
    def kappas(self) -> dict[str, Fraction | None]:
        """Cohen's kappa for the fate of the numbers and for each nominal column of the rows that both keyed."""
        found = {FATE: kappa([one.read for one in self._numbers])}
        return found | {column: kappa([one.read for one in self._cells if one.column == column]) for column in NOMINAL}

    @cached_property
    def _numbers(self) -> list[Compared]:
        return [one for one in self.compared if one.column == FATE and one.pair.numbered]

    @cached_property
    def _cells(self) -> list[Compared]:
        return [one for one in self._read_in_both if one.pair.kind == "metrics"]

    @cached_property
    def _read_in_both(self) -> list[Compared]:
        """The cells of what both readings had, before one was taken over from the other."""
        same = {(one.pair.place, one.pair.printed) for one in self.compared if one.column == FATE and one.alike and one.pair.both}
        return [one for one in self.compared if one.column not in (FATE, QUOTE) and (one.pair.place, one.pair.printed) in same]

    def _wholly_alike(self, kind: str) -> Share:
        rows: dict[tuple, bool] = {}
        for one in self._read_in_both:
            if one.pair.kind == kind:
                key = (one.pair.place, one.pair.printed)
                rows[key] = rows.get(key, True) and one.alike
        return Share(sum(rows.values()), len(rows))

    def _in_both(self, of_these: Callable[[str], bool]) -> Share:
        """Of what has no number: what both had, of what either had, also where its row was since taken out of the record."""
        worded = [one for one in self.compared if one.column == FATE and not one.pair.numbered and of_these(one.pair.printed)]
        found = {_slot(one): one.alike for one in worded}
        gone = {_key(row): False for row in self.entries if row["column"] == FATE and of_these(row["printed"])}
        return Share(sum((gone | found).values()), len(gone | found))


def agreement(record: Record, document: str) -> Agreement:
    """The agreement of the two readings of ``document``; where there is no second reading, nothing in it is alike."""
    entries = tuple(row for row in record.rows(SETTLED) if row.document == document)
    by_slot = {_key(row): row for row in entries}
    found = [one for pair in pairs(record, document) for one in _compared(pair)]
    return Agreement(document, tuple(replace(one, entry=by_slot.get(_slot(one))) for one in found), entries)


def unsettled(record: Record, document: str) -> list[Compared]:
    """The differences between two readings that people must settle; none where there is no second reading."""
    return agreement(record, document).unsettled if kept(record, document) and document in record.texts else []


def kappa(read: Sequence[tuple[str, str]]) -> Fraction | None:
    """Cohen's kappa of two readers' codes for the same things: their agreement beyond what chance would give, of what there is beyond it.

    1 is full agreement, 0 no more than chance. None where it is undefined: nothing was read, or both gave one code to everything.
    """
    if not read:
        return None
    first, second = Counter(one for one, _ in read), Counter(two for _, two in read)
    observed = Fraction(sum(one == two for one, two in read), len(read))
    expected = Fraction(sum(times * second[code] for code, times in first.items()), len(read) ** 2)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _share(those: Iterable[Compared]) -> Share:
    """How many of those cells the two had read alike."""
    alike = [one.alike for one in those]
    return Share(sum(alike), len(alike))


def _compared(pair: Pair) -> Iterable[Compared]:
    """The fate of a pair and, where both readings have a row, its cells."""
    yield Compared(pair, FATE, pair.first.told, pair.second.told)
    if pair.both:
        for column in (*CELLS[pair.kind], *((QUOTE,) if pair.kind != "set_aside" else ())):
            yield Compared(pair, column, pair.first.row[column], pair.second.row[column])


def _plain(column: str, value: str) -> str:
    """A cell as it is compared: of a fate only the fate."""
    return value.partition(":")[0] if column == FATE else value


def _key(row: Row) -> tuple[str, str, str]:
    return row["place"], row["printed"], row["column"]


def _slot(one: Compared) -> tuple[str, str, str]:
    return str(one.pair.place), one.pair.printed, one.column
