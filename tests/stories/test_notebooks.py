"""The executed notebooks are documents: run again, they say the same; tampered with, they are caught."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import pytest

from tests.conftest import ROOT
from tieout import showing
from tieout.running import NOTEBOOKS

pytestmark = [pytest.mark.slow]
EDITION = ROOT / "outputs" / "bel"


def nbval(folder: Path, name: str) -> subprocess.CompletedProcess:
    """nbval, strict, on an executed notebook that stands in a folder of its own beside its inputs and its edition."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout=300", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
               "-c", os.devnull, "--rootdir", str(folder), str(folder / f"{name}.ipynb")]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=600)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The committed notebooks, each with what it read beside it."""
    for part in ("data", "seeds"):
        shutil.copytree(ROOT / part, tmp_path / "inputs" / part)
    shutil.copytree(EDITION, tmp_path / "edition")
    for name in NOTEBOOKS:
        shutil.copy(EDITION / "notebooks" / f"{name}.ipynb", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_an_executed_notebook_run_again_says_the_same(desk: Path, name: str) -> None:
    done = nbval(desk, name)
    assert done.returncode == 0, done.stdout[-3000:]
    cells = sum(cell["cell_type"] == "code" for cell in json.loads((desk / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"])
    assert f"{cells} passed" in done.stdout, "nbval skips a cell that was never run, and a skip proves nothing"


def tampered(output: dict) -> None:
    """Change one letter or digit of a stored output, in what a reader sees."""
    kind = next(kind for kind in ("text/html", "text/markdown") if kind in output["data"])
    told = "".join(output["data"][kind])
    place = re.search(r"data-sha256=.(?=\w)|>(?=\w)|^- (?=\w)", told).end()
    output["data"][kind] = f"{told[:place]}{'1' if told[place] != '1' else '2'}{told[place + 1 :]}"


def one_for_all() -> list:
    """The notebooks, all but one left to the campaign: another one when the executed notebooks are others."""
    chosen = crc32(b"".join((EDITION / "notebooks" / f"{name}.ipynb").read_bytes() for name in NOTEBOOKS)) % len(NOTEBOOKS)
    return [pytest.param(name, marks=[] if number == chosen else [pytest.mark.campaign]) for number, name in enumerate(NOTEBOOKS)]


@pytest.mark.parametrize("name", one_for_all())
def test_every_tampered_output_is_caught(desk: Path, name: str) -> None:
    """One run for each notebook: every cell that shows something has one of its outputs spoilt, and just these cells fail."""
    path, chance = desk / f"{name}.ipynb", random.Random(name)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    shown = [cell for cell in notebook["cells"] if cell.get("outputs")]
    for cell in shown:
        tampered(chance.choice(cell["outputs"]))
    path.write_text(json.dumps(notebook), encoding="utf-8")
    done = nbval(desk, name)
    assert done.returncode == 1, done.stdout[-3000:]
    assert shown and f"{len(shown)} failed" in done.stdout


def untrue(edition: Path) -> list[str]:
    """The figures of which some stored file is not the one whose digest stands in the executed notebook."""
    stored = (edition / "notebooks" / "3_figures.ipynb").read_text(encoding="utf-8")
    figures = json.loads((edition / "figures" / "figures.json").read_text(encoding="utf-8"))
    return [figure["id"] for figure in figures if f'data-sha256=\\"{showing.digest_of(figure, edition)}\\"' not in stored]


def test_every_stored_picture_is_the_one_that_its_notebook_showed(desk: Path) -> None:
    """nbval draws anew and compares digests; that the stored files are those is held here, file by file."""
    edition = desk / "edition"
    assert untrue(edition) == []
    for figure in json.loads((edition / "figures" / "figures.json").read_text(encoding="utf-8")):
        for one in figure["files"]:
            path = edition / "figures" / one["file"]
            content = path.read_bytes()
            path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
            assert untrue(edition) == [figure["id"]], one["file"]
            path.write_bytes(content)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_in_git_is_clean_and_thin(name: str) -> None:
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert [cell["metadata"].get("tags") for cell in code].count(["parameters"]) == 1
    for cell in code:
        lines = [line for line in "".join(cell["source"]).splitlines() if line.strip()]
        assert len(lines) <= 4 and not any(line.lstrip().startswith(("def ", "class ", "if ")) for line in lines), "logic lives in tieout/"
    prose = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert len(prose) >= 1 and "".join(prose[0]["source"]).startswith("# ")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_an_executed_notebook_makes_no_noise(name: str) -> None:
    notebook = json.loads((EDITION / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            assert output["output_type"] not in ("stream", "error"), output
