"""A source's text as nested, marked stretches: numbers by their fate, quotes of rows, passages kept as words.

Quotes may lie inside one another or overlap. Overlapping stretches are cut, never crossed, so that the marked text is
always well-formed, and its characters are always, to the last blank, those of the source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tieout.accounting import KEYED, SET_ASIDE, Mark, account
from tieout.pages.words import REASONS
from tieout.record import Record
from tieout.texts import Text

HEADING_LENGTH = 100


@dataclass(frozen=True)
class Span:
    """A stretch of a text: ``kind`` says what it is; ``anchors`` are the ids that links reach it by; ``to`` is where it leads."""

    start: int
    end: int
    kind: str
    anchors: tuple[str, ...] = ()
    to: str = ""
    title: str = ""


@dataclass(frozen=True)
class Node:
    """A stretch with what stands in it; a node without a span is plain text."""

    text: str = ""
    span: Span | None = None
    inside: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or a run of tab-separated lines; ``lines`` hold cells, and cells hold nodes.

    ``after`` is the blank space up to the next block, so that nothing of the source is lost.
    """

    kind: str
    lines: tuple[tuple[tuple[Node, ...], ...], ...] = field(default=())
    after: str = ""


def marked(record: Record, document: str) -> list[Block]:
    """The document's text in blocks, with every number, quote and passage marked."""
    text = record.texts[document]
    spans = [*_passages(record, text), *_quotes(record, text), *_numbers(record, text)]
    return [_block(text.text, spans, start, end, after) for start, end, after in _stretches(text.text)]


def aside_names(record: Record, document: str) -> dict[str, str]:
    """A name for each set-aside row of a document, by the row's own id, for links within its page."""
    rows = [row for row in record.rows("set_aside") if row.document == document]
    return {row.id: f"aside-{place}" for place, row in enumerate(rows, 1)}


def nested(text: str, spans: Iterable[Span], start: int, end: int) -> tuple[Node, ...]:
    """The characters from ``start`` to ``end`` as nodes; a stretch that crosses an earlier one's end is cut there.

    The second part of a cut stretch keeps its look and gives up its anchors, which may stand only once in a page.
    """
    waiting = [found for span in spans if (found := _cut(span, start, end))]
    nodes, at = [], start
    while waiting:
        waiting.sort(key=lambda span: (span.start, -span.end))
        outer = waiting.pop(0)
        if at < outer.start:
            nodes.append(Node(text[at : outer.start]))
        within = [span for span in waiting if span.start < outer.end]
        nodes.append(Node(span=outer, inside=nested(text, within, outer.start, outer.end)))
        waiting = [found for span in waiting if (found := _cut(span, outer.end, end))]
        at = outer.end
    return (*nodes, Node(text[at:end])) if at < end else tuple(nodes)


def _cut(span: Span, start: int, end: int) -> Span | None:
    """The part of a stretch that lies between two offsets."""
    if span.end <= start or end <= span.start:
        return None
    anchors = span.anchors if start <= span.start else ()
    return replace(span, start=max(span.start, start), end=min(span.end, end), anchors=anchors)


def _stretches(text: str) -> Iterable[tuple[int, int, str]]:
    """The blocks of a text as (start, end, blank space after); blank lines part them."""
    body = len(text.rstrip())
    ends = [(match.start(), match.end()) for match in re.compile(r"\n\s*\n").finditer(text, 0, body)]
    start = len(text) - len(text.lstrip())
    if start:
        yield 0, 0, text[:start]
    for end, following in [*ends, (body, len(text))]:
        if start < end:
            yield start, end, text[end:following]
            start = following


def _block(text: str, spans: list[Span], start: int, end: int, after: str) -> Block:
    inside = [span for span in spans if span.start < end and start < span.end]
    lines, at = [], start
    for line in text[start:end].splitlines(keepends=True):
        cells = []
        for cell in re.findall(r"[^\t]*\t|[^\t]+", line):
            cells.append(nested(text, inside, at, at + len(cell)))
            at += len(cell)
        lines.append(tuple(cells))
    return Block(_kind(text[start:end]), tuple(lines), after)


def _kind(words: str) -> str:
    if "\t" in words:
        return "tabbed"
    short = "\n" not in words and len(words) <= HEADING_LENGTH
    return "heading" if words.startswith("#") or (short and words.isupper()) else "paragraph"


def _passages(record: Record, text: Text) -> Iterable[Span]:
    for row in record.rows("statements"):
        for place in text.find(row["quote"])[:1] if row.document == text.document else []:
            title = f"{row['kind'].capitalize()}: {row['label']}"
            yield Span(place, place + len(row["quote"]), "passage", (row.id,), f"row-{row.id}", title)


def _quotes(record: Record, text: Text) -> Iterable[Span]:
    """The quotes of metrics rows, each stretch once; that of a number not reported carries the row's own anchor."""
    shared = defaultdict(list)
    for row in record.rows("metrics"):
        for place in text.find(row["quote"])[:1] if row.document == text.document else []:
            shared[place, place + len(row["quote"])].append(row)
    for (start, end), rows in shared.items():
        missing = [row for row in rows if row.missing]
        if missing:
            title = "Not reported: " + "; ".join(record.metrics[row["metric"]]["label"] for row in missing)
            yield Span(start, end, "gap", tuple(row.id for row in missing), f"row-{missing[0].id}", title)
        else:
            yield Span(start, end, "quote")


def _numbers(record: Record, text: Text) -> Iterable[Span]:
    asides, seen = aside_names(record, text.document), set()
    for mark in account(record, text.document):
        yield _number(record, mark, asides, seen)
        seen |= {row.id for row in mark.rows}


def _number(record: Record, mark: Mark, asides: dict[str, str], seen: set[str]) -> Span:
    """A number with its fate; a keyed one carries its row's anchor, one set aside that of its row's first number."""
    start, end = mark.number.start, mark.number.end
    if not mark.rows:
        return Span(start, end, mark.fate, title="Not accounted for")
    row = mark.rows[0]
    if mark.fate == SET_ASIDE:
        anchors = tuple(f"at-{asides[one.id]}" for one in mark.rows if one.id not in seen)
        return Span(start, end, mark.fate, anchors, asides[row.id], f"Set aside: {REASONS[row['reason']]}")
    label = record.metrics[row["metric"]]["label"]
    if mark.fate == KEYED:
        anchors = tuple(one.id for one in mark.rows if "id" in one.cells)
        return Span(start, end, mark.fate, anchors, f"row-{row.id}", f"Keyed as {row.id}: {label}")
    return Span(start, end, mark.fate, (), f"row-{row.id}", f"Period of {row.id}: {label}")
