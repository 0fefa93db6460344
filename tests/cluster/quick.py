"""Loaded by a worker of the tests (``--preload``): notebooks run in the worker's own process, as the stories run them, without kernels."""

from __future__ import annotations

from tests.stories.conftest import executed_here
from tieout import running


def dask_setup(worker: object) -> None:
    """Called by Dask when the worker starts."""
    running.execute = executed_here
