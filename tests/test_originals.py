"""The list of digests reads back, and every way in which an original can be wrong is told."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout import originals
from tieout.editions import inputs
from tieout.published import _documents

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}-[a-z0-9]{1,8}\.(?:pdf|html)", fullmatch=True)
DIGESTS = st.binary(max_size=4).map(lambda raw: hashlib.sha256(raw).hexdigest())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One original as ``add`` leaves it."""
    place = originals.folder_of(tmp_path, "bel")
    place.mkdir(parents=True)
    (place / "tip-2031.pdf").write_bytes(b"kept")
    (place / originals.SUMS).write_text(originals.sums_text({"tip-2031.pdf": hashlib.sha256(b"kept").hexdigest()}))
    return place


def faults(folder: Path, *documents: str) -> list[str]:
    return [message for _, _, message in originals.faults(folder.parents[2], "bel", list(documents or ("tip-2031",)))]


@given(st.dictionaries(NAMES, DIGESTS, max_size=6))
def test_the_list_reads_back(digests: dict[str, str]) -> None:
    assert originals.sums(originals.sums_text(digests)) == digests


def test_sha256sum_reads_the_list(folder: Path) -> None:
    assert subprocess.run(["sha256sum", "-c", originals.SUMS], cwd=folder, capture_output=True).returncode == 0


@pytest.mark.parametrize("text", ["x", "a" * 64 + " x.pdf", "a" * 64 + "  ../x.pdf", "a" * 64 + "  x-1.exe", f"{'a' * 64}  x-1.pdf\n" * 2])
def test_a_list_that_is_none_is_told(folder: Path, text: str) -> None:
    (folder / originals.SUMS).write_text(text)
    assert len(faults(folder)) == 1 and "cannot be read" in faults(folder)[0]


def test_what_is_as_it_was_added_has_no_fault(folder: Path) -> None:
    assert faults(folder) == []
    assert originals.faults(folder.parents[2], "fra", []) is not None and list(originals.faults(folder.parents[2], "fra", [])) == []


def test_every_other_state_has_one(folder: Path, tmp_path: Path) -> None:
    assert "belongs to no document" in faults(folder, "tip-2030")[0]
    (folder / "more-1.html").write_bytes(b"x")
    assert "more-1.html is not in" in faults(folder)[0]
    (folder / "more-1.html").unlink()
    (folder / "tip-2031.pdf").write_bytes(b"other")
    assert "is not the one that was added" in faults(folder)[0]
    (folder / "tip-2031.pdf").unlink()
    assert "is not there" in faults(folder)[0]
    (tmp_path / "kept").write_bytes(b"kept")
    (folder / "tip-2031.pdf").symlink_to(tmp_path / "kept")
    assert "is no plain file" in faults(folder)[0]
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert "is no plain folder" in faults(folder)[0]


def test_an_edition_names_its_originals(folder: Path) -> None:
    named = {name for name in inputs(folder.parents[2], "bel") if name.startswith("seeds/")}
    assert named == {"seeds/bel/originals/SHA256SUMS", "seeds/bel/originals/tip-2031.pdf"}


def test_the_digest_of_a_document_is_that_of_its_text_and_not_of_its_original() -> None:
    stored = {"inputs": {"seeds/bel/tip-2031.txt": "text", "seeds/bel/originals/tip-2031.pdf": "pdf"}, "signed": {"tip-2031": []}}
    assert _documents(stored, {}) == {"tip-2031": "text"}
