"""Which of the accidents a run of the suite meets."""

from __future__ import annotations

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones to ``make cluster-faults``; pytest counts them as deselected."""
    if "CLUSTER_FAULTS" in os.environ:
        return
    left = [item for item in items if item.get_closest_marker("accident")]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)
