"""How long an edition takes, ours and the rivals' and the limit's side by side: python -m bench.speed (``make bench``).

Writes ``docs/benchmark.md``. Runs in the environment of ``bench/requirements.lock``, which has the rivals.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce
from importlib.util import find_spec
from operator import add
from pathlib import Path

from bench.contestants import COLD, EXECUTED, OURS, Trial, trials
from bench.faulty import PARTS, REPOSITORY
from bench.kernels import memory as memory_of_kernels
from bench.metering import Cost, Failed, metered
from bench.speed_page import Where, page
from bench.standings import Round, targets
from tieout import editions, environment, installed

PAGE = REPOSITORY / "docs" / "benchmark.md"
LOCKS = (REPOSITORY / "requirements.lock", REPOSITORY / "bench" / "requirements.lock")
KERNELS, EDITIONS = 8, 3
OF_THE_TOOL = ("notebooks/", "-code.html", editions.MANIFEST)  # what tells by which tool and with which parameters notebooks were run


class Differs(Exception):
    """A contestant made another edition than ours: which, and in which files."""


class Results:
    """The digests of what was made, by day; the first that is told of a day is what the others are held against."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def hold(self, name: str, day: str, found: Mapping[str, str]) -> None:
        """Hold an edition's digests against those that are known of its day. Raises ``Differs``."""
        found = {path: digest for path, digest in found.items() if not path.startswith(OF_THE_TOOL) and not path.endswith(OF_THE_TOOL)}
        known = self._known.setdefault(day, found)
        if other := sorted(path for path in known.keys() | found.keys() if known.get(path) != found.get(path)):
            raise Differs(f"{name} made another edition{f' as of {day}' if day else ''}: {', '.join(other[:10])}")
        if not found:
            raise Differs(f"{name} made no edition{f' as of {day}' if day else ''}")


class Arena:
    """Where contestants are measured: fresh copies of the repository, one after the other, and one home that is nobody's."""

    def __init__(self, folder: Path) -> None:
        self._master, self._copy, self.executed = folder / "master", folder / "copy", folder / "executed"
        self.results, self._home = Results(), folder / "home"
        self._home.mkdir()
        for part in (*PARTS, "bench"):
            copy = shutil.copytree if (REPOSITORY / part).is_dir() else shutil.copy
            self._master.mkdir(exist_ok=True)
            copy(
                REPOSITORY / part,
                self._master / part,
                **({"ignore": shutil.ignore_patterns("__pycache__")} if copy is shutil.copytree else {}),
            )
        compileall.compile_dir(self._master, quiet=1)

    def variables(self) -> dict[str, str]:
        """What every contestant's environment holds: that of our kernels, with the copy's library."""
        theirs = {"PYTHONPATH": str(self._copy), "HOME": str(self._home), "PLOOMBER_STATS_ENABLED": "false"}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        return {**environment.of_kernels(self._home), **theirs, "PATH": path}

    def measure(self, trial: Trial, look: bool = False) -> Round:
        """One trial in a fresh copy. Raises ``Failed`` and ``Differs``."""
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self._master, self._copy)
        for folder in trial.folders:
            (self._copy / folder).mkdir(parents=True)
        taken: Round = {}
        for phase in trial.phases:
            ran = [metered(command, self._copy / phase.folder, self.variables(), look) for command in phase.commands]
            taken[trial.name, phase.name] = reduce(add, ran, Cost())
            for day, place in phase.makes:
                self.results.hold(trial.name, day, editions.outputs(self._copy / place))
            if (trial.name, phase.name) == (OURS, COLD) and not self.executed.exists():
                shutil.copytree(self._copy / EXECUTED, self.executed)
        return taken


def days(as_of: str = "") -> list[str]:
    """The days of three editions: from ``as_of``, or from the day by which every document was published, so that all are whole ones."""
    if not as_of:
        with (REPOSITORY / "data" / "bel" / "documents.csv").open(encoding="utf-8", newline="") as file:
            as_of = f"{max(row['published'][:4] for row in csv.DictReader(file))}-12-31"
    return [(date.fromisoformat(as_of) + timedelta(more)).isoformat() for more in range(EDITIONS)]


def versions(contestants: list[Trial]) -> dict[str, str]:
    """Python, and the packages of those who took part."""
    packages = sorted({trial.tool for trial in contestants} - {"tieout", "python"})
    pinned = installed.versions(packages)
    return {"Python": platform.python_version(), **pinned}


def otherwise() -> list[str]:
    """The packages that the environment of the benchmark has in another version than the pipeline's: a rival asks for it."""
    ours, theirs = (dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)) for lock in LOCKS)
    return [f"{name} {version} ({ours[name]})" for name, version in theirs.items() if ours.get(name, version) != version]


def round_of(arena: Arena, contestants: list[Trial], named: str, look: bool = False) -> Round:
    """One round; a line for each phase."""
    taken: Round = {}
    for trial in contestants:
        found = arena.measure(trial, look)
        for (name, phase), cost in found.items():
            seen = f", {cost.mebibytes:.0f} MiB" if look else ""
            print(f"{named}: {name}: {phase}: {cost.wall:.1f} s, processor {cost.processor:.1f} s{seen}", flush=True)
        taken |= found
    return taken


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds, after one that is not (0: that one alone, to try it)")
    parser.add_argument("--only", default="", help="only the contestants whose name matches (a regular expression)")
    parser.add_argument("--as-of", default="", metavar="DATE", help="ours and the limit alone, of a smaller edition: for a test")
    parser.add_argument("--kernels", type=int, default=KERNELS, help="kernels at once, to measure their memory (0: none)")
    parser.add_argument("--write", type=Path, default=PAGE, help="the page to be written")
    options = parser.parse_args()
    if options.rounds < 0:
        parser.error("--rounds: none, or so many")
    if find_spec("snakemake") is None and not options.as_of:
        parser.error("the rivals are not installed here: run make bench, which has an environment of its own for them")
    return options


def main() -> int:
    """Measure, print, and write the page.

    The exit status is 1 where a contestant failed or made something else, and not where a target is missed.
    """
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-speed-") as folder:
        arena = Arena(Path(folder))
        everyone = trials(arena.executed, days(options.as_of), options.as_of)
        chosen = [trial for trial in everyone if re.search(options.only, trial.name)]
        first = everyone[0]
        try:
            memory = round_of(arena, [first, *(trial for trial in chosen if trial is not first)], "not timed", look=True)
            rounds = [
                round_of(arena, chosen if number % 2 else chosen[::-1], f"round {number} of {options.rounds}")
                for number in range(1, options.rounds + 1)
            ]
        except (Failed, Differs) as error:
            print(error, file=sys.stderr)
            return 1
    kernels = memory_of_kernels(options.kernels) if options.kernels else []
    shares = [float(line.split("|")[-2]) for line in kernels[2:]]
    names = [trial.name for trial in everyone]
    found = targets(rounds or [memory], names, shares)
    where = Where(versions(chosen), otherwise(), len(os.sched_getaffinity(0)))
    text = page(rounds, memory, names, found, kernels, where)
    options.write.write_text(text, encoding="utf-8")
    print(text.partition("## Measured\n")[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
