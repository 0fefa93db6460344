"""Asks a fork server for kernels: one that is forked is used like a process of ``subprocess.Popen``."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("server.py")
LAUNCHERS = ("ipykernel_launcher", "ipykernel")
# Read when a kernel starts, not when a library is imported: these may differ from kernel to kernel.
LATE = frozenset({"JPY_PARENT_PID", "JPY_SESSION_NAME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
                  "PWD", "OLDPWD", "SHLVL", "_", "PYTEST_CURRENT_TEST"})  # fmt: skip
# Arrow's allocator starts a thread otherwise, as soon as pandas is imported.
SINGLE = {"JE_ARROW_MALLOC_CONF": "background_thread:false", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class NotForked(Exception):
    """A kernel that a fork server does not give, and why; a plain one can be started."""


@dataclass(frozen=True)
class Limits:
    """What a plain kernel's process does before it starts, and what a forked one is given: it takes its limit of memory, in bytes,
    and asks to die with its parent."""

    address_space: tuple[int, int]
    dying: object = None

    def __call__(self) -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, self.address_space)
        if self.dying is not None:
            self.dying()


class Forked:
    """A forked kernel's process. Its parent is the fork server, which tells how it ended."""

    stdin = stdout = stderr = None

    def __init__(self, told: int) -> None:
        self.pid, self.returncode = 0, None
        self._told, self._text = told, ""
        os.set_blocking(told, False)

    def begun(self) -> bool:
        """Whether the kernel runs by now. Raises ``NotForked`` where it never will."""
        self._listen()
        if not self.pid and self.returncode is not None:
            raise NotForked(self._why())
        return bool(self.pid)

    def poll(self) -> int | None:
        """The exit status, below 0 for a signal; None while the kernel lives."""
        self._listen()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, waited for. Raises ``subprocess.TimeoutExpired``."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired("a forked kernel", timeout)
            select.select([self._told], [], [], left)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone, while it lives."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def abandon(self) -> None:
        """Want it no more: one that runs is killed, and one that is still to come ends as it begins."""
        if self.pid and self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self._close(-signal.SIGKILL)

    def __del__(self) -> None:
        self._close(None)

    def _listen(self) -> None:
        """Take what was told. The end of the pipe without a word means that the server died, and its kernels with it."""
        while self._told >= 0:
            try:
                heard = os.read(self._told, 4096)
            except BlockingIOError:
                return
            self._text += heard.decode("utf-8", "replace")
            words = dict(line.split(" ", 1) for line in self._text.splitlines() if " " in line)
            self.pid = int(words.get("pid", 0))
            if not heard:
                self._close(int(words.get("ended", -signal.SIGKILL)))

    def _why(self) -> str:
        refused = [line for line in self._text.splitlines() if line.startswith("refused ")]
        return refused[0].removeprefix("refused ") if refused else "the fork server died"

    def _close(self, status: int | None) -> None:
        if self._told >= 0:
            os.close(self._told)
            self._told = -1
            self.returncode = status


class ForkServer:
    """A process that has imported ``modules`` once and forks kernels from itself, for this process alone.

    ``python`` is the interpreter with its options, ``environment`` what kernels get. Both decide what an import does, so a kernel
    that wants others is refused; only the names in ``LATE`` may differ. The server is asked through a socket without a name, and dies
    with this process.
    """

    def __init__(self, python: Sequence[str], modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self.python, self.modules, self.environment = list(python), list(modules), early(environment)
        self._asking, self._process = threading.Lock(), None
        if why := impossible():
            self.fault = why
            return
        self.fault = ""
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        parent = os.getpid() if threading.current_thread() is threading.main_thread() else 0
        with theirs:
            command = [*self.python, str(SCRIPT), str(theirs.fileno()), str(parent), *self.modules]
            self._process = subprocess.Popen(
                command, env=SINGLE | self.environment, cwd="/", pass_fds=[theirs.fileno()], start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    @property
    def pid(self) -> int | None:
        """The server's process, None where there is none."""
        return self._process and self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def kernel(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path | str, streams: Sequence[int], limits: Limits | None
    ) -> Forked:
        """A kernel for ``command``, to be asked whether it has begun. ``streams`` are its standard streams' descriptors.

        Raises ``NotForked`` where it is plain already that the server cannot give it.
        """
        if why := self.fault or self._unlike(command, environment):
            raise NotForked(why)
        wanted = circumstances(limits) | {
            "cwd": os.path.abspath(folder),
            "environment": dict(environment),
            "command": list(command),
            "arguments": arguments(command, len(self.python)),
        }
        told, telling = os.pipe()
        request = os.memfd_create("kernel")
        try:
            os.write(request, json.dumps(wanted).encode())
            os.lseek(request, 0, os.SEEK_SET)
            with self._asking:
                socket.send_fds(self._channel, [b"fork"], [request, telling, *streams])
        except OSError as error:
            os.close(told)
            raise NotForked(f"the fork server is gone ({error.strerror})") from None
        finally:
            os.close(telling)
            os.close(request)
        return Forked(told)

    def _unlike(self, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """Why what was imported in this server is not what the kernel would import."""
        start = len(self.python)
        if list(command[:start]) != self.python or list(command[start : start + 1]) != ["-m"] or command[start + 1] not in LAUNCHERS:
            return f"its kernel is not started by {' '.join(self.python)} -m {LAUNCHERS[0]}"
        wanted = early(environment)
        others = sorted(name for name in wanted.keys() | self.environment.keys() if wanted.get(name) != self.environment.get(name))
        if others:
            return f"its environment differs in {', '.join(others[:5])}"
        relative = [part for part in wanted.get("PYTHONPATH", "").split(os.pathsep) if part and not os.path.isabs(part)]
        return f"PYTHONPATH has a relative entry ({relative[0]})" if relative else ""

    def close(self) -> None:
        """End the server, and with it every kernel that it forked."""
        if self._process is not None and self.fault != "closed":
            self.fault = "closed"
            self._channel.close()
            try:
                self._process.wait(0.2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def impossible() -> str:
    """Why kernels cannot be forked on this system, or an empty text."""
    if not sys.platform.startswith("linux"):
        return "kernels are forked on Linux alone; elsewhere the system's own libraries do not stand it"
    lacking = [name for name in ("pidfd_open", "memfd_create", "waitid") if not hasattr(os, name)]
    return f"this Python has no os.{lacking[0]}" if lacking else ""


def early(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that an import may read."""
    return {name: value for name, value in environment.items() if name not in LATE}


def arguments(command: Sequence[str], start: int) -> list[str]:
    """``sys.argv`` of a kernel, as ``python -m`` makes it."""
    from importlib.util import find_spec

    found = find_spec(command[start + 1])
    origin = found.origin if found.submodule_search_locations is None else str(Path(found.origin).with_name("__main__.py"))
    return [origin, *command[start + 2 :]]


def circumstances(limits: Limits | None) -> dict:
    """What a child of this process would inherit: limits, priority, processors, the mask of new files, and how it heeds signals."""
    import resource

    kinds = {getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}
    bounds = {kind: resource.getrlimit(kind) for kind in kinds} | ({resource.RLIMIT_AS: limits.address_space} if limits else {})
    heeded = signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}
    return {
        "limits": sorted(bounds.items()),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "processors": sorted(os.sched_getaffinity(os.getpid())),
        "umask": _umask(),
        "ignored": [int(one) for one in heeded if signal.getsignal(one) is signal.SIG_IGN],
        "blocked": [int(one) for one in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
    }


def _umask() -> int:
    """The mask of new files, read where reading does not change it for a moment."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in told.splitlines() if line.startswith("Umask:")).split()[1], 8)
