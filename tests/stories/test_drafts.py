"""A reporter works through a draft: what it proposes is no row until she makes it one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.stories.conftest import contents, here
from tieout.record import load

REPORT = """2031 Invented Report: Belgium (a fixture)

BELGIUM (Tier 1)

The government issued 198 residence permits for trafficking victims in 2030, compared with 214 in 2029. Under Article 433 of the code,
first responders must help. Identified victims were eligible for a 45-day reflection period.

7
"""
ADD = ["--country", "bel", "--document", "inv-2031", "--title", "2031 Invented Report: Belgium (a fixture)", "--publisher", "nobody",
       "--series", "Invented Report", "--published", "2031", "--rights", "Written for this test."]  # fmt: skip


@pytest.fixture
def drafted(copy_root: Copy, tmp_path: Path) -> dict[str, dict[str, str]]:
    """The draft of the invented report, by printed number."""
    report = tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")
    done = here("add", report, *ADD, "--root", copy_root.root)
    assert done.returncode == 0, done.stderr
    with draft_of(copy_root.root).open(encoding="utf-8", newline="") as file:
        return {row["printed"]: row for row in csv.DictReader(file)}


def draft_of(root: Path) -> Path:
    return root / "data" / "bel" / "drafts" / "inv-2031.csv"


def test_a_phrase_of_earlier_reports_is_drafted_as_they_were_keyed(drafted: dict[str, dict[str, str]]) -> None:
    permits = [drafted[printed] for printed in ("198", "214")]
    assert [(row["fate"], row["metric"], row["unit"], row["start"][:4]) for row in permits] == [
        ("key", "residence_permits", "permits", "2030"),
        ("key", "residence_permits", "permits", "2029"),
    ]
    assert "as tip-20" in permits[0]["reasons"] and float(permits[0]["confidence"]) >= 0.8
    assert (drafted["45"]["metric"], drafted["45"]["period_basis"]) == ("reflection_period", "standing")


def test_what_is_no_data_is_proposed_to_be_set_aside(drafted: dict[str, dict[str, str]]) -> None:
    proposed = {printed: row["reason"] for printed, row in drafted.items() if row["fate"] == "set_aside"}
    assert proposed == {"2031": "title", "433": "legal_reference", "first": "wording", "7": "page"}
    assert {drafted[year]["fate"] for year in ("2029", "2030")} == {"period"}


def test_a_draft_counts_as_nothing(copy_root: Copy, drafted: dict[str, dict[str, str]]) -> None:
    """With the draft or without it, the record and every check are the same, and every number of the report is still open."""
    with_draft, told = load("bel", copy_root.root), here("check", "bel", "--all", "--root", copy_root.root)
    draft_of(copy_root.root).unlink()
    without, after = load("bel", copy_root.root), here("check", "bel", "--all", "--root", copy_root.root)
    assert (with_draft.tables, with_draft.problems) == (without.tables, without.problems)
    assert (told.returncode, told.stderr) == (after.returncode, after.stderr) and told.returncode == 1
    assert all(f"'{printed}' on line" in told.stderr for printed in ("198", "214", "45"))


def test_a_row_that_is_moved_is_keyed_and_passes_the_checks_of_a_row(copy_root: Copy, drafted: dict[str, dict[str, str]]) -> None:
    keyed = [row for row in drafted.values() if row["fate"] == "key"]
    for place, row in enumerate(keyed, 1):
        cells = {name: cell for name, cell in row.items() if name not in ("id", "fate", "reason", "confidence", "reasons", "note")}
        copy_root.append("metrics", "inv-2031", id=f"inv-2031-{place:03}", note="", **cells)
    for row in drafted.values():
        if row["fate"] == "set_aside":
            copy_root.append("set_aside", "inv-2031", printed=row["printed"], context=row["quote"] or row["printed"], reason=row["reason"])
    told = here("check", "bel", "--all", "--root", copy_root.root).stderr
    assert not [line for line in told.splitlines() if "inv-2031-0" in line and "identit" not in line], told
    left = here("suggest", "inv-2031", "--root", copy_root.root)
    assert left.stdout.startswith(("0 numbers", "1 numbers")), left.stdout


def test_suggesting_again_writes_the_same_bytes_and_nothing_else(copy_root: Copy, drafted: dict[str, dict[str, str]]) -> None:
    before = contents(copy_root.root)
    assert here("suggest", "inv-2031", "--root", copy_root.root).returncode == 0
    assert contents(copy_root.root) == before
