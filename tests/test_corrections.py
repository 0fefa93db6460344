"""Corrections: entries that make sense, published entries that stay, and no published number that changes in silence."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Copy
from tieout import corrections, editions, steps
from tieout.corrections import GONE, WHY, Moved, excused, failures, guard, line_for, moved_facts, moved_rows, rewritten
from tieout.problems import DataFails, Usage
from tieout.record import load
from tieout.schema import CORRECTION_KINDS, schema_of

ROW, FACT = "tip-2025-008", "trend-tip-2025-014-tip-2025-008"
ENTRY = {"correction": "c01-investigations", "on": "2026-01-15", "kind": "correction", "ids": ROW, "was": "345", "now": "354",
         "reason": "Two digits were exchanged in keying."}  # fmt: skip


@pytest.fixture
def copy_root(copy_root: Copy) -> Copy:
    """A copy in which nothing has been corrected yet."""
    copy_root.write("corrections", [])
    return copy_root


def messages(copy: Copy, *entries: dict[str, str]) -> list[str]:
    copy.write("corrections", [ENTRY | entry for entry in entries])
    return [failure.message for failure in failures(copy.load())]


def second(**cells: str) -> dict[str, str]:
    return {"correction": "c02-again", "on": "2026-02-01", **cells}


def test_a_country_need_not_have_the_file(copy_root: Copy) -> None:
    copy_root.path("corrections").unlink()
    assert failures(copy_root.load()) == [] and copy_root.load().problems == ()


def test_an_entry_names_an_observation_or_a_fact(copy_root: Copy) -> None:
    assert messages(copy_root, {}) == []
    assert messages(copy_root, {"ids": f"{ROW} | {FACT}"}) == []
    assert messages(copy_root, {"ids": "figure-victims"}) == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"ids": "tip-2025-999"}], "no observation and no fact"),
        ([{"ids": "trend-tip-2025-014-tip-2025-015"}], "no observation and no fact"),
        ([{"ids": ""}], "names no observation"),
        ([{"now": "345"}], "Say what was changed"),
        ([{"reason": WHY}], "does not say why"),
        ([{"correction": "c02-investigations"}], "stands where c01 must stand"),
        ([{}, second(correction="c03-again")], "stands where c02 must stand"),
        ([{}, second(on="2025-12-31")], "The oldest comes first"),
        ([{"now": GONE}], "is gone, but it stands"),
        ([{"now": "355"}], "but the row says 354"),
        ([{}, second(was="354", now="360")], "but the row says 354"),
    ],
)
def test_an_entry_that_makes_no_sense_is_named(copy_root: Copy, entries: list, said: str) -> None:
    assert any(said in message for message in messages(copy_root, *entries))


def test_an_id_that_an_entry_says_is_gone_need_not_exist(copy_root: Copy) -> None:
    assert messages(copy_root, {"ids": "tip-2025-999", "now": GONE}) == []
    assert messages(copy_root, {"ids": "tip-2025-999"}, second(ids="tip-2025-999", was="354", now=GONE)) == []


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"on": "2026-02-30"}, "on"),
        ({"kind": "erratum"}, "kind"),
        ({"correction": "1"}, "correction"),
        ({"reason": ""}, "reason"),
        ({"now": ""}, "now"),
    ],
)
def test_the_form_of_an_entry_is_checked(copy_root: Copy, cells: dict, column: str) -> None:
    from tieout.checks.registry import FORM

    copy_root.write("corrections", [ENTRY | cells])
    assert column in {failure.column for failure in FORM["schema"][1](copy_root.load())}


def test_the_kinds_are_a_newsroom_s() -> None:
    assert CORRECTION_KINDS == ("correction", "update", "clarification")


def test_no_signature_covers_a_correction(copy_root: Copy) -> None:
    from tieout.signing import failures as unsigned

    copy_root.write("corrections", [ENTRY])
    assert unsigned(copy_root.load()) == []


def test_an_edition_of_an_earlier_day_knows_only_the_corrections_of_its_documents(copy_root: Copy) -> None:
    copy_root.write(
        "corrections",
        [ENTRY, ENTRY | second(ids="tip-2021-001", now="91"), ENTRY | second(correction="c03-a", ids=f"tip-2021-001|{FACT}", now="91")],
    )
    known = load("bel", copy_root.root, date(2023, 12, 31))
    assert [row.id for row in known.rows("corrections")] == ["c02-again"]
    assert failures(known) == [], "numbers without holes are asked of the whole file"


CELLS = {"id": ROW, "document": "tip-2025", "value": "354", "qualifier": "exact", "printed": "354", "unit": "cases", "status": "A",
         "start": "2024-01-01", "end": "2024-12-31", "period_basis": "stated", "metric": "investigations", "sex": "total", "age": "total",
         "exploitation": "total", "coverage": "", "quote": "investigated 354 cases", "note": ""}  # fmt: skip


@pytest.mark.parametrize("column", corrections.COLUMNS)
def test_every_column_of_a_published_number_counts(column: str) -> None:
    after = CELLS | {
        column: {"value": "355", "status": "E", "qualifier": "about"}.get(column, "otherwise" if column != "unit" else "persons")
    }
    [found] = moved_rows({ROW: CELLS}, {ROW: after})
    assert found.id == ROW and found.was != found.now


def test_the_old_and_the_new_are_told_as_printed() -> None:
    assert moved_rows({ROW: CELLS}, {ROW: CELLS | {"value": "1355", "printed": "1,355", "qualifier": "at_least"}}) == [
        Moved(ROW, "354", "at least 1,355")
    ]
    assert moved_rows({ROW: CELLS}, {ROW: CELLS | {"coverage": "two of three"}}) == [
        Moved(ROW, "354 (coverage empty)", "354 (coverage two of three)")
    ]
    assert moved_rows({ROW: CELLS}, {}) == [Moved(ROW, "354", GONE)]
    assert moved_rows({}, {ROW: CELLS}) == [], "a new id is free"
    assert moved_rows({ROW: CELLS}, {ROW: CELLS | {"quote": "other words", "note": "seen again"}}) == []


def fact(value: float | None, unit: str = "percent", inputs: tuple = (ROW,)) -> dict:
    return {"id": "share-x", "value": value, "unit": unit, "inputs": list(inputs), "text": "A share."}


def test_a_fact_that_gives_another_number_from_the_same_rows_is_a_changed_method() -> None:
    rows = {ROW: CELLS}

    def moved(old: dict, new: dict, after: dict = CELLS) -> list[Moved]:
        return moved_facts({"share-x": old}, {"share-x": new}, rows, {ROW: after})

    assert moved(fact(63.6), fact(63.6)) == []
    assert moved(fact(63.6), fact(64.9)) == [Moved("share-x", "63.6%", "64.9%")]
    assert moved(fact(63.61), fact(63.62)) == [Moved("share-x", "63.61 percent", "63.62 percent")], "told exactly where print would hide it"
    assert moved(fact(5, "cases"), fact(5, "persons")) == [Moved("share-x", "5 cases", "5 persons")]
    assert moved(fact(63.6), fact(None)) == [Moved("share-x", "63.6%", "no number")]
    assert moved(fact(63.6), fact(64.9), CELLS | {"value": "1"}) == [], "its row changed, and the row's entry tells of it"
    assert moved(fact(63.6), fact(64.9, inputs=(ROW, "tip-2025-009"))) == []
    assert moved(fact(5, "documents", ()), fact(6, "documents", ())) == [], "a count of the record rests on no row"


def entry(ids: str, was: str, now: str) -> dict[str, str]:
    return ENTRY | {"ids": ids, "was": was, "now": now}


def test_an_entry_excuses_its_own_change_and_no_other() -> None:
    moved = Moved(ROW, "345", "354")
    assert excused(moved, [entry(ROW, "345", "354")])
    assert excused(moved, [entry(f"tip-2021-001|{ROW}", "345", "354")])
    assert excused(moved, [entry(ROW, "345", "350"), entry(ROW, "350", "354")]), "one entry after the other"
    for wrong in (entry("tip-2025-0081", "345", "354"), entry(ROW, "344", "354"), entry(ROW, "345", "355"), entry(ROW, "354", "345")):
        assert not excused(moved, [wrong])
    assert not excused(moved, [entry(ROW, "350", "354"), entry(ROW, "345", "350")])
    assert not excused(moved, [])


ENTRIES = st.lists(
    st.fixed_dictionaries({"correction": st.sampled_from(["c01-a", "c02-b", "c03-c"]), "was": st.text(max_size=3)}), max_size=5
)


@given(ENTRIES, ENTRIES)
def test_what_is_added_below_rewrites_nothing(last: list, more: list) -> None:
    assert rewritten(tuple(last), (*last, *more)) == []


@given(ENTRIES.filter(bool), st.data())
def test_an_entry_that_is_altered_moved_or_removed_is_found(last: list, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(last) - 1))
    altered = [entry | {"was": f"{entry['was']}!"} if at == place else entry for at, entry in enumerate(last)]
    assert rewritten(tuple(last), tuple(altered)) == [(last[place], altered[place])]
    assert rewritten(tuple(last), tuple(last[:place]))
    shuffled = data.draw(st.permutations(last))
    assert bool(rewritten(tuple(last), tuple(shuffled))) == (list(shuffled) != last)


def test_the_line_to_add_reads_back_as_the_entry(copy_root: Copy) -> None:
    moved = Moved(ROW, 'at least "3"', "1,354 (coverage two, of three)")
    [cells] = csv.reader(io.StringIO(line_for(moved, 1)))
    row = dict(zip(schema_of("corrections").columns, cells, strict=True))
    assert (row["correction"], row["ids"], row["was"], row["now"], row["kind"]) == (
        "c01-tip-2025-008",
        ROW,
        moved.was,
        moved.now,
        "correction",
    )
    assert row["reason"] == WHY, "the reason is for a person to write: a check refuses this one"
    assert not any(failure.column == "correction" for failure in failures_of(copy_root, row))


def failures_of(copy: Copy, row: dict[str, str]) -> list:
    copy.write("corrections", [row])
    return failures(copy.load())


@pytest.fixture
def place(tmp_path: Path, copy_root: Copy) -> Path:
    """What an edition tells, as it was published and signed."""
    return told(copy_root, tmp_path / "place")


def told(copy: Copy, folder: Path, draft: bool = False, **parameters: str) -> Path:
    """What an edition of the copy tells, without its checks, figures and pages."""
    step = steps.Step("bel", copy.root, folder)
    folder.mkdir()
    steps.write_table(folder / "observations.csv", steps.OBSERVATIONS, steps.observations(step.record))
    steps.write_table(folder / "corrections.csv", schema_of("corrections").columns, [row.cells for row in step.record.rows("corrections")])
    steps.write_json(folder / "facts.json", [one.as_json() for one in steps.gather(step.evidence)])
    outputs = editions.outputs(folder)
    steps.write_json(folder / "manifest.json", {"country": "bel", "draft": draft, "parameters": parameters, "outputs": outputs})
    return folder


def refused(copy: Copy, place: Path, folder: Path) -> str:
    """What the guard says of an edition of the copy as it is now; empty where it lets it pass."""
    try:
        guard(place, told(copy, folder), copy.load())
    except DataFails as problem:
        return str(problem)
    return ""


def test_the_same_numbers_pass(copy_root: Copy, place: Path, tmp_path: Path) -> None:
    assert refused(copy_root, place, tmp_path / "new") == ""
    assert refused(copy_root, tmp_path / "nothing there", tmp_path / "newer") == ""


def test_a_number_changed_in_silence_is_refused_with_the_line_to_add(copy_root: Copy, place: Path, tmp_path: Path) -> None:
    copy_root.alter_row(ROW, value="345", printed="345")
    said = refused(copy_root, place, tmp_path / "new")
    assert f"{ROW} · data/bel/metrics/tip-2025.csv:9" in said and "was: 354" in said and "now: 345" in said
    line = next(line for line in said.splitlines() if line.startswith("c01-"))
    [cells] = csv.reader([line])
    copy_root.write("corrections", [dict(zip(schema_of("corrections").columns, cells, strict=True)) | {"reason": "The keyer misread it."}])
    assert refused(copy_root, place, tmp_path / "newer") == "", "facts that rest on the row need no entry of their own"


def test_a_row_that_is_gone_is_refused_too(copy_root: Copy, place: Path, tmp_path: Path) -> None:
    copy_root.delete("metrics", "tip-2025-070", "tip-2025")
    said = refused(copy_root, place, tmp_path / "new")
    assert "tip-2025-070 · data/bel/metrics/tip-2025.csv" in said and f"now: {GONE}" in said


def test_a_changed_method_is_refused_too(copy_root: Copy, place: Path, tmp_path: Path) -> None:
    stored = json.loads((place / "facts.json").read_text(encoding="utf-8"))
    next(one for one in stored if one["id"] == FACT)["value"] = -113
    steps.write_json(place / "facts.json", stored)
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    steps.write_json(place / "manifest.json", manifest | {"outputs": editions.outputs(place)})
    said = refused(copy_root, place, tmp_path / "new")
    assert FACT in said and "was: −113" in said and "now: −114" in said
    assert "data/bel/metrics/tip-2025.csv:9" in said and "1 published number changed" in said


@pytest.mark.parametrize("history", [[("354", "345"), ("345", "354")], [("354", "345")]])
def test_an_old_entry_excuses_no_new_change(copy_root: Copy, tmp_path: Path, history: list[tuple[str, str]]) -> None:
    """The same mistake a second time needs an entry of its own, and so does a change that an entry foretold."""
    told_before = [entry(ROW, *step) | {"correction": f"c{place:02d}-x"} for place, step in enumerate(history, 1)]
    copy_root.write("corrections", told_before)
    place = told(copy_root, tmp_path / "place")
    copy_root.alter_row(ROW, value="345", printed="345")
    assert f"c{len(history) + 1:02d}-tip-2025-008" in refused(copy_root, place, tmp_path / "new")


def test_a_draft_another_day_and_another_country_are_not_what_was_published(copy_root: Copy, tmp_path: Path) -> None:
    drafted = told(copy_root, tmp_path / "draft", draft=True)
    of_a_day = told(copy_root, tmp_path / "day", as_of="2026-01-01")
    copy_root.alter_row(ROW, value="345", printed="345")
    assert refused(copy_root, drafted, tmp_path / "new") == refused(copy_root, of_a_day, tmp_path / "newer") == ""


@pytest.mark.parametrize("spoil", ["alter", "remove", "reorder"])
def test_a_published_entry_stays_as_it_is(copy_root: Copy, tmp_path: Path, spoil: str) -> None:
    entries = [ENTRY, ENTRY | second()]
    copy_root.write("corrections", entries)
    place = told(copy_root, tmp_path / "place")
    assert refused(copy_root, place, tmp_path / "same") == ""
    spoiled = {"alter": [ENTRY | {"reason": "Softer words."}, entries[1]], "remove": entries[:1], "reorder": entries[::-1]}
    copy_root.write("corrections", spoiled[spoil])
    said = refused(copy_root, place, tmp_path / "new")
    assert "only ever added to" in said and ("c02-again" if spoil == "remove" else "c01-investigations") in said


def test_a_published_edition_that_was_tampered_with_is_no_measure(copy_root: Copy, place: Path, tmp_path: Path) -> None:
    for name in ("observations.csv", "corrections.csv"):
        kept = (place / name).read_bytes()
        (place / name).write_bytes(kept + b"\n")
        with pytest.raises(Usage, match=name):
            guard(place, place, copy_root.load())
        (place / name).unlink()
        with pytest.raises(Usage, match=name):
            guard(place, place, copy_root.load())
        (place / name).write_bytes(kept)
    guard(place, place, copy_root.load())


def test_an_edition_from_before_there_were_corrections_is_read(copy_root: Copy, place: Path, tmp_path: Path) -> None:
    (place / "corrections.csv").unlink()
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    steps.write_json(place / "manifest.json", manifest | {"outputs": editions.outputs(place)})
    copy_root.alter_row(ROW, value="345", printed="345")
    assert "was: 354" in refused(copy_root, place, tmp_path / "new")
