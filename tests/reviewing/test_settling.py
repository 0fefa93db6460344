"""Settling: each decision is carried out in the record and remembered, and makes two readings look no more alike than they were."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.twice import tables_of
from tieout.accounting import OPEN, PERIOD, account
from tieout.agreement import FATE, Agreement, Compared, agreement
from tieout.problems import Usage
from tieout.record import Record, load
from tieout.reviewing.desk import Desk
from tieout.reviewing.quoting import context
from tieout.reviewing.reading import KINDS, Reading, Tables, with_tables
from tieout.reviewing.settling import ELSE, FILES, FIRST, OTHER, both, settled, together
from tieout.schema import QUALIFIERS, READINGS, REASONS, SECOND, SETTLED, STATEMENT_KINDS

DOCUMENT = "tip-2025"
SIGNED = load("bel", ROOT)
# As the record was before anybody signed, so that its rows may still be numbered anew.
RECORD = replace(SIGNED, tables=SIGNED.tables | dict.fromkeys(("signoffs", "signatures", "identities", "faults", "breaks"), ()))
READING = Reading(ROOT, "bel", DOCUMENT)
FIGURES = ("fates", "rows", "cells", "columns", "reasons", "gaps", "passages", "passages_alike", "kappas")


def planted(seed: int, many: int) -> Tables:
    """Both readings of the document; the second differs in some of everything that two readings can differ in."""
    chance, first = random.Random(seed), tables_of(RECORD, DOCUMENT)
    second = tables_of(RECORD, DOCUMENT)
    for _ in range(many):
        kind = chance.choice(("cell", "cell", "aside", "keyed", "reason", "gap", "passage", "kind"))
        numbered = [row for row in second["metrics"] if (row["printed"] and not row["printed"].isdigit()) or len(row["printed"]) < 4]
        if kind == "cell":
            row = chance.choice(second["metrics"])
            column, code = chance.choice((("metric", "tip_tier"), ("qualifier", QUALIFIERS[2]), ("sex", "female"), ("coverage", "a part")))
            row[column] = code
        elif kind == "aside":
            row = chance.choice([row for row in numbered if row["printed"]])
            second["metrics"].remove(row)
            second["set_aside"].append({"printed": row["printed"], "context": row["quote"], "reason": "vague", "note": ""})
        elif kind == "keyed":
            row = chance.choice([row for row in first["metrics"] if row["printed"]])
            first["metrics"].remove(row)
            first["set_aside"].append({"printed": row["printed"], "context": row["quote"], "reason": "vague", "note": ""})
        elif kind == "reason":
            chance.choice(second["set_aside"])["reason"] = chance.choice(REASONS)
        elif kind == "gap":
            side = chance.choice((first, second))
            side["metrics"].remove(chance.choice([row for row in side["metrics"] if not row["printed"]]))
        elif kind == "passage":
            side = chance.choice((first, second))
            side["statements"].remove(chance.choice(side["statements"]))
        else:
            chance.choice(second["statements"])["kind"] = chance.choice(STATEMENT_KINDS)
    for side in (first, second):
        finish(side)
    made = {kind: tuple(first.get(kind, ())) for kind in KINDS}
    return made | {f"{SECOND}{name}": tuple(second[name]) for name in READINGS} | {SETTLED: ()}


def finish(side: dict) -> None:
    """Set aside every number that a reading has left open: years that dated nothing any more."""
    record = with_tables(RECORD, READING, {kind: side.get(kind, ()) for kind in KINDS})
    for mark in account(record, DOCUMENT):
        if mark.fate == OPEN:
            words = context(record.texts[DOCUMENT], mark.number)
            assert words
            side["set_aside"].append({"printed": mark.number.printed, "context": words, "reason": "date", "note": ""})


def held(tables: Tables) -> tuple[Desk, Agreement]:
    """The two readings as they stand."""
    base = both(RECORD, READING, tables)
    return Desk(READING, base, {kind: tables[kind] for kind in KINDS}), agreement(base, DOCUMENT)


def figures(found: Agreement) -> dict:
    return {name: getattr(found, name) for name in FIGURES}


def decide(tables: Tables, one: Compared, found: Agreement, desk: Desk, take: str, value: str = "", reason: str = "") -> Tables:
    return settled(desk, tables, found, one, take, value, reason)


def other_value(one: Compared) -> str:
    """Something that neither reading has, where something else may be entered."""
    codes = {FATE: REASONS, "reason": REASONS, "qualifier": QUALIFIERS, "kind": STATEMENT_KINDS, "metric": ("convictions", "x"),
             "sex": ("male", "total", "x"), "coverage": ("another part",), "unit": ("days", "hours", "years")}  # fmt: skip
    return next(code for code in codes[one.column] if code not in (one.first, one.second) and not one.first.endswith(f": {code}"))


def undecided(found: Agreement) -> list[Compared]:
    return [one for one in found.unsettled if one not in found.open]


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(1, 6), st.lists(st.sampled_from((FIRST, OTHER, ELSE)), min_size=1, max_size=12))
def test_whatever_is_decided_nothing_is_left_and_the_agreement_stays_what_it_was(seed: int, many: int, takes: list[str]) -> None:
    tables = planted(seed, many)
    desk, found = held(tables)
    before, second = figures(found), {name: tables[f"{SECOND}{name}"] for name in READINGS}
    for turn in range(200):
        left = undecided(found)
        if not left:
            break
        one, take = left[turn % len(left)], takes[turn % len(takes)]
        if take == ELSE and one.column == FATE and not one.pair.numbered:
            take = FIRST
        value, reason = (other_value(one), "from the page") if take == ELSE else ("", "")
        count = len(left)
        try:
            tables = decide(tables, one, found, desk, take, value, reason)
        except Usage as refused:  # a year cannot become that of a row which the record does not have
            assert "would be open" in str(refused) and one.pair.second.fate == PERIOD
            tables = decide(tables, one, found, desk, FIRST)
        desk, found = held(tables)
        assert len(undecided(found)) < count, (one.column, take, one.first, one.second)
    assert not undecided(found)
    assert found.settled >= 1 or before["fates"].part == before["fates"].whole
    assert not found.open and figures(found) == before
    assert {name: tables[f"{SECOND}{name}"] for name in READINGS} == second
    assert len(desk.marks) == len(RECORD.texts[DOCUMENT].numbers)
    ids = [row["id"] for row in tables["metrics"]]
    assert ids == [f"{DOCUMENT}-{place:03}" for place in range(1, len(ids) + 1)] or sorted(ids) == sorted(set(ids))


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_where_the_first_reading_always_stands_the_record_does_not_change(seed: int, many: int) -> None:
    tables = planted(seed, many)
    start = {kind: without_names(tables[kind]) for kind in READINGS}
    for _ in range(200):
        desk, found = held(tables)
        if not undecided(found):
            break
        tables = decide(tables, undecided(found)[0], found, desk, FIRST)
    assert {kind: without_names(tables[kind]) for kind in READINGS} == start


def without_names(rows) -> list[tuple]:
    """Rows without their ids, and without the notes that name some: these may be numbered anew."""
    return sorted(tuple(sorted({**row, "id": "", "note": ""}.items())) for row in rows)


def only(column: str, change) -> tuple[Tables, Desk, Agreement, Compared]:
    """The two readings with one difference, made by ``change`` on the second's tables."""
    second = tables_of(RECORD, DOCUMENT)
    change(second)
    tables = {kind: tuple(tables_of(RECORD, DOCUMENT).get(kind, ())) for kind in KINDS}
    tables |= {f"{SECOND}{name}": tuple(second[name]) for name in READINGS} | {SETTLED: ()}
    desk, found = held(tables)
    (one,) = [one for one in found.unsettled if one.column == column]
    return tables, desk, found, one


def another_metric(second) -> None:
    next(row for row in second["metrics"] if row["metric"] == "residence_permits")["metric"] = "convictions"


def test_what_is_taken_from_the_second_reading_stands_in_the_record_and_its_line_says_what_both_had() -> None:
    tables, desk, found, one = only("metric", another_metric)
    after = decide(tables, one, found, desk, OTHER)
    row = next(row for row in after["metrics"] if row["id"] == one.pair.first.row.id)
    unit = RECORD.metrics["convictions"]["unit"]
    assert (row["metric"], row["unit"]) == ("convictions", unit)
    entry, its_unit = after[SETTLED]
    assert {name: entry[name] for name in ("printed", "column", "first", "second", "settled", "reason")} == {
        "printed": one.pair.printed, "column": "metric", "first": "residence_permits", "second": "convictions", "settled": "convictions",
        "reason": "",
    }  # fmt: skip
    assert RECORD.texts[DOCUMENT].text[int(entry["place"]) :].startswith(one.pair.printed)
    assert (its_unit["column"], its_unit["settled"], its_unit["reason"]) == ("unit", unit, "the unit of convictions")


def test_with_what_is_taken_goes_the_reason_that_its_reader_noted() -> None:
    def departs(second) -> None:
        row = next(row for row in second["metrics"] if row["metric"] == "residence_permits" and not row["note"])
        row.update(status="D", note="The page warns of other cases.")

    tables, desk, found, one = only("status", departs)
    row = next(row for row in decide(tables, one, found, desk, OTHER)["metrics"] if row["id"] == one.pair.first.row.id)
    assert (row["status"], row["note"]) == ("D", "The page warns of other cases.")
    row = next(row for row in decide(tables, one, found, desk, FIRST)["metrics"] if row["id"] == one.pair.first.row.id)
    assert (row["status"], row["note"]) == ("A", "")


@pytest.mark.parametrize(
    ("take", "value", "reason", "told"),
    [
        ("third", "", "", "Say what is taken"),
        (ELSE, "cases_prosecuted", "", "Say why"),
        (ELSE, "cases_prosecuted", "   ", "Say why"),
        (ELSE, "nonsense", "because", "no metric"),
        (ELSE, "convictions", "because", "Take that one"),
    ],
)
def test_what_is_no_decision_is_refused(take: str, value: str, reason: str, told: str) -> None:
    tables, desk, found, one = only("metric", another_metric)
    with pytest.raises(Usage, match=told):
        decide(tables, one, found, desk, take, value, reason)


def test_a_year_goes_with_its_number() -> None:
    """The second reading sets a number aside and so its year, which the first needed no row for: one decision settles both."""
    first, second = tables_of(RECORD, DOCUMENT), tables_of(RECORD, DOCUMENT)
    row = next(row for row in second["metrics"] if row["printed"] == "123")
    second["metrics"].remove(row)
    second["set_aside"].append({"printed": "123", "context": row["quote"], "reason": "vague", "note": ""})
    finish(second)
    tables = {kind: tuple(first.get(kind, ())) for kind in KINDS}
    tables |= {f"{SECOND}{name}": tuple(second[name]) for name in READINGS} | {SETTLED: ()}
    desk, found = held(tables)
    before = figures(found)
    number, year = sorted(undecided(found), key=lambda one: one.pair.first.fate)
    assert (number.pair.printed, year.pair.first.fate, year.second) == ("123", PERIOD, "set_aside: date")
    tables = decide(tables, number, found, desk, OTHER)
    desk, found = held(tables)
    assert not found.unsettled and figures(found) == before
    assert [entry["reason"] for entry in tables[SETTLED]] == ["", "it goes with ‘123’"]
    assert not [mark for mark in desk.marks if mark.fate == OPEN]


def test_a_day_that_is_none_is_refused() -> None:
    def later(second) -> None:
        next(row for row in second["metrics"] if row["coverage"])["end"] = "2024-12-30"

    tables, desk, found, one = only("end", later)
    with pytest.raises(Usage, match="no date"):
        decide(tables, one, found, desk, ELSE, "last year", "because")


def test_a_number_that_is_open_in_a_reading_cannot_be_settled() -> None:
    tables, desk, found, one = only(FATE, lambda second: second["set_aside"].pop(1))
    assert one.pair.second.fate == OPEN
    with pytest.raises(Usage, match="Finish that reading"):
        decide(tables, one, found, desk, FIRST)


def test_a_signed_row_does_not_vanish() -> None:
    """Its id is in the signatures: only withdrawn.csv takes it out."""
    tables, _, found, one = only(
        FATE, lambda second: second["metrics"].remove(next(row for row in second["metrics"] if not row["printed"]))
    )
    signed = replace(RECORD, tables=RECORD.tables | {"signoffs": SIGNED.rows("signoffs")})
    desk = Desk(READING, both(signed, READING, tables), {kind: tables[kind] for kind in KINDS})
    with pytest.raises(Usage, match=r"withdrawn\.csv"):
        decide(tables, one, found, desk, OTHER)
    assert decide(tables, one, found, desk, FIRST)["metrics"] == tables["metrics"]


ENDNOTES = """Report

Courts convicted 12 traffickers in 2030.

1 See page 14 of the plan.
2 See page 15 of the plan and 16 of the law.
"""


def stretched(record_of, reasons: dict[str, str]) -> tuple[Record, Tables]:
    """A record in which the first reading sets two endnotes aside as one stretch, and the second each number for a reason of its own."""
    record = record_of(ENDNOTES, documents=[{"document": "doc-1"}])
    words = "2 See page 15 of the plan and 16 of the law."
    alone = {"15": "page 15 of the plan", "16": "16 of the law", "2": "2 See page"}
    tables = dict.fromkeys(FILES, ())
    tables["set_aside"] = ({"printed": words, "context": words, "reason": "footnote", "note": ""},)
    tables[f"{SECOND}set_aside"] = tuple(
        {"printed": printed, "context": context, "reason": reasons[printed], "note": ""} for printed, context in alone.items()
    )
    return record, tables


def of_stretch(record: Record, tables: Tables) -> tuple[Desk, Agreement]:
    reading = Reading(ROOT, "xyz", "doc-1")
    base = both(record, reading, tables)
    return Desk(reading, base, {kind: tables[kind] for kind in KINDS}), agreement(base, "doc-1")


def test_a_stretch_is_taken_apart_for_the_one_number_that_has_another_reason(record_of) -> None:
    record, tables = stretched(record_of, {"2": "footnote", "15": "page", "16": "footnote"})
    desk, found = of_stretch(record, tables)
    (one,) = [one for one in found.unsettled if one.column == "reason"]
    tables = settled(desk, tables, found, one, OTHER)
    assert {(row["printed"], row["reason"]) for row in tables["set_aside"]} == {("2", "footnote"), ("15", "page"), ("16", "footnote")}
    desk, found = of_stretch(record, tables)
    assert not [one for one in found.unsettled if one.column == "reason"]
    text = record.texts["doc-1"]
    assert all(len(text.find(row["context"])) == 1 for row in tables["set_aside"])
    assert [mark.fate for mark in account(desk.record, "doc-1")].count("set_aside") == 3


def test_a_stretch_that_both_set_aside_is_one_decision(record_of) -> None:
    record, tables = stretched(record_of, dict.fromkeys(("2", "15", "16"), "page"))
    tables[f"{SECOND}set_aside"] = tuple({**row, "reason": "method"} for row in tables["set_aside"])
    desk, found = of_stretch(record, tables)
    first = next(one for one in found.unsettled if one.column == "reason")
    assert len(together(found, first)) == 3
    tables = settled(desk, tables, found, first, OTHER)
    assert [row["reason"] for row in tables["set_aside"]] == ["method"] and len(tables[SETTLED]) == 3
    assert not [one for one in of_stretch(record, tables)[1].unsettled if one.column == "reason"]
