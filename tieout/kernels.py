"""Kernels with private sockets and limits: no port on the network, no crossed wires, and an end to memory, output and time.

A kernel dies with the process that started it, and everything that a cell started dies with the kernel.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import tieout.unneeded  # noqa: F401

# isort: split
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines

from tieout import sockets
from tieout.interrupts import dying_with_parent, held
from tieout.keeping import reads
from tieout.prompt import PromptClient
from tieout.warm import provisioner
from tieout.warm.forking import Forked, ForkServer, Limits

MEMORY = 4 * 2**30
OUTPUT = 16 * 2**20  # what a cell may print, each message counted as at least
MESSAGE = 2**10
START_SECONDS, DRAIN_SECONDS, POLL_SECONDS = 120, 60, 0.01
ENGINE = "tieout"
# An interrupted run leaves a task that nobody waits for; asyncio would print its end as a traceback over the message.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


class Stopped(Exception):
    """A kernel or a cell that came to no end of its own: what happened, and the source of the cell (none before the first)."""

    def __init__(self, what: str, source: str = "") -> None:
        super().__init__(what)
        self.source = source


class PrivateKernelManager(AsyncKernelManager):
    """A kernel manager whose sockets and connection file live in a folder that only this user can enter."""

    living: list[PrivateKernelManager] = []  # noqa: RUF012 - one list for all of them

    imports: tuple[str, ...] | None = None  # what a warm kernel has imported already, where no server is given; None for a plain kernel

    def __init__(self, server: ForkServer | None = None, **settings: object) -> None:
        super().__init__(**settings)
        self._folder, self._lock = sockets.private()
        self._process: subprocess.Popen | Forked | None = None
        self.server = server
        self.connection_file = str(self._folder / "connection.json")
        self.transport = "ipc"
        self.ip = str(self._folder / "s")
        self.client_factory = PromptClient
        self.living.append(self)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel as it is installed; a warm one is provided by a fork server."""
        found = super().kernel_spec
        if self.server is not None or self.imports is not None:
            stanza = {"provisioner_name": provisioner.NAME, "config": {"imports": list(self.imports or ())}}
            found.metadata = {**found.metadata, "kernel_provisioner": stanza}
        return found

    async def _async_launch_kernel(self, command: list[str], **settings: object) -> None:
        """Remember the process: the base class forgets it once it is dead."""
        await super()._async_launch_kernel(command, **settings)
        self._process = self.provisioner.process

    async def _async_wait(self, pollinterval: float = POLL_SECONDS) -> None:
        """Wait for the kernel to end; Jupyter looks ten times a second."""
        await super()._async_wait(min(pollinterval, POLL_SECONDS))

    @property
    def ending(self) -> str:
        """How the kernel's process ended, as far as is known."""
        code = self._process.poll() if self._process else None
        return "" if code is None else f" (exit status {code})" if code >= 0 else f" (signal {-code})"

    def discard(self) -> None:
        """Kill the kernel and whatever its cells started, and remove its sockets."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        if self in self.living:
            self.living.remove(self)
            sockets.release(self._folder, self._lock)


class LimitedKernelManager(PrivateKernelManager):
    """Starts kernels with limits, and away from the terminal: what a cell prints reaches the notebook, or nobody."""

    async def _async_pre_start_kernel(self, **settings: object) -> tuple[list[str], dict]:
        aside = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return await super()._async_pre_start_kernel(preexec_fn=_limits(), **aside, **settings)


class LimitedClient(PapermillNotebookClient):
    """Runs cells, counts what they print, and tells what stopped them and where."""

    def __init__(self, manager, server: ForkServer | None = None, **settings: object) -> None:
        super().__init__(manager, **settings)
        self.server = server
        self.on_cell_start = self._begin
        self._source, self._printed = "", 0

    def create_kernel_manager(self) -> LimitedKernelManager:
        """The manager of the notebook's kernel."""
        self.km = LimitedKernelManager(self.server, kernel_name=self.kernel_name)
        return self.km

    def execute(self, **settings: object):
        """Run every cell. Raises ``Stopped`` where a cell did not come to an end of its own."""
        try:
            return super().execute(**settings)
        except CellTimeoutError:
            raise Stopped(f"ran for more than {self.timeout} seconds", self._source) from None
        except DeadKernelError:
            raise Stopped(self._death(), self._source) from None
        except RuntimeError as error:
            raise Stopped(f"its kernel did not start: {error}") from None

    def _death(self) -> str:
        if self._printed > OUTPUT:
            return f"printed more than {OUTPUT // 2**20} MiB"
        ending = PrivateKernelManager.living[-1].ending
        return f"did not end: its kernel died{ending}; memory may have run out, or something killed it"

    def papermill_execute_cells(self) -> None:
        """After a failure there is nothing to wait for: the kernel is killed, not asked."""
        try:
            super().papermill_execute_cells()
        except BaseException:
            self.shutdown_kernel = "immediate"
            raise

    def process_message(self, message: dict, *place: object):
        """Take what a cell prints, up to the limit; beyond it the cell is given up."""
        self._printed += MESSAGE + _size(message["content"])
        if self._printed > OUTPUT:
            self.task_poll_for_reply.cancel()
            return None
        return super().process_message(message, *place)

    def _begin(self, cell, **_: object) -> None:
        self._source, self._printed = cell.source, 0


class LimitedEngine(Engine):
    """The papermill engine that runs notebooks in such kernels."""

    @classmethod
    def execute_managed_notebook(cls, manager, kernel_name: str, seconds: int = 600, server: ForkServer | None = None, **_: object) -> None:
        """Run the notebook; ``seconds`` is the most that one cell may take, ``server`` what its kernel is forked from, if anything."""
        LimitedClient(
            manager, server, kernel_name=kernel_name, timeout=seconds, startup_timeout=START_SECONDS,
            iopub_timeout=DRAIN_SECONDS, record_timing=False, extra_arguments=["--log-level=CRITICAL", f"--ext={reads.EXTENSION}"],
        ).execute()  # fmt: skip


papermill_engines.register(ENGINE, LimitedEngine)
provisioner.register()


@contextmanager
def none_left() -> Iterator[None]:
    """Whatever happens within, no kernel and no socket is left afterwards."""
    try:
        yield
    finally:
        with held():
            for manager in list(PrivateKernelManager.living):
                manager.discard()


def _limits() -> Limits | None:
    """The limits of a kernel's process (Linux; else None)."""
    if not sys.platform.startswith("linux"):
        return None
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    return Limits((limit, hard), dying_with_parent(signal.SIGKILL))


def _size(content: object) -> int:
    """The length of all texts in a message."""
    if isinstance(content, dict):
        return sum(map(_size, content.values()))
    if isinstance(content, list):
        return sum(map(_size, content))
    return len(content) if isinstance(content, str) else 0
