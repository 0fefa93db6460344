"""Which of many circumstances moves a file: found by building again with half of them, and half of those, and so on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

Trial = Callable[[Collection[str]], set[str]]
TOGETHER = "only several at once"
CHANCE = "nothing: it differs from one build to the next"


def causes(files: Collection[str], names: Sequence[str], trial: Trial) -> dict[str, list[str]]:
    """For each file the circumstances that move it alone, in their order.

    ``trial`` builds with these circumstances otherwise and gives the files that then differ. A file that moves where
    none is otherwise has ``CHANCE`` for its cause, one that no circumstance moves alone ``TOGETHER``.
    """
    trial = remembering(trial)
    by_chance = trial([]) & set(files)
    found: dict[str, list[str]] = {name: [CHANCE] for name in sorted(by_chance)}
    sought = set(files) - by_chance
    for cause, moved in _halved(sought, list(names), trial, known=True):
        for name in sorted(moved):
            found.setdefault(name, []).append(cause)
    return {name: sorted(found.get(name, [TOGETHER]), key=_place([*names, CHANCE, TOGETHER])) for name in sorted(files)}


def remembering(trial: Trial) -> Trial:
    """The same trial, which builds nothing twice."""
    known: dict[frozenset[str], set[str]] = {}

    def once(names: Collection[str]) -> set[str]:
        key = frozenset(names)
        if key not in known:
            known[key] = trial(names)
        return known[key]

    return once


def _place(names: Sequence[str]) -> Callable[[str], int]:
    return list(names).index


def _halved(sought: set[str], names: list[str], trial: Trial, known: bool):
    """Each circumstance that moves something of what is sought, with that; ``known`` where a build has shown that these do."""
    if not names or not sought:
        return
    if not known or len(names) == 1:
        sought = sought & trial(names)
        if not sought:
            return
    if len(names) == 1:
        yield names[0], sought
        return
    half = len(names) // 2
    left = sought & trial(names[:half])
    yield from _halved(left, names[:half], trial, known=True)
    # What the first half leaves where it is, the second must move, or only both at once; what it moves, both may.
    yield from _halved(sought, names[half:], trial, known=not left)
