"""An edition as a folder: built aside, described by its manifest, moved into place whole or not at all."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tieout import installed, originals
from tieout.interrupts import held
from tieout.problems import Usage

MANIFEST = "manifest.json"
BUILDING = ".building-"
UNCOUNTED = ("drafts",)  # folders of keyed data that no edition is made from, whoever's drafts they are
LAST = "last"
PACKAGES = ("great_expectations", "matplotlib", "nbclient", "nbconvert", "pandas", "papermill", "pyarrow", "pysdmx")
PYTHONS = ("3.11", "3.12", "3.13")  # measured to give the same bytes (make reproduce)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inputs(root: Path, country: str, staged: Path | None = None) -> dict[str, str]:
    """The digest of everything that an edition is made from: seeds, keyed data, notebooks, the library, the pins.

    Seeds, data and notebooks are read from ``staged``, the copy that a run works on, where there is one: what is recorded is then
    what was used, whatever happened to ``root`` meanwhile.
    """
    keyed = staged or root
    found = [(keyed, path) for path in (*(keyed / "data").glob("*.csv"), *_keyed(keyed / "data" / country))]
    found += [(keyed, path) for path in (*(keyed / "seeds" / country).glob("*.txt"), *originals.files(keyed, country))]
    found += [(keyed, path) for path in (keyed / "notebooks").glob("*.ipynb")] + [(root, root / "requirements.lock")]
    return dict(sorted({**_digests(found), **library()}.items(), key=lambda one: Path(one[0])))


def _keyed(folder: Path) -> list[Path]:
    """A country's keyed files, without drafts, which count for nothing; of a second reading the edition says how far it agrees."""
    return [path for path in folder.rglob("*.csv") if not set(path.relative_to(folder).parts) & set(UNCOUNTED)]


def library() -> dict[str, str]:
    """The digest of every file of this library."""
    folder = Path(__file__).resolve().parent
    found = (path for path in folder.rglob("*") if "__pycache__" not in path.parts and path.suffix != ".pyc")
    return _digests((folder.parent, path) for path in found)


def _digests(found: Iterable[tuple[Path, Path]]) -> dict[str, str]:
    """The SHA-256 of each file, by its path from its base."""
    return {path.relative_to(base).as_posix(): sha256(path) for base, path in found if path.is_file()}


def outputs(edition: Path) -> dict[str, str]:
    """The digest of every file of an edition, the manifest itself apart."""
    files = sorted(path for path in edition.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(edition).as_posix(): sha256(path) for path in files}


def manifest(country: str, edition: Path, sources: dict[str, str], parameters: dict[str, str], signed: dict[str, list[str]]) -> dict:
    """What an edition is made of, ``sources`` being its inputs. No time, host or path: the same inputs give the same bytes."""
    from tieout.signing import TRUSTED

    draft = not signed or any(not set(TRUSTED) <= set(roles) for roles in signed.values())
    return {
        "country": country,
        "draft": draft,
        "signed": signed,
        "parameters": parameters,
        "python": pinned_to(),
        "versions": versions(),
        "inputs": sources,
        "outputs": outputs(edition),
    }


def versions() -> dict[str, str]:
    """The versions of what draws, executes and writes, as they are installed: the packages that an edition's bytes come from."""
    return installed.versions(package.replace("_", "-") for package in PACKAGES)


def pinned_to(python: str = "") -> str:
    """The Pythons whose bytes these are: all that are measured to give the same, or else the one that builds, and that it is not.

    ``python`` is major and minor version, by default of the Python that runs.
    """
    python, measured = python or f"{sys.version_info.major}.{sys.version_info.minor}", f"{', '.join(PYTHONS[:-1])} or {PYTHONS[-1]}"
    return measured if python in PYTHONS else f"{python} alone: not measured to give the bytes of {measured}"


def unchanged(root: Path, country: str, place: Path, parameters: dict[str, str]) -> bool:
    """Whether the edition in ``place`` is whole and was made from exactly what is there now."""
    try:
        stored = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        same = stored["parameters"] == parameters and stored["python"] == pinned_to() and stored["versions"] == versions()
        return same and stored["inputs"] == inputs(root, country) and stored["outputs"] == outputs(place)
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def building(output: Path, country: str) -> Iterator[Path]:
    """A folder beside the edition to build in, for one run at a time; it is gone afterwards, whatever happens.

    Raises ``Usage`` where another run builds the same edition, where nothing can be written, or where what stands in the
    edition's place is no edition: an output folder that is the keyed data would otherwise be replaced.
    """
    place = output / country
    if place.is_symlink() or (place.exists() and not (place / MANIFEST).is_file()):
        raise Usage(f"{place} is there and is no edition: it has no {MANIFEST}. Move it away, or name another folder with --output.")
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock = _locked(_lock(output, country))
    except OSError as error:
        raise Usage(f"Nothing can be written to {output}: {error.strerror}. The last edition is untouched.") from None
    if lock is None:
        raise Usage(f"Another run is building {country} in {output}. Wait for it, or stop it; the last edition is untouched.")
    try:
        _clear(output, country)
        folder = Path(tempfile.mkdtemp(prefix=f"{BUILDING}{country}-", dir=output))
        folder.chmod(0o755)
        yield folder
    finally:
        with held():
            _clear(output, country)
            _unlocked(_lock(output, country), lock)


def sweep(output: Path, country: str) -> None:
    """Remove what a killed run left in ``output``, where no other run is at work there."""
    if not any(output.glob(f"{BUILDING}{country}*")):
        return
    try:
        lock = _locked(_lock(output, country))
    except OSError:
        return
    if lock is not None:
        _clear(output, country)
        _unlocked(_lock(output, country), lock)


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
    last = built.with_name(LAST)
    place.rename(last)
    try:
        built.rename(place)
    except OSError:
        last.rename(place)
        raise


def _lock(output: Path, country: str) -> Path:
    return output / f"{BUILDING}{country}.lock"


def _locked(path: Path) -> int | None:
    """The lock at ``path``, or None where another run has it.

    The one that holds a lock also removes its file, so a lock on a file that is no longer there is worth nothing.
    """
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.stat().st_ino == os.fstat(lock).st_ino:
                return lock
        except BlockingIOError:
            os.close(lock)
            return None
        except FileNotFoundError:
            pass
        os.close(lock)


def _unlocked(path: Path, lock: int) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    os.close(lock)


def _clear(output: Path, country: str) -> None:
    """Remove every workshop of ``country``. An edition that had been put aside for a new one, which never came, is put back."""
    for stale in output.glob(f"{BUILDING}{country}-*"):
        if (stale / LAST).is_dir() and not (output / country).exists():
            (stale / LAST).rename(output / country)
        shutil.rmtree(stale, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically (Linux renameat2); False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0
