"""The packages that are installed, told by the names of the folders that describe them: importing their metadata takes longer."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path


def versions(names: Iterable[str]) -> dict[str, str]:
    """The version of each of these packages that an import would find; one that is not installed is left out."""
    wanted = {canonical(name): name for name in names}
    found: dict[str, str] = {}
    for folder in filter(Path.is_dir, map(Path, dict.fromkeys(sys.path))):
        for path in sorted(folder.glob("*.dist-info")):
            name, _, version = path.name.removesuffix(".dist-info").partition("-")
            if canonical(name) in wanted:
                found.setdefault(wanted[canonical(name)], version)
    return dict(sorted(found.items()))


def pinned(lock: str) -> list[str]:
    """The names in a lock file."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)


def canonical(name: str) -> str:
    """A package's name in the one spelling that all of them mean (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
