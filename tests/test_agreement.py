"""Two readings of a document: what they agree on, and every cell in which they do not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.twice import read_twice, tables_of
from tieout.agreement import FATE, NOMINAL, QUOTE, Agreement, agreement, kappa, unsettled
from tieout.pairing import CELLS
from tieout.record import Record, load
from tieout.schema import READINGS, SECOND
from tieout.second import blind, in_its_place, kept

RECORD = load("bel", ROOT)
DOCUMENTS = sorted(RECORD.documents)
PLANTED = "planted"
COLUMNS = [(name, column) for name in ("metrics", "statements") for column in CELLS[name]]
SPOTS = [
    (document, name, place, column)
    for document in ("tip-2004", "tip-2021", "tip-2025")
    for name, column in COLUMNS
    for place in range(len(tables_of(RECORD, document)[name]))
]


def compared(document: str, second: dict, settled=()) -> Agreement:
    return agreement(read_twice(RECORD, document, second, settled), document)


def differing(found: Agreement) -> set[tuple[str, str]]:
    """The id of the first reading's row and the column, of every unsettled difference; years that only lost their period left out."""
    return {
        (one.pair.first.row.id if one.pair.first.row else one.pair.printed, one.column)
        for one in found.unsettled
        if one.pair.first.fate != "period"
    }


def swapped(record: Record, document: str) -> Record:
    """The record with the two readings of a document changed over."""
    other = in_its_place(record, document).tables
    second = {f"{SECOND}{name}": tuple(row for row in record.rows(name) if row.document == document) for name in READINGS}
    return replace(record, tables=record.tables | {name: other[name] for name in READINGS} | second)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_identical_readings_agree_wholly(document: str) -> None:
    """In whatever order they were keyed, under whatever ids, with whatever notes."""
    found = compared(document, tables_of(RECORD, document))
    shares = [found.fates, found.rows, found.cells, found.gaps, found.passages, found.passages_alike, found.reasons]
    assert all(share.part == share.whole for share in shares)
    assert found.rows.whole == len(tables_of(RECORD, document)["metrics"]) and found.fates.whole == len(RECORD.texts[document].numbers)
    assert found.cells.whole == len(CELLS["metrics"]) * found.rows.whole
    assert found.quotes.part == 0 and not found.unsettled
    assert set(found.kappas.values()) <= {1, None}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_without_a_second_reading_there_is_nothing_to_settle(document: str) -> None:
    assert not kept(RECORD, document) and unsettled(RECORD, document) == []


@given(st.lists(st.sampled_from(SPOTS), min_size=1, max_size=6))
def test_each_planted_difference_is_found_and_nothing_else(spots: list[tuple[str, str, int, str]]) -> None:
    document = spots[0][0]
    second, expected = tables_of(RECORD, document), set()
    for _, name, place, column in (spot for spot in spots if spot[0] == document):
        second[name][place][column] = PLANTED
        expected.add((tables_of(RECORD, document)[name][place]["id"], column))
    found = compared(document, second)
    assert differing(found) == expected
    assert all(one.second == PLANTED for one in found.unsettled if one.pair.first.fate != "period")
    rows = {row for row, column in expected if "-s" not in row}
    cells = [column for row, column in expected if "-s" not in row]
    assert found.rows.whole - found.rows.part == len(rows)
    assert found.cells.whole - found.cells.part == len(cells)
    for column, share in found.columns.items():
        assert share.whole - share.part == cells.count(column)


@given(st.lists(st.sampled_from(SPOTS), max_size=8), st.integers(0, 10))
def test_the_two_readings_may_change_places(spots: list[tuple[str, str, int, str]], missing: int) -> None:
    document = spots[0][0] if spots else "tip-2004"
    second = tables_of(RECORD, document)
    for _, name, place, column in (spot for spot in spots if spot[0] == document):
        second[name][place][column] = f"{PLANTED} {place}"
    second["metrics"] = second["metrics"][missing:]
    one_way = read_twice(RECORD, document, second)
    there, back = agreement(one_way, document), agreement(swapped(one_way, document), document)
    for name in ("fates", "rows", "cells", "gaps", "passages", "passages_alike", "reasons", "quotes", "kappas", "columns"):
        assert getattr(there, name) == getattr(back, name), name
    assert sorted((one.column, one.first, one.second) for one in there.unsettled) == sorted(
        (one.column, one.second, one.first) for one in back.unsettled
    )


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_a_number_that_one_reading_set_aside_differs_in_its_fate(place: int) -> None:
    document, second = "tip-2025", tables_of(RECORD, "tip-2025")
    row = [row for row in second["metrics"] if row["printed"]][place]
    second["metrics"].remove(row)
    second["set_aside"].append({"printed": row["printed"], "context": row["quote"], "reason": "wording", "note": ""})
    found = compared(document, second)
    (one,) = [one for one in found.unsettled if one.pair.first.fate != "period"]
    assert (one.column, one.pair.first.fate, one.second) == (FATE, "keyed", "set_aside: wording")
    assert one.first.startswith("keyed: ") and row["metric"] in one.first
    assert found.rows.whole == len(second["metrics"])
    assert not found.open or {other.pair.first.fate for other in found.open} == {"period"}


def test_a_number_set_aside_for_another_reason_is_told() -> None:
    second = tables_of(RECORD, "tip-2021")
    second["set_aside"][0]["reason"] = "band"
    found = compared("tip-2021", second)
    assert {(one.column, one.second) for one in found.unsettled} == {("reason", "band")}
    assert found.reasons.whole - found.reasons.part == len(found.unsettled)
    assert found.fates.part == found.fates.whole


def test_a_number_that_nobody_keyed_a_second_time_is_open() -> None:
    second = tables_of(RECORD, "tip-2004")
    gone = second["metrics"].pop(4)
    found = compared("tip-2004", second)
    assert gone["printed"] in {one.pair.printed for one in found.open}
    assert [one for one in found.unsettled if one.pair.first.row and one.pair.first.row.id == gone["id"]] == [
        one for one in found.open if one.pair.first.fate == "keyed"
    ]


def test_what_only_one_reading_says_is_not_reported_is_told() -> None:
    second = tables_of(RECORD, "tip-2025")
    gap = next(row for row in second["metrics"] if row["status"] == "O")
    second["metrics"].remove(gap)
    found = compared("tip-2025", second)
    (one,) = [one for one in found.unsettled if one.pair.first.fate != "period"]
    assert (one.column, one.second, one.pair.first.row.id) == (FATE, "absent", gap["id"])
    assert found.gaps.whole - found.gaps.part == 1


def test_rows_from_the_same_words_are_paired_by_their_metric() -> None:
    """Words that deny three things are three rows; where one reading has two of them, the third alone is missing."""
    second = tables_of(RECORD, "tip-2025")
    quotes = [row["quote"] for row in second["metrics"] if row["status"] == "O"]
    shared = next(quote for quote in quotes if quotes.count(quote) > 1)
    gone = next(row for row in second["metrics"] if row["quote"] == shared)
    second["metrics"].remove(gone)
    assert differing(compared("tip-2025", second)) == {(gone["id"], FATE)}


def test_a_passage_that_only_one_reading_kept_is_told() -> None:
    second = tables_of(RECORD, "tip-2025")
    gone = second["statements"].pop(3)
    found = compared("tip-2025", second)
    assert differing(found) == {(gone["id"], FATE)}
    assert (found.passages.part, found.passages.whole) == (len(second["statements"]), len(second["statements"]) + 1)


def test_words_quoted_otherwise_are_told_apart_and_are_no_difference_to_settle() -> None:
    second = tables_of(RECORD, "tip-2004")
    for name, place in (("metrics", 5), ("statements", 2)):
        second[name][place]["quote"] = second[name][place]["quote"].rpartition(" ")[0]
    found = compared("tip-2004", second)
    assert found.quotes.part == 2 and found.rows.part == found.rows.whole
    assert all(one.column != QUOTE for one in found.unsettled)
    assert differing(found) <= {(one.pair.printed, FATE) for one in found.compared if one.pair.first.fate == "period"}


@pytest.fixture
def one_differs() -> tuple[dict, dict]:
    """A second reading of tip-2004 that has another metric for the sixth row, and the entry that would settle it."""
    second = tables_of(RECORD, "tip-2004")
    row = second["metrics"][5]
    other = next(metric for metric in RECORD.metrics if metric != row["metric"])
    first, row["metric"] = row["metric"], other
    (one,) = compared("tip-2004", second).unsettled
    return second, {
        "place": str(one.pair.place), "line": "1", "printed": one.pair.printed, "column": "metric", "first": first, "second": other,
        "settled": first, "reason": "",
    }  # fmt: skip


def test_a_difference_that_was_settled_is_still_one_of_the_readings(one_differs) -> None:
    second, entry = one_differs
    found = compared("tip-2004", second, [entry])
    assert not found.unsettled and found.settled == 1
    assert found.rows.whole - found.rows.part == found.cells.whole - found.cells.part == 1


def test_what_was_taken_over_from_the_second_reading_does_not_make_the_two_agree(one_differs) -> None:
    """The record has the second's metric now; the entry remembers the first's."""
    second, entry = one_differs
    taken = tables_of(RECORD, "tip-2004")
    taken["metrics"][5]["metric"] = entry["second"]
    now = replace(RECORD, tables=RECORD.tables | {"metrics": tuple(
        replace(row, cells=row.cells | {"metric": entry["second"]}) if row.id == "tip-2004-006" else row for row in RECORD.rows("metrics")
    )})  # fmt: skip
    found = agreement(read_twice(now, "tip-2004", second, [entry | {"settled": entry["second"]}]), "tip-2004")
    assert not found.unsettled and found.settled == 1
    assert found.rows.whole - found.rows.part == 1 and found.kappas["metric"] != 1


@pytest.mark.parametrize("change", [{"settled": "another"}, {"second": "another"}])
def test_an_entry_that_does_not_fit_what_stands_there_settles_nothing(one_differs, change) -> None:
    second, entry = one_differs
    found = compared("tip-2004", second, [entry | change])
    assert len(found.unsettled) == 1 and found.settled == 0


def test_kappa_is_cohens() -> None:
    """The textbook's case: two readers, 50 grants, 35 alike, by chance 25."""
    read = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(read) == Fraction(2, 5)


@pytest.mark.parametrize("read", [[], [("total", "total")] * 9])
def test_kappa_is_undefined_where_nothing_varies(read) -> None:
    assert kappa(read) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_kappa_is_one_for_full_agreement_alone_and_the_same_either_way(read) -> None:
    found = kappa(read)
    assert found == kappa([(two, one) for one, two in read])
    if found is not None:
        assert found <= 1 and (found == 1) == all(one == two for one, two in read)


def test_the_nominal_columns_are_columns_that_are_compared() -> None:
    assert set(NOMINAL) <= set(CELLS["metrics"])


def test_the_second_reader_sees_nothing_of_the_first_reading(belgium) -> None:
    second = {name: [] for name in READINGS}
    second["metrics"] = tables_of(belgium, "tip-2025")["metrics"][:2]
    seen = blind(read_twice(belgium, "tip-2025", second), "tip-2025")
    own = [row for name in READINGS for row in seen.rows(name) if row.document == "tip-2025"]
    assert [row.id for row in own] == ["tip-2025-302", "tip-2025-303"]
    others = [row for name, rows in seen.tables.items() if name not in (*READINGS, "documents") for row in rows]
    assert not [row for row in others if row.document == "tip-2025" or any("tip-2025-" in cell for cell in row.cells.values())]
    assert seen.rows("documents") == belgium.rows("documents")
