"""A source's text with its marks: nothing lost, nothing crossed, every number by its fate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.pages.marking import Node, Span, marked, nested

TEXT = "In 2023, courts convicted 104 and sentenced 88 of them.\n\nNothing else."


def flat(nodes: tuple[Node, ...]) -> str:
    """The characters of nodes, in order."""
    return "".join(flat(node.inside) if node.span else node.text for node in nodes)


def spans_in(nodes: tuple[Node, ...]) -> list[Span]:
    """Every stretch among nodes, outer before inner."""
    return [span for node in nodes if node.span for span in (node.span, *spans_in(node.inside))]


def test_a_stretch_that_crosses_another_is_cut_and_keeps_its_anchor_once() -> None:
    one, other = Span(0, 10, "quote", ("a",)), Span(5, 15, "quote", ("b",))
    nodes = nested(TEXT, [one, other], 0, 20)
    assert flat(nodes) == TEXT[:20]
    assert [(span.start, span.end, span.anchors) for span in spans_in(nodes)] == [(0, 10, ("a",)), (5, 10, ("b",)), (10, 15, ())]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=12))
def test_any_stretches_nest_without_loss(places: list[tuple[int, int]]) -> None:
    spans = [Span(start, min(start + length, len(TEXT)), "quote", (f"s{number}",)) for number, (start, length) in enumerate(places)]
    nodes = nested(TEXT, spans, 0, len(TEXT))
    assert flat(nodes) == TEXT
    anchors = [anchor for span in spans_in(nodes) for anchor in span.anchors]
    assert sorted(anchors) == sorted(anchor for span in spans for anchor in span.anchors)


def test_rows_that_share_a_quote_each_have_their_place(record_of) -> None:
    quote = "did not report investigations or prosecutions"
    row = {"metric": "m", "status": "O", "quote": quote}
    record = record_of(
        f"It {quote}.", codebook=[{"metric": "m", "label": "Cases"}], metrics=[row | {"id": "doc-1-001"}, row | {"id": "doc-1-002"}]
    )
    gaps = [span for block in marked(record, "doc-1") for span in spans_in(block.lines[0][0]) if span.kind == "gap"]
    assert [span.anchors for span in gaps] == [("doc-1-001", "doc-1-002")]


def test_every_number_is_marked_by_its_fate(record_of) -> None:
    keyed = {
        "id": "doc-1-001",
        "metric": "m",
        "status": "A",
        "start": "2023-01-01",
        "end": "2023-12-31",
        "printed": "104",
        "quote": "In 2023, courts convicted 104",
    }
    aside = {"printed": "88", "context": "sentenced 88", "reason": "repeated"}
    record = record_of(TEXT + " 7", codebook=[{"metric": "m", "label": "Cases"}], metrics=[keyed], set_aside=[aside])
    spans = [span for block in marked(record, "doc-1") for line in block.lines for cell in line for span in spans_in(cell)]
    fates = {(TEXT + " 7")[span.start : span.end]: span.kind for span in spans if span.kind != "quote"}
    assert fates == {"2023": "period", "104": "keyed", "88": "set_aside", "7": "open"}


def test_a_quote_over_two_cells_of_a_table_is_marked_in_both(record_of) -> None:
    row = {"id": "doc-1-001", "metric": "m", "status": "O", "quote": "Convention\tnot yet ratified"}
    record = record_of("Treaty\tYear\nConvention\tnot yet ratified\n", codebook=[{"metric": "m", "label": "Year"}], metrics=[row])
    block = marked(record, "doc-1")[0]
    assert block.kind == "tabbed"
    assert [[span.anchors for span in spans_in(cell)] for cell in block.lines[1]] == [[("doc-1-001",)], [()]]
