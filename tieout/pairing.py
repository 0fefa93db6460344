"""Two readings of a document in pairs: what each made of a number, of words that say what is not reported, of a passage.

Numbers are paired by their place in the text, never by id. Rows without a number are paired by the words that they quote, the most
alike first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from tieout.accounting import KEYED, SET_ASIDE, account
from tieout.record import Record, Row
from tieout.schema import DOCUMENT_FILES
from tieout.second import in_its_place
from tieout.texts import Text

REASON, ABSENT = "reason", "absent"
NO_DIFFERENCE = ("id", "printed", "quote", "note")  # ids follow the page, notes are shown, quotes are counted apart
CELLS = {
    "metrics": tuple(column for column in DOCUMENT_FILES["metrics"].columns if column not in NO_DIFFERENCE),
    "statements": ("kind", "label"),
    "set_aside": (REASON,),
}
GAP, PASSAGE = "not reported", "passage"  # how the name of what has no number begins


@dataclass(frozen=True)
class Side:
    """What one reading made of something: its fate and, where it is keyed, kept or set aside, its row."""

    fate: str
    row: Row | None = None

    @property
    def told(self) -> str:
        """The fate, and of what is left out when the other side is taken, as much as tells it apart."""
        if self.row is None or self.fate not in (KEYED, SET_ASIDE):
            return self.fate
        return f"{self.fate}: {self.row[REASON] if REASON in self.row.cells else _about(self.row)}"


@dataclass(frozen=True)
class Pair:
    """A number of the document, or something without a number that a reading keyed, and what each reading made of it.

    ``place`` is its offset and ``printed`` the number; without a number they are those of the words quoted, and what the row is about.
    ``kind`` is the kind of file that its rows stand in where both readings have one.
    """

    kind: str
    place: int
    end: int
    printed: str
    first: Side
    second: Side
    numbered: bool = True

    @property
    def both(self) -> bool:
        """Whether both readings have a row of one kind for it."""
        return self.first.fate == self.second.fate and self.first.row is not None and self.second.row is not None


def pairs(record: Record, document: str) -> list[Pair]:
    """Everything in the document that has a fate in either reading, in the order of the page."""
    readings, text = (record, in_its_place(record, document)), record.texts[document]
    marks = [account(one, document) for one in readings]
    found = [
        Pair(_kind(one.fate), one.number.start, one.number.end, one.number.printed, _side(one), _side(two))
        for one, two in zip(*marks, strict=True)
    ]
    claiming = [{mark.rows[0].where for mark in those if mark.fate in (KEYED, SET_ASIDE)} for those in marks]
    for kind, likeness in (("metrics", _alike_gaps), ("statements", _alike_words), ("set_aside", _alike_words)):
        sides = [
            [row for row in one.rows(kind) if row.document == document and row.where not in claimed]
            for one, claimed in zip(readings, claiming, strict=True)
        ]
        found += [_worded(text, kind, one, two) for one, two in _matched(text, *sides, likeness)]
    return _told_apart(sorted(found, key=lambda pair: (pair.place, not pair.numbered, pair.printed)))


def _side(mark) -> Side:
    return Side(mark.fate, mark.rows[0] if mark.fate in (KEYED, SET_ASIDE) else None)


def _kind(fate: str) -> str:
    return "set_aside" if fate == SET_ASIDE else "metrics"


def _words(row: Row) -> str:
    return row.cells.get("quote", row.cells.get("context", ""))


def _span(text: Text, row: Row) -> tuple[int, int]:
    """Where a row's words stand; nothing where they do not stand in the document."""
    place = next(iter(text.find(_words(row))), 0)
    return place, place + (len(_words(row)) if text.find(_words(row)) else 0)


def _worded(text: Text, kind: str, first: Row | None, second: Row | None) -> Pair:
    """What has no number; the second reading names it where it has it, for it does not change when a difference is settled."""
    named = second or first
    start, end = _span(text, named)
    fate = SET_ASIDE if kind == "set_aside" else KEYED
    sides = (Side(fate, row) if row else Side(ABSENT) for row in (first, second))
    return Pair(kind, start, end, _about(named), *sides, numbered=False)


def _about(row: Row) -> str:
    """A row in a few words: what is counted, of whom and when; kind and label of a passage; why something is set aside."""
    if "context" in row.cells:
        return f"{row[REASON]}: ‘{row['printed'][:60]}’"
    if "kind" in row.cells:
        return f"{PASSAGE} ({row['kind']}): {row['label']}"
    categories = [row[column] for column in ("sex", "age", "exploitation") if row[column] not in ("total", "")]
    period = " to ".join(dict.fromkeys(day for day in (row["start"], row["end"]) if day))
    what = (row["value"] or "no value") if row["printed"] else GAP
    told = ", ".join([row["metric"] or "no metric", *categories, period or row["period_basis"] or "no period"])
    return f"{what}: {told}"


def _matched(text: Text, first: list[Row], second: list[Row], likeness: Callable) -> list[tuple[Row | None, Row | None]]:
    """The rows of two readings in pairs, the most alike first; a row whose words overlap with none of the other's stays alone."""
    ordered = [sorted(rows, key=lambda row: (_span(text, row), sorted(row.cells.items()))) for rows in (first, second)]
    spans = [[_span(text, row) for row in rows] for rows in ordered]
    ranked = []
    for i, one in enumerate(ordered[0]):
        for j, two in enumerate(ordered[1]):
            overlap = min(spans[0][i][1], spans[1][j][1]) - max(spans[0][i][0], spans[1][j][0])
            if overlap > 0 or _words(one) == _words(two):
                ranked.append((likeness(one, two, overlap), i + j, abs(i - j), i, j))
    free = [set(range(len(rows))) for rows in ordered]
    found: list[tuple[Row | None, Row | None]] = []
    for *_, i, j in sorted(ranked):
        if i in free[0] and j in free[1]:
            free[0].remove(i)
            free[1].remove(j)
            found.append((ordered[0][i], ordered[1][j]))
    return [*found, *((ordered[0][i], None) for i in sorted(free[0])), *((None, ordered[1][j]) for j in sorted(free[1]))]


def _alike_gaps(one: Row, two: Row, overlap: int) -> tuple:
    same = sum(one[column] == two[column] for column in CELLS["metrics"])
    return (one["metric"] != two["metric"], -same, -overlap)


def _alike_words(one: Row, two: Row, overlap: int) -> tuple:
    wider = max(len(_words(one)), len(_words(two)))
    return (Fraction(-overlap, wider or 1), *(one.cells.get(column) != two.cells.get(column) for column in ("kind", "label")))


def _told_apart(found: list[Pair]) -> list[Pair]:
    """Pairs of one place and one name get a running number, so that each can be named."""
    seen: dict[tuple, int] = defaultdict(int)
    named = []
    for pair in found:
        seen[pair.place, pair.printed] += 1
        times = seen[pair.place, pair.printed]
        named.append(pair if times == 1 else replace(pair, printed=f"{pair.printed} ({times})"))
    return named
