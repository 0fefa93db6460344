"""A Jupyter kernel provisioner that forks kernels from a process which has imported their libraries already.

A kernel specification asks for it by name: ``"metadata": {"kernel_provisioner": {"provisioner_name": "tieout-warm", "config":
{"imports": ["pandas"]}}}``. One fork server for each set of imports and each environment lives as long as the process that asks.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from tieout.warm.forking import Forked, ForkServer, NotForked, early

NAME = "tieout-warm"
IMPORTS = ("pandas", "matplotlib.pyplot")
MOST_SERVERS = 4
START_SECONDS, POLL_SECONDS = 120, 0.005
_servers: list[ForkServer] = []


class WarmProvisioner(LocalProvisioner):
    """Launches a kernel by forking; where that is not safe, as any other kernel, and says why.

    ``imports`` are the modules to import once, before kernels are forked.
    """

    def __init__(self, imports: Sequence[str] = IMPORTS, **settings: Any) -> None:
        super().__init__(**settings)
        self.imports = list(imports)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel with a command: forked, or else as a process of its own."""
        try:
            self.process = await self._forked(cmd, kwargs)
        except NotForked as reason:
            _say(str(reason))
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    async def _forked(self, command: list[str], settings: dict[str, Any]) -> Forked:
        """The kernel, once it has begun."""
        environment = settings.get("env") or dict(os.environ)
        limits = settings.get("preexec_fn")
        if strange := [name for name in ("independent", "pass_fds", "user", "group") if settings.get(name)]:
            raise NotForked(f"{strange[0]} is asked for, which a fork cannot give")
        if limits is not None and not hasattr(limits, "address_space"):
            raise NotForked("a preexec_fn is asked for, which cannot be sent to the fork server")
        server = getattr(self.parent, "server", None) or _server(command, self.imports, environment)
        with ExitStack() as opened:
            streams = [_nothing(opened), _stream(settings.get("stdout"), 1, opened), _stream(settings.get("stderr"), 2, opened)]
            kernel = server.kernel(command, environment, settings.get("cwd") or os.getcwd(), streams, limits)
        try:
            async with asyncio.timeout(START_SECONDS):
                while not kernel.begun():
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            kernel.abandon()
            raise NotForked(f"the fork server gave none within {START_SECONDS} seconds") from None
        except BaseException:
            kernel.abandon()
            raise
        return kernel


def _nothing(opened: ExitStack) -> int:
    """Standard input with nothing in it, as Jupyter gives to every kernel."""
    reading, writing = os.pipe()
    os.close(writing)
    opened.callback(os.close, reading)
    return reading


def _stream(asked: Any, own: int, opened: ExitStack) -> int:
    """The descriptor that a stream as ``subprocess`` takes it stands for."""
    if asked == subprocess.DEVNULL:
        descriptor = os.open(os.devnull, os.O_RDWR)
        opened.callback(os.close, descriptor)
        return descriptor
    if asked == subprocess.PIPE:
        raise NotForked("a pipe is asked for, which a fork cannot give")
    return own if asked is None else asked if isinstance(asked, int) else asked.fileno()


def _server(command: Sequence[str], imports: Sequence[str], environment: dict[str, str]) -> ForkServer:
    """The server for such kernels, started when it is first asked for. Raises ``NotForked`` where there are too many."""
    if "-m" not in command:
        raise NotForked("its kernel is not started by python -m ipykernel_launcher")
    python = list(command[: command.index("-m")])
    key = (python, list(imports), early(environment))
    for server in _servers:
        if (server.python, server.modules, server.environment) == key:
            return server
    if len(_servers) >= MOST_SERVERS:
        raise NotForked(f"there are {MOST_SERVERS} fork servers already, for other environments or imports")
    if not _servers:
        atexit.register(close)
    _servers.append(ForkServer(*key))
    return _servers[-1]


def close() -> None:
    """End the fork servers of this process."""
    while _servers:
        _servers.pop().close()


def register() -> None:
    """Offer the provisioner within this process, where the package is not installed and nothing else could find it."""
    place = EntryPoint(NAME, f"{__name__}:{WarmProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners.setdefault(NAME, place)


@cache
def _say(reason: str) -> None:
    """Each reason once."""
    logging.getLogger("tieout.warm").warning("A plain kernel is started, which takes longer: %s.", reason)


__all__ = ["NAME", "WarmProvisioner", "close", "register"]
