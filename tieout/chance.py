"""What chance alone would make of counts: 95% intervals, and what they do not mean.

A count of events would differ from year to year even if nothing had changed. These intervals say by how much; they say nothing of how
counting, law or practice changed.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf, sqrt

LEVEL = 0.95


@lru_cache(maxsize=65536)
def ratio(earlier: int, later: int) -> tuple[float, float]:
    """The interval of the later count as a multiple of the earlier: exact (Clopper-Pearson), from its share in both.

    Raises ``ValueError`` where both counts are zero.
    """
    from scipy.stats import binomtest

    interval = binomtest(later, earlier + later).proportion_ci(LEVEL, "exact")
    least, most = (share / (1 - share) if share < 1 else inf for share in interval)
    return least, most


def difference(earlier: tuple[int, int], later: tuple[int, int]) -> tuple[float, float]:
    """The interval of the later share less the earlier, each (part, whole), in percentage points.

    Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10).
    """
    from scipy.stats import binomtest

    (before, low, high), (after, least, most) = (
        (part / whole, *binomtest(part, whole).proportion_ci(LEVEL, "wilson")) for part, whole in (earlier, later)
    )
    change = after - before
    down, up = sqrt((after - least) ** 2 + (high - before) ** 2), sqrt((most - after) ** 2 + (before - low) ** 2)
    return 100 * (change - down), 100 * (change + up)
