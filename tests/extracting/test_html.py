"""The text of a page is all that it says, without the navigation around it.

The fixtures are invented; their markup is in the style of a State Department, a Refworld and an ecoi page. The text beside each is what
must come out of it.
"""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tieout.extracting import html
from tieout.extracting.problems import Unreadable

PAGES = ROOT / "tests" / "fixtures" / "reports"
AROUND = {
    "state": ["Skip to content", "official website", "Policy Issues", "7 cookies", "Share this page", "In this section",
              "Bureau of Western Affairs", "42 things", "1989", "Copyright 2031"],
    "refworld": ["Leader in Refugee", "190,000", "You are here", "Font size 12", "Prostitution", "8 servers"],
    "ecoi": ["Deutsch", "2 kinds of cookies", "2031999", "Share", "300 workers", "3 donors"],
}  # fmt: skip


def text_of(markup: str | bytes) -> str:
    raw = markup if isinstance(markup, bytes) else markup.encode("utf-8")
    return html.read(raw, "")[0]


@pytest.mark.parametrize("name", AROUND)
def test_everything_that_a_page_says_is_there_and_its_navigation_is_not(name: str) -> None:
    text, _, told = html.read((PAGES / f"{name}.html").read_bytes(), "")
    assert text == (PAGES / f"{name}.txt").read_text(encoding="utf-8")
    for words in AROUND[name]:
        assert words not in text
    assert all(line.startswith("Left out as navigation: ") for line in told)
    assert len(told) >= 6


def test_headings_tables_notes_lists_and_captions_keep_the_order_of_the_page() -> None:
    markup = (
        "<h1>Report 2031</h1><table><caption>Cases</caption><tr><th>Year</th><th>Cases</th></tr><tr><td>2030</td><td> 12 </td></tr></table>"
        "<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>bare text<br>after a break<p>para</p>tail"
        "<figcaption>Map 1</figcaption><aside>Note 2</aside><pre>a  b\nc</pre>"
    )
    assert text_of(markup).split("\n") == [
        "Report 2031", "Cases", "Year\tCases", "2030\t12", "one", "inner", "two", "bare text", "after a break", "para", "tail", "Map 1",
        "Note 2", "a b", "c", "",
    ]  # fmt: skip


def test_words_parted_by_markup_stay_one_and_cells_stay_apart() -> None:
    assert text_of("<p>traf<em>fick</em>ing of 1<b>2</b> <a>people</a>, x<sup>th</sup></p>") == "trafficking of 12 people, xth\n"
    assert text_of("<table><tr><td>12</td><td>34</td></tr></table>") == "12\t34\n"


def test_the_mark_of_a_note_does_not_become_a_digit_of_its_number() -> None:
    assert text_of('<p>In 1995<sup><a href="#1">1</a></sup>, 12<sup>[3]</sup> cases</p>') == "In 1995¹, 12[3] cases\n"


def test_spaces_that_do_not_break_stay_and_entities_are_letters() -> None:
    assert text_of("<p>17&nbsp;traffickers &ndash; &euro;1.38&#160;million &amp;  \n more</p>") == (
        "17\u00a0traffickers – €1.38\u00a0million & more\n"
    )


WORDS = "café – 12 “cases” for €5"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (f"<meta charset=utf-8><p>{WORDS}</p>".encode(), 0),
        (f"<p>{WORDS}</p>".encode(), 0),
        (f"\ufeff<p>{WORDS}</p>".encode(), 0),
        (f"\ufeff<p>{WORDS}</p>".encode("utf-16-le"), 0),
        (f"<meta charset='windows-1252'><p>{WORDS}</p>".encode("cp1252"), 0),
        (f'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>{WORDS}</p>'.encode("cp1252"), 0),
        (f'<?xml version="1.0" encoding="utf-8"?><p>{WORDS}</p>'.encode(), 0),
        (f"<p>{WORDS}</p>".encode("cp1252"), 1),
    ],
    ids=["declared", "undeclared", "mark", "utf-16", "windows-1252", "latin-1 as browsers", "xml", "undeclared windows-1252"],
)
def test_the_encoding_is_the_one_that_a_browser_takes(raw: bytes, told: int) -> None:
    text, _, lines = html.read(raw, "")
    assert text == f"{WORDS}\n"
    assert len(lines) == told and all("windows-1252" in line and WORDS[:4] in line for line in lines)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("<meta charset=utf-8><p>café</p>".encode("latin-1"), "not in its encoding"),
        (b"<meta charset=klingon><p>12</p>", "'klingon', which nobody knows"),
        (b"<meta charset=base64><p>12</p>", "encoding"),
        (b"<html><script>document.write(12)</script></html>", "holds no text"),
        (b"<html><!-- 12 --></html>", "holds no text"),
        (b"<div>" * 600 + b"12", "nests its elements"),
    ],
)
def test_what_cannot_be_read_is_told(raw: bytes, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        html.read(raw, "")


def test_pages_are_for_pdfs() -> None:
    with pytest.raises(Unreadable, match="--pages is for PDFs"):
        html.read(b"<p>12</p>", "1")


@pytest.mark.parametrize("name", ["related", "toc", "menu-page", "page-with-sidebar"])
def test_a_name_alone_never_leaves_out_the_greater_part_of_a_page(name: str) -> None:
    words = "Police investigated 12 cases in 2030. " * 5
    assert text_of(f"<div class='top'>Home</div><div class='{name}'><p>{words}</p></div>") == f"Home\n{words.strip()}\n"


def test_what_stands_before_any_body_is_text_too() -> None:
    assert text_of("<meta charset=utf-8><title>x</title><main><p>12 cases</p></main>") == "12 cases\n"


def test_the_header_and_footer_of_an_article_are_its_own() -> None:
    markup = "<header>Site</header><article><header>Tier 2</header><p>12 cases</p><footer>Note 3</footer></article><footer>Imprint</footer>"
    assert text_of(markup) == "Tier 2\n12 cases\nNote 3\n"


NAMES = st.sampled_from(
    ["div", "p", "span", "b", "ul", "li", "section", "article", "nav", "aside", "footer", "header", "table", "h2", "button"]
)
CLASSES = st.sampled_from(["", "menu", "share", "related", "text", "footnotes", "sidebar"])
LEAVES = st.integers(100, 999).map(lambda number: f"w{number}")
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(NAMES, CLASSES, st.lists(inner, min_size=1, max_size=4)).map(
        lambda node: f'<{node[0]} class="{node[1]}">{" ".join(node[2])}</{node[0]}>'
    ),
    max_leaves=25,
)


@given(TREES, st.sampled_from(["<html><body>", "<title>x</title>", "<meta charset=utf-8>", ""]))
def test_every_word_is_in_the_text_or_told_as_left_out(markup: str, opening: str) -> None:
    wanted = sorted(re.findall(r"w\d{3}", markup))
    reading = html._Reading()
    from lxml import html as lxml_html

    lines = reading.lines(lxml_html.document_fromstring(opening + markup))
    assert sorted(re.findall(r"w\d{3}", " ".join([*lines, *reading.left_out]))) == wanted


@given(st.lists(st.text(alphabet="ab 1,.é–<&\u00a0'\"", min_size=1, max_size=30), min_size=1, max_size=5))
def test_paragraphs_read_back_as_they_were_written(paragraphs: list[str]) -> None:
    written = [re.sub(" +", " ", one).strip(" ") for one in paragraphs]
    written = [one for one in written if one.strip()]
    markup = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    if written:
        assert text_of(f"<meta charset=utf-8>{markup}").split("\n")[:-1] == written
