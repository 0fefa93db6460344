"""axe-core finds no barrier on any page: light and dark, wide and narrow.

A large page takes half a minute, so the suite looks at each page in one of these ways, another when its bytes are others; ``make test-all``
looks at every page in every way.
"""

from __future__ import annotations

from importlib.resources import files
from zlib import crc32

import pytest

from tests.conftest import ROOT
from tests.pages.browsing import opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}
EDITION = ROOT / "outputs" / "bel"
SHAPES = {**ALL, "rules": {"color-contrast": {"enabled": False}}}
WAYS = {"light": ("light", 1280, ALL), "dark": ("dark", 1280, COLOURS), "phone": ("light", 320, SHAPES)}


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, as the package that carries it ships it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def barriers(page, axe: str, options: dict) -> list[tuple[str, str]]:
    """What axe-core finds in a page: the rule, and the first element that breaks it."""
    page.evaluate(axe)
    found = page.evaluate("options => axe.run(document, options)", options)
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


def views() -> list:
    """Every page of the committed edition in every way, all but one way of each left to the campaign."""
    found = []
    for path in sorted(EDITION.rglob("*.html")):
        name, chosen = path.relative_to(EDITION).with_suffix("").as_posix(), crc32(path.read_bytes()) % len(WAYS)
        found += [
            pytest.param(name, way, id=f"{name}-{way}", marks=[] if number == chosen else [pytest.mark.campaign])
            for number, way in enumerate(WAYS)
        ]
    return found


def test_every_page_is_looked_at(edition) -> None:
    here = {path.relative_to(edition) for path in edition.rglob("*.html")}
    assert here == {path.relative_to(EDITION) for path in EDITION.rglob("*.html")}


@pytest.mark.parametrize(("name", "way"), views())
def test_axe_finds_no_barrier(chromium, edition, axe, name, way) -> None:
    """The colours again in the dark, and the rest again on a phone."""
    scheme, width, options = WAYS[way]
    page = opened(chromium, edition, name, color_scheme=scheme, viewport={"width": width, "height": 900})
    assert barriers(page, axe, options) == []
    page.close()


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
