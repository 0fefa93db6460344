"""The steps of a run on a copy of the repository, its notebooks and pages replaced by what writes the same kinds of files in a moment.

Run in the copy, with ``force`` or nothing as its argument; prints what a run tells of its steps, and writes ``edition.json``.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tieout import editions
from tieout.keeping.making import Making
from tieout.keeping.recipe import STAGES, Stage, digest
from tieout.running import staged

WRITES = {
    "validate": ["observations.csv", "validation.json"],
    "trends": ["trends.csv", "facts.json"],
    "figures": ["figures/figures.json"],
    "pages": ["index.html"],
}
GIVEN = {"country": "bel", "inputs": "inputs", "edition": "edition"}


def main(root: Path, force: bool) -> None:
    making = Making("bel", root, GIVEN, force, print)
    with tempfile.TemporaryDirectory() as folder:
        workshop = Path(folder)
        edition = staged(workshop, root, "bel")
        making.begin(workshop, editions.inputs(root, "bel", workshop / "inputs"), STAGES)

        def work(stage: Stage) -> set[str]:
            """Write something that depends on what the real step would read."""
            keyed = sorted((workshop / "inputs").rglob("metrics/*.csv"))
            read = [path.read_text(encoding="utf-8") for path in keyed]
            before = editions.outputs(edition)
            read += [before[name] for name in sorted(before) if any(Path(name).match(one) for one in stage.reads)]
            for name in WRITES[stage.name]:
                (edition / name).parent.mkdir(parents=True, exist_ok=True)
                (edition / name).write_text(digest([name, read]), encoding="utf-8")
            return set()

        for stage in STAGES:
            making.step(stage, work)
            if stage.notebook:
                shutil.copy(workshop / "inputs" / "notebooks" / f"{stage.notebook}.ipynb", edition / "notebooks")
        (root / "edition.json").write_text(json.dumps(editions.outputs(edition)), encoding="utf-8")


if __name__ == "__main__":
    main(Path.cwd(), "force" in sys.argv[1:])
