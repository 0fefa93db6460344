"""The three steps of an edition, as the notebooks call them: validate, trends, figures.

Each reads the keyed inputs and only those edition files that the step before it wrote.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from tieout.checks import check_record
from tieout.comparing import Pair, series_name
from tieout.facts import Evidence, Fact, gather, observations
from tieout.published import CORRECTIONS
from tieout.record import Record, load
from tieout.report import Report
from tieout.schema import EDITION, schema_of
from tieout.since import Since
from tieout.tables import read_table, write_table

OBSERVATIONS, TRENDS = (EDITION[name].columns for name in ("observations", "trends"))


@dataclass(frozen=True)
class Step:
    """Where a step reads and writes: the keyed inputs under ``inputs``, the edition in ``edition``; ``as_of`` may be empty."""

    country: str
    inputs: Path
    edition: Path
    as_of: str = ""

    @cached_property
    def record(self) -> Record:
        """The keyed record, as known by ``as_of``."""
        return load(self.country, self.inputs, date.fromisoformat(self.as_of) if self.as_of else None)

    @cached_property
    def evidence(self) -> Evidence:
        """The record with the observations that the validation wrote."""
        table, failures = read_table(self.edition / "observations.csv", "observations.csv", OBSERVATIONS)
        if failures:
            raise FileNotFoundError(f"{failures[0].message} Run the validation first.")
        return Evidence(self.record, table.rows)

    @cached_property
    def since(self) -> Since | None:
        """The step that the newest documents made; None where there is nothing before them."""
        return Since.of(self.evidence)

    @cached_property
    def facts(self) -> list[Fact]:
        """The facts that the trends step wrote."""
        stored = json.loads((self.edition / "facts.json").read_text(encoding="utf-8"))
        return [Fact.from_json(fact) for fact in stored]


def validate(step: Step) -> Report:
    """Check everything; write ``validation.json``, and ``observations.csv`` and ``corrections.csv`` where all is well."""
    report = check_record(step.record)
    write_json(step.edition / "validation.json", report.as_json())
    if report.ok:
        write_table(step.edition / "observations.csv", OBSERVATIONS, observations(step.record))
        entries = [row.cells for row in step.record.rows("corrections")]
        write_table(step.edition / CORRECTIONS, schema_of("corrections").columns, entries)
    return report


def trends(step: Step) -> list[Fact]:
    """Compare what may be compared; write ``trends.csv`` and ``facts.json``."""
    evidence = step.evidence
    report = Report.from_json(json.loads((step.edition / "validation.json").read_text(encoding="utf-8")))
    found = told(evidence, report, step.since)
    write_table(step.edition / "trends.csv", TRENDS, [trend_row(pair) for pair in evidence.pairs])
    write_json(step.edition / "facts.json", [fact.as_json() for fact in found])
    return found


def told(evidence: Evidence, report: Report, since: Since | None) -> list[Fact]:
    """Every fact of an edition: about itself, what its newest documents added, its figures' titles, changes, shares and gaps."""
    from tieout.figures import plans
    from tieout.pages.added import change_facts
    from tieout.pages.summary import edition_facts

    drawn = plans(evidence)
    about = [*edition_facts(evidence.record, report), *change_facts(evidence, drawn, since)]
    return [*about, *(plan.headline for plan in drawn), *gather(evidence)]


def figures(step: Step) -> list[dict]:
    """Draw every figure from its plan, and beside it as it was before the newest documents where it moved; write ``figures/``.

    Raises ``ValueError`` where a title is not the fact of that id.
    """
    from tieout.figures import draw, plans
    from tieout.figures.before import draw_before
    from tieout.figures.together import together

    known = {fact.id: fact for fact in step.facts}
    drawn = plans(step.evidence)
    (step.edition / "figures").mkdir(exist_ok=True)
    for plan in drawn:
        if known.get(plan.headline.id) != plan.headline:
            raise ValueError(f"The title of figure {plan.id} is not the fact {plan.headline.id} of facts.json. Run the trends step again.")
    earlier = plans(step.since.before) if step.since else []
    with together() as each:
        shown = each(partial(draw, folder=step.edition / "figures"), drawn)
        moved = draw_before(earlier, drawn, step.edition / "figures" / "before", each)
    write_json(step.edition / "figures" / "before" / "figures.json", moved)
    write_json(step.edition / "figures" / "figures.json", shown)
    return shown


def trend_row(pair: Pair) -> dict[str, str]:
    """A pair as a row of ``trends.csv``."""
    start, end = pair.start, pair.end
    same = {column: start[column] for column in ("metric", "sex", "age", "exploitation", "unit")}
    ends = {
        f"{side}_{column}": cells[column] for side, cells in (("from", start), ("to", end)) for column in ("id", "start", "end", "value")
    }
    return {
        "series": series_name(start),
        **same,
        **ends,
        "change": "" if pair.change is None else f"{pair.change:f}",
        "percent_change": "" if pair.percent is None else f"{pair.percent:f}",
        "verdict": pair.verdict,
        "reasons": " | ".join(reason.text for reason in pair.reasons),
    }


def write_json(path: Path, content: object) -> None:
    """JSON for people and machines: UTF-8, two spaces, a final line end, keys in the order given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="")


__all__ = ["OBSERVATIONS", "TRENDS", "Step", "figures", "told", "trend_row", "trends", "validate", "write_json"]
