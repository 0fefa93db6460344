"""axe-core finds no barrier on any page: light and dark, wide and narrow."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.pages.browsing import opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}
SHAPES = {**ALL, "rules": {"color-contrast": {"enabled": False}}}


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, as the package that carries it ships it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def barriers(page, axe: str, options: dict) -> list[tuple[str, str]]:
    """What axe-core finds in a page: the rule, and the first element that breaks it."""
    page.evaluate(axe)
    found = page.evaluate("options => axe.run(document, options)", options)
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


@pytest.mark.parametrize(("scheme", "width", "options"), [("light", 1280, ALL), ("dark", 1280, COLOURS), ("light", 320, SHAPES)])
def test_axe_finds_no_barrier_on_any_page(chromium, edition, axe, scheme, width, options) -> None:
    """The colours again in the dark, and the rest again on a phone."""
    found = {}
    for path in sorted(edition.rglob("*.html")):
        name = path.relative_to(edition).with_suffix("").as_posix()
        page = opened(chromium, edition, name, color_scheme=scheme, viewport={"width": width, "height": 900})
        found[name] = barriers(page, axe, options)
        page.close()
    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize(
    ("options", "rules"),
    [(ALL, {"image-alt", "link-name", "color-contrast"}), (COLOURS, {"color-contrast"}), (SHAPES, {"image-alt", "link-name"})],
)
def test_axe_finds_a_barrier_where_there_is_one(chromium, edition, axe, options, rules) -> None:
    page = opened(chromium, edition, "changes")
    page.evaluate("document.querySelector('figure img').removeAttribute('alt')")
    page.evaluate("document.querySelector('main a').textContent = ''")
    page.evaluate("document.querySelector('main p').style.color = '#bbbbbb'")
    assert rules <= {rule for rule, _ in barriers(page, axe, options)}
    page.close()
