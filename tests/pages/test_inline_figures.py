"""The figures inside a page, in a real browser under the pages' own policy: text where it was planned, colours, links."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tieout import figures
from tieout.facts import Evidence
from tieout.figures import colours, files, painting, style
from tieout.figures.plan import Plan
from tieout.figures.style import PAGE, PHONE, Size
from tieout.record import load

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
FRAME = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'">
<title>Figures</title><link rel="stylesheet" href="style.css"><link rel="stylesheet" href="test.css"><body>{body}"""
LINES = """[...document.querySelectorAll('svg.chart')].map(svg => [...svg.querySelectorAll('text, tspan')]
  .filter(one => !one.querySelector('tspan'))
  .map(one => { const length = one.textContent.trimEnd().length;
    const box = one.getSubStringLength(0, length), at = one.getStartPositionOfChar(0);
    return [one.textContent.trimEnd(), box, at.x, at.y]; }))"""


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    return figures.plans(Evidence.of(load("bel", ROOT)))


@pytest.fixture(scope="module")
def folder(plans: list[Plan], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page for each size with every figure in it, and the style sheet and fonts of the pages."""
    place = tmp_path_factory.mktemp("inline")
    shutil.copy(ROOT / "tieout" / "pages" / "assets" / "style.css", place)
    for font in style.FONTS.glob("*.woff2"):
        shutil.copy(font, place)
    (place / "test.css").write_text("svg.chart { max-width: none; flex: none; }", encoding="utf-8")
    for size in (PAGE, PHONE):
        body = "".join(inline(plan, size) for plan in plans)
        (place / f"{size.name}.html").write_text(FRAME.format(body=body), encoding="utf-8", newline="")
    return place


def laid_out(plan: Plan, size: Size):
    return files.composed(plan, next(figure for figure in figures.FIGURES if plan.id == figure.ID).draw, size, bare=True)


def inline(plan: Plan, size: Size) -> str:
    return files.inline(laid_out(plan, size), plan)


def opened(chromium, folder: Path, size: Size, scheme: str = "light"):
    page = chromium.new_page(viewport={"width": 1000 if size is PAGE else 400, "height": 800}, color_scheme=scheme)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.goto((folder / f"{size.name}.html").as_uri())
    page.evaluate("document.fonts.ready")
    return page


@pytest.mark.parametrize("size", [PAGE, PHONE], ids=lambda size: size.name)
def test_text_stands_where_it_was_planned(chromium, folder: Path, plans: list[Plan], size: Size) -> None:
    page = opened(chromium, folder, size)
    assert page.said == [], "the policy blocks something"
    assert page.evaluate("[...document.fonts].every(font => font.status == 'loaded')")
    for plan, seen in zip(plans, page.evaluate(LINES), strict=True):
        planned = [line for words in laid_out(plan, size).words for line in words.lines]
        assert [text for text, *_ in seen] == [line.text for line in planned], plan.id
        for line, (text, width, x, y) in zip(planned, seen, strict=True):
            assert width == pytest.approx(line.width, rel=0.02, abs=0.3), (plan.id, text)
            assert (x, y) == pytest.approx((line.left, line.baseline), abs=0.5 + 0.02 * line.width), (plan.id, text)
    page.close()


@pytest.mark.parametrize("scheme", list(colours.SCHEMES))
def test_colours_follow_the_page(chromium, folder: Path, scheme: str) -> None:
    page = opened(chromium, folder, PAGE, scheme)
    fill = page.evaluate("getComputedStyle(document.querySelector('svg[aria-describedby=victims-page-desc]')).fill")
    bar = page.evaluate("getComputedStyle(document.querySelector('[id^=victims-page-bar-]')).fill")
    want = [colours.SCHEMES[scheme][meaning] for meaning in (colours.INK, colours.COUNT)]
    assert [fill, bar] == [f"rgb({int(one[1:3], 16)}, {int(one[3:5], 16)}, {int(one[5:], 16)})" for one in want]
    page.close()


def test_every_number_is_a_link_that_the_keyboard_reaches_and_shows(chromium, folder: Path, plans: list[Plan]) -> None:
    page = opened(chromium, folder, PHONE)
    links = page.evaluate("document.querySelectorAll('svg.phone a').length")
    assert links == sum(sum(group.link is not None for group in laid_out(plan, PHONE).groups) for plan in plans)
    page.keyboard.press("Tab")
    reached = page.evaluate("[document.activeElement.getAttribute('aria-label'), getComputedStyle(document.activeElement).outlineStyle]")
    assert ": tip-" in reached[0] and reached[1] == "solid"
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.close()


def test_the_inline_and_the_standalone_figure_look_the_same(chromium, folder: Path, plans: list[Plan]) -> None:
    """Their letters are set by the browser in one and by matplotlib in the other, so edges may differ a little, areas not."""
    from io import BytesIO

    from PIL import Image, ImageChops, ImageFilter

    plan = next(plan for plan in plans if plan.id == "referrals")
    with style.house("test"):
        (folder / "bare.svg").write_text(painting.svg(laid_out(plan, PAGE), plan), encoding="utf-8")
    left, top, width, height = laid_out(plan, PAGE).frame
    page = opened(chromium, folder, PAGE)
    shot = page.locator("svg[aria-describedby=referrals-page-desc]").screenshot()
    page.goto((folder / "bare.svg").as_uri())
    other = page.locator("svg").screenshot()
    one, two = (Image.open(BytesIO(data)).convert("L").filter(ImageFilter.GaussianBlur(3)) for data in (shot, other))
    assert one.size == (width, height)
    assert ImageChops.difference(one, two.crop((left, top, left + width, top + height))).getextrema()[1] < 60
    page.close()
