"""Files put in their places together: each written aside first, then all moved; all of them or none.

What a killed process leaves aside is swept by the next one; what it had moved is whole, file by file.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tieout.interrupts import held
from tieout.problems import Usage

ASIDE = ".adding"
_NOTHING = "Nothing was changed."


def put(root: Path, files: Mapping[Path, bytes]) -> None:
    """Write every file aside, then move each into place, in order; where that fails, take back what was moved and raise ``Usage``."""
    asides = {path: path.with_name(f".{path.name}{ASIDE}") for path in files}
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    moved: list[Path] = []
    with held():
        try:
            for path, content in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(asides[path], content)
            for path in files:
                os.replace(asides[path], path)
                moved.append(path)
        except OSError as error:
            for path in reversed(moved):
                _restore(path, before[path])
            raise Usage(f"{error.filename or root} cannot be written: {error.strerror}. {_NOTHING}") from None
        finally:
            for aside in asides.values():
                aside.unlink(missing_ok=True)


@contextmanager
def alone(root: Path, patience: float = 0.0) -> Iterator[None]:
    """Within, no other process puts files into ``root``; what a killed one had written aside is swept first.

    Raises ``Usage`` where another is still at work after ``patience`` seconds.
    """
    (root / "data").mkdir(parents=True, exist_ok=True)
    lock = os.open(root / "data", os.O_RDONLY)
    try:
        _lock(lock, root, patience)
        for part in ("data", "seeds"):
            for stale in (root / part).rglob(f".*{ASIDE}"):
                stale.unlink(missing_ok=True)
        yield
    finally:
        os.close(lock)


def _lock(lock: int, root: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Usage(f"Another add is at work in {root}, or a review is writing. Wait for it; nothing was changed.") from None
            time.sleep(0.02)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _restore(path: Path, content: bytes | None) -> None:
    with suppress(OSError):
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
