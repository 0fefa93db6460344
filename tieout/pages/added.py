"""What the newest documents added to an edition, as facts; their ids begin with ``change-``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from tieout.comparing import CAVEAT, HOLD, RUN
from tieout.facts import Evidence, Fact, gather
from tieout.pages.summary import counted
from tieout.pages.words import day_name, plain
from tieout.record import MISSING, Record
from tieout.since import Since
from tieout.vintages import revision
from tieout.wording import listed, number

if TYPE_CHECKING:
    from tieout.figures.plan import Plan

MAY = {RUN: "may run", CAVEAT: "may run with a caveat", HOLD: "may not be compared"}


def change_facts(evidence: Evidence, drawn: Sequence[Plan], since: Since | None) -> list[Fact]:
    """Every sentence with a number on what the newest documents changed, and on the corrections of what was published."""
    if since is None:
        return [_first(evidence.record), _corrections(evidence.record)]
    found = [_documents(since), _numbers(since), *_groups(since), _told_again(since)]
    found += [_sayable(since), _carried_on(since), _verdicts(since), _gaps(since)]
    return [*found, _figures(since, drawn), _corrections(evidence.record)]


def _first(record: Record) -> Fact:
    known = list(record.documents)
    told = f"There is no edition before this one: nothing that it knows of was published before {listed(known)}."
    return Fact("change-documents", told if known else "There is no edition before this one.", Decimal(len(known)), "documents")


def _documents(since: Since) -> Fact:
    titles = [f"{since.now.record.documents[one]['title']} ({one})" for one in since.documents]
    known = counted(len(since.before.record.documents), "document")
    return Fact("change-documents", f"New: {listed(titles)}, beside {known} from before.", Decimal(len(titles)), "documents")


def _numbers(since: Since) -> Fact:
    known, new = sum(cells["status"] != MISSING for cells in since.before.observations), len(since.numbers)
    text = f"{_who(since, 'adds', 'add')} {counted(new, 'number')} to the {number(known)} keyed before."
    formula = f"{number(known)} + {number(new)} = {number(known + new)}"
    return Fact("change-numbers", text, Decimal(new), "numbers", formula)


def _groups(since: Since) -> Iterable[Fact]:
    """How many new numbers each part of the codebook has."""
    for group, rows in by_group(since).items():
        text = f"{plain(group)}: {counted(len(rows), 'new number')}."
        yield Fact(f"change-new-{group}", text, Decimal(len(rows)), "numbers")


def by_group(since: Since) -> dict[str, list]:
    """The new numbers by their part of the codebook."""
    groups: dict[str, list] = {}
    for cells in since.numbers:
        groups.setdefault(since.now.record.metrics[cells["metric"]]["group"], []).append(cells)
    return dict(sorted(groups.items()))


def _told_again(since: Since) -> Fact:
    pairs, words = since.told_again, Counter(revision(pair.start, pair.end) for pair in since.told_again)
    text = f"{_who(since, 'tells', 'tell')} {counted(len(pairs), 'fact')} of earlier documents again"
    told = listed([f"{number(count)} {word}" for word, count in sorted(words.items())])
    text = f"{text}: {told}." if pairs else f"{_who(since, 'tells', 'tell')} no dated fact of an earlier document again."
    return Fact("change-told-again", text, Decimal(len(pairs)), "facts")


def _sayable(since: Since) -> Fact:
    count = len(newly(since))
    text = f"{counted(count, 'change or share', 'changes and shares')} may be told that could not be told before."
    text = text if count else "No change or share may be told that could not be told before."
    return Fact("change-sayable", text, Decimal(count), "facts")


def newly(since: Since) -> list[Fact]:
    """The changes and shares that rest on a new row and may be told."""
    found = [fact for fact in gather(since.now) if fact.id.startswith(("trend-", "share-")) and fact.verdict != HOLD]
    return [fact for fact in found if not since.before.by_id.keys() >= set(fact.inputs)]


def _carried_on(since: Since) -> Fact:
    pairs, verdicts = since.carried_on, Counter(pair.verdict for pair in since.carried_on)
    told = listed([f"{number(verdicts[verdict])} {may}" for verdict, may in MAY.items() if verdicts[verdict]])
    if verdicts[HOLD] == len(pairs):
        told = "the step may not be compared" if len(pairs) == 1 else "none of the steps may be compared"
    text = f"{counted(len(pairs), 'series', 'series')} {_are(len(pairs))} carried on to new figures; {told}."
    text = text if pairs else "No series of before is carried on."
    return Fact("change-series", text, Decimal(len(pairs)), "series")


def _verdicts(since: Since) -> Fact:
    made, moved, parted, reworded = len(since.before.pairs), len(since.moved), len(since.parted), len(since.reworded)
    told = [f"{number(moved)} {'has' if moved == 1 else 'have'} another verdict"] if moved else []
    told += [f"{number(reworded)} {'keeps its' if reworded == 1 else 'keep their'} verdict for other reasons"] if reworded else []
    told += [f"{number(parted)} {_are(parted)} no longer made"] if parted else []
    others = "; the others stand" if made > moved + reworded + parted else ""
    text = f"Of {counted(made, 'comparison')} made before, {listed(told)}{others}." if told else ""
    text = text or f"{counted(made, 'comparison')} made before: the same verdict for the same reasons."
    return Fact("change-verdicts", text, Decimal(moved), "comparisons")


def _gaps(since: Since) -> Fact:
    known, closed, opened = sum(cells["status"] == MISSING for cells in since.before.observations), len(since.closed), len(since.gaps)
    they = "it is" if opened == 1 else "they are"
    text = f"{_who(since, 'says', 'say')} of {counted(opened, 'number')} that {they} not reported" if opened else "No gap is new"
    text += (
        f"; {number(closed) if closed else 'none'} of {counted(known, 'gap')} known before {_are(max(closed, 1))} closed." if known else "."
    )
    return Fact("change-gaps", text, Decimal(opened), "gaps")


def _figures(since: Since, drawn: Sequence[Plan]) -> Fact:
    from tieout.figures import plans
    from tieout.figures.before import moved

    earlier = plans(since.before)
    known = {plan.id for plan in earlier}
    new, other = sum(plan.id not in known for plan in drawn), len(moved(earlier, drawn))
    told = f"{number(other) if other else 'none'} of {counted(len(earlier), 'figure')} drawn before"
    told += f" {_are(max(other, 1))} drawn from other numbers"
    told += f"; {number(new)} {_are(new)} new" if new else ""
    return Fact("change-figures", f"{told[:1].upper()}{told[1:]}.", Decimal(other), "figures")


def _corrections(record: Record) -> Fact:
    entries = record.rows("corrections")
    if not entries:
        return Fact("change-corrections", "No published number has been corrected.", Decimal(0), "entries")
    kinds = Counter(row["kind"] for row in entries)
    told = listed([counted(count, kind) for kind, count in sorted(kinds.items())])
    return Fact(
        "change-corrections", f"{told} of what was published, the last on {day_name(entries[-1]['on'])}.", Decimal(len(entries)), "entries"
    )


def _who(since: Since, verb: str, plural: str) -> str:
    return f"The new document {verb}" if len(since.documents) == 1 else f"The new documents {plural}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
