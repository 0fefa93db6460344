"""Verifying a bundle: every digest that stands in it, and, by building the edition again from it, every byte."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from signal import SIGTERM

from tieout import archive
from tieout.archive import MOST_BYTES, Faults, Members
from tieout.bundle import CRATE, DIGESTS
from tieout.editions import MANIFEST
from tieout.interrupts import dying_with_parent
from tieout.problems import DataFails, Usage

_MALFORMED = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
_LAST_LINES = 20


@dataclass(frozen=True)
class Register:
    """One of a bundle's lists of digests: the SHA-256 by path, and which paths it must list."""

    name: str
    digests: Mapping[str, str]
    covers: Callable[[str], bool]


def read(path: Path) -> tuple[dict[str, bytes], Faults]:
    """The files of the bundle at ``path``, an archive or the folder that it was unpacked into, and what is wrong with them.

    Raises ``Usage`` where there is neither.
    """
    if path.is_dir():
        return archive.gather(path)
    if not path.is_file():
        raise Usage(f"{path} is not there. Name a bundle such as dist/tieout-bel-….zip, or the folder that it was unpacked into.")
    if path.stat().st_size > MOST_BYTES:
        return {}, {"": "is larger than any bundle"}
    raw = path.read_bytes()
    members, faults = archive.unpack(raw)
    if members and not faults and archive.pack(members) != raw:
        faults[""] = "is not packed as a bundle is: it holds more than its files, or tells them otherwise. Fetch it again."
    return members, faults


def failures(members: Members, faults: Faults) -> list[str]:
    """All that is wrong with a bundle, a line each."""
    if not members:
        return [_line(name, fault) for name, fault in sorted(faults.items())] or [_line("", "holds no file")]
    registers, unread = _registers(members)
    faults = {**faults, **unread}
    found = [_line(name, fault) for name, fault in faults.items()]
    found += [line for name in sorted({*members, *_listed(registers)} - faults.keys()) for line in _of_file(name, members, registers)]
    return sorted(found)


def rebuild(members: Members) -> list[str]:
    """Build the edition again from the bundle alone, with the bundle's own code, and tell every file that differs.

    The bundle must have no failure. Raises ``Usage`` where other versions are installed than it pins, ``DataFails`` where its
    own run fails.
    """
    country, manifest = _edition(members)
    _same_versions(members)
    with tempfile.TemporaryDirectory(prefix="tieout-rebuild-") as folder:
        place = Path(folder).resolve()
        archive.write(members, place / "bundle")
        _run(place / "bundle", country, manifest["parameters"], place / "rebuilt")
        built = {path.relative_to(place / "rebuilt").as_posix(): path.read_bytes() for path in _files(place / "rebuilt")}
    return list(_differences(built, {name.removeprefix("outputs/"): members[name] for name in members if name.startswith("outputs/")}))


def _registers(members: Members) -> tuple[list[Register], Faults]:
    """The lists of digests that can be read, and what is wrong with the others."""
    found, faults = [], {}
    for name, reader in ((DIGESTS, _sums), (CRATE, _crate), (MANIFEST, _manifest)):
        try:
            found.append(reader(members))
        except _MALFORMED as error:
            told = f"{type(error).__name__}: {error}" if not isinstance(error, KeyError) else f"it lacks {error}"
            faults[name] = f"cannot be read ({told})" if name in members or name == MANIFEST else "is not there"
    return found, faults


def _sums(members: Members) -> Register:
    lines = members[DIGESTS].decode("utf-8").splitlines()
    entries = [re.fullmatch(r"([0-9a-f]{64})  (\S+)", line) for line in lines]
    if not all(entries):
        raise ValueError(f"line {entries.index(None) + 1} is no digest and path")
    return Register(DIGESTS, {entry[2]: entry[1] for entry in entries}, lambda name: name != DIGESTS)


def _crate(members: Members) -> Register:
    entities = json.loads(members[CRATE])["@graph"]
    listed = {entity["@id"]: str(entity["sha256"]) for entity in entities if "sha256" in entity}
    return Register(CRATE, listed, lambda name: name not in (DIGESTS, CRATE))


def _manifest(members: Members) -> Register:
    country, manifest = _edition(members)
    place = f"outputs/{country}/"
    listed = {**manifest["inputs"], **{place + name: digest for name, digest in manifest["outputs"].items()}}
    made = re.compile(rf"(?:{place}|data/{country}/|data/[^/]+\.csv$|notebooks/|seeds/|tieout/|requirements\.lock$)")
    return Register(place + MANIFEST, listed, lambda name: name != place + MANIFEST and bool(made.match(name)))


def _edition(members: Members) -> tuple[str, dict]:
    """The country of the bundle's edition, and its manifest. Raises one of ``_MALFORMED`` where there is not exactly one."""
    found = [name.split("/")[1] for name in members if re.fullmatch(rf"outputs/[a-z]{{3}}/{re.escape(MANIFEST)}", name)]
    if len(found) != 1:
        raise ValueError(f"there are {len(found)}, and a bundle has one edition")
    manifest = json.loads(members[f"outputs/{found[0]}/{MANIFEST}"])
    if not all(isinstance(value, str) for value in manifest["parameters"].values()):
        raise ValueError("a parameter is no text")
    return found[0], manifest


def _listed(registers: list[Register]) -> set[str]:
    return {name for register in registers for name in register.digests}


def _of_file(name: str, members: Members, registers: list[Register]) -> Iterator[str]:
    """What the lists say against a file."""
    if name not in members:
        yield _line(name, f"is not there, and is listed in {_all(one.name for one in registers if name in one.digests)}")
        return
    digest = hashlib.sha256(members[name]).hexdigest()
    if others := [one.name for one in registers if one.digests.get(name, digest) != digest]:
        yield _line(name, f"is not the file that is listed in {_all(others)}: its SHA-256 is {digest}")
    if silent := [one.name for one in registers if one.covers(name) and name not in one.digests]:
        yield _line(name, f"is not listed in {_all(silent)}")


def _same_versions(members: Members) -> None:
    """Raise ``Usage`` where a package that the bundle pins for its pipeline is installed in another version, or not at all."""
    try:
        wanted = dict(
            re.sub(r"\[.*?\]", "", pin).split("==")
            for pin in tomllib.loads(members["pyproject.toml"].decode("utf-8"))["project"]["dependencies"]
        )
    except _MALFORMED as error:
        raise DataFails(f"The digests are right, but pyproject.toml pins nothing that can be read: {error}") from None
    here = {name: _installed(name) for name in wanted}
    other = [f"    {name}: the bundle has {wanted[name]}, here is {here[name]}" for name in sorted(wanted) if here[name] != wanted[name]]
    if other:
        told = "\n".join(other)
        advice = "Unpack it, and in its folder make run ARGS=--force sets up the right ones and builds it; then verify the folder."
        raise Usage(
            f"The digests are right, but the edition cannot be built again here, for other versions are installed:\n{told}\n{advice}"
        )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _run(folder: Path, country: str, parameters: Mapping[str, str], output: Path) -> None:
    """Run the bundle's own pipeline in its own folder."""
    given = [
        f"--as-of={value}" if name == "as_of" else f"--parameter={name}={value}" for name, value in parameters.items() if name != "country"
    ]
    command = [sys.executable, "pipeline.py", "run", country, "--force", "--output", str(output), *given]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace", preexec_fn=dying_with_parent(SIGTERM)
    )
    if done.returncode:
        told = "\n".join(f"    {line}" for line in done.stderr.splitlines()[-_LAST_LINES:])
        raise DataFails(f"The digests are right, but the bundle's own run ended with status {done.returncode}:\n{told}")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _differences(built: Members, given: Members) -> Iterator[str]:
    """Every file in which the edition built again differs from the one in the bundle."""
    for name in sorted(built.keys() | given.keys()):
        if name not in built:
            yield _line(f"outputs/{name}", "is in the bundle, and is not built from it")
        elif name not in given:
            yield _line(f"outputs/{name}", "is built from the bundle, and is not in it")
        elif built[name] != given[name]:
            yield _line(f"outputs/{name}", "is not what the bundle builds")


def _line(name: str, fault: str) -> str:
    return f"{name}: {fault}" if name else f"The bundle {fault}"


def _all(names: Iterator[str] | list[str]) -> str:
    return " and ".join(names)
