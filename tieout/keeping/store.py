"""What steps wrote, kept by the key of what they were made from: ``.steps/<country>/<step>/<key>/`` in the repository.

Beside the files stand their digests and the recipe. Both are checked when a step is taken from here: what is not exactly what was put
here is thrown away, and the step runs. Nothing here is ever run or unpickled, and all of it may be deleted at any time.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from tieout.editions import sha256
from tieout.keeping.recipe import EDITION, Recipe, key

FOLDER = ".steps"
MOST = 3  # of each step of a country, those used last
_LIST, _FILES, _ASIDE = "kept.json", "files", ".aside-"


class Damaged(Exception):
    """What was kept is not what was put here: the first file that is not."""


class Store:
    """The steps kept for one country."""

    def __init__(self, root: Path, country: str) -> None:
        self.folder = root / FOLDER / country

    def recipes(self, step: str) -> list[Recipe]:
        """What is kept of a step, by what it was made from; the one used last comes first."""
        return [made for one in self._entries(step) if (made := _listed(one).get("recipe"))]

    def take(self, step: str, recipe: Recipe, edition: Path, aside: Path) -> list[str] | None:
        """Put what a step wrote into ``edition``, and give its names; None where nothing is kept of such a step.

        Raises ``Damaged`` where what is kept is not whole; it is then gone, and the edition untouched.
        """
        entry = self.folder / step / key(recipe)
        if not entry.is_dir():
            return None
        try:
            files = _copied(entry, recipe, aside)
        except (OSError, ValueError) as fault:
            shutil.rmtree(entry, ignore_errors=True)
            raise Damaged(str(fault)) from None
        finally:
            with suppress(OSError):
                os.utime(entry)
        for name in files:
            (edition / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).replace(edition / name)
        return files

    def put(self, step: str, recipe: Recipe, edition: Path, names: Iterable[str]) -> None:
        """Keep what a step wrote: aside first, then in its place in one step. Raises ``OSError`` where that cannot be written."""
        place = self.folder / step
        place.mkdir(parents=True, exist_ok=True)
        self._sweep(place)
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=place))
        lock = os.open(aside, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            digests = {name: _kept(edition / name, aside / _FILES / name) for name in sorted(names)}
            (aside / _LIST).write_text(json.dumps({"recipe": dict(recipe), "files": digests}, indent=1), encoding="utf-8")
            entry = place / key(recipe)
            shutil.rmtree(entry, ignore_errors=True)
            aside.rename(entry)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            os.close(lock)
        for old in self._entries(step)[MOST:]:
            shutil.rmtree(old, ignore_errors=True)

    def _entries(self, step: str) -> list[Path]:
        """Every entry of a step, the one used last first."""
        with suppress(OSError):
            found = [(path.stat().st_mtime_ns, path) for path in (self.folder / step).iterdir() if not path.name.startswith(_ASIDE)]
            return [path for _, path in sorted(found, reverse=True)]
        return []

    @staticmethod
    def _sweep(place: Path) -> None:
        """Remove what killed runs were putting here; whoever is still at it holds a lock."""
        for aside in place.glob(f"{_ASIDE}*"):
            with suppress(OSError):
                lock = os.open(aside, os.O_RDONLY)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(aside, ignore_errors=True)
                finally:
                    os.close(lock)


def _listed(entry: Path) -> dict:
    """The list of an entry; empty where it cannot be read."""
    try:
        found = json.loads((entry / _LIST).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _copied(entry: Path, recipe: Recipe, aside: Path) -> list[str]:
    """Copy an entry's files aside. Raises ``ValueError`` or ``OSError`` where key, names or bytes are not as they were."""
    told = _listed(entry)
    files = told.get("files")
    if not isinstance(files, dict) or told.get("recipe") != dict(recipe):
        raise ValueError(_LIST)
    for name, wanted in files.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or _kept(entry / _FILES / name, aside / name) != wanted:
            raise ValueError(name)
    return list(files)


def _kept(source: Path, target: Path) -> str:
    """Copy a plain file; the digest of the copy."""
    if source.is_symlink():
        raise ValueError(source.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return sha256(target)


__all__ = ["EDITION", "FOLDER", "MOST", "Damaged", "Store"]
