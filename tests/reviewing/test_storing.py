"""Files are written whole, together and never over what nobody has seen; drafts count for nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.reviewing.conftest import DOCUMENT, key_of
from tests.stories.conftest import contents
from tieout import editions, placing, running
from tieout.packaging import tidy
from tieout.problems import Usage
from tieout.reviewing.reading import KINDS, SECOND, Reading
from tieout.reviewing.session import Session
from tieout.reviewing.storing import Moved, Storage


def test_what_is_written_is_in_canonical_form(house: Copy, session: Session) -> None:
    tidy(house.root)
    for printed in ("45", "198", "433", "7"):
        session.act("accept", {"key": key_of(session, printed)}, session.state()["version"])
    session.act("passage", {"start": 0, "end": 4, "kind": "caveat"}, session.state()["version"])
    assert tidy(house.root) == []


def test_a_version_that_is_not_on_disk_any_more_is_refused(house: Copy, session: Session) -> None:
    seen = session.state()["version"]
    house.append("set_aside", DOCUMENT, printed="7", context="7", reason="page")
    before = contents(house.root)
    with pytest.raises(Moved):
        session.act("accept", {"key": key_of(session, "45")}, seen)
    assert contents(house.root) == before


def test_the_version_is_looked_at_under_the_lock_too(house: Copy, session: Session) -> None:
    """What changes between the act and its writing is not written over either."""
    stored = session.storage.read()
    house.append("set_aside", DOCUMENT, printed="7", context="7", reason="page")
    with pytest.raises(Moved):
        session.storage.write(stored.tables, stored.version)
    assert [row["printed"] for row in house.rows("set_aside", DOCUMENT)] == ["7"]


def test_a_row_that_moves_stands_twice_for_a_moment_and_never_nowhere(monkeypatch, house: Copy, session: Session) -> None:
    """A kill between two files leaves the row in both, and the next start takes it from the drafts."""
    orders = []

    def killed(root: Path, files) -> None:
        orders.append([path.parent.name for path in files])
        for path, content in list(files.items())[:1]:
            path.write_bytes(content)
        raise KeyboardInterrupt

    monkeypatch.setattr("tieout.reviewing.storing.put", killed)
    key = key_of(session, "45")
    with pytest.raises(KeyboardInterrupt):
        session.act("accept", {"key": key}, session.state()["version"])
    monkeypatch.undo()
    again = Session.of(house.root, DOCUMENT)
    assert orders == [["metrics", "drafts"]]
    assert [row["printed"] for row in house.rows("metrics", DOCUMENT)] == ["45"]
    assert key not in [row["id"].removeprefix("at-") for row in again.state()["tables"]["drafts"]]
    monkeypatch.setattr("tieout.reviewing.storing.put", killed)
    with pytest.raises(KeyboardInterrupt):
        again.act("reopen", {"key": key}, again.state()["version"])
    assert orders[1:] == [["drafts", "metrics"]]


def test_where_a_file_cannot_be_moved_into_place_none_is(monkeypatch, house: Copy, session: Session) -> None:
    before, replace, calls = contents(house.root / "data"), os.replace, []

    def full(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr(placing.os, "replace", full)
    with pytest.raises(Usage, match="No space left"):
        session.act("accept", {"key": key_of(session, "45")}, session.state()["version"])
    assert len(calls) == 2 and contents(house.root / "data") == before


def test_a_link_is_not_followed(house: Copy, session: Session, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.csv"
    target.write_bytes(house.path("metrics", DOCUMENT).read_bytes())
    house.path("metrics", DOCUMENT).unlink()
    house.path("metrics", DOCUMENT).symlink_to(target)
    before = target.read_bytes()
    with pytest.raises(Usage):
        session.act("accept", {"key": key_of(session, "45")}, session.state()["version"])
    assert target.read_bytes() == before


def test_no_edition_is_made_from_drafts(house: Copy, session: Session, tmp_path: Path) -> None:
    """Of a second reading it says how far it agrees with the first: that it reads, and its drafts it does not."""
    data, second = house.root / "data" / "bel", f"data/bel/second/metrics/{DOCUMENT}.csv"
    for folder, name in (("metrics", "metrics"), ("drafts", "drafts")):
        (data / "second" / folder).mkdir(parents=True)
        (data / "second" / folder / f"{DOCUMENT}.csv").write_bytes((data / name / f"{DOCUMENT}.csv").read_bytes())
    inputs = editions.inputs(house.root, "bel")
    assert {f"data/bel/metrics/{DOCUMENT}.csv", second} <= inputs.keys()
    assert not [name for name in inputs if "/drafts/" in name]
    (house.root / "notebooks").mkdir()
    running.staged(tmp_path / "workshop", house.root, "bel")
    staged = contents(tmp_path / "workshop" / "inputs")
    assert {f"data/bel/metrics/{DOCUMENT}.csv", second} <= staged.keys()
    assert not [name for name in staged if "/drafts/" in name]


def test_the_second_reader_sees_nothing_of_the_first(house: Copy) -> None:
    """For a document that is keyed: no row, no set-aside number, no statement, no guess."""
    document = "tip-2021"
    assert house.rows("metrics", document)
    second = Session.of(house.root, document, SECOND)
    state, record = second.state(), second.reading.record()
    assert state["tally"]["open"] == state["tally"]["numbers"] == 48
    assert not [row for kind in ("metrics", "set_aside", "statements", "signoffs") for row in record.rows(kind) if row.document == document]
    judged = ("metric", "sex", "age", "exploitation", "start", "end", "period_basis", "unit", "qualifier", "status", "fate", "reason")
    drafts = state["tables"]["drafts"]
    assert all(row["quote"] or row["printed"] for row in drafts) and not [row for row in drafts if any(row[name] for name in judged)]
    assert not [one for item in state["items"] for one in item.get("guesses", [])]
    likest = second.likest(state["items"][5]["key"])
    assert likest["others"] and all(one["document"] != document for one in likest["others"])


def test_the_second_reading_writes_beside_the_first(house: Copy) -> None:
    first = {kind: house.path(kind, "tip-2021").read_bytes() for kind in ("metrics", "set_aside", "statements")}
    second = Session.of(house.root, "tip-2021", SECOND)
    key = next(item["key"] for item in second.state()["items"] if item["kind"] == "number")
    second.act("set_aside", {"key": key, "reason": "title"}, second.state()["version"])
    assert {kind: house.path(kind, "tip-2021").read_bytes() for kind in first} == first
    assert (house.root / "data" / "bel" / "second" / "set_aside" / "tip-2021.csv").read_text("utf-8").count("title") == 1


def test_every_kind_of_file_makes_the_version(house: Copy, session: Session) -> None:
    reading = Reading(house.root, "bel", DOCUMENT)
    storage = Storage(reading, session.storage.text)
    seen = {storage.version()}
    for kind in KINDS:
        path = reading.path(kind)
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(storage.version())
    assert len(seen) == 1 + len(KINDS)
