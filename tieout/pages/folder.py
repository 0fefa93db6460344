"""What the pages read from an edition's folder: facts, checks, figures, and the notebooks as executed."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path

import tieout.unneeded  # noqa: F401

# isort: split
import nbformat
from markupsafe import Markup

from tieout.facts import Fact
from tieout.report import Report

NOTEBOOKS = {"validate": "1_validate", "trends": "2_trends", "figures": "3_figures"}
OVERVIEW = "coverage"  # the group of the figure that tells of the record, not of the world: it stands with the gaps
MORE = {
    ("svg", "page", "dark"): "SVG, dark",
    ("svg", "phone", "light"): "SVG for phones",
    ("png", "page", "dark"): "PNG, dark",
    ("png", "card", "light"): "card for feeds (PNG)",
    ("png", "card", "dark"): "card, dark (PNG)",
}
EMPTY = Markup("")


@dataclass(frozen=True)
class Drawing:
    """A figure's picture at one size, with the room that it takes on a page in CSS pixels."""

    file: str
    width: int
    height: int


@dataclass(frozen=True)
class Figure:
    """A figure with its words, its files, and in ``drawn`` the ids of the rows and passages that it draws.

    ``inputs`` are those that its title names; empty where the title counts them.

    ``more`` are its other files, as (file, what it is); ``inside`` is the drawing for the inside of a page, in both sizes, of which
    the style sheet shows one; its links lead on from the edition's own folder.
    """

    id: str
    group: str
    title: str
    subtitle: str
    notes: tuple[str, ...]
    source: str
    alt: str
    verdict: str
    page: Drawing
    phone: Drawing
    png: str
    csv: str
    drawn: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    inside: Markup = EMPTY

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
        said = {name: stored[name] for name in ("id", "group", "title", "subtitle", "source", "alt", "verdict")}
        inside = EMPTY.join(Markup(_inside(folder / one["file"])) for one in stored["files"] if one.get("flavour") == "inline")
        more = tuple((one["file"], MORE[name]) for one in stored["files"] if (name := _kind(one)) in MORE)
        made = cls(**said, notes=tuple(stored["notes"]), page=page, phone=phone, png=files["png", "page"]["file"], csv=table, drawn=drawn)
        named = () if stored["group"] == OVERVIEW else tuple(stored["inputs"])
        return replace(made, inputs=named, more=more, inside=inside)


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


def _kind(entry: dict) -> tuple[str, ...]:
    """A file's kind, size and scheme."""
    return tuple(entry.get(name, "") for name in ("kind", "size", "scheme"))


def _inside(path: Path) -> str:
    """A drawing for the inside of a page in the edition's own folder."""
    return path.read_text(encoding="utf-8").replace('"../../evidence/', '"evidence/')


def _json(path: Path) -> dict | list:
    return json.loads(path.read_text(encoding="utf-8"))
