"""A bundle's files as one zip archive: the same files give the same bytes, and an archive from anywhere is read with care.

Files are stored and not compressed, for compressed bytes differ from one zlib to the next. They stand in the order of their
names, with one date, one set of permissions and nothing else, so an archive has exactly one form.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

MOST_BYTES = 2**30
DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip archive can tell
PERMISSIONS = (stat.S_IFREG | 0o644) << 16
UNIX = 3
LEFT_BY_RUNS = ("__pycache__", ".venv")  # folders that make and Python leave where a bundle was unpacked
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, RuntimeError, ValueError)

Members = Mapping[str, bytes]
Faults = dict[str, str]


def pack(members: Members) -> bytes:
    """The archive of ``members``, which are file contents by path."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = UNIX, PERMISSIONS
            archive.writestr(entry, members[name])
    return packed.getvalue()


def unpack(raw: bytes) -> tuple[dict[str, bytes], Faults]:
    """The files of an archive, and what is wrong with it: by path, the archive's own fault under the empty path.

    Nothing is written anywhere. What has a fault is not read, and no more is read than the archive has bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > len(raw):
                return {}, {"": "tells of more bytes than it has, so it is no bundle. Do not unpack it; fetch it again."}
            faults = {entry.filename: fault for entry in entries if (fault := _entry_fault(entry))}
            faults |= _name_faults([entry.filename for entry in entries])
            members = {}
            for entry in entries:
                if entry.filename not in faults:
                    _read(archive, entry, members, faults)
            return members, faults
    except _UNREADABLE as error:
        return {}, {"": f"cannot be read as a zip archive: {error}. It is cut short, damaged or no bundle; fetch it again."}


def gather(folder: Path) -> tuple[dict[str, bytes], Faults]:
    """The files of an unpacked bundle, and what is wrong with them by path. What ``make run`` leaves there is passed over."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(_walk(folder))}
    faults = _name_faults(list(found))
    faults |= {name: "is no plain file" for name, path in found.items() if path.is_symlink() or not path.is_file()}
    plain = {name: path for name, path in found.items() if name not in faults}
    if sum(path.stat().st_size for path in plain.values()) > MOST_BYTES:
        return {}, {"": "holds more than any bundle does. Name the folder that the archive was unpacked into."}
    return {name: path.read_bytes() for name, path in plain.items()}, faults


def write(members: Members, folder: Path) -> None:
    """Write the files below ``folder``; their names must have no fault."""
    for name, content in members.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def misnamed(name: str) -> bool:
    """Whether a path may not stand in a bundle: it is absolute, leads out or is hidden, or not every system can write it."""
    return not NAME.fullmatch(name)


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below ``folder``, and every link to a folder, which is not followed."""
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink() and name not in LEFT_BY_RUNS]
        folders[:] = [name for name in folders if name not in LEFT_BY_RUNS]
        yield from (Path(place) / name for name in (*files, *links))


def _name_faults(names: list[str]) -> Faults:
    """What is wrong with the paths themselves."""
    folders = {parent.as_posix() for name in names for parent in PurePosixPath(name).parents}
    faults = {name: "is both a file and a folder" for name in names if name in folders}
    faults |= {name: f"is there {count} times" for name, count in Counter(names).items() if count > 1}
    return faults | {name: "is no path that a bundle may hold" for name in names if misnamed(name)}


def _entry_fault(entry: zipfile.ZipInfo) -> str:
    """Why an entry may not be read; empty where it may."""
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "is no plain file"
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 or entry.file_size != entry.compress_size:
        return "is compressed or encrypted; the files of a bundle are stored as they are"
    return ""


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, members: dict[str, bytes], faults: Faults) -> None:
    try:
        members[entry.filename] = archive.read(entry)
    except _UNREADABLE:
        faults[entry.filename] = "is damaged: its bytes do not fit the archive's checksum"
