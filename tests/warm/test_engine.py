"""The papermill engine and the kernel provisioner, as somebody else finds them: by the entry points of an installed package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.conftest import ROOT
from tests.warm.conftest import KERNEL

pytestmark = pytest.mark.slow
CELLS = [
    "import json, os, sys\n'json.tool' in sys.modules",
    "open(f'/proc/{os.getppid()}/cmdline').read().split(chr(0))[1][-21:]",
    "json.load(open(sys.argv[sys.argv.index('-f') + 1]))['transport']",
]


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who installed the package: its metadata stand on their path, as pip would write them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = tmp_path / "installed" / f"tieout-{project['version']}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tieout\nVersion: {project['version']}\n", encoding="utf-8")
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {place}\n" for name, place in found.items()) for group, found in project["entry-points"].items()
    ]
    (folder / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    path = os.pathsep.join([str(folder.parent), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, "IPYTHONDIR": str(tmp_path / "ipython"), "TMPDIR": str(tmp_path)}


def notebook(folder: Path) -> Path:
    found = new_notebook(cells=[new_code_cell(source) for source in CELLS], metadata={"kernelspec": KERNEL})
    (folder / "in.ipynb").write_text(json.dumps(found), encoding="utf-8")
    return folder / "in.ipynb"


def shown(path: Path) -> list[str]:
    return ["".join(cell["outputs"][0]["data"]["text/plain"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def assert_nothing_left(folder: Path) -> None:
    assert [path.name for path in folder.iterdir() if path.name.startswith("tieout-kernel-")] == []


def test_papermill_runs_several_notebooks_from_one_server(installed: dict[str, str], tmp_path: Path) -> None:
    script = f"""
import papermill
how = {{"engine_name": "tieout-warm", "imports": ["json.tool"], "progress_bar": False}}
for number in range(3):
    papermill.execute_notebook({str(notebook(tmp_path))!r}, f"out-{{number}}.ipynb", **how)
from tieout.warm import provisioner
print(len(provisioner._servers))
"""
    done = subprocess.run([sys.executable, "-c", script], env=installed, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout == "1\n", done.stderr
    for number in range(3):
        assert shown(tmp_path / f"out-{number}.ipynb") == ["True", "'tieout/warm/server.py'", "'ipc'"]
    assert_nothing_left(tmp_path)


def test_papermill_takes_the_engine_on_its_command_line(installed: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "papermill", "--engine", "tieout-warm", str(notebook(tmp_path)), "out.ipynb"]
    done = subprocess.run(command, env=installed, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert shown(tmp_path / "out.ipynb") == ["False", "'tieout/warm/server.py'", "'ipc'"]
    assert "plain kernel" not in done.stderr
    assert_nothing_left(tmp_path)


def test_a_plot_stands_in_the_notebook_as_from_a_plain_kernel(installed: dict[str, str], tmp_path: Path) -> None:
    """Where no backend is chosen ipykernel chooses its own, before a plain kernel imports matplotlib and after a forked one did."""
    cells = ["import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "import matplotlib\nsorted(map(repr, matplotlib.rcParams.items()))"]
    found = new_notebook(cells=[new_code_cell(source) for source in cells], metadata={"kernelspec": KERNEL})
    (tmp_path / "in.ipynb").write_text(json.dumps(found), encoding="utf-8")
    script = """
import papermill
for name in ("nbclient", "tieout-warm"):
    papermill.execute_notebook("in.ipynb", f"{name}.ipynb", engine_name=name, progress_bar=False)
"""
    own = {name: value for name, value in installed.items() if name != "MPLBACKEND"}
    done = subprocess.run([sys.executable, "-c", script], env=own, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "plain kernel" not in done.stderr, done.stderr
    plain, warm = (
        [cell["outputs"] for cell in json.loads((tmp_path / f"{name}.ipynb").read_text())["cells"]] for name in ("nbclient", "tieout-warm")
    )
    assert plain == warm and "image/png" in plain[0][0]["data"]


def test_a_kernel_specification_takes_the_provisioner(installed: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "jupyter" / "kernels" / "warm"
    folder.mkdir(parents=True)
    stanza = {"provisioner_name": "tieout-warm", "config": {"imports": ["json.tool"]}}
    told = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "Warm", "language": "python",
            "metadata": {"kernel_provisioner": stanza}}  # fmt: skip
    (folder / "kernel.json").write_text(json.dumps(told), encoding="utf-8")
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.kernel_name=warm",
               "--output", "out.ipynb", str(notebook(tmp_path))]  # fmt: skip
    done = subprocess.run(
        command, env=installed | {"JUPYTER_PATH": str(tmp_path / "jupyter")}, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert shown(tmp_path / "out.ipynb")[:2] == ["True", "'tieout/warm/server.py'"]
