"""Where a row is used: the way back from a mark in a source to every place of the edition that rests on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import escape

from tieout.comparing import HOLD
from tieout.factcheck import mark_of
from tieout.facts import Fact
from tieout.identities import wholes
from tieout.pages.findings import behind
from tieout.pages.folder import Figure
from tieout.pages.reading import Shelf
from tieout.record import Record
from tieout.wording import shown

RELATIONS = {"sum": "Sum", "part": "Part of a whole", "product": "Product", "rate": "Exchange rate", "same": "Told again"}
FACTS = {"trend": "Change", "revision": "Revision", "share": "Share", "gap": "Not reported", "edition": "This edition"}


@dataclass(frozen=True)
class Other:
    """A row that a use names: its number as a reader may be given it, empty for a passage, and where it stands."""

    id: str
    shown: str
    href: str


@dataclass(frozen=True)
class Use:
    """One place that rests on a row: what sort of place, what it says, where it is.

    ``href`` leads there from the edition's folder and is empty where the place has no page; ``rows`` are the other rows that
    it names.
    """

    kind: str
    text: str
    href: str = ""
    rows: tuple[Other, ...] = ()


Found = Iterable[tuple[str, Use]]  # the id of a row or passage, and one use of it


def uses(shelf: Shelf, facts: Iterable[Fact], figures: Iterable[Figure], places: Callable[[Fact], str]) -> dict[str, tuple[Use, ...]]:
    """Every use of every row and passage by its id, in a fixed order; ``places`` tells where the edition prints a fact."""
    record, facts, figures = shelf.record, list(facts), list(figures)
    found: dict[str, dict[Use, None]] = defaultdict(dict)
    for one, use in (*_parts(record), *_findings(facts, figures), *_facts(facts, places), *_identities(record), *_faults(record)):
        found[one][use] = None
    return {one: tuple(those) for one, those in found.items()}


def printed_at(shelf: Shelf, facts: Iterable[Fact], figures: Iterable[Figure], front: str) -> Callable[[Fact], str]:
    """Tells where the edition prints a fact: on the front page, whose HTML is ``front``, else on the fact-check sheet.

    A fact without an anchor of its own on the front page is printed there with the finding whose rows it was worked out from,
    or at its top, with what the edition says about itself.
    """
    facts, anchors = list(facts), set(re.findall(r'\bid="([^"]+)"', front))
    with_finding: dict[str, str] = {}
    for figure in figures:
        for fact in behind(figure, facts, shelf):
            with_finding.setdefault(fact.id, f"finding-{figure.id}")

    def place(fact: Fact) -> str:
        top = "edition" if fact.id.startswith("edition-") and str(escape(fact.text)) in front else ""
        names = (fact.id, with_finding.get(fact.id, ""), fact.id.replace("figure-", "finding-", 1), top)
        anchor = next((name for name in names if name in anchors), "")
        return f"index.html#{anchor}" if anchor else f"factcheck.html#item-{fact.id}"

    return place


def _others(record: Record, ids: Iterable[str]) -> tuple[Other, ...]:
    rows = [record.by_id[one] for one in ids]
    return tuple(Other(row.id, shown(row.cells) if "value" in row.cells else "", mark_of(row)) for row in rows)


def _parts(record: Record) -> Found:
    """What a row is a part of, and what parts it has."""
    totals = wholes(record)
    parts: dict[str, list[str]] = defaultdict(list)
    for part, those in totals.items():
        yield part, Use("Part of", "", rows=_others(record, (total.id for total in those)))
        for total in those:
            parts[total.id].append(part)
    for total, those in parts.items():
        yield total, Use("Total of", "", rows=_others(record, those))


def _findings(facts: list[Fact], figures: list[Figure]) -> Found:
    """The findings of the front page that draw a row or whose title rests on it."""
    titles = {fact.id: fact for fact in facts}
    for figure in figures:
        title = titles.get(f"figure-{figure.id}")
        for one in dict.fromkeys([*figure.drawn, *(title.inputs if title else ())]):
            yield one, Use("Finding", figure.title, f"index.html#finding-{figure.id}")


def _facts(facts: list[Fact], places: Callable[[Fact], str]) -> Found:
    """The sentences worked out from a row; the title of a figure stands with its finding."""
    for fact in facts:
        prefix = fact.id.partition("-")[0]
        kind = "Held" if fact.verdict == HOLD and prefix in ("trend", "share") else FACTS.get(prefix, "Sentence")
        for one in fact.inputs if prefix != "figure" else ():
            yield one, Use(kind, fact.text, places(fact))


def _identities(record: Record) -> Found:
    for row in record.rows("identities"):
        named = [one for one in row.tokens("total") + row.tokens("parts") if one in record.by_id]
        text = row["reason"] if row["expected"] == "holds" else f"Does not come out, as expected: {row['reason']}"
        for one in named:
            yield one, Use(RELATIONS[row["relation"]], text, rows=_others(record, (other for other in named if other != one)))


def _faults(record: Record) -> Found:
    for row in record.rows("faults"):
        for one in row.tokens("ids"):
            yield one, Use("Fault", row["description"], f"index.html#fault-{row['fault']}")
