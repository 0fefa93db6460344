"""The page "What changed": what the newest documents added, and every correction of what was published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tieout.comparing import CAVEAT, HOLD, RUN, Pair, Reason
from tieout.facts import Fact
from tieout.figures import plans
from tieout.figures.carried import FATES, Carried, carried
from tieout.pages.added import by_group, newly
from tieout.pages.editor import Reference, reference
from tieout.pages.findings import Told, told
from tieout.pages.folder import Drawing, Figure, Folder
from tieout.pages.reading import Reading, Shelf
from tieout.pages.words import day_name, plain
from tieout.record import Record, Row
from tieout.since import Since
from tieout.wording import sentence

PAGE = "changes.html"
GLANCE = ("change-documents", "change-numbers", "change-told-again", "change-figures", "change-corrections")


@dataclass(frozen=True)
class Correction:
    """An entry of corrections.csv for readers; ``references`` without an address are facts, or rows that are gone."""

    name: str
    kind: str
    on: str
    was: str
    now: str
    reason: str
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Moved:
    """A comparison of before that is judged otherwise now, with the reasons that came and those that went."""

    old: str
    new: str
    fact: Fact
    rows: tuple[Reading, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """A figure as it was and as it is."""

    before: Mapping
    now: Figure

    @property
    def drawn(self) -> tuple[Drawing, ...]:
        """The earlier drawing for a page and for a phone, from the folder of figures; each has a dark one beside it."""
        light = (one for one in self.before["files"] if one["scheme"] == "light")
        return tuple(Drawing(f"before/{one['file']}", one["width"], one["height"]) for one in light)


@dataclass(frozen=True)
class Recommended:
    """What became of a report's recommendations in the next one of its series; ``headline`` where a figure draws these two."""

    old: str
    new: str
    fates: Mapping[str, list[Carried]]
    headline: Fact | None


@dataclass(frozen=True)
class Story:
    """What the page tells of a step, in its order."""

    groups: Mapping[str, tuple[Reading, ...]]
    told_again: list[Told]
    sayable: Mapping[str, list[Told]]
    carried_on: Mapping[str, list[Told]]
    moved: list[Moved]
    reworded: list[Moved]
    parted: list[tuple[Reading, ...]]
    gaps: list[Told]
    closed: list[Told]
    recommendations: list[Recommended]
    figures: list[Beside]
    new_figures: list[Figure]


def glance(facts: Iterable[Fact]) -> list[Fact]:
    """What changed, in the few sentences that a front page has room for."""
    by_id = {fact.id: fact for fact in facts}
    return [by_id[name] for name in GLANCE if name in by_id]


def corrections(record: Record) -> list[Correction]:
    """Every correction, the newest first."""
    return [
        Correction(
            row.id,
            plain(row["kind"]),
            day_name(row["on"]),
            row["was"],
            row["now"],
            row["reason"],
            tuple(reference(record, one) if one in record.by_id else Reference(one, "") for one in row.tokens("ids")),
        )
        for row in reversed(record.rows("corrections"))
    ]


def story(since: Since, folder: Folder, edition: Path, shelf: Shelf) -> Story:
    """What the newest documents added, changed and left as it was."""
    facts = {fact.id: fact for fact in folder.facts}
    before = {one["id"]: one for one in json.loads((edition / "figures" / "before" / "figures.json").read_text(encoding="utf-8"))}
    known = {plan.id for plan in plans(since.before)}
    return Story(
        groups={group: shelf.rows(cells["id"] for cells in rows) for group, rows in by_group(since).items()},
        told_again=told((_fact(facts, pair, "revision") for pair in since.told_again), shelf),
        sayable=_by_verdict(told((facts[fact.id] for fact in newly(since)), shelf)),
        carried_on=_by_verdict(told((_fact(facts, pair) for pair in since.carried_on), shelf)),
        moved=[_moved(facts, *pair, shelf) for pair in since.moved],
        reworded=[_moved(facts, *pair, shelf) for pair in since.reworded],
        parted=[shelf.rows((pair.start["id"], pair.end["id"])) for pair in since.parted],
        gaps=told((facts[f"gap-{cells['id']}"] for cells in since.gaps), shelf),
        closed=told((_fact(facts, pair, "revision") for pair in since.closed), shelf),
        recommendations=[_recommended(facts, *those) for those in since.recommended],
        figures=[Beside(before[figure.id], figure) for figure in folder.figures if figure.id in before],
        new_figures=[figure for figure in folder.figures if figure.id not in known],
    )


def _fact(facts: Mapping[str, Fact], pair: Pair, kind: str = "trend") -> Fact:
    return facts[f"{kind}-{pair.start['id']}-{pair.end['id']}"]


def _by_verdict(those: list[Told]) -> dict[str, list[Told]]:
    groups = {verdict: [one for one in those if one.fact.verdict == verdict] for verdict in (RUN, CAVEAT, HOLD)}
    return {verdict: found for verdict, found in groups.items() if found}


def _moved(facts: Mapping[str, Fact], old: Pair, new: Pair, shelf: Shelf) -> Moved:
    fact = facts.get(f"trend-{new.start['id']}-{new.end['id']}") or _fact(facts, new, "revision")
    came, went = _only(new.reasons, old.reasons), _only(old.reasons, new.reasons)
    return Moved(old.verdict, new.verdict, fact, shelf.rows((new.start["id"], new.end["id"])), came, went)


def _only(reasons: Iterable[Reason], others: Iterable[Reason]) -> tuple[str, ...]:
    """The reasons that are not among the others, as sentences."""
    known = {reason.text for reason in others}
    return tuple(sentence(reason.text) for reason in reasons if reason.text not in known)


def _recommended(facts: Mapping[str, Fact], old: str, new: str, asked: list[Row], asks: list[Row]) -> Recommended:
    drawn = facts.get("figure-recommendations")
    same = drawn is not None and set(drawn.inputs) == {row.id for row in (*asked, *asks)}
    return Recommended(old, new, _by_fate(carried(asked, asks)), drawn if same else None)


def _by_fate(links: list[Carried]) -> dict[str, list[Carried]]:
    """Recommendations by what became of them: what is new or gone first, what stands as it was last."""
    groups = {fate: [link for link in links if link.fate == fate] for fate in reversed(FATES)}
    return {fate: found for fate, found in groups.items() if found}


__all__ = ["PAGE", "Beside", "Correction", "Moved", "Recommended", "Story", "corrections", "glance", "story"]
