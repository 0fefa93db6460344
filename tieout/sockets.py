"""Folders for the sockets of kernels: short, private, locked while their run lives, and swept when a killed run left one."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path

PREFIX = "tieout-kernel-"
_LONGEST = 60  # a socket's whole path may have about 100 characters


def private() -> tuple[Path, int]:
    """A new folder that only this user can enter, and the open lock that tells other runs that it is in use."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_place()))
        lock = _locked(folder)
        if lock is not None and folder.exists():
            return folder, lock
        if lock is not None:
            os.close(lock)


def release(folder: Path, lock: int) -> None:
    """Remove a folder of sockets, then let go of its lock."""
    _remove(folder)
    os.close(lock)


def sweep() -> None:
    """Remove the folders whose run is dead: nobody holds their lock any more."""
    for folder in _place().glob(f"{PREFIX}*"):
        lock = _locked(folder)
        if lock is not None:
            release(folder, lock)


def _place() -> Path:
    place = Path(tempfile.gettempdir())
    return place if len(str(place)) <= _LONGEST else Path("/tmp")


def _locked(folder: Path) -> int | None:
    """The lock of a folder, or None where another process has it or the folder is not ours."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(lock).st_uid == os.getuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
    except OSError:
        pass
    os.close(lock)
    return None


def _remove(folder: Path) -> None:
    """Remove the folder and what a kernel puts there, nothing else: a folder that holds more stays."""
    try:
        for path in folder.iterdir():
            if path.name == "connection.json" or path.is_socket():
                path.unlink(missing_ok=True)
        folder.rmdir()
    except OSError:
        pass
