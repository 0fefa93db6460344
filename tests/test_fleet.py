"""Many editions at once: progress by name, a line for each failure, the others finished, nothing left when it is cut short."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tieout import fleet
from tieout.fleet import Edition
from tieout.problems import Problem

PLAY = """
import os, sys, time
country, does = sys.argv[1:]
print(f"{country}: pages" if does != "waits" else os.getpid(), flush=True)
if does == "fails":
    print(f"row 1 is wrong\\n{country}: 1 failure in 1 check.", file=sys.stderr)
    sys.exit(1)
if does == "dies":
    os.kill(os.getpid(), 9)
if does == "waits":
    time.sleep(600)
"""


def built(does: dict[str, str], jobs: int = 2) -> tuple[list[fleet.Failure], list[str], list[str]]:
    said, complained = [], []
    failures = fleet.build(
        fleet.editions(does, []),
        lambda one: [sys.executable, "-c", PLAY, one.country, does[one.country]],
        jobs,
        said.append,
        complained.append,
    )
    return failures, said, [line for line in complained if line]


def test_one_that_fails_leaves_the_others_to_finish_and_is_one_line() -> None:
    failures, said, complained = built({"aaa": "fails", "bbb": "works", "ccc": "dies", "ddd": "works"})
    assert [(one.edition.country, one.status, one.told) for one in failures] == [
        ("aaa", 1, "1 failure in 1 check."),
        ("ccc", 3, "its process was killed (SIGKILL)"),
    ]
    assert {"bbb: pages", "ddd: pages"} <= set(said)
    assert sorted(line.partition("] ")[2] for line in said if line.startswith("[")) == [
        "aaa: failed",
        "bbb: finished",
        "ccc: failed",
        "ddd: finished",
    ]
    assert complained == ["aaa | row 1 is wrong\naaa | aaa: 1 failure in 1 check."]
    with pytest.raises(Problem) as ended:
        fleet.judge(failures, 4)
    assert ended.value.status == 3 and "    aaa: status 1: 1 failure in 1 check." in str(ended.value).splitlines()


def test_nothing_is_raised_where_nothing_failed() -> None:
    failures, _, complained = built({"aaa": "works"})
    assert (failures, complained) == ([], [])
    fleet.judge(failures, 1)


def test_no_more_than_the_jobs_run_at_once(tmp_path: Path) -> None:
    code = "import sys,time,pathlib; b=time.monotonic(); time.sleep(.3); pathlib.Path(sys.argv[1]).write_text(f'{b} {time.monotonic()}')"
    named = fleet.editions(["aaa", "bbb", "ccc", "ddd"], [])
    fleet.build(named, lambda one: [sys.executable, "-c", code, str(tmp_path / one.country)], 2, lambda _: None, lambda _: None)
    spans = [tuple(map(float, path.read_text().split())) for path in tmp_path.iterdir()]
    assert max(sum(begun <= at < ended for begun, ended in spans) for at, _ in spans) <= 2


def test_an_interrupt_ends_every_process() -> None:
    started: list[int] = []

    def command(one: Edition) -> list[str]:
        return [sys.executable, "-c", PLAY, one.country, "waits"]

    def interrupt(line: str) -> None:
        started.append(int(line))
        if len(started) == 2:
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fleet.build(fleet.editions(["aaa", "bbb"], []), command, 2, interrupt, lambda _: None)
    assert time.monotonic() - begun < 60
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_days_are_editions_of_their_own_and_have_a_folder_each() -> None:
    days = ["2023-12-31", "2024-12-31"]
    named = fleet.editions(["aaa", "bbb"], days)
    assert [one.name for one in named[:2]] == ["aaa as of 2023-12-31", "bbb as of 2023-12-31"] and len(named) == 4
    assert fleet.place_of(named[0], Path("out"), days) == Path("out/2023-12-31")
    assert fleet.place_of(named[0], Path("out"), days[:1]) == Path("out"), "one day alone goes where it always went"
    assert named[0].settings({"x": "1"}) == {"x": "1", "as_of": "2023-12-31"} and Edition("aaa").settings({}) == {}


@pytest.mark.parametrize(
    ("message", "line"),
    [("a\n\nbel: 2 failures. Mend.", "2 failures. Mend."), ("x failed: cell 3\n  code\nNothing was published", "x failed: cell 3"),
     ("", "it said nothing")],
)  # fmt: skip
def test_the_line_that_says_why_sums_it_up(message: str, line: str) -> None:
    assert fleet.reason(message, "bel") == line
