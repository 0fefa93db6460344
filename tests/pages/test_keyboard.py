"""The keyboard reaches everything, in the order of the page, and shows where it is."""

from __future__ import annotations

import pytest

from tests.pages.browsing import PAGES, opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]


def test_the_way_past_the_frame_is_the_first_stop_of_the_keyboard(chromium, edition) -> None:
    page = opened(chromium, edition, "index")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.close()


HERE_NOW = """(() => { const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return [seen && `${look.outlineStyle} ${look.outlineWidth}` == 'solid 3px', one.outerHTML.slice(0, 200)]; })()"""
STOPS = """[...document.querySelectorAll('a[href], summary, [tabindex]')].filter(one => one.checkVisibility())"""


@pytest.mark.parametrize("name", ["index", "changes", "validate", "trends", "figures", "evidence/tip-2023"])
def test_every_stop_of_the_keyboard_can_be_seen_and_comes_in_the_order_of_the_page(chromium, edition, name) -> None:
    page = opened(chromium, edition, name)
    stops = page.evaluate(f"{STOPS}.map(one => one.outerHTML.slice(0, 200))")
    for wanted in stops[:60]:
        page.keyboard.press("Tab")
        assert page.evaluate(HERE_NOW) == [True, wanted]
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_stop_of_every_page_takes_the_keyboard_and_shows_it(chromium, edition, name) -> None:
    page = opened(chromium, edition, name)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    unseen = page.evaluate(
        f"{STOPS}.filter(one => {{ one.focus({{focusVisible: true}});"
        " const box = one.getBoundingClientRect(), look = getComputedStyle(one);"
        " return document.activeElement != one || !box.width || !box.height || `${look.outlineStyle} ${look.outlineWidth}` != 'solid 3px';"
        " }).map(one => one.outerHTML.slice(0, 200))"
    )
    assert unseen == []
    assert page.evaluate("document.querySelectorAll('[tabindex]:not([tabindex=\"0\"])').length") == 0
    page.close()
