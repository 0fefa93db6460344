"""Leaks put into a copy of the pipeline, to see that ``make reproduce`` reports each and names its cause."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from bench.causes import CHANCE
from bench.variations import VARIATIONS

LEAKS = {name: one.probe for name, one in VARIATIONS.items()} | {CHANCE: "__import__('uuid').uuid4().hex"}
IN_A_NOTEBOOK = "path"
USUAL = ("hash seed", "clock", "path", "file order", "locale", CHANCE)

_CODE = """from pathlib import Path

root = Path(__file__).resolve().parent{parent}


def leak(edition: Path) -> None:
    for name, expression in {leaks!r}.items():
        (edition / name).write_text(repr(eval(expression, {{"root": root}})), encoding="utf-8")
"""


def file_of(name: str) -> str:
    """The file of the edition that a leak writes."""
    return f"leak-{list(LEAKS).index(name)}.txt"


def plant(tree: Path, names: Collection[str]) -> None:
    """Put leaks into a copy of this repository: each writes a file of its own, and one is printed in a notebook as well."""
    leaks = {file_of(name): LEAKS[name] for name in names}
    (tree / "tieout" / "leaking.py").write_text(_CODE.format(parent=".parent", leaks=leaks), encoding="utf-8")
    running = tree / "tieout" / "running.py"
    text, mark = running.read_text(encoding="utf-8"), "    write_json(edition / editions.MANIFEST, editions.manifest("
    if text.count(mark) != 1:
        raise RuntimeError("tieout/running.py no longer writes the manifest as expected; mend bench/leaks.py")
    running.write_text(text.replace(mark, f"    __import__('tieout.leaking').leaking.leak(edition)\n{mark}"), encoding="utf-8")
    if IN_A_NOTEBOOK in names:
        path = tree / "notebooks" / "3_figures.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        code[-1]["source"] = ["import tieout\n", "print(tieout.__file__)\n", *code[-1]["source"]]
        path.write_text(json.dumps(notebook), encoding="utf-8")


def stand_in(tree: Path, names: Collection[str]) -> None:
    """A pipeline that writes nothing but leaks, in a moment."""
    (tree / "data").mkdir(parents=True)
    for name in ("a", "b", "c"):
        (tree / name).write_text(name, encoding="utf-8")
    leaks = {file_of(name): LEAKS[name] for name in names}
    lines = [
        _CODE.format(parent="", leaks=leaks),
        "import sys",
        "edition = Path(sys.argv[sys.argv.index('--output') + 1]) / 'bel'",
        "edition.mkdir(parents=True)",
        "(edition / 'index.html').write_text('<p>the same</p>')",
        "leak(edition)",
        "[path.chmod(0o755 if path.is_dir() else 0o644) for path in (edition, *edition.rglob('*'))]",
    ]
    (tree / "pipeline.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
