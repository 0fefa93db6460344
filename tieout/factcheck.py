"""The fact check: every number and sentence of an edition as an item that a person reads against its evidence.

What people enter is kept in ``factchecks.csv`` beside a digest of the item as they read it: what it says, the rows behind it and
the bytes of their sources. When any of these changes, the entry no longer fits, and the item is ``stale`` until it is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tieout.facts import Evidence, Fact, level_text
from tieout.record import Record, Row
from tieout.schema import CHECK_STATES, STATUSES
from tieout.wording import listed, number, sentence

STALE, OPEN = "stale", "open"
STANDINGS = (*CHECK_STATES, STALE, OPEN)
PEOPLE = ("checker", "state", "on", "remark")
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """A number or sentence to be checked, with everything that is needed to check it.

    ``verdict`` is empty for a keyed number: only what is told of numbers is judged. ``rows`` are the metrics rows and passages
    behind it. ``digest`` (SHA-256) is over what it says and over its evidence.
    """

    id: str
    text: str
    value: str
    unit: str
    formula: str
    verdict: str
    caveats: tuple[str, ...]
    rows: tuple[Row, ...]
    digest: str

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents that its rows were read from."""
        return tuple(dict.fromkeys(row.document for row in self.rows))


@dataclass(frozen=True)
class Checked:
    """An item with what people entered for it.

    ``entry`` is the entry that fits the item as it is, None where there is none; ``earlier`` are those on what it was before.
    """

    item: Item
    entry: Row | None
    earlier: tuple[Row, ...]

    @property
    def standing(self) -> str:
        """A state that somebody entered, ``stale`` where what was entered no longer fits, or ``open``."""
        return self.entry["state"] if self.entry else STALE if self.earlier else OPEN


def items(record: Record, facts: Iterable[Fact]) -> list[Item]:
    """Every fact in its order, then every keyed number and gap by document and id."""
    evidence = Evidence.of(record)
    found = [_of_fact(record, fact) for fact in facts]
    return found + [_of_row(record, evidence, row) for row in record.rows("metrics")]


def checked(record: Record, items: Iterable[Item]) -> list[Checked]:
    """Items with what was entered for them; of several earlier entries the last comes first."""
    entries: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(record.rows("factchecks"), key=lambda row: (row["on"], row["digest"]), reverse=True):
        entries[row["item"]].append(row)
    found = []
    for item in items:
        fitting = next((row for row in entries[item.id] if row["digest"] == item.digest), None)
        found.append(Checked(item, fitting, tuple(row for row in entries[item.id] if row is not fitting)))
    return found


def unknown(record: Record, items: Iterable[Item]) -> list[Row]:
    """Entries for items that are not there; none for an edition as of an earlier day, which may know less than people checked."""
    known = {item.id for item in items}
    return [] if record.as_of else [row for row in record.rows("factchecks") if row["item"] not in known]


def tally(those: Iterable[Checked]) -> Fact:
    """How far the fact check has come, as a sentence that adds up."""
    counts = Counter(one.standing for one in those)
    names = {"checked": "checked", "wrong": "found wrong", "question": "in question", STALE: "stale", OPEN: "open"}
    total = counts.total()
    text = f"{number(total)} items: {listed([f'{number(counts[standing])} {name}' for standing, name in names.items()])}."
    formula = f"{' + '.join(number(counts[standing]) for standing in STANDINGS)} = {number(total)}"
    return Fact("factcheck-items", text, Decimal(total), "items", formula)


def mark_of(row: Row) -> str:
    """Where a row or passage is marked in its source, from the edition's folder."""
    return f"evidence/{row.document}.html#{row.id}"


def told(entry: Cells) -> str:
    """An entry in words: who found what, when, and the remark."""
    return f"{entry['state']} {signed(entry)}"


def signed(entry: Cells) -> str:
    """Who made an entry, when, and the remark."""
    remark = f": {entry['remark']}" if entry["remark"] else ""
    return f"by {entry['checker']} on {entry['on']}{remark}"


def _of_fact(record: Record, fact: Fact) -> Item:
    stored = fact.as_json()
    value = "" if fact.value is None else f"{Decimal(str(stored['value'])):f}"
    rows = tuple(record.by_id[one] for one in fact.inputs if one in record.by_id)
    digest = _digest(record, stored, rows)
    return Item(fact.id, fact.text, value, fact.unit, fact.formula, fact.verdict, fact.caveats, rows, digest)


def _of_row(record: Record, evidence: Evidence, row: Row) -> Item:
    """A keyed number as an item: what it is said to count, and what must be said with it."""
    text = level_text(record, row.cells)
    status = [] if row["status"] in ("A", "O") else [sentence(f"Status {row['status']}: {STATUSES[row['status']]}")]
    caveats = (*status, *evidence.caveats([row.id]))
    said = {"text": text, "value": row["value"], "unit": row["unit"], "caveats": list(caveats)}
    return Item(row.id, text, row["value"], row["unit"], "", "", caveats, (row,), _digest(record, said, (row,)))


def _digest(record: Record, said: Mapping, rows: tuple[Row, ...]) -> str:
    """SHA-256 over what an item says, the cells of the rows behind it, and the bytes of their sources."""
    cells = [sorted(row.cells.items()) for row in rows]
    seeds = sorted((document, record.seeds.get(document, "")) for document in {row.document for row in rows})
    content = json.dumps([said, cells, seeds], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
