"""The findings of the editor's page: a figure with the facts behind it, and everything that must be said with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from string import ascii_lowercase

from tieout.comparing import CAVEAT, HOLD, RUN
from tieout.facts import Fact
from tieout.pages.folder import OVERVIEW, Figure
from tieout.pages.reading import Reading, Shelf
from tieout.record import Row


@dataclass(frozen=True)
class Told:
    """A fact with the rows it was worked out from, and its caveats.

    ``letters`` name the caveats that its finding lists; ``caveats`` are the rest. ``figure`` is the one that draws it, where it
    is told apart from it.
    """

    fact: Fact
    rows: tuple[Reading, ...]
    caveats: tuple[str, ...]
    letters: tuple[str, ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True)
class Caveat:
    """A sentence that must be said with a finding, its letter there, and the ids of the rows whose numbers it may name."""

    letter: str
    text: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """A figure and all that stands behind it; ``caveats`` has each sentence once."""

    figure: Figure
    headline: Fact | None
    caveats: tuple[Caveat, ...]
    may_be_said: tuple[Told, ...]
    may_not_be_said: tuple[Told, ...]
    rows: tuple[Reading, ...]
    passages: tuple[Row, ...]

    @property
    def judges(self) -> bool:
        """Whether it compares numbers; the map of what was reported does not, and has no verdict to tell."""
        return self.figure.group != OVERVIEW

    @property
    def verdict(self) -> str:
        """The figure's verdict: run, caveat or hold."""
        return self.figure.verdict


def findings(figures: Iterable[Figure], facts: Iterable[Fact], shelf: Shelf) -> dict[str, list[Finding]]:
    """The findings by verdict, in the figures' order; a verdict without any is left out."""
    facts = list(facts)
    found = [_finding(figure, facts, shelf) for figure in figures]
    by_verdict = {verdict: [finding for finding in found if finding.verdict == verdict] for verdict in (RUN, CAVEAT, HOLD)}
    return {verdict: those for verdict, those in by_verdict.items() if those}


def runs(figures: Iterable[Figure], facts: Iterable[Fact], shelf: Shelf) -> list[Told]:
    """The changes and shares that may run as they stand, each with the figure that draws it."""
    facts, figures = list(facts), list(figures)
    drawn = {fact.id: figure for figure in reversed(figures) for fact in behind(figure, facts, shelf)}
    sound = [fact for fact in worked_out(facts) if fact.verdict == RUN]
    return [replace(one, figure=drawn.get(one.fact.id)) for one in told(sound, shelf)]


def told(facts: Iterable[Fact], shelf: Shelf) -> list[Told]:
    """Facts with their rows."""
    return [Told(fact, shelf.rows(fact.inputs), fact.caveats) for fact in facts]


def behind(figure: Figure, facts: Iterable[Fact], shelf: Shelf) -> list[Fact]:
    """The changes and shares of the figure's own group whose every row it draws."""
    drawn = set(figure.drawn)
    return [fact for fact in worked_out(facts) if drawn.issuperset(fact.inputs) and shelf.group(fact.inputs[0]) == figure.group]


def worked_out(facts: Iterable[Fact]) -> list[Fact]:
    """The changes and shares among facts."""
    return [fact for fact in facts if fact.id.startswith(("trend-", "share-"))]


def _finding(figure: Figure, facts: list[Fact], shelf: Shelf) -> Finding:
    headline = next((fact for fact in facts if fact.id == f"figure-{figure.id}"), None)
    those = behind(figure, facts, shelf)
    sayable, held = ([fact for fact in those if (fact.verdict == HOLD) is on_hold] for on_hold in (False, True))
    caveats = _lettered(figure, [*([headline] if headline else []), *sayable])
    may, may_not = (tuple(_told(fact, caveats, shelf) for fact in facts) for facts in (sayable, held))
    return Finding(figure, headline, caveats, may, may_not, shelf.rows(figure.drawn), shelf.passages(figure.drawn))


def _told(fact: Fact, caveats: Iterable[Caveat], shelf: Shelf) -> Told:
    letters = {caveat.text: caveat.letter for caveat in caveats}
    listed = sorted(letters[caveat] for caveat in fact.caveats if caveat in letters)
    return Told(fact, shelf.rows(fact.inputs), tuple(caveat for caveat in fact.caveats if caveat not in letters), tuple(listed))


def _lettered(figure: Figure, facts: Iterable[Fact]) -> tuple[Caveat, ...]:
    """The figure's notes and the facts' caveats, each once, lettered: a to z, then aa, ab and so on.

    A caveat is about the rows of the narrowest fact that has it; a note of the figure alone, about what it draws.
    """
    about: dict[str, tuple[str, ...]] = dict.fromkeys(figure.notes, figure.drawn)
    for fact in facts:
        for caveat in fact.caveats:
            about[caveat] = min(about.get(caveat, fact.inputs), fact.inputs, key=len)
    return tuple(Caveat(_letter(place), text, ids) for place, (text, ids) in enumerate(about.items()))


def _letter(place: int) -> str:
    prefix = _letter(place // len(ascii_lowercase) - 1) if place >= len(ascii_lowercase) else ""
    return prefix + ascii_lowercase[place % len(ascii_lowercase)]
