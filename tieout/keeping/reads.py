"""What a step really reads: every file that its process opens to read, and every module of the library that it holds.

In a kernel this is an IPython extension, which writes the paths to a file as they come; it imports nothing of the library. Whatever
starts a process of its own is not followed there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import source_from_cache
from pathlib import Path

EXTENSION = "tieout.keeping.reads"
CODE = ("tieout/keeping/__init__.py", "tieout/keeping/reads.py")  # what watches is read for no other reason
TOLD = Path("settings") / "reads"  # below the folder that a kernel starts in
_WRITES = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LIBRARY = Path(__file__).resolve().parents[2]
_seen: set[str] | None = None
_hooked = False


def load_ipython_extension(shell: object) -> None:
    """Tell, from now on, what this kernel reads, and which modules of the library it holds already."""
    file = os.open(TOLD, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    told: set[str] = set()

    def tell(path: str) -> None:
        if path not in told:
            told.add(path)
            os.write(file, os.fsencode(path) + b"\0")

    for path in held():
        tell(path)
    sys.addaudithook(lambda event, arguments: _opened(event, arguments, tell))


def held() -> list[str]:
    """The files of the library's modules that this process has imported."""
    found = (getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name.partition(".")[0] == "tieout")
    return [path for path in found if path]


@contextmanager
def watched() -> Iterator[set[str]]:
    """The paths that this process opens to read meanwhile."""
    global _seen, _hooked
    if not _hooked:
        sys.addaudithook(lambda event, arguments: None if _seen is None else _opened(event, arguments, _seen.add))
        _hooked = True
    _seen = found = set()
    try:
        yield found
    finally:
        _seen = None


def _opened(event: str, arguments: tuple, tell) -> None:
    """Tell the path of a file that is opened to be read; a descriptor has been opened before."""
    if event == "open" and not isinstance(arguments[0], int) and not (arguments[2] or 0) & _WRITES:
        tell(os.path.abspath(os.fsdecode(arguments[0])))


def of_kernel(workshop: Path) -> set[str]:
    """The paths that a kernel told, which are then taken away. Raises ``FileNotFoundError`` where it told none."""
    told = (workshop / TOLD).read_bytes()
    (workshop / TOLD).unlink()
    return {os.fsdecode(path) for path in told.split(b"\0") if path}


def named(paths: set[str], workshop: Path, root: Path) -> set[str]:
    """What of these paths belongs to the project, each by its name in a recipe; what was never there is left out.

    The repository's own data, past the copy in the workshop, has its whole path for a name, which no recipe knows.
    """
    places = [(workshop / "inputs", ""), (workshop / "edition", "edition/"), (_LIBRARY / "tieout", "tieout/")]
    places += [(root / part, f"{root}/{part}/") for part in ("data", "seeds", "notebooks", "outputs")]
    known = [(folder.resolve(), before) for folder, before in places]
    found = set()
    for path in map(_source, paths):
        if path.is_file():
            place = path.resolve()
            found |= {
                next((f"{before}{place.relative_to(folder).as_posix()}" for folder, before in known if place.is_relative_to(folder)), "")
            }
    return found - {""}


def _source(path: str) -> Path:
    """The module that compiled code came from; any other path as it is."""
    if path.endswith(".pyc"):
        try:
            return Path(source_from_cache(path))
        except ValueError:
            pass
    return Path(path)
