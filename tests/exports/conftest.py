"""What the tests of the exports share: the exports of the committed edition's tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tieout.exports import export
from tieout.record import Record


def exported(record: Record, place: Path) -> Path:
    """A folder with the committed edition's tables and their exports."""
    place.mkdir()
    for name in ("observations.csv", "trends.csv"):
        shutil.copy(ROOT / "outputs" / "bel" / name, place)
    export(record, place)
    return place


@pytest.fixture(scope="session")
def edition(belgium: Record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real edition's tables with their exports. Nobody changes it."""
    return exported(belgium, tmp_path_factory.mktemp("exports") / "bel")
