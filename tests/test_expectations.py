"""Great Expectations over the keyed rows: one spoilt row for every expectation, and rules that raise.

All rows are spoilt in one copy of the record and judged in one pass, so each is also told apart from the others.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import ROOT, Copy, copied
from tieout import expectations
from tieout.evidence import COLUMNS
from tieout.expectations import frame, suite, validate
from tieout.record import load
from tieout.report import BROKEN, FAIL, PASS
from tieout.rules import RULES

pytestmark = pytest.mark.xdist_group("great_expectations")  # importing it takes seconds: one worker is enough

USD = {"metric": "compensation_total_usd", "unit": "USD"}
YEARS = {"metric": "limitation_period", "unit": "years"}
# For each expectation: the row, its change, and the expectations that no such change can spare.
SPOILT: dict[str, tuple[str, dict[str, str], set[str]]] = {
    "category-known": ("tip-2025-016", {"sex": "females"}, set()),
    "category-nearest": ("tip-2025-009", {"exploitation": "labour"}, set()),
    "category-worded": ("tip-2025-059", {"sex": "male"}, set()),
    "code-period_basis": ("tip-2025-060", {"period_basis": "guessed"}, set()),
    "code-qualifier": ("tip-2025-067", {"qualifier": "exactly"}, set()),
    "code-status": ("tip-2025-054", {"status": "X"}, set()),
    "form-id": ("tip-2025-070", {"id": "tip-2025-0070"}, set()),
    "given-age": ("tip-2025-068", {"age": ""}, {"category-known"}),
    "given-exploitation": ("tip-2025-069", {"exploitation": ""}, {"category-known"}),
    "given-id": ("tip-2021-008", {"id": ""}, {"form-id"}),
    "gap-worded": (
        "ecpat-2010-038",
        {"quote": "Council of Europe Convention on the Protection of Children against Sexual Exploitation and Sexual Abuse"},
        set(),
    ),
    "given-metric": ("tip-2021-009", {"metric": ""}, {"metric-known", "metric-worded"}),
    "given-period_basis": ("tip-2025-027", {"period_basis": ""}, {"code-period_basis"}),
    "given-qualifier": ("tip-2025-028", {"qualifier": ""}, {"code-qualifier"}),
    "given-quote": ("tip-2025-029", {"quote": ""}, {"quote-in-source"}),
    "given-sex": ("tip-2021-024", {"sex": ""}, {"category-known"}),
    "given-status": ("tip-2025-010", {"status": ""}, {"code-status"}),
    "given-unit": ("tip-2021-021", {"unit": ""}, {"unit-of-metric"}),
    "metric-known": ("tip-2025-052", {"metric": "nonsense"}, {"metric-worded"}),
    "metric-worded": ("tip-2025-020", {"metric": "officials_convicted"}, set()),
    "missing-empty": ("tip-2025-065", {"value": "5"}, set()),
    "note-given": ("tip-2025-041", {"status": "E", "note": ""}, set()),
    "period-basis": ("tip-2025-064", {"period_basis": "standing"}, set()),
    "period-form": ("tip-2025-044", {"end": "2023-12-32"}, set()),
    "period-months": ("ecpat-2010-010", {"end": "2008-06-29"}, set()),
    "period-published": ("tip-2025-021", {"period_basis": "inferred", "end": "2026-12-31", "note": "“2023 to 2026”, it says."}, set()),
    "period-stated": ("tip-2025-048", {"start": "2022-01-01", "end": "2022-12-31", "note": "about 2022"}, set()),
    "printed-in-quote": ("tip-2025-030", {"printed": "5"}, set()),
    "printed-parses": ("tip-2025-031", {"value": "6"}, set()),
    "qualifier-worded": ("tip-2021-020", {"qualifier": "about"}, set()),
    "quote-in-source": ("tip-2025-066", {"quote": "Three government-funded NGOs kept hotlines"}, set()),
    "quote-whole": ("tip-2004-006", {"quote": "In 2003, the federal police opened 126 new trafficking"}, set()),
    "unique-id": ("tip-2025-026", {"id": "tip-2025-025"}, set()),
    "unit-of-metric": ("tip-2025-015", {"unit": "persons"}, set()),
    "unit-sign": ("tip-2025-062", USD, set()),
    "unit-worded": ("tip-2025-055", YEARS, {"metric-worded"}),
    "value-form": ("tip-2025-061", {"value": "09"}, set()),
    "value-range": ("tip-2025-049", {}, set()),  # 1,548 referrals, in a copy where more than 1,547 are not believed
    "value-whole": ("ecpat-2010-022", {}, set()),  # 2.2 percent, in a copy where percentages are whole
    "year-nearest": ("tip-2025-019", {"start": "2022-01-01", "end": "2022-12-31"}, set()),
    "year-noted": ("ecpat-2010-005", {"note": "From the sentence before."}, set()),
    "year-value": (
        "ecpat-2010-032",
        {"period_basis": "inferred", "start": "1996-01-01", "end": "1996-12-31", "note": "“in 1996”, it says."},
        set(),
    ),
}
TWIN = "tip-2025-025"  # the row whose id another row takes
COLUMN = {name: rule.column for name, rule in RULES.items()}


def by_row(results) -> dict[str, set[str]]:
    """The checks that fail, by the place of the row that each names."""
    found = defaultdict(set)
    for result in results:
        for failure in result.failures:
            found[failure.where].add(result.id)
    return found


@pytest.fixture(scope="module")
def places(belgium) -> dict[str, str]:
    return {row.id: row.where for row in belgium.rows("metrics")}


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> list:
    """The results on one copy of the record in which every row of ``SPOILT`` is spoilt."""
    copy: Copy = copied(tmp_path_factory.mktemp("spoilt") / "copy")
    copy.alter("units", "percent", whole="true")
    copy.alter("units", "referrals", maximum="1547")
    for row, change, _ in SPOILT.values():
        copy.alter_row(row, **change)
    return validate(copy.load())


@pytest.fixture
def small():
    """The record as it was in 2004: one document of twenty rows."""
    return load("bel", ROOT, date(2004, 12, 31))


def test_every_expectation_has_a_row_that_breaks_it():
    assert {name for name, *_ in suite()} == set(SPOILT)
    assert len({row for row, *_ in SPOILT.values()}) == len(SPOILT)


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_row_fails_exactly_this_expectation_and_is_named(name, spoilt, places):
    row, change, also = SPOILT[name]
    assert by_row(spoilt)[places[row]] == {name} | also
    (failure,) = (one for result in spoilt if result.id == name for one in result.failures if one.where == places[row])
    assert failure.ids == (change.get("id", row),)
    assert failure.column == COLUMN.get(name, name.partition("-")[2])
    assert failure.check == name
    assert failure.message.endswith((".", ")"))


def test_no_other_row_is_blamed(spoilt, places):
    assert set(by_row(spoilt)) == {places[row] for row, *_ in SPOILT.values()} | {places[TWIN]}
    assert by_row(spoilt)[places[TWIN]] == {"unique-id"}


def test_wrong_data_never_looks_like_a_broken_rule(spoilt):
    assert {result.status for result in spoilt} == {FAIL}


def test_a_failure_shows_the_cell_and_the_source_s_own_words(spoilt, belgium, places):
    (failure,) = (
        one for result in spoilt if result.id == "printed-parses" for one in result.failures if one.where == places["tip-2025-031"]
    )
    assert failure.value == "6"
    assert failure.message == "'five' means 5, but the value is '6'. Look at the page and correct one."
    assert "received five extradited suspected traffickers" in failure.words


def test_every_expectation_gives_one_result_in_the_order_of_the_suite(spoilt):
    assert [(result.id, result.title) for result in spoilt] == [(name, title) for name, title, _ in suite()]


def test_the_suite_has_a_fixed_order_unique_ids_and_titles():
    names = [name for name, *_ in suite()]
    assert names == sorted(set(names))
    assert all(title and not title.endswith(".") for _, title, _ in suite())
    assert set(RULES) <= set(names)


def test_the_frame_is_text_through_and_through(small):
    data = frame(small)
    assert list(data.columns) == list(COLUMNS)
    assert all(isinstance(cell, str) for row in data.to_dict("records") for cell in row.values())
    assert len(data) == len(small.rows("metrics"))


def test_a_record_without_rows_is_neither_wrong_nor_broken(small):
    empty = replace(small, tables=small.tables | {"metrics": ()})
    assert {result.status for result in validate(empty)} == {PASS}


def raising(quote, source):
    raise ZeroDivisionError("the rule divides by zero")


def test_a_rule_that_raises_is_broken_and_blames_no_row(small, monkeypatch):
    monkeypatch.setitem(RULES, "quote-in-source", replace(RULES["quote-in-source"], judge=raising))
    results = {result.id: result for result in validate(small)}
    assert results["quote-in-source"].status == BROKEN
    assert results["quote-in-source"].failures == ()
    assert "the rule divides by zero" in results["quote-in-source"].fault
    assert {result.status for name, result in results.items() if name != "quote-in-source"} == {PASS}


def test_an_expectation_without_its_column_is_broken_and_blames_no_row(small, monkeypatch):
    monkeypatch.setattr(expectations, "frame", lambda record: frame(record).drop(columns="qualifier"))
    results = {result.id: result.status for result in validate(small)}
    assert {name for name, status in results.items() if status == BROKEN} == {"code-qualifier", "given-qualifier", "qualifier-worded"}
    assert FAIL not in results.values()
