"""What became of recommendations from one report to the next: word for word, reworded, merged, dropped, new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SAME, REWORDED, MERGED, SPLIT, DROPPED, NEW = "word for word", "reworded", "merged", "split", "dropped", "new"
FATES = (SAME, REWORDED, MERGED, SPLIT, DROPPED, NEW)
_TYPEWRITER = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"'})

Statement = Mapping[str, str]


@dataclass(frozen=True)
class Carried:
    """What became of a recommendation: the statements that ask it in the earlier report, and those in the later."""

    fate: str
    earlier: tuple[Statement, ...]
    later: tuple[Statement, ...]

    @property
    def label(self) -> str:
        """The keyer's short name for what is recommended."""
        return (*self.later, *self.earlier)[0]["label"]


def carried(earlier: Iterable[Statement], later: Iterable[Statement]) -> list[Carried]:
    """Every recommendation of two reports of one series, in the later one's order; what was dropped comes last."""
    before, after = _by_label(earlier), _by_label(later)
    found = [fate for label in dict.fromkeys([*after, *before]) for fate in _fates(before.get(label, []), after.get(label, []))]
    return sorted(found, key=lambda one: one.fate == DROPPED)


def _fates(before: list[Statement], after: list[Statement]) -> list[Carried]:
    if not before:
        return [Carried(NEW, (), (one,)) for one in after]
    if not after:
        return [Carried(DROPPED, (one,), ()) for one in before]
    if len(before) == len(after) == 1:
        return [Carried(SAME if same_words(before[0], after[0]) else REWORDED, tuple(before), tuple(after))]
    if len(after) == 1:
        return [Carried(MERGED, tuple(before), tuple(after))]
    if len(before) == 1:
        return [Carried(SPLIT, tuple(before), tuple(after))]
    return _many(before, after)


def _many(before: list[Statement], after: list[Statement]) -> list[Carried]:
    """Several on both sides under one label: those with the same words meet, the rest are reworded together."""
    found = []
    for new in list(after):
        old = next((one for one in before if same_words(one, new)), None)
        if old is not None:
            found.append(Carried(SAME, (old,), (new,)))
            before, after = [one for one in before if one is not old], [one for one in after if one is not new]
    if before and after:
        return [*found, Carried(REWORDED, tuple(before), tuple(after))]
    return [*found, *_fates(before, after)] if before or after else found


def same_words(one: Statement, other: Statement) -> bool:
    """Whether two quotes are the same apart from the shape of apostrophes and quotation marks."""
    return one["quote"].translate(_TYPEWRITER) == other["quote"].translate(_TYPEWRITER)


def _by_label(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for one in statements:
        found.setdefault(one["label"], []).append(one)
    return found
