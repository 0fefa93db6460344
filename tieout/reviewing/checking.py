"""The checks, live: a process of its own judges the record as it stands after each act, so that the page never waits.

What runs the checks takes seconds to import. The process begins with that, reads a line for each judgement wanted, answers with one, and
ends when its input does, however the server ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tieout.reviewing.reading import KINDS, Reading

PROGRESS = "number-accounted"  # an open number is no alarm while a document is read
MOST = 32 * 1024 * 1024  # bytes of an answer


class Checker:
    """Judges a reading again and again; ``told`` gets each judgement, and of several wanted meanwhile only the last is made."""

    def __init__(self, reading: Reading, told: Callable[[dict], None]) -> None:
        self.reading, self.told = reading, told
        self.wanted = asyncio.Event()
        self.task: asyncio.Task | None = None

    def want(self) -> None:
        """Judge what stands on disk, as soon as may be."""
        self.wanted.set()
        if self.task is None:
            self.task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """End the process."""
        if self.task:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task

    async def _run(self) -> None:
        while True:
            process = await self._start()
            try:
                await self._serve(process)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
            self.told({"failures": [], "elsewhere": 0, "broken": ["The checks died. They start again."]})
            await asyncio.sleep(1)
            self.wanted.set()

    async def _start(self) -> asyncio.subprocess.Process:
        reading, library = self.reading, str(Path(__file__).resolve().parents[2])
        told = [str(reading.root.resolve()), reading.country, reading.document, reading.name]
        path = os.pathsep.join(filter(None, (library, os.environ.get("PYTHONPATH", ""))))
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tieout.reviewing.checking", *told, stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
            env={**os.environ, "PYTHONPATH": path}, start_new_session=True, limit=MOST,
        )  # fmt: skip

    async def _serve(self, process: asyncio.subprocess.Process) -> None:
        """Ask and answer until the process ends."""
        while True:
            await self.wanted.wait()
            self.wanted.clear()
            process.stdin.write(b"\n")
            answer = await process.stdout.readline()
            if not answer:
                return
            self.told(json.loads(answer))


def judged(reading: Reading) -> dict:
    """What the checks say of the record that a reading makes: the failures of its document, and how many there are elsewhere."""
    from tieout.checks import FORM, check_record

    record = reading.record()
    report = check_record(record)
    own = {row.id for kind in ("metrics", "statements") for row in record.rows(kind) if row.document == reading.document}
    own |= {reading.document}
    places = tuple(reading.where(kind) for kind in KINDS)
    mine, elsewhere, opens = [], 0, 0
    for failure in report.failures:
        if failure.check == PROGRESS and failure.ids == (reading.document,):
            opens += 1
        elif own & set(failure.ids) or failure.where.startswith(places) or f"{reading.document}-" in " ".join(failure.ids):
            mine.append({"check": failure.check, "ids": list(failure.ids), "column": failure.column, "message": failure.message,
                         "where": failure.where, "words": failure.words})  # fmt: skip
        else:
            elsewhere += 1
    form = all(result.id in FORM for result in report.results)  # where the form is wrong nothing else is judged
    broken = [f"{one.title}: {one.fault}" for one in report.broken]
    return {"failures": mine, "elsewhere": elsewhere, "open": opens, "form": form, "broken": broken}


def main(root: str, country: str, document: str, name: str) -> None:
    """Judge once for each line of the input; answers go out alone, whatever a library prints."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    import tieout.expectations  # noqa: F401

    reading = Reading(Path(root), country, document, name)
    for _ in sys.stdin:
        print(json.dumps(_told(reading), ensure_ascii=False), file=answers, flush=True)


def _told(reading: Reading) -> dict:
    try:
        return judged(reading)
    except Exception as error:
        return {"failures": [], "elsewhere": 0, "open": 0, "broken": [f"The checks could not run: {type(error).__name__}: {error}"]}


if __name__ == "__main__":
    main(*sys.argv[1:])
