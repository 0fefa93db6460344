"""What changed between two editions, and why: in the data, in the sources, in the method, or only in style.

The cause of a change is looked for in the order in which an edition is made: the observations first, then what is worked out from
them, then what is plotted, and the bytes last. What no earlier step explains, the step itself changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tieout.comparing import SERIES, period_name, series_name
from tieout.corrections import COLUMNS
from tieout.numbers import find_numbers
from tieout.published import Cells, Picture, Published
from tieout.vintages import retold, revision
from tieout.wording import shown

DATA, SOURCE, METHOD, STYLE = LABELS = ("data", "source", "method", "style")
NEW, REVISED, CORRECTED, ROWS, VERDICTS, TRENDS, FACTS, FIGURES = SECTIONS = (
    "New numbers", "Revised numbers", "Corrected numbers", "Rows in other words", "Verdicts that moved", "Trends", "Facts", "Figures",
)  # fmt: skip
ADDED, GONE, CHANGED = "new", "gone", "changed"
WORDS = ("quote", "note")
TREND = ("from_value", "to_value", "change", "percent_change", "verdict", "reasons")
FACT = ("text", "value", "unit", "formula", "verdict", "caveats")
FIGURE = ("subtitle", "notes", "source", "alt")  # the title and the verdict are the figure's fact
PROSE = ("panel", "shown", "apart", "label", "quote", "note")  # columns of a figure's CSV that hold no number drawn


@dataclass(frozen=True)
class Change:
    """A difference: ``kind`` and ``id`` of what is different, ``what`` happened to it, its cause, and the old beside the new."""

    section: str
    kind: str
    id: str
    what: str
    label: str
    was: str = ""
    now: str = ""
    column: str = ""
    note: str = ""

    @property
    def line(self) -> str:
        """The change as a line of text, whole in itself: its cause, its kind, its id, old and new."""
        if self.what == CHANGED:
            said = f"{self.column} was {self.was!r}, is {self.now!r}" if self.column else f"was {self.was}, is {self.now}"
        else:
            said = f"{self.what} ({self.now if self.what == ADDED else self.was})"
        return f"{self.label}: {self.kind} {self.id}: {said}{f' · {self.note}' if self.note else ''}"


def differences(old: Path, new: Path) -> list[Change]:
    """Every difference between two editions' folders. Raises ``Usage`` where one of them is no edition."""
    return compared(Published.read(old), Published.read(new))


def compared(old: Published, new: Published) -> list[Change]:
    """Every difference between two editions, in the order of the sections; empty where the editions say the same."""
    comparison = _Comparison(old, new)
    found = [*comparison.rows(), *comparison.trends(), *comparison.facts(), *comparison.figures()]
    return sorted(found, key=lambda change: SECTIONS.index(change.section))


def text(changes: Sequence[Change]) -> str:
    """The changes for a terminal: a line each under their section, and a count of them all at the end."""
    if not changes:
        return "The two editions say the same."
    lines = []
    for section, those in by_section(changes).items():
        lines += [f"{section}:", *(change.line for change in those), ""]
    return "\n".join([*lines, tally(changes)])


def by_section(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """The changes by section, in order; a section without any is left out."""
    groups: dict[str, list[Change]] = {section: [] for section in SECTIONS}
    for change in changes:
        groups[change.section].append(change)
    return {section: those for section, those in groups.items() if those}


def tally(changes: Sequence[Change]) -> str:
    """How many changes there are, by kind and by cause, in a line."""
    kinds, labels = Counter(change.kind for change in changes), Counter(change.label for change in changes)
    of_kind = ", ".join(f"{kind} {kinds[kind]}" for kind in ("row", "trend", "fact", "figure"))
    of_cause = ", ".join(f"{label} {labels[label]}" for label in LABELS)
    return f"{len(changes)} {'change' if len(changes) == 1 else 'changes'}: {of_kind}; by cause: {of_cause}."


class _Comparison:
    """Two editions side by side. What changed in the rows explains what is worked out from them."""

    def __init__(self, old: Published, new: Published) -> None:
        self.old, self.new = old, new

    @cached_property
    def causes(self) -> dict[str, str]:
        """The rows that are new, gone or changed, each with the cause: its document is another one, or it was keyed otherwise."""
        old, new = self.old.rows, self.new.rows
        moved = [one for one in old.keys() | new.keys() if one not in old or one not in new or _altered(old[one], new[one])]
        return {one: self._cause((new if one in new else old)[one]["document"]) for one in sorted(moved)}

    @cached_property
    def series(self) -> dict[tuple[str, ...], str]:
        """The series with such rows, each with the cause; a source comes before the keying."""
        found: dict[tuple[str, ...], str] = {}
        for one, label in self.causes.items():
            for edition in (self.old, self.new):
                if one in edition.rows:
                    key = _series(edition.rows[one])
                    found[key] = SOURCE if SOURCE in (label, found.get(key)) else label
        return found

    def _cause(self, document: str) -> str:
        """Why a row of a document is another: the document is new, gone or of other bytes, or it was keyed otherwise."""
        before, after = self.old.documents.get(document), self.new.documents.get(document)
        return DATA if before is not None and before == after else SOURCE

    def _from_rows(self, ids: Iterable[str]) -> str:
        """The cause that lies in these very rows, or in the document of these passages; or an empty string."""
        return _strongest(self.causes.get(one) or self._of_passage(one) for one in ids)

    def _of_passage(self, one: str) -> str:
        """A passage is no observation: all that is known of it is its document."""
        document = one.rpartition("-")[0]
        known = one in self.old.rows or one in self.new.rows or document not in self.old.documents.keys() | self.new.documents.keys()
        return "" if known or self._cause(document) == DATA else SOURCE

    def _otherwise(self, numbers: object) -> str:
        """The cause of what no row explains: the method where numbers differ, else style.

        Where both editions were made in the same way, it was what another document brings along: breaks and faults.
        """
        same_method = bool(self.old.method) and self.old.method == self.new.method
        if same_method and self.old.documents != self.new.documents:
            return SOURCE
        return METHOD if numbers else STYLE

    def _from_series(self, ids: Iterable[str]) -> str:
        """The cause that lies in the series of these rows: another row may have come between them."""
        known = [edition.rows[one] for one in ids for edition in (self.old, self.new) if one in edition.rows]
        return _strongest(self.series.get(_series(cells), "") for cells in known)

    def rows(self) -> Iterable[Change]:
        """Numbers that are new, told again, corrected or gone, and rows whose words alone are others."""
        old, new, again = self.old.rows, self.new.rows, self._tellings()
        for one, label in self.causes.items():
            if one not in old:
                earlier = again.get(one)
                note = f"{revision(earlier, new[one])}: {earlier['id']} had {gist(earlier)}" if earlier else ""
                yield Change(REVISED if earlier else NEW, "row", one, ADDED, label, now=gist(new[one]), note=note)
            elif one not in new:
                note = self._told(one) if label == DATA else "its document is another one, or gone"
                yield Change(CORRECTED, "row", one, GONE, label, was=gist(old[one]), note=note)
            else:
                yield from self._columns(one, label)

    def _columns(self, one: str, label: str) -> Iterable[Change]:
        before, after = self.old.rows[one], self.new.rows[one]
        for column in (*COLUMNS, *WORDS):
            if before.get(column, "") != after.get(column, ""):
                section, note = (CORRECTED, self._told(one)) if column in COLUMNS else (ROWS, "")
                yield Change(section, "row", one, CHANGED, label, before.get(column, ""), after.get(column, ""), column, note)

    def _tellings(self) -> dict[str, Cells]:
        """The rows that tell anew what an old row of another document told, with the latest such row."""
        found = {}
        for one in self.new.rows.keys() - self.old.rows.keys():
            cells = self.new.rows[one]
            those = [other for other in self.old.rows.values() if _series(other) == _series(cells) and retold(other, cells)]
            if those:
                found[one] = max(those, key=lambda other: (other["published"], other["id"]))
        return found

    def _told(self, one: str) -> str:
        """The entry of corrections.csv that tells of a change, if one does that the old edition did not hold."""
        added = [entry for entry in self.new.corrections[len(self.old.corrections) :] if one in entry["ids"].replace(" ", "").split("|")]
        return f"{added[-1]['correction']}: {added[-1]['reason']}" if added else "no entry in corrections.csv"

    def trends(self) -> Iterable[Change]:
        """Comparisons that are new or no longer made, verdicts that moved, and results that are others."""
        for one, before, after in _both(self.old.trends, self.new.trends):
            ids = one.split(" to ")
            if before is None or after is None:
                yield _come_or_gone(TRENDS, "trend", one, before, after, self._from_series(ids) or self._otherwise(True))
                continue
            columns = _differing(TREND, before, after)
            label = self._from_rows(ids) or self._otherwise(columns != ["reasons"] or _moved(columns, before, after))
            for column in columns:
                section, why = (VERDICTS, after["reasons"]) if column == "verdict" else (TRENDS, "")
                yield Change(section, "trend", one, CHANGED, label, before[column], after[column], column, why)

    def facts(self) -> Iterable[Change]:
        """Sentences that are new, gone, or say something else."""
        for one, before, after in _both(self.old.facts, self.new.facts):
            ids = [*(before or {}).get("inputs", ()), *(after or {}).get("inputs", ())]
            cause = self._from_rows(ids) if ids else self._about
            if before is None or after is None:
                yield _come_or_gone(FACTS, "fact", one, before, after, cause or self._from_series(ids) or self._otherwise(True))
                continue
            columns = _differing(FACT, before, after) or _differing(("inputs",), before, after)
            label = cause or self._otherwise({"value", "unit", "verdict", "inputs"} & set(columns) or _moved(columns, before, after))
            for column in columns:
                section = VERDICTS if column == "verdict" else FACTS
                yield Change(section, "fact", one, CHANGED, label, _flat(before[column]), _flat(after[column]), column)

    @property
    def _about(self) -> str:
        """The cause of a sentence on the edition as a whole: any document, any row."""
        return SOURCE if self.old.documents != self.new.documents else _strongest(self.causes.values())

    def figures(self) -> Iterable[Change]:
        """Figures that are new, gone, plot other numbers, or look otherwise."""
        for one, before, after in _both(self.old.figures, self.new.figures):
            ids = {name for picture in (before, after) if picture for row in picture.rows for name in row.get("id", "").split("|")}
            cause = self._from_rows(ids)
            if before is None or after is None:
                was, now = (picture.words["title"] if picture else "" for picture in (before, after))
                yield Change(FIGURES, "figure", one, GONE if after is None else ADDED, cause or self._about or METHOD, was, now)
            else:
                yield from self._picture(one, before, after, cause)

    def _picture(self, one: str, before: Picture, after: Picture, cause: str) -> Iterable[Change]:
        if _plotted(before, after) != _plotted(after, before):
            was, now = (f"{len(picture.rows)} rows: {picture.words['title']}" for picture in (before, after))
            yield Change(FIGURES, "figure", one, CHANGED, cause or self._otherwise(True), was, now, note="its data changed")
            return
        columns = _differing(FIGURE, before.words, after.words)
        for column in columns:
            label = cause or self._otherwise(_moved([column], before.words, after.words))
            yield Change(FIGURES, "figure", one, CHANGED, label, _flat(before.words[column]), _flat(after.words[column]), column)
        if before.svg != after.svg and not columns:
            said = "drawn differently from the same data"
            yield Change(FIGURES, "figure", one, CHANGED, self._otherwise(False), "one drawing", "another", note=said)


def gist(cells: Cells) -> str:
    """A row in a few words: its series, its period, its number."""
    return f"{series_name(cells)} {period_name(cells)}: {shown(cells)}"


def _altered(before: Cells, after: Cells) -> bool:
    return any(before.get(column, "") != after.get(column, "") for column in (*COLUMNS, *WORDS))


def _series(cells: Cells) -> tuple[str, ...]:
    return tuple(cells[column] for column in SERIES)


def _strongest(labels: Iterable[str]) -> str:
    """A source explains more than a row does."""
    given = set(labels)
    return SOURCE if SOURCE in given else DATA if DATA in given else ""


def _both(old: Mapping, new: Mapping) -> Iterable[tuple]:
    """Every key of either, with what the old and the new have for it."""
    return ((one, old.get(one), new.get(one)) for one in sorted(old.keys() | new.keys()))


def _come_or_gone(section: str, kind: str, one: str, before: Mapping | None, after: Mapping | None, label: str) -> Change:
    return Change(section, kind, one, GONE if after is None else ADDED, label, _said(before), _said(after))


def _said(entry: Mapping | None) -> str:
    """A trend or a fact in a few words."""
    if entry is None:
        return ""
    return entry["text"] if "text" in entry else f"{entry['series']} {entry['from_start'][:4]}–{entry['to_start'][:4]}, {entry['verdict']}"


def _differing(columns: Iterable[str], before: Mapping, after: Mapping) -> list[str]:
    return [column for column in columns if column in before and column in after and before[column] != after[column]]


def _flat(value: object) -> str:
    return " | ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _moved(columns: Iterable[str], before: Mapping, after: Mapping) -> bool:
    """Whether a number differs in any of these columns."""
    return any(_numbers(_flat(before[column])) != _numbers(_flat(after[column])) for column in columns)


def _numbers(said: str) -> list[str]:
    """The numbers in a text: two texts with the same ones differ in wording alone."""
    return [number.printed for number in find_numbers(said)]


def _plotted(picture: Picture, other: Picture) -> list[tuple[str, ...]]:
    """What a figure draws, in the columns of its CSV that both editions have and that hold no prose."""
    columns = [column for column in (picture.rows or ({},))[0] if column not in PROSE and column in (other.rows or ({},))[0]]
    return [tuple(row[column] for column in sorted(columns)) for row in picture.rows]
