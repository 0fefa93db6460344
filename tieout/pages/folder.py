"""What the pages read from an edition's folder: facts, checks, figures, and the notebooks as executed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tieout.facts import Fact
from tieout.report import Report

NOTEBOOKS = {"validate": "1_validate", "trends": "2_trends", "figures": "3_figures"}


@dataclass(frozen=True)
class Folder:
    """An edition's own files; ``figures`` as ``figures.json`` holds them, ``notebooks`` by the name of their page."""

    facts: tuple[Fact, ...]
    report: Report
    figures: tuple[dict, ...]
    notebooks: dict[str, nbformat.NotebookNode]

    @classmethod
    def read(cls, edition: Path) -> Folder:
        """The folder's files. Raises ``FileNotFoundError`` where a step before the pages has not run."""
        notebooks = {page: nbformat.read(edition / "notebooks" / f"{name}.ipynb", as_version=4) for page, name in NOTEBOOKS.items()}
        return cls(
            tuple(Fact.from_json(stored) for stored in _json(edition / "facts.json")),
            Report.from_json(_json(edition / "validation.json")),
            tuple(_json(edition / "figures" / "figures.json")),
            notebooks,
        )


def _json(path: Path) -> dict | list:
    return json.loads(path.read_text(encoding="utf-8"))
