"""What code can reach, found without running it: enough, and not everything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tieout import editions
from tieout.keeping import reads
from tieout.keeping.reach import Library
from tieout.keeping.recipe import LIBRARY, STAGES, recipe

PACKAGE = {
    "__init__.py": "",
    "one.py": """
from package import two
TABLE = 'codes.csv'

def used():
    return two.wanted()

def unused():
    import package.five
""",
    "two.py": """
def wanted():
    from package.three import deep
    return deep().step()

def other():
    import package.five
""",
    "three.py": """
class Deep:
    def step(self):
        import package.four

    def jump(self):
        import package.five

def deep():
    return Deep()
""",
    "four.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import package.five\n",
    "five.py": "",
    "handed.py": "from package import six\n\nEACH = (six,)\n\n\ndef all_of_them():\n    return [one.draw() for one in EACH]\n",
    "dotted.py": "import package.six\n\nEACH = (package.six,)\n\n\ndef all_of_them():\n    return [one.draw() for one in EACH]\n",
    "six.py": "def draw():\n    import package.four\n",
    "entered.py": "import functools\n\n\n@functools.singledispatch\ndef registered():\n    import package.four\n",
    "called.py": "from package.two import wanted as by_another_name\n",
    "named.py": "import importlib\n\nimportlib.import_module('package.six').draw()\n",
    "codes.csv": "",
    "pages/__init__.py": "HERE = 'templates'\n",
    "pages/templates/a.html": "",
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for name, text in PACKAGE.items():
        (tmp_path / "package" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "package" / name).write_text(text, encoding="utf-8")
    return Library(tmp_path / "package")


@pytest.mark.parametrize(
    ("code", "reached"),
    [
        ("", set()),
        ("import package.five", {"five.py"}),
        ("from package import one", {"one.py", "two.py", "codes.csv"}),
        ("from package import one\none.used()", {"one.py", "two.py", "codes.csv", "three.py", "four.py"}),
        ("from package import one\nfor one in []: one.unused()", {"one.py", "two.py", "codes.csv", "five.py"}),
        ("from package.one import used\nlist(map(used, []))", {"one.py", "two.py", "codes.csv", "three.py", "four.py"}),
        ("from package import one\nvalue.wanted()", {"one.py", "two.py", "codes.csv"}),
        ("from package import handed", {"handed.py", "six.py"}),
        ("from package import handed\nhanded.all_of_them()", {"handed.py", "six.py", "four.py"}),
        ("from package import dotted\ndotted.all_of_them()", {"dotted.py", "six.py", "four.py"}),
        ("from package import named", {"named.py", "six.py", "four.py"}),
        ("import package.entered", {"entered.py", "four.py"}),
        ("import package.called", {"called.py", "two.py"}),
        ("import package.called\npackage.called.by_another_name()", {"called.py", "two.py", "three.py", "four.py"}),
        ("def later():\n    import package.pages", {"pages/__init__.py", "pages/templates/a.html"}),
        ("'package.five'", {"five.py"}),
    ],
)
def test_code_reaches_what_it_may_run_and_no_more(library: Library, code: str, reached: set[str]) -> None:
    init = {"__init__.py"} if reached else set()
    assert library.reached([code]) == {f"package/{name}" for name in reached | init}


def test_the_order_in_which_code_is_looked_at_changes_nothing() -> None:
    asked = "import sys; from tieout.keeping.reach import Library; from pathlib import Path; "
    asked += "print(sorted(Library(Path('tieout')).reached(['from tieout import steps, showing\\nsteps.figures(1)'])))"
    told = {
        subprocess.run(
            [sys.executable, "-c", asked], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1 and len(told.pop()) > 1000


def test_the_pages_read_nothing_and_hold_no_module_that_their_recipe_does_not_name(tmp_path: Path) -> None:
    """In a process of its own: the one that a run works in holds modules of the steps before."""
    edition = shutil.copytree(ROOT / "outputs" / "bel", tmp_path / "edition")
    shutil.copytree(ROOT / "data", tmp_path / "inputs" / "data")
    shutil.copytree(ROOT / "seeds", tmp_path / "inputs" / "seeds")
    asked = (
        "import json, sys; from pathlib import Path; from tieout.keeping import reads\n"
        "with reads.watched() as read:\n"
        "    from tieout.finishing import finish\n    from tieout.record import load\n"
        f"    finish(load('bel', Path({str(tmp_path / 'inputs')!r})), Path({str(edition)!r}))\n"
        "print(json.dumps([*read, *reads.held()]))"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    read = reads.named(set(json.loads(done.stdout)), tmp_path, ROOT)
    made = recipe(STAGES[-1], ROOT, {}, editions.inputs(ROOT, "bel"), {}, Library(LIBRARY))
    found = {name for name in read if not name.startswith("edition/")}
    assert "tieout/pages/templates/index.html" in found and "data/bel/documents.csv" in found
    assert found - made.keys() - set(reads.CODE) == set()
