"""An editor runs again: what nothing changed is not done again, and nobody could tell from the edition."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.steps import CHANGES, TINY, Tree, ran, told
from tests.stories.conftest import contents

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A copy of the repository, whose first run was killed while it drew the figures."""
    made = Tree(tmp_path_factory.mktemp("steps") / "root")
    command = [sys.executable, made.root / "pipeline.py", "run", "bel", *TINY, "--output", made.root / "out"]
    with (made.root / "said").open("w") as said:
        process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=said)
    until = time.monotonic() + 300
    while "figures" not in (made.root / "said").read_text() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert ran((made.root / "said").read_text()) == ("validate", "trends", "figures")
    return made


def test_a_killed_run_goes_on_where_it_was_and_every_byte_is_that_of_a_run_without_it(tree: Tree) -> None:
    resumed = tree.run("--output", tree.root / "out")
    assert resumed.returncode == 0, resumed.stderr
    assert ran(resumed.stdout) == ("figures", "pages")
    CHANGES["prose in a cell of 2_trends"].make(tree.root)
    prose = tree.run("--output", tree.root / "out")
    assert told(prose.stdout)["trends"] == "kept, nothing it reads changed", prose.stdout + prose.stderr
    assert ran(prose.stdout) == ("pages",)
    assert "In other words." in (tree.root / "out" / "bel" / "trends.html").read_text(encoding="utf-8")
    forced = tree.run("--force", "--output", tree.root / "forced")
    assert len(ran(forced.stdout)) == 4, forced.stdout + forced.stderr
    assert contents(tree.root / "forced") == contents(tree.root / "out")
    unchanged = tree.run("--output", tree.root / "out")
    assert unchanged.stdout.startswith("bel: unchanged")


def test_a_step_that_reads_what_it_does_not_say_is_refused(tree: Tree) -> None:
    path = tree.root / "notebooks" / "2_trends.ipynb"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("facts = steps.trends(step)", f"facts = steps.trends(step)\\nopen('{tree.root}/data/codebook.csv')"))
    assert path.read_text(encoding="utf-8") != before
    done = tree.run("--output", tree.root / "out")
    path.write_text(before, encoding="utf-8")
    assert done.returncode == 4, done.stderr
    assert f"the step trends read what it is not said to read: {tree.root}/data/codebook.csv." in done.stderr
    assert "Traceback" not in done.stderr
    assert len(list((tree.root / ".steps" / "bel" / "trends").iterdir())) == 1, "what it wrote is not kept"


def test_parallel_runs_share_what_is_kept(tree: Tree) -> None:
    command = [sys.executable, tree.root / "pipeline.py", "run", "bel", *TINY, "--output"]
    both = [subprocess.Popen([*map(str, command), str(tree.root / name)], stdout=subprocess.PIPE, text=True) for name in ("a", "b")]
    said = [one.communicate()[0] for one in both]
    assert [ran(out) for out in said] == [(), ()], said
    assert contents(tree.root / "a") == contents(tree.root / "b") == contents(Path(tree.root / "out"))
