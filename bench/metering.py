"""What a command costs: the clock, the processors, and the memory of all its processes together.

Processor time is that of the command and of every descendant that was waited for. Memory is the largest sum of proportional set sizes
(PSS) seen in its tree of processes, looked at every 100 ms. Looking takes some of the processors, so it is done apart from the timed runs.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.kernels import proportional_mib

EVERY_SECONDS, MOST_SECONDS, SHOWN = 0.1, 1800, 3000


class Failed(Exception):
    """A command ended with another status than 0: the command and the end of what it told."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of processor time, and the peak of memory in MiB (0 where nobody looked)."""

    wall: float = 0.0
    processor: float = 0.0
    mebibytes: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        """One after the other: times add up, the peak is the higher one."""
        return Cost(self.wall + other.wall, self.processor + other.processor, max(self.mebibytes, other.mebibytes))


def metered(command: Sequence[object], folder: Path, environment: Mapping[str, str], look: bool = False) -> Cost:
    """Run a command in ``folder`` to its end and tell its cost; its memory only with ``look``.

    Raises ``Failed`` where it does not end with status 0, ``subprocess.TimeoutExpired`` after half an hour.
    """
    with tempfile.TemporaryFile() as told:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        process = subprocess.Popen(
            [*map(str, command)], cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT
        )
        watch = _Watch(process.pid) if look else None
        try:
            status = process.wait(MOST_SECONDS)
        except BaseException:
            process.terminate()
            process.wait(60)
            raise
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = watch.end() if watch else 0.0
        if status:
            told.seek(0)
            end = told.read().decode("utf-8", "replace")[-SHOWN:]
            raise Failed(f"{' '.join(map(str, command))}: status {status}\n{end}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak)


def tree(pid: int) -> list[int]:
    """A process and all its living descendants."""
    found = [pid]
    for one in found:
        try:
            tasks = os.listdir(f"/proc/{one}/task")
            found += [int(child) for task in tasks for child in Path(f"/proc/{one}/task/{task}/children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
    return found


def together_mib(pid: int) -> float:
    """The memory of a process and all its living descendants (PSS), in MiB; one that ends meanwhile counts nothing."""
    total = 0.0
    for one in tree(pid):
        try:
            total += proportional_mib(one)
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            continue
    return total


class _Watch:
    """Looks at the memory of a tree of processes until its end."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._over = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.is_set():
            self._peak = max(self._peak, together_mib(self._pid))
            self._over.wait(EVERY_SECONDS)

    def end(self) -> float:
        """The highest that was seen, in MiB."""
        self._over.set()
        self._thread.join()
        return self._peak
