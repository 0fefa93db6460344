"""What the tests of the review share: a small invented report, its review served as a person starts it, and the browser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from tests.conftest import Copy, copied
from tests.serving import Served, served
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


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One review for the tests that change nothing."""
    copy = reported(copied(tmp_path_factory.mktemp("shared") / "copy"))
    with served(copy.root, DOCUMENT) as found:
        yield found
