"""In a real browser: a second reading that sees nothing of the first, and differences settled by the keyboard alone."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.reviewing.browsing import opened, press
from tests.serving import served
from tests.stories.conftest import contents, here
from tests.twice import key_twice, tables_of
from tieout.packaging import tidy

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("review")]
DOCUMENT = "tip-2004"
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}


@pytest.fixture
def twice(copy_root: Copy) -> Copy:
    """tip-2004 read twice, with three differences: a qualifier, a reason, and a number that only one reading keyed."""
    copy_root.write("signoffs", [row for row in copy_root.rows("signoffs") if row["document"] != DOCUMENT])
    copy_root.path("signatures", DOCUMENT).unlink()
    for name, columns in (("faults", ("ids",)), ("identities", ("total", "parts"))):
        copy_root.write(name, [row for row in copy_root.rows(name) if not any(DOCUMENT in row[column] for column in columns)])
    second = tables_of(copy_root.load(), DOCUMENT)
    second["metrics"][5]["qualifier"] = "about"
    second["set_aside"][0]["reason"] = "band"
    row = second["metrics"].pop(12)
    second["set_aside"].append({"printed": row["printed"], "context": row["quote"], "reason": "vague", "note": "its own"})
    key_twice(copy_root, DOCUMENT, second)
    tidy(copy_root.root)
    return copy_root


def at_hand(page) -> tuple[str, str]:
    return page.locator("#hand .what strong").inner_text(), page.locator("#hand .fate").inner_text()


def settled(copy: Copy) -> dict[str, dict[str, str]]:
    return {row["column"]: row for row in copy.rows("second/settled", DOCUMENT)} if copy.path("second/settled", DOCUMENT).exists() else {}


def test_every_difference_is_settled_by_the_keyboard_alone(chromium, twice: Copy) -> None:
    first, second = tables_of(twice.load(), DOCUMENT), contents(twice.root / "data" / "bel" / "second")
    with served(twice.root, DOCUMENT, "--settle") as review:
        page = opened(chromium, review)
        seen = set()
        for _ in range(3):
            column = at_hand(page)[1]
            seen.add(column)
            if column == "qualifier":
                press(page, "2")
            elif column == "fate":
                press(page, "w")
                page.keyboard.type("1 and 2 are letters here")
                press(page, "Escape", "1")
            else:
                page.keyboard.press("e")
                page.locator("#other-value").select_option("wording")
                page.keyboard.press("Tab")
                page.keyboard.type("a turn of phrase")
                page.keyboard.press("Enter")
                page.wait_for_function("() => document.body.dataset.busy !== 'yes'")
        assert seen == {"qualifier", "reason", "fate"}
        assert page.locator("#hand .what").inner_text() == "Every difference is settled"
        assert f"python pipeline.py sign {DOCUMENT} --role verifier --by NAME" in page.locator("#hand pre").inner_text()
        assert page.said == [] and {url.split("/")[2] for url in page.asked} == {review.host}
        page.context.close()
    entries, now = settled(twice), tables_of(twice.load(), DOCUMENT)
    assert now["metrics"][5]["qualifier"] == "about" and len(now["metrics"]) == len(first["metrics"])
    assert entries["qualifier"]["settled"] == "about" and entries["qualifier"]["first"] == first["metrics"][5]["qualifier"]
    assert (entries["fate"]["settled"], entries["fate"]["reason"]) == (entries["fate"]["first"], "1 and 2 are letters here")
    assert (entries["reason"]["settled"], entries["reason"]["reason"]) == ("wording", "a turn of phrase")
    after = contents(twice.root / "data" / "bel" / "second")
    assert {name: raw for name, raw in after.items() if name in second and not name.startswith("settled")} == second
    assert here("agree", DOCUMENT, "--root", twice.root).returncode == 0
    for role, by in (("keyer", "Ann"), ("verifier", "Bob")):
        assert here("sign", DOCUMENT, "--root", twice.root, "--role", role, "--by", by).returncode == 0


def test_undo_gives_every_file_back(chromium, twice: Copy) -> None:
    before = contents(twice.root)
    with served(twice.root, DOCUMENT, "--settle") as review:
        page = opened(chromium, review)
        press(page, "2", "2", "2")
        assert contents(twice.root) != before
        press(page, "u", "u", "u")
        assert page.locator("#list li").count() == 3
        page.context.close()
    assert {name: raw for name, raw in contents(twice.root).items() if "settled" not in name} == before
    assert settled(twice) == {}


def test_a_reload_and_a_killed_server_lose_nothing(chromium, twice: Copy) -> None:
    with served(twice.root, DOCUMENT, "--settle") as review:
        page = opened(chromium, review)
        press(page, "2")
        name = at_hand(page)
        press(page, "w")
        page.keyboard.type("half a reas")
        page.reload()
        page.wait_for_selector("body[data-ready]")
        assert at_hand(page) == name and page.locator("#reason").input_value() == "half a reas"
        review.process.kill()
        page.locator("#alarm", has_text="does not answer").wait_for()
        press(page, "Escape", "1")
        assert "does not answer" in page.locator("#alarm").inner_text()
        assert len(settled(twice)) == 1 and page.locator("#reason").input_value() == "half a reas"
        page.context.close()
    with served(twice.root, DOCUMENT, "--settle") as review:
        page = opened(chromium, review)
        assert page.locator("#list li").count() == 2 and len(settled(twice)) == 1
        page.context.close()


def test_of_two_tabs_the_second_sees_what_the_first_has_settled_and_overwrites_nothing(chromium, twice: Copy) -> None:
    with served(twice.root, DOCUMENT, "--settle") as review:
        one, two = opened(chromium, review), opened(chromium, review)
        two.context.route("**/api/state", lambda route: route.abort())  # the second tab hears of nothing
        press(two, "w")
        two.keyboard.type("mine")
        press(one, "2")
        (entry,) = settled(twice).values()
        press(two, "Escape", "1")
        alarm = two.locator("#alarm").inner_text()
        assert "was changed by another tab or program" in alarm and "You wanted: the first reading (mine)" in alarm
        assert list(settled(twice).values()) == [entry]
        press(two, "1")
        assert len(settled(twice)) == 2  # the next difference: what it had of the files is up to date again
        one.context.close()
        two.context.close()


def test_axe_finds_no_barrier_on_the_settling_screen(chromium, twice: Copy) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    with served(twice.root, DOCUMENT, "--settle") as review:
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
            page = opened(chromium, review, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
            page.add_script_tag(content=axe)
            for key in ("", "f", "e"):
                if key:
                    page.keyboard.press(key)
                    page.locator("dialog[open]").wait_for()
                found = page.evaluate("options => axe.run(document, options)", AXE)
                assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], (scheme, width, key)
                if key:
                    page.keyboard.press("Escape")
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            page.context.close()


def test_the_second_reading_s_page_shows_nothing_of_the_first_and_writes_only_its_own_files(chromium, copy_root: Copy) -> None:
    first = contents(copy_root.root / "data" / "bel")
    marks = {row["note"] for row in copy_root.rows("metrics", DOCUMENT) if row["note"]}
    marks |= {row["label"] for row in copy_root.rows("statements", DOCUMENT)}
    marks = {mark for mark in marks if mark not in copy_root.seed(DOCUMENT).read_text("utf-8")}
    assert len(marks) > 10
    with served(copy_root.root, DOCUMENT, "--second") as review:
        page = opened(chromium, review)
        assert "second reading" in page.locator("header").inner_text().lower()
        assert page.locator("#source .num[data-fate=open]").count() > 20
        assert page.locator("#source .num:not([data-fate=open])").count() == 0
        page.keyboard.press("s")
        page.locator("dialog[open]").wait_for()
        page.keyboard.press("d")
        page.wait_for_function("() => document.body.dataset.busy !== 'yes'")
        page.locator("#source .num[data-fate=set_aside]").first.wait_for()
        told = page.locator("body").inner_text()
        assert not [mark for mark in marks if mark in told]
        assert page.said == []
        page.context.close()
    after = contents(copy_root.root / "data" / "bel")
    assert {name: raw for name, raw in after.items() if not name.startswith("second/")} == first
    assert len(copy_root.rows("second/set_aside", DOCUMENT)) == 1
    assert Path(copy_root.root / "data" / "bel" / "second" / "drafts" / f"{DOCUMENT}.csv").exists()
