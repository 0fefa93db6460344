"""A whole document is keyed in the browser with the keyboard alone, and the files are those that keying by hand gives."""

from __future__ import annotations

import csv
import io
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.reviewing.browsing import opened, press, settle
from tests.reviewing.conftest import DOCUMENT
from tests.serving import served
from tieout.packaging import tidy
from tieout.schema import schema_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("review")]
KEYED = ("metrics", "set_aside", "statements")
SENTENCE = "The government issued 198 residence permits for trafficking victims in 2030, compared with 214 in 2029."
GAP = "The government did not report how many victims received compensation in 2030."
YEARS = {"2030": ("2030-01-01", "2030-12-31"), "2029": ("2029-01-01", "2029-12-31")}


def tab_to(page, name: str) -> None:
    """Tab on to a field of the row."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.name") == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


def at(page) -> str:
    return page.locator("#panel .what strong").inner_text()


def by_hand(folder: Path, house: Copy) -> dict[str, bytes]:
    """What a person keys into the files in a spreadsheet, tidied."""
    shutil.copytree(house.root, folder)
    copy = Copy(folder)

    def row(number: int, metric: str, unit: str, value: str, quote: str, year: str = "", basis: str = "not_stated", **more: str):
        start, end = YEARS.get(year, ("", ""))
        cells = {"id": f"{DOCUMENT}-{number:03}", "metric": metric, "sex": "total", "age": "total", "exploitation": "total", "start": start,
                 "end": end, "period_basis": basis, "value": value, "unit": unit, "qualifier": "exact", "status": "A", "printed": value,
                 "quote": quote}  # fmt: skip
        copy.append("metrics", DOCUMENT, **(cells | more))

    row(5, "compensation_victims", "persons", "", GAP, "2030", "stated", status="O")
    row(2, "residence_permits", "permits", "198", SENTENCE, "2030", "stated")
    row(3, "residence_permits", "permits", "214", SENTENCE, "2029", "stated")
    row(4, "reflection_period", "days", "45", "Identified victims were eligible for a 45-day reflection period.", basis="standing")
    row(1, "tip_tier", "tier", "1", "BELGIUM (Tier 1)")
    aside = [("7", "7", "page"), ("2031", "2031 Invented Report: Belgium (a fixture) 👉", "title"),
             ("433", "Under Article 433 of the code,", "legal_reference"), ("first", "first responders must help.", "wording"),
             ("1 See page 12.", "1 See page 12.", "footnote")]  # fmt: skip
    for printed, context, reason in aside:
        copy.append("set_aside", DOCUMENT, printed=printed, context=context, reason=reason)
    copy.append(
        "statements", DOCUMENT, id=f"{DOCUMENT}-s01", kind="recommendation", label="training of judges", quote="It should train judges."
    )
    tidy(folder)
    return {kind: copy.path(kind, DOCUMENT).read_bytes() for kind in KEYED}


def test_a_document_is_keyed_with_the_keyboard_alone(chromium, house: Copy, tmp_path: Path) -> None:
    expected = by_hand(tmp_path / "hand", house)
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        assert at(page) == "2031"
        press(page, "a")
        assert at(page) == "1"
        press(page, "a", "a", "a", "a", "a")
        assert at(page) == "45"  # 2030 and 2029 were settled by the rows whose years they are
        press(page, "a")
        assert at(page) == "2030"
        press(page, "v", "g")
        page.keyboard.type("awarded compensation")
        press(page, "Enter")
        tab_to(page, "start")
        page.keyboard.type("2030")
        tab_to(page, "period_basis")
        page.keyboard.type("sta")
        press(page, "Escape", "a")
        press(page, "k", "v", "v", "t", "r")
        page.keyboard.type("training of judges")
        press(page, "Escape", "n")
        assert at(page) == "1"
        press(page, "v", "s", "f")
        assert at(page) == "7"
        press(page, "a")
        page.wait_for_selector("text=Saved")
        written = {kind: house.path(kind, DOCUMENT).read_bytes() for kind in KEYED}
        assert written == expected
        assert list(csv.reader(io.StringIO(drafts(house).read_text("utf-8")))) == [list(draft_columns())]
        page.wait_for_function("() => /Checks: \\d|nothing to mend/.test(document.body.innerText)", timeout=60_000)
        assert page.said == []
        assert all(url.startswith(review.bare) for url in page.asked)
        page.context.close()


def drafts(house: Copy) -> Path:
    return house.root / "data" / "bel" / "drafts" / f"{DOCUMENT}.csv"


def draft_columns() -> tuple[str, ...]:
    return (*schema_of("metrics").columns, "fate", "reason", "confidence", "reasons")


def row_of(house: Copy, printed: str) -> dict[str, str]:
    with drafts(house).open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["printed"] == printed)


def test_what_is_typed_is_there_after_a_reload_and_after_the_server_was_killed(chromium, house: Copy) -> None:
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        press(page, "n")
        page.locator("#field-coverage").click()
        page.keyboard.type("the first half")
        page.reload()
        page.wait_for_selector("body[data-ready]")
        wait_for(lambda: row_of(house, "1")["coverage"] == "the first half")
        assert page.locator("#field-coverage").input_value() == "the first half"
        page.locator("#field-note").click()
        page.keyboard.type("typed before the end")
        wait_for(lambda: row_of(house, "1")["note"] == "typed before the end")
        review.process.send_signal(signal.SIGKILL)
        review.process.wait()
        page.keyboard.type(", and after it")
        page.wait_for_selector("#alarm:has-text('What is on disk is safe')")
        assert page.locator("#field-note").input_value() == "typed before the end, and after it"
        page.context.close()
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        press(page, "n")
        assert page.locator("#field-note").input_value() == "typed before the end"
        assert page.locator("#field-coverage").input_value() == "the first half"
        page.context.close()


def test_two_tabs_see_each_other_and_a_stale_one_loses_nothing(chromium, house: Copy) -> None:
    with served(house.root, DOCUMENT) as review:
        one = opened(chromium, review)
        two = one.context.new_page()
        two.goto(review.bare)
        two.wait_for_selector("body[data-ready]")
        press(one, "a")
        two.wait_for_selector('.num[data-key="0"][data-fate="set_aside"]')
        two.route("**/api/state", lambda route: route.abort())  # from here on this tab hears of nothing
        press(one, "n", "p")
        one.locator("#field-coverage").click()
        one.keyboard.type("as tab one has it")
        wait_for(lambda: row_of(house, at(one))["coverage"] == "as tab one has it")
        go(two, one)
        two.locator("#field-coverage").click()
        two.keyboard.type("tkt two", delay=600)  # slower than it is sent: nothing may ask amid the words, for k and t are answers
        two.wait_for_selector("#sheet[open] >> text=Changed by another tab or program")
        assert "as tab one has it" in two.locator("#sheet").inner_text() and "tkt two" in two.locator("#sheet").inner_text()
        assert row_of(house, at(one))["coverage"] == "as tab one has it"
        press(two, "k")
        wait_for(lambda: row_of(house, at(one))["coverage"] == "tkt two")
        one.context.close()


def go(page, other) -> None:
    """Bring a tab to the number that another tab is at."""
    key = other.locator(".num[aria-current]").get_attribute("data-key")
    page.locator(f'.num[data-key="{key}"]').click()


def test_an_outside_edit_of_a_file_is_shown_and_never_written_over(chromium, house: Copy) -> None:
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        press(page, "a")
        (aside,) = house.rows("set_aside", DOCUMENT)
        house.write("set_aside", [aside | {"note": "by hand"}], DOCUMENT)
        press(page, "k")
        page.wait_for_function("() => document.querySelector('#field-note')?.value === 'by hand'")
        press(page, "n", "a")
        assert house.rows("set_aside", DOCUMENT)[0]["note"] == "by hand"
        house.path("set_aside", DOCUMENT).write_text("printed;context;reason;note\n", encoding="utf-8")
        page.wait_for_selector("#alarm:has-text('separated by semicolons')")
        press(page, "n", "a")
        assert house.path("set_aside", DOCUMENT).read_text("utf-8") == "printed;context;reason;note\n"
        page.context.close()


def test_undo_takes_every_act_back(chromium, house: Copy) -> None:
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        before = drafts(house).read_bytes()
        press(page, "a", "a", "s", "d", "u", "u", "u")
        assert drafts(house).read_bytes() == before
        assert house.rows("metrics", DOCUMENT) == [] and house.rows("set_aside", DOCUMENT) == []
        page.context.close()


def test_letters_in_a_field_are_letters_and_escape_leaves_it(chromium, house: Copy) -> None:
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        press(page, "n", "e")
        page.locator("#field-note").click()
        page.keyboard.type("aspnxrdu?")
        assert page.locator("#field-note").input_value() == "aspnxrdu?"
        press(page, "Escape")
        assert page.evaluate("document.activeElement.id") == "row"
        assert house.rows("metrics", DOCUMENT) == []
        for _ in range(80):  # nothing holds the focus
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") in (
            "BODY",
            "A",
            "BUTTON",
            "SELECT",
            "INPUT",
            "TEXTAREA",
            "SUMMARY",
            "SPAN",
            "DIV",
            "SECTION",
            "ARTICLE",
            "HTML",
            "UL",
            "P",
        )
        page.context.close()


def wait_for(condition, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)


def test_a_new_metric_enters_the_codebook_from_the_page(chromium, house: Copy) -> None:
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        page.locator('.num:text-is("12")').click()
        press(page, "M")
        page.locator("#new-metric").fill("pages_named")
        page.locator("text=Enter the metric").click()
        page.wait_for_selector(".told:has-text('is not added')")
        assert "pages_named" not in (house.root / "data" / "codebook.csv").read_text("utf-8")
        page.locator("#new-label").fill("Pages named")
        page.locator("#new-definition").fill("Pages that the text sends a reader to. Not the pages that it has.")
        page.locator("#new-unit").select_option("days")
        page.locator("#new-wordings").fill("See page #")
        page.locator(".pair select").select_option("reflection_period")
        page.locator(".pair input").fill("The one is a place in a text, the other a time.")
        page.locator("text=Enter the metric").click()
        wait_for(lambda: row_of(house, "12")["metric"] == "pages_named")
        assert "pages_named,Pages named" in (house.root / "data" / "codebook.csv").read_text("utf-8")
        assert "pages_named,reflection_period" in (house.root / "data" / "incomparable.csv").read_text("utf-8")
        page.wait_for_selector("#panel summary:has-text('Must not be compared with')")
        assert page.said in ([], ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"])
        page.context.close()


def test_what_is_pressed_while_an_act_is_written_does_nothing(chromium, house: Copy) -> None:
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        slow = page.context.new_cdp_session(page)
        slow.send("Network.enable")
        slow.send("Network.emulateNetworkConditions", {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": -1})
        for key in "aaaa":
            page.keyboard.press(key)
        settle(page)
        assert at(page) == "1", "one number is decided, and the next one stands there to be read"
        assert page.locator("#done").inner_text().startswith("2031: set aside")
        press(page, "v")
        for key in "gn":
            page.keyboard.press(key)
        settle(page)
        assert at(page) == "Not reported", "what is typed ahead of a field is no command: the gap is still the one at hand"
        page.context.close()


def test_what_the_page_knows_is_offered(chromium, house: Copy) -> None:
    """Which years a row decides with it, and the topics of other reports."""
    with served(house.root, DOCUMENT) as review:
        page = opened(chromium, review)
        page.locator('.num:text-is("198")').click()
        settle(page)
        press(page, "a")
        assert "Decided with it, as the year of that row: 2030" in page.locator("#done").inner_text()
        press(page, "v", "t", "r")
        known = {row["label"] for document in ("tip-2025", "tip-2023") for row in house.rows("statements", document)}
        offered = set(page.locator("#topics option").evaluate_all("all => all.map((one) => one.value)"))
        assert known <= offered
        page.context.close()
