"""Faults in the run, through the command line: python -m bench.run_faults [--points N] [--only NAME] [--write FILE]."""

from __future__ import annotations

import argparse
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.faulty import REPOSITORY, Desk, Ended, Found
from bench.run_worlds import WORLDS, Skipped

KILLS = {"SIGKILL": -signal.SIGKILL, "SIGTERM": 130, "SIGINT": 130}

# A fault in a cell: what the cell does, the arguments of the run, what the message says.
CELLS = {
    "a cell raises": ("raise ValueError('the figure is gone')", [], "cell 3 raised ValueError: the figure is gone"),
    "a cell ends its process": ("import os\nos._exit(7)", [], "cell 3 did not end: its kernel died (exit status 7)"),
    "a cell ends its process with 0": ("import os\nos._exit(0)", [], "cell 3 did not end: its kernel died (exit status 0)"),
    "a cell calls exit()": ("exit()", [], "1_validate"),
    "a cell calls sys.exit(0)": ("import sys\nsys.exit(0)", [], "not run to its end"),
    "a cell crashes in C": ("import ctypes\nctypes.string_at(0)", [], "cell 3 did not end: its kernel died (signal 11)"),
    "a cell sleeps": ("import time\ntime.sleep(3600)", ["--timeout", 3], "cell 3 ran for more than 3 seconds"),
    "a cell hangs in C, the lock held": ("import re\nre.match('(a+)+$', 'a' * 60 + 'b')", ["--timeout", 3], "more than 3 seconds"),
    "a cell stops its kernel (SIGSTOP)": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", ["--timeout", 3], "more than 3 seconds"),
    "a cell prints without end": ("while True:\n    print('x' * 1000)", [], "cell 3 printed more than 16 MiB"),
    "a cell displays without end": ("while True:\n    display(1)", [], "cell 3 printed more than 16 MiB"),
    "a cell shows and clears without end": (
        "from IPython.display import clear_output\nwhile True:\n    print('x' * 9999)\n    clear_output()", [], "printed more than 16 MiB"),
    "a cell writes to the terminal without end": (
        "import os\nwhile True:\n    os.write(1, b'x' * 10000)", [], "printed more than 16 MiB"),
    "a cell prints 100 MB at once": ("print('x' * 10**8)", [], "printed more than 16 MiB"),
    "a cell takes memory in large pieces": ("hog = [bytearray(2**28) for _ in range(64)]", [], "4 GiB of memory"),
    "a cell takes memory in small pieces": ("hog = []\nwhile True:\n    hog.append(bytearray(2**12))", [], "memory may have run out"),
    "a cell leaves a process and dies": ("import os, subprocess\nsubprocess.Popen(['sleep', '1000'])\nos._exit(7)", [], "kernel died"),
    "a cell leaves a process and raises": ("import subprocess\nsubprocess.Popen(['sleep', '1000'])\n1 / 0", [], "ZeroDivisionError"),
    "a cell removes the folder it works in": ("import os, shutil\nshutil.rmtree(os.getcwd())", [], "bel"),
    "a cell raises with 5 MB of words": ("raise ValueError('x' * 5 * 10**6)", [], "raised ValueError: xxx"),
}  # fmt: skip
_UNLIKE_THREE = {"a cell removes the folder it works in": 2}


def cell_faults(desk: Desk, names: list[str]) -> Iterator[Found]:
    """Faults of a cell, early in the first notebook, before anything heavy is imported."""
    for name in names:
        source, arguments, says = CELLS[name]
        desk.cell(source)
        yield desk.judge(name, _UNLIKE_THREE.get(name, 3), desk.run("bel", *arguments), says)


def kills(desk: Desk, kinds: list[str], length: float, points: int, seed: int, rebuild_every: int = 12) -> Iterator[Found]:
    """Runs killed at moments spread over a run. Every so many the next run builds all anew; the others find it up to date."""
    chance, number = random.Random(seed), 0
    for point in range(points):
        for kind in kinds:
            number += 1
            rebuild = number % rebuild_every == 0 or number == points * len(kinds)
            yield killed(desk, kind, length * (point + chance.random()) / points, rebuild)


def killed(desk: Desk, kind: str, moment: float, rebuild: bool = False) -> Found:
    """A run that gets a signal after so many seconds."""
    began = time.monotonic()
    process = desk.start("bel", "--force")
    try:
        process.wait(moment)
    except Exception:  # it has not ended yet, as it should not
        process.send_signal(getattr(signal, kind))
    sent = time.monotonic()
    ended = desk.end(process, began)
    took = time.monotonic() - sent
    stage = next(iter(ended.out.strip().splitlines()[-1:]), "starting").removeprefix("bel: ")
    wanted = 0 if stage.startswith("done") and ended.status == 0 else KILLS[kind]
    says = "Interrupted." if wanted == 130 else ""
    found = desk.judge(f"{kind} after {moment:.1f} s ({stage.partition(' (')[0]})", wanted, ended, says, kind == "SIGKILL", rebuild)
    if took > 5:
        found.wrong.append(f"took {took:.0f} s to end")
    return found


def worlds(desk: Desk, names: list[str]) -> Iterator[Found | str]:
    """Faults of the world around the run; one that cannot be made here is told as a row, not left out."""
    for name in names:
        try:
            yield WORLDS[name](desk, name)
        except Skipped as reason:
            yield f"| {name} | skipped | {reason} | | | |"
        finally:
            desk.fresh()


def page(rows: list[str], seconds: float, wrong: int) -> str:
    """The campaign as a page of Markdown."""
    return "\n".join([
        "# Faults put into the run, and how it ended", "", "Written by `python -m bench.run_faults`; do not edit.", "",
        f"A run took {seconds:.0f} s. The last edition is compared byte for byte. \"Nothing left\" looks for processes by a mark in their",
        "environment, for unix sockets, and for files in the temporary folder and beside the edition; after SIGKILL processes must be gone",
        "within 5 s and files after the next run. \"Up to date\": the next run found the edition whole, swept and left it alone.", "",
        f"{len(rows)} faults, {wrong} that went wrong.", "",
        "| fault | exit status | first line of the message | last edition intact | nothing left | next run |", "|---|---:|---|---|---|---|",
        *rows, ""])  # fmt: skip


def campaign(desk: Desk, length: float, points: int, seed: int, only: str) -> Iterator[Found | str]:
    """Every fault: cells, the world, then the kills."""
    yield from cell_faults(desk, [name for name in CELLS if re.search(only, name)])
    yield from worlds(desk, [name for name in WORLDS if re.search(only, name)])
    yield from kills(desk, [kind for kind in KILLS if re.search(only, kind)], length, points, seed)


def main() -> int:
    """Run the campaign; the exit status is 1 where a fault went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=20, help="moments at which a run is killed, for each signal")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--only", default="", help="only the faults whose name matches (a regular expression)")
    parser.add_argument("--write", type=Path, default=REPOSITORY / "docs" / "run-faults.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="run-faults-") as folder:
        desk = Desk(Path(folder))
        length = desk.build()
        rows, wrong = [], 0
        for found in campaign(desk, length, options.points, options.seed, options.only):
            row = found if isinstance(found, str) else found.row()
            wrong += isinstance(found, Found) and not found.well
            rows.append(row)
            print(row, flush=True)
            if isinstance(found, Found) and not found.well:
                print(found.ended.err[:3000], flush=True)
            options.write.write_text(page(rows, length, wrong), encoding="utf-8")
        desk.close()
    print(f"{len(rows)} faults, {wrong} that went wrong.")
    return int(wrong > 0)


__all__ = ["CELLS", "KILLS", "WORLDS", "Ended", "cell_faults", "killed", "kills", "worlds"]

if __name__ == "__main__":
    sys.exit(main())
