"""What kernels cost, forked and plain, side by side: python -m bench.kernels [--rounds N] [--kernels N] [--runs N] [--write FILE].

Wall time depends on what else the machine does; processor time hardly does. Rounds alternate, so that both see the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.faulty import REPOSITORY
from tieout import environment
from tieout.kernels import LimitedKernelManager
from tieout.servers import IMPORTS
from tieout.warm.forking import Forked, ForkServer

HEADING = "## Measured"
TICK = os.sysconf("SC_CLK_TCK")
PHASES = ("start", "ready", "imports", "end")
KINDS = {"1_validate": "validation", "2_trends": "trends and figures"}


def processor_seconds(pid: int) -> float:
    """User and system time of a process, its dead children's left out."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def proportional_mib(pid: int) -> float:
    """The memory of a process, what it shares with others divided among them (PSS), in MiB."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    return int(next(line for line in told.splitlines() if line.startswith("Pss:")).split()[1]) / 1024


@contextmanager
def surroundings() -> Iterator[Path]:
    """The environment of kernels, and a folder for them to work in."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="bench-kernels-") as folder:
        kernels = environment.of_kernels(Path(folder))
        os.environ.clear()
        os.environ.update(kernels)
        try:
            yield Path(folder)
        finally:
            os.environ.clear()
            os.environ.update(before)


class Started:
    """A kernel that runs, and when each phase of it was over."""

    def __init__(self, server: ForkServer | None, modules: tuple[str, ...]) -> None:
        self.manager, self.modules = LimitedKernelManager(server, kernel_name="python3"), modules
        self.took: dict[str, float] = {}

    async def phase(self, name: str, doing) -> None:
        began = time.perf_counter()
        await doing
        self.took[name] = time.perf_counter() - began

    async def begin(self, folder: Path) -> Started:
        """Start it, and import what its notebook needs in it."""
        await self.phase("start", self.manager.start_kernel(cwd=str(folder), extra_arguments=["--log-level=CRITICAL"]))
        self.client = self.manager.client()
        self.client.start_channels()
        await self.phase("ready", self.client.wait_for_ready(timeout=120))
        await self.phase("imports", self._run("\n".join(f"import {module}" for module in self.modules)))
        if isinstance(self.manager.provisioner.process, Forked) != (self.manager.server is not None):
            raise RuntimeError("a plain kernel was started in the place of a forked one")
        self.pid = self.manager.provisioner.process.pid
        self.processor = processor_seconds(self.pid)
        return self

    async def _run(self, source: str) -> None:
        asked = self.client.execute(source)
        while True:
            reply = await self.client.get_shell_msg(timeout=120)
            if reply["parent_header"].get("msg_id") == asked:
                if reply["content"]["status"] != "ok":
                    raise RuntimeError(reply["content"])
                return

    async def end(self) -> None:
        """Shut it down, as a notebook that is done does."""
        await self.phase("end", self.manager.shutdown_kernel())
        self.client.stop_channels()
        self.manager.discard()


def costs(rounds: int) -> list[str]:
    """One kernel after the other, plain and forked in turn, for each kind of notebook."""
    lines = ["| kernel for | | " + " | ".join(f"{phase} s" for phase in PHASES) + " | in all s | processor s |",
             "|---|---|" + "---:|" * (len(PHASES) + 2)]  # fmt: skip
    with surroundings() as folder:
        for name, told in KINDS.items():
            server = ForkServer([sys.executable], IMPORTS[name], environment.of_kernels(folder))
            found: dict[str, list[Started]] = {"plain": [], "forked": []}
            asyncio.run(_one(server, name, folder))  # waits for the server's imports
            importing = processor_seconds(server.pid)
            for _ in range(rounds):
                for kind in found:
                    found[kind].append(asyncio.run(_one(server if kind == "forked" else None, name, folder)))
            server.close()
            lines += [_row(told, kind, kernels) for kind, kernels in found.items()]
            ratio = median(sum(one.took.values()) for one in found["plain"]) / median(sum(one.took.values()) for one in found["forked"])
            lines.append(f"| | | | | | | {ratio:.0f}× | its server once: {importing:.1f} |")
    return lines


async def _one(server: ForkServer | None, name: str, folder: Path) -> Started:
    kernel = await Started(server, IMPORTS[name]).begin(folder)
    await kernel.end()
    return kernel


def _row(told: str, kind: str, kernels: list[Started]) -> str:
    phases = [median(one.took[phase] for one in kernels) for phase in PHASES]
    cells = [*phases, sum(phases), median(one.processor for one in kernels)]
    return f"| {told} | {kind} | {' | '.join(f'{cell:.2f}' for cell in cells)} |"


def memory(count: int) -> list[str]:
    """So many kernels at once, each with its imports; what they and their server take together against so many times a plain one."""
    lines = [
        "| kernels for | one plain kernel MiB | so many times one | so many forked, their server included | share |",
        "|---|---:|---:|---:|---:|",
    ]
    with surroundings() as folder:
        for name, told in KINDS.items():
            (alone,) = asyncio.run(_together(None, name, folder, 1))
            server = ForkServer([sys.executable], IMPORTS[name], environment.of_kernels(folder))
            forked = sum(asyncio.run(_together(server, name, folder, count)))
            server.close()
            lines.append(f"| {told} | {alone:.0f} | {count} × = {count * alone:.0f} | {forked:.0f} | {forked / (count * alone):.2f} |")
    return lines


async def _together(server: ForkServer | None, name: str, folder: Path, count: int) -> list[float]:
    kernels = [await Started(server, IMPORTS[name]).begin(folder) for _ in range(count)]
    found = [proportional_mib(pid) for pid in [*(one.pid for one in kernels), *([server.pid] if server else [])]]
    for one in kernels:
        await one.end()
    return found


def runs(count: int) -> list[str]:
    """Whole editions built anew, with forked and with plain kernels in turn."""
    found: dict[str, list[tuple[float, float]]] = {"plain": [], "warm": []}
    with tempfile.TemporaryDirectory(prefix="bench-kernels-") as folder:
        for _ in range(count):
            for kind in found:
                before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                command = [sys.executable, str(REPOSITORY / "pipeline.py"), "run", "bel", "--force", "--output", folder]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "TIEOUT_KERNELS": kind})
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                found[kind].append((time.perf_counter() - began, used))
    lines = ["| a run with | wall s | processor s |", "|---|---:|---:|"]
    medians = {kind: [median(column) for column in zip(*taken, strict=True)] for kind, taken in found.items()}
    lines += [f"| {kind} kernels | {wall:.1f} | {used:.1f} |" for kind, (wall, used) in medians.items()]
    ratios = [plain / warm for plain, warm in zip(medians["plain"], medians["warm"], strict=True)]
    return [*lines, f"| plain : warm | {ratios[0]:.2f} | {ratios[1]:.2f} |"]


def main() -> int:
    """Measure, print, and put what was printed under the heading of a page of Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="kernels of each sort, one after the other")
    parser.add_argument("--kernels", type=int, default=8, help="kernels at once, to measure memory")
    parser.add_argument("--runs", type=int, default=3, help="whole runs of each sort (0: none)")
    parser.add_argument("--write", type=Path, help="the page, such as docs/kernels.md")
    options = parser.parse_args()
    parts = {
        f"One kernel after the other, medians of {options.rounds} alternating rounds:": costs(options.rounds),
        f"{options.kernels} kernels at once, proportional set size:": memory(options.kernels),
    }
    if options.runs:
        parts[f"A whole edition built anew, medians of {options.runs} alternating runs:"] = runs(options.runs)
    text = "\n".join(line for title, lines in parts.items() for line in ("", title, "", *lines))
    print(text)
    if options.write:
        page = options.write.read_text(encoding="utf-8").partition(HEADING)[0]
        options.write.write_text(f"{page}{HEADING}\n\nWritten by `python -m bench.kernels`.\n{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
