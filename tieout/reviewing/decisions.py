"""The acts of a reader, each a pure function from the desk to tables: nothing is lost by any, and each tells what it did.

A row goes from ``drafts`` to ``metrics`` or ``set_aside`` and back; no act takes a number off the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tieout.accounting import KEYED, OPEN, PERIOD, SET_ASIDE
from tieout.drafting import Spot, spot_of
from tieout.guessing.fates import KEY
from tieout.problems import Usage
from tieout.reviewing.desk import ASIDE, GAP, NUMBER, PASSAGE, Desk, Item, plain_note
from tieout.reviewing.numbering import fixed, next_id
from tieout.reviewing.quoting import STEPS, context, holds, stepped
from tieout.reviewing.reading import DRAFTS, Tables, columns
from tieout.schema import DOCUMENT_FILES, PERIOD_BASES, QUALIFIERS, REASONS, STATEMENT_KINDS, STATUSES
from tieout.texts import Text

ROW = tuple(field.name for field in DOCUMENT_FILES["metrics"].fields)
EDITABLE = {
    DRAFTS: frozenset(ROW) - {"id", "printed"} | {"fate", "reason"},
    "statements": frozenset({"kind", "label", "quote", "note"}),
    "set_aside": frozenset({"reason", "note"}),
}
CODES = {"period_basis": PERIOD_BASES, "qualifier": QUALIFIERS, "status": tuple(STATUSES), "kind": STATEMENT_KINDS, "reason": REASONS,
         "fate": (KEY, SET_ASIDE, PERIOD)}  # fmt: skip
MISSING = "O"


@dataclass(frozen=True)
class Done:
    """What an act made: the tables, what to tell, and the key of the item to go to (empty: stay)."""

    tables: Tables
    told: str
    key: str = ""


def edit(desk: Desk, key: str, cells: Mapping[str, str]) -> Done:
    """Change cells of an open item's draft row, of a passage, or of a row set aside; a keyed row is opened again first.

    The metric brings its unit. A draft row that a person has edited is no guess any more, so its confidence goes.
    """
    item = _item(desk, key)
    allowed = EDITABLE.get(item.table, frozenset())
    if not item.table or item.table == "metrics":
        raise Usage("This row is keyed. Open it again before you change it." if item.table else "There is no row to change here.")
    for name, cell in cells.items():
        if name not in allowed:
            raise Usage(f"{name!r} cannot be changed here.")
        if name in CODES and cell and cell not in CODES[name]:
            raise Usage(f"{cell!r} is no {name}: {', '.join(CODES[name])}.")
    new = {**desk.cells(item), **cells}
    if item.table == DRAFTS:
        new = _touched(desk, new, cells)
    return Done(_with(desk.tables, item, new), "", key)


def _touched(desk: Desk, cells: dict[str, str], changed: Mapping[str, str]) -> dict[str, str]:
    """A draft row after a person's hand: it is to be keyed where its cells are filled in, and its unit is its metric's."""
    cells["confidence"] = ""
    if changed.get("metric") in desk.base.metrics:
        cells["unit"] = desk.base.metrics[changed["metric"]]["unit"]
    if changed.keys() & (EDITABLE[DRAFTS] - {"fate", "reason", "note", "quote"}) and "fate" not in changed:
        cells["fate"] = KEY
    if cells["fate"] == KEY:
        cells |= {name: "total" for name in ("sex", "age", "exploitation") if not cells[name] and name not in changed}
        cells |= {name: code for name, code in (("qualifier", "exact"), ("status", "A")) if not cells[name] and name not in changed}
    return cells


def accept(desk: Desk, key: str) -> Done:
    """Do what an open item's row says: key it, set it aside, or leave it as the year of another row.

    Raises ``Usage`` where a cell lacks that no row may lack.
    """
    item, cells = _open(desk, key)
    if cells["fate"] == SET_ASIDE:
        return set_aside(desk, key, cells["reason"])
    if cells["fate"] == PERIOD:
        return period(desk, key)
    if cells["fate"] != KEY:
        raise Usage("Say first what becomes of it: choose a metric, set it aside, or call it the year of another row.")
    _refuse_unready(desk, item, cells)
    spot = spot_of(cells)
    row = {name: cells[name] for name in ROW} | {"id": spot.kept if spot else "", "note": plain_note(cells["note"])}
    row["id"] = row["id"] or next_id(desk, "metrics")
    tables = _without(desk.tables, item)
    told = f"{cells['printed'] or 'Not reported'}: keyed as {desk.base.metrics[cells['metric']]['label']}."
    tables = {**tables, "metrics": (*tables["metrics"], row)}
    return Done(tables, told, key if item.kind == NUMBER else _last(desk, tables, "metrics"))


def _refuse_unready(desk: Desk, item: Item, cells: dict[str, str]) -> None:
    lacking = [name for name in ("metric", "sex", "age", "exploitation", "period_basis", "qualifier", "status") if not cells[name]]
    lacking += ["value"] if not cells["value"] and cells["status"] != MISSING else []
    found = [f"{', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} empty"] if lacking else []
    if cells["metric"] and cells["metric"] not in desk.base.metrics:
        found.append(f"{cells['metric']!r} is no metric of the codebook")
    if item.kind == NUMBER and cells["status"] == MISSING:
        found.append("status O is for words without a number")
    if item.kind == NUMBER and item.number and not holds(desk.text, cells["quote"], item.number):
        found.append("the quote must stand once in the document, and hold the number once")
    if item.kind == GAP and len(desk.text.find(cells["quote"])) != 1:
        found.append("the quote must stand once in the document")
    if found:
        raise Usage(f"Not keyed yet: {'; '.join(found)}.")


def set_aside(desk: Desk, key: str, reason: str) -> Done:
    """Set an open number aside, its quote the context where that holds it, else the fewest words that do."""
    item, cells = _open(desk, key)
    if reason not in REASONS:
        raise Usage(f"Say why it is set aside: {', '.join(REASONS)}.")
    if item.number is None:
        raise Usage("Only a number is set aside. Take the row away instead.")
    words = cells["quote"] if holds(desk.text, cells["quote"], item.number) else context(desk.text, item.number)
    if not words:
        raise Usage("No words of its line hold this number once. Select the whole stretch on the page, and set that aside.")
    row = {"printed": item.number.printed, "context": words, "reason": reason, "note": plain_note(cells["note"])}
    _refuse_kept(cells)
    tables = _without(desk.tables, item)
    return Done({**tables, "set_aside": (*tables["set_aside"], row)}, f"{item.number.printed}: set aside as {reason}.", key)


def _refuse_kept(cells: dict[str, str]) -> None:
    if (spot := spot_of(cells)) and spot.kept:
        raise Usage(
            f"This number was signed as {spot.kept}, and an id is never used again. Key it again; or write {spot.kept} into withdrawn.csv, "
            "with the day and the reason, and take its id out of the draft row."
        )


def stretch(desk: Desk, start: int, end: int, reason: str) -> Done:
    """Set a whole stretch aside, with every number in it; none of them may be keyed."""
    if reason not in REASONS:
        raise Usage(f"Say why it is set aside: {', '.join(REASONS)}.")
    words, start, end = _selected(desk, start, end)
    inside = [item for item in desk.items.values() if item.number and start <= item.start and item.end <= end]
    if not inside:
        raise Usage("There is no number in the words that you selected.")
    if any(item.start < end and start < item.end for item in desk.items.values() if item.number and item not in inside):
        raise Usage("The selection cuts a number. Select all of it, or none.")
    claimed = [item.number.printed for item in inside if item.fate in (KEYED, SET_ASIDE)]
    if claimed:
        raise Usage(
            f"{', '.join(claimed[:5])} in it {'is' if len(claimed) == 1 else 'are'} keyed or set aside already. Open it again first."
        )
    for item in inside:
        if item.table:
            _refuse_kept(desk.cells(item))
    gone = {item.index for item in inside if item.table == DRAFTS}
    kept = tuple(cells for index, cells in enumerate(desk.tables[DRAFTS]) if index not in gone)
    row = {"printed": words, "context": words, "reason": reason, "note": ""}
    return Done(
        {**desk.tables, DRAFTS: kept, "set_aside": (*desk.tables["set_aside"], row)}, f"{len(inside)} numbers set aside as {reason}."
    )


def period(desk: Desk, key: str) -> Done:
    """Call a number the year of another row: it needs no row where that row's quote holds it."""
    item, cells = _open(desk, key)
    if item.number is None or item.number.year is None:
        raise Usage("Only a year can be the year of another row.")
    new = cells | {"fate": PERIOD, "confidence": ""}
    return Done(_with(desk.tables, item, new), f"{item.number.printed}: the year of another row, once that row is keyed.", key)


def reopen(desk: Desk, key: str) -> Done:
    """Make a keyed row, or one set aside, a draft again; the words of a stretch become open numbers."""
    item = _item(desk, key)
    cells = desk.cells(item)
    if item.table == "metrics":
        kept = cells["id"] if fixed(desk.base, desk.reading.document) else ""
        turn = 0 if item.kind == NUMBER else 1 + _turns(desk, item.start)
        row = dict.fromkeys(columns(DRAFTS), "") | cells | {"id": str(Spot(item.start, turn, kept)), "fate": KEY}
    elif item.table == "set_aside" and item.number:
        if cells["printed"] == cells["context"] != item.number.printed:
            return split(desk, key)
        row = dict.fromkeys(columns(DRAFTS), "") | {
            "id": str(Spot(item.start)), "printed": item.number.printed, "quote": cells["context"], "note": cells["note"],
            "fate": SET_ASIDE, "reason": cells["reason"],
        }  # fmt: skip
    elif item.table == "set_aside":
        return remove(desk, key)
    else:
        raise Usage("This is open already." if item.table == DRAFTS else "There is nothing here to open again.")
    tables = _without(desk.tables, item)
    others = tuple(one for one in tables[DRAFTS] if one["id"].split(" ")[0] != row["id"].split(" ")[0])
    follow = key if item.kind == NUMBER else f"draft-{item.start}-{turn}"
    return Done({**tables, DRAFTS: (*others, row)}, f"{cells['printed'] or 'The row'} is open again.", follow)


def split(desk: Desk, key: str) -> Done:
    """A second row for words that deny a number; or a stretch that was set aside as one taken apart into its numbers."""
    item = _item(desk, key)
    cells = desk.cells(item)
    if item.kind == GAP:
        spot = Spot(item.start, 1 + _turns(desk, item.start))
        row = (
            dict.fromkeys(columns(DRAFTS), "")
            | {name: cells[name] for name in ROW}
            | {"id": str(spot), "metric": "", "unit": "", "fate": KEY}
        )
        told = "A second row from the same words: choose its metric."
        return Done({**desk.tables, DRAFTS: (*desk.tables[DRAFTS], row)}, told, f"draft-{spot.start}-{spot.turn}")
    if item.table == "set_aside" and cells["printed"] == cells["context"]:
        return Done(_without(desk.tables, item), "The stretch is taken apart: its numbers are open.", key if item.kind == NUMBER else "")
    raise Usage("One printed number is one row. Only words that deny several numbers, and stretches set aside as one, are split.")


def gap(desk: Desk, start: int, end: int) -> Done:
    """A row for what the selected words say is not reported, to be finished: status O, no value."""
    words, start, _ = _selected(desk, start, end)
    spot = Spot(start, 1 + _turns(desk, start))
    row = dict.fromkeys(columns(DRAFTS), "") | {
        "id": str(spot), "sex": "total", "age": "total", "exploitation": "total", "qualifier": "exact", "status": MISSING, "quote": words,
        "fate": KEY,
    }  # fmt: skip
    return Done({**desk.tables, DRAFTS: (*desk.tables[DRAFTS], row)}, "Not reported: choose the metric.", f"draft-{spot.start}-{spot.turn}")


def passage(desk: Desk, start: int, end: int, kind: str) -> Done:
    """Keep the selected words as a statement."""
    words, start, _ = _selected(desk, start, end)
    if kind not in STATEMENT_KINDS:
        raise Usage(f"Say what the passage does: {', '.join(STATEMENT_KINDS)}.")
    row = {"id": next_id(desk, "statements"), "kind": kind, "label": "", "quote": words, "note": ""}
    tables = {**desk.tables, "statements": (*desk.tables["statements"], row)}
    item = next(
        one for one in desk.with_tables(tables).items.values() if one.kind == PASSAGE and one.index == len(tables["statements"]) - 1
    )
    return Done(tables, f"Kept as {kind}: name its topic.", item.key)


def remove(desk: Desk, key: str) -> Done:
    """Take away a row that stands for no number: a gap, a passage, words set aside."""
    item = _item(desk, key)
    if item.kind not in (GAP, PASSAGE, ASIDE):
        raise Usage("A number stays on the desk until it is keyed or set aside.")
    cells = desk.cells(item)
    _refuse_kept(cells) if item.table == DRAFTS else None
    if item.table in ("metrics", "statements") and fixed(desk.base, desk.reading.document):
        raise Usage(f"{cells['id']} was signed. To withdraw it, take it out of its file and enter it in withdrawn.csv.")
    return Done(_without(desk.tables, item), "The row is taken away.")


def quote(desk: Desk, key: str, start: int, end: int) -> Done:
    """Make the selected words the quote of an item's row."""
    words, _, _ = _selected(desk, start, end)
    return edit(desk, key, {"quote": words})


def step(desk: Desk, key: str, way: str) -> Done:
    """Widen or narrow the quote of an item's row by a phrase: ``way`` is one of ``quoting.STEPS``."""
    if way not in STEPS:
        raise Usage(f"{way!r} is no step: {', '.join(STEPS)}.")
    item = _item(desk, key)
    words = desk.cells(item).get("quote", "")
    places = [place for place in desk.text.find(words) if item.number is None or place <= item.start < item.end <= place + len(words)]
    start, end = (places[0], places[0] + len(words)) if places else (item.start, item.end)
    start, end = stepped(desk.text, start, end, way, item.number)
    return edit(desk, key, {"quote": desk.text.text[start:end]})


ACTS: dict[str, tuple[Callable[..., Done], dict[str, type]]] = {
    "edit": (edit, {"key": str, "cells": dict}),
    "accept": (accept, {"key": str}),
    "set_aside": (set_aside, {"key": str, "reason": str}),
    "stretch": (stretch, {"start": int, "end": int, "reason": str}),
    "period": (period, {"key": str}),
    "reopen": (reopen, {"key": str}),
    "split": (split, {"key": str}),
    "gap": (gap, {"start": int, "end": int}),
    "passage": (passage, {"start": int, "end": int, "kind": str}),
    "remove": (remove, {"key": str}),
    "quote": (quote, {"key": str, "start": int, "end": int}),
    "step": (step, {"key": str, "way": str}),
}


def act(desk: Desk, name: str, given: Mapping[str, object]) -> Done:
    """The act of that name; raises ``Usage`` where there is none, or it is given what it cannot take."""
    if name not in ACTS:
        raise Usage(f"There is no act {name!r}.")
    function, wanted = ACTS[name]
    if given.keys() != wanted.keys() or any(type(given[one]) is not wanted[one] for one in wanted):
        raise Usage(f"{name} wants {', '.join(f'{one} ({kind.__name__})' for one, kind in wanted.items())}.")
    cells = given.get("cells")
    if isinstance(cells, dict) and not all(isinstance(part, str) for pair in cells.items() for part in pair):
        raise Usage("Every cell is text.")
    return function(desk, **given)


def _item(desk: Desk, key: str) -> Item:
    if key not in desk.items:
        raise Usage("What this was about is not there any more.")
    return desk.items[key]


def _open(desk: Desk, key: str) -> tuple[Item, dict[str, str]]:
    item = _item(desk, key)
    if item.table != DRAFTS or item.fate != OPEN:
        raise Usage(
            "This is decided already. Open it again first." if item.table else "A keyed row's quote holds this year: it needs no row."
        )
    return item, desk.cells(item)


def _last(desk: Desk, tables: Tables, table: str) -> str:
    """The key of the row that was added to a table last."""
    place = (table, len(tables[table]) - 1)
    return next(item.key for item in desk.with_tables(tables).items.values() if (item.table, item.index) == place)


def _selected(desk: Desk, start: int, end: int) -> tuple[str, int, int]:
    """The selected words without the blanks around them; they must stand once in the document."""
    text: Text = desk.text
    words = text.text[max(0, start) : max(0, end)]
    begins = max(0, start) + len(words) - len(words.lstrip())
    words = words.strip()
    if not words:
        raise Usage("Select the words on the page first.")
    if len(text.find(words)) != 1:
        raise Usage("These words stand more than once in the document. Select more of them.")
    return words, begins, begins + len(words)


def _turns(desk: Desk, start: int) -> int:
    """The highest running number of the gaps drafted at an offset."""
    return max((spot.turn for cells in desk.tables[DRAFTS] if (spot := spot_of(cells)) and spot.start == start), default=0)


def _with(tables: Tables, item: Item, cells: dict[str, str]) -> Tables:
    rows = list(tables[item.table])
    rows[item.index] = cells
    return {**tables, item.table: tuple(rows)}


def _without(tables: Tables, item: Item) -> Tables:
    return {**tables, item.table: tuple(cells for index, cells in enumerate(tables[item.table]) if index != item.index)}
