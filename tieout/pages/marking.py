"""A source's text as nested, marked stretches: numbers by their fate, quotes of rows, passages kept as words.

Quotes may lie inside one another or overlap. Overlapping stretches are cut, never crossed, so that the marked text is
always well-formed, and its characters are always, to the last blank, those of the source.

Every mark has an anchor of its own. A row's mark has the row's id; any other number has ``at-`` and the offset at which it
stands, which moves as little as the source itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tieout.accounting import KEYED, OPEN, PERIOD, SET_ASIDE, Mark, account
from tieout.identities import wholes
from tieout.pages.words import REASONS
from tieout.record import Record, Row
from tieout.texts import Text

HEADING_LENGTH = 100
PART, GAP, PASSAGE, QUOTE = "part", "gap", "passage", "quote"


@dataclass(frozen=True)
class Span:
    """A stretch of a text: ``kind`` says what became of it; ``anchors`` are the ids that links reach it by; ``to`` is where it leads.

    ``kind`` is a fate of ``accounting``, ``part`` (keyed, and part of a total), ``gap`` (words that say that nothing is
    reported), ``passage`` or ``quote``. ``rows`` are the rows behind it; where each has an anchor, in the order of ``anchors``.
    """

    start: int
    end: int
    kind: str
    anchors: tuple[str, ...] = ()
    to: str = ""
    title: str = ""
    rows: tuple[Row, ...] = ()


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
    return blocks(record.texts[document].text, spans_of(record, document))


def blocks(text: str, spans: list[Span]) -> list[Block]:
    """A text in blocks, with these stretches marked; an outer stretch comes before those inside it."""
    stretches = list(_stretches(text))
    within = _by_stretch(spans, stretches)
    return [_block(text, within[place], start, end, after) for place, (start, end, after) in enumerate(stretches)]


def _by_stretch(spans: Iterable[Span], stretches: list[tuple[int, int, str]]) -> dict[int, list[Span]]:
    """The marks that reach into each stretch of a text, by its place."""
    starts, ends = [start for start, _, _ in stretches], [end for _, end, _ in stretches]
    found: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        for place in range(bisect_right(ends, span.start), bisect_left(starts, span.end)):
            found[place].append(span)
    return found


def spans_of(record: Record, document: str) -> list[Span]:
    """Every marked stretch of a document, quotes included: passages, then quotes, then numbers, each in the order of the page."""
    return record.once(_spans_of, document)


def _spans_of(record: Record, document: str) -> list[Span]:
    text = record.texts[document]
    found = [_in_order(spans) for spans in (_passages(record, text), _quotes(record, text), _numbers(record, text))]
    return [span for spans in found for span in spans]


def asides(record: Record, document: str) -> dict[str, Row]:
    """The set-aside rows of a document by the name that links within its page know them by, in the order of the file."""
    text, found = record.texts[document], {}
    for place, row in enumerate(record.rows_of("set_aside", document), 1):
        at = text.find(row["context"])
        name = f"aside-{at[0] + row['context'].find(row['printed'])}" if len(at) == 1 else f"aside-lost-{place}"
        found[name if name not in found else f"{name}-{place}"] = row
    return found


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


def _block(text: str, inside: list[Span], start: int, end: int, after: str) -> Block:
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


def _in_order(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.start, -span.end))


def _passages(record: Record, text: Text) -> Iterable[Span]:
    for row in record.rows_of("statements", text.document):
        for place in text.find(row["quote"])[:1]:
            title = f"{row['kind'].capitalize()}: {row['label']}"
            yield Span(place, place + len(row["quote"]), PASSAGE, (row.id,), f"row-{row.id}", title, (row,))


def _quotes(record: Record, text: Text) -> Iterable[Span]:
    """The quotes of metrics rows, each stretch once; that of a number not reported carries the row's own anchor."""
    shared = defaultdict(list)
    for row in record.rows_of("metrics", text.document):
        for place in text.find(row["quote"])[:1]:
            shared[place, place + len(row["quote"])].append(row)
    for (start, end), rows in shared.items():
        missing = tuple(row for row in rows if row.missing)
        if missing:
            title = "Not reported: " + "; ".join(record.metrics[row["metric"]]["label"] for row in missing)
            yield Span(start, end, GAP, tuple(row.id for row in missing), f"row-{missing[0].id}", title, missing)
        else:
            yield Span(start, end, QUOTE, rows=tuple(rows))


def _numbers(record: Record, text: Text) -> Iterable[Span]:
    names = {row.id: name for name, row in asides(record, text.document).items()}
    parts, seen = wholes(record), set()
    for mark in account(record, text.document):
        yield _keyed(record, mark, parts, seen) if mark.fate == KEYED else _unkeyed(mark, names)
        seen |= {row.id for row in mark.rows if mark.fate != PERIOD}
    yield from _words_set_aside(record, text, seen, names)


def _keyed(record: Record, mark: Mark, parts: dict[str, tuple[Row, ...]], seen: set[str]) -> Span:
    """A keyed number with its row's own anchor; a number that only a faulty record keys twice has that of its place."""
    rows = tuple(row for row in mark.rows if "id" in row.cells)
    anchors = tuple(row.id for row in rows if row.id not in seen) or (_at(mark.number.start),)
    totals = [total.id for total in parts.get(rows[0].id, ())]
    label = record.metrics[rows[0]["metric"]]["label"]
    title = f"Keyed as {rows[0].id}: {label}" + (f"; part of {', '.join(totals)}" if totals else "")
    return Span(mark.number.start, mark.number.end, PART if totals else KEYED, anchors, f"row-{rows[0].id}", title, rows)


def _unkeyed(mark: Mark, names: dict[str, str]) -> Span:
    """A year of keyed numbers, a number set aside, or one that nobody has accounted for."""
    start, row = mark.number.start, mark.rows[0] if mark.rows else None
    to, title = {
        PERIOD: lambda: (f"year-{start}", f"Year of {', '.join(one.id for one in mark.rows)}"),
        SET_ASIDE: lambda: (names[row.id], f"Set aside: {REASONS[row['reason']]}"),
        OPEN: lambda: (f"open-{start}", "Not accounted for"),
    }[mark.fate]()
    return Span(start, mark.number.end, mark.fate, (_at(start),), to, title, mark.rows)


def _words_set_aside(record: Record, text: Text, seen: set[str], names: dict[str, str]) -> Iterable[Span]:
    """The set-aside rows that claim words and no number, such as ``no data``."""
    for row in record.rows_of("set_aside", text.document):
        places = text.find(row["context"]) if row.id not in seen else []
        if len(places) == 1:
            start = places[0] + row["context"].find(row["printed"])
            title = f"Set aside: {REASONS[row['reason']]}"
            yield Span(start, start + len(row["printed"]), SET_ASIDE, (_at(start),), names[row.id], title, (row,))


def _at(start: int) -> str:
    """The anchor of a number that is no row's own."""
    return f"at-{start}"
