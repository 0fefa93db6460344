"""The evidence that the figures are tested on: the record of Belgium whole, and as it was known earlier."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tieout.facts import Evidence
from tieout.record import load

ROOT = Path(__file__).resolve().parents[2]
EARLIER = (date(2005, 1, 1), date(2011, 1, 1), date(2021, 12, 31), date(2023, 12, 31))


@pytest.fixture(scope="session")
def full() -> Evidence:
    """All documents."""
    return Evidence.of(load("bel", ROOT))


@pytest.fixture(scope="session", params=[None, *EARLIER], ids=str)
def edition(request: pytest.FixtureRequest) -> Evidence:
    """Every edition that the record can rebuild, the full one and the earlier ones."""
    return Evidence.of(load("bel", ROOT, request.param))
