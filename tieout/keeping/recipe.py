"""What a step is made from: every input by name, each with the digest of its content, and one key over them all.

Two recipes of the same key give the same bytes. The list is kept beside the key, so that a step can say why it runs.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tieout.keeping.reach import Library
from tieout.keeping.reads import CODE as WATCH

Recipe = Mapping[str, str]
LIBRARY = Path(__file__).resolve().parents[1]
LOCK = "requirements.lock"
EDITION = "edition/"  # before the name of what an earlier step wrote


@dataclass(frozen=True)
class Stage:
    """A step of a run: the notebook that it executes, if it does, the code that it calls, and what it reads of the edition (patterns)."""

    name: str
    notebook: str
    calls: str
    reads: tuple[str, ...]


_EXECUTES = "from tieout.executing import execute\nexecute"
STAGES = (
    Stage("validate", "1_validate", _EXECUTES, ()),
    Stage("trends", "2_trends", _EXECUTES, ("observations.csv", "validation.json")),
    Stage("figures", "3_figures", _EXECUTES, ("observations.csv", "facts.json")),
    Stage("pages", "", "from tieout.finishing import finish\nfinish", ("*",)),
)


def recipe(stage: Stage, inputs: Path, parameters: Recipe, sources: Recipe, packages: Recipe, library: Library) -> dict[str, str]:
    """All that a step is made from, save what the steps before it wrote.

    ``inputs`` is the folder of the notebooks, ``sources`` the edition's inputs with their digests, ``packages`` what is installed.
    """
    code, made = [stage.calls], {}
    if stage.notebook:
        notebook = json.loads((inputs / "notebooks" / f"{stage.notebook}.ipynb").read_text(encoding="utf-8"))
        code += code_cells(notebook)
        made[f"the code of notebooks/{stage.notebook}.ipynb"] = digest(without_prose(notebook))
    made |= {name: sources[name] for name in library.reached(code) - set(WATCH) if name in sources}
    made |= {name: one for name, one in sources.items() if name.startswith(("data/", "seeds/"))}
    made |= {f"parameter {name}": value for name, value in parameters.items()}
    return made | {LOCK: sources.get(LOCK, ""), "Python": f"{sys.version} {platform.machine()}"} | packages


def upstream(stage: Stage, written: Recipe) -> dict[str, str]:
    """What a step reads of the edition, ``written`` being what stands in it."""
    return {f"{EDITION}{name}": one for name, one in written.items() if any(fnmatchcase(name, wanted) for wanted in stage.reads)}


def key(made: Recipe) -> str:
    """The SHA-256 over the names and digests of a recipe."""
    return digest(sorted(made.items()))


def digest(content: object) -> str:
    """The SHA-256 of content as JSON."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def changes(before: Recipe, now: Recipe) -> str:
    """In a few words, which inputs are not what they were; empty where all are."""
    names = [name for name in before.keys() | now.keys() if before.get(name) != now.get(name)]
    names.sort(key=lambda name: (name.startswith("package "), name))
    if not names:
        return ""
    first = names[0]
    what = "is new" if first not in before else "is gone" if first not in now else "changed"
    return f"{first} {what}{f' (and {len(names) - 1} more)' if names[1:] else ''}"


def code_cells(notebook: Mapping) -> Iterable[str]:
    """The code of a notebook, cell by cell."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def without_prose(notebook: Mapping) -> Mapping:
    """What of a notebook decides what its code writes: all but its Markdown cells, where each cell has a name of its own."""
    if not prose_apart(notebook):
        return notebook
    code = [{**cell, "source": "".join(cell["source"])} for cell in notebook["cells"] if cell["cell_type"] != "markdown"]
    return {**notebook, "cells": code}


def prose_apart(notebook: Mapping) -> bool:
    """Whether a notebook's prose can be put beside its results afterwards: its cells have ids, as in the newest form of notebooks."""
    new = (notebook.get("nbformat"), notebook.get("nbformat_minor")) == (4, 5)
    return new and all(cell.get("id") for cell in notebook["cells"])
