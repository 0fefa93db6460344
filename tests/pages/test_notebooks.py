"""The notebooks as pages: results for a reader, code for an auditor, and nothing that runs."""

from __future__ import annotations

from xml.etree.ElementTree import tostring

import html5lib
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.pages import editions
from tests.pages.conftest import drawings, text_of, told_by
from tieout.pages.folder import NOTEBOOKS
from tieout.pages.notebooks import rendered, title_of

pytestmark = pytest.mark.xdist_group("pages")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def page_of(*cells, code: bool = False):
    """The cells as a page shows them to a reader or, with ``code``, to an auditor; parsed."""
    html = rendered(new_notebook(cells=list(cells)), {}, code)
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(str(html))


def test_a_reader_sees_results_and_an_auditor_the_code_and_parameters_above_them() -> None:
    cells = [
        new_code_cell("country = 'bel'", metadata={"tags": ["parameters"]}, execution_count=1),
        new_code_cell("country = 'nld'", metadata={"tags": ["injected-parameters"]}, execution_count=2),
        new_code_cell("answer = '<b>'", outputs=[new_output("stream", text="<i>printed</i>")], execution_count=3),
    ]
    reader, auditor = page_of(*cells), page_of(*cells, code=True)
    for page in (reader, auditor):
        assert page.find(".//pre[@class='printed']").text == "<i>printed</i>"
        assert "In [" not in text_of(page)
    assert text_of(reader).strip() == "<i>printed</i>" and not list(reader.iter("code"))
    assert [text_of(pre) for pre in auditor.findall(".//pre[@class='code']")] == [cell.source for cell in cells]
    assert [lead.text for lead in auditor.findall(".//p[@class='lead']")] == ["Parameters [1]", "Parameters as run [2]", "Code [3]"]


def test_each_view_leads_to_the_other(pages, edition) -> None:
    for name, notebook in NOTEBOOKS.items():
        source = [cell.source for cell in nbformat.read(edition / "notebooks" / f"{notebook}.ipynb", 4).cells if cell.cell_type == "code"]
        reader, auditor = pages[f"{name}.html"], pages[f"{name}-code.html"]
        assert not reader.findall(".//pre[@class='code']")
        assert [text_of(pre) for pre in auditor.findall(".//pre[@class='code']")] == source
        assert f"{name}-code.html" in {link.get("href") for link in reader.iter("a")}
        assert f"{name}.html" in {link.get("href") for link in auditor.iter("a")}


@pytest.mark.parametrize("kind", ["image/png", "image/svg+xml"])
def test_a_picture_keeps_its_description_and_gets_no_other(kind: str) -> None:
    data = {kind: PIXEL if kind == "image/png" else "<svg xmlns='http://www.w3.org/2000/svg'/>"}
    told = new_output("display_data", data, metadata={kind: {"alt": 'Cases fell "slightly"'}})
    page = page_of(
        new_code_cell("", outputs=[told, new_output("display_data", data), new_output("display_data", {"text/html": '<img src="x.svg">'})])
    )
    assert [image.get("alt") for image in page.iter("img")] == ['Cases fell "slightly"', "", ""]
    assert "No description" not in str(rendered(new_notebook(cells=[new_code_cell("", outputs=[told])]), {}))


@pytest.mark.parametrize(("code", "times"), [(False, 6), (True, 7)])
def test_nothing_in_a_notebook_becomes_markup_that_runs(code: bool, times: int) -> None:
    attack = "<script>alert(1)</script>"
    outputs = [
        new_output(
            "display_data",
            {"text/html": f"<style>p {{}}</style><p onclick='x()'>told</p>{attack}<a href='javascript:x()'>a</a><b style='color:red'>"},
        ),
        new_output("display_data", {"text/markdown": attack}),
        new_output("display_data", {"text/plain": attack}),
        new_output("stream", name="stderr", text=attack),
        new_output("error", ename="E", evalue=attack, traceback=[f"\x1b[31m{attack}"]),
    ]
    page = page_of(new_markdown_cell(f"Told {attack} and [link](javascript:x())"), new_code_cell(attack, outputs=outputs), code=code)
    assert not {element.tag for element in page.iter()} & {"script", "style"}
    assert not [key for element in page.iter() for key in element.attrib if key in ("onclick", "style")]
    assert not [element for element in page.iter("a") if element.get("href", "").startswith("javascript")]
    assert text_of(page).count("alert(1)") == times


def test_the_first_heading_is_the_pages_and_the_others_stand_below_it() -> None:
    notebook = new_notebook(cells=[new_markdown_cell("# 2 · Trends\n\nTold."), new_markdown_cell("# Again\n\n## Below")])
    assert title_of(notebook, "") == "2 · Trends"
    html = str(rendered(notebook, {}))
    assert "Trends" not in html and "<h1" not in html and html.count("<h2") == 2


def test_the_figures_of_the_edition_are_shown_as_on_the_editors_page(pages, edition) -> None:
    figures = editions.stored(edition, "figures/figures.json")
    front = {told_by(drawing)[0] + drawing.get("class"): tostring(drawing) for drawing in drawings(pages["index.html"])}
    told = [(figure["title"], figure["alt"]) for figure in figures for _ in ("page", "phone")]
    for view in ("figures.html", "figures-code.html"):
        shown = drawings(pages[view])
        assert [told_by(drawing) for drawing in shown] == told
        assert [drawing.get("class") for drawing in shown] == ["chart page", "chart phone"] * len(figures)
        assert all(front[told_by(drawing)[0] + drawing.get("class")].strip() == tostring(drawing).strip() for drawing in shown)


def test_tables_scroll_in_their_own_box(pages) -> None:
    boxes = pages["validate.html"].findall(".//div[@class='scroll']/table")
    assert boxes and len(boxes) == len(list(pages["validate.html"].iter("table")))
