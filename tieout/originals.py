"""The originals that texts were extracted from, kept beside their seeds with their SHA-256.

``seeds/<country>/originals/<document>.pdf`` or ``.html``; the digests stand beside them in ``SHA256SUMS``, as ``sha256sum`` writes and
reads them. A document that came as text has no original: its seed is what came.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

SUMS = "SHA256SUMS"
FOLDER = "originals"
SUFFIXES = (".html", ".pdf")
_LINE = re.compile(r"([0-9a-f]{64})  ([a-z0-9-]+\.(?:html|pdf))")


def folder_of(root: Path, country: str) -> Path:
    """Where a country's originals are kept."""
    return root / "seeds" / country / FOLDER


def files(root: Path, country: str) -> list[Path]:
    """Every file that stands among a country's originals, the list of digests with them."""
    return sorted(path for path in folder_of(root, country).glob("*") if not path.name.startswith("."))


def sums(text: str) -> dict[str, str]:
    """Digests by file name. Raises ``ValueError``, with the line, where one is no digest and name or stands twice."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if not match or match[2] in found:
            raise ValueError(f"line {number} is {'there twice' if match else 'no digest and name'}")
        found[match[2]] = match[1]
    return found


def sums_text(digests: Mapping[str, str]) -> str:
    """The list as ``sha256sum -c`` reads it."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def registered(root: Path, country: str) -> dict[str, str]:
    """The digests of a country's originals by file name; none where none is kept. Raises ``ValueError`` where the list cannot be read."""
    path = folder_of(root, country) / SUMS
    return sums(path.read_text(encoding="utf-8")) if path.is_file() else {}


def faults(root: Path, country: str, documents: list[str]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a country's originals: the document, the path, and what to do.

    Each is there and is, byte for byte, the one that was added; each belongs to one of ``documents``; and no other file is there.
    """
    place = f"seeds/{country}/{FOLDER}"
    if folder_of(root, country).is_symlink():
        yield "", place, f"{place} is no plain folder. Put the originals themselves there."
        return
    try:
        digests = registered(root, country)
    except (OSError, ValueError) as error:
        yield "", f"{place}/{SUMS}", f"{place}/{SUMS} cannot be read: {error}. Restore it from git."
        return
    present = {path.name: path for path in files(root, country) if path.name != SUMS}
    for name in sorted(digests.keys() | present.keys()):
        document, told = Path(name).stem, f"{place}/{name}"
        path = present.get(name)
        if path is None:
            yield document, told, f"{told} is not there, and a text was extracted from it. Restore it from git."
        elif path.is_symlink() or not path.is_file():
            yield document, told, f"{told} is no plain file. Put the document itself there."
        elif name not in digests:
            yield document, told, f"{told} is not in {place}/{SUMS}. Take it away, or take the document in with add."
        elif (digest := _digest(path)) != digests[name]:
            which = f"its SHA-256 is {digest[:12]}…, added was {digests[name][:12]}…"
            yield document, told, f"{told} is not the one that was added: {which}. Restore it from git."
        elif document not in documents:
            advice = f"Register {document}, or delete the file and its digest."
            yield document, told, f"{told} belongs to no document in data/{country}/documents.csv. {advice}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
