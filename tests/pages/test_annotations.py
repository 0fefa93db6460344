"""The marks as web annotations: each selector finds its words in the seed, and nothing but the model's own terms is used."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.pages.conftest import ids_of
from tieout.identities import wholes
from tieout.pages.annotations import AROUND, collection
from tieout.pages.marking import QUOTE, spans_of

pytestmark = pytest.mark.xdist_group("pages")
making = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # record_of keeps nothing from one record to the next
MOTIVATIONS = {"assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying", "linking",
               "moderating", "questioning", "replying", "tagging"}  # fmt: skip
TERMS = {"@context", "id", "type", "label", "total", "first", "startIndex", "items", "motivation", "body", "target", "source", "canonical",
         "selector", "exact", "prefix", "suffix", "start", "end", "purpose", "format", "language", "value"}  # fmt: skip


@pytest.fixture(scope="module")
def stored(edition, belgium) -> dict[str, dict]:
    """The annotations of every document as the edition holds them."""
    return {document: json.loads((edition / "evidence" / f"{document}.jsonld").read_text(encoding="utf-8")) for document in belgium.texts}


def applied(annotation: dict, text: str) -> tuple[str, str]:
    """What the two selectors of an annotation select; ValueError where the words do not stand where they are said to stand."""
    quote, position = annotation["target"]["selector"]
    assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    around = quote["prefix"] + quote["exact"] + quote["suffix"]
    places = [match.start() for match in re.finditer(f"(?={re.escape(around)})", text)]
    places = [place for place in places if place + len(quote["prefix"]) == position["start"]]
    return text[position["start"] : position["end"]], text[places[0] + len(quote["prefix"]) :][: len(quote["exact"])]


def test_every_selector_finds_its_words_in_the_seed(stored) -> None:
    for document, found in stored.items():
        text = (ROOT / "seeds" / "bel" / f"{document}.txt").read_bytes().decode("utf-8")
        for one in found["first"]["items"]:
            exact = one["target"]["selector"][0]["exact"]
            assert applied(one, text) == (exact, exact), one["id"]
            assert len(one["target"]["selector"][0]["prefix"]) == min(AROUND, one["target"]["selector"][1]["start"])


def test_the_source_is_the_registered_one_by_its_place_and_by_its_digest(stored, belgium) -> None:
    for document, found in stored.items():
        for one in found["first"]["items"]:
            source = one["target"]["source"]
            seed = (ROOT / "outputs" / "bel" / "evidence" / source["id"]).resolve()
            assert seed == ROOT / belgium.documents[document]["seed"]
            assert source["canonical"] == f"nih:sha-256;{hashlib.sha256(seed.read_bytes()).hexdigest()}"


def test_there_is_one_annotation_for_each_mark_and_passage_named_as_on_the_page(stored, pages) -> None:
    for document, found in stored.items():
        items = found["first"]["items"]
        anchors = ids_of(pages[f"evidence/{document}.html"].find(".//article[@id='source']"))[1:]
        assert sorted(one["id"] for one in items) == sorted(f"{document}.jsonld#{anchor}" for anchor in anchors)
        assert found["total"] == len(items) > 0


def test_only_terms_and_motivations_of_the_recommendation_are_used(stored) -> None:
    def terms(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {term for inner in value.values() for term in terms(inner)}
        return {term for inner in value for term in terms(inner)} if isinstance(value, list) else set()

    for found in stored.values():
        assert terms(found) <= TERMS
        assert (found["@context"], found["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationCollection")
        assert found["first"]["type"] == "AnnotationPage"
        for one in found["first"]["items"]:
            assert one["type"] == "Annotation"
            assert {one["motivation"], *(body["purpose"] for body in one["body"])} <= MOTIVATIONS


def test_a_body_says_what_became_of_a_number(stored, belgium) -> None:
    bodies = {one["id"].partition("#")[2]: one["body"] for found in stored.values() for one in found["first"]["items"]}
    for row in (*belgium.rows("metrics"), *belgium.rows("statements")):
        (cells,) = (json.loads(body["value"]) for body in bodies[row.id] if body.get("format") == "application/json")
        assert cells == row.cells
    for part, totals in wholes(belgium).items():
        links = [body["source"] for body in bodies[part] if body["purpose"] == "linking"]
        assert links == [f"{total.document}.jsonld#{total.id}" for total in totals]
        assert "part" in [body.get("value") for body in bodies[part]]
    for document in belgium.texts:
        for span in spans_of(belgium, document):
            if span.kind == "set_aside":
                assert span.rows[0]["reason"] in [body.get("value") for body in _bodies(stored[document], span.anchors[0])]
            if span.kind == "period":
                links = [body["source"] for body in _bodies(stored[document], span.anchors[0]) if body["purpose"] == "linking"]
                assert links == [f"{document}.jsonld#{row.id}" for row in span.rows]


def _bodies(found: dict, anchor: str) -> list[dict]:
    return next(one["body"] for one in found["first"]["items"] if one["id"].endswith(f"#{anchor}"))


LETTERS = st.sampled_from(["7", " ", "é", "e\u0301", "😀", "𝟜", "\n", "“", "x", ".", "2023"])


@making
@given(st.lists(LETTERS, max_size=60))
def test_positions_count_code_points_whatever_the_text_holds(record_of, letters) -> None:
    text = "".join(letters) + " 12 cases"
    record = record_of(text, documents=[{"document": "doc-1", "seed": "seeds/xyz/doc-1.txt"}])
    found = json.loads(json.dumps(collection(record, "doc-1")))
    assert found["total"] == len([span for span in spans_of(record, "doc-1") if span.kind != QUOTE]) > 0
    for one in found["first"]["items"]:
        exact = one["target"]["selector"][0]["exact"]
        assert applied(one, text) == (exact, exact)
