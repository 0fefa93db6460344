"""The fact-check sheet as a page: the items in the order of the front page, then by document, each with a place to tick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tieout.comparing import HOLD
from tieout.factcheck import STANDINGS, Checked, mark_of
from tieout.facts import Fact
from tieout.pages.findings import behind
from tieout.pages.folder import Figure
from tieout.pages.reading import Shelf, Words
from tieout.pages.summary import counted
from tieout.record import Row
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


def groups(
    those: Iterable[Checked], facts: Iterable[Fact], figures: Iterable[Figure], shelf: Shelf, places: Mapping[str, str]
) -> list[Group]:
    """Every item once: by finding, then the other sentences, then the keyed numbers by document. A group of none is left out.

    ``places`` tells by item where it is printed or marked.
    """
    titles = {f"finding-{figure.id}": figure.title for figure in figures} | REST
    titles |= {f"document-{document}": f"Keyed from {row['title']} ({document})" for document, row in shelf.record.documents.items()}
    of = _by_finding(facts, figures, shelf)
    found: dict[str, list[Entry]] = {name: [] for name in titles}
    for one in those:
        found[of.get(one.item.id) or _rest(one, shelf)].append(_entry(one, shelf, places[one.item.id]))
    return [Group(name, titles[name], tuple(entries)) for name, entries in found.items() if entries]


def _by_finding(facts: Iterable[Fact], figures: Iterable[Figure], shelf: Shelf) -> dict[str, str]:
    """The first finding that prints a sentence, by the sentence's id."""
    facts, of = list(facts), {}
    for figure in figures:
        for name in (f"figure-{figure.id}", *(fact.id for fact in behind(figure, facts, shelf))):
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


def _entry(one: Checked, shelf: Shelf, place: str) -> Entry:
    return Entry(one, place, tuple(_behind(shelf, row) for row in one.item.rows))


def _behind(shelf: Shelf, row: Row) -> Behind:
    reading = shelf.readings.get(row.id)
    if reading:
        return Behind(row.id, reading.shown, reading.when, reading.words, reading.href)
    return Behind(row.id, "", "", Words(row["quote"]), mark_of(row))
