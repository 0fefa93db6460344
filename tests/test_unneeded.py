"""What takes seconds to import and is of no use here is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize("module", ["tieout.expectations", "tieout.kernels", "tieout.pages.site", "tieout.running"])
def test_no_grammar_of_iris_is_built(module: str) -> None:
    code = f"import sys, {module}\nassert 'jsonschema' in sys.modules or {module!r} == 'tieout.running'\nsys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_warm_engine_leaves_other_people_s_jsonschema_alone() -> None:
    code = "import tieout.warm.engine, jsonschema\nassert 'iri' in jsonschema.FormatChecker().checkers"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
