"""What the editor's page holds beside its findings: holds, gaps, faults, recommendations, documents, methods, downloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tieout.comparing import HOLD
from tieout.facts import Fact
from tieout.pages.findings import Told, behind, told
from tieout.pages.reading import Reading
from tieout.pages.words import TREATMENTS, day_name, plain
from tieout.record import Record, Row
from tieout.schema import ROLES
from tieout.signing import signed

WORKED_OUT = ("trend-", "share-")
DOWNLOADS = {
    "observations.csv": "every keyed number with its document, period, exact words and notes",
    "trends.csv": "every pair of consecutive figures, with its change or the reason for none",
    "facts.json": "every sentence with a number on these pages, with its arithmetic, rows and caveats",
    "validation.json": "every check with its result",
    "figures/figures.json": "the figures with titles, notes and text alternatives",
    "notebooks/1_validate.ipynb": "the validation as executed",
    "notebooks/2_trends.ipynb": "the trends as executed",
    "notebooks/3_figures.ipynb": "the figures as executed",
    "manifest.json": "the SHA-256 of every input and output",
}


@dataclass(frozen=True)
class Reference:
    """A link to a row or a passage in its source."""

    id: str
    href: str


@dataclass(frozen=True)
class Signature:
    """Who signed a document in a role, and when."""

    role: str
    by: str
    on: str


@dataclass(frozen=True)
class Source:
    """A document with its account, and who stands for its rows."""

    row: Row
    published: str
    account: str
    signatures: tuple[Signature, ...]
    unsigned: tuple[str, ...]


def reference(record: Record, one: str) -> Reference:
    """Where a row or passage stands, from the edition's own folder."""
    return Reference(one, f"evidence/{record.by_id[one].document}.html#{one}")


def worked_out(facts: Iterable[Fact]) -> list[Fact]:
    """The changes and shares among facts."""
    return [fact for fact in facts if fact.id.startswith(WORKED_OUT)]


def others(facts: Iterable[Fact], figures: Iterable[dict], rows: Mapping[str, Reading]) -> list[Told]:
    """The changes and shares that may be told and that no figure shows."""
    facts, titles = list(facts), {figure["title"] for figure in figures}
    shown = {fact.id for figure in figures for fact in behind(figure, facts)}
    return told((fact for fact in worked_out(facts) if fact.verdict != HOLD and fact.id not in shown and fact.text not in titles), rows)


def holds(record: Record, facts: Iterable[Fact], rows: Mapping[str, Reading]) -> dict[str, list[Told]]:
    """Everything that may not be compared, by group of the codebook."""
    held = [fact for fact in worked_out(facts) if fact.verdict == HOLD]
    groups: dict[str, list[Told]] = {}
    for one in told(held, rows):
        metric = record.by_id[one.fact.inputs[0]]["metric"]
        groups.setdefault(plain(record.metrics[metric]["group"]), []).append(one)
    return dict(sorted(groups.items()))


def faults(record: Record) -> list[dict]:
    """The sources' errors and contradictions, what is done about each, and the rows it touches."""
    return [
        {
            "name": row["fault"],
            "kind": plain(row["kind"]),
            "description": row["description"],
            "treatment": TREATMENTS[row["treatment"]],
            "status": row["status"],
            "rows": [reference(record, one) for one in row.tokens("ids") if one in record.by_id],
        }
        for row in record.rows("faults")
    ]


def recommendations(record: Record) -> dict[str, list[tuple[Reference, Row]]]:
    """What the sources recommend, by topic; one topic may stand in several reports."""
    topics: dict[str, list[tuple[Reference, Row]]] = {}
    for row in record.rows("statements"):
        if row["kind"] == "recommendation":
            topics.setdefault(row["label"][:1].upper() + row["label"][1:], []).append((reference(record, row.id), row))
    return topics


def sources(record: Record, accounts: Mapping[str, Fact]) -> list[Source]:
    """The documents, oldest first."""
    return [source(record, document, accounts) for document in record.documents]


def source(record: Record, document: str, accounts: Mapping[str, Fact]) -> Source:
    """A document with its account and its signatures."""
    roles, row = signed(record)[document], record.documents[document]
    account = accounts.get(f"edition-tied-out-{document}")
    return Source(
        row,
        day_name(row["published"]),
        account.text if account else "",
        tuple(Signature(one["role"], one["by"], one["on"]) for one in record.rows("signoffs") if one.document == document and one["role"] in roles),
        tuple(role for role in ROLES if role not in roles),
    )


def codebook(record: Record) -> dict[str, list[Row]]:
    """The metrics that this edition uses, by group."""
    used = {row["metric"] for row in record.rows("metrics")}
    groups: dict[str, list[Row]] = {}
    for row in record.rows("codebook"):
        if row["metric"] in used:
            groups.setdefault(plain(row["group"]), []).append(row)
    return dict(sorted(groups.items()))


def downloads(edition: Path, figures: Iterable[dict]) -> dict[str, str]:
    """The files of the edition that a reader may take away, and what each holds."""
    return {name: what for name, what in DOWNLOADS.items() if name == "manifest.json" or (edition / name).is_file()}
