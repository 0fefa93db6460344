"""What the stories share: the command line as a person uses it, and one edition built by it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT
from tieout.commands import main
from tieout.keeping.reads import TOLD


def pipeline(*arguments: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    """``python pipeline.py ARGUMENTS``, with what it printed as text."""
    command = [sys.executable, str(ROOT / "pipeline.py"), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env={**os.environ, **environment}, timeout=900
    )


def here(*arguments: object) -> subprocess.CompletedProcess:
    """The same command in this process, where great-expectations is imported once and not for every story."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
    told = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]
    return subprocess.CompletedProcess(list(arguments), status, *told)


def executed_here(name: str, root: Path, workshop: Path, parameters: dict[str, str], *_: object) -> None:
    """A notebook's own cells, run in this process in the place of ``running.execute``."""
    notebook = nbformat.read(root / "notebooks" / f"{name}.ipynb", as_version=4)
    known = {"display": lambda shown: None}
    for place, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        exec(cell.source, known)
        cell.execution_count = place
        if "parameters" in cell.metadata.get("tags", []):
            known |= parameters | {"inputs": workshop / "inputs", "edition": workshop / "edition"}
    nbformat.write(notebook, workshop / "edition" / "notebooks" / f"{name}.ipynb")
    (workshop / TOLD).parent.mkdir(exist_ok=True)
    (workshop / TOLD).touch()  # a kernel tells what it reads; this process is none


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of Belgium, built from the repository as it stands."""
    output = tmp_path_factory.mktemp("outputs")
    done = pipeline("run", "bel", "--force", "--output", output)  # nothing is taken from what an earlier run kept
    assert done.returncode == 0, done.stderr
    return output / "bel"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
