"""The same fact told by several reports: revised, confirmed, withdrawn, restated, and as known on a day."""

from __future__ import annotations

import hashlib
import random
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tieout.checks import check_record
from tieout.comparing import HOLD, pairs
from tieout.facts import Evidence, gather
from tieout.packaging import tidy
from tieout.record import load
from tieout.schema import COUNTRY, DOCUMENT_FILES
from tieout.tables import write_table

FIXTURE = ROOT / "tests" / "fixtures" / "vintages"
KEYED = {
    "fic-2030": [
        ("investigations", "40", "cases", "2029", "A", "Police investigated 40 cases in 2029"),
        ("convictions", "20", "convictions", "2029", "A", "Courts reported 20 convictions in 2029"),
        ("residence_permits", "300", "permits", "2029", "A", "The government issued 300 residence permits for trafficking victims in 2029"),
        ("victims_identified", "150", "persons", "2029", "A", "The government formally identified and assisted 150 victims in 2029"),
    ],
    "fic-2031": [
        ("investigations", "44", "cases", "2029", "A", "After a recount, police investigated 44 cases in 2029"),
        ("investigations", "50", "cases", "2030", "A", "and 50 cases in 2030"),
        ("convictions", "20", "convictions", "2029", "A", "Courts reported 20 convictions in 2029"),
        (
            "residence_permits",
            "",
            "permits",
            "2029",
            "O",
            "The government did not report residence permits for 2029, having withdrawn the figure",
        ),
        ("victims_identified", "120", "persons", "2029", "D", "the government formally identified and assisted 120 victims in 2029"),
    ],
    "fic-2032": [("investigations", "45", "cases", "2029", "A", "Police investigated 45 cases in 2029")],
}


@pytest.fixture(scope="module")
def freedonia(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented country, keyed beside the repository's code lists."""
    root = tmp_path_factory.mktemp("freedonia")
    (root / "data").mkdir()
    (root / "seeds" / "fic").mkdir(parents=True)
    for path in (ROOT / "data").glob("*.csv"):
        shutil.copy(path, root / "data")
    for name, schema in COUNTRY.items():
        write_table(root / "data" / "fic" / f"{name}.csv", schema.columns, [])
    write_table(root / "data" / "fic" / "documents.csv", COUNTRY["documents"].columns, [_registered(root, document) for document in KEYED])
    for document, rows in KEYED.items():
        numbered = [_row(f"{document}-{place:03d}", *row) for place, row in enumerate(rows, 1)]
        write_table(root / "data" / "fic" / "metrics" / f"{document}.csv", DOCUMENT_FILES["metrics"].columns, numbered)
        write_table(root / "data" / "fic" / "statements" / f"{document}.csv", DOCUMENT_FILES["statements"].columns, [])
        title = {"printed": document[-4:], "context": f"report of {document[-4:]}", "reason": "title", "note": ""}
        write_table(root / "data" / "fic" / "set_aside" / f"{document}.csv", DOCUMENT_FILES["set_aside"].columns, [title])
    tidy(root)
    return root


def _registered(root: Path, document: str) -> dict[str, str]:
    raw = (FIXTURE / f"{document}.txt").read_bytes()
    (root / "seeds" / "fic" / f"{document}.txt").write_bytes(raw)
    return {
        "document": document,
        "country": "fic",
        "title": "A fixture",
        "publisher": "nobody",
        "series": "Fixtures",
        "published": document[-4:],
        "published_basis": "stated",
        "seed": f"seeds/fic/{document}.txt",
        "sha256": hashlib.sha256(raw).hexdigest(),
        "source_url": "",
        "rights": "Written for the tests.",
        "note": "",
    }


def _row(name: str, metric: str, value: str, unit: str, year: str, status: str, quote: str) -> dict[str, str]:
    note = "Counting only sex trafficking." if status == "D" else ""
    whole = {"sex": "total", "age": "total", "exploitation": "total", "qualifier": "exact", "coverage": "", "period_basis": "stated"}
    period = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    return {
        "id": name,
        "metric": metric,
        **whole,
        **period,
        "value": value,
        "printed": value,
        "unit": unit,
        "status": status,
        "quote": quote,
        "note": note,
    }


def told(root: Path, as_of: date | None = None) -> dict[str, str]:
    """The sentences of the fixture's facts, by id."""
    return {fact.id: fact.text for fact in gather(Evidence.of(load("fic", root, as_of)))}


def test_the_fixture_passes_every_check(freedonia: Path) -> None:
    assert check_record(load("fic", freedonia)).failures == []


def test_a_revision_shows_old_and_new_with_both_documents(freedonia: Path) -> None:
    facts = told(freedonia)
    assert facts["revision-fic-2030-001-fic-2031-001"] == "Trafficking cases investigated in 2029: 40 by fic-2030, 44 by fic-2031: revised."
    assert facts["revision-fic-2031-001-fic-2032-001"] == "Trafficking cases investigated in 2029: 44 by fic-2031, 45 by fic-2032: revised."
    assert facts["revision-fic-2030-002-fic-2031-003"].endswith("20 by fic-2030, 20 by fic-2031: confirmed.")
    assert facts["revision-fic-2030-003-fic-2031-004"].endswith("300 by fic-2030, not reported by fic-2031: withdrawn.")
    assert facts["revision-fic-2030-004-fic-2031-005"].endswith("150 by fic-2030, 120 by fic-2031: restated in another way.")


def test_a_trend_uses_the_current_telling(freedonia: Path) -> None:
    assert "from 45 in 2029 to 50 in 2030" in told(freedonia)["trend-fic-2032-001-fic-2031-002"]


def test_an_edition_of_an_earlier_day_uses_what_was_known_then(freedonia: Path) -> None:
    facts = told(freedonia, date(2031, 12, 31))
    assert "from 44 in 2029 to 50 in 2030" in facts["trend-fic-2031-001-fic-2031-002"]
    assert not any("fic-2032" in name for name in facts)
    assert not any("revision" in name for name in told(freedonia, date(2030, 12, 31)))


def test_no_revision_gives_a_change(freedonia: Path) -> None:
    for pair in Evidence.of(load("fic", freedonia)).pairs:
        if (pair.start["start"], pair.start["end"]) == (pair.end["start"], pair.end["end"]):
            assert pair.verdict == HOLD and pair.change is None and pair.reasons


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(shuffle: random.Random) -> None:
    rows = list(Evidence.of(load("bel", ROOT)).observations) if not _CACHE else _CACHE[0]
    _CACHE[:] = [rows]
    mixed = list(rows)
    shuffle.shuffle(mixed)
    assert [_shape(pair) for pair in pairs(mixed)] == [_shape(pair) for pair in pairs(rows)]


@given(st.sets(st.sampled_from(["tip-2004", "tip-2021", "tip-2023", "tip-2025", "ecpat-2010"]), min_size=1))
def test_adding_a_document_never_turns_a_hold_into_a_run(documents: set[str]) -> None:
    """Whatever was on hold between two numbers stays on hold when other documents join in."""
    record = load("bel", ROOT)
    rows = Evidence.of(record).observations
    breaks, faults = record.rows("breaks"), record.rows("faults")
    everything = {_ids(pair): pair.verdict for pair in pairs(rows, breaks, faults)}
    for pair in pairs([row for row in rows if row["document"] in documents], breaks, faults):
        if pair.verdict == HOLD and _ids(pair) in everything:
            assert everything[_ids(pair)] == HOLD


def test_a_joined_series_has_one_definition_unit_and_coverage_from_end_to_end() -> None:
    for pair in Evidence.of(load("bel", ROOT)).pairs:
        if pair.verdict != HOLD:
            for column in ("metric", "sex", "age", "exploitation", "unit", "coverage"):
                assert pair.start[column] == pair.end[column]
            assert (pair.start["status"] == "D") == (pair.end["status"] == "D") and pair.end["status"] != "B"


_CACHE: list[list] = []


def _ids(pair) -> tuple[str, str]:
    return pair.start["id"], pair.end["id"]


def _shape(pair) -> tuple:
    return (*_ids(pair), pair.verdict, pair.change, pair.reasons)
