"""Many editions in one run: every country, and every day up to which it is known, by several processes at once.

A process builds one edition after the other, so that what it has imported serves all of them. It is asked on its standard input, a line
of JSON for each edition, and tells on a pipe: lines with ``said``, a line of progress, and one with ``status`` and ``message`` when an
edition is done. One edition's failure leaves the others to finish; at the end each failure is a line. Every process ends when this one
does.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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


@dataclass(frozen=True)
class Order:
    """What a process is asked for: an edition, and the folder that gets the edition's folder."""

    edition: Edition
    output: Path

    def line(self) -> bytes:
        return json.dumps([self.edition.country, self.edition.as_of, str(self.output)]).encode() + b"\n"

    @classmethod
    def read(cls, line: str) -> Order:
        country, as_of, output = json.loads(line)
        return cls(Edition(country, as_of), Path(output))


def editions(countries: Collection[str], days: Collection[str]) -> list[Edition]:
    """Every country as of every day, in the order given; of everything where no day is."""
    return [Edition(country, day) for day in dict.fromkeys(days) or [""] for country in countries]


def place_of(edition: Edition, output: Path, days: Collection[str]) -> Path:
    """The folder that gets an edition's folder: ``output``, and in it one for each day where there are several ``days``."""
    return output / edition.as_of if len(set(days)) > 1 else output


def build(
    named: Sequence[Edition],
    place_of: Callable[[Edition], Path],
    command: Callable[[int], Sequence[str]],
    jobs: int,
    say: Say,
    complain: Say,
) -> list[Failure]:
    """Build editions, each in the folder that ``place_of`` names, in at most ``jobs`` processes; the failures, in the order of ``named``.

    ``command`` starts a process that tells on the descriptor it is given. One that dies takes its edition with it, and another takes its
    place. Where this is interrupted, every process is asked to end, and is waited for.
    """
    waiting, failures, ended = deque(named), [], 0
    with _running() as running, selectors.DefaultSelector() as selector:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_Process.start(command, selector))
                running[-1].ask(waiting.popleft(), place_of)
            for key, _ in selector.select():
                process: _Process = key.data
                for edition, status, message in process.hear(key.fd, selector, say, complain):
                    ended += 1
                    failures += [Failure(edition, status, reason(message, edition.country))] if status else []
                    say(f"[{ended} of {len(named)}] {edition.name}: {'failed' if status else 'finished'}")
                    if not process.over:
                        process.ask(waiting.popleft() if waiting else None, place_of)
                if process.over:
                    running.remove(process)
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
    """A process that builds editions, one at a time: the pipe on which it tells, and what it prints besides."""

    process: subprocess.Popen
    told: int
    edition: Edition | None = None
    over: bool = False
    heard: dict[int, bytes] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, command: Callable[[int], Sequence[str]], selector: selectors.BaseSelector) -> _Process:
        told, telling = os.pipe()
        try:
            process = subprocess.Popen(
                command(telling), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[telling],
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )  # fmt: skip
        finally:
            os.close(telling)
        made = cls(process, told)
        for pipe in (told, process.stdout.fileno()):
            os.set_blocking(pipe, False)
            made.heard[pipe] = b""
            selector.register(pipe, selectors.EVENT_READ, made)
        return made

    def ask(self, edition: Edition | None, place_of: Callable[[Edition], Path]) -> None:
        """Ask for an edition; for none, and the process ends."""
        self.edition = edition
        with suppress(BrokenPipeError):  # it has died: the end of what it tells says so
            if edition is None:
                self.process.stdin.close()
            else:
                self.process.stdin.write(Order(edition, place_of(edition)).line())
                self.process.stdin.flush()

    def hear(self, pipe: int, selector: selectors.BaseSelector, say: Say, complain: Say) -> Iterator[tuple[Edition, int, str]]:
        """Take what a pipe has to say and hand progress on; gives each edition that ended, with its status and its message."""
        said = os.read(pipe, _CHUNK)
        *lines, self.heard[pipe] = (self.heard[pipe] + said).split(b"\n")
        if not said and pipe != self.told and self.heard[pipe]:
            lines.append(self.heard[pipe])
        for line in lines:
            if pipe != self.told:
                self.printed.append(line.decode("utf-8", "backslashreplace"))
                complain(f"{self.edition.name if self.edition else 'a process'} | {self.printed[-1]}")
                continue
            what = json.loads(line)
            if "said" in what:
                say(what["said"].replace(self.edition.country, self.edition.name, 1))
            else:
                yield self._done(what["status"], what["message"], complain)
        if not said:
            selector.unregister(pipe)
            self.over = not any(key.data is self for key in selector.get_map().values())
        if self.over:
            status = self.process.wait()
            self.close()
            if self.edition is not None:
                killed = f"its process was killed ({signal.Signals(-status).name})" if status < 0 else ""
                yield self.edition, KILLED if killed or not status else status, killed or "\n".join(self.printed)

    def _done(self, status: int, message: str, complain: Say) -> tuple[Edition, int, str]:
        """An edition that was told to be done; why it failed is told in full."""
        for line in message.splitlines():
            complain(f"{self.edition.name} | {line}")
        self.printed.clear()
        return self.edition, status, message

    def close(self) -> None:
        """Let go of the pipes."""
        os.close(self.told)
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()


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
            os.set_blocking(one.process.stdout.fileno(), True)
            one.process.stdout.read()
            one.process.wait()
            one.close()
