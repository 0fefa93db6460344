"""What the tests of the pages share: the real record's edition, its pages built and read as a browser reads them."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.conftest import ROOT
from tieout.pages import build
from tieout.record import Record, load

OF_PAGES = ("*.html", "*.jsonld", "assets", "factcheck.csv", "sdmx", "*.parquet")  # what the last step writes


@pytest.fixture(scope="session")
def filled(tmp_path_factory) -> tuple[Record, Path]:
    """The real record, and its edition as the steps before the pages left the committed one. Nobody changes it.

    That the committed one is what the code builds is held by tests/stories/test_run.py.
    """
    edition = tmp_path_factory.mktemp("filled") / "bel"
    shutil.copytree(ROOT / "outputs" / "bel", edition, ignore=shutil.ignore_patterns(*OF_PAGES))
    return load("bel", ROOT), edition


@pytest.fixture(scope="session")
def edition(filled, tmp_path_factory) -> Path:
    """The real record's edition with its pages. Nobody changes it."""
    record, folder = filled
    place = tmp_path_factory.mktemp("built") / "bel"
    shutil.copytree(folder, place)
    build(record, place)
    return place


@pytest.fixture(scope="session")
def pages(edition) -> dict[str, Element]:
    """Every page of the edition by name, parsed strictly: an HTML error is an exception."""
    return read_pages(edition)


def read_pages(edition: Path) -> dict[str, Element]:
    """Every page of an edition by name, parsed strictly."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return {
        path.relative_to(edition).as_posix(): parser.parse(path.read_text(encoding="utf-8")) for path in sorted(edition.rglob("*.html"))
    }


def text_of(element: Element) -> str:
    """The text of an element and everything in it."""
    return "".join(element.itertext())


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def drawings(within: Element) -> list[Element]:
    """The figures drawn inside a page or a part of it, in every size."""
    return [element for element in within.iter() if local(element) == "svg" and "chart" in element.get("class", "").split()]


def told_by(drawing: Element) -> tuple[str, str]:
    """The name and the description that a figure inside a page gives to those who do not see it."""
    by_id = {element.get("id"): element for element in drawing.iter()}
    return drawing.get("aria-label"), text_of(by_id[drawing.get("aria-describedby")])


def ids_of(page: Element) -> list[str]:
    """Every id in a page."""
    return [element.get("id") for element in page.iter() if element.get("id") is not None]
