"""A new metric for the codebook: its definition, unit and wordings, and which metrics it must not be compared with; all of it or nothing.

Everything that is wrong is told at once. A metric that is there already, under this or nearly this name, and a wording that names another
metric's numbers are refused, so that no thing is counted under two names, and no two things under one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tieout.characters import shown
from tieout.checks.form import cell_fault, risk
from tieout.evidence import placed_in
from tieout.learning import STOPWORDS, stems
from tieout.numbers import find_numbers
from tieout.packaging import tidy
from tieout.placing import alone, put
from tieout.problems import Usage
from tieout.record import Record, Row, countries, load
from tieout.schema import SHARED, path_of
from tieout.tables import read_table, table_text
from tieout.wording import listed, sentence
from tieout.wordings import fit, placed, wording_fault

FIELDS = {field.name: field for field in SHARED["codebook"].fields}
KINDS = {"count": "count", "currency": "amount", "duration": "duration", "share": "share", "date": "year", "rank": "rank", "age": "age"}
MOST_DECIMALS = 4
LEAST_WORDS = 4  # of a reason: "Signed is not ratified." is the shortest that says something
FILES = ("incomparable", "terms", "codebook")  # in the order in which they are moved into place: a metric counts once the last one stands
_SETS_APART = re.compile(
    r"\b(?:not|no|nor|never|neither|none|without|apart|except|excluding|only|alone|other than|rather than)\b", re.IGNORECASE
)
NOTHING = "Nothing was changed."
_ASK_APART = (
    "Say which metrics it must not be compared with, and why (--not-with OTHER='reason'), or that there is none (--comparable-with-all)."
)


@dataclass(frozen=True)
class Book:
    """The codebook and what belongs to it as they stand, and the records whose documents and rows a new metric must fit."""

    tables: Mapping[str, tuple[Mapping[str, str], ...]]
    records: tuple[Record, ...]

    @classmethod
    def of(cls, root: Path) -> Book:
        """Read from the repository. Raises ``Usage`` where a file cannot be read, for writing it again would lose rows."""
        tables = {}
        for name in ("codebook", "units", "terms", "incomparable"):
            path = path_of(name)
            table, failures = read_table(root / path, path, SHARED[name].columns)
            if failures and (name != "incomparable" or (root / path).exists()):
                raise Usage(f"{failures[0].message} {NOTHING}")
            tables[name] = table.rows
        return cls(tables, tuple(load(country, root) for country in countries(root)))

    @cached_property
    def metrics(self) -> dict[str, Mapping[str, str]]:
        """The metrics by code."""
        return {row["metric"]: row for row in self.tables["codebook"]}

    @cached_property
    def units(self) -> dict[str, Mapping[str, str]]:
        """The units by code."""
        return {row["unit"]: row for row in self.tables["units"]}

    @cached_property
    def groups(self) -> list[str]:
        """The groups of the codebook, in the order of the alphabet."""
        return sorted({row["group"] for row in self.tables["codebook"]})

    @cached_property
    def wordings(self) -> dict[str, str]:
        """The wordings of each metric, as ``data/terms.csv`` has them."""
        return {row["metric"]: row["terms"] for row in self.tables["terms"]}

    def nearest(self, words: str, most: int = 5) -> list[Mapping[str, str]]:
        """At most so many metrics whose label and definition share words with these, rare words counting more; the nearest first."""
        told = {metric: _stems(f"{row['label']} {row['definition']}") for metric, row in self.metrics.items()}
        counts = Counter(stem for those in told.values() for stem in those)
        wanted = _stems(words)
        scores = {metric: math.fsum(math.log(1 + len(told) / counts[stem]) for stem in those & wanted) for metric, those in told.items()}
        ranked = sorted((metric for metric in scores if scores[metric]), key=lambda metric: (-scores[metric], metric))
        return [self.metrics[metric] for metric in ranked[:most]]


def add_metric(
    root: Path, cells: Mapping[str, str], wordings: Sequence[str], apart: Mapping[str, str] | None, new_group: bool = False
) -> list[str]:
    """Enter a metric into ``codebook.csv``, ``terms.csv`` and ``incomparable.csv`` together; return the paths of these files.

    ``cells`` are columns of the codebook; those left out are empty, and ``decimals`` is 0. ``apart`` gives the reason for each metric that
    this one must not be compared with; empty, it says that there is none, and None says nothing. ``new_group`` allows a group that no
    metric has. Raises ``Usage``, with everything that is wrong at once, and then changes nothing.
    """
    with alone(root):
        book = Book.of(root)
        row = normal(cells)
        wordings = [" ".join(wording.split()) for wording in wordings]
        if found := faults(book, row, wordings, apart, new_group):
            raise Usage(
                "\n".join([f"{row['metric'] or 'The metric'} is not added ({len(found)} found):", *map("    {}".format, found), NOTHING])
            )
        put(root, {root / path_of(name): text.encode("utf-8") for name, text in _texts(book, row, wordings, apart or {}).items()})
        tidy(root)
    return [path_of(name) for name in reversed(FILES)]


def normal(cells: Mapping[str, str]) -> dict[str, str]:
    """The row of the codebook that these cells make: definition and note as sentences, and no decimals where nothing is said."""
    row = {column: " ".join(cells.get(column, "").split()) for column in FIELDS}
    return row | {"definition": sentence(row["definition"]), "note": sentence(row["note"]), "decimals": row["decimals"] or "0"}


def faults(
    book: Book, row: Mapping[str, str], wordings: Sequence[str], apart: Mapping[str, str] | None, new_group: bool = False
) -> list[str]:
    """Everything that is wrong with a new metric, a sentence each."""
    found = [fault for name in FIELDS if (fault := cell_fault_of(book, name, row[name], row, new_group))]
    found += wording_faults(book, row, wordings)
    return found + (
        [_ASK_APART] if apart is None else [fault for one in apart.items() if (fault := apart_fault(book, row["metric"], *one))]
    )


def cell_fault_of(book: Book, name: str, cell: str, row: Mapping[str, str], new_group: bool = False) -> str:
    """What is wrong with one cell of a new metric beside the others of its ``row``, or an empty string."""
    fault = cell_fault(FIELDS[name], cell) or (cell and risk(name, cell))
    if fault or name not in _RULES:
        return fault
    return "" if name == "group" and new_group else _RULES[name](book, cell, row)


def wording_faults(book: Book, row: Mapping[str, str], wordings: Sequence[str]) -> list[str]:
    """What is wrong with the wordings that are to name a metric in sources."""
    if not wordings:
        return ["No wording is given. Give the words that name it in a source, # for the number: --wording '# convictions'."]
    broken = {wording: wording_fault(wording) or risk("wording", wording) for wording in wordings}
    found = [f"The wording {wording!r}: {fault}" for wording, fault in broken.items() if fault]
    return found + [fault for wording in wordings if not broken[wording] for fault in _misplaced(book, row, wording)]


def apart_fault(book: Book, metric: str, other: str, reason: str) -> str:
    """What is wrong with a metric that the new one must not be compared with, or with the reason; or an empty string."""
    if other == metric:
        return f"{metric} cannot be kept apart from itself. Name the other metric."
    if other not in book.metrics:
        near = listed([row["metric"] for row in book.nearest(other.replace("_", " "), 3)])
        return f"There is no metric {other!r} to keep it apart from.{f' Near it are {near}.' if near else ''}"
    if len(reason.split()) < LEAST_WORDS:
        return f"Why it must not be compared with {other} is not said: {reason!r}. Tell a reader what the two count, in a sentence."
    return risk("reason", reason)


def parse_apart(texts: Iterable[str]) -> dict[str, str]:
    """``OTHER=reason`` as the other metric and the reason, of each text; raises ``Usage`` with all that cannot be read so."""
    found: dict[str, str] = {}
    wrong = []
    for text in texts:
        other, sign, reason = (part.strip() for part in text.partition("="))
        if not (sign and other and reason):
            wrong.append(
                f"--not-with {shown(text)!r} names no metric and reason. Write --not-with OTHER='why the two must not be compared'."
            )
        elif found.setdefault(other, reason) != reason:
            wrong.append(f"--not-with gives two reasons for {shown(other)}. Write them as one.")
    if wrong:
        raise Usage("\n".join([*wrong, NOTHING]))
    return found


def _code(book: Book, cell: str, row: Mapping[str, str]) -> str:
    return f"There is a metric {cell} already: {_told(book.metrics[cell])}" if cell in book.metrics else ""


def _label(book: Book, cell: str, row: Mapping[str, str]) -> str:
    return _same(book, "label", cell)


def _definition(book: Book, cell: str, row: Mapping[str, str]) -> str:
    if not _SETS_APART.search(cell):
        return "The definition says what is counted, but not what is not. Add it: “Not the cases of other courts.”"
    return _same(book, "definition", cell)


def _same(book: Book, column: str, cell: str) -> str:
    """Two labels or definitions of the same words, in whatever order and form, are of the same thing."""
    other = next((one for one in book.metrics.values() if _stems(one[column]) == _stems(cell)), None)
    return f"{other['metric']} has that {column}: {_told(other)} Use it, or say what is different." if other else ""


def _unit(book: Book, cell: str, row: Mapping[str, str]) -> str:
    if cell in book.units:
        return ""
    known = listed(sorted(book.units))
    return f"There is no unit {cell!r}. Units are {known}. A new one is entered in data/units.csv by hand, with its range."


def _kind(book: Book, cell: str, row: Mapping[str, str]) -> str:
    unit = book.units.get(row["unit"])
    wanted = KINDS.get(unit["kind"], cell) if unit else cell
    return "" if cell == wanted else f"kind is {cell!r}, but what is given in {row['unit']} is {wanted!r}."


def _group(book: Book, cell: str, row: Mapping[str, str]) -> str:
    if cell in book.groups:
        return ""
    return f"No metric is of the group {cell!r}. Groups are {listed(book.groups)}. If it is to be a new one, say so: --new-group."


def _decimals(book: Book, cell: str, row: Mapping[str, str]) -> str:
    if int(cell) > MOST_DECIMALS:
        return f"decimals is {cell}, more than any report prints. Write 0 to {MOST_DECIMALS}."
    unit = book.units.get(row["unit"])
    return f"decimals is {cell}, but {unit['label']} are whole. Write 0." if unit and unit["whole"] == "true" and int(cell) else ""


_RULES = {
    "metric": _code,
    "label": _label,
    "definition": _definition,
    "unit": _unit,
    "kind": _kind,
    "group": _group,
    "decimals": _decimals,
}


def _misplaced(book: Book, row: Mapping[str, str], wording: str) -> Iterable[str]:
    """Whether a wording stands in no document, or names what another metric of the unit counts."""
    rivals = {metric: book.wordings.get(metric, "") for metric, other in book.metrics.items() if other["unit"] == row["unit"]}
    for record in book.records:
        for keyed in record.rows("metrics"):
            if keyed["metric"] in rivals and _takes(record, keyed, wording, rivals[keyed["metric"]]):
                told = f"names {keyed['metric']} in {keyed.id}: “{shown(keyed['quote'])}”"
                yield f"The wording {wording!r} {told}. Widen it until it fits only the new metric."
                return
    places = [place for record in book.records for place in _places(record, wording) if fit(place, wording)]
    if not places:
        yield f"The wording {wording!r} fits no sentence of a registered document. Copy the words from one, # for the number."
    named = [{metric for metric, terms in rivals.items() if fit(place, terms) >= fit(place, wording)} for place in places]
    if places and "#" in wording and all(named):
        yield f"The wording {wording!r} fits only where those of {listed(sorted(named[0]))} fit as well. Is that the metric?"


def _takes(record: Record, keyed: Row, wording: str, terms: str) -> bool:
    """Whether a wording fits a row of another metric as closely as its own; words that deny several numbers may name several metrics."""
    sentence_ = placed_in(record, keyed)
    closeness, own = fit(sentence_, wording), fit(sentence_, terms)
    return bool(closeness) and (closeness > own or (closeness == own and not keyed.missing))


def _places(record: Record, wording: str) -> Iterable[str]:
    """Every sentence of a record's documents, with each of its numbers ``placed`` in turn where the wording has one."""
    for text in record.texts.values():
        for start, end in text.sentences:
            words = text.text[start:end]
            if "#" not in wording:
                yield words
                continue
            for number in find_numbers(words):
                yield placed(words[: number.start], words[number.end :])


def _texts(book: Book, row: Mapping[str, str], wordings: Sequence[str], apart: Mapping[str, str]) -> dict[str, str]:
    """The three files with the metric in them, as they are to stand; what a killed command left of it is replaced."""
    code = row["metric"]
    pairs = [dict(zip(("metric", "other"), sorted((code, other)), strict=True)) | {"reason": sentence(apart[other])} for other in apart]
    new = {"incomparable": pairs, "terms": [{"metric": code, "terms": "|".join(dict.fromkeys(wordings))}], "codebook": [row]}
    found = {}
    for name in FILES:
        kept = [one for one in book.tables[name] if code not in (one["metric"], one.get("other"))]
        rows = sorted([*kept, *new[name]], key=lambda one, key=SHARED[name].key: [one[column] for column in key])
        found[name] = table_text(SHARED[name].columns, rows)
    return found


def _told(row: Mapping[str, str]) -> str:
    return f"{row['label']}. {row['definition']}"


def _stems(words: str) -> frozenset[str]:
    return frozenset(stems(" ".join(word for word in re.findall(r"[^\W\d_]+", words) if word.lower() not in STOPWORDS)))
