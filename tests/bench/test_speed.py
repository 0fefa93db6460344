"""The benchmark: its arithmetic, its targets, its page, and that nobody is measured who made something else."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import speed
from bench.contestants import COLD as FIRST
from bench.contestants import EXECUTION, FURTHER, JOBS, LAST, LIMIT, OURS, SNAKEMAKE, UNCHANGED, Phase, Trial, trials
from bench.limit import cells
from bench.metering import Cost, Failed, metered
from bench.speed_page import HEAD, Where, page, table, told, verdicts
from bench.standings import fastest, further, middle, ratio, targets, unchanged, whole
from tests.conftest import ROOT

RIVAL = "nbconvert --execute"
NAMES = [OURS, OURS, JOBS, LIMIT, RIVAL, SNAKEMAKE]
TINY = "2005-01-01"


def costs(slow: float = 1.0) -> dict[tuple[str, str], Cost]:
    """A round in which every target is met, on a machine that is ``slow`` times slower."""
    seconds = {
        (OURS, FIRST): 10, (OURS, UNCHANGED): 0.2, (OURS, FURTHER): 14, (JOBS, FURTHER): 13, (LIMIT, FIRST): 11, (LIMIT, FURTHER): 14,
        (RIVAL, EXECUTION): 15, (RIVAL, LAST): 6, (SNAKEMAKE, FIRST): 36, (SNAKEMAKE, UNCHANGED): 2.8,
    }  # fmt: skip
    return {key: Cost(slow * wall, slow * wall / 2, 100) for key, wall in seconds.items()}


def test_times_add_up_and_the_higher_peak_counts() -> None:
    assert Cost(1, 2, 300) + Cost(10, 20, 200) == Cost(11, 22, 300)
    assert middle([Cost(1, 9, 1), Cost(5, 7, 3), Cost(3, 8, 2)]) == Cost(3, 8, 3)


def test_a_whole_edition_is_the_notebooks_and_the_last_step_and_one_more_is_that_again() -> None:
    assert whole(costs(), RIVAL) == further(costs(), RIVAL) == Cost(21, 10.5, 100)
    assert whole(costs(), SNAKEMAKE) == Cost(36, 18, 100)
    assert unchanged(costs(), RIVAL) is None


def test_one_edition_more_is_half_of_what_three_take_beyond_one() -> None:
    assert further(costs(), OURS) == Cost(2, 1, 100)
    assert further(costs(), LIMIT) == Cost(1.5, 0.75, 100)
    assert further(costs(), JOBS) == Cost(1.5, 0.75, 100)
    assert further({(OURS, FURTHER): Cost(9, 9)}, OURS) is None, "it is not known what the first took"


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=9))
def test_a_slower_machine_moves_no_ratio(speeds: list[float]) -> None:
    rounds = [costs(slow) for slow in speeds]
    for processor in (False, True):
        assert ratio(rounds, whole, RIVAL, OURS, processor) == pytest.approx(2.1)
        assert ratio(rounds, further, OURS, LIMIT, processor) == pytest.approx(2 / 1.5)


def test_the_fastest_rival_is_none_of_ours() -> None:
    assert fastest([costs()], whole, NAMES) == RIVAL
    assert fastest([costs()], whole, [OURS, LIMIT]) is None


def test_every_target_is_met_and_each_can_be_missed() -> None:
    assert [one.verdict for one in targets([costs()], NAMES, [0.3])] == ["met"] * 6
    worse = [
        {(RIVAL, EXECUTION): 5}, {(LIMIT, FIRST): 9}, {(RIVAL, EXECUTION): 13}, {(LIMIT, FURTHER): 13}, {(SNAKEMAKE, UNCHANGED): 1.9}, {},
    ]  # fmt: skip
    for place, change in enumerate(worse):
        taken = costs() | {key: Cost(wall, wall) for key, wall in change.items()}
        found = targets([taken], NAMES, [0.3, 0.6 if place == 5 else 0.3])
        assert found[place].verdict == "**missed**", found[place].name


def test_what_was_not_measured_is_said_to_be_so() -> None:
    assert {one.verdict for one in targets([{(OURS, FIRST): Cost(1, 1)}], [OURS], [])} == {"not measured"}
    assert table([costs()], costs(), ["nobody"], whole)[2:] == []


@pytest.mark.parametrize(("found", "text"), [([1], "1.00"), ([3, 1, 2], "2.0 (1.0–3.0)"), ([1, 2], "1.50 (1.00–2.00)"), ([12.34], "12.3")])
def test_a_time_is_told_with_its_range(found: list[float], text: str) -> None:
    assert told(found) == text


def test_the_page_in_docs_has_the_form_that_the_command_writes() -> None:
    stored = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
    made = page([costs()], costs(), NAMES, targets([costs()], NAMES, [0.3]), ["| a |"], Where({"Python": "3"}, speed.otherwise(), 2))
    assert stored.startswith(HEAD.rstrip("\n")) and made.startswith(HEAD.rstrip("\n"))
    heads = r"^#+ .+$|^\|  \|.+$|^\| target.+$"
    assert re.findall(heads, stored, re.MULTILINE) == re.findall(heads, made, re.MULTILINE)
    assert stored.count("| ≥ ") + stored.count("| ≤ ") == len(verdicts(targets([costs()], NAMES, []))) - 2


def test_a_trial_is_not_told_as_a_measurement() -> None:
    trial, timed = (page(rounds, costs(), NAMES, [], [], Where({}, [], 2)) for rounds in ([], [costs()]))
    assert "no measurement" in trial and "1 timed round on 2 cores" in timed and "no measurement" not in timed
    assert trial.count("| ours |") == timed.count("| ours |") == 3


def test_who_made_another_edition_is_an_error() -> None:
    results = speed.Results()
    results.hold(OURS, "", {"trends.csv": "1", "notebooks/1_validate.ipynb": "1", "trends-code.html": "1", "manifest.json": "1"})
    results.hold("same", "", {"trends.csv": "1", "notebooks/1_validate.ipynb": "2", "trends-code.html": "2"})
    for other in ({"trends.csv": "2"}, {}, {"trends.csv": "1", "figures/one.svg": "1"}):
        with pytest.raises(speed.Differs, match="other made another edition"):
            results.hold("other", "", other)
    with pytest.raises(speed.Differs, match="nothing made no edition as of 2025-01-01"):
        results.hold("nothing", "2025-01-01", {"manifest.json": "1"})


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"status 3\n(?s:.*)what went wrong"):
        metered([sys.executable, "-c", "import sys; print('what went wrong'); sys.exit(3)"], tmp_path, {})


def test_children_count_in_time_and_in_memory(tmp_path: Path) -> None:
    busy = "import time\nheld = b'x' * (80 * 2**20)\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    parent = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}], check=True)"
    cost = metered([sys.executable, "-c", parent], tmp_path, {}, look=True)
    assert cost.processor >= 0.3 and cost.wall >= 0.3 and cost.mebibytes > 80


def test_the_three_days_know_every_document() -> None:
    assert speed.days() == ["2025-12-31", "2026-01-01", "2026-01-02"]
    assert speed.days(TINY)[0] == TINY


def test_only_packaging_differs_from_the_pipelines_own_versions() -> None:
    assert [re.split(" ", one)[0] for one in speed.otherwise()] == ["packaging"]


def test_the_rivals_lock_is_hashed_without_an_address_and_has_every_rival() -> None:
    lock, asked = ((ROOT / "bench" / f"requirements.{kind}").read_text(encoding="utf-8") for kind in ("lock", "in"))
    assert "://" not in lock and "index-url" not in lock
    for entry in re.split(r"\n(?=\S)", lock):
        assert not re.match(r"[\w.-]+==", entry) or "--hash=sha256:" in entry, entry.splitlines()[0]
    wanted = re.findall(r"^[\w-]+==\S+$", asked, re.MULTILINE)
    assert len(wanted) == 3 and all(f"\n{one} " in lock for one in wanted)


def test_the_limit_has_every_cell_of_code_but_the_parameters() -> None:
    sources = [cell for path in sorted((ROOT / "notebooks").glob("*.ipynb")) for cell in cells(path)]
    assert len(sources) == 12 and not any('country: str = "bel"' in source for source in sources)


@pytest.mark.slow
def test_the_limit_builds_what_a_run_builds_and_a_changed_copy_is_noticed(tmp_path: Path) -> None:
    arena = speed.Arena(tmp_path)
    everyone = trials(arena.executed, speed.days(TINY), TINY)
    taken = arena.measure(everyone[0]) | arena.measure(next(trial for trial in everyone if trial.name == LIMIT))
    assert set(taken) == {(OURS, FIRST), (OURS, UNCHANGED), (LIMIT, FIRST)} and all(cost.wall > 0 for cost in taken.values())
    assert taken[OURS, UNCHANGED].processor < taken[OURS, FIRST].processor / 5
    forged = "import shutil, sys; shutil.copytree(sys.argv[1], 'outputs/bel/notebooks')"
    with pytest.raises(speed.Differs, match="forger"):
        arena.measure(
            Trial("forger", "python", (Phase(FIRST, ((sys.executable, "-c", forged, arena.executed),), makes=((TINY, "outputs/bel"),)),))
        )
    shutil.rmtree(tmp_path)
