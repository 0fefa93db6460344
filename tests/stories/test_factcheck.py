"""A fact-checker fills in the sheet of an edition and hands it back."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from tests.conftest import Copy
from tests.stories.conftest import here
from tieout.sheets import COLUMNS

FILLED = {"checker": "A. Reader", "state": "checked", "on": "2026-11-21", "remark": "Read in the source."}


def filled(edition: Path, path: Path, **cells: str) -> Path:
    """The sheet of an edition with one item filled in, as a spreadsheet saves it."""
    with (edition / "factcheck.csv").open(encoding="utf-8", newline="") as file:
        rows = [row | (FILLED | cells if row["item"] == "tip-2025-008" else {}) for row in csv.DictReader(file)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_sheet_comes_back_and_a_wrong_one_changes_nothing(edition: Path, copy_root: Copy, tmp_path: Path) -> None:
    sheet = filled(edition, tmp_path / "sheet.csv")
    done = here("factcheck", sheet, "bel", "--root", copy_root.root)
    assert (done.returncode, done.stdout) == (0, "bel: 1 entry taken.\n"), done.stderr
    (kept,) = copy_root.rows("factchecks")
    assert {column: kept[column] for column in FILLED} == FILLED
    assert here("tidy", "--root", copy_root.root).stdout.startswith("Every keyed file")

    before = copy_root.path("factchecks").read_bytes()
    failed = here("factcheck", filled(edition, tmp_path / "wrong.csv", state="good"), "--root", copy_root.root)
    assert failed.returncode == 1
    assert "state is 'good'" in failed.stderr and "Nothing was taken" in failed.stderr and "Traceback" not in failed.stderr
    failed = here("factcheck", tmp_path / "nowhere.csv", "bel", "--root", copy_root.root)
    assert failed.returncode == 2 and "is not there" in failed.stderr
    failed = here("factcheck", edition / "observations.csv", "bel", "--root", copy_root.root)
    assert failed.returncode == 2 and "is no fact-check sheet" in failed.stderr
    assert copy_root.path("factchecks").read_bytes() == before


def test_where_there_are_several_countries_the_sheet_needs_one(edition: Path, copy_root: Copy, tmp_path: Path) -> None:
    shutil.copytree(copy_root.root / "data" / "bel", copy_root.root / "data" / "fra")
    failed = here("factcheck", filled(edition, tmp_path / "sheet.csv"), "--root", copy_root.root)
    assert failed.returncode == 2 and "Say of which country" in failed.stderr
