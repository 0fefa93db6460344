"""Requests to end (Ctrl-C, SIGTERM, a closed terminal): each ends a command in good order, and none cuts what must not be cut."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_PR_SET_PDEATHSIG = 1


class _Requests:
    """What has been asked of this process, and how many stretches hold it back."""

    asked = False
    held = 0

    def hear(self, *_: object) -> None:
        """The handler of every signal."""
        self.asked = True
        if not self.held:
            raise KeyboardInterrupt


_requests = _Requests()


@contextmanager
def orderly() -> Iterator[None]:
    """Within, every request to end raises ``KeyboardInterrupt``. A signal that was ignored before (nohup) stays ignored.

    After a request this process is about to end, and further ones change nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _requests.asked = False
    before = {one: signal.getsignal(one) for one in _SIGNALS}
    for one, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(one, _requests.hear)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, signal.SIG_IGN if _requests.asked else handler)


@contextmanager
def held() -> Iterator[None]:
    """Within, a request to end waits; it is raised at the end."""
    _requests.held += 1
    try:
        yield
    finally:
        _requests.held -= 1
    heed()


def heed() -> None:
    """Raise a request that waited, or that a library swallowed where it was raised."""
    if _requests.asked and not _requests.held:
        raise KeyboardInterrupt


def dying_with_parent(request: int) -> Callable[[], None] | None:
    """What a child does before it starts, so that it gets ``request`` when its parent dies of anything (Linux; else None)."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform.startswith("linux") else None
    return prctl and (lambda: prctl(_PR_SET_PDEATHSIG, request))
