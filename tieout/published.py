"""An edition as it was published: its rows, trends, facts, figures and corrections, read back from its folder."""

from __future__ import annotations

import base64
import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tieout.editions import MANIFEST, sha256
from tieout.problems import Usage

CORRECTIONS = "corrections.csv"
TOLD = ("observations.csv", "facts.json", CORRECTIONS)  # the files that hold what readers were told
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Picture:
    """A figure of an edition: its words, the numbers drawn, and its drawing; ``svg`` is empty where there is none."""

    words: Mapping
    rows: tuple[Cells, ...]
    svg: bytes = b""

    @property
    def data_address(self) -> str:
        """The drawing as a ``data:`` address, which a page needs no other file for."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg).decode('ascii')}"


@dataclass(frozen=True)
class Published:
    """What an edition holds; rows and facts by id, trends by the ids of their two rows, ``documents`` with their seed's SHA-256.

    ``method`` is the SHA-256 of everything that says how an edition is made: the library, the notebooks, the pins, the code lists.
    """

    rows: Mapping[str, Cells] = field(default_factory=dict)
    trends: Mapping[str, Cells] = field(default_factory=dict)
    facts: Mapping[str, Mapping] = field(default_factory=dict)
    figures: Mapping[str, Picture] = field(default_factory=dict)
    corrections: tuple[Cells, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)
    method: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Published:
        """The edition in ``folder``. Raises ``Usage`` where that is no edition, or one that cannot be read."""
        stored = manifest_of(folder)
        if not stored:
            raise Usage(f"{folder} is no edition: it has no {MANIFEST}. Name two folders such as outputs/bel.")
        try:
            rows = keyed(_table(folder / "observations.csv"))
            return cls(
                rows,
                {f"{row['from_id']} to {row['to_id']}": row for row in _table(folder / "trends.csv")},
                keyed(_json(folder / "facts.json")),
                {figure["id"]: _picture(folder / "figures", figure) for figure in _json(folder / "figures" / "figures.json")},
                corrections_in(folder),
                _documents(stored, rows),
                {name: digest for name, digest in stored.get("inputs", {}).items() if not re.match(r"seeds/|data/\w+/", name)},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Usage(f"{folder} cannot be read as an edition: {type(error).__name__}: {error}. Restore it from git.") from None


def manifest_of(folder: Path) -> dict:
    """The edition's manifest; empty where there is none that can be read."""
    try:
        stored = _json(folder / MANIFEST)
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def told_by(folder: Path) -> tuple[dict[str, Cells], dict[str, Mapping], tuple[Cells, ...]]:
    """What the edition told its readers: its rows and its facts by id, and its corrections."""
    return keyed(_table(folder / "observations.csv")), keyed(_json(folder / "facts.json")), corrections_in(folder)


def damaged(folder: Path) -> list[str]:
    """Of the files that hold what readers were told, those that are not what the edition's manifest says."""
    digests = manifest_of(folder).get("outputs", {})
    return [name for name in TOLD if name in digests and not ((folder / name).is_file() and sha256(folder / name) == digests[name])]


def corrections_in(folder: Path) -> tuple[Cells, ...]:
    """The corrections that the edition holds; none in one from before there were any."""
    return tuple(_table(folder / CORRECTIONS)) if (folder / CORRECTIONS).is_file() else ()


def keyed(entries: Iterable[Mapping]) -> dict[str, Mapping]:
    """Rows or facts by their id."""
    return {entry["id"]: entry for entry in entries}


def _documents(stored: Mapping, rows: Mapping[str, Cells]) -> dict[str, str]:
    """The documents that the edition knows, each with its seed's SHA-256 where the manifest has it."""
    seeds = {Path(name).stem: digest for name, digest in stored.get("inputs", {}).items() if re.fullmatch(r"seeds/\w+/[^/]+\.txt", name)}
    known = sorted({*stored.get("signed", {}), *(row["document"] for row in rows.values())})
    return {document: seeds.get(document, "") for document in known}


def _picture(folder: Path, figure: Mapping) -> Picture:
    usual = [one for one in figure["files"] if one.get("scheme", "light") == "light" and one.get("flavour") != "inline"]
    files = {(one["kind"], one.get("size", "")): folder / one["file"] for one in usual}
    return Picture(figure, tuple(_table(files["csv", ""])), files["svg", "page"].read_bytes())


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(path: Path) -> list | dict:
    return json.loads(path.read_text(encoding="utf-8"))
