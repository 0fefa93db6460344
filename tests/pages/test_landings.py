"""Every link within the edition lands on a place that is seen."""

from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

import pytest

from tests.pages.browsing import opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


def test_a_click_on_a_number_leads_to_its_words_and_on_to_what_it_was_keyed_as(chromium, edition) -> None:
    page = opened(chromium, edition, "index")
    page.locator(".told a.chip[href='evidence/tip-2025.html#tip-2025-008']").first.click()
    page.wait_for_url("**/evidence/tip-2025.html#tip-2025-008")
    place = page.locator("mark:target")
    assert place.inner_text() == "354"
    assert place.evaluate("e => e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().bottom <= innerHeight")
    place.locator("a").click()
    assert "tip-2025-008" in page.locator("tr:target").inner_text()
    page.close()


def targets(edition: Path) -> dict[str, set[str]]:
    """Every place within a page that some page or drawing of the edition leads to, by page."""
    found: dict[str, set[str]] = {}
    for path in [*edition.rglob("*.html"), *edition.rglob("*.svg")]:
        for address, place in re.findall(r'<a\b[^>]*? href="([^":#]*)#([^"]+)"', path.read_text(encoding="utf-8")):
            page = (path.parent / address).resolve() if address else path
            found.setdefault(page.relative_to(edition.resolve()).with_suffix("").as_posix(), set()).add(place)
    return found


LANDINGS = """async places => { const unseen = [];
  for (const place of places) {
    document.querySelectorAll('details').forEach(one => one.open = false);
    location.hash = '#' + place;
    await new Promise(done => requestAnimationFrame(done));
    const one = document.querySelector(':target'), box = one && one.getBoundingClientRect();
    if (!one || !one.checkVisibility() || !box.width || box.bottom < 0 || box.top > innerHeight) unseen.push(place);
  }
  return unseen; }"""


def landed(chromium, edition: Path, start: int, step: int) -> int:
    """Follow every ``step``-th of the places that are led to; how many."""
    followed = 0
    for name, places in targets(edition).items():
        page, some = opened(chromium, edition, name, viewport={"width": 1280, "height": 800}), sorted(places)[start::step]
        assert page.evaluate(LANDINGS, some) == [], name
        page.close()
        followed += len(some)
    return followed


def test_links_within_the_edition_land_on_a_place_that_is_seen(chromium, edition) -> None:
    """A fifth of them, others when the pages are others; that each place is there is held by ``tests/pages/test_site.py``."""
    assert landed(chromium, edition, crc32((edition / "index.html").read_bytes()) % 5, 5) > 200


@pytest.mark.campaign
def test_every_link_within_the_edition_lands_on_a_place_that_is_seen(chromium, edition) -> None:
    assert landed(chromium, edition, 0, 1) > 1000


def test_a_link_to_what_is_hidden_or_gone_is_found(chromium, edition) -> None:
    page = opened(chromium, edition, "evidence/tip-2023")
    page.evaluate("document.querySelector('#row-tip-2023-003').hidden = true")
    page.evaluate("document.getElementById('tip-2023-003').removeAttribute('id')")
    places = ["row-tip-2023-003", "tip-2023-003", "tip-2023-002"]
    assert page.evaluate(LANDINGS, places) == places[:2]
    page.close()
