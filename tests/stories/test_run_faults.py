"""Whatever happens to a run, the last edition stays whole, the message is plain, nothing is left, and the next run works.

A sample of `python -m bench.run_faults`, which does it all and writes docs/run-faults.md.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.faulty import Desk, Found
from bench.run_faults import CELLS, KILLS, cell_faults, killed
from bench.run_worlds import WORLDS, Skipped

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for what is left in /proc"),
]
CHANCE = random.Random(20261121)
ALWAYS, SLOW = ["a cell prints without end", "a cell takes memory in large pieces"], ["a cell takes memory in small pieces"]
OTHERS = CHANCE.sample(sorted(CELLS.keys() - {*ALWAYS, *SLOW}), 1)
AROUND = CHANCE.sample(["Ctrl-C five times", "SIGKILL while a cell hangs in C", "two runs of one edition", "the disk fills in the inputs",
          "the output folder is somebody else's", "nobody reads anything", "the pipeline's own code breaks"], 4)  # fmt: skip


@pytest.fixture(scope="module")
def a_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.pretend()
    yield desk
    desk.close()


@pytest.fixture
def desk(a_desk: Desk) -> Desk:
    a_desk.fresh()
    return a_desk


def assert_well(found: Found) -> None:
    assert found.well, f"{found.row()}\n{found.ended.out}\n{found.ended.err}"


@pytest.mark.parametrize("name", ALWAYS + OTHERS)
def test_a_cell_goes_wrong(desk: Desk, name: str) -> None:
    assert_well(next(cell_faults(desk, [name])))


@pytest.mark.parametrize("name", AROUND)
def test_the_world_goes_wrong(desk: Desk, name: str) -> None:
    try:
        assert_well(WORLDS[name](desk, name))
    except Skipped as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("kind", KILLS)
def test_a_run_is_killed(desk: Desk, kind: str) -> None:
    assert_well(killed(desk, kind, 1 + 9 * CHANCE.random()))


def test_a_lock_whose_file_was_removed_is_worth_nothing(tmp_path: Path) -> None:
    from tieout.editions import _locked, _unlocked

    path = tmp_path / "lock"
    first = _locked(path)
    assert first is not None and _locked(path) is None
    _unlocked(path, first)
    second = _locked(path)
    assert second is not None
    _unlocked(path, second)


def test_an_edition_put_aside_by_a_killed_run_comes_back(tmp_path: Path) -> None:
    from tieout.editions import BUILDING, LAST, sweep

    aside = tmp_path / f"{BUILDING}bel-dead" / LAST
    aside.mkdir(parents=True)
    (aside / "index.html").write_text("whole", encoding="utf-8")
    sweep(tmp_path, "bel")
    assert (tmp_path / "bel" / "index.html").read_text(encoding="utf-8") == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["bel"]


@pytest.mark.parametrize("exchanges", [True, False])
def test_an_edition_takes_the_place_of_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool) -> None:
    from tieout import editions

    if not exchanges:
        monkeypatch.setattr(editions, "_exchange", lambda one, other: False)
    (tmp_path / "bel").mkdir()
    (tmp_path / "bel" / "index.html").write_text("last", encoding="utf-8")
    (tmp_path / "bel" / editions.MANIFEST).write_text("{}", encoding="utf-8")
    with editions.building(tmp_path, "bel") as workshop:
        (workshop / "edition").mkdir()
        (workshop / "edition" / "index.html").write_text("new", encoding="utf-8")
        editions.publish(workshop / "edition", tmp_path / "bel")
    assert (tmp_path / "bel" / "index.html").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["bel"]


def test_a_folder_of_sockets_in_use_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tieout import sockets

    monkeypatch.setattr(sockets, "_place", lambda: tmp_path)
    used, lock = sockets.private()
    dead, gone = sockets.private()
    (dead / "connection.json").write_text("{}", encoding="utf-8")
    import os

    os.close(gone)
    strange = tmp_path / f"{sockets.PREFIX}strange"
    strange.mkdir()
    (strange / "thesis.txt").write_text("mine", encoding="utf-8")
    sockets.sweep()
    assert used.exists() and not dead.exists() and (strange / "thesis.txt").exists()
    sockets.release(used, lock)
    assert not used.exists()
