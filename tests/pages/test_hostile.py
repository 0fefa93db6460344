"""A record full of markup, through the steps of a run, into every file of an edition: all of it stays text, nothing runs."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import Copy, copied
from tests.pages import editions
from tests.pages.conftest import drawings, local, read_pages, text_of
from tieout import showing
from tieout.characters import formula
from tieout.facts import Fact
from tieout.pages import build
from tieout.pages.notebooks import prose

pytestmark = pytest.mark.xdist_group("hostile")
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
SHOWN = "![x](http://example.org/t.png) <b>{{ 1+1 }}</b> [l](javascript:alert)"
PASSAGE = f"The report said {SCRIPT} and {IMAGE} to <svg/onload=alert(1)> all.".replace("1", "x")
CELLS = {
    "codebook": ("label", "definition", "note"),
    "categories": ("label",),
    "units": ("label",),
    "derived": ("label", "note"),
    "incomparable": ("reason",),
    "documents": ("title", "publisher", "series", "source_url", "rights", "note"),
    "faults": ("description",),
}


def spoil(copy: Copy) -> None:
    """Put markup wherever a person words something, and into a source and a passage quoted from it."""
    for name, columns in CELLS.items():
        attacks = dict(zip(columns, [SCRIPT, IMAGE, SHOWN] * 3, strict=False))
        rows = [row | {column: f"{row[column]} {attack}".strip() for column, attack in attacks.items()} for row in copy.rows(name)]
        copy.write(name, rows)
    for document in [row["document"] for row in copy.rows("documents")]:
        copy.path("signatures", document).unlink(missing_ok=True)
        for name in ("metrics", "statements"):
            copy.write(name, [row | {"note": f"{row['note']} {IMAGE}{SHOWN}".strip()} for row in copy.rows(name, document)], document)
    copy.write("signoffs", [])
    copy.register_anew("tip-2004", f"{copy.seed('tip-2004').read_text('utf-8').rstrip()}\n\n{PASSAGE}\n")
    number = len(copy.rows("statements", "tip-2004")) + 1
    copy.append("statements", "tip-2004", id=f"tip-2004-s{number:02}", kind="recommendation", label=f"markup {SCRIPT}", quote=PASSAGE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """An edition made from the spoiled record."""
    root = tmp_path_factory.mktemp("hostile")
    copy = copied(root / "copy")
    spoil(copy)
    edition = root / "bel"
    edition.mkdir()
    record = editions.fill(copy.root, edition)
    build(record, edition)
    return edition


def test_the_checks_let_markup_pass_for_it_is_text(hostile: Path) -> None:
    assert editions.stored(hostile, "validation.json")["ok"]


def test_markup_stays_text_on_every_page(hostile: Path) -> None:
    pages = read_pages(hostile)
    for name, page in pages.items():
        tags = [local(element) for element in page.iter()]
        assert not {*tags} & {"script", "style", "iframe", "object", "embed", "form", "base", "foreignObject", "animate", "set"}, name
        assert tags.count("svg") == len(drawings(page)), f"{name}: only the figures are drawings"
        assert not [key for element in page.iter() for key in element.attrib if key.startswith("on") or key == "style"], name
        links = [element.get(key) for element in page.iter() for key in ("href", "src", "srcset") if element.get(key)]
        assert not [link for link in links if re.match(r"[a-z]+:|//", link) and link != "data:,"], name
        policy = [meta.get("content") for meta in page.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
        assert policy and policy[0].startswith("default-src 'none';") and "unsafe" not in policy[0] and "script-src" not in policy[0]
    assert text_of(pages["index.html"]).count(SCRIPT) > 50
    assert "{{ 1+1 }}" in text_of(pages["index.html"]), "nothing of a cell is a template"
    assert PASSAGE in text_of(pages["evidence/tip-2004.html"].find(".//article[@id='source']"))


def test_markup_stays_text_in_every_picture(hostile: Path) -> None:
    pictures = sorted((hostile / "figures").rglob("*.svg"))
    told = ""
    for path in pictures:
        root = ElementTree.fromstring(path.read_bytes())
        assert not [one.tag for one in root.iter() if re.search("script|foreignObject|image|animate|set$", str(one.tag))], path.name
        assert not [key for one in root.iter() for key in one.attrib if key.lower().startswith("on")], path.name
        links = [value for one in root.iter() for key, value in one.attrib.items() if key.endswith("href")]
        evidence = "../../evidence/" if path.parent.name in ("before", "inline") else "../evidence/"
        assert all(link.startswith(("#", evidence)) for link in links), path.name
        told += "".join(text for one in root.iter() if str(one.tag).endswith(("}title", "}desc")) for text in one.itertext())
    assert pictures and "<script>" in told


def test_no_table_runs_in_a_spreadsheet_and_no_notebook_holds_a_picture_from_elsewhere(hostile: Path) -> None:
    for path in hostile.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert not [cell for row in csv.DictReader(file) for cell in row.values() if formula(cell)], path.name
    for path in (hostile / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                assert "![x](" not in "".join(output["data"].get("text/markdown", "")), path.name
                assert not re.search("<script|<img src=x", "".join(output["data"].get("text/html", ""))), path.name


@pytest.mark.parametrize(
    "attack", [SCRIPT, SHOWN, "![a](attachment:x.png)", "<http://a.b>", "http://a.b", "$<i>$", "\\", "`a`", "[a]: http://b"]
)
def test_a_fact_in_a_notebook_is_text_whatever_it_says(attack: str) -> None:
    html = prose(showing.sentences([Fact("gap-1", attack)], "gap-").data)
    assert not re.search(r"<(?!/?(?:ul|li)>)", html)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", "validate-code", "trends", "figures", "evidence/tip-2004", "evidence/tip-2025"])
def test_nothing_runs_in_a_browser(chromium, hostile: Path, name: str) -> None:
    page = chromium.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto((hostile / f"{name}.html").as_uri())
    page.wait_for_timeout(200)
    assert said == []
    assert not [url for url in asked if not url.startswith((hostile.as_uri(), "data:"))]
    assert page.evaluate("document.scripts.length") == 0
    page.close()


@pytest.mark.browser
def test_the_policy_stops_what_escaping_would_have_missed(chromium, hostile: Path, tmp_path: Path) -> None:
    page = hostile / "evidence" / "unescaped.html"
    html = (hostile / "evidence" / "tip-2004.html").read_text(encoding="utf-8")
    page.write_text(
        html.replace("</main>", f"<p id=was>{SCRIPT}<img src=http://127.0.0.1:9/t onerror=alert(1)></p></main>"), encoding="utf-8"
    )
    try:
        seen = chromium.new_page()
        dialogs: list = []
        seen.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        said: list = []
        seen.on("console", lambda message: said.append(message.text))
        seen.goto(page.as_uri())
        seen.wait_for_timeout(300)
        assert dialogs == []
        assert sum("Content Security Policy" in one for one in said) >= 2
        seen.close()
    finally:
        page.unlink()
