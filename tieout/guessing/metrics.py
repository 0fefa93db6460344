"""The metric of a number: that of the nearest keyed sentence of its unit, of the wordings that fit, or of the number it stands beside.

Each candidate gathers what speaks for it; the strongest wins, and how far it leads the next says how sure the guess is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tieout.accounting import KEYED
from tieout.guessing.guess import Guess
from tieout.guessing.place import Place
from tieout.learning import Likeness, Teacher, features, stems
from tieout.wordings import fit

ATTACHED, WORDED = 0.45, 0.12  # what a wording at the number, and one in the sentence, add
BESIDE, BRACKETED = 0.4, 0.6  # a number before it, and one whose brackets it stands in, add
LABELLED, DEFINED, UNNAMED = 0.25, 0.15, -0.3  # the label's words, the definition's, and a name that is not there
UNSIGNED = ("count", "age", "rank")  # kinds of units that a number can have without a sign or a word that says so
UNSEEN = 3.0  # the rarity of a word that no lesson has
LEAST = 0.22  # support below which no metric is guessed
_COMPARED = re.compile(r"compared (?:with|to)\s+(?:\S+\s+){0,2}$|\bfrom\s+$", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:to|up to|–|-)\s*")  # the upper end of a range is another thing than its lower end
_ELLIPSIS = re.compile(r"^\s*(?:in|\(in|during)\s+\d{4}")


@dataclass(frozen=True)
class Neighbour:
    """A number before this one in its sentence: its guessed metric and unit, how sure they are, and where it ends."""

    metric: str
    confidence: float
    unit: str
    end: int


@dataclass(frozen=True)
class Support:
    """What speaks for a metric: how much, and why, the strongest reason first."""

    score: float
    reasons: tuple[tuple[float, str], ...]


def metric(place: Place, unit: Guess, teacher: Teacher, nearest: list[Likeness], beside: list[Neighbour]) -> Guess:
    """``nearest`` are the lessons by likeness, ``beside`` the numbers before this one in its sentence that are to be keyed."""
    found: dict[str, list[tuple[float, str]]] = {}

    def add(name: str, score: float, reason: str) -> None:
        if name in teacher.record.metrics and score and _measures(teacher, name, unit.value):
            found.setdefault(name, []).append((score, reason))

    taught = set()
    for one in nearest:
        if one.lesson.fate == KEYED and one.lesson.row["metric"] not in taught:
            taught.add(one.lesson.row["metric"])
            shared = f", whose sentence shares ‘{'’, ‘'.join(one.shared)}’" if one.shared else ""
            add(one.lesson.row["metric"], one.score, f"as {one.lesson.name}{shared}")
    for name, terms in teacher.record.wordings.items():
        fits = fit(place.placed, terms)
        add(name, {2: ATTACHED, 1: WORDED}.get(fits, 0.0), "a wording in data/terms.csv fits" + (" at the number" if fits == 2 else ""))
    near = features(place)
    around = stems("".join(place.line))
    for name, definition in teacher.definitions.items():
        score = LABELLED * _covered(definition.label, near, teacher) + DEFINED * _covered(definition.definition, near, teacher)
        add(name, score, "its definition in data/codebook.csv uses the same words")
        if definition.names and not definition.names & around:
            add(name, UNNAMED, "a name of its definition does not stand there")
    head = head_of(place, unit.value, beside)
    if head:
        within = not unit.value and _opened(place, head)
        add(
            head.metric,
            BRACKETED if within else BESIDE,
            "it is part of the number before it" if within else "it continues the number before it",
        )
    best = _best({name: Support(sum(score for score, _ in told), tuple(sorted(told, reverse=True))) for name, told in found.items()})
    return replace(best, confidence=min(best.confidence, head.confidence)) if head and best.value == head.metric else best


def _measures(teacher: Teacher, metric: str, unit: str) -> bool:
    """Whether a metric can be measured in a unit; where nothing told it, in one that is printed without a sign or word of its own."""
    measured = teacher.record.metrics[metric]["unit"]
    if unit:
        return measured == unit
    return measured in teacher.record.units and teacher.record.units[measured]["kind"] in UNSIGNED


def _best(supports: dict[str, Support]) -> Guess:
    ranked = sorted(supports.items(), key=lambda pair: (-pair[1].score, pair[0]))
    if not ranked or ranked[0][1].score < LEAST:
        return Guess("", "no keyed sentence, wording or definition is like this one", 0.0)
    name, support = ranked[0]
    lead = support.score - (ranked[1][1].score if len(ranked) > 1 else 0.0)
    return Guess(name, support.reasons[0][1], _confidence(support.score, lead))


def _confidence(score: float, lead: float) -> float:
    """Surer the more speaks for the metric, and the further it leads."""
    return round(max(0.05, min(0.95, 0.9 * score + 0.8 * lead - 0.15)), 2)


def _covered(words: frozenset[str], near: dict[str, float], teacher: Teacher) -> float:
    """The share, by rarity, of words that stand in the sentence, those near the number counting whole."""
    weights = {word: teacher.rarity.get(word, UNSEEN) for word in words}
    return sum(weight * near.get(word, 0.0) for word, weight in weights.items()) / (sum(weights.values()) or 1.0)


def head_of(place: Place, unit: str, beside: list[Neighbour]) -> Neighbour | None:
    """The number whose metric this one shares: the last before an ellipsis, or the one whose brackets or comparison it stands in.

    ``unit`` is empty where nothing tells it.
    """
    same = [one for one in beside if one.metric and unit in ("", one.unit)]
    if not same or _RANGE.fullmatch(place.text.text[beside[-1].end : place.number.start]):
        return None
    if _COMPARED.search(place.before):
        return same[0]
    if not unit and not elliptic(place):
        return next((one for one in same if _opened(place, one)), same[-1])
    return same[-1]


def elliptic(place: Place) -> bool:
    """``237 in 2022``: only the year stands behind it, so that it counts what was counted before."""
    return _ELLIPSIS.match(place.after) is not None


def _opened(place: Place, head: Neighbour) -> bool:
    """Whether the number stands in brackets that open behind ``head``."""
    between = place.text.text[head.end : place.number.start]
    return "(" in between and ")" not in between
