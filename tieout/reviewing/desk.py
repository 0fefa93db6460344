"""What stands on the desk: a document with every number, gap and passage, what became of each, and the row that says so.

Every item has a key that does not move while rows come and go: a number its offset in the text; a gap, a passage or words set aside
their kind, their offset and a running number.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from tieout.accounting import KEYED, OPEN, PERIOD, SET_ASIDE, Mark, account
from tieout.drafting import drafts, edited, placed, spot_of
from tieout.learning import Teacher
from tieout.numbers import Number
from tieout.pages.marking import Block, Node, Span, blocks
from tieout.record import Record
from tieout.reviewing.reading import DRAFTS, Reading, Tables, with_tables
from tieout.texts import Text

NUMBER, GAP, PASSAGE, ASIDE = "number", "gap", "passage", "aside"
_REASON = re.compile(r"(?:^|; )([a-z_]+) \((\d\.\d\d)\): ")


@dataclass(frozen=True)
class Item:
    """A number, a gap, a passage kept as words, or words set aside.

    ``table`` and ``index`` say which row decides it: of ``drafts`` while it is open, and none (``""``) for the year of a keyed row.
    ``others`` are further rows that claim the number, which is an error.
    """

    key: str
    kind: str
    start: int
    end: int
    fate: str
    table: str = ""
    index: int = -1
    number: Number | None = None
    others: int = 0
    years: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """A reading's tables, and the record that they make with the rest of the country."""

    reading: Reading
    base: Record
    tables: Tables

    @cached_property
    def text(self) -> Text:
        """The document's text."""
        return self.base.texts[self.reading.document]

    @cached_property
    def record(self) -> Record:
        """The record with the tables as they stand here."""
        return with_tables(self.base, self.reading, self.tables)

    @cached_property
    def marks(self) -> list[Mark]:
        """The fate of every number, in the order of the page."""
        return account(self.record, self.reading.document)

    @cached_property
    def items(self) -> dict[str, Item]:
        """Everything that can be decided, by its key, in the order of the page."""
        found = [*self._numbers(), *self._words()]
        return {item.key: item for item in sorted(found, key=lambda item: (item.start, item.end, item.key))}

    def cells(self, item: Item) -> dict[str, str]:
        """The row that decides an item; empty where there is none."""
        return self.tables[item.table][item.index] if item.table else {}

    def with_tables(self, tables: Tables) -> Desk:
        """The desk with other rows."""
        return Desk(self.reading, self.base, tables)

    def drafted(self, teacher: Teacher | None = None) -> Desk:
        """The desk with a draft row for every open number, and none for a number that is settled.

        A year that a keyed row's quote holds needs no draft, but one that a person has made a row of is kept.
        """
        numbers = [mark.number for mark in self.marks if mark.fate == OPEN]
        found = self.tables[DRAFTS]
        years = {str(mark.number.start): mark.number for mark in self.marks if mark.fate == PERIOD}
        meant = [cells for cells in found if edited(cells) and cells["fate"] == "key"]
        meant = [years[str(spot.start)] for cells in meant if (spot := spot_of(cells)) and not spot.turn and str(spot.start) in years]
        kept = placed(self.text, [*numbers, *meant], found)
        rows = drafts(self.text, numbers, kept, lambda lacking: self.reading.drafts(self.record, lacking, teacher))
        return self.with_tables({**self.tables, DRAFTS: tuple(rows)})

    @cached_property
    def _indexes(self) -> dict[str, int]:
        """The place of every row of the record in its table."""
        kinds = ("metrics", "set_aside")
        return {f"{self.reading.where(kind)}:{index + 2}": index for kind in kinds for index in range(len(self.tables[kind]))}

    @cached_property
    def _drafts(self) -> dict[int, int]:
        """The place of each number's draft row, by the number's offset."""
        return {spot.start: index for index, cells in enumerate(self.tables[DRAFTS]) if (spot := spot_of(cells)) and not spot.turn}

    def _numbers(self):
        for mark in self.marks:
            number, key = mark.number, str(mark.number.start)
            table, index, fate = "", -1, mark.fate
            if fate in (KEYED, SET_ASIDE):
                table = "metrics" if "id" in mark.rows[0].cells else "set_aside"
                index = self._indexes[mark.rows[0].where]
            elif number.start in self._drafts:
                table, index, fate = DRAFTS, self._drafts[number.start], OPEN
            years = tuple(row.id for row in mark.rows) if fate == PERIOD else ()
            others = max(0, len(mark.rows) - 1) if fate in (KEYED, SET_ASIDE) else 0
            yield Item(key, NUMBER, number.start, number.end, fate, table, index, number, others, years)

    def _words(self):
        """Rows that claim no number: gaps, passages, words set aside, and rows whose quote stands nowhere or not once."""
        claimed = {row.where for mark in self.marks if mark.fate in (KEYED, SET_ASIDE) for row in mark.rows}
        turns: Counter = Counter()
        for kind, table, column in ((GAP, "metrics", "quote"), (PASSAGE, "statements", "quote"), (ASIDE, "set_aside", "context")):
            for index, cells in enumerate(self.tables[table]):
                if f"{self.reading.where(table)}:{index + 2}" not in claimed:
                    fate = {GAP: KEYED, PASSAGE: PASSAGE, ASIDE: SET_ASIDE}[kind]
                    yield self._wordy(kind, fate, table, index, cells[column], turns)
        for index, cells in enumerate(self.tables[DRAFTS]):
            if (spot := spot_of(cells)) and spot.turn:
                start = spot.start
                yield Item(f"draft-{start}-{spot.turn}", GAP, start, start + max(1, len(cells["quote"])), OPEN, DRAFTS, index)

    def _wordy(self, kind: str, fate: str, table: str, index: int, words: str, turns: Counter) -> Item:
        places = self.text.find(words)
        start = places[0] if places else len(self.text.text)
        turns[kind, start] += 1
        return Item(f"{kind}-{start}-{turns[kind, start]}", kind, start, start + (len(words) if places else 0), fate, table, index)


def shown(desk: Desk) -> dict:
    """The desk as the page has it: the items with their rows, and the tallies."""
    counts = Counter(mark.fate for mark in desk.marks)
    gaps = [item for item in desk.items.values() if item.kind == GAP]
    return {
        "items": [_item(desk, item) for item in desk.items.values()],
        "tables": {kind: [_row(kind, cells) for cells in rows] for kind, rows in desk.tables.items()},
        "tally": {
            **{fate: counts[fate] for fate in (KEYED, SET_ASIDE, PERIOD, OPEN)},
            "numbers": len(desk.marks),
            "gaps": sum(item.fate == KEYED for item in gaps),
            "unfinished": sum(item.fate == OPEN for item in gaps),
            "passages": len(desk.tables["statements"]),
        },
    }


def page(desk: Desk) -> list[dict]:
    """The document's text in blocks of lines of cells of nodes; a node is a string, or a number's key with its nodes."""
    spans = [Span(number.start, number.end, NUMBER, (str(number.start),)) for number in desk.text.numbers]
    return [_block(block) for block in blocks(desk.text.text, spans)]


def _block(block: Block) -> dict:
    lines = [[[_node(node) for node in cell] for cell in line] for line in block.lines]
    return {"kind": block.kind, "lines": lines, "after": block.after}


def _node(node: Node) -> str | dict:
    if node.span is None:
        return node.text
    return {"key": str(node.span.start), "first": bool(node.span.anchors), "inside": [_node(one) for one in node.inside]}


def _item(desk: Desk, item: Item) -> dict:
    cells, text = desk.cells(item), desk.text
    words = cells.get("quote", cells.get("context", ""))
    places = text.find(words)
    found = {
        "key": item.key,
        "kind": item.kind,
        "start": item.start,
        "end": item.end,
        "line": text.line(item.start),
        "fate": item.fate,
        "table": item.table,
        "index": item.index,
        "quote": [places[0], places[0] + len(words)] if len(places) == 1 else [],
        "lost": item.start >= len(text.text),
        "others": item.others,
        "years": list(item.years),
    }
    if item.table == DRAFTS:
        spot = spot_of(cells)
        found |= {"guesses": guesses(cells), "edited": edited(cells), "kept": spot.kept if spot else ""}
    return found


def _row(kind: str, cells: dict[str, str]) -> dict[str, str]:
    """A row's cells for the page; of a draft without what the drafter wrote for those who read the file."""
    if kind != DRAFTS:
        return cells
    return {name: plain_note(cell) if name == "note" else cell for name, cell in cells.items() if name != "reasons"}


def guesses(cells: dict[str, str]) -> list[dict]:
    """The guesses of a draft row: the cell's name, the confidence, the reason; the least sure first."""
    parts = _REASON.split(cells["reasons"])[1:]
    told = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    found = [{"name": name, "sure": float(sure), "reason": reason} for name, sure, reason in told]
    return sorted(found, key=lambda guess: guess["sure"])


def plain_note(note: str) -> str:
    """A draft's note without the line that the drafter wrote into it."""
    return re.sub(r"^Draft\. Line \d+\.\s*", "", note)
