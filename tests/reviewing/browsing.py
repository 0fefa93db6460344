"""The review's pages in the browser: opened, and used by keys."""

from __future__ import annotations

from tests.serving import Served


def opened(chromium, review: Served, **options):
    """The page in a context of its own, with what it asked for and what it complained of."""
    page = chromium.new_context(**options).new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(review.address)
    page.wait_for_selector("body[data-ready]")
    return page


def press(page, *keys: str) -> None:
    """Keys one after the other, each when what the one before asked for is done."""
    for key in keys:
        page.keyboard.press(key)
        settle(page)


def settle(page) -> None:
    """Wait until the page has done what it was asked for."""
    page.wait_for_function("() => document.body.dataset.busy !== 'yes'")
