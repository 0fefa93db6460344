"""The pictures of docs/new-year.md (``make pictures``): the real pages, in a copy of this repository with the fixture of a new year.

The second reading is the fixture's key with three cells read otherwise, so that there is something to settle.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import new_year
from tests.keys import enter, rows_of
from tieout.extracting import extract
from tieout.schema import path_of, schema_of
from tieout.tables import write_table

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
DOCUMENT, KEY = "tip-2026", new_year.FOLDER / "key"
OTHERWISE = ((4, {"qualifier": "at_least"}), (9, {"metric": "investigations"}), (20, {"age": "adult"}))
ADD = ["--document", DOCUMENT, "--publisher", "Invented Department (a fixture)", "--rights", "Written for these tests.", "--yes"]


def main() -> None:
    """Take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        root = Path(folder)
        for part in ("data", "seeds", "notebooks", "outputs"):
            shutil.copytree(ROOT / part, root / part)
        shutil.copy(ROOT / "requirements.lock", root)
        page = _page(driver)
        pdf = root / f"{new_year.PAGE.stem}.pdf"
        pdf.write_bytes(new_year.printed(extract(new_year.PAGE).text))
        _pipeline(root, "add", str(pdf), *ADD)
        with _served(root) as address:
            _reading(page, address)
        enter(KEY, root, "bel")
        _second(root)
        _pipeline(root, "tidy")
        with _served(root, "--settle") as address:
            _settling(page, address)
        shutil.rmtree(root / "data" / "bel" / "second")
        for document in (DOCUMENT, "tip-2025"):
            for role in ("keyer", "verifier"):
                _pipeline(root, "sign", document, "--role", role, "--by", f"the {role}", "--on", "2026-07-10")
        _pipeline(root, "run", "bel")
        page.goto((root / "outputs" / "bel" / "changes.html").as_uri())
        _take(page, "changes")


def _page(driver) -> Page:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        sys.exit("No chromium on this machine (Debian: apt-get install chromium).")
    browser = driver.chromium.launch(executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"])
    return browser.new_page(viewport={"width": 1280, "height": 800})


def _reading(page: Page, address: str) -> None:
    """Amid the prosecution chapter, with what is before it decided."""
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    while page.locator("#panel .what strong").inner_text() != "361":
        page.keyboard.press("a")
        page.wait_for_function("() => document.body.dataset.busy !== 'yes'")
        if page.locator("#alarm").is_visible():
            page.keyboard.press("n")
    page.wait_for_selector("#panel .card.other mark")
    page.wait_for_function("() => !document.querySelector('#tally').textContent.includes('starting')", timeout=120_000)
    _take(page, "review")


def _settling(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    _take(page, "settle")


def _second(root: Path) -> None:
    """The other reading, on disk as the review of it leaves it."""
    for name in ("metrics", "set_aside", "statements"):
        rows = rows_of(KEY / name / f"{DOCUMENT}.csv", name)
        if name == "metrics":
            for place, cells in OTHERWISE:
                rows[place] |= cells
        path = root / path_of(f"second/{name}", "bel", DOCUMENT)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(path, schema_of(f"second/{name}").columns, rows)


def _take(page: Page, name: str) -> None:
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


def _pipeline(root: Path, command: str, *options: str) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "pipeline.py"), command, *options, "--root", str(root)], check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def _served(root: Path, *options: str) -> Iterator[str]:
    """The address of a review, for as long as it is needed."""
    command = [sys.executable, str(ROOT / "pipeline.py"), "review", DOCUMENT, "--root", str(root), "--no-browser", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"http://\S+", process.stdout.readline())[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


if __name__ == "__main__":
    main()
