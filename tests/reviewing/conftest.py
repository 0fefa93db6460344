"""What the tests of the review share: a small invented report, its review served as a person starts it, and the browser."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, Copy, copied
from tieout.reviewing.session import Session

DOCUMENT = "inv-2031"
REPORT = """2031 Invented Report: Belgium (a fixture) 👉

BELGIUM (Tier 1)

The government issued 198 residence permits for trafficking victims in 2030, compared with 214 in 2029. Under Article 433 of the code,
first responders must help. Identified victims were eligible for a 45-day reflection period.

The government did not report how many victims received compensation in 2030. It should train judges.

1 See page 12.
7
"""
CELLS = {"document": DOCUMENT, "country": "bel", "title": "2031 Invented Report: Belgium (a fixture)", "publisher": "nobody",
         "series": "Invented Report", "published": "2031", "published_basis": "stated", "seed": f"seeds/bel/{DOCUMENT}.txt",
         "sha256": hashlib.sha256(REPORT.encode()).hexdigest(), "rights": "Written for this test."}  # fmt: skip


def reported(copy: Copy) -> Copy:
    """The copy with the invented report registered, and nothing of it keyed."""
    copy.seed(DOCUMENT).write_text(REPORT, encoding="utf-8")
    copy.append("documents", **CELLS)
    for kind in ("metrics", "statements", "set_aside"):
        copy.write(kind, [], DOCUMENT)
    return copy


@pytest.fixture
def house(copy_root: Copy) -> Copy:
    """A copy of the repository with the invented report to be keyed."""
    return reported(copy_root)


@pytest.fixture
def session(house: Copy) -> Session:
    """A review of the invented report, without a server."""
    return Session.of(house.root, DOCUMENT)


def key_of(session: Session, printed: str, turn: int = 0) -> str:
    """The key of a number by how it is printed."""
    found = [item["key"] for item in session.state()["items"] if item["kind"] == "number" and text_of(session, item) == printed]
    return found[turn]


def text_of(session: Session, item: dict) -> str:
    return session.storage.text.text[item["start"] : item["end"]]


@dataclass
class Served:
    """A review that runs: its address with the token, and its process."""

    address: str
    process: subprocess.Popen

    @property
    def bare(self) -> str:
        """The address without the token."""
        return self.address.split("?")[0]

    @property
    def token(self) -> str:
        """The token."""
        return self.address.split("=")[1]


@contextmanager
def served(root: Path, *options: str) -> Iterator[Served]:
    """``pipeline.py review``, until it is interrupted."""
    command = [sys.executable, str(ROOT / "pipeline.py"), "review", DOCUMENT, "--root", str(root), "--no-browser", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
    assert address, line + process.stderr.read()
    try:
        yield Served(address[0], process)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One review for the tests that change nothing."""
    copy = reported(copied(tmp_path_factory.mktemp("shared") / "copy"))
    with served(copy.root) as found:
        yield found
