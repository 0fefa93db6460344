"""What users keep in their home for Jupyter, IPython, matplotlib and Python reaches no notebook and no page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from bench import other_home
from tieout.executing import execute
from tieout.pages.notebooks import rendered

pytestmark = pytest.mark.slow
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELLS = {
    "1\n2": "2",
    "import pandas\npandas.get_option('display.max_rows')": "60",
    "import sys\n(sys.flags.optimize, sys.flags.dev_mode, sys.flags.utf8_mode)": "(0, False, 1)",
    "import decimal\ndecimal.getcontext().prec": "28",
    "import time\ntime.strftime('%z')": "'+0000'",
}


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with everything in it that could change a notebook."""
    home = tmp_path / "home"
    other_home.write(home, other_home.IPYTHON | other_home.MATPLOTLIB | other_home.jupyter(sys.executable))
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_PATH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": home, "JUPYTER_PREFER_ENV_PATH": 0, "PYTHONOPTIMIZE": 2, "PYTHONDEVMODE": 1, "TZ": "<+14>-14"}.items():
        monkeypatch.setenv(name, str(value))
    return home


def test_a_kernel_sees_nothing_of_a_users_settings(at_home: Path, tmp_path: Path) -> None:
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS], metadata={"kernelspec": KERNEL})
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "plain.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (tmp_path / "edition" / "notebooks").mkdir(parents=True)
    cells = json.loads(execute("plain", tmp_path, tmp_path, {}).read_text(encoding="utf-8"))["cells"]
    shown = {"".join(cell["source"]): ["".join(one["data"]["text/plain"]) for one in cell["outputs"]] for cell in cells if cell["outputs"]}
    assert shown == {source: [wanted] for source, wanted in CELLS.items()}


def test_a_page_sees_nothing_of_a_users_templates(at_home: Path) -> None:
    html = rendered(new_notebook(cells=[new_code_cell("1")]), {}, code=True)
    assert "my template" not in html and "1" in html
