"""Many editions in one run: every country, and every day up to which it is known, each in a process of its own.

One edition's failure leaves the others to finish; at the end each failure is a line. Every process ends when this one does.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tieout.interrupts import dying_with_parent
from tieout.problems import NotebookFails, Problem

KILLED = NotebookFails.status  # the status that counts for a process that was killed
_CHUNK = 1 << 16
Say = Callable[[str], None]


@dataclass(frozen=True)
class Edition:
    """An edition to be built: a country, and the day up to which it is known (empty: everything)."""

    country: str
    as_of: str = ""

    @property
    def name(self) -> str:
        """How progress lines call it: ``bel``, or ``bel as of 2023-12-31``."""
        return f"{self.country} as of {self.as_of}" if self.as_of else self.country

    def settings(self, given: Mapping[str, str]) -> dict[str, str]:
        """The notebooks' parameters for it: those ``given`` to all, and its day."""
        return {**given, **({"as_of": self.as_of} if self.as_of else {})}


@dataclass(frozen=True)
class Failure:
    """An edition that was not built: the exit status that it ended with, and the line that says why."""

    edition: Edition
    status: int
    told: str


def editions(countries: Collection[str], days: Collection[str]) -> list[Edition]:
    """Every country as of every day, in the order given; of everything where no day is."""
    return [Edition(country, day) for day in dict.fromkeys(days) or [""] for country in countries]


def place_of(edition: Edition, output: Path, days: Collection[str]) -> Path:
    """The folder that gets an edition's folder: ``output``, and in it one for each day where there are several ``days``."""
    return output / edition.as_of if len(set(days)) > 1 else output


def build(named: Sequence[Edition], command: Callable[[Edition], Sequence[str]], jobs: int, say: Say, complain: Say) -> list[Failure]:
    """Build editions, at most ``jobs`` at once, each by ``command`` in a process of its own; give the failures in the order of ``named``.

    Where this is interrupted, every process is asked to end, and is waited for.
    """
    waiting, failures, ended = deque(named), [], 0
    with _running() as running, selectors.DefaultSelector() as selector:
        while waiting or running:
            while waiting and len(running) < jobs:
                edition = waiting.popleft()
                running.append(_Process.start(edition, command(edition), selector))
            for key, _ in selector.select():
                process: _Process = key.data
                if not process.hear(key.fd, selector, say):
                    continue
                running.remove(process)
                ended += 1
                failure = process.judged(complain)
                failures += [failure] if failure else []
                say(f"[{ended} of {len(named)}] {process.edition.name}: {'failed' if failure else 'finished'}")
    return sorted(failures, key=lambda failure: named.index(failure.edition))


def judge(failures: Sequence[Failure], all_of_them: int) -> None:
    """Raise ``Problem`` where an edition failed: a line for each where there were several, and the gravest status."""
    if failures:
        lines = [f"    {failure.edition.name}: status {failure.status}: {failure.told}" for failure in failures]
        told = "\n".join([f"{len(failures)} of {all_of_them} editions failed, each told above; the others are in place.", *lines])
        raise Problem(told if all_of_them > 1 else "", status=max(failure.status for failure in failures))


def reason(message: str, country: str) -> str:
    """Why an edition failed, in a line: the one of its message that sums it up."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    summed = [line.removeprefix(f"{country}: ") for line in lines if line.startswith(f"{country}: ")]
    return (summed[-1:] or lines[:1] or ["it said nothing"])[0]


@dataclass(eq=False)
class _Process:
    """A process that builds an edition: its progress is handed on line by line, what it complains of kept until it ends."""

    edition: Edition
    process: subprocess.Popen
    told: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def start(cls, edition: Edition, command: Sequence[str], selector: selectors.BaseSelector) -> _Process:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=dying_with_parent(signal.SIGTERM)
        )
        made = cls(edition, process)
        for pipe in (process.stdout, process.stderr):
            made.told[pipe.fileno()] = b""
            selector.register(pipe.fileno(), selectors.EVENT_READ, made)
        return made

    def hear(self, pipe: int, selector: selectors.BaseSelector, say: Say) -> bool:
        """Take what a pipe has to say; True where it was the last word of both."""
        said = os.read(pipe, _CHUNK)
        self.told[pipe] += said
        if pipe == self.process.stdout.fileno():
            *lines, self.told[pipe] = self.told[pipe].split(b"\n")
            for line in lines:
                say(line.decode("utf-8", "backslashreplace").replace(self.edition.country, self.edition.name, 1))
        if not said:
            selector.unregister(pipe)
        return not said and not any(key.data is self for key in selector.get_map().values())

    def judged(self, complain: Say) -> Failure | None:
        """Its failure, told in full; None where it built its edition."""
        message = self.told[self.process.stderr.fileno()].decode("utf-8", "backslashreplace").rstrip()
        status = self.process.wait()
        self.close()
        complain("\n".join(f"{self.edition.name} | {line}" for line in message.splitlines()))
        if status < 0:
            return Failure(self.edition, KILLED, f"its process was killed ({signal.Signals(-status).name})")
        return Failure(self.edition, status, reason(message, self.edition.country)) if status else None

    def close(self) -> None:
        self.process.stdout.close()
        self.process.stderr.close()


@contextmanager
def _running() -> Iterator[list[_Process]]:
    """The processes that run; those that are left at the end are asked to end, and waited for."""
    running: list[_Process] = []
    try:
        yield running
    finally:
        for one in running:
            one.process.terminate()
        for one in running:
            one.process.communicate()


def of_its_own(edition: Edition, root: Path, output: Path, flags: Sequence[str], program: Path) -> list[str]:
    """The command that builds one edition in a process of its own, into ``output``."""
    day = [f"--as-of={edition.as_of}"] if edition.as_of else []
    return [sys.executable, str(program), "run", edition.country, "--root", str(root), "--output", str(output), *day, *flags]
