"""What the editor's page holds beside its findings: holds, gaps, faults, recommendations, documents, methods, downloads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tieout import incomparable
from tieout.comparing import CAVEAT, HOLD
from tieout.derived import parse_operand
from tieout.facts import Evidence, Fact
from tieout.figures.recommendations import EXTRACT
from tieout.pages.findings import Told, behind, told, worked_out
from tieout.pages.folder import Figure
from tieout.pages.reading import Shelf
from tieout.pages.words import TREATMENTS, day_name, plain
from tieout.record import Record, Row
from tieout.schema import ROLES, STATUSES
from tieout.signing import signed
from tieout.silences import silences
from tieout.wording import subject

DOWNLOADS = {
    "observations.csv": "every keyed number with its document, period, exact words and notes",
    "trends.csv": "every pair of consecutive figures, with its change or the reason for none",
    "observations.parquet": "the same numbers with their types, for a database or a notebook",
    "trends.parquet": "the same pairs with their types",
    "sdmx/observations.csv": "the same numbers as SDMX-CSV 2.0, for statistical systems",
    "sdmx/structure.xml": "the structure of the SDMX file as SDMX-ML 3.0: its dimensions, attributes and code lists",
    "facts.json": "every sentence with a number on these pages, with its arithmetic, rows and caveats",
    "corrections.csv": "every published number that was changed, with the old, the new and the reason",
    "validation.json": "every check with its result",
    "factcheck.csv": "every number and sentence with its evidence, to be checked and taken back",
    "figures/figures.json": "the figures with titles, notes and text alternatives",
    "notebooks/1_validate.ipynb": "the validation as executed",
    "notebooks/2_trends.ipynb": "the trends as executed",
    "notebooks/3_figures.ipynb": "the figures as executed",
    "manifest.json": "the SHA-256 of every input and output",
}
WRITTEN_LATER = ("factcheck.csv", "manifest.json")  # after this page


@dataclass(frozen=True)
class Reference:
    """A link to a row or a passage in its source."""

    id: str
    href: str


@dataclass(frozen=True)
class Apart:
    """A metric that another must not be compared with, where its definition stands, and why."""

    label: str
    href: str
    reason: str


@dataclass(frozen=True)
class Signature:
    """Who signed a document in a role, and when."""

    role: str
    by: str
    on: str


@dataclass(frozen=True)
class Source:
    """A document with its account, how far two readings of it agreed, and who stands for its rows."""

    row: Row
    published: str
    account: str
    agreement: str
    signatures: tuple[Signature, ...]
    unsigned: tuple[str, ...]


def reference(record: Record, one: str) -> Reference:
    """Where a row or passage stands, from the edition's own folder."""
    return Reference(one, f"evidence/{record.by_id[one].document}.html#{one}")


def others(facts: Iterable[Fact], figures: Iterable[Figure], shelf: Shelf) -> list[Told]:
    """The changes and shares that may be told with a caveat and that stand with no figure."""
    facts = list(facts)
    shown = {fact.id for figure in figures for fact in behind(figure, facts, shelf)}
    return told((fact for fact in worked_out(facts) if fact.verdict == CAVEAT and fact.id not in shown), shelf)


def holds(facts: Iterable[Fact], shelf: Shelf) -> dict[str, list[Told]]:
    """Everything that may not be compared, by group of the codebook."""
    groups: dict[str, list[Told]] = {}
    for one in told((fact for fact in worked_out(facts) if fact.verdict == HOLD), shelf):
        groups.setdefault(plain(shelf.group(one.fact.inputs[0])), []).append(one)
    return dict(sorted(groups.items()))


def missing(record: Record, shelf: Shelf) -> list[dict]:
    """The series without a recent figure: what, since which year, the last figure, and the words that say it is not reported."""
    return [
        {
            "label": subject(record, one.any),
            "since": one.since,
            "last": shelf.readings[one.last["id"]] if one.last else None,
            "gaps": shelf.rows(cells["id"] for cells in one.gaps),
        }
        for one in silences(Evidence.of(record))
    ]


def faults(record: Record) -> dict[str, list[dict]]:
    """The sources' errors and contradictions with the rows that each touches, by what is done about them, the gravest first."""
    groups: dict[str, list[dict]] = {}
    for treatment, words in TREATMENTS.items():
        those = [_fault(record, row) for row in record.rows("faults") if row["treatment"] == treatment]
        groups |= {words: those} if those else {}
    return groups


def _fault(record: Record, row: Row) -> dict:
    return {
        "name": row["fault"],
        "kind": plain(row["kind"]),
        "description": row["description"],
        "status": f"As an observation status: {STATUSES[row['status']]} ({row['status']}); the rows keep their own.",
        "ids": row.tokens("ids"),
        "rows": [reference(record, one) for one in row.tokens("ids") if one in record.by_id],
    }


def recommendations(record: Record) -> dict[str, list[tuple[Reference, Row]]]:
    """What the sources recommend, by topic; one topic may stand in several reports."""
    topics: dict[str, list[tuple[Reference, Row]]] = {}
    for row in record.rows("statements"):
        if row["kind"] == "recommendation":
            topics.setdefault(row["label"][:1].upper() + row["label"][1:], []).append((reference(record, row.id), row))
    return topics


def sources(record: Record, accounts: Mapping[str, Fact]) -> list[Source]:
    """The documents, oldest first."""
    ordered = sorted(record.documents, key=lambda document: (record.documents[document]["published"], document))
    return [source(record, document, accounts) for document in ordered]


def extracts(record: Record) -> int:
    """How many of the documents are said to be an extract of one, by a passage or by the title that the keyer supplied."""
    said = {row.document for row in record.rows("statements") if row["label"] == EXTRACT}
    said |= {document for document, row in record.documents.items() if re.search(r"\bextract\b", row["title"], re.IGNORECASE)}
    return len(said)


def source(record: Record, document: str, accounts: Mapping[str, Fact]) -> Source:
    """A document with its account and its signatures."""
    roles, row = signed(record)[document], record.documents[document]
    signoffs = [one for one in record.rows("signoffs") if one.document == document]
    account, agreed = (accounts.get(f"edition-{about}-{document}") for about in ("tied-out", "agreement"))
    return Source(
        row,
        day_name(row["published"]),
        account.text if account else "",
        agreed.text if agreed else "",
        tuple(Signature(one["role"], one["by"], one["on"]) for one in signoffs if one["role"] in roles),
        tuple(role for role in ROLES if role not in roles),
    )


def newest_signature(record: Record) -> str:
    """The day of the newest signature that holds, in words; empty where there is none."""
    days = [one.on for row in sources(record, {}) for one in row.signatures]
    return day_name(max(days)) if days else ""


def breaks(record: Record) -> list[dict]:
    """The places where a series is not joined, with the days on both sides and the source's own words."""
    return [
        {
            "label": record.metrics[row["metric"]]["label"],
            "before": day_name(row["before"]),
            "after": day_name(row["after"]),
            "reason": row["reason"],
            "quote": row["quote"],
            "document": row.document,
        }
        for row in record.rows("breaks")
    ]


def operand(record: Record, told: str) -> str:
    """A numerator or denominator of ``derived.csv`` in words: the metric's label and the categories that are not total."""
    metric, categories = parse_operand(told)
    return subject(record, {"metric": metric, **categories})


def codebook(record: Record) -> dict[str, list[Row]]:
    """The metrics that this edition uses, by group."""
    used = {row["metric"] for row in record.rows("metrics")}
    groups: dict[str, list[Row]] = {}
    for row in record.rows("codebook"):
        if row["metric"] in used:
            groups.setdefault(plain(row["group"]), []).append(row)
    return dict(sorted(groups.items()))


def kept_apart(record: Record, codebook: Mapping[str, list[Row]]) -> dict[str, list[Apart]]:
    """The metrics that each metric must not be compared with; one that has a place in ``codebook`` leads there."""
    placed = {row["metric"] for rows in codebook.values() for row in rows}
    return {
        metric: [Apart(record.metrics[other]["label"], f"#metric-{other}" if other in placed else "", why) for other, why in others.items()]
        for metric, others in incomparable.kept_apart_here(record).items()
    }


def derived(record: Record) -> list[Row]:
    """The shares and averages of metrics that this edition uses."""
    used = {row["metric"] for row in record.rows("metrics")}
    return [row for row in record.rows("derived") if used >= {parse_operand(row[side])[0] for side in ("numerator", "denominator")}]


def downloads(edition: Path, documents: Iterable[str]) -> dict[str, str]:
    """The files of the edition that a reader may take away, and what each holds."""
    marks = {f"evidence/{document}.jsonld": f"the marks in {document} as W3C Web Annotations" for document in documents}
    there = {name: what for name, what in DOWNLOADS.items() if name in WRITTEN_LATER or (edition / name).is_file()}
    return there | marks
