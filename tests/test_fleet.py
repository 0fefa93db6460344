"""Many editions at once: progress by name, a line for each failure, the others finished, nothing left when it is cut short."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tieout import fleet
from tieout.fleet import Edition
from tieout.problems import Problem

PLAY = """
import json, os, sys, time
told, does = os.fdopen(int(sys.argv[1]), "w"), json.loads(sys.argv[2])
for line in sys.stdin:
    country, day, output = json.loads(line)
    tell = lambda **what: print(json.dumps(what), file=told, flush=True)
    tell(said=f"{country}: pages by {os.getpid()} into {output}")
    if does[country] == "dies":
        os.kill(os.getpid(), 9)
    if does[country] == "leaves":
        print("row 2 is wrong", end="", file=sys.stderr)
        sys.exit(2)
    if does[country] == "waits":
        time.sleep(600)
    if does[country] == "works":
        time.sleep(0.1)
    fails = does[country] == "fails"
    tell(status=int(fails), message=f"row 1 is wrong\\n{country}: 1 failure in 1 check." if fails else "")
"""


def command(does: dict[str, str]) -> Callable[[int], list[str]]:
    return lambda told: [sys.executable, "-c", PLAY, str(told), json.dumps(does)]


def built(does: dict[str, str], jobs: int = 2) -> tuple[list[fleet.Failure], list[str], list[str]]:
    said, complained = [], []
    named = fleet.editions(does, [])
    failures = fleet.build(named, lambda one: Path("out", one.country), command(does), jobs, said.append, complained.append)
    return failures, said, complained


def test_one_that_fails_leaves_the_others_to_finish_and_is_one_line() -> None:
    failures, said, complained = built({"aaa": "fails", "bbb": "works", "ccc": "dies", "ddd": "works", "eee": "leaves", "fff": "works"})
    assert [(one.edition.country, one.status, one.told) for one in failures] == [
        ("aaa", 1, "1 failure in 1 check."),
        ("ccc", 3, "its process was killed (SIGKILL)"),
        ("eee", 2, "row 2 is wrong"),
    ]
    assert {line.partition(" by ")[0] for line in said} >= {"bbb: pages", "ddd: pages", "fff: pages"}
    assert sorted(line.partition("] ")[2] for line in said if line.startswith("[")) == [
        "aaa: failed",
        "bbb: finished",
        "ccc: failed",
        "ddd: finished",
        "eee: failed",
        "fff: finished",
    ]
    assert [line.partition("] ")[0] for line in said if line.startswith("[")] == [f"[{number} of 6" for number in range(1, 7)]
    assert sorted(complained) == ["aaa | aaa: 1 failure in 1 check.", "aaa | row 1 is wrong", "eee | row 2 is wrong"]
    with pytest.raises(Problem) as ended:
        fleet.judge(failures, 6)
    assert ended.value.status == 3 and "    aaa: status 1: 1 failure in 1 check." in str(ended.value).splitlines()


def test_nothing_is_raised_where_nothing_failed() -> None:
    failures, _, complained = built({"aaa": "works"})
    assert (failures, complained) == ([], [])
    fleet.judge(failures, 1)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_a_process_builds_one_edition_after_the_other_and_no_more_run_than_the_jobs(jobs: int) -> None:
    countries = [f"x{letter}" for letter in "abcdefgh"]
    _, said, _ = built(dict.fromkeys(countries, "works"), jobs)
    by = {line.partition(":")[0]: line.split()[3] for line in said if not line.startswith("[")}
    assert sorted(by) == countries and len(set(by.values())) == jobs
    assert all(line.endswith(f"into out/{line.partition(':')[0]}") for line in said if not line.startswith("["))
    open_ones = 0
    for line in said:
        open_ones += -1 if line.startswith("[") else 1
        assert open_ones <= jobs


def test_a_process_that_cannot_even_start_its_work_takes_one_edition_with_it_each_time() -> None:
    said, complained, broken = [], [], [sys.executable, "-c", "raise SystemExit('no such kernels')"]
    failures = fleet.build(
        fleet.editions(["aaa", "bbb", "ccc"], []), lambda one: Path("out"), lambda _: broken, 2, said.append, complained.append
    )
    assert [(one.status, one.told) for one in failures] == [(1, "no such kernels")] * 3
    assert sorted(complained) == ["aaa | no such kernels", "bbb | no such kernels", "ccc | no such kernels"]


def test_an_interrupt_ends_every_process() -> None:
    started: list[int] = []

    def interrupt(line: str) -> None:
        started.append(int(line.split()[3]))
        if len(started) == 2:
            raise KeyboardInterrupt

    begun, does = time.monotonic(), {"aaa": "waits", "bbb": "waits"}
    with pytest.raises(KeyboardInterrupt):
        fleet.build(fleet.editions(does, []), lambda one: Path("out"), command(does), 2, interrupt, lambda _: None)
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
