"""A cluster on this machine for the tests: a real scheduler, real worker processes, an S3 server in this process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client

from tests.conftest import ROOT

QUICK = ("--preload", "tests.cluster.quick")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@dataclass
class Cluster:
    """A scheduler at ``address`` and its workers; ``environment`` is what they are started with."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    scheduler: subprocess.Popen | None = None
    workers: list[subprocess.Popen] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the scheduler."""
        self.scheduler = self._process("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")

    def add(self, *more: str, **environment: str) -> subprocess.Popen:
        """Add a worker of one thread; it dies with its process, for no nanny stands behind it."""
        place = self.folder / f"worker-{len(self.workers)}"
        given = ["--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--local-directory", str(place), *QUICK, *more]
        self.workers.append(self._process("worker", self.address, *given, **environment))
        return self.workers[-1]

    def wait_for(self, count: int) -> None:
        """Wait until the scheduler knows as many workers."""
        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=90)

    def end(self) -> None:
        """End all that was started."""
        for process in filter(None, [*self.workers, self.scheduler]):
            process.kill()
            process.wait()

    def _process(self, kind: str, *arguments: str, **environment: str) -> subprocess.Popen:
        log = (self.folder / f"{kind}-{len(self.workers)}.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments], stdout=log, stderr=log, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment, **environment},
        )  # fmt: skip


@contextmanager
def cluster(folder: Path, **environment: str) -> Iterator[Cluster]:
    """A scheduler without workers, ended afterwards."""
    folder.mkdir(parents=True)
    made = Cluster(folder, environment)
    with ExitStack() as stack:
        stack.callback(made.end)
        made.start()
        yield made


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)
