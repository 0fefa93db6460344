"""Corrections: a number that was published is never changed in silence.

``data/<country>/corrections.csv`` says what was published, what stands in its place, when and why. It is told after signing, so no
signature covers it; it is only ever added to. A run that would change a number of a signed edition without an entry fails.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from tieout import published
from tieout.facts import Evidence, gather
from tieout.problems import DataFails, Usage
from tieout.record import Record, Row, load, published_by
from tieout.report import Failure, shorten
from tieout.schema import path_of, schema_of
from tieout.wording import quantity, shown

CHECK = "corrections"
GONE = "gone"  # what stands in the place of a number that is no longer published
WHY = "say here why"
NUMBER = ("value", "qualifier", "printed")  # what a reader sees as the number itself
COLUMNS = (*NUMBER, "unit", "status", "start", "end", "period_basis", "metric", "sex", "age", "exploitation", "coverage")
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Moved:
    """A published number that is not what it was: its id, the old and the new as an entry must give them, its place and its words."""

    id: str
    was: str
    now: str
    where: str = ""
    words: str = ""


def failures(record: Record) -> list[Failure]:
    """What is wrong with the entries: their numbers and order, the ids that they name, an old and a new that are alike."""
    entries = record.complete.rows("corrections")
    found = [*_misnumbered(entries), *_disordered(entries), *(failure for row in entries for failure in _senseless(row))]
    known = _known(record.complete) if entries else None  # every fact is worked out for it
    return found if known is None else [*found, *_misnamed(entries, known, record.complete), *_outdated(entries, record)]


def _misnumbered(entries: Iterable[Row]) -> Iterable[Failure]:
    for place, row in enumerate(entries, 1):
        if not row.id.startswith(f"c{place:02d}-"):
            message = f"{row.id} stands where c{place:02d} must stand. Number entries on in the order of the file, and remove none."
            yield _failure(row, "correction", message)


def _disordered(entries: Iterable[Row]) -> Iterable[Failure]:
    for earlier, later in pairwise(entries):
        if later["on"] < earlier["on"]:
            message = f"{later.id} of {later['on']} stands after {earlier.id} of {earlier['on']}. The oldest comes first; add below."
            yield _failure(later, "on", message)


def _senseless(row: Row) -> Iterable[Failure]:
    if row["was"] == row["now"]:
        yield _failure(row, "now", f"{row.id} says that {row['was']!r} became {row['now']!r}. Say what was changed.")
    if row["reason"] == WHY:
        yield _failure(row, "reason", f"{row.id} does not say why. Write the reason for a reader.")
    if not row.tokens("ids"):
        yield _failure(row, "ids", f"{row.id} names no observation and no fact. Name what was published.")


def _misnamed(entries: Iterable[Row], known: set[str], record: Record) -> Iterable[Failure]:
    """Entries whose ids were never known nor are said to be gone, and ids that are said to be gone and stand."""
    gone = {one for row in entries if row["now"] == GONE for one in row.tokens("ids")}
    last = {one: row for row in entries for one in row.tokens("ids")}
    told_once = known if known | gone >= last.keys() else known | _known_before(record)
    for row in entries:
        if unknown := [one for one in row.tokens("ids") if one not in told_once | gone]:
            told = f"{row.id} names {', '.join(unknown)}, which is no observation and no fact"
            yield _failure(row, "ids", f"{told}. Name what was published; where it is no longer, now is {GONE!r}.")
        if back := [one for one in row.tokens("ids") if row["now"] == GONE and last[one] is row and one in known]:
            yield _failure(row, "now", f"{row.id} says that {', '.join(back)} is gone, but it stands. An id is never used again.")


def _outdated(entries: Iterable[Row], record: Record) -> Iterable[Failure]:
    """Rows whose last entry says another number than they do: a change after it, published or not, needs an entry of its own."""
    last = {one: row for row in entries for one in row.tokens("ids")}
    for cells in record.complete.rows("metrics"):
        row = last.get(cells.id)
        if row is not None and row["now"] != GONE and row["now"].partition(" (")[0] != shown(cells.cells):
            told = f"{row.id} says that {cells.id} is now {row['now']}, but the row says {shown(cells.cells)}"
            yield _failure(row, "now", f"{told}. Add the entry that leads there, or mend the row.")


def _known_before(record: Record) -> set[str]:
    """The ids of every fact as the record was before each of its newer documents: a later telling takes the place of an earlier one."""
    days = sorted({published_by(row["published"]) for row in record.documents.values()})[:-1]
    return {one for day in days for one in _known(load(record.country, record.root, day)) or ()}


def _known(record: Record) -> set[str] | None:
    """The ids of every observation and of every fact that rests on some; None where the rows are too wrong to work facts out."""
    from tieout.figures import plans

    evidence = Evidence.of(record)
    try:
        facts = [*gather(evidence), *(plan.headline for plan in plans(evidence))]
    except (ArithmeticError, ValueError, KeyError):
        return None
    return {*evidence.by_id, *(fact.id for fact in facts)}


def _failure(row: Row, column: str, message: str) -> Failure:
    return Failure(CHECK, message, (row.id,), column, row[column], row.where)


def guard(place: Path, edition: Path, record: Record) -> None:
    """Hold the edition that is being built against the signed one that stands in its ``place``.

    Raises ``DataFails`` where a published number changed without an entry in corrections.csv, or where an entry that was published is
    altered, moved or gone; ``Usage`` where the edition in place is no longer what was published.
    """
    if not _stands_for(place, record):
        return
    if spoiled := published.damaged(place):
        told = (
            f"{record.country}: the signed edition in {place} is not as it was published: {' and '.join(spoiled)} is another file or gone."
        )
        raise Usage(f"{told} Restore it from git, so that what changes can be told. Nothing was published.")
    old_rows, old_facts, told = published.told_by(place)
    rows, facts, entries = published.told_by(edition)
    if broken := rewritten(told, entries):
        raise DataFails(_rewritten_screen(record, broken))
    added = entries[len(told) :]
    found = [one for one in [*moved_rows(old_rows, rows), *moved_facts(old_facts, facts, old_rows, rows)] if not excused(one, added)]
    if found:
        raise DataFails(_screen(record, [_placed(record, one, old_rows, facts) for one in found], len(record.complete.rows(CHECK))))


def _stands_for(place: Path, record: Record) -> bool:
    """Whether a signed edition of the same country and day stands there."""
    stored = published.manifest_of(place)
    as_of = record.as_of.isoformat() if record.as_of else ""
    same = stored.get("country") == record.country and stored.get("parameters", {}).get("as_of", "") == as_of
    return same and stored.get("draft") is False


def moved_rows(old: Mapping[str, Cells], new: Mapping[str, Cells]) -> list[Moved]:
    """The observations whose number, or what it is about, is not what it was, and those that are gone. New ones are free."""
    found = []
    for one, before in sorted(old.items()):
        after = new.get(one)
        if after is None:
            found.append(Moved(one, shown(before), GONE))
        elif columns := changed(before, after):
            found.append(Moved(one, told(before, after, columns), told(after, before, columns)))
    return found


def changed(before: Cells, after: Cells) -> list[str]:
    """The columns of the number, and of what it is about, in which two states of a row differ."""
    return [column for column in COLUMNS if column in before and before[column] != after.get(column, "")]


def told(cells: Cells, other: Cells, columns: Iterable[str]) -> str:
    """A row as an entry gives it: its number as printed, and in brackets whatever else is not as in its ``other`` state."""
    seen = NUMBER if shown(cells) != shown(other) else ()
    rest = ", ".join(f"{column} {cells[column] or 'empty'}" for column in columns if column not in seen)
    return f"{shown(cells)} ({rest})" if rest else shown(cells)


def moved_facts(
    old: Mapping[str, Mapping], new: Mapping[str, Mapping], old_rows: Mapping[str, Cells], rows: Mapping[str, Cells]
) -> list[Moved]:
    """The facts that rest on the same rows as before and give another number: the method changed."""
    same = {one for one, cells in old_rows.items() if one in rows and not changed(cells, rows[one])}
    found = []
    for one in sorted(old.keys() & new.keys()):
        before, after = old[one], new[one]
        alike = bool(before["inputs"]) and set(before["inputs"]) == set(after["inputs"]) and same.issuperset(before["inputs"])
        numbers = [(fact["value"], fact["unit"] if fact["value"] is not None else "") for fact in (before, after)]
        if alike and numbers[0] != numbers[1]:
            found.append(Moved(one, *_told_numbers(before, after)))
    return found


def _told_numbers(before: Mapping, after: Mapping) -> tuple[str, str]:
    """Two facts' numbers as pages print them; exact, with their units, where they would look alike."""
    printed = tuple(_told_number(fact, 1 if fact["unit"] == "percent" else None) for fact in (before, after))
    return printed if printed[0] != printed[1] else tuple(f"{fact['value']} {fact['unit']}" for fact in (before, after))


def _told_number(fact: Mapping, decimals: int | None) -> str:
    return "no number" if fact["value"] is None else quantity(Decimal(str(fact["value"])), fact["unit"], decimals)


def excused(one: Moved, entries: Iterable[Cells]) -> bool:
    """Whether the entries lead from the old to the new, each beginning where the one before it ended."""
    at = one.was
    for entry in entries:
        if one.id in _ids(entry) and entry["was"] == at:
            at = entry["now"]
    return at == one.now


def rewritten(last: tuple[Cells, ...], now: tuple[Cells, ...]) -> list[tuple[Cells, Cells | None]]:
    """The published entries that do not stand in their place as they were, each with the one that stands there now."""
    found = []
    for place, entry in enumerate(last):
        stands = now[place] if place < len(now) else None
        if stands is None or any(stands.get(column) != cell for column, cell in entry.items()):
            found.append((entry, stands))
    return found


def _ids(entry: Cells) -> list[str]:
    return [one.strip() for one in entry["ids"].split("|")]


def _placed(record: Record, one: Moved, old: Mapping[str, Cells], facts: Mapping[str, Mapping]) -> Moved:
    """A moved number with its file and line, and the words that it was read from."""
    if one.id in facts:
        rows = [record.by_id[row] for row in facts[one.id]["inputs"] if row in record.by_id]
        return Moved(one.id, one.was, one.now, ", ".join(row.where for row in rows), facts[one.id]["text"])
    if one.id in record.by_id:
        row = record.by_id[one.id]
        return Moved(one.id, one.was, one.now, row.where, row["quote"])
    return Moved(one.id, one.was, one.now, path_of("metrics", record.country, old[one.id]["document"]), old[one.id]["quote"])


def _screen(record: Record, found: list[Moved], entries: int) -> str:
    """Every changed number, old and new, row, file and line, and the line that an entry takes."""
    path = path_of("corrections", record.country)
    lines = []
    for one in found:
        lines += [f"{one.id} · {one.where}", f"    was: {one.was}", f"    now: {one.now}", f"    words: “{shorten(one.words)}”", ""]
    count = "1 published number" if len(found) == 1 else f"{len(found)} published numbers"
    lines += [f"{record.country}: {count} changed, and {path} does not say so. Where that is a mistake, restore the row."]
    lines += [f"Otherwise add to the end of {path}, and say why in the place of {WHY!r}:", ""]
    lines += [line_for(one, entries + place) for place, one in enumerate(found, 1)]
    return "\n".join([*lines, "", "Nothing was published; the last edition is untouched. --force does not change that."])


def line_for(one: Moved, number: int) -> str:
    """The entry for a changed number as a line of corrections.csv, all but its reason."""
    name = re.sub(r"[^a-z0-9]+", "-", one.id.lower()).strip("-")
    today = datetime.now().astimezone().date().isoformat()  # on a screen, for a person to check; never in an edition
    cells = (f"c{number:02d}-{name}", today, "correction", one.id, one.was, one.now, WHY)
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def _rewritten_screen(record: Record, broken: list[tuple[Cells, Cells | None]]) -> str:
    """Every published entry that does not stand as it was, as it was."""
    path, columns = path_of("corrections", record.country), schema_of("corrections").columns
    lines = []
    for entry, stands in broken:
        told = "is gone" if stands is None else f"is not as it was; in its place stands {stands.get('correction', '')}"
        now = stands or {}
        moved = [column for column in columns if stands is None or entry.get(column) != now.get(column)]
        cells = [f"    {column}: was {entry.get(column, '')!r}, is {now.get(column, '')!r}" for column in moved]
        lines += [f"{entry.get('correction', '')} · {path} {told}", *cells, ""]
    end = f"{record.country}: {path} is only ever added to. Put the published entries back; a new entry may correct an old one."
    return "\n".join([*lines, end, "Nothing was published; the last edition is untouched."])
