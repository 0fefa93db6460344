"""What a figure says before anything is drawn: its title, its numbers, its notes and its words for those who cannot see it.

A plan holds everything that the drawing shows, so the drawing adds no number and no judgement. The rows of a plan become
the figure's CSV: exactly the numbers drawn, each with the observation it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tieout.comparing import Cells, period_name
from tieout.facts import Evidence, Fact
from tieout.record import Record
from tieout.wording import number, shown, when

COLUMNS = (
    "panel", "id", "metric", "sex", "age", "exploitation", "period", "start", "end", "value", "unit", "qualifier", "status", "coverage",
    "document", "shown", "joined", "apart", "revised",
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """Where a number's words stand in the edition, seen from the folder of figures, and what the number is."""

    href: str
    name: str


@dataclass(frozen=True)
class Plan:
    """A figure in words and numbers.

    ``headline`` is the title: a sentence that states the finding, with the rows it rests on and its verdict. ``subtitle``
    says what is measured, in what unit and who counted. ``rows`` are exactly the numbers drawn. ``notes`` are printed
    under the figure, ``source`` names the documents, ``alt`` tells the figure to those who do not see it. A ``draft`` is
    stamped. ``place`` names the country, ``publishers`` who published each document, as (document, publisher).
    """

    id: str
    group: str
    headline: Fact
    subtitle: str
    rows: list[dict[str, str]]
    notes: tuple[str, ...]
    source: str
    alt: str
    draft: bool = False
    place: str = ""
    publishers: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The sentence over the figure."""
        return self.headline.text

    def as_json(self) -> dict:
        """The plan as plain values; a figure drawn from them is the same figure."""
        return {
            "id": self.id,
            "group": self.group,
            "headline": self.headline.as_json(),
            "subtitle": self.subtitle,
            "rows": [dict(row) for row in self.rows],
            "notes": list(self.notes),
            "source": self.source,
            "alt": self.alt,
            "draft": self.draft,
            "place": self.place,
            "publishers": [list(one) for one in self.publishers],
        }

    @classmethod
    def from_json(cls, stored: dict) -> Plan:
        """The plan that ``as_json`` gave."""
        made = {"headline": Fact.from_json(stored["headline"]), "notes": tuple(stored["notes"])}
        return cls(**{**stored, **made, "publishers": tuple((document, name) for document, name in stored["publishers"])})

    def credit(self, documents: Iterable[str]) -> str:
        """What stands for source and notes where there is no room for small print: who published what is drawn, what goes with it."""
        names = dict.fromkeys(name for document, name in self.publishers if document in set(documents))
        count = f"{number(len(self.notes))} note{'' if len(self.notes) == 1 else 's'}"
        return f"Source: {'; '.join(names)}." + (f" Not without its {count}: see the figure." if self.notes else "")


def row(cells: Cells, panel: str, joined: str = "", apart: str = "", revised: str = "") -> dict[str, str]:
    """An observation as a row of a figure.

    ``joined`` is the observation before it that it may be compared with, ``apart`` why there is none, ``revised`` what an
    earlier document gave for it (see ``Series``).
    """
    made = {"panel": panel, "period": period_name(cells), "shown": shown(cells), "joined": joined, "apart": apart, "revised": revised}
    return {column: made.get(column, cells.get(column, "")) for column in COLUMNS}


def link(row: dict[str, str], what: str = "") -> Link:
    """The words behind a row of a figure: ``354 in 2024, convictions: tip-2025-008``. A computed row leads to its first part."""
    name = row["id"].partition("|")[0]
    told = " ".join(filter(None, (labelled(row), f"({row['coverage']})" if row["coverage"] else "", when(row))))
    return Link(f"../evidence/{row['document']}.html#{name}", f"{told}{f', {in_sentence(what)}' if what else ''}: {name}")


def labelled(row: dict[str, str]) -> str:
    """A row's number as it stands beside its mark: that it was revised is said with it."""
    return row["shown"] + (", revised" if row["revised"] else "")


def publishers(record: Record, documents: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Who published each of these documents."""
    return tuple((one, record.documents[one]["publisher"]) for one in record.documents if one in set(documents))


def source_line(record: Record, documents: Iterable[str]) -> str:
    """The documents behind a figure by title and id, in the order in which they were published."""
    named = [document for document in record.documents if document in set(documents)]
    told = [f"{_unbracketed(record.documents[one]['title'])} ({one})" for one in named]
    return f"{'Source' if len(told) == 1 else 'Sources'}: {'; '.join(told)}."


def _unbracketed(title: str) -> str:
    """A title that the keyer supplied as a whole, without its brackets."""
    return title[1:-1] if title.startswith("[") and title.find("]") == len(title) - 1 else title


def plain_label(record: Record, metric: str) -> str:
    """A metric's label without its currency: the sign before the number says it."""
    label = record.metrics[metric]["label"]
    return label.removesuffix(f" ({record.metrics[metric]['unit']})")


def in_sentence(label: str) -> str:
    """A label inside a sentence: a small letter first, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def as_number(text: str) -> Decimal:
    """A row's value for drawing."""
    return Decimal(text)


def documents_of(evidence: Evidence, ids: Iterable[str]) -> list[str]:
    """The documents that hold these observations."""
    return list(dict.fromkeys(evidence.by_id[one]["document"] for one in ids if one in evidence.by_id))
