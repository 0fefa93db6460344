"""Facts: every sentence with a number in it that an edition prints, with its arithmetic, its rows and its caveats.

Prose is built from facts, so that no number on a page was typed by anybody. A fact on hold says why two numbers may not
be compared, and gives no change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from tieout.comparing import CAVEAT, HOLD, RUN, Cells, Pair, pairs, period_name, uncertain
from tieout.derived import Quotient, quotients
from tieout.record import MISSING, Record
from tieout.vintages import current, retold, revision
from tieout.wording import by_how_much, listed, number, quantity, sentence, shown, signed, subject, when

YEARLESS = ("year", "rank")


@dataclass(frozen=True)
class Fact:
    """A sentence and what stands behind it.

    ``value`` in ``unit`` is the number the sentence is about, None where it gives none; ``formula`` spells the
    arithmetic; ``inputs`` are the observation ids; ``caveats`` are sentences that are printed with it.
    """

    id: str
    text: str
    value: Decimal | None = None
    unit: str = ""
    formula: str = ""
    inputs: tuple[str, ...] = ()
    verdict: str = RUN
    caveats: tuple[str, ...] = ()

    def as_json(self) -> dict:
        """The fact as ``facts.json`` holds it; the value as a number, exact in its decimals."""
        value = None if self.value is None else int(self.value) if self.value == self.value.to_integral_value() else float(self.value)
        return {"id": self.id, "text": self.text, "value": value, "unit": self.unit, "formula": self.formula, "inputs": list(self.inputs),
                "verdict": self.verdict, "caveats": list(self.caveats)}  # fmt: skip

    @classmethod
    def from_json(cls, stored: dict) -> Fact:
        """The fact that ``facts.json`` holds."""
        value = None if stored["value"] is None else Decimal(str(stored["value"]))
        return cls(**{**stored, "value": value, "inputs": tuple(stored["inputs"]), "caveats": tuple(stored["caveats"])})


@dataclass(frozen=True)
class Evidence:
    """All that sentences, figures and pages are made from: the record, and its observations as an edition holds them."""

    record: Record
    observations: tuple[Cells, ...]

    @classmethod
    def of(cls, record: Record) -> Evidence:
        """The evidence of a record, with each observation's country and publication date beside its own cells."""
        return cls(record, tuple(observations(record)))

    @cached_property
    def by_id(self) -> dict[str, Cells]:
        """The observations by id."""
        return {cells["id"]: cells for cells in self.observations}

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every consecutive pair of every series with its verdict."""
        notes = {code: metric["note"] for code, metric in self.record.metrics.items()}
        return pairs(self.observations, self.record.rows("breaks"), self.record.rows("faults"), notes)

    @cached_property
    def quotients(self) -> list[Quotient]:
        """Every derived measure in every period."""
        return quotients(
            [row.cells for row in self.record.rows("derived")], self.observations, [row.cells for row in self.record.rows("faults")]
        )

    def series(self, metric: str, sex: str = "total", age: str = "total", exploitation: str = "total") -> list[Cells]:
        """The dated observations of a series, oldest first, a fact told twice in a document once; gaps included."""
        from tieout.comparing import facts_once, in_time

        wanted = (metric, sex, age, exploitation)
        rows = [
            cells
            for cells in self.observations
            if tuple(cells[c] for c in ("metric", "sex", "age", "exploitation")) == wanted and cells["start"]
        ]
        return sorted(current(facts_once(rows))[0], key=in_time)

    def caveats(self, ids: Iterable[str]) -> tuple[str, ...]:
        """What must be said with any of these observations: the faults to mention, and their coverage."""
        ids = list(ids)
        places = sorted({place for one in ids for place in self._warned.get(one, ())})
        told = [sentence(self.record.rows("faults")[place]["description"]) for place in places]
        covered = [
            f"{period_name(self.by_id[one])}: {self.by_id[one]['coverage']} only."
            for one in ids
            if one in self.by_id and self.by_id[one]["coverage"]
        ]
        return tuple(dict.fromkeys([*covered, *told]))

    def joined(self, earlier: Cells, later: Cells) -> bool:
        """Whether a line may be drawn from one observation to the next: they are a pair that is not on hold."""
        pair = self.pair(earlier, later)
        return pair is not None and pair.verdict != HOLD

    def pair(self, earlier: Cells, later: Cells) -> Pair | None:
        """The pair that leads from one observation to another; None where they are none."""
        return self._by_ends.get((earlier["id"], later["id"]))

    @cached_property
    def _by_ends(self) -> dict[tuple[str, str], Pair]:
        return {(pair.start["id"], pair.end["id"]): pair for pair in reversed(self.pairs)}

    @cached_property
    def _warned(self) -> dict[str, list[int]]:
        """The places, among the faults, of those to mention or to hold for, by the row that each names."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(self.record.rows("faults")):
            for one in dict.fromkeys(row.tokens("ids")) if row["treatment"] in (CAVEAT, HOLD) else ():
                found[one].append(place)
        return found


def observations(record: Record) -> list[dict[str, str]]:
    """Every keyed row as ``observations.csv`` holds it: its country and publication date, its document, and every cell."""
    rows = []
    for row in record.rows("metrics"):
        document = record.documents[row.document]
        rows.append({"country": record.country, "document": row.document, "published": document["published"], **row.cells})
    return sorted(rows, key=lambda cells: cells["id"])


def gather(evidence: Evidence) -> list[Fact]:
    """Every fact of the evidence on its trends, shares and gaps; ids are unique and the order is fixed."""
    found = [trend_fact(evidence.record, pair) for pair in evidence.pairs]
    found += [share_fact(evidence.record, quotient) for quotient in evidence.quotients]
    found += list(gap_facts(evidence))
    return found


def trend_fact(record: Record, pair: Pair) -> Fact:
    """A pair as a sentence: what rose, fell or stayed, by how much; or why nothing may be said."""
    start, end = pair.start, pair.end
    named, ids = subject(record, start), (start["id"], end["id"])
    name = f"trend-{start['id']}-{end['id']}"
    caveats = tuple(sentence(reason.text) for reason in pair.reasons)
    if retold(start, end):
        told = f"{named} {when(start)}: {shown(start)} by {start['document']}, {shown(end)} by {end['document']}: {revision(start, end)}."
        return Fact(name.replace("trend-", "revision-", 1), told, None, start["unit"], "", ids, HOLD, caveats)
    if pair.verdict == HOLD:
        told = f"{named}: {_level(record, start)} and {_level(record, end)} {_beside(start, end)}."
        return Fact(name, told, None, start["unit"], "", ids, HOLD, caveats)
    if pair.change is None:
        told = f"{named}: {shown(start)} {when(start)}, {shown(end)} {when(end)}; the change is not known."
        return Fact(name, told, None, start["unit"], "", ids, pair.verdict, caveats)
    verb = "rose" if pair.change > 0 else "fell" if pair.change < 0 else ""
    if verb and uncertain(pair):
        levels = f"{named} went from {shown(start)} {when(start)} to {shown(end)} {when(end)}"
        told = f"{levels}; rounded as they are, the true number may not have changed."
        return Fact(name, told, None, start["unit"], "", ids, pair.verdict, caveats)
    if not verb:
        told = f"{named} stayed at {shown(end)} {when(start)} and {when(end)}."
    else:
        percent = f" ({signed(pair.percent, 'percent', 1)})" if pair.percent is not None else ""
        much = by_how_much(pair.change, start["unit"])
        told = f"{named} {verb} from {shown(start)} {when(start)} to {shown(end)} {when(end)}, by {much}{percent}."
    return Fact(name, told, pair.change, start["unit"], _difference(pair), ids, pair.verdict, caveats)


def share_fact(record: Record, quotient: Quotient) -> Fact:
    """A derived measure as a sentence that shows numerator and denominator."""
    above, below, unit = quotient.numerator, quotient.denominator, quotient.measure["unit"]
    name, ids = f"share-{quotient.measure['measure']}-{above['id']}", (above["id"], below["id"])
    caveats = tuple(sentence(reason.text) for reason in quotient.reasons)
    if quotient.value is None:
        told = f"{quotient.measure['label']} {when(above)}: {shown(above)} and {shown(below)} give no quotient."
        return Fact(name, told, None, unit, "", ids, HOLD, caveats)
    result = quantity(quotient.value, unit, 1 if unit == "percent" else None)
    if unit == "percent":
        told = f"{quotient.measure['label']} {when(above)}: {shown(above)} of {shown(below)}, {result}."
    else:
        told = f"{quotient.measure['label']} {when(above)}: {shown(above)} for {shown(below)}, {result} on average."
    formula = f"{quantity(above['value'], above['unit'])} ÷ {quantity(below['value'], below['unit'])} = {result}"
    return Fact(name, told, quotient.value, unit, formula, ids, CAVEAT if caveats else RUN, caveats)


def gap_facts(evidence: Evidence) -> Iterable[Fact]:
    """What a source says that it does not report, as a sentence with the source's own words."""
    for cells in evidence.observations:
        if cells["status"] == MISSING:
            told = f"{subject(evidence.record, cells)}: not reported {when(cells)}. “{cells['quote']}” ({cells['document']})"
            yield Fact(
                f"gap-{cells['id']}",
                told,
                None,
                cells["unit"],
                "",
                (cells["id"],),
                HOLD,
                (sentence(cells["note"]),) if cells["note"] else (),
            )


def level_text(record: Record, cells: Cells) -> str:
    """One observation as a sentence: what, how many, when, and its coverage."""
    coverage = f" ({cells['coverage']})" if cells["coverage"] else ""
    return f"{subject(record, cells)}: {shown(cells)}{unit_word(record, cells)} {when(cells)}{coverage}."


def strictest(verdicts: Iterable[str]) -> str:
    """The strictest of several verdicts."""
    given = set(verdicts)
    return HOLD if HOLD in given else CAVEAT if CAVEAT in given else RUN


def _beside(start: Cells, end: Cells) -> str:
    """What is said of two numbers on hold: two rules alike are the same rule, told twice, without a period to compare."""
    rules = start["period_basis"] == end["period_basis"] == "standing"
    same = all(start[column] == end[column] for column in ("value", "qualifier", "status", "coverage"))
    return "alike, as rules in force" if rules and same else "may not be compared"


def _level(record: Record, cells: Cells) -> str:
    """An observation beside another: with its period, or where it has none with the document that says so."""
    return f"{shown(cells)}{unit_word(record, cells)} {when(cells) if cells['start'] else 'in ' + cells['document']}"


def unit_word(record: Record, cells: Cells) -> str:
    """The unit behind a duration or an age, whose number says nothing without it: `` years``, and of one `` year``."""
    unit = record.units[cells["unit"]]
    if unit["kind"] not in ("duration", "age") or cells["status"] == MISSING:
        return ""
    first, *more = unit["label"].split(" ")
    return " " + " ".join([first.removesuffix("s") if Decimal(cells["value"]) == 1 else first, *more])


def _difference(pair: Pair) -> str:
    start, end, unit = Decimal(pair.start["value"]), Decimal(pair.end["value"]), pair.start["unit"]
    told = f"{quantity(end, unit)} − {quantity(start, unit)} = {signed(pair.change, unit)}"
    if pair.percent is not None:
        told += f"; {signed(pair.change, unit)} ÷ {quantity(start, unit)} = {signed(pair.percent, 'percent', 1)}"
    return told


__all__ = [
    "Evidence",
    "Fact",
    "gap_facts",
    "gather",
    "level_text",
    "listed",
    "number",
    "observations",
    "share_fact",
    "strictest",
    "trend_fact",
]
