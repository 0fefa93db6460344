"""Another country is another folder: the invented one of tests/fixtures/country beside Belgium, and nothing of the one in the other."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, copied
from tests.keys import enter, rows_of
from tests.stories.conftest import contents, executed_here, here
from tieout import running
from tieout.derived import parse_operand
from tieout.record import load
from tieout.tables import write_table

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("new-country")]

FIXTURE, DOCUMENT, CODE = ROOT / "tests" / "fixtures" / "country", "obs-2021", "xfa"
ADD = [f"--country={CODE}", f"--document={DOCUMENT}", "--publisher=Observatory of Fixturia (a fixture)", "--series=Reports on Fixturia",
       "--published=2021-05", "--published-basis=stated", "--rights=Written for these tests.", "--yes"]  # fmt: skip
INSTITUTIONS = (
    "belg|brussels|flanders|wallon|sliven|pag-asa|payoke|sürya|myria|greta|ecpat|immigration office|foreign office|federal police|"
    "three specialised|united states|state department"
).split("|")


@dataclass(frozen=True)
class Houses:
    """A repository with two countries: Belgium's edition of its oldest document before and after, and the other's; what ``add`` said."""

    root: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    said: str

    @property
    def edition(self) -> Path:
        return self.root / "outputs" / CODE


def run(root: Path, *more: object) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "execute", executed_here)
        done = here("run", *more, "--root", root)
    assert done.returncode == 0, done.stderr


def added(root: Path, file: Path = FIXTURE / "fixture-invented-numbers-2021-fixturia.txt") -> str:
    done = here("add", file, *ADD, "--root", root)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    root = copied(tmp_path_factory.mktemp("countries") / "house").root
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    old = ("bel", "--as-of", "2005-01-01", "--output")
    run(root, *old, root / "before")
    said = added(root)
    enter(FIXTURE / "key", root, CODE)
    assert here("tidy", "--root", root).returncode == 0
    for role in ("keyer", "verifier"):
        assert here("sign", DOCUMENT, "--role", role, "--by", f"the {role}", "--on", "2021-07-10", "--root", root).returncode == 0
    run(root, CODE, "--require-signed")
    run(root, *old, root / "after")
    yield Houses(root, contents(root / "before" / "bel"), contents(root / "after" / "bel"), said)


def test_the_folders_and_the_register_appear(houses: Houses) -> None:
    assert (houses.root / "seeds" / CODE / f"{DOCUMENT}.txt").is_file()
    register = rows_of(houses.root / "data" / CODE / "documents.csv", "documents")
    assert [row["country"] for row in register] == [CODE]
    assert json.loads((houses.root / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert "data/countries.csv" in houses.said and "XFA" in houses.said, "add says where the name of such a country goes"


def test_its_edition_tells_its_numbers_under_its_name(houses: Houses) -> None:
    page = (houses.edition / "index.html").read_text(encoding="utf-8")
    assert "<h1>Fixturia: what reports say about human trafficking</h1>" in page
    facts = {fact["id"]: fact for fact in json.loads((houses.edition / "facts.json").read_text(encoding="utf-8"))}
    told = facts["trend-obs-2021-002-obs-2021-001"]
    assert told["text"] == "Trafficking cases investigated rose from 987 in 2019 to 1,204 in 2020, by 217 (+22.0%)."
    money = facts["trend-obs-2021-008-obs-2021-007"]["text"]
    assert "from XFC 2,100,000 in 2019 to XFC 2,500,000 in 2020" in money, "money without a sign is told by its code"
    figures = json.loads((houses.edition / "figures" / "figures.json").read_text(encoding="utf-8"))
    assert [figure["id"] for figure in figures] == ["law-enforcement", "permits", "coverage"]
    assert "1 of 4 measures has a figure" in figures[-1]["title"]
    assert "Fixturia" in (houses.edition / "sdmx" / "structure.xml").read_text(encoding="utf-8")


def words_of_belgium(root: Path) -> list[str]:
    """What would tell of Belgium: its documents, rows, rules and faults, its sources, and the metrics that only it uses."""
    belgium, other = load("bel", root), load(CODE, root)
    used = {row["metric"] for row in other.rows("metrics")}
    found = [*INSTITUTIONS, *belgium.documents]
    for row in belgium.documents.values():
        found += [row["title"], row["publisher"], row["series"], row["sha256"]]
    for name, column in (("faults", "fault"), ("faults", "description"), ("identities", "identity"), ("identities", "reason"),
                         ("breaks", "reason"), ("corrections", "correction")):  # fmt: skip
        found += [row[column] for row in belgium.rows(name)]
    for row in belgium.rows("codebook"):
        if row["metric"] not in used:
            found += [row["metric"], row["definition"]] if "_" in row["metric"] else [row["definition"]]
    for row in belgium.rows("derived"):
        if not used >= {parse_operand(row[side])[0] for side in ("numerator", "denominator")}:
            found += [row["measure"], row["label"]]
    return [word.casefold() for word in found if word]


def test_nothing_of_belgium_leaks_into_any_file_of_it(houses: Houses) -> None:
    words = words_of_belgium(houses.root)
    assert len(words) > 300
    leaks = []
    for name, content in contents(houses.edition).items():
        text = content.decode("utf-8", errors="ignore").casefold()
        leaks += [(name, word) for word in words if word in text]
        leaks += [(name, "bel")] if re.search(r"\bbel\b", text) and not name.endswith((".png", ".woff2", ".parquet")) else []
    assert not leaks, leaks[:20]


def test_the_words_looked_for_are_those_of_an_edition_of_belgium(houses: Houses) -> None:
    """The look for leaks sees them where they are."""
    text = b"\n".join(houses.after.values()).decode("utf-8", errors="ignore").casefold()
    assert "belg" in text and "tip-2004" in text and "united states" in text and re.search(r"\bbel\b", text)


def test_belgium_is_the_same_bytes_before_and_after(houses: Houses) -> None:
    moved = {name for name in houses.before.keys() | houses.after.keys() if houses.before.get(name) != houses.after.get(name)}
    assert moved == {"manifest.json"}, "the manifest names the code lists, which have grown"


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("A fixture, invented. The ministry did not report how many residence permits it issued in 2020.\n",
         {"metric": "residence_permits", "unit": "permits", "status": "O", "start": "2020-01-01", "end": "2020-12-31",
          "period_basis": "stated", "quote": "The ministry did not report how many residence permits it issued in 2020"}),
        ("A fixture, invented. Identified victims had a 30-day reflection period.\n",
         {"metric": "reflection_period", "unit": "days", "status": "A", "period_basis": "standing", "value": "30", "printed": "30",
          "quote": "Identified victims had a 30-day reflection period"}),
    ],
    ids=["a gap alone", "a rule alone"],
)  # fmt: skip
def test_a_country_with_next_to_nothing_has_good_pages(tmp_path: Path, text: str, row: dict[str, str]) -> None:
    copy = copied(tmp_path / "house")
    shutil.copytree(ROOT / "notebooks", copy.root / "notebooks")
    report = tmp_path / "report.txt"
    report.write_text(text, encoding="utf-8")
    done = here("add", report, *ADD, "--title=A fixture", "--root", copy.root)
    assert done.returncode == 0, done.stderr
    path = copy.root / "data" / CODE / "metrics" / f"{DOCUMENT}.csv"
    blank = dict.fromkeys(next(csv.reader([path.read_text(encoding="utf-8").splitlines()[0]])), "")
    total = {"sex": "total", "age": "total", "exploitation": "total", "qualifier": "exact"}
    write_table(path, tuple(blank), [blank | total | {"id": f"{DOCUMENT}-001"} | row])
    run(copy.root, CODE)
    edition = copy.root / "outputs" / CODE
    page = (edition / "index.html").read_text(encoding="utf-8")
    assert "XFA: what reports say" in page, "a code without a name is told as it is"
    assert json.loads((edition / "figures" / "figures.json").read_text(encoding="utf-8")) == []
    assert "some of them extracts" not in page and "one of them" not in page
    assert "no comparison" in page and "0 comparisons" not in page and "0 times" not in page
    for name in ("faults", "recommendations", "holds", "gaps"):
        section = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)[0]
        assert re.search(r"</h2>\s*<p", section), f"{name} says that there is nothing"
    assert 'id="derived"' not in page, "no share of what the country does not have"
