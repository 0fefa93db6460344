"""Loaded by a worker of the tests (``--preload``): notebooks run in the worker's own process, as the stories run them, without kernels.

``CAMPAIGN`` (``make cluster-faults``) has them run in kernels all the same. ``TIEOUT_TESTS_SLOW`` names a file that the worker makes
when it begins, and then it is slow: for ``TIEOUT_TESTS_SECONDS`` a notebook. ``TIEOUT_TESTS_OTHER`` is a folder of
packages that it finds before all others.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tests.stories.conftest import executed_here
from tieout import running

execute = running.execute if "CAMPAIGN" in os.environ else executed_here


def slowly(*arguments: object) -> None:
    """A notebook, after a while."""
    Path(os.environ["TIEOUT_TESTS_SLOW"]).touch()
    time.sleep(float(os.environ.get("TIEOUT_TESTS_SECONDS", "600")))
    execute(*arguments)


def dask_setup(worker: object) -> None:
    """Called by Dask when the worker starts."""
    running.execute = slowly if "TIEOUT_TESTS_SLOW" in os.environ else execute
    if "TIEOUT_TESTS_OTHER" in os.environ:
        sys.path.insert(0, os.environ["TIEOUT_TESTS_OTHER"])
