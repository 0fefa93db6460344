"""The recommendations of the last two reports of a series, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tieout.comparing import CAVEAT
from tieout.facts import Evidence, Fact
from tieout.figures.carried import DROPPED, FATES, MERGED, NEW, REWORDED, SAME, SPLIT, Carried, carried
from tieout.figures.plan import Plan, source_line
from tieout.record import Row
from tieout.wording import listed, number, sentence

if TYPE_CHECKING:
    from tieout.figures.canvas import Canvas

ID = "recommendations"
EXTRACT = "an extract only"  # the label of the passage that says so
NOTE = (
    "Only these two reports are compared, as far as they are at hand; others may lie between them. "
    "A recommendation may ask more or less than before under the same short name."
)


def plan(evidence: Evidence) -> Plan | None:
    """The plan of the figure; None where no two reports of a series have a recommendation in common."""
    found = _reports(evidence)
    if not found:
        return None
    earlier, later = found
    links = carried(_recommendations(evidence, earlier), _recommendations(evidence, later))
    documents = evidence.record.documents
    years = tuple(documents[one]["published"][:4] for one in (earlier, later))
    rows = [made for link in links for made in _rows(link, evidence, earlier, later)]
    ids = tuple(made["id"] for made in rows)
    said = (*_extracts(evidence, (earlier, later)), NOTE, *_reworded(links))
    title = Fact(f"figure-{ID}", _title(links, years), None, "", "", ids, CAVEAT, said)
    subtitle = f"Recommendations in the {documents[later]['series']}, {years[0]} and {years[1]}, compared by their wording."
    told = " ".join(f"{fate}: {listed(names)}." for fate in FATES if (names := [_name(link) for link in links if link.fate == fate]))
    alt = f"Two lists of recommendations, {years[0]} and {years[1]}, joined by lines where one was carried over. {title.text}. {told}"
    return Plan(ID, "assessment", title, subtitle, rows, said, source_line(evidence.record, (earlier, later)), alt)


def _extracts(evidence: Evidence, documents: Iterable[str]) -> list[str]:
    """A document that is an extract may lack recommendations that its report has: what is new beside it need not be new."""
    told = {row.document: row["quote"] for row in evidence.record.rows("statements") if row["label"] == EXTRACT}
    return [f"{one} is an extract (“{told[one]}”): what is not in it may have stood in its report." for one in documents if one in told]


def _reworded(links: list[Carried]) -> list[str]:
    """What the keyers say of recommendations that were carried over in other words."""
    moved = [link for link in links if link.fate in (REWORDED, MERGED, SPLIT)]
    said = [f"{row['label']}: {row['note']}" for link in moved for row in (*link.earlier, *link.later) if row["note"]]
    return [sentence(one) for one in dict.fromkeys(said)]


def _name(link: Carried) -> str:
    return f"{link.label} ({number(len(link.earlier))} into {number(len(link.later))})" if link.fate in (MERGED, SPLIT) else link.label


def _reports(evidence: Evidence) -> tuple[str, str] | None:
    """The last two reports of a series that make recommendations and share one."""
    series: dict[str, list[str]] = {}
    for document, row in evidence.record.documents.items():
        if _recommendations(evidence, document):
            series.setdefault(row["series"], []).append(document)
    pairs = [(documents[-2], documents[-1]) for documents in series.values() if len(documents) > 1]
    shared = [
        pair for pair in pairs if set.intersection(*({one["label"] for one in _recommendations(evidence, document)} for document in pair))
    ]
    order = list(evidence.record.documents)
    return max(shared, key=lambda pair: order.index(pair[1]), default=None)


def _recommendations(evidence: Evidence, document: str) -> list[Row]:
    return [row for row in evidence.record.rows_of("statements", document) if row["kind"] == "recommendation"]


def _rows(link: Carried, evidence: Evidence, earlier: str, later: str) -> list[dict[str, str]]:
    """A row for each statement: which report makes it, what became of it, and the statements it meets in the other."""
    made = []
    for side, document, met in ((link.earlier, earlier, link.later), (link.later, later, link.earlier)):
        published = evidence.record.documents[document]["published"]
        made += [{"id": one["id"], "document": document, "published": published, "label": one["label"], "fate": link.fate,
                  "meets": "|".join(other["id"] for other in met), "quote": one["quote"], "note": one["note"]} for one in side]  # fmt: skip
    return made


def _title(links: list[Carried], years: tuple[str, str]) -> str:
    """How many of the earlier recommendations stand again, and how."""
    count = {fate: sum(len(link.earlier) if fate != NEW else len(link.later) for link in links if link.fate == fate) for fate in FATES}
    total = sum(len(link.earlier) for link in links)
    merged = sum(len(link.later) for link in links if link.fate == MERGED)
    split = sum(len(link.later) for link in links if link.fate == SPLIT)
    told = {
        SAME: "word for word",
        REWORDED: "reworded",
        MERGED: f"merged into {number(merged)}",
        SPLIT: f"split into {number(split)}",
        DROPPED: "no longer",
    }
    stood = listed([f"{number(count[fate])} {words}" for fate, words in told.items() if count[fate]])
    new = f"; {number(count[NEW])} more {'is' if count[NEW] == 1 else 'are'} in that of {years[1]} alone" if count[NEW] else ""
    return f"Of {number(total)} recommendations of {years[0]}, the report of {years[1]} has {stood}{new}"


def draw(plan: Plan, canvas: Canvas) -> None:
    """Two columns joined by lines on a page; a list under each fate on a phone; on a card, how many had each fate."""
    from tieout.figures.cards import tallies
    from tieout.figures.columns import COLOURS, draw_columns, draw_list

    canvas.head(plan)
    if canvas.card:
        tallies(canvas, [(fate, count, COLOURS[fate]) for fate, count in _counts(plan.rows).items() if count])
    else:
        (draw_list if canvas.narrow else draw_columns)(plan, canvas)
    canvas.foot(plan)


def _counts(rows: list[dict[str, str]]) -> dict[str, int]:
    """How many of the earlier report's recommendations had each fate, and how many are new in the later one."""
    latest = max(row["published"] for row in rows)
    return {fate: sum(row["fate"] == fate and (row["published"] == latest) == (fate == NEW) for row in rows) for fate in FATES}
