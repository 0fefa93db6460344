"""A report counts what nobody counted before: a person defines the metric, by options or on a terminal, and the next draft uses it."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.stories.conftest import contents, here
from tests.stories.test_add import add, answered, file_of

REPORT = "The Government of Freedonia prosecuted 12 cases in 2030.\nIn 2030, police raided 41 brothels, compared with 33 in 2029.\n"
GIVEN = {
    "label": "Raids by the police",
    "definition": "Brothels that the police raided in the period. Not investigations, and not other places.",
    "unit": "cases",
    "kind": "count",
    "group": "law_enforcement",
}
WORDING = "--wording=raided # brothels"
APART = "--not-with=investigations=A raid is an action of a day and no case that was investigated."


@pytest.fixture
def house(copy_root: Copy, tmp_path: Path) -> Copy:
    """A copy of the repository into which a report with a new number has come."""
    done = add(copy_root.root, file_of(tmp_path, "report.txt", REPORT))
    assert done.returncode == 0, done.stderr
    return copy_root


def define(house: Copy, code: str, *options: str, **cells: str) -> subprocess.CompletedProcess:
    return here("metric", code, *(f"--{name}={cell}" for name, cell in (GIVEN | cells).items()), *options, "--root", house.root)


def drafted(house: Copy) -> dict[str, str]:
    """The metric that the draft gives each number."""
    with (house.root / "data" / "fre" / "drafts" / "inv-2031.csv").open(encoding="utf-8", newline="") as file:
        return {row["printed"]: row["metric"] for row in csv.DictReader(file)}


def test_a_new_metric_is_checked_and_drafts_use_it_at_once(house: Copy) -> None:
    assert "raids" not in drafted(house).values()
    done = define(house, "raids", WORDING, APART)
    assert done.returncode == 0, done.stderr
    assert "raids is in the codebook: data/codebook.csv, data/terms.csv, data/incomparable.csv" in done.stdout
    assert here("suggest", "inv-2031", "--root", house.root).returncode == 0
    assert drafted(house)["41"] == "raids"
    assert here("tidy", "--root", house.root).stdout == "Every keyed file is in its canonical form.\n"
    done = here("check", "bel", "--root", house.root)
    assert done.returncode == 0, done.stderr


def test_everything_that_is_wrong_is_told_at_once_and_changes_nothing(house: Copy) -> None:
    before = contents(house.root)
    done = define(house, "raids", "--wording=#", "--not-with=investigation=They are not the same.", unit="raids", group="police")
    assert done.returncode == 2
    for told in (
        "raids is not added (4 found)", "There is no unit 'raids'", "by hand", "--new-group", "There is no metric 'investigation'",
        "Near it are", "has no words", "Nothing was changed.",
    ):  # fmt: skip
        assert told in done.stderr, done.stderr
    assert contents(house.root) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([WORDING], "--comparable-with-all"),
        ([WORDING, APART, "--comparable-with-all"], "Give one of them"),
        ([WORDING, "--not-with=investigations"], "names no metric and reason"),
        ([APART], "No wording is given"),
        (["--wording=convicted # defendants", "--unit=persons", APART], "names persons_convicted in tip-2004-010"),
    ],
)
def test_what_lacks_or_contradicts_itself_is_told_and_changes_nothing(house: Copy, options: list[str], told: str) -> None:
    before = contents(house.root)
    done = define(house, "raids", *options)
    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    assert contents(house.root) == before


def test_a_metric_that_is_there_already_is_not_made_twice(house: Copy) -> None:
    assert define(house, "raids", WORDING, "--comparable-with-all").returncode == 0
    before = contents(house.root)
    done = define(house, "police_raids", WORDING, "--comparable-with-all", label="Police raids")
    assert done.returncode == 2 and "raids has that definition: Raids by the police." in done.stderr
    done = define(house, "raids", WORDING, "--comparable-with-all")
    assert done.returncode == 2 and "There is a metric raids already" in done.stderr
    assert contents(house.root) == before


def test_on_a_terminal_everything_is_asked_for_beside_the_nearest_metrics(house: Copy) -> None:
    # label, definition (first without what is not counted), unit (first none that is known), kind, group, decimals, note, wordings, pairs
    answers = [
        GIVEN["label"], "Brothels that the police raided.", GIVEN["definition"], "raids", "cases", "", GIVEN["group"], "", "",
        "# raids", "raided # brothels", "", "investigations", APART.removeprefix("--not-with="), "",
    ]  # fmt: skip
    status, told = answered(["metric", "raids", "--root", house.root], answers)
    assert status == 0, told
    for words in ("cases: cases (count)", "Groups: assessment", "investigations_opened: New investigations opened", "not what is not",
                  "There is no unit 'raids'", "[Enter: count]", "fits no sentence", "Write OTHER=why"):  # fmt: skip
        assert words in told, told
    record = house.load()
    assert record.metrics["raids"]["definition"] == GIVEN["definition"]
    assert record.wordings["raids"] == "raided # brothels"
    assert any({row["metric"], row["other"]} == {"raids", "investigations"} for row in record.rows("incomparable"))


def test_on_a_terminal_what_is_wrong_is_told_before_anything_is_asked(house: Copy) -> None:
    before = contents(house.root)
    status, told = answered(["metric", "convictions", "--unit=raids", "--root", house.root], [])
    assert status == 2 and "There is a metric convictions already" in told and "There is no unit 'raids'" in told
    status, told = answered(["metric", "raids", "--root", house.root], [GIVEN["label"], "\x04"])
    assert status == 2 and "No answer for definition. Nothing was changed." in told
    assert contents(house.root) == before
