"""The environment of the kernels of a run: nothing in it varies between machines or users, save what the system itself needs."""

from __future__ import annotations

import os
from pathlib import Path


def of_kernels(folder: Path) -> dict[str, str]:
    """This library on the path, one thread for arithmetic, and nothing that a user has set for Python, Jupyter or IPython.

    Their profiles, startup files and kernels are not found either, for Jupyter and IPython look for those in ``folder``, which
    holds none.
    """
    fixed = {"PYTHONPATH": str(Path(__file__).resolve().parent.parent), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1",
             "MPLBACKEND": "agg", "TZ": "UTC", "LC_ALL": "C.UTF-8", "COLUMNS": "80", "LINES": "24",
             "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
             "JUPYTER_DATA_DIR": str(folder / "jupyter"), "JUPYTER_PREFER_ENV_PATH": "1",
             "GX_ANALYTICS_ENABLED": "false", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
             "JE_ARROW_MALLOC_CONF": "background_thread:false"}  # fmt: skip
    # PYTEST_CURRENT_TEST: with it ipykernel lets writes to file descriptors 1 and 2 go past the notebook
    theirs = ("PYTHON", "JUPYTER", "IPYTHON", "MATPLOTLIBRC", "PYTEST_CURRENT_TEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(theirs)} | fixed
