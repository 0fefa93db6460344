"""Every page of an edition: valid, linked, labelled, escaped, the same bytes every time."""

from __future__ import annotations

import hashlib
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pages import editions
from tests.pages.conftest import drawings, ids_of, local, read_pages, text_of, told_by
from tieout.incomparable import kept_apart
from tieout.pages import build
from tieout.pages.site import HERE

pytestmark = pytest.mark.xdist_group("pages")


def test_every_page_is_there(pages, belgium) -> None:
    wanted = {
        "index.html",
        *(f"{page}{view}.html" for page in ("validate", "trends", "figures") for view in ("", "-code")),
        "changes.html",
        "factcheck.html",
        *(f"evidence/{document}.html" for document in belgium.documents),
    }
    assert set(pages) == wanted


def test_no_id_stands_twice_in_a_page(pages) -> None:
    for name, page in pages.items():
        ids = ids_of(page)
        assert sorted(set(ids)) == sorted(ids), name


def test_every_link_leads_to_something(pages, edition) -> None:
    ids = {name: set(ids_of(page)) for name, page in pages.items()}
    dead = []
    for name, page in pages.items():
        for link in links(page):
            path, _, fragment = link.partition("#")
            target = (edition / name).parent / path if path else edition / name
            target = target.resolve().relative_to(edition.resolve()).as_posix()
            if not (edition / target).is_file() or (fragment and fragment not in ids[target]):
                dead.append((name, link))
    assert not dead


def links(page) -> list[str]:
    """Every address that a page names, data of its own apart."""
    found = [element.get(name) for element in page.iter() for name in ("href", "src", "srcset") if element.get(name)]
    return [link for link in found if not link.startswith("data:")]


def test_every_keyed_row_and_passage_has_its_place_in_its_source(pages, belgium) -> None:
    for row in (*belgium.rows("metrics"), *belgium.rows("statements")):
        source = pages[f"evidence/{row.document}.html"].find(".//article[@id='source']")
        assert row.id in ids_of(source), row.id


def test_every_keyed_number_is_marked_as_printed_and_leads_to_what_it_was_keyed_as(pages, belgium) -> None:
    for row in belgium.rows("metrics"):
        page = pages[f"evidence/{row.document}.html"]
        keyed_as = page.find(f".//tr[@id='row-{row.id}']")
        assert keyed_as.find(f".//a[@href='#{row.id}']") is not None, row.id
        if not row.missing:
            mark = page.find(f".//mark[@id='{row.id}']")
            assert text_of(mark) == row["printed"], row.id
            assert mark.find("a").get("href") == f"#row-{row.id}"


def test_the_page_of_a_source_holds_its_text_to_the_last_blank(pages, belgium) -> None:
    for document, text in belgium.texts.items():
        assert text_of(pages[f"evidence/{document}.html"].find(".//article[@id='source']")) == text.text


def test_every_number_behind_a_fact_or_figure_is_one_click_from_its_words(pages, edition, belgium) -> None:
    told = {one for fact in editions.stored(edition, "facts.json") if not fact["id"].startswith("edition-") for one in fact["inputs"]}
    assert len(told) > 50
    assert {f"evidence/{belgium.by_id[one].document}.html#{one}" for one in told} <= set(links(pages["index.html"]))


def test_every_finding_holds_its_headline_figure_caveats_and_files(pages, edition) -> None:
    for figure in editions.stored(edition, "figures/figures.json"):
        block = pages["index.html"].find(f".//article[@id='finding-{figure['id']}']")
        told = text_of(block)
        assert text_of(block.find(".//h3")) == figure["title"] and figure["subtitle"] in told and figure["source"] in told
        assert all(note in told for note in figure["notes"]), figure["id"]
        usual = [one for one in figure["files"] if one.get("scheme", "light") == "light" and one.get("size", "page") in ("page", "phone")]
        files = {f"figures/{one['file']}" for one in usual}
        assert files <= set(links(block))
        drawn = drawings(block)
        assert [drawing.get("class") for drawing in drawn] == ["chart page", "chart phone"], figure["id"]
        for drawing in drawn:
            assert told_by(drawing) == (figure["title"], figure["alt"]), figure["id"]
            assert drawing.get("width") and drawing.get("height")


def test_every_change_and_share_is_told_with_its_arithmetic_and_in_its_own_block_all_its_caveats(pages, edition) -> None:
    facts = [fact for fact in editions.stored(edition, "facts.json") if fact["id"].startswith(("trend-", "share-", "gap-"))]
    by_rows = {(fact["text"], tuple(fact["inputs"])): fact for fact in facts}
    found = set()
    for block, item in told_facts(pages["index.html"]):
        rows = tuple(chip.get("href").partition("#")[2] for chip in item.findall(".//a[@class='chip']"))
        fact = by_rows[text_of(item.find("p[@class='said']")), rows]
        found.add(fact["id"])
        assert fact["formula"] in text_of(item), fact["id"]
        assert all(caveat in text_of(block) for caveat in fact["caveats"]), fact["id"]
    assert found == {fact["id"] for fact in facts}


def test_a_finding_says_what_may_not_be_said_of_what_it_draws(pages, edition, belgium) -> None:
    held = [
        fact for fact in editions.stored(edition, "facts.json") if fact["id"].startswith(("trend-", "share-")) and fact["verdict"] == "hold"
    ]
    found = 0
    for figure in editions.stored(edition, "figures/figures.json"):
        drawn = (edition / "figures" / f"{figure['id']}.csv").read_text(encoding="utf-8")
        told = text_of(pages["index.html"].find(f".//article[@id='finding-{figure['id']}']"))
        for fact in held:
            metric = belgium.by_id[fact["inputs"][0]]["metric"]
            if belgium.metrics[metric]["group"] == figure["group"] and all(f",{one}," in drawn for one in fact["inputs"]):
                assert fact["text"] in told, (figure["id"], fact["id"])
                found += 1
    assert found > 5


def told_facts(page) -> list[tuple]:
    """Every fact told on the editor's page as (its block, itself): a fact outside the findings is its own block."""
    found = []
    for section in page.iter("section"):
        if section.get("id") in ("others", "holds", "gaps"):
            found += [(item, item) for way in ("ul", "details/ul") for item in section.findall(f"{way}[@class]/li")]
    for block in page.iter("article"):
        found += [(block, item) for item in block.findall("div/ul[@class='told']/li")]
    return found


def test_faults_documents_and_recommendations_are_whole(pages, belgium) -> None:
    told = text_of(pages["index.html"])
    for row in belgium.rows("faults"):
        assert row["description"] in told
    for row in belgium.rows("documents"):
        assert all(row[column] in told for column in ("title", "publisher", "rights", "sha256"))
    for row in belgium.rows("statements"):
        assert row["kind"] != "recommendation" or row["quote"] in told


def test_every_picture_is_described_and_every_table_labelled(pages) -> None:
    for name, page in pages.items():
        for image in page.iter("img"):
            assert len(image.get("alt", "")) > 20, name
        for drawing in drawings(page):
            title, description = told_by(drawing)
            assert len(title) > 10 and len(description) > 20, name
        for table in page.iter("table"):
            assert table.find("caption") is not None, name
            assert all(heading.get("scope") in ("col", "row") for heading in table.iter("th")), name


def test_every_page_can_be_found_ones_way_in(pages) -> None:
    for name, page in pages.items():
        assert page.get("lang") == "en"
        assert len(list(page.iter("h1"))) == 1, name
        assert len(list(page.iter("main"))) == 1
        assert page.find(".//body/a[@class='skip']").get("href") == "#content"
        levels = [int(element.tag[1]) for element in page.iter() if re.fullmatch("h[1-6]", str(element.tag))]
        assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)


def test_nothing_runs_and_nothing_is_fetched(pages, edition) -> None:
    for name, page in pages.items():
        tags = {local(element) for element in page.iter()}
        assert not tags & {"script", "style", "iframe", "object", "embed", "form", "base", "foreignObject", "animate", "set"}, name
        assert not [key for element in page.iter() for key in element.attrib if key.startswith("on") or key == "style"], name
        assert not [link for link in links(page) if re.match(r"[a-z]+:|//", link)], name
        policy = next(meta.get("content") for meta in page.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy")
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'")
    assert "//" not in re.sub(r"/\*.*?\*/", "", (edition / "assets" / "style.css").read_text(encoding="utf-8"))


def test_two_builds_are_the_same_bytes(filled, edition, tmp_path: Path) -> None:
    record, folder = filled
    shutil.copytree(folder, tmp_path / "elsewhere")
    paths = build(record, tmp_path / "elsewhere")
    again = {path.relative_to(tmp_path / "elsewhere"): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    assert again == {path: hashlib.sha256((edition / path).read_bytes()).hexdigest() for path in again}
    assert {path for path in again if path.parts[0] == "assets"} >= {Path("assets/style.css")}


def test_no_page_names_a_place_on_this_machine(edition) -> None:
    for path in edition.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text and str(edition) not in text


def test_an_edition_of_the_oldest_document_alone(tmp_path: Path) -> None:
    record = editions.fill(ROOT, tmp_path, "2005-01-01")
    build(record, tmp_path)
    pages = read_pages(tmp_path)
    assert {name for name in pages if name.startswith("evidence/")} == {"evidence/tip-2004.html"}
    assert "as known on 1 January 2005" in text_of(pages["index.html"])
    test_every_link_leads_to_something(pages, tmp_path)


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.html")), ids=lambda path: path.name)
def test_no_number_is_typed_into_a_template(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"SHA-256", "", text)
    assert not re.findall(r"\d", text)


def test_what_must_not_be_compared_is_told_of_both_metrics_and_leads_from_each_to_the_other(pages, belgium) -> None:
    places = {element.get("id"): element for element in pages["index.html"].iter() if (element.get("id") or "").startswith("metric-")}
    assert belgium.rows("incomparable")
    for row in belgium.rows("incomparable"):
        for one, other in ((row["metric"], row["other"]), (row["other"], row["metric"])):
            (told,) = [item for item in places[f"metric-{one}"].iter("li") if item.find(f"a[@href='#metric-{other}']") is not None]
            assert text_of(told) == f"Not to be compared with {belgium.metrics[other]['label']}: {row['reason']}"


def test_a_keyed_number_leads_to_what_it_must_not_be_compared_with(pages, belgium) -> None:
    row = next(element for element in pages["evidence/tip-2025.html"].iter("tr") if element.get("id") == "row-tip-2025-046")
    assert "Not to be compared" not in text_of(row)
    row = next(element for element in pages["evidence/tip-2025.html"].iter("tr") if element.get("id") == "row-tip-2025-019")
    (told,) = [link for link in row.iter("a") if link.get("href") == "../index.html#metric-convictions"]
    labels = [belgium.metrics[other]["label"] for other in kept_apart(belgium)["convictions"]]
    assert text_of(told) == "Not to be compared with " + ", ".join(f"“{label}”" for label in labels[:-1]) + f" and “{labels[-1]}”"


def test_no_code_of_a_metric_stands_in_its_definitions(pages, belgium) -> None:
    methods = pages["index.html"].find(".//section[@id='methods']")
    told = [text_of(cell) for table in methods.findall(".//details//table") for cell in table.iter("td")]
    assert not [text for text in told for code in belgium.metrics if "_" in code and re.search(rf"\b{code}\b", text)]
