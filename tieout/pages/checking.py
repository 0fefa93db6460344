"""The fact-check sheet as a page: the items in the order of the front page, then by document, each with a place to tick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tieout.comparing import HOLD
from tieout.factcheck import STANDINGS, Checked, checked, items, mark_of, signed, tally, told, unknown
from tieout.facts import Fact
from tieout.pages.findings import behind
from tieout.pages.folder import Figure
from tieout.pages.reading import Shelf, Words
from tieout.pages.summary import counted
from tieout.record import Row
from tieout.schema import CHECK_STATES
from tieout.sheets import COLUMNS, FILE, sheet
from tieout.tables import safe_text
from tieout.wording import listed, number

FEW = 6  # rows whose words are shown at once; more are folded away on a screen, and unfolded in print
REST = {
    "others": "Other changes and shares",
    "holds": "What may not be compared",
    "gaps": "What the sources do not report",
    "edition": "What the edition says about itself",
}


@dataclass(frozen=True)
class Behind:
    """A row or passage behind an item: its id, its number and period where it has them, its words, where it stands."""

    id: str
    shown: str
    when: str
    words: Words
    href: str


@dataclass(frozen=True)
class Entry:
    """An item on the sheet; ``href`` leads to where the edition prints it or, for a keyed number, to its mark."""

    one: Checked
    href: str
    rows: tuple[Behind, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows whose numbers the item may name."""
        return tuple(row.id for row in self.rows)


@dataclass(frozen=True)
class Group:
    """The items that are checked together; ``name`` is its anchor."""

    name: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def count(self) -> str:
        """How far the group has come: ``4 items: 3 checked and 1 open``."""
        standings = Counter(entry.one.standing for entry in self.entries)
        return f"{counted(len(self.entries), 'item')}: {listed([f'{number(standings[one])} {one}' for one in STANDINGS if standings[one]])}"


@dataclass(frozen=True)
class Binder:
    """The fact check of an edition, as its page and its sheet show it; ``places`` tells where the edition prints a fact."""

    shelf: Shelf
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]
    places: Callable[[Fact], str]

    @cached_property
    def checked(self) -> list[Checked]:
        """Every item with what people entered."""
        return checked(self.shelf.record, items(self.shelf.record, self.facts))

    @cached_property
    def printed(self) -> dict[str, str]:
        """Where each item is printed, from the edition's folder; a keyed number where it is marked."""
        return {fact.id: self.places(fact) for fact in self.facts} | {row.id: row.href for row in self.shelf.readings.values()}

    def content(self) -> dict[str, object]:
        """What the page is made from."""
        others = unknown(self.shelf.record, [one.item for one in self.checked])
        return {"tally": tally(self.checked), "groups": self.groups(), "unknown": others, "states": CHECK_STATES, "few": FEW,
                "sheet": FILE, "told": told, "signed": signed}  # fmt: skip

    def sheet(self) -> str:
        """The sheet to fill in."""
        return safe_text(FILE, COLUMNS, sheet(self.checked, self.printed))

    def groups(self) -> list[Group]:
        """Every item once: by finding, then the other sentences, then the keyed numbers by document. A group of none is left out."""
        documents = self.shelf.record.documents.items()
        titles = {f"finding-{figure.id}": figure.title for figure in self.figures} | REST
        titles |= {f"document-{document}": f"Keyed from {row['title']} ({document})" for document, row in documents}
        of = self._by_finding()
        found: dict[str, list[Entry]] = {name: [] for name in titles}
        for one in self.checked:
            entry = Entry(one, self.printed[one.item.id], tuple(_behind(self.shelf, row) for row in one.item.rows))
            found[of.get(one.item.id) or _rest(one, self.shelf)].append(entry)
        return [Group(name, titles[name], tuple(entries)) for name, entries in found.items() if entries]

    def _by_finding(self) -> dict[str, str]:
        """The first finding that prints a sentence, by the sentence's id."""
        of: dict[str, str] = {}
        for figure in self.figures:
            for name in (f"figure-{figure.id}", *(fact.id for fact in behind(figure, self.facts, self.shelf))):
                of.setdefault(name, f"finding-{figure.id}")
        return of


def _rest(one: Checked, shelf: Shelf) -> str:
    """The group of an item that stands with no figure."""
    prefix = one.item.id.partition("-")[0]
    if one.item.id in shelf.readings:
        return f"document-{shelf.readings[one.item.id].document}"
    if prefix in ("gap", "edition"):
        return "gaps" if prefix == "gap" else prefix
    return "holds" if one.item.verdict == HOLD else "others"


def _behind(shelf: Shelf, row: Row) -> Behind:
    reading = shelf.readings.get(row.id)
    if reading:
        return Behind(row.id, reading.shown, reading.when, reading.words, reading.href)
    return Behind(row.id, "", "", Words(row["quote"]), mark_of(row))
