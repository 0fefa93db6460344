"""Whatever a keyer, a source or a step writes stays text on every page."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pages.conftest import read_pages, text_of
from tieout.pages import build
from tieout.record import Record
from tieout.texts import Text

pytestmark = pytest.mark.xdist_group("pages")
ATTACK = '<script>alert("x")</script><img src=x onerror=y>'


def spoiled(record: Record) -> Record:
    """The record with markup in every cell that people word, and in a passage of a source."""
    worded = {"title", "publisher", "rights", "label", "definition", "note", "coverage", "description"}
    tables = {
        name: tuple(
            replace(
                row, cells={column: cell + ATTACK if column in worded and name != "metrics" else cell for column, cell in row.cells.items()}
            )
            for row in rows
        )
        for name, rows in record.tables.items()
    }
    tables["metrics"] = tuple(replace(row, cells=row.cells | {"note": ATTACK, "coverage": ATTACK}) for row in tables["metrics"])
    first = next(row for row in tables["statements"] if row.document == "tip-2004")
    passage = replace(first, cells=first.cells | {"quote": f"It said {ATTACK}"})
    tables["statements"] = (*(row for row in tables["statements"] if row is not first), passage)
    texts = record.texts | {"tip-2004": Text("tip-2004", f"It said {ATTACK}\n\n{record.texts['tip-2004'].text}")}
    return replace(record, tables=tables, texts=texts)


def test_markup_in_the_record_stays_text(filled, tmp_path: Path) -> None:
    record, folder = filled
    edition = tmp_path / "bel"
    shutil.copytree(folder, edition)
    for name in ("facts.json", "figures/figures.json"):
        stored = json.loads((edition / name).read_text(encoding="utf-8"))
        for one in stored:
            one |= {key: one[key] + ATTACK for key in ("text", "formula", "title", "alt") if key in one}
            one |= {key: [ATTACK, *one[key]] for key in ("caveats", "notes") if key in one}
        (edition / name).write_text(json.dumps(stored), encoding="utf-8")
    build(spoiled(record), edition)
    pages = read_pages(edition)
    for name, page in pages.items():
        assert not [element for element in page.iter() if element.tag == "script" or "onerror" in element.attrib], name
    assert text_of(pages["index.html"]).count(ATTACK) > 300
    assert text_of(pages["evidence/tip-2004.html"].find(".//article[@id='source']")).startswith(f"It said {ATTACK}\n")
    assert pages["evidence/tip-2004.html"].find(".//tr[@id='row-tip-2004-003']") is not None
