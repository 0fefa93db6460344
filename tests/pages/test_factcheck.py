"""The fact check in an edition: every item once, with its evidence, and what people entered, on the page and in the sheet."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pages import editions
from tests.pages.conftest import ids_of, read_pages, text_of
from tieout.pages import build
from tieout.record import Row

pytestmark = pytest.mark.xdist_group("pages")
REMARK = "<script>alert(1)</script> {{ 1+1 }}"


def sheet_of(edition: Path) -> list[dict[str, str]]:
    with (edition / "factcheck.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def items_on(page) -> dict[str, object]:
    return {row.get("id").removeprefix("item-"): row for row in page.iter("tr") if row.get("id")}


@pytest.fixture(scope="module")
def entered(filled, edition, tmp_path_factory) -> Path:
    """The edition built again with entries: one that fits, one on what an item was before, one on nothing."""
    record, folder = filled
    digests = {row["item"]: row["digest"] for row in sheet_of(edition)}
    blank = {"checker": "A", "state": "checked", "on": "2026-01-01", "remark": REMARK}
    entries = [{"item": "tip-2025-008", "digest": digests["tip-2025-008"]}, {"item": "edition-gaps", "digest": "0" * 64},
               {"item": "trend-gone", "digest": "1" * 64}]  # fmt: skip
    rows = tuple(Row(blank | entry, "", "") for entry in entries)
    place = tmp_path_factory.mktemp("entered") / "bel"
    shutil.copytree(folder, place)
    build(replace(record, tables=record.tables | {"factchecks": rows}), place)
    return place


def test_every_fact_every_title_and_every_keyed_row_is_an_item_once_on_the_page_and_in_the_sheet(pages, edition, belgium) -> None:
    facts = editions.stored(edition, "facts.json")
    wanted = [fact["id"] for fact in facts] + [row.id for row in belgium.rows("metrics")]
    assert [row["item"] for row in sheet_of(edition)] == wanted
    assert sorted(items_on(pages["factcheck.html"])) == sorted(wanted)
    titles = {figure["title"] for figure in editions.stored(edition, "figures/figures.json")}
    assert titles <= {row["text"] for row in sheet_of(edition)}


def test_every_item_holds_its_sentence_arithmetic_words_and_caveats(pages, edition, belgium) -> None:
    items = items_on(pages["factcheck.html"])
    for fact in editions.stored(edition, "facts.json"):
        told = text_of(items[fact["id"]])
        assert fact["text"] in told and fact["formula"] in told and all(caveat in told for caveat in fact["caveats"])
        assert all(belgium.by_id[one]["quote"] in told for one in fact["inputs"]), fact["id"]
    for row in belgium.rows("metrics"):
        assert row["quote"] in text_of(items[row.id])


def test_the_links_of_the_sheet_land(pages, edition) -> None:
    ids = {name: set(ids_of(page)) for name, page in pages.items()}
    rows = sheet_of(edition)
    for row in rows:
        for link in (*filter(None, row["evidence"].split(" | ")), row["printed"]):
            page, _, anchor = link.partition("#")
            assert anchor in ids[page], (row["item"], link)
        assert len(row["rows"].split(" | ")) == len(row["evidence"].split(" | "))
    front = text_of(pages["index.html"])
    for row in rows:
        if row["printed"].startswith("index.html#"):
            assert row["text"] in front, row["item"]
    assert sum(row["printed"].startswith("index.html#") for row in rows) > 80


def test_the_counts_are_told_as_a_fact_and_add_up(pages, edition, entered) -> None:
    for page in (pages["factcheck.html"], read_pages(entered)["factcheck.html"]):
        told = text_of(page.find(".//main/p[@class='lede']"))
        parts, total = re.search(r"([\d +]+) = (\d+)", told).groups()
        assert sum(int(part) for part in parts.split("+")) == int(total) == len(items_on(page))
        assert sum(int(re.match(r"\d+", text_of(caption))[0]) for caption in page.iter("caption")) == int(total)
    assert "0 + 0 + 0" in text_of(pages["factcheck.html"]) and "1 + 0 + 0 + 1 +" in told


def test_what_people_entered_is_shown_stale_where_it_no_longer_fits_and_stays_text(entered) -> None:
    page = read_pages(entered)["factcheck.html"]
    items, rows = items_on(page), {row["item"]: row for row in sheet_of(entered)}
    assert "Checked by A on 2026-01-01" in text_of(items["tip-2025-008"])
    assert (rows["tip-2025-008"]["standing"], rows["tip-2025-008"]["checker"]) == ("checked", "A")
    assert "Stale" in text_of(items["edition-gaps"]) and "checked by A on 2026-01-01" in text_of(items["edition-gaps"])
    assert (rows["edition-gaps"]["standing"], rows["edition-gaps"]["checker"]) == ("stale", "")
    assert rows["edition-gaps"]["earlier"] == f"checked by A on 2026-01-01: {REMARK}"
    assert "trend-gone" in text_of(page.find(".//section[@id='unknown']"))
    assert text_of(page).count(REMARK) == 3 and not list(page.iter("script"))
    assert page.find(".//tr[@id='item-tip-2025-008']//div[@class='tick']") is None, "there is nothing left to tick"


@pytest.mark.browser
@pytest.mark.parametrize("name", ["factcheck", "evidence/ecpat-2010", "evidence/tip-2025"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_on_a_phone_and_on_a_desk(chromium, entered, name, width, scheme) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((entered / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "[...document.querySelectorAll('.stacked :is(td, tbody th)')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(cut) == 0, "a cell is wider than its column"
    page.close()


@pytest.mark.browser
def test_the_printed_sheet_unfolds_its_words_and_has_places_to_tick(chromium, entered) -> None:
    page = chromium.new_page(viewport={"width": 1040, "height": 700})
    page.goto((entered / "factcheck.html").as_uri())
    assert not page.locator("#item-edition-gaps .tick").is_visible() and not page.locator("#item-edition-gaps .behind").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#item-edition-gaps .tick").is_visible() and page.locator("#item-edition-gaps .behind").is_visible()
    assert page.locator("#item-edition-gaps .box").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 1040
    assert page.evaluate("getComputedStyle(document.querySelector('.checking thead')).display") == "table-header-group"
    page.close()
    page = chromium.new_page(viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    page.goto((entered / "evidence" / "tip-2025.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    assert page.locator("#row-tip-2025-008 + .used .uses").is_visible()
    page.close()
