"""The limit: the cells of the notebooks in one plain Python process on one core, without kernels: python -m bench.limit EXECUTED [DAY …].

Builds ``outputs/bel`` or, for each day, ``outputs/DAY/bel``, one after the other. No notebook is executed, so the last step renders the
executed ones in the folder EXECUTED. What a cell shows is made and thrown away.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from bench.contestants import NOTEBOOKS
from bench.last_step import COUNTRY, last_step


def build(root: Path, edition: Path, executed: Path, as_of: str = "") -> None:
    """One edition, cell by cell."""
    (edition / "notebooks").mkdir(parents=True)
    for name in NOTEBOOKS:
        given = {"country": COUNTRY, "as_of": as_of, "inputs": str(root), "edition": str(edition), "display": lambda shown: None}
        for source in cells(root / "notebooks" / f"{name}.ipynb"):
            exec(source, given)
        shutil.copy(executed / f"{name}.ipynb", edition / "notebooks")
    last_step(root, edition, as_of)


def cells(notebook: Path) -> list[str]:
    """The sources of a notebook's code cells without the one that holds its parameters."""
    stored = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in stored if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])]
    return ["".join(cell["source"]) for cell in code]


def main() -> int:
    """Build on one core, so that figures are drawn in sequence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("executed", type=Path, help="a folder with executed notebooks")
    parser.add_argument("days", nargs="*", help="build an edition as of each day")
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    outputs = Path.cwd() / "outputs"
    for day in options.days or [""]:
        build(Path.cwd(), (outputs / day if len(options.days) > 1 else outputs) / COUNTRY, options.executed, day)
    return 0


if __name__ == "__main__":
    sys.exit(main())
