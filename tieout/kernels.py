"""Kernels that talk over a private socket folder: no port on the network, no crossed wires between two runs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager


class PrivateKernelManager(AsyncKernelManager):
    """A kernel manager whose sockets and connection file live in a folder that only this user can enter.

    The folder is short and absolute, as ipc sockets need it, and goes when the kernel goes. Windows has no ipc transport
    and keeps its ports on the loopback.
    """

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self._folder = Path(tempfile.mkdtemp(prefix="tieout-"))
        self.connection_file = str(self._folder / "connection.json")
        if sys.platform != "win32":
            self.transport = "ipc"
            self.ip = str(self._folder / "s")

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """Remove the sockets with the kernel."""
        await super()._async_cleanup_resources(restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources


def environment(root: Path) -> dict[str, str]:
    """The environment of a kernel: the library under ``root`` on its path, nothing that varies between machines."""
    fixed = {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0", "MPLBACKEND": "agg", "TZ": "UTC", "GX_ANALYTICS_ENABLED": "false"}
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONSTARTUP", "PYTHONWARNINGS", "MATPLOTLIBRC")}
    return {**kept, **fixed}
