"""An edition as a folder: built aside, described by its manifest, moved into place whole or not at all."""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from tieout.problems import Usage
from tieout.signing import TRUSTED

MANIFEST = "manifest.json"
BUILDING = ".building-"
PACKAGES = ("great_expectations", "matplotlib", "nbclient", "nbconvert", "pandas", "papermill")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inputs(root: Path, country: str) -> dict[str, str]:
    """The digest of everything that an edition is made from: seeds, keyed data, notebooks, the library, the pins."""
    found = [*(root / "data").glob("*.csv"), *(root / "data" / country).rglob("*.csv"), *(root / "seeds" / country).glob("*.txt")]
    found += [*(root / "notebooks").glob("*.ipynb"), *_library(root), root / "requirements.lock"]
    return {path.relative_to(root).as_posix(): sha256(path) for path in sorted(found) if path.is_file()}


def outputs(edition: Path) -> dict[str, str]:
    """The digest of every file of an edition, the manifest itself apart."""
    files = sorted(path for path in edition.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(edition).as_posix(): sha256(path) for path in files}


def manifest(root: Path, country: str, edition: Path, parameters: dict[str, str], signed: dict[str, list[str]]) -> dict:
    """What an edition is made of. It holds no time, host or path, so that the same inputs give the same bytes."""
    draft = not signed or any(not set(TRUSTED) <= set(roles) for roles in signed.values())
    return {
        "country": country,
        "draft": draft,
        "signed": signed,
        "parameters": parameters,
        "versions": {package.replace("_", "-"): version(package) for package in PACKAGES},
        "inputs": inputs(root, country),
        "outputs": outputs(edition),
    }


def unchanged(root: Path, country: str, place: Path, parameters: dict[str, str]) -> bool:
    """Whether the edition in ``place`` is whole and was made from exactly what is there now."""
    try:
        stored = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        same = stored["parameters"] == parameters and stored["inputs"] == inputs(root, country)
        return same and stored["outputs"] == outputs(place)
    except (OSError, ValueError, KeyError):
        return False


@contextmanager
def building(output: Path, country: str) -> Iterator[Path]:
    """A folder beside the edition to build in, for one run at a time; it is gone afterwards, whatever happens.

    Raises ``Usage`` where another run builds the same edition, or where nothing can be written.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock = (output / f"{BUILDING}{country}.lock").open("w")
    except OSError as error:
        raise Usage(f"Nothing can be written to {output}: {error.strerror}. The last edition is untouched.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Usage(f"Another run is building {country} in {output}. Wait for it, or stop it; the last edition is untouched.") from None
        for stale in output.glob(f"{BUILDING}{country}-*"):
            shutil.rmtree(stale, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{BUILDING}{country}-", dir=output))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            (output / f"{BUILDING}{country}.lock").unlink(missing_ok=True)


def publish(built: Path, place: Path) -> None:
    """Put a finished edition in the place of the last one, in one step where the system has one."""
    for path in built.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    built.chmod(0o755)
    if not place.exists():
        built.rename(place)
        return
    if _exchange(built, place):
        return
    last = built.with_name(built.name + ".last")
    place.rename(last)
    try:
        built.rename(place)
    except OSError:
        last.rename(place)
        raise
    shutil.rmtree(last, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically (Linux renameat2); False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0


def _library(root: Path) -> list[Path]:
    """The library's own files: code, templates, style, fonts."""
    return [path for path in (root / "tieout").rglob("*") if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"]
