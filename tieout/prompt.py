"""A client of a kernel that goes on as soon as the kernel is ready.

Jupyter's own looks for the kernel's sockets ten times a second, and then listens for a fifth of a second whether more is said. A
kernel says itself when it has said all: it is idle.
"""

from __future__ import annotations

import time
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient

AGAIN_MILLISECONDS = 5
LISTEN_SECONDS, REPLY_SECONDS = 0.2, 1


class PromptClient(AsyncKernelClient):
    """The asynchronous client, without its pauses."""

    def _context_default(self):
        context = super()._context_default()
        context.reconnect_ivl = AGAIN_MILLISECONDS
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and is heard. Raises ``RuntimeError`` where it dies before, or takes too long."""
        until = time.monotonic() + (timeout or float("inf"))
        while not await self._ready():
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > until:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _ready(self) -> bool:
        """Whether the kernel answered, and was heard to be idle after it: what it says is not lost any more."""
        asked = self.kernel_info()
        try:
            reply = await self.get_shell_msg(timeout=REPLY_SECONDS)
            idle = False
            while not idle:
                message = await self.get_iopub_msg(timeout=LISTEN_SECONDS)
                idle = message["parent_header"].get("msg_id") == asked and message["content"].get("execution_state") == "idle"
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True
