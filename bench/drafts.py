"""How good drafts are: each document left out in turn, drafted by what the others teach, and held against what people keyed.

``make drafts`` runs it and writes ``docs/drafts.md``. The exit status is 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import before
from tieout.accounting import KEYED, OPEN, SET_ASIDE, Mark, account
from tieout.guessing.drafts import candidates
from tieout.guessing.rows import row as row_of
from tieout.learning import Teacher, unlearnt, without
from tieout.numbers import Number
from tieout.record import Record, load

ROOT = Path(__file__).resolve().parent.parent
SEED = 20260601
FATES = {KEYED: "key", SET_ASIDE: "set_aside", "period": "period"}
CELLS = ("unit", "start", "end", "period_basis", "qualifier", "sex", "age", "exploitation")
PERIOD = ("start", "end", "period_basis")
MEASURES = {
    "found": "numbers found",
    "key": "numbers to be keyed, proposed so",
    "metric": "metric, where another document has it",
    "no_metric": "metric, where no other has it: left empty or right",
    "unit": "unit",
    "period": "period: start, end and basis",
    "start": "start",
    "end": "end",
    "period_basis": "basis",
    "qualifier": "qualifier",
    "sex": "sex",
    "age": "age",
    "exploitation": "exploitation",
    "set_aside": "numbers to be set aside, proposed so",
    "reason": "set aside, and for the right reason",
    "proposed": "proposed to be set aside, and rightly",
    "year": "years of a keyed number, told as such",
}
TARGETS = {"found": 1.0, "period": 0.85, "unit": 0.85, "qualifier": 0.85, "metric": 0.7, "set_aside": 0.9}


@dataclass
class Score:
    """Right and of how many, by measure; guesses by confidence; and what was missed."""

    right: Counter = field(default_factory=Counter)
    of: Counter = field(default_factory=Counter)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, measure: str, right: bool) -> bool:
        """Count one, and hand back whether it was right."""
        self.of[measure] += 1
        self.right[measure] += right
        return right

    def share(self, measure: str) -> float:
        """The share that was right; 1 where there was nothing to get right."""
        return self.right[measure] / self.of[measure] if self.of[measure] else 1.0


Drafted = list[tuple[dict[str, str], dict[str, float]]]
Drafter = Callable[[Record, str, list[Number]], Drafted]


def learnt(record: Record, document: str, numbers: list[Number]) -> Drafted:
    """The present drafter's rows, as the file has them, each with the confidence of its guesses."""
    return _drafted(record, document, numbers, Teacher.of(record))


def untaught(record: Record, document: str, numbers: list[Number]) -> Drafted:
    """The present drafter with shuffled lessons and no wordings: only the rules and the codebook's definitions tell."""
    return _drafted(record, document, numbers, _shuffled(Teacher.of(_without_terms(record))))


def nonsense(record: Record, document: str, numbers: list[Number]) -> Drafted:
    """The present drafter taught nonsense: as ``untaught``, and every metric has another one's definition."""
    tables, codebook = record.tables, record.rows("codebook")
    told = [{name: row[name] for name in ("label", "definition")} for row in codebook]
    random.Random(SEED).shuffle(told)
    swapped = tuple(replace(row, cells={**row.cells, **cells}) for row, cells in zip(codebook, told, strict=True))
    return untaught(replace(record, tables=tables | {"codebook": swapped}), document, numbers)


def _shuffled(teacher: Teacher) -> Teacher:
    """Every keyed lesson has another one's row."""
    rows = [lesson.row for lesson in teacher.lessons if lesson.fate == KEYED]
    random.Random(SEED).shuffle(rows)
    others = iter(rows)
    return replace(teacher, lessons=tuple(replace(one, row=next(others)) if one.fate == KEYED else one for one in teacher.lessons))


def baseline(record: Record, document: str, numbers: list[Number]) -> Drafted:
    """What was drafted before anything was learnt."""
    return [(cells, {}) for cells in before.drafted(record, document, numbers)]


def _drafted(record: Record, document: str, numbers: list[Number], teacher: Teacher) -> Drafted:
    found = candidates(record, document, numbers, teacher)
    return [(row_of(one), {"fate": one.fate.confidence} | {name: guess.confidence for name, guess in one.told.items()}) for one in found]


def _without_terms(record: Record) -> Record:
    return replace(record, tables=record.tables | {"terms": ()})


def _unworded(record: Record, document: str) -> Record:
    return _without_terms(unlearnt(record, document))


KNOWLEDGE: dict[str, tuple[Callable[[Record, str], Record], Drafter]] = {
    "before": (without, baseline),
    "nonsense": (unlearnt, nonsense),
    "no lessons": (unlearnt, untaught),
    "no wordings": (_unworded, learnt),
    "learnt": (unlearnt, learnt),
    "all wordings": (without, learnt),
}
HEADLINE = "learnt"


def judged(record: Record, document: str, left_out: Callable[[Record, str], Record], drafter: Drafter) -> Score:
    """One document left out, drafted, and held against what people made of it."""
    score, began = Score(), time.perf_counter()
    rest = left_out(record, document)
    metrics = {row["metric"] for row in rest.rows("metrics") if not row.missing}
    text = rest.texts[document]
    drafts = drafter(rest, document, list(text.numbers))
    score.seconds = time.perf_counter() - began
    marks = account(record, document)
    claimed = {id(row) for mark in marks for row in mark.rows if mark.fate in (KEYED, SET_ASIDE)}
    for row in (*record.rows("metrics"), *record.rows("set_aside")):
        if row.document == document and not row.missing:
            score.add("found", id(row) in claimed)
    for mark, (cells, sure) in zip(marks, drafts, strict=True):
        if mark.fate != OPEN:
            wrong = _held(score, mark, cells, sure, metrics)
            if wrong:
                score.missed.append(f"{document}, line {text.line(mark.number.start)}, ‘{mark.number.printed}’: {'; '.join(wrong)}")
    return score


def _held(score: Score, mark: Mark, cells: dict[str, str], sure: dict[str, float], metrics: set[str]) -> list[str]:
    """Count one number; return what is wrong with its draft."""
    fate, row = FATES[mark.fate], mark.rows[0]
    measure = "year" if fate == "period" else fate
    right = {"fate": score.add(measure, cells["fate"] == fate)}
    wrong = [] if right["fate"] else [f"{cells['fate']} for {fate}"]
    if cells["fate"] == "set_aside":
        score.add("proposed", fate == "set_aside")
    if fate == "set_aside" and not score.add("reason", cells.get("reason", "") == row["reason"]) and right["fate"]:
        wrong.append(f"{cells['reason']} for {row['reason']}")
    if fate == "key":
        kept = cells if right["fate"] else {}
        right |= {name: score.add(name, kept.get(name) == row[name]) for name in CELLS}
        right["period"] = score.add("period", all(right[name] for name in PERIOD))
        right["metric"] = kept.get("metric") == row["metric"]
        if row["metric"] in metrics:
            score.add("metric", right["metric"])
        else:
            score.add("no_metric", right["metric"] or kept.get("metric") == "")
        asked = CELLS if row["metric"] not in metrics else ("metric", *CELLS)
        wrong += [_told(name, cells, row.cells) for name in asked if kept and not right[name]]
    named = {name for name in sure if name != "metric" or cells.get("metric")}
    score.sure += [(sure[name], right[name]) for name in sorted(named) if name in right]
    return wrong


def _told(name: str, cells: dict[str, str], row: dict[str, str]) -> str:
    return f"{name} {cells.get(name) or 'empty'} for {row[name] or 'empty'}"


def total(scores: list[Score]) -> Score:
    """Several documents as one; its time is that of the slowest."""
    whole = Score(seconds=max(score.seconds for score in scores))
    for score in scores:
        whole.right += score.right
        whole.of += score.of
        whole.sure += score.sure
        whole.missed += score.missed
    return whole


def bands(score: Score) -> list[tuple[str, int, int]]:
    """How many guesses were right, and of how many, by how sure they were."""
    edges = (("0.9 and more", 0.9, 2.0), ("0.8 to 0.9", 0.8, 0.9), ("0.5 to 0.8", 0.5, 0.8), ("less than 0.5", 0.0, 0.5))
    found = [(name, [right for sure, right in score.sure if low <= sure < high]) for name, low, high in edges]
    return [(name, sum(those), len(those)) for name, those in found]


def short(score: Score) -> list[str]:
    """The targets that are missed, each in a sentence."""
    return [
        f"{MEASURES[name]}: {score.share(name):.1%}, wanted {target:.0%}." for name, target in TARGETS.items() if score.share(name) < target
    ]


def page(record: Record, results: dict[str, dict[str, Score]]) -> str:
    """The results as Markdown."""
    documents, whole = list(record.documents), {name: total(list(scores.values())) for name, scores in results.items()}
    lines = [INTRODUCTION, "## In all", "", "| | target | " + " | ".join(results) + " |", "|---|" + "---:|" * (len(results) + 1)]
    for measure, label in MEASURES.items():
        target = f"{TARGETS[measure]:.0%}" if measure in TARGETS else ""
        lines.append(f"| {label} | {target} | " + " | ".join(_cell(score, measure) for score in whole.values()) + " |")
    lines += ["", "## By document, as learnt", "", "| | " + " | ".join(documents) + " |", "|---|" + "---:|" * len(documents)]
    for measure, label in MEASURES.items():
        lines.append(f"| {label} | " + " | ".join(_cell(results[HEADLINE][document], measure, False) for document in documents) + " |")
    lines += ["", "## Whether confidence means something", "", "Every guess that the learnt drafts make, by its confidence.", "",
              "| confidence | right | of | share |", "|---|---:|---:|---:|"]  # fmt: skip
    lines += [f"| {name} | {right} | {of} | {right / of if of else 0:.0%} |" for name, right, of in bands(whole[HEADLINE])]
    missed = whole[HEADLINE].missed
    lines += ["", f"## What is missed, as learnt: {len(missed)} numbers", "", MISSED, "", *(f"- {one}" for one in missed)]
    return "\n".join(lines) + "\n"


def _cell(score: Score, measure: str, share: bool = True) -> str:
    if not score.of[measure]:
        return "–"
    return f"{score.right[measure]} / {score.of[measure]}" + (f" ({math.floor(100 * score.share(measure))}%)" if share else "")


INTRODUCTION = """# How good drafts are

Written by `make drafts`; do not edit.

Each document is left out in turn: the drafter sees its text, and what people keyed and set aside in the others. What it drafts is held
against what people keyed and set aside in this one. A number that should be keyed and is proposed to be set aside counts as wrong in
every column.

- **before**: the drafter as it was, which took the keyed sentence with the most words in common and called every number one to be keyed.
- **nonsense**: the present drafter, its lessons and the codebook's definitions shuffled: what the rules alone do.
- **no lessons**: the lessons shuffled, the definitions as they are.
- **no wordings**: with both, without `data/terms.csv`, and without metrics and terms of categories that only the left-out document uses.
- **learnt**: as above, with the wordings of `data/terms.csv` that fit a keyed number of another document. This is what a new report
  meets, and what the targets are for.
- **all wordings**: with the shared files as they are. They were keyed from all documents, the left-out one too, so this is too good: it
  is what a report meets that says nothing new.

The rules (what looks like a page number, which words name a law) know no document, but they were written by somebody who had read these
five. Leaving a document out leaves its rows out, not what its reader remembered. Expect less of a report in another style.
"""
MISSED = "Each with what was drafted, and what it should have been. Metrics that no other document has are not listed."


def main() -> int:
    """Measure, write the page, and tell every target that is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--country", default="bel")
    parser.add_argument("--write", type=Path, default=ROOT / "docs" / "drafts.md")
    options = parser.parse_args()
    record = load(options.country, options.root)
    results = {name: {document: judged(record, document, *how) for document in record.documents} for name, how in KNOWLEDGE.items()}
    text = page(record, results)
    options.write.write_text(text, encoding="utf-8")
    print(text)
    slowest = max(results[HEADLINE], key=lambda document: results[HEADLINE][document].seconds)
    print(f"The slowest: {slowest}, {results[HEADLINE][slowest].seconds:.1f} s.")
    missed = short(total(list(results[HEADLINE].values())))
    print("\n".join(missed) or "Every target is met.", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
