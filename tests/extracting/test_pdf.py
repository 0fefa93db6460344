"""The text of a PDF is what its pages print, a paragraph a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extracting import pdfs
from tieout.extracting import pdf
from tieout.extracting.problems import Unreadable

PARAGRAPHS = [
    "The government investigated 1,204 cases in 2030, compared with 987 cases in 2029, and prosecuted 64 suspects. " * 3,
    "Courts convicted 29 traffickers; 17 of them were sentenced to three to five years. The fines came to $1.38 million. " * 3,
    "Authorities identified 93 victims, including 41 women and 8 children, in 11 of 14 provinces. " * 4,
]
PARAGRAPHS = [" ".join(one.split()) for one in PARAGRAPHS]


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_every_paragraph_is_one_line_in_columns_too(columns: int) -> None:
    text, _, _ = pdf.read(pdfs.typeset([PARAGRAPHS, PARAGRAPHS[:2]], columns), "")
    assert text.splitlines() == [*PARAGRAPHS, "", *PARAGRAPHS[:2]]


def test_the_mark_of_a_note_does_not_become_a_digit_of_its_number() -> None:
    text, _, _ = pdf.read(pdfs.typeset([["The law of 1995<super>1</super> covers 27<super>12</super> crimes and x10."]]), "")
    assert text == "The law of 1995¹ covers 27¹² crimes and x10.\n"


def test_lists_and_headings_stay_apart() -> None:
    page = ["PRIORITIZED RECOMMENDATIONS", "1. Train all 230 inspectors.", "2. Open 2 shelters."]
    assert pdf.read(pdfs.lines([page]), "")[0].splitlines() == page


def test_a_hyphen_at_the_end_of_a_line_goes_only_where_the_document_has_the_word_without() -> None:
    page = [
        "The police investigated the cases of trafficking in 2030, and anti-",
        "corruption units joined them; the report on traf-",
        "ficking covers 2028-",
        "2030 and a 24-",
        "hour hotline.",
    ]
    text, _, told = pdf.read(pdfs.lines([page]), "")
    assert "anti-corruption units" in text and "report on trafficking covers 2028-2030 and a 24-hour hotline." in text
    assert told == [
        "Hyphens at line ends that went, for the document has the word without: traf-ficking.",
        "Hyphens at line ends that stayed; look at each on the page: 2028-2030, 24-hour, anti-corruption.",
    ]


def test_only_the_pages_asked_for_are_read_and_in_that_order() -> None:
    text, _, told = pdf.read(pdfs.lines([[f"Page with {number} cases."] for number in (11, 12, 13, 14)]), "4,1-2")
    assert text == "Page with 14 cases.\n\nPage with 11 cases.\n\nPage with 12 cases.\n"
    assert "Taken: 3 of 4 pages." in told


def test_what_the_file_says_of_itself_is_known() -> None:
    assert pdf.read(pdfs.lines([["12 cases"]], title="Report of 2031"), "")[1]["title"] == "Report of 2031"


@pytest.mark.parametrize(
    ("content", "pages", "told"),
    [
        (pdfs.lines([["7 cases"], [], ["8 cases"], [], []]), "", "a scan without text: pages 2, 4, 5 have none"),
        (pdfs.lines([[]]), "", "a scan without text: page 1 has none"),
        (pdfs.lines([["7 cases"]], user="secret"), "", "asks for a password"),
        (pdfs.lines([["7 cases"]])[:300], "", "broken PDF"),
        (b"%PDF-1.7\nnothing of the kind", "", "broken PDF"),
        (pdfs.raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]), "", "broken PDF"),
        (pdfs.lines([["7 cases"]]), "2", "asks for page 2, and it has 1"),
        (pdfs.lines([["7 cases"]]), "one", "names no pages"),
        (pdfs.lines([["7 cases"]] * 151), "", "has 151 pages. Name those of the country"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, pages: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        pdf.read(content, pages)


def test_a_scanned_page_that_is_not_asked_for_is_no_matter() -> None:
    assert pdf.read(pdfs.lines([["7 cases"], []]), "1")[0] == "7 cases\n"


def test_a_file_that_asks_not_to_be_copied_is_read_and_says_so() -> None:
    text, _, told = pdf.read(pdfs.lines([["7 cases in 2030"]], user=""), "")
    assert text == "7 cases in 2030\n" and any("asks readers not to copy" in line for line in told)
    assert not any("asks readers" in line for line in pdf.read(pdfs.lines([["7 cases"]]), "")[2])


PARTS = st.tuples(st.integers(1, 60), st.integers(1, 60)).map(sorted)


@given(st.lists(PARTS, min_size=1, max_size=4), st.sampled_from(["{}-{}", " {} - {} ", "{}–{}"]))
def test_page_ranges_read_back(parts: list[list[int]], form: str) -> None:
    wanted = [number for first, last in parts for number in range(first, last + 1)]
    written = ",".join(form.format(first, last) if first != last else str(first) for first, last in parts)
    if len(set(wanted)) == len(wanted):
        assert pdf.page_numbers(written, 60) == wanted
    else:
        with pytest.raises(Unreadable, match="twice"):
            pdf.page_numbers(written, 60)


@given(st.text(alphabet="0123456789-–, x.１", max_size=12), st.integers(0, 500))
def test_whatever_is_asked_for_is_within_the_document_or_refused(written: str, count: int) -> None:
    try:
        found = pdf.page_numbers(written, count)
    except Unreadable as fault:
        assert "--pages" in str(fault)
    else:
        assert all(1 <= number <= count for number in found) and len(set(found)) == len(found)
