"""Which steps run after each kind of change, and whether the edition depends on it: python -m bench.steps [--only NAME] [--write FILE].

Each change is made to a copy of the repository where every step has been kept. A run must do exactly the steps that read it; then a run
with ``--force`` builds the same edition aside, and every byte is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.faulty import PARTS, REPOSITORY

ALL = ("validate", "trends", "figures", "pages")
TINY = ["--as-of", "2005-01-01"]  # one document: what a run costs besides is the same


@dataclass(frozen=True)
class Change:
    """A change to a copy of the repository, and the steps that must run for it; ``environment`` is set for the run."""

    make: Callable[[Path], None]
    steps: tuple[str, ...]
    real: bool = True  # whether a whole run can be done on it: the data still passes its checks


def added(path: str, text: str) -> Callable[[Path], None]:
    """Text at the end of a file, which is made where it is not there."""

    def make(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open("a", encoding="utf-8", newline="") as file:
            file.write(text)

    return make


def replaced(path: str, old: str, new: str) -> Callable[[Path], None]:
    """Text put in the place of what stands there once."""

    def make(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        (root / path).write_text(text.replace(old, new), encoding="utf-8", newline="")

    return make


def cell(name: str, kind: str, text: str) -> Callable[[Path], None]:
    """Text at the end of the last cell of a kind."""

    def make(root: Path) -> None:
        path = root / "notebooks" / f"{name}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        last = [one for one in notebook["cells"] if one["cell_type"] == kind][-1]
        last["source"] = "".join(last["source"]) + text
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return make


def prose_cell(root: Path) -> None:
    """A cell of prose more."""
    path = root / "notebooks" / "3_figures.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "figures-more", "metadata": {}, "source": ["One word more."]})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def touched(root: Path) -> None:
    """Every file has another time."""
    for path in root.rglob("*"):
        if path.is_file() and ".steps" not in path.parts:
            os.utime(path, (10**9, 10**9))


NOTE = "\n# a remark\n"
CHANGES = {
    "nothing": Change(lambda root: None, ()),
    "times alone": Change(touched, ()),
    "prose in a cell of 2_trends": Change(cell("2_trends", "markdown", " In other words."), ("pages",)),
    "a cell of prose more in 3_figures": Change(prose_cell, ("pages",)),
    "code in a cell of 1_validate": Change(cell("1_validate", "code", NOTE), ("validate", "pages")),
    "code in a cell of 2_trends": Change(cell("2_trends", "code", NOTE), ("trends", "pages")),
    "code in a cell of 3_figures": Change(cell("3_figures", "code", NOTE), ("figures", "pages")),
    "a rule for rows (tieout/rules.py)": Change(added("tieout/rules.py", NOTE), ("validate",)),
    "how checks run (tieout/expectations.py)": Change(added("tieout/expectations.py", NOTE), ("validate",)),
    "how figures are drawn (tieout/figures/style.py)": Change(added("tieout/figures/style.py", NOTE), ("figures",)),
    "a font of the figures": Change(added("tieout/fonts/SourceSans3-Regular.ttf", " "), ("figures", "pages")),
    "what both trends and pages say (tieout/pages/summary.py)": Change(added("tieout/pages/summary.py", NOTE), ("trends", "pages")),
    "how notebooks are executed (tieout/kernels.py)": Change(added("tieout/kernels.py", NOTE), ("validate", "trends", "figures")),
    "a template of the pages": Change(added("tieout/pages/templates/runs.html", "<!-- a remark -->"), ("pages",)),
    "the style sheet": Change(added("tieout/pages/assets/style.css", "/* a remark */"), ("pages",)),
    "an export (tieout/exports/sdmx.py)": Change(added("tieout/exports/sdmx.py", NOTE), ("pages",)),
    "a module that no step reaches (tieout/asking.py)": Change(added("tieout/asking.py", NOTE), ()),
    "a draft": Change(added("data/bel/drafts/tip-2004.csv", "anything"), ()),
    "another country's data": Change(added("data/fra/documents.csv", "anything"), ()),
    "a note in the register": Change(replaced("data/bel/documents.csv", "The title prints the year", "The title tells the year"), ALL),
    "a number": Change(replaced("data/bel/metrics/tip-2004.csv", "tip-2004-001,", "tip-2004-901,"), ALL, real=False),
    "a letter of a source": Change(added("seeds/bel/tip-2004.txt", "."), ALL, real=False),
    "the lock file": Change(added("requirements.lock", NOTE), ALL),
    "an installed package": Change(added("installed/pandas-99.dist-info/METADATA", ""), ALL),
}


class Tree:
    """A copy of the repository in ``root``, where commands are run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for part in PARTS:
            copy = shutil.copytree if (REPOSITORY / part).is_dir() else shutil.copy
            root.mkdir(parents=True, exist_ok=True)
            copy(REPOSITORY / part, root / part, **({"ignore": shutil.ignore_patterns("__pycache__")} if copy is shutil.copytree else {}))

    def python(self, *arguments: object) -> subprocess.CompletedProcess:
        """Python with the copy's own library, and whatever the copy has installed."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(self.root / "installed"), str(self.root)])}
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=self.root, env=environment, timeout=900)

    def run(self, *arguments: object) -> subprocess.CompletedProcess:
        """``pipeline.py run``."""
        return self.python(self.root / "pipeline.py", "run", "bel", *TINY, *arguments)


def told(out: str) -> dict[str, str]:
    """What a run told of each step: ``kept, …`` or ``runs, …``."""
    return dict(re.findall(r"^bel: (\w+): (.+)$", out, re.MULTILINE))


def ran(out: str) -> tuple[str, ...]:
    """The steps that were done."""
    return tuple(step for step, fate in told(out).items() if fate.startswith("runs"))


def measured(tree: Tree, change: Change) -> tuple[str, float, bool]:
    """The steps that a change made run, the processor time of that run, and whether ``--force`` gives another edition."""
    change.make(tree.root)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = tree.run("--output", tree.root / "kept")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    forced = tree.run("--force", "--output", tree.root / "forced")
    assert done.returncode == forced.returncode == 0, done.stderr + forced.stderr
    same = tree.python(tree.root / "pipeline.py", "diff", "kept/bel", "forced/bel", "--files").returncode == 0
    return ", ".join(ran(done.stdout)), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, same


def unchanged(tree: Tree, edition: Path, rounds: int = 9) -> dict[str, float]:
    """Processor time of a run that has nothing to do, and of its parts by themselves: medians, in seconds."""
    parts = ["data", "seeds", "notebooks", "tieout", str(edition)]
    files = f"[one for part in {parts} for one in Path(part).rglob('*') if one.is_file() and one.suffix != '.pyc']"
    hashing = f"import hashlib\nfrom pathlib import Path\n[hashlib.sha256(one.read_bytes()) for one in {files}]"
    commands = {
        "an unchanged run": ["pipeline.py", "run", "bel", *TINY, "--output", edition.parent],
        "Python alone": ["-c", "pass"],
        "Python, and the digests of every input and output": ["-c", hashing],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = tree.python(*command)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            assert done.returncode == 0 and ("unchanged" in done.stdout) == (command[0] == "pipeline.py"), done.stdout + done.stderr
            taken[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {name: median(found) for name, found in taken.items()}


def page(rows: list[str], first: float, nothing: dict[str, float]) -> str:
    """The campaign as a page of Markdown."""
    return "\n".join([
        "# What runs again", "", "Written by `python -m bench.steps`; do not edit.", "",
        "Each change was made to a copy of the repository where every step had been kept, and the edition compared to the byte with that",
        f"of a run with `--force`. The first run, where nothing was kept, took {first:.1f} s of processor time (`--as-of {TINY[1]}`).", "",
        "| changed | steps that ran | processor time, s | edition as by `--force` |", "|---|---|---:|---|", *rows, "",
        "## Nothing to do", "", "Processor time, median of nine.", "",
        "| | s |", "|---|---:|", *(f"| {name} | {seconds:.3f} |" for name, seconds in nothing.items()), ""])  # fmt: skip


def main() -> int:
    """Run the campaign; the exit status is 1 where a change made other steps run than it should, or other bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only the changes whose name matches (a regular expression)")
    parser.add_argument("--write", type=Path, default=REPOSITORY / "docs" / "steps.md")
    options, rows, wrong = parser.parse_args(), [], 0
    with tempfile.TemporaryDirectory(prefix="steps-") as folder:
        kept = Tree(Path(folder) / "kept")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = kept.run("--output", Path(folder) / "first")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0, done.stderr
        for name, change in CHANGES.items():
            if not change.real or not re.search(options.only, name):
                continue
            tree = Tree(Path(folder) / "changed")
            shutil.copytree(kept.root / ".steps", tree.root / ".steps")
            steps, seconds, same = measured(tree, change)
            expected = ", ".join(change.steps)
            bad = "" if steps == expected else f" **wanted {expected or 'none'}**"
            wrong += bool(bad) or not same
            rows.append(f"| {name} | {steps or 'none'}{bad} | {seconds:.1f} | {'yes' if same else '**no**'} |")
            print(rows[-1], flush=True)
            shutil.rmtree(tree.root)
        first = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        options.write.write_text(page(rows, first, unchanged(kept, Path(folder) / "first" / "bel")), encoding="utf-8")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
