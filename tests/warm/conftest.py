"""What the tests of warm kernels share: notebooks of a few cells, run in a kernel that is forked or in a plain one."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tieout import environment
from tieout.executing import execute
from tieout.warm.forking import ForkServer, impossible

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
Cells = Callable[..., list[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if why := impossible():
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(autouse=True)
def own_sockets(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Kernels of other processes come and go in the system's folder meanwhile: the sockets of these have a place of their own."""
    tmp_path_factory.getbasetemp()  # in the system's folder still
    with tempfile.TemporaryDirectory(prefix="warm-") as place:
        monkeypatch.setattr(tempfile, "tempdir", place)
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    """A fork server with what notebooks import, in the environment of a run."""
    made = ForkServer([sys.executable], ["pandas", "matplotlib.pyplot"], environment.of_kernels(Path()))
    yield made
    made.close()


@pytest.fixture
def cells(tmp_path: Path) -> Cells:
    """Runs cells in one kernel, and gives what each showed."""

    def run(*sources: str, server: ForkServer | None = None, seconds: int = 60) -> list[str]:
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        (tmp_path / "edition" / "notebooks").mkdir(parents=True, exist_ok=True)
        notebook = new_notebook(cells=[new_code_cell(source) for source in sources], metadata={"kernelspec": KERNEL})
        (tmp_path / "notebooks" / "some.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        done = json.loads(execute("some", tmp_path, tmp_path, {}, seconds, server).read_text(encoding="utf-8"))
        return [
            "".join("".join(one.get("text", one.get("data", {}).get("text/plain", ""))) for one in cell["outputs"])
            for cell in done["cells"]
        ]

    return run


def children(apart: frozenset[int] = frozenset()) -> dict[int, str]:
    """The processes that descend from this one by way of others than ``apart``, with the state of each."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(path.parent.name) not in apart:
            parents[int(path.parent.name)] = (int(parent), state)
    found: dict[int, str] = {}
    while new := {
        pid: state for pid, (parent, state) in parents.items() if pid not in found and (parent == os.getpid() or parent in found)
    }:
        found |= new
    return found
