"""The pages in a real browser, from the disk: nothing leaves it, nothing is wider than a phone, everything can be read."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest

from tests.pages import editions
from tests.pages.browsing import PAGES, opened
from tieout.pages.site import HERE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_request_leaves_the_edition_and_the_console_is_empty(chromium, edition, name, scheme) -> None:
    page = opened(chromium, edition, name, color_scheme=scheme)
    assert page.said == []
    assert len(page.asked) >= 2
    assert not [url for url in page.asked if not url.startswith((edition.as_uri(), "data:"))]
    assert page.evaluate("[...document.fonts].map(font => font.status)") == ["loaded", "loaded"]
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "the style sheet is not applied"
    page.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 768, 1440, 1920])
def test_no_page_is_wider_than_its_window(chromium, edition, name, width) -> None:
    page = opened(chromium, edition, name, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize(("width", "size"), [(360, "phone"), (1280, "page")])
def test_a_phone_gets_the_figures_drawn_for_phones(chromium, edition, width, size) -> None:
    page = opened(chromium, edition, "index", viewport={"width": width, "height": 800})
    shown = page.evaluate(
        "[...document.querySelectorAll('svg.chart')].filter(svg => getComputedStyle(svg).display != 'none').map(svg => {"
        " const box = svg.getBoundingClientRect(), planned = svg.viewBox.baseVal;"
        " return [svg.getAttribute('aria-describedby'), planned.width, planned.height, box.width, box.height]; })"
    )
    figures = editions.stored(edition, "figures/figures.json")
    assert sorted(name for name, *_ in shown) == sorted(f"{figure['id']}-{size}-desc" for figure in figures)
    for name, planned_width, planned_height, width_drawn, height_drawn in shown:
        assert width_drawn > 250 and abs(height_drawn - width_drawn * planned_height / planned_width) < 2, name
    page.close()


def test_old_and_new_figures_stand_side_by_side_where_there_is_room(chromium, edition) -> None:
    for width, apart in ((1280, True), (320, False)):
        page = opened(chromium, edition, "changes", viewport={"width": width, "height": 800})
        tops = page.evaluate("[...document.querySelector('.pair').children].map(one => one.getBoundingClientRect().top)")
        assert (tops[0] == tops[1]) is apart
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_of_a_diff_asks_for_nothing_and_fits(chromium, edition, tmp_path, scheme, width) -> None:
    from tieout.differences import compared
    from tieout.pages.difference import write
    from tieout.published import Published

    new = Published.read(signed_copy(edition, tmp_path))
    old = dataclasses.replace(new, rows=dict(list(new.rows.items())[:100]), figures=dict(list(new.figures.items())[:5]))
    write(tmp_path / "diff.html", old, new, compared(old, new))
    page = opened(chromium, tmp_path, "diff", color_scheme=scheme, viewport={"width": width, "height": 800})
    assert page.said == []
    assert not [url for url in page.asked if not url.startswith(((tmp_path / "diff.html").as_uri(), "data:"))]
    assert page.evaluate("[...document.fonts].map(font => font.status)") == ["loaded", "loaded"]
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "the style is not applied"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def signed_copy(edition: Path, folder: Path) -> Path:
    """The edition with a manifest that is not empty."""
    shutil.copytree(edition, folder / "copy")
    (folder / "copy" / "manifest.json").write_text('{"draft": false}', encoding="utf-8")
    return folder / "copy"


INKS = ("--ink", "--quiet", "--link", "--run", "--caveat", "--hold")
GROUNDS = {
    "--paper": INKS,
    "--panel": INKS,
    "--keyed": ("--ink",),
    "--gap": ("--ink", "--quiet", "--link"),
    "--passage": ("--ink", "--quiet", "--link"),
    "--target": ("--ink",),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_ground(scheme) -> None:
    css = (HERE / "assets" / "style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{\n(.*?)\n\s*\}", css, re.DOTALL)[:2]
    colours = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))
    weak = {(ink, ground): contrast(colours[ink], colours[ground]) for ground, inks in GROUNDS.items() for ink in inks}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG)."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_front_page_weighs_less_than_a_megabyte(chromium, edition) -> None:
    page = opened(chromium, edition, "index", viewport={"width": 1280, "height": 900})
    page.wait_for_load_state("networkidle")
    asked = {url.removeprefix(f"{edition.as_uri()}/") for url in page.asked if url.startswith("file:")}
    assert sum((edition / name).stat().st_size for name in asked) < 1_000_000
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_prints_whole_and_within_its_paper(chromium, edition, name) -> None:
    page = opened(chromium, edition, name, viewport={"width": 700, "height": 1000})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= (1000 if name == "factcheck" else 700)
    assert page.evaluate("[...document.querySelectorAll('details > *:not(summary)')].every(one => one.getBoundingClientRect().height > 0)")
    assert page.evaluate("[...document.querySelectorAll('nav, .skip')].every(one => getComputedStyle(one).display == 'none')")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()


def test_nothing_moves(edition) -> None:
    """Who asked for less motion gets none, for there is none."""
    css = (edition / "assets" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"animation|transition|@keyframes|scroll-behavior", css)
    assert not [path for path in edition.rglob("*.svg") if re.search(r"<(animate|set)\b", path.read_text(encoding="utf-8"))]
