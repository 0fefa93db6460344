"""What the costs of several rounds come to: medians, ratios, and whether each target is met.

A ratio is worked out in each round by itself, between trials that ran minutes apart, and then the median taken: a machine that is slower
in one round than in the next moves both sides of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from statistics import median

from bench.contestants import COLD, EXECUTION, FURTHER, JOBS, LAST, LIMIT, OURS, SNAKEMAKE, UNCHANGED
from bench.metering import Cost

MORE = 2  # editions beyond the first in a trial of several
Round = dict[tuple[str, str], Cost]  # by contestant and phase


@dataclass(frozen=True)
class Target:
    """A ratio that is wanted: at least or, where ``most`` is set, at most so much; beside it the same of processor time."""

    name: str
    wanted: float
    most: bool
    found: float | None
    processor: float | None = None

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, or that it was not measured."""
        if self.found is None:
            return "not measured"
        return "met" if (self.found <= self.wanted if self.most else self.found >= self.wanted) else "**missed**"


def whole(one: Round, name: str) -> Cost | None:
    """The cost of a whole edition, from nothing."""
    parts = [one[name, phase] for phase in (COLD, EXECUTION, LAST) if (name, phase) in one]
    return reduce(add, parts) if parts else None


def further(one: Round, name: str) -> Cost | None:
    """The cost of one edition more: the slope from one edition to three where one command builds several, else a whole one again."""
    if (name, FURTHER) not in one:
        return None if name in (OURS, LIMIT, JOBS) else whole(one, name)
    first, several = one.get((OURS if name == JOBS else name, COLD)), one[name, FURTHER]
    if first is None:
        return None
    return Cost((several.wall - first.wall) / MORE, (several.processor - first.processor) / MORE, several.mebibytes)


def unchanged(one: Round, name: str) -> Cost | None:
    """The cost of a run where nothing has changed."""
    return one.get((name, UNCHANGED))


Measure = Callable[[Round, str], Cost | None]


def costs(rounds: Iterable[Round], measure: Measure, name: str) -> list[Cost]:
    """What a contestant took, a cost for each round; none where it was not measured."""
    return [cost for one in rounds if (cost := measure(one, name)) is not None]


def middle(found: Iterable[Cost]) -> Cost:
    """The median of each of wall and processor time, and the highest peak of memory."""
    found = list(found)
    return Cost(median(one.wall for one in found), median(one.processor for one in found), max(one.mebibytes for one in found))


def ratio(rounds: list[Round], measure: Measure, over: str, under: str, processor: bool = False) -> float | None:
    """The median over the rounds of one contestant's wall (or processor) time over another's."""
    pairs = [(measure(one, over), measure(one, under)) for one in rounds]
    times = [(a.processor, b.processor) if processor else (a.wall, b.wall) for a, b in pairs if a and b]
    return median(a / b for a, b in times) if times else None


def fastest(rounds: list[Round], measure: Measure, names: Iterable[str]) -> str | None:
    """The rival of the lowest median wall time."""
    measured = {name: middle(found).wall for name in names if name not in (OURS, JOBS, LIMIT) and (found := costs(rounds, measure, name))}
    return min(measured, key=measured.__getitem__, default=None)


def targets(rounds: list[Round], names: Iterable[str], shares: list[float]) -> list[Target]:
    """Every target with what was found. ``shares`` are those of eight forked kernels' memory in eight times a plain one's."""
    names = list(dict.fromkeys(names))
    rival, later = fastest(rounds, whole, names), fastest(rounds, further, names)

    def both(measure: Measure, over: str | None, under: str | None) -> tuple[float | None, float | None]:
        return (
            (ratio(rounds, measure, over, under), ratio(rounds, measure, over, under, processor=True)) if over and under else (None, None)
        )

    return [
        Target(f"a cold run is so many times faster than the fastest rival ({rival})", 1.8, False, *both(whole, rival, OURS)),
        Target("a cold run takes at most so many times the limit's time", 1.0, True, *both(whole, OURS, LIMIT)),
        Target(f"each further edition is so many times faster than the fastest rival's ({later})", 10.0, False,
               *both(further, later, OURS)),
        Target("each further edition takes at most so many times the limit's own", 1.5, True, *both(further, OURS, LIMIT)),
        Target("an unchanged run is so many times faster than Snakemake's", 10.0, False, *both(unchanged, SNAKEMAKE, OURS)),
        Target("eight kernels take at most this share of eight times one kernel's memory", 0.5, True, max(shares, default=None)),
    ]  # fmt: skip
