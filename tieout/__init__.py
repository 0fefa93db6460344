"""Tie-out: every figure traced to the words it was read from.

``check`` judges a country's keyed data; ``run`` builds its edition. The modules are named for what they hold; see
ARCHITECTURE.md for the map.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tieout.report import CheckResult, Failure, Report

__all__ = ["CheckResult", "Failure", "Report", "check"]


def check(country: str, root: Path | str = ".", as_of: date | None = None) -> Report:
    """Every check on the record of ``country`` under ``root``: a report with ``ok``, ``failures`` and ``broken``.

    Raises ``tieout.problems.Usage`` where there is no such country.
    """
    from tieout.checks import check as examine  # great-expectations takes seconds to import: not before it is needed

    return examine(country, root, as_of)
