"""What the pages read from an edition's folder: facts, checks, figures, and the notebooks as executed."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tieout.facts import Fact
from tieout.report import Report

NOTEBOOKS = {"validate": "1_validate", "trends": "2_trends", "figures": "3_figures"}


@dataclass(frozen=True)
class Drawing:
    """A figure's picture at one size, with the room that it takes on a page in CSS pixels."""

    file: str
    width: int
    height: int


@dataclass(frozen=True)
class Figure:
    """A figure with its words, its files, and in ``drawn`` the ids of the rows and passages that it draws."""

    id: str
    group: str
    title: str
    notes: tuple[str, ...]
    alt: str
    verdict: str
    page: Drawing
    phone: Drawing
    png: str
    csv: str
    drawn: tuple[str, ...]

    @classmethod
    def read(cls, stored: dict, folder: Path) -> Figure:
        """The figure that ``figures.json`` describes; what it draws is told by its CSV."""
        usual = (
            one for one in stored["files"] if one.get("scheme", "light") == "light" and one.get("flavour", "standalone") == "standalone"
        )
        files = {(one["kind"], one.get("size", "")): one for one in usual}
        page, phone = (Drawing(one["file"], one["width"], one["height"]) for one in (files["svg", "page"], files["svg", "phone"]))
        table = files["csv", ""]["file"]
        with (folder / table).open(encoding="utf-8", newline="") as file:
            drawn = tuple(dict.fromkeys(one for row in csv.DictReader(file) for one in row["id"].split("|") if one))
        said = {name: stored[name] for name in ("id", "group", "title", "alt", "verdict")}
        return cls(**said, notes=tuple(stored["notes"]), page=page, phone=phone, png=files["png", "page"]["file"], csv=table, drawn=drawn)


@dataclass(frozen=True)
class Folder:
    """An edition's own files; ``notebooks`` by the name of their page."""

    facts: tuple[Fact, ...]
    report: Report
    figures: tuple[Figure, ...]
    notebooks: dict[str, nbformat.NotebookNode]

    @classmethod
    def read(cls, edition: Path) -> Folder:
        """The folder's files. Raises ``FileNotFoundError`` where a step before the pages has not run."""
        notebooks = {page: nbformat.read(edition / "notebooks" / f"{name}.ipynb", as_version=4) for page, name in NOTEBOOKS.items()}
        return cls(
            tuple(Fact.from_json(stored) for stored in _json(edition / "facts.json")),
            Report.from_json(_json(edition / "validation.json")),
            tuple(Figure.read(stored, edition / "figures") for stored in _json(edition / "figures" / "figures.json")),
            notebooks,
        )


def _json(path: Path) -> dict | list:
    return json.loads(path.read_text(encoding="utf-8"))
