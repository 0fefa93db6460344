"""What chance alone would make of counts: 95% intervals, and what they do not mean.

A count of events would differ from year to year even if nothing had changed. These intervals say by how much; they say nothing of how
counting, law or practice changed.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf, sqrt
from statistics import NormalDist

LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2


@lru_cache(maxsize=65536)
def ratio(earlier: int, later: int) -> tuple[float, float]:
    """The interval of the later count as a multiple of the earlier: exact (Clopper-Pearson), from its share in both.

    Raises ``ValueError`` where both counts are zero.
    """
    from scipy.special import betaincinv  # scipy.stats has the interval too, and takes more than twice as long to import

    if not earlier + later:
        raise ValueError("two counts of zero have no ratio")
    least = float(betaincinv(later, earlier + 1, _TAIL)) if later else 0.0
    most = float(betaincinv(later + 1, earlier, 1 - _TAIL)) if earlier else 1.0
    return _odds(least), _odds(most)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def difference(earlier: tuple[int, int], later: tuple[int, int]) -> tuple[float, float]:
    """The interval of the later share less the earlier, each (part, whole), in percentage points.

    Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10).
    """
    (before, low, high), (after, least, most) = ((part / whole, *score(part, whole)) for part, whole in (earlier, later))
    change = after - before
    down, up = sqrt((after - least) ** 2 + (high - before) ** 2), sqrt((most - after) ** 2 + (before - low) ** 2)
    return 100 * (change - down), 100 * (change + up)


def score(part: int, whole: int) -> tuple[float, float]:
    """The interval of a share by Wilson's score (Journal of the American Statistical Association 22, 1927)."""
    z = NormalDist().inv_cdf(1 - _TAIL)
    centre, half = part + z**2 / 2, z * sqrt(part * (whole - part) / whole + z**2 / 4)
    return (centre - half) / (whole + z**2), (centre + half) / (whole + z**2)
