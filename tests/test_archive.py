"""An archive has exactly one form, and one from anywhere is read with care."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bundles import zipped
from tieout.archive import NAME, gather, pack, unpack

SMALL = {"a.txt": b"one", "data/b.csv": b"", "data/c/d.csv": bytes(range(256))}
NAMES = st.from_regex(NAME, fullmatch=True).filter(lambda name: len(name) < 60)


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, mode << 16
    return made


def test_the_same_files_give_the_same_archive_everywhere() -> None:
    assert pack(SMALL) == pack(dict(reversed(SMALL.items())))
    assert hashlib.sha256(pack(SMALL)).hexdigest() == "9b26c39cb400cc7ec2f165a8c73dadcdeb802ecbce1a9429c203ddf34b0f1ad7"


@given(st.dictionaries(NAMES.map(lambda name: name.replace("/", "_")), st.binary(max_size=200), max_size=8))
def test_what_was_packed_is_unpacked(members: dict[str, bytes]) -> None:
    assert unpack(pack(members)) == (members, {})


@given(st.integers(0, len(pack(SMALL)) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(place: int, change: int) -> None:
    raw = bytearray(pack(SMALL))
    raw[place] ^= change
    members, faults = unpack(bytes(raw))
    assert faults or members != SMALL or pack(members) != bytes(raw)


@given(st.integers(0, len(pack(SMALL)) - 1))
def test_an_archive_cut_short_is_no_archive(length: int) -> None:
    members, faults = unpack(pack(SMALL)[:length])
    assert not members and "cannot be read as a zip archive" in faults[""]


@given(st.binary(max_size=300))
def test_whatever_bytes_there_are_nothing_is_raised(raw: bytes) -> None:
    members, faults = unpack(raw)
    assert not members and set(faults) == {""}


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/../../evil", "a//b", "./a", ".hidden", "a\\b", "C:/a", "a b", "a\nb", "a/", "ä", "-rf"]
)
def test_a_path_that_leads_elsewhere_is_refused(name: str) -> None:
    members, faults = unpack(zipped((name, b"x"), ("good", b"y")))
    assert members == {"good": b"y"} and faults == {name: "is no path that a bundle may hold"}


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_what_is_no_plain_file_is_refused(mode: int) -> None:
    assert unpack(zipped((entry("link", mode | 0o777), b"/etc/passwd"))) == ({}, {"link": "is no plain file"})


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        raw = zipped(("a", b"1"), ("a", b"2"))
    assert unpack(raw) == ({}, {"a": "is there 2 times"})


def test_a_file_that_is_also_a_folder_is_refused() -> None:
    members, faults = unpack(zipped(("a", b"1"), ("a/b", b"2")))
    assert members == {"a/b": b"2"} and faults == {"a": "is both a file and a folder"}


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped(("bomb", bytes(10_000_000)), method=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000
    members, faults = unpack(bomb)
    assert not members and "more bytes than it has" in faults[""]


def test_a_compressed_file_is_refused() -> None:
    raw = zipped(("a", os.urandom(50) + b"aaaaaaaaaaaa"), ("pad", bytes(range(256))), method=zipfile.ZIP_DEFLATED)
    assert "is compressed" in unpack(raw)[1]["a"]


def test_entries_that_share_their_bytes_are_refused() -> None:
    raw = bytearray(pack({name: bytes(1000) for name in "abcdefgh"}))
    one = raw.index(b"PK\x01\x02")
    central = raw[one : raw.index(b"PK\x05\x06")]
    size = len(central) // 8
    overlapping = raw[:1031] + central[:size] * 8 + raw[raw.index(b"PK\x05\x06") :]
    overlapping[-6:-2] = (1031).to_bytes(4, "little")
    members, faults = unpack(bytes(overlapping))
    assert not members and "more bytes than it has" in faults[""]


def test_a_folder_is_read_without_what_runs_leave_in_it(tmp_path: Path) -> None:
    for name in ("a.txt", "tieout/b.py", "tieout/__pycache__/b.pyc", ".venv/lib/c.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert gather(tmp_path) == ({"a.txt": b"x", "tieout/b.py": b"x"}, {})


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("k")
    place = tmp_path / "bundle"
    place.mkdir()
    (place / "file").symlink_to(tmp_path / "secret" / "key")
    (place / "folder").symlink_to(tmp_path / "secret")
    os.mkfifo(place / "pipe")
    assert gather(place) == ({}, dict.fromkeys(("file", "folder", "pipe"), "is no plain file"))
