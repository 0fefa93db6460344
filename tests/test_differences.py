"""What changed between two editions, and the cause of each change: data, source, method or style."""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tieout.differences import DATA, LABELS, METHOD, SOURCE, STYLE, Change, compared, tally, text
from tieout.facts import Evidence, gather
from tieout.figures import plans
from tieout.problems import Usage
from tieout.published import Picture, Published
from tieout.record import load
from tieout.steps import trend_row

ROW, TREND = "tip-2025-008", "tip-2025-014 to tip-2025-008"
FACT = "trend-tip-2025-014-tip-2025-008"


@cache
def edition(as_of: str = "") -> Published:
    """What an edition of the repository's own record holds, without building one."""
    evidence = Evidence.of(load("bel", ROOT, date.fromisoformat(as_of) if as_of else None))
    drawn = plans(evidence)
    facts = [fact.as_json() for fact in (*(plan.headline for plan in drawn), *gather(evidence))]
    words = {"subtitle": "", "notes": [], "source": "", "alt": "", "title": ""}
    return Published(
        rows=dict(evidence.by_id),
        trends={f"{pair.start['id']} to {pair.end['id']}": trend_row(pair) for pair in evidence.pairs},
        facts={fact["id"]: fact for fact in facts},
        figures={plan.id: Picture(words | {"title": plan.title, "alt": plan.alt}, tuple(plan.rows), plan.alt.encode()) for plan in drawn},
        documents={document: row["sha256"] for document, row in evidence.record.documents.items()},
        method={"tieout/comparing.py": "0"},
    )


def altered(name: str, key: str, base: Published | None = None, **cells: object) -> Published:
    """The edition with one entry that has other cells."""
    base = base or edition()
    entries = dict(getattr(base, name))
    return dataclasses.replace(base, **{name: entries | {key: {**entries[key], **cells}}})


def changes(new: Published, old: Published | None = None) -> dict[tuple[str, str, str], Change]:
    return {(change.kind, change.id, change.column): change for change in compared(old or edition(), new)}


def test_an_edition_does_not_differ_from_itself() -> None:
    assert compared(edition(), edition()) == []
    assert text([]) == "The two editions say the same."


def test_a_keyed_row_that_changed_is_data_and_so_is_what_rests_on_it() -> None:
    new = altered("rows", ROW, value="355", printed="355")
    new = altered("trends", TREND, new, to_value="355", change="-113")
    new = altered("facts", FACT, new, value=-113, text="It fell by 113.")
    found = changes(new)
    assert {change.label for change in found.values()} == {DATA}
    assert found["row", ROW, "value"].section == "Corrected numbers"
    assert found["row", ROW, "value"].note == "no entry in corrections.csv"
    assert found["fact", FACT, "value"].was == "-114" and found["fact", FACT, "value"].now == "-113"


def test_a_correction_is_told_with_its_entry() -> None:
    entry = {"correction": "c01-x", "ids": f"tip-2021-001 | {ROW}", "was": "354", "now": "355", "reason": "Misread."}
    new = dataclasses.replace(altered("rows", ROW, value="355"), corrections=(entry,))
    assert changes(new)["row", ROW, "value"].note == "c01-x: Misread."


def test_a_row_of_a_document_whose_bytes_changed_is_its_source() -> None:
    new = altered("rows", ROW, value="355", printed="355")
    new = dataclasses.replace(new, documents={**new.documents, "tip-2025": "other bytes"})
    assert changes(new)["row", ROW, "value"].label == SOURCE


def test_another_result_from_the_same_rows_is_the_method() -> None:
    assert changes(altered("trends", TREND, verdict="hold"))["trend", TREND, "verdict"] == Change(
        "Verdicts that moved", "trend", TREND, "changed", METHOD, "caveat", "hold", "verdict", edition().trends[TREND]["reasons"]
    )
    assert changes(altered("facts", FACT, value=-113))["fact", FACT, "value"].label == METHOD
    assert changes(altered("facts", FACT, text="It fell by 113."))["fact", FACT, "text"].label == METHOD, "another number in the sentence"


def test_the_same_numbers_in_other_words_are_style() -> None:
    said = edition().facts[FACT]["text"].replace("fell", "went down")
    assert changes(altered("facts", FACT, text=said))["fact", FACT, "text"].label == STYLE
    assert changes(altered("trends", TREND, reasons="in other words"))["trend", TREND, "reasons"].label == METHOD, (
        "numbers are gone from it"
    )


def figure(**other: object) -> Published:
    return dataclasses.replace(
        edition(), figures={**edition().figures, "permits": dataclasses.replace(edition().figures["permits"], **other)}
    )


def test_a_figure_is_judged_by_what_it_plots_then_by_its_words_and_bytes() -> None:
    picture = edition().figures["permits"]
    plotted = tuple({**row, "value": "1"} for row in picture.rows)
    [change] = compared(edition(), figure(rows=plotted))
    assert (change.label, change.note) == (METHOD, "its data changed")
    [change] = compared(edition(), figure(svg=b"<svg/>"))
    assert (change.label, change.note) == (STYLE, "drawn differently from the same data")
    [change] = compared(edition(), figure(words=picture.words | {"subtitle": "Drawn anew."}))
    assert (change.label, change.column) == (STYLE, "subtitle")
    assert compared(edition(), figure(rows=tuple({**row, "shown": "x", "colour": "blue"} for row in picture.rows))) == []


def test_a_new_report_is_the_source_of_all_that_it_brings() -> None:
    found = compared(edition("2023-12-31"), edition())
    assert {change.label for change in found} == {SOURCE}
    rows = {change.id for change in found if change.kind == "row"}
    assert rows == {one for one in edition().rows if one.startswith("tip-2025")}
    assert {change.what for change in found if change.kind == "row"} == {"new"}
    moved = {change.id for change in found if change.section == "Verdicts that moved"}
    assert {"figure-law-enforcement", "figure-victims"} <= moved


def test_a_fact_retold_by_a_later_document_is_revised() -> None:
    earlier = edition("2023-12-31")
    telling = {**earlier.rows["tip-2021-001"], "id": "tip-2025-001", "document": "tip-2025", "published": "2025", "value": "92"}
    new = dataclasses.replace(earlier, rows={**earlier.rows, "tip-2025-001": telling}, documents={**earlier.documents, "tip-2025": "x"})
    change = changes(new, earlier)["row", "tip-2025-001", ""]
    assert (change.section, change.label) == ("Revised numbers", SOURCE)
    assert change.note.startswith("revised: tip-2021-001 had ")


def test_the_last_line_counts_every_change() -> None:
    found = compared(edition("2023-12-31"), edition())
    lines = text(found).splitlines()
    assert lines[-1] == tally(found) and lines[-1].startswith(f"{len(found)} changes: row 70, ")
    assert len([line for line in lines if line.startswith(tuple(f"{label}: " for label in LABELS))]) == len(found), "a line each"


PARTS = ("rows", "trends", "facts", "figures")
THINNED = st.fixed_dictionaries({part: st.sets(st.sampled_from(sorted(getattr(edition(), part))), max_size=6) for part in PARTS})


def thinned(without: dict[str, set[str]]) -> Published:
    """The edition without some of its entries."""
    kept = {part: {key: entry for key, entry in getattr(edition(), part).items() if key not in gone} for part, gone in without.items()}
    return dataclasses.replace(edition(), **kept)


@given(THINNED)
def test_nothing_differs_from_itself(without: dict) -> None:
    assert compared(thinned(without), thinned(without)) == []


@given(THINNED, THINNED)
def test_what_is_new_one_way_is_gone_the_other(one: dict, other: dict) -> None:
    there, back = (compared(*pair) for pair in ((thinned(one), thinned(other)), (thinned(other), thinned(one))))
    assert ids(there, "new") == ids(back, "gone") and ids(there, "gone") == ids(back, "new")
    assert ids(there, "changed") == ids(back, "changed")
    assert {change.label for change in there} <= set(LABELS)


def ids(found: list[Change], what: str) -> set[tuple[str, str, str]]:
    return {(change.kind, change.id, change.column) for change in found if change.what == what}


def test_a_folder_that_is_no_edition_is_refused(tmp_path) -> None:
    with pytest.raises(Usage, match="is no edition"):
        Published.read(tmp_path)
    (tmp_path / "manifest.json").write_text('{"country": "bel"}', encoding="utf-8")
    with pytest.raises(Usage, match="cannot be read as an edition"):
        Published.read(tmp_path)
