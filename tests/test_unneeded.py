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


@pytest.mark.parametrize("heavy", ["scipy.stats._stats_py", "altair.vegalite"])
def test_what_great_expectations_draws_and_tests_with_is_not_imported_by_validating(heavy: str) -> None:
    start = "from ipykernel.ipkernel import IPythonKernel; IPythonKernel()"
    code = f"import sys, tieout.expectations, tieout.steps; {start}; sys.exit({heavy!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


KL = "from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as kl"


@pytest.mark.parametrize(
    "asks",
    [
        "from scipy import stats; assert stats.norm.cdf(0) == 0.5",
        "import scipy.stats; assert scipy.stats.norm.cdf(0) == 0.5",
        "from scipy.stats import binomtest; assert binomtest(1, 2).pvalue == 1",
        "import scipy.stats.mstats; assert scipy.stats.mstats.gmean([1, 1]) == 1",
        "import scipy.stats.mstats as own, scipy.stats; assert scipy.stats.mstats is own and scipy.stats.norm",
        f"{KL}; assert kl.stats.entropy([1]) == 0 and kl.alt.Chart",
    ],
)
def test_what_was_put_off_is_there_when_it_is_asked_for(asks: str) -> None:
    subprocess.run([sys.executable, "-c", f"import tieout.expectations; {asks}"], cwd=ROOT, check=True)


def test_what_is_imported_already_stays_what_it_is() -> None:
    code = "import scipy.stats as real, tieout.unneeded, sys; assert sys.modules['scipy.stats'] is real and type(real) is type(sys)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
