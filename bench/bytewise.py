"""Where two editions differ, file by file, and the first place in a file where they do, as its kind is read."""

from __future__ import annotations

import difflib
import io
import json
import struct
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageChops

CONTEXT, WIDEST = 2, 160
PNG = b"\x89PNG\r\n\x1a\n"


def differing(one: Path, other: Path) -> list[str]:
    """The files of two folders that are not the same in both: their bytes, their permissions, or whether they are there."""
    names = {path.relative_to(folder).as_posix() for folder in (one, other) for path in folder.rglob("*")}
    return sorted(name for name in names if _state(one / name) != _state(other / name))


def _state(path: Path) -> tuple:
    if path.is_symlink():
        return ("link", path.readlink())
    if not path.exists():
        return ()
    return (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")


def told(one: Path, other: Path) -> list[str]:
    """The first place where two files differ, in lines."""
    for path, side in ((one, "second"), (other, "first")):
        if not path.exists() and not path.is_symlink():
            return [f"only in the {side} edition"]
    if one.is_symlink() or other.is_symlink() or one.is_dir() or other.is_dir():
        return ["not the same kind of thing, or not the same permissions"]
    first, second = one.read_bytes(), other.read_bytes()
    if first == second:
        return [f"permissions: {one.stat().st_mode & 0o7777:o} and {other.stat().st_mode & 0o7777:o}"]
    readers = {".json": _json, ".jsonld": _json, ".ipynb": _json, ".png": _png, ".svg": _svg}
    lines = []
    try:
        lines = list(readers[one.suffix](first, second)) if one.suffix in readers else []
    except (ValueError, SyntaxError, OSError, struct.error) as error:
        lines = [f"cannot be read as {one.suffix[1:]}: {error}"]
    return [*lines, *(_bytes(first, second) if one.suffix == ".png" else _text(first, second))]


def _json(first: bytes, second: bytes) -> Iterator[str]:
    """The first key whose value differs, as a JSON path."""
    found = next(_values("$", json.loads(first), json.loads(second)), None)
    yield f"{found[0]}: {_cut(found[1])} and {_cut(found[2])}" if found else "the same content, written otherwise"


def _values(place: str, one: object, other: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            yield (f"{place}, its keys", *_apart(list(one), list(other)))
        for key in [key for key in one if key in other]:
            yield from _values(f"{place}.{key}", one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list):
        for number, (a, b) in enumerate(zip(one, other, strict=False)):
            yield from _values(f"{place}[{number}]", a, b)
        if len(one) != len(other):
            yield f"{place}, its length", str(len(one)), str(len(other))
    elif type(one) is not type(other) or one != other:
        yield (place, *_apart(one, other))


def _apart(one: object, other: object) -> tuple[str, str]:
    """Two values as JSON, from shortly before the place where they part."""
    a, b = (json.dumps(value, ensure_ascii=False) for value in (one, other))
    start = max(0, _parting(a, b) - WIDEST // 4)
    return tuple(("…" if start else "") + text[start:] for text in (a, b))


def _parting(one: str | bytes, other: str | bytes) -> int:
    """The first place where two sequences part."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _png(first: bytes, second: bytes) -> Iterator[str]:
    """The chunks that differ, and how many pixels and where."""
    for (kind, a), (other, b) in zip_longest(chunks(first), chunks(second), fillvalue=("none", b"")):
        if (kind, a) != (other, b):
            shown = f": {a[:60]!r} and {b[:60]!r}" if kind not in ("IDAT", "PLTE") else ""
            yield f"chunk {kind} of {len(a)} bytes and {other} of {len(b)} bytes{shown}"
    one, two = (Image.open(io.BytesIO(data)) for data in (first, second))
    if one.size != two.size:
        yield f"size: {one.size} and {two.size} pixels"
        return
    apart = ImageChops.difference(one.convert("RGBA"), two.convert("RGBA"))
    count = sum(any(pixel) for pixel in apart.get_flattened_data())
    box = Image.merge("RGB", apart.split()[:3]).getbbox() or apart.getbbox(alpha_only=False)
    yield f"{count} of {one.width * one.height} pixels differ, in {box}" if count else "no pixel differs"


def chunks(data: bytes) -> list[tuple[str, bytes]]:
    """The chunks of a PNG: kind and content."""
    if not data.startswith(PNG):
        raise ValueError("no PNG")
    found, place = [], len(PNG)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        found.append((data[place + 4 : place + 8].decode("latin-1"), data[place + 8 : place + 8 + length]))
        place += length + 12
    return found


def _svg(first: bytes, second: bytes) -> Iterator[str]:
    """The first element that differs, and in what."""
    for (where, one), (other, two) in zip_longest(_elements(first), _elements(second), fillvalue=("the end", None)):
        if one is None or two is None or one.tag != two.tag:
            yield f"element {where} and {other}"
            return
        for name in sorted({*one.attrib, *two.attrib}):
            if one.get(name) != two.get(name):
                a, b = _apart(one.get(name), two.get(name))
                yield f"element {where}, its {name}: {_cut(a)} and {_cut(b)}"
                return
        if (one.text, one.tail) != (two.text, two.tail):
            yield f"element {where}, its text: {_cut(str(one.text))} and {_cut(str(two.text))}"
            return
    yield "the same elements, written otherwise"


def _elements(data: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    """Every element in order, with its place: its number among all, its name and its id."""
    for number, element in enumerate(ElementTree.fromstring(data).iter()):
        name = str(element.tag).rpartition("}")[2]
        yield f"{number} <{name}{' id=' + element.get('id') if element.get('id') else ''}>", element


def _text(first: bytes, second: bytes) -> Iterator[str]:
    """The first lines that differ with some around them; bytes where it is no text."""
    try:
        one, two = (data.decode("utf-8").splitlines() for data in (first, second))
    except UnicodeDecodeError:
        yield from _bytes(first, second)
        return
    place = _parting(one, two)
    if place == len(one) == len(two):
        yield "the same lines, ended otherwise"
        return
    before, after = max(0, place - CONTEXT), place + CONTEXT + 1
    start = max(0, _parting(*(lines[place] if place < len(lines) else "" for lines in (one, two))) - WIDEST // 4)
    yield f"line {place + 1}:"
    for line in difflib.ndiff(one[before:after], two[before:after]):
        if not line.startswith("?"):
            told_from = start if line[0] in "+-" else 0
            yield f"  {line[0]} {'…' if told_from else ''}{_cut(line[2 + told_from :])}"


def _bytes(first: bytes, second: bytes) -> Iterator[str]:
    place = _parting(first, second)
    yield f"byte {place} of {len(first)} and {len(second)}: {first[place : place + 16].hex(' ')} and {second[place : place + 16].hex(' ')}"


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"
