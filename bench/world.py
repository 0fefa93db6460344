"""A synthetic world: countries that are none, whose every report, number and signature is made up by a seeded program.

Its codes are of the range that ISO 3166-1 leaves to users (xaa, xab, …), its names ``Synthetic 001`` …. Each country has a report a year:
prose with numbers in it, the rows keyed from it, numbers set aside, passages, gaps, sums, faults, breaks and two signatures, so that every
check passes. A report tells its newest year first, then the years before it again, some of them revised. The same arguments give the same
bytes; one country is in memory at a time, and is the same in a world of one and in a world of all.

    python -m bench.world FOLDER --countries 188 --years 25 --rows 85
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from pathlib import Path

from bench.topics import TOPICS, Topic
from tieout.record import load
from tieout.schema import SHARED, path_of, schema_of
from tieout.signing import TRUSTED, digests, total
from tieout.tables import write_table

REPOSITORY = Path(__file__).resolve().parent.parent
LAST_YEAR, MOST_YEARS, MOST_ROWS = 2025, 99, 999
BREAK_EVERY, BROKEN = 8, "victims_identified"
BREAK_WORDS = "Data sources for the count of victims differed from those of earlier reports"
LEADS = {"exact": "", "at_least": "at least ", "about": "about ", "more_than": "more than "}
FILLER = (
    "Officials said that cooperation between the provinces went on as before.",
    "Observers praised the training of interpreters and asked for more of it.",
    "The coordinator published guidance for hospitals, schools and harbours.",
    "Lawyers found the rules on residence hard to follow.",
    "Survivors took part in drawing up the national strategy.",
)
ASKED = {
    "inspectors": "Increase the number of trained inspectors in every province.",
    "shelters": "Open the shelters to people whose case is not yet decided.",
    "data": "Publish the data of police, courts and shelters together.",
}
FAULTS = (("caveat", "W"), ("hold", "D"), ("use", "A"))
Cells = dict[str, str]


@dataclass
class Report:
    """A report as it is written, and what is keyed from it."""

    document: str
    lines: list[str]
    metrics: list[Cells] = field(default_factory=list)
    set_aside: list[Cells] = field(default_factory=list)
    statements: list[Cells] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The report's text, a paragraph a line."""
        return "\n\n".join(self.lines) + "\n"

    def aside(self, printed: str, context: str, reason: str) -> None:
        """Set a number aside, or a whole stretch where the context is the number."""
        self.set_aside.append({"printed": printed, "context": context, "reason": reason, "note": ""})

    def passage(self, kind: str, label: str, quote: str) -> None:
        """Key a passage as words."""
        name = f"{self.document}-s{len(self.statements) + 1:02d}"
        self.statements.append({"id": name, "kind": kind, "label": label, "quote": quote, "note": ""})


@dataclass(frozen=True)
class World:
    """How large a world is, and the seed of its numbers."""

    countries: int = 188
    years: int = 25
    rows: int = 85
    seed: int = 7

    @cached_property
    def codes(self) -> list[str]:
        """The codes of its countries, of the range xaa to xxz."""
        letters = product(string.ascii_lowercase[:24], string.ascii_lowercase)
        return [f"x{''.join(two)}" for two in islice(letters, self.countries)]

    def write(self, root: Path) -> None:
        """Write the world below ``root``, which is made: data, seeds, notebooks and pins, as a repository has them."""
        (root / "data").mkdir(parents=True)
        for name in SHARED:
            if name != "countries":
                shutil.copy(REPOSITORY / path_of(name), root / path_of(name))
        names = ({"country": code, "name": name_of(place)} for place, code in enumerate(self.codes, 1))
        write_table(root / path_of("countries"), schema_of("countries").columns, names)
        shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
        shutil.copy(REPOSITORY / "requirements.lock", root)
        for place, code in enumerate(self.codes, 1):
            Country(self, code, place).write(root)


def name_of(place: int) -> str:
    """The name of the country at a place, counted from 1."""
    return f"Synthetic {place:03d}"


@dataclass(frozen=True)
class Country:
    """A country of a world."""

    world: World
    code: str
    place: int

    def write(self, root: Path) -> None:
        """Write its keyed data and its reports, and sign them."""
        tables: dict[str, list[Cells]] = {name: [] for name in ("documents", "identities", "breaks", "faults", "signoffs")}
        for year in range(LAST_YEAR - self.world.years + 1, LAST_YEAR + 1):
            report = self.report(year)
            seed = root / "seeds" / self.code / f"{report.document}.txt"
            seed.parent.mkdir(parents=True, exist_ok=True)
            seed.write_text(report.text, encoding="utf-8", newline="")
            tables["documents"].append(self._registered(report, year))
            self._relate(report, year, tables)
            for name in ("metrics", "set_aside", "statements"):
                self._table(root, name, getattr(report, name), report.document)
        for name, rows in tables.items():
            self._table(root, name, rows)
        self._sign(root)

    def report(self, year: int) -> Report:
        """The report of a year, on the years before it."""
        title = f"SYNTHETIC, INVENTED NUMBERS: Report of {year} on {name_of(self.place)}"
        made = Report(f"syn-{year}", [title, "Nothing in it is true: a program wrote it.", f"Published on 30 June {year}."])
        made.aside(title, title, "title")
        made.aside(f"30 June {year}", f"Published on 30 June {year}", "date")
        for row, (topic, told) in enumerate(islice(self._telling(year), self.world.rows), 1):
            self._tell(made, topic, told, f"{made.document}-{row:03d}", newest=told == year - 1)
        self._close(made, year)
        return made

    def _telling(self, year: int) -> Iterator[tuple[Topic, int]]:
        """What a report tells, the newest year first."""
        for told in range(year - 1, 1900, -1):
            yield from ((topic, told) for topic in TOPICS if told == year - 1 or not topic.newest)

    def _tell(self, made: Report, topic: Topic, year: int, name: str, newest: bool) -> None:
        """A sentence in the report, and its row."""
        value, printed = ("", "") if topic.gap else topic.told(self.value(topic, year, made.document))
        counted = topic.metric == BROKEN and topic.entire
        qualifier = self._qualifier(topic, year) if topic.bounded and not (counted and newest) else "exact"
        quote = topic.words.format(n=f"{LEADS[qualifier]}{printed}", y=year)
        made.lines.append(f"{quote}. {FILLER[len(made.metrics) % len(FILLER)]}")
        broken = counted and self.breaks_in(year)
        status = "O" if topic.gap else "B" if broken else "A"
        note = "The report calls it a break." if broken else ""
        made.metrics.append({
            "id": name, "metric": topic.metric, "sex": topic.sex, "age": topic.age, "exploitation": topic.exploitation,
            "start": f"{year}-01-01", "end": f"{year}-12-31", "period_basis": "stated", "value": value, "unit": topic.unit,
            "qualifier": qualifier, "status": status, "coverage": "", "printed": printed, "quote": quote, "note": note,
        })  # fmt: skip
        if topic.aside:
            made.aside(topic.aside, quote, "band")

    def breaks_in(self, year: int) -> bool:
        """Whether the count of victims breaks with a year that a report tells as its newest."""
        return year >= LAST_YEAR - self.world.years and (year + self.place) % BREAK_EVERY == 0

    def value(self, topic: Topic, year: int, document: str) -> float:
        """The number that a report gives: the world's own, now and then revised."""
        if topic.part:
            least, most = topic.part
            whole = self.value(_whole_of(topic), year, document) if not topic.newest else self._drawn(topic.metric, year) * 400
            return whole * (least + (most - least) * self._drawn(topic.series, year) / 2)
        if topic.metric == BROKEN and document == f"syn-{year + 1}":
            sexes = [one for one in TOPICS if one.newest]
            return sum(int(self.value(one, year, document)) for one in sexes)
        revised = 1.1 if self._drawn(f"{document}/{topic.series}", year) > 1.94 else 1.0
        return 1 + topic.level * revised * self._drawn(topic.series, year)

    def _drawn(self, what: str, year: int) -> float:
        """A number from 0.5 to 2 that depends on nothing but the seed, the country, the year and what it is for."""
        return 0.5 + 1.5 * random.Random(f"{self.world.seed}/{self.code}/{what}/{year}").random()

    def _qualifier(self, topic: Topic, year: int) -> str:
        drawn = self._drawn(f"qualifier/{topic.series}", year)
        return "exact" if drawn < 1.8 else list(LEADS)[1 + int(drawn * 100) % 3]

    def _close(self, made: Report, year: int) -> None:
        """The end of a report: its gap, its break and what it asks for."""
        for row in made.metrics:
            if row["status"] == "O":
                made.passage("caveat", f"prevention in {row['start'][:4]}", row["quote"])
        if self.breaks_in(year - 1):
            made.lines.append(f"{BREAK_WORDS}.")
            made.passage("caveat", "other data sources", BREAK_WORDS)
        for place, (label, words) in enumerate(ASKED.items()):
            if (year + place) % len(ASKED):
                made.lines.append(words)
                made.passage("recommendation", label, words)
        line = "Helpline of the synthetic observatory: 0700 11 22 33"
        made.lines.append(f"{line}.")
        made.aside(line, line, "address")

    def _relate(self, made: Report, year: int, tables: dict[str, list[Cells]]) -> None:
        """The sum, the break and the fault that a report brings."""
        newest = [row for row in made.metrics if row["metric"] == BROKEN and row["start"][:4] == str(year - 1)]
        number = len(tables["documents"])
        if len(newest) > 2:
            whole, *sexes = (row["id"] for row in newest[:3])
            tables["identities"].append({
                "identity": f"i{number:02d}-sexes-{year - 1}", "relation": "sum", "total": whole, "parts": "|".join(sexes),
                "expected": "holds", "reason": "The sentences divide the victims by sex.",
            })  # fmt: skip
        if self.breaks_in(year - 1):
            tables["breaks"].append({
                "metric": BROKEN, "before": f"{year - 2}-12-31", "after": f"{year - 1}-01-01", "document": made.document,
                "reason": "The figures come from other data sources.", "quote": BREAK_WORDS,
            })  # fmt: skip
        treatment, status = FAULTS[year % len(FAULTS)]
        tables["faults"].append({
            "fault": f"f{number:02d}-invented-{year}", "ids": "|".join(row["id"] for row in made.metrics[-2:]), "kind": "method",
            "description": f"An invented doubt about how two figures of the report of {year} were counted.",
            "treatment": treatment, "status": status,
        })  # fmt: skip

    def _registered(self, made: Report, year: int) -> Cells:
        return {
            "document": made.document, "country": self.code, "title": f"Synthetic report of {year} on {name_of(self.place)}",
            "publisher": "Observatory of nowhere (synthetic)", "series": "Synthetic reports", "published": f"{year}-06-30",
            "published_basis": "stated", "seed": f"seeds/{self.code}/{made.document}.txt",
            "sha256": hashlib.sha256(made.text.encode()).hexdigest(), "rights": "Made up by a program; nobody has rights in it.",
            "note": "Synthetic: no such report was ever published.",
        }  # fmt: skip

    def _table(self, root: Path, name: str, rows: list[Cells], document: str = "") -> None:
        blank = dict.fromkeys(schema_of(name).columns, "")
        write_table(root / path_of(name, self.code, document), tuple(blank), [blank | row for row in rows])

    def _sign(self, root: Path) -> None:
        """The keyer's and the verifier's signature on every report, each invented."""
        record, signed = load(self.code, root), []
        for document in record.documents:
            covered = digests(record, document)
            ledger = [{"role": role, "row": key, "digest": digest} for role in TRUSTED for key, digest in covered.items()]
            self._table(root, "signatures", sorted(ledger, key=lambda row: (row["role"], row["row"])), document)
            signature = {"document": document, "on": f"{document[-4:]}-07-10", "digest": total(covered)}
            signed += [signature | {"role": role, "by": f"synthetic {role}"} for role in TRUSTED]
        self._table(root, "signoffs", signed)


def _whole_of(topic: Topic) -> Topic:
    """The topic of the total that a topic is a part of."""
    return next(one for one in TOPICS if one.metric == topic.metric and one.entire)


def main() -> int:
    """Write a world into a folder that is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m bench.world", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path, help="where the world goes; not there yet")
    for name, most in (("countries", 624), ("years", MOST_YEARS), ("rows", MOST_ROWS)):
        parser.add_argument(f"--{name}", type=int, default=getattr(World, name), help=f"at most {most}")
    parser.add_argument("--seed", type=int, default=World.seed)
    options = parser.parse_args()
    World(options.countries, options.years, options.rows, options.seed).write(options.folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
