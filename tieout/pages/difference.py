"""What changed between two editions, as one page that needs no other file: style, fonts and figures are inside it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tieout.differences import FIGURES, Change, by_section, tally
from tieout.problems import Usage
from tieout.published import Picture, Published

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"
CAUSES = {
    "data": "a keyed row of a known document was changed",
    "source": "a document is new, gone or of other bytes",
    "method": "the same rows give another result, verdict or sentence",
    "style": "the same numbers, drawn or worded otherwise",
}


@dataclass(frozen=True)
class Pair:
    """A figure with what changed in it, and its two drawings; None where an edition does not have it."""

    name: str
    changes: list[Change]
    old: Picture | None
    new: Picture | None


def write(path: Path, old: Published, new: Published, changes: Sequence[Change]) -> None:
    """Write the page. Raises ``Usage`` where the path is no place for one."""
    if path.is_dir() or path.is_symlink() or path.suffix != ".html":
        raise Usage(f"{path} is not written: name a file that ends in .html.")
    if not path.parent.is_dir():
        raise Usage(f"{path} is not written: there is no folder {path.parent}.")
    path.write_text(rendered(old, new, changes), encoding="utf-8", newline="")


def rendered(old: Published, new: Published, changes: Sequence[Change]) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    sections, style = by_section(changes), _style()
    return environment.get_template("difference.html").render(
        style=Markup(style),  # the repository's own style sheet
        digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii"),
        sections={section: those for section, those in sections.items() if section != FIGURES},
        figures=_pairs(old.figures, new.figures, sections.get(FIGURES, [])),
        tally=tally(changes),
        changed=bool(changes),
        causes=CAUSES,
        documents={"Old": list(old.documents), "New": list(new.documents)},
    )


def _pairs(old: Mapping[str, Picture], new: Mapping[str, Picture], changes: Sequence[Change]) -> list[Pair]:
    names = dict.fromkeys(change.id for change in changes)
    return [Pair(name, [change for change in changes if change.id == name], old.get(name), new.get(name)) for name in names]


def _style() -> str:
    """The style sheet of the pages with its fonts inside it."""
    css = (HERE / "assets" / "style.css").read_text(encoding="utf-8")

    def inside(found: re.Match) -> str:
        return f'url("data:font/woff2;base64,{base64.b64encode((FONTS / found[1]).read_bytes()).decode("ascii")}")'

    return re.sub(r'url\("([\w.-]+\.woff2)"\)', inside, css)
