"""The findings of the editor's page: a figure with the facts behind it, and everything that must be said with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from tieout.comparing import CAVEAT, HOLD, RUN
from tieout.facts import Fact
from tieout.pages.reading import Reading


@dataclass(frozen=True)
class Told:
    """A fact with the rows it was worked out from; ``letters`` name its caveats where a finding lists them."""

    fact: Fact
    rows: tuple[Reading, ...]
    letters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A figure and all that stands behind it; ``caveats`` are (letter, sentence), each sentence once."""

    figure: dict
    headline: Fact | None
    caveats: tuple[tuple[str, str], ...]
    may_be_said: tuple[Told, ...]
    may_not_be_said: tuple[Told, ...]
    rows: tuple[Reading, ...]

    @property
    def verdict(self) -> str:
        """The figure's verdict: run, caveat or hold."""
        return self.figure["verdict"]


def findings(figures: Iterable[dict], facts: Iterable[Fact], rows: Mapping[str, Reading]) -> dict[str, list[Finding]]:
    """The findings by verdict, in the figures' order; a verdict without any is left out."""
    facts = list(facts)
    found = [_finding(figure, facts, rows) for figure in figures]
    by_verdict = {verdict: [finding for finding in found if finding.verdict == verdict] for verdict in (RUN, CAVEAT, HOLD)}
    return {verdict: those for verdict, those in by_verdict.items() if those}


def told(facts: Iterable[Fact], rows: Mapping[str, Reading]) -> list[Told]:
    """Facts with their rows."""
    return [Told(fact, _rows(fact.inputs, rows)) for fact in facts]


def behind(figure: dict, facts: Iterable[Fact]) -> list[Fact]:
    """The facts whose every row the figure draws, its own headline apart."""
    drawn = set(figure["inputs"])
    return [fact for fact in facts if fact.inputs and drawn.issuperset(fact.inputs) and fact.text != figure["title"]]


def _finding(figure: dict, facts: list[Fact], rows: Mapping[str, Reading]) -> Finding:
    headline = next((fact for fact in facts if fact.text == figure["title"]), None)
    those = behind(figure, facts)
    caveats = _lettered([*figure["notes"], *(headline.caveats if headline else ()), *(caveat for fact in those for caveat in fact.caveats)])
    letters = {sentence: letter for letter, sentence in caveats}
    shown = [Told(fact, _rows(fact.inputs, rows), tuple(letters[caveat] for caveat in fact.caveats)) for fact in those]
    return Finding(
        figure,
        headline,
        caveats,
        tuple(one for one in shown if one.fact.verdict != HOLD),
        tuple(one for one in shown if one.fact.verdict == HOLD),
        _rows(figure["inputs"], rows),
    )


def _rows(ids: Iterable[str], rows: Mapping[str, Reading]) -> tuple[Reading, ...]:
    return tuple(rows[one] for one in ids if one in rows)


def _lettered(sentences: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each sentence once, lettered: a to z, then aa, ab and so on."""
    return tuple((_letter(place), sentence) for place, sentence in enumerate(dict.fromkeys(sentences)))


def _letter(place: int) -> str:
    prefix = _letter(place // len(ascii_lowercase) - 1) if place >= len(ascii_lowercase) else ""
    return prefix + ascii_lowercase[place % len(ascii_lowercase)]
