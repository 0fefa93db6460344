"""A bundle: an edition with all that it was made from, in one archive that anybody can check, and build again, years later."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from tieout import editions
from tieout.archive import Members, misnamed, pack
from tieout.editions import MANIFEST
from tieout.packaging import DESCRIPTOR
from tieout.problems import DataFails
from tieout.published import manifest_of

CRATE, DIGESTS = "ro-crate-metadata.json", "SHA256SUMS"
BESIDE = ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "environment.yml", "pipeline.py",
          "pyproject.toml", "sbom.cdx.json")  # fmt: skip
LIBRARY = Path(__file__).resolve().parent.parent
_SHORT = 12


def bundle(country: str, root: Path, output: Path) -> Path:
    """Write the bundle of the edition of ``country`` that stands under ``root`` into ``output``; its path.

    Raises ``DataFails``, with every reason at once, where there is no edition, where it is not what its manifest says, or
    where it was not built from what stands under ``root`` now.
    """
    edition = root / "outputs" / country
    stored = manifest_of(edition)
    if not all(isinstance(stored.get(part), dict) for part in ("inputs", "outputs", "signed")):
        raise DataFails(f"{country}: there is no edition with a manifest in {edition}. Build it with make run, then bundle it.")
    sources = _files(country, root)
    found = [*_stale(stored, editions.inputs(root, country)), *_spoiled(stored, edition), *_lacking(sources)]
    if found:
        told = "\n".join(f"    {one}" for one in found)
        raise DataFails(f"{country} cannot be bundled:\n{told}\nBuild the edition anew with make run, look at it, and bundle it then.")
    members = contents(country, stored, {name: path.read_bytes() for name, path in sources.items()})
    path = output / f"tieout-{country}-{short(members, country)}.zip"
    _put(path, pack(members))
    return path


def contents(country: str, stored: Mapping, sources: Members) -> dict[str, bytes]:
    """Every file of a bundle: ``sources``, the description of its keyed files, its RO-Crate, and the digests of all of them."""
    from tieout.crate import describe

    members = {**sources, DESCRIPTOR: _described(sources)}
    members[CRATE] = describe(country, members, stored)
    return {**members, DIGESTS: digests(members)}


def digests(members: Members) -> bytes:
    """The list that ``sha256sum -c SHA256SUMS`` reads."""
    lines = [f"{hashlib.sha256(members[name]).hexdigest()}  {name}\n" for name in sorted(members)]
    return "".join(lines).encode("ascii")


def short(members: Members, country: str) -> str:
    """The first digits of the edition's digest, which is that of its manifest: it covers every input and every output."""
    return hashlib.sha256(members[f"outputs/{country}/{MANIFEST}"]).hexdigest()[:_SHORT]


def _files(country: str, root: Path) -> dict[str, Path]:
    """Every source of a bundle by its path there: what the edition is made from, what stands beside it, the edition."""
    library = {name: (LIBRARY if name.startswith("tieout/") else root) / name for name in editions.inputs(root, country)}
    documents = sorted(path.relative_to(LIBRARY).as_posix() for path in (LIBRARY / "docs").rglob("*") if path.is_file())
    beside = {name: LIBRARY / name for name in (*BESIDE, *documents)}
    edition = {f"outputs/{country}/{name}": root / "outputs" / country / name for name in _edition(root / "outputs" / country)}
    return {**library, **beside, **edition, DESCRIPTOR: root / DESCRIPTOR}


def _edition(folder: Path) -> list[str]:
    return [*editions.outputs(folder), MANIFEST]


def _stale(stored: Mapping, now: Mapping[str, str]) -> list[str]:
    """Where what stands in the repository is not what the edition was built from."""
    was = stored.get("inputs", {})
    return [
        *(f"{name} is not the one that the edition was built from" for name in sorted(was.keys() & now.keys()) if was[name] != now[name]),
        *(f"{name} is gone, and the edition was built from it" for name in sorted(was.keys() - now.keys())),
        *(f"{name} is new, and the edition was built without it" for name in sorted(now.keys() - was.keys())),
    ]


def _spoiled(stored: Mapping, edition: Path) -> list[str]:
    """Where the edition is not what its manifest says."""
    was, now, place = stored.get("outputs", {}), editions.outputs(edition), f"outputs/{edition.name}"
    return [
        *(f"{place}/{name} was changed after the edition was built" for name in sorted(was.keys() & now.keys()) if was[name] != now[name]),
        *(f"{place}/{name} is gone from the edition" for name in sorted(was.keys() - now.keys())),
        *(f"{place}/{name} is no file of the edition" for name in sorted(now.keys() - was.keys())),
    ]


def _lacking(sources: Mapping[str, Path]) -> list[str]:
    """Files that a bundle needs and that are not there, and those whose names it cannot hold."""
    return [
        *(f"{name} is not there" for name, path in sorted(sources.items()) if not path.is_file()),
        *(f"{name!r} has a name that not every system can write" for name in sorted(sources) if misnamed(name)),
    ]


def _described(sources: Members) -> bytes:
    """The data package without the files of other countries."""
    package = json.loads(sources[DESCRIPTOR])
    package["resources"] = [one for one in package["resources"] if f"data/{one['path']}" in sources]
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by everybody whatever the umask."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.chmod(0o644)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
