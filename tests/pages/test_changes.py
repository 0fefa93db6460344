"""The page "What changed", and the page of a diff: whole, linked, and of no number that is not counted."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader

from tests.conftest import Copy
from tests.pages import editions
from tests.pages.conftest import ids_of, read_pages, text_of
from tieout.differences import compared
from tieout.facts import Evidence, Fact
from tieout.pages import build, changes
from tieout.pages.difference import rendered, write
from tieout.pages.site import HERE
from tieout.problems import Usage
from tieout.published import Picture, Published
from tieout.since import Since

pytestmark = pytest.mark.xdist_group("pages")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="session")
def since(belgium) -> Since:
    return Since.of(Evidence.of(belgium))


def test_every_new_row_leads_to_its_words(pages, since) -> None:
    page = pages[changes.PAGE]
    for part, rows in (("numbers", since.numbers), ("gaps", since.gaps)):
        found = {link.get("href") for link in page.find(f".//section[@id='{part}']").iter("a")}
        assert {f"evidence/{cells['document']}.html#{cells['id']}" for cells in rows} <= found, part


def test_every_sentence_with_a_number_is_a_fact_or_the_words_of_a_source(pages, edition) -> None:
    known = {fact["text"] for fact in editions.stored(edition, "facts.json")}
    said = [text_of(item).strip() for item in pages[changes.PAGE].iter("p") if item.get("class") == "said"]
    keyed = [pages[changes.PAGE].find(f".//section[@id='{part}']") for part in ("recommendations", "corrections")]
    labels = {text_of(item).strip() for section in keyed for item in section.iter("p")}
    assert said and all(sentence in known or not re.search(r"\d", sentence) or sentence in labels for sentence in said)
    for told in pages[changes.PAGE].iter("dd"):
        assert text_of(told).strip().split(".")[0] in " ".join(known)


def test_every_series_carried_on_shows_old_beside_new(pages, since) -> None:
    section = pages[changes.PAGE].find(".//section[@id='series']")
    pairs = [tuple(chip.get("href").partition("#")[2] for chip in item.findall("p/a[@class='chip']")) for item in section.iter("li")]
    wanted = [(pair.start["id"], pair.end["id"]) for pair in since.carried_on]
    assert sorted(pair for pair in pairs if pair) == sorted(wanted)


def test_a_figure_that_plots_other_numbers_stands_beside_its_old_self(pages, edition) -> None:
    before = editions.stored(edition, "figures/before/figures.json")
    images = {image.get("src"): image for image in pages[changes.PAGE].iter("img")}
    phones = {source.get("srcset") for source in pages[changes.PAGE].iter("source")}
    assert before and len(images) == 2 * len(before) and len(phones) == 6 * len(before)
    for figure in before:
        page, dark, phone, phone_dark = figure["files"]
        image = images[f"figures/before/{page['file']}"]
        assert image.get("alt") == figure["alt"] and int(image.get("width")) == page["width"]
        assert {f"figures/before/{one['file']}" for one in (dark, phone, phone_dark)} <= phones
        assert f"figures/{figure['id']}.svg" in images and f"figures/{figure['id']}-phone.svg" in phones
    files = {path.name for path in (edition / "figures" / "before").iterdir()}
    assert files == {"figures.json", *(one["file"] for figure in before for one in figure["files"])}, "only what differs"


def test_an_old_figure_is_what_the_earlier_edition_drew(edition, tmp_path: Path, belgium, since) -> None:
    """The same plan and the same code: the drawing of an edition as of that day, its links from one folder deeper."""
    from tieout.figures import draw, plans

    plan = next(plan for plan in plans(since.before) if plan.id == "permits")
    draw(plan, tmp_path)
    drawn, kept = (path.read_bytes() for path in (tmp_path / "permits.svg", edition / "figures" / "before" / "permits.svg"))
    assert drawn.count(b'"../evidence/') == kept.count(b'"../../evidence/') > 0
    assert kept.replace(b'"../../evidence/', b'"../evidence/') == drawn


def test_what_became_of_every_recommendation_is_told_once(pages, since) -> None:
    section = pages[changes.PAGE].find(".//section[@id='recommendations']")
    linked = [link.get("href").partition("#")[2] for link in section.iter("a")]
    [(_, _, _, asks)] = since.recommended
    assert {row.id for row in asks} <= set(linked) and len(linked) == len(set(linked))


def test_the_front_page_gets_a_few_sentences(edition) -> None:
    facts = [Fact.from_json(stored) for stored in editions.stored(edition, "facts.json")]
    assert [fact.id for fact in changes.glance(facts)] == list(changes.GLANCE)


def test_every_correction_is_told_and_none_is_said_to_be_none(pages, belgium) -> None:
    told = text_of(pages[changes.PAGE].find(".//section[@id='corrections']"))
    assert all(row["reason"] in told and row["was"] in told and row["now"] in told for row in belgium.rows("corrections"))
    none = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True).get_template("corrections.html")
    assert "No published number has been corrected." in none.render(corrections=[])


@pytest.fixture(scope="module")
def oldest(tmp_path_factory) -> Path:
    """The pages of an edition of the oldest document alone, with two corrections, one of them hostile."""
    from tests.conftest import copied

    copy: Copy = copied(tmp_path_factory.mktemp("oldest") / "copy")
    entry = {"on": "2026-01-15", "kind": "correction", "ids": "tip-2004-017", "was": "40", "now": "45", "reason": "The older one."}
    newer = {"correction": "c02-b", "on": "2026-02-01", "ids": "gap-tip-2004-009", "was": HOSTILE, "reason": f"The newer one {HOSTILE}"}
    copy.write("corrections", [{"correction": "c01-a"} | entry, entry | newer])
    folder = copy.root / "edition"
    folder.mkdir()
    build(editions.fill(copy.root, folder, "2005-01-01"), folder)
    return folder


def test_the_first_edition_says_that_there_is_none_before_it(oldest: Path) -> None:
    page = read_pages(oldest)[changes.PAGE]
    assert "There is no edition before this one" in text_of(page)
    assert page.find(".//section[@id='numbers']") is None and not list(page.iter("img"))
    assert json.loads((oldest / "figures" / "before" / "figures.json").read_text(encoding="utf-8")) == []


def test_corrections_are_told_newest_first_and_stay_text(oldest: Path) -> None:
    page = read_pages(oldest)[changes.PAGE]
    entries = page.findall(".//ul[@class='corrections']/li")
    assert [entry.get("id") for entry in entries] == ["c02-b", "c01-a"]
    assert text_of(entries[0].find(".//del")) == HOSTILE and HOSTILE in text_of(entries[0])
    assert not list(page.iter("script"))
    assert [link.get("href") for link in entries[1].iter("a")] == ["evidence/tip-2004.html#tip-2004-017"]
    assert not list(entries[0].iter("a")), "a fact has no place in a source"
    assert "2 corrections of what was published, the last on 1 February 2026." in (oldest / "facts.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def difference(edition, oldest: Path) -> tuple[Published, Published, str]:
    old, new = Published.read(manifested(oldest)), Published.read(manifested(edition))
    return old, new, rendered(old, new, compared(old, new))


def manifested(folder: Path) -> Path:
    """A copy of the edition's folder with a manifest that is not empty."""
    place = folder.with_name(f"{folder.name}-signed")
    if not place.exists():
        shutil.copytree(folder, place)
        (place / "manifest.json").write_text('{"draft": false}', encoding="utf-8")
    return place


def test_the_page_of_a_diff_needs_no_other_file(difference) -> None:
    _, _, html = difference
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    style = page.find(".//style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(meta.get("content") for meta in page.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert f"style-src 'sha256-{digest}'" in policy and policy.startswith("default-src 'none'")
    assert not list(page.iter("script")) and not list(page.iter("source"))
    addresses = [element.get(name) for element in page.iter() for name in ("src", "href") if element.get(name)]
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert set(re.findall(r'url\("(data:font)?', style)) == {"data:font"}
    assert sorted(ids_of(page)) == sorted(set(ids_of(page)))


def test_the_page_of_a_diff_holds_every_change_and_both_drawings(difference) -> None:
    old, new, html = difference
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    found = compared(old, new)
    assert len(list(page.iter("tbody"))) and sum(len(list(body)) for body in page.iter("tbody")) == len(found)
    drawings = {image.get("src"): image.get("alt") for image in page.iter("img")}
    for change in found:
        if change.kind == "figure" and change.what == "changed":
            for side in (old, new):
                picture: Picture = side.figures[change.id]
                assert drawings[picture.data_address] == picture.words["alt"]
    assert HOSTILE not in html


def test_the_page_of_two_editions_that_say_the_same(difference) -> None:
    _, new, _ = difference
    assert "The two editions say the same." in rendered(new, new, [])


@pytest.mark.parametrize("name", ["page.txt", "nowhere/page.html", "."])
def test_a_page_is_written_only_where_a_page_may_stand(difference, tmp_path: Path, name: str) -> None:
    old, new, _ = difference
    with pytest.raises(Usage, match="is not written"):
        write(tmp_path / name, old, new, [])
