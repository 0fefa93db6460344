"""Where a document was keyed twice, the edition says how far the two readings agreed; elsewhere nothing new is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pages.conftest import read_pages, text_of
from tests.twice import read_twice, tables_of
from tieout.agreement import agreement
from tieout.facts import HOLD, RUN
from tieout.pages import build
from tieout.pages.summary import edition_facts
from tieout.record import Record
from tieout.report import Report

DOCUMENT = "tip-2004"
NOBODY = Report("bel", ())


def differing(record: Record) -> tuple[dict, dict[str, str]]:
    """A second reading that has one cell otherwise, and the entry that settles it."""
    second = tables_of(record, DOCUMENT)
    second["metrics"][5]["qualifier"] = "about"
    (one,) = agreement(read_twice(record, DOCUMENT, second), DOCUMENT).unsettled
    entry = {"place": str(one.pair.place), "line": "1", "printed": one.pair.printed, "column": one.column, "first": one.first,
             "second": one.second, "settled": one.first, "reason": ""}  # fmt: skip
    return second, entry


def fact(record: Record):
    """What the edition says of the two readings."""
    return next((one for one in edition_facts(record, NOBODY) if one.id == f"edition-agreement-{DOCUMENT}"), None)


def test_the_fact_tells_rows_cells_and_what_was_settled(belgium: Record) -> None:
    second, entry = differing(belgium)
    told = fact(read_twice(belgium, DOCUMENT, second, [entry]))
    assert told.text == (
        "tip-2004 was keyed twice, the second time without sight of the first reading. Of 20 rows that both keyed, 19 were alike in every "
        "column; of their 240 cells, 239. 1 difference was settled from the page."
    )
    assert (told.value, told.unit, told.verdict) == (19, "rows", RUN)


def test_the_fact_is_on_hold_until_all_is_settled_and_read(belgium: Record) -> None:
    second, _ = differing(belgium)
    told = fact(read_twice(belgium, DOCUMENT, second))
    assert told.verdict == HOLD and told.text.endswith("0 differences were settled from the page, 1 not yet.")
    second["metrics"] = second["metrics"][:3]
    assert "is being keyed twice: " in fact(read_twice(belgium, DOCUMENT, second)).text


def test_a_document_that_was_read_once_has_no_such_fact(belgium: Record) -> None:
    assert not [one for one in edition_facts(belgium, NOBODY) if one.id.startswith("edition-agreement-")]


@pytest.fixture(scope="module")
def read_twice_pages(filled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition's pages as they are where one document was read twice."""
    record, folder = filled
    place = tmp_path_factory.mktemp("twice") / "bel"
    shutil.copytree(folder, place)
    second, entry = differing(record)
    build(read_twice(record, DOCUMENT, second, [entry]), place)
    return place


def test_its_page_and_the_methods_say_how_far_the_two_agreed_and_no_other_page_changes(edition: Path, read_twice_pages: Path) -> None:
    pages = read_pages(read_twice_pages)
    for name in (f"evidence/{DOCUMENT}.html", "index.html"):
        assert "Of 20 rows that both keyed, 19 were alike in every column" in " ".join(text_of(pages[name]).split())
    methods = next(one for one in pages["index.html"].iter() if one.get("id") == "methods")
    assert "Two readings" in text_of(methods) and "19 were alike" in text_of(methods)
    changed = {name for name in pages if (edition / name).read_bytes() != (read_twice_pages / name).read_bytes()}
    assert changed == {f"evidence/{DOCUMENT}.html", "index.html"}


def test_where_nothing_was_read_twice_no_page_speaks_of_two_readings(edition: Path) -> None:
    assert not [path for path in edition.rglob("*.html") if "Two readings" in path.read_text(encoding="utf-8")]
