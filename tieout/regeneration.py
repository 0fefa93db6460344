"""Which files of an edition came out otherwise than before, and why: data, source, method, style or renderer.

The cause is looked for in what is told and plotted first, then in the bytes, and in pixels last. Where nothing that was told or
plotted changed, it is the style, if the code did; else what the same code was drawn and written with: the renderer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from re import match

from tieout.differences import ADDED, CHANGED, DATA, GONE, METHOD, SOURCE, STYLE, Change, compared
from tieout.editions import MANIFEST, sha256
from tieout.published import Published, manifest_of

RENDERER = "renderer"
CAUSES = (SOURCE, DATA, METHOD, STYLE, RENDERER)  # what explains most first
_TELLS = {"observations": ("row",), "trends": ("trend",), "facts": ("fact",)}  # the changes that a file's stem is about


@dataclass(frozen=True)
class Moved:
    """A file that is new, gone or of other bytes; ``label`` is the cause, ``note`` what tells it."""

    name: str
    what: str
    label: str
    note: str

    @property
    def line(self) -> str:
        """The file as a line of text."""
        return f"{self.label}: {self.name}: {self.what}: {self.note}"


def moved(old: Path, new: Path) -> list[Moved]:
    """Every file that differs between two editions' folders, by name; empty where all bytes are the same.

    Raises ``Usage`` where one of them is no edition.
    """
    return _Regeneration(old, new).files()


def text(found: Sequence[Moved]) -> str:
    """The files for a terminal, a line each, and a count by cause."""
    if not found:
        return "Every file is the same to the byte."
    counts = ", ".join(f"{cause} {sum(one.label == cause for one in found)}" for cause in CAUSES)
    return "\n".join(
        [*(one.line for one in found), "", f"{len(found)} {'file' if len(found) == 1 else 'files'} moved; by cause: {counts}."]
    )


@dataclass(frozen=True)
class _Regeneration:
    old: Path
    new: Path

    @cached_property
    def changes(self) -> list[Change]:
        """What is told or plotted otherwise."""
        return compared(Published.read(self.old), Published.read(self.new))

    @cached_property
    def inputs(self) -> set[str]:
        """The causes that lie in the inputs which the two manifests name, and in their versions."""
        before, after = manifest_of(self.old), manifest_of(self.new)
        named = {one: before.get("inputs", {}).get(one) != after.get("inputs", {}).get(one) for one in _keys(before, after)}
        found = {_input(one) for one, other in named.items() if other}
        return found | ({RENDERER} if before.get("versions") != after.get("versions") else set())

    def files(self) -> list[Moved]:
        before, after = (
            {path.relative_to(one).as_posix(): path for path in one.rglob("*") if path.is_file()} for one in (self.old, self.new)
        )
        changes = self.changes
        found = []
        for name in sorted(before.keys() | after.keys()):
            if name not in before or name not in after:
                found.append(Moved(name, ADDED if name in after else GONE, *self._cause(name, changes)))
            elif sha256(before[name]) != sha256(after[name]):
                found.append(Moved(name, CHANGED, *self._cause(name, changes)))
        return found

    def _cause(self, name: str, changes: Iterable[Change]) -> tuple[str, str]:
        """The cause of one file's change, and what tells it."""
        path = Path(name)
        told = [change for change in changes if _about(path, change, self._texts(name))]
        labels = {change.label for change in told} - {STYLE}
        if labels:
            label = next(cause for cause in CAUSES if cause in labels)
            return label, next(change.line for change in told if change.label == label)
        if path.name == MANIFEST:
            return self._rest("it names the inputs, versions and digests of the other files")
        pixels = self._pixels(name) if path.suffix == ".png" else ""
        return self._rest("; ".join(filter(None, ["the same is told and plotted" if not told else told[0].line, pixels])))

    def _texts(self, name: str) -> tuple[str, str]:
        """A file as it was and as it is, as text; empty where it is not there."""
        files = (one / name for one in (self.old, self.new))
        return tuple(unescape(file.read_text("utf-8", errors="replace")) if file.is_file() else "" for file in files)

    def _rest(self, note: str) -> tuple[str, str]:
        """The cause of what nothing told or plotted explains."""
        if METHOD in self.inputs:
            return STYLE, note
        keyed = next((cause for cause in (SOURCE, DATA) if cause in self.inputs), "")
        return (keyed, f"{note}; keyed files or sources differ") if keyed else (RENDERER, f"{note}; by the same code from the same inputs")

    def _pixels(self, name: str) -> str:
        """How many pixels of a picture differ."""
        from PIL import Image, ImageChops

        if not all((one / name).is_file() for one in (self.old, self.new)):
            return ""
        try:
            before, after = (Image.open(one / name).convert("RGB") for one in (self.old, self.new))
        except OSError as error:
            return f"one cannot be read as a picture: {error}"
        if before.size != after.size:
            return f"{before.width} × {before.height} pixels became {after.width} × {after.height}"
        differing = sum(ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value else 0).histogram()[1:])
        return (
            f"{differing} of {before.width * before.height} pixels differ" if differing else "the pixels are the same, their packing is not"
        )


def _keys(*manifests: dict) -> set[str]:
    return {name for one in manifests for name in one.get("inputs", {})}


def _input(name: str) -> str:
    """The cause that a changed input is."""
    for pattern, cause in ((r"seeds/", SOURCE), (r"data/\w+/", DATA), (r"requirements\.lock$", RENDERER)):
        if match(pattern, name):
            return cause
    return METHOD


def _about(path: Path, change: Change, texts: tuple[str, str]) -> bool:
    """Whether a file tells what changed: a figure's files its own figure, a table its rows, another what it has more or less often."""
    if path.parts[0] == "figures" and path.suffix != ".json":
        return change.kind == "figure" and (path.stem == change.id or path.stem.startswith(f"{change.id}-"))
    if path.stem in _TELLS:
        return change.kind in _TELLS[path.stem]
    was, now = texts
    return any(words and was.count(words) != now.count(words) for words in (change.was, change.now, change.id))
