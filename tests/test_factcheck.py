"""The items of a fact check: what their digests cover, and what becomes stale when the record changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Copy
from tieout.comparing import RUN
from tieout.factcheck import OPEN, STALE, STANDINGS, Item, checked, items, tally, told, unknown
from tieout.facts import Evidence
from tieout.record import Record, Row
from tieout.report import CheckResult, Report
from tieout.since import Since
from tieout.steps import told as facts_of

REPORT = Report("bel", (CheckResult("one", "One"),))


def items_of(record: Record) -> dict[str, Item]:
    evidence = Evidence.of(record)
    return {item.id: item for item in items(record, facts_of(evidence, REPORT, Since.of(evidence)))}


@pytest.fixture(scope="module")
def today(belgium) -> dict[str, Item]:
    return items_of(belgium)


def with_entries(record: Record, *entries: dict[str, str]) -> Record:
    blank = {"checker": "A", "state": "checked", "on": "2026-01-01", "remark": ""}
    rows = tuple(Row(blank | entry, "", f"factchecks.csv:{line}") for line, entry in enumerate(entries, 2))
    return replace(record, tables=record.tables | {"factchecks": rows})


def altered(record: Record, one: str, **cells: str) -> Record:
    """The record with other cells in one metrics row."""
    rows = tuple(replace(row, cells=row.cells | cells) if row.id == one else row for row in record.rows("metrics"))
    return replace(record, tables=record.tables | {"metrics": rows})


def stale(before: dict[str, Item], after: dict[str, Item]) -> set[str]:
    """The items that are no longer what they were."""
    return {one for one in before if one not in after or before[one].digest != after[one].digest}


def test_every_fact_and_every_keyed_row_is_an_item_once(today, belgium) -> None:
    evidence = Evidence.of(belgium)
    facts = facts_of(evidence, REPORT, Since.of(evidence))
    found = items(belgium, facts)
    assert [item.id for item in found] == [fact.id for fact in facts] + [row.id for row in belgium.rows("metrics")]
    assert len(today) == len(found)
    assert {fact.id.partition("-")[0] for fact in facts} >= {"edition", "figure", "trend", "share", "gap"}


def test_an_item_holds_all_that_is_needed_to_check_it(today) -> None:
    trend, row = today["trend-tip-2025-014-tip-2025-008"], today["tip-2025-008"]
    assert (trend.value, trend.unit, trend.documents) == ("-114", "cases", ("tip-2025",))
    assert trend.formula and [one.id for one in trend.rows] == ["tip-2025-014", "tip-2025-008"]
    assert (row.value, row.text, row.verdict) == ("354", "Trafficking cases investigated: 354 in 2024.", "")
    assert any("Labour courts investigated another 213" in caveat for caveat in row.caveats)
    assert today["figure-recommendations"].rows[0]["quote"], "passages are evidence too"


def test_a_note_makes_its_row_and_what_is_worked_out_from_it_stale_and_nothing_else(belgium, today) -> None:
    for one in ("tip-2025-008", "tip-2021-001", "tip-2004-017", "ecpat-2010-021"):
        after = items_of(altered(belgium, one, note="Another reason."))
        rests = {item.id for item in today.values() if one in [row.id for row in item.rows]}
        # the signature of the document no longer holds: the edition's own sentence on signatures says so
        assert stale(today, after) == rests | {"edition-signatures"}, one
        assert one in rests


def test_another_number_makes_every_sentence_that_tells_it_stale(belgium, today) -> None:
    after = items_of(altered(belgium, "tip-2025-008", value="345", printed="345"))
    moved = stale(today, after)
    assert {"tip-2025-008", "trend-tip-2025-014-tip-2025-008", "figure-law-enforcement"} <= moved
    assert not {one for one in moved if one in {row.id for row in belgium.rows("metrics")}} - {"tip-2025-008"}


def test_other_bytes_of_a_source_make_all_that_was_read_in_it_stale(belgium, today) -> None:
    after = items_of(replace(belgium, seeds=belgium.seeds | {"tip-2021": "0" * 64}))
    wanted = {item.id for item in today.values() if "tip-2021" in item.documents}
    assert stale(today, after) - {"edition-signatures"} == wanted


def test_what_is_said_with_a_sentence_belongs_to_what_was_checked(belgium, today) -> None:
    faults = tuple(
        replace(row, cells=row.cells | {"description": "Otherwise."}) if row["fault"].startswith("f23") else row
        for row in belgium.rows("faults")
    )
    after = items_of(replace(belgium, tables=belgium.tables | {"faults": faults}))
    assert {"tip-2021-014", "tip-2021-015", "trend-tip-2021-014-tip-2021-015"} & stale(today, after)
    assert "tip-2025-008" not in stale(today, after)


def test_an_entry_fits_or_is_stale_and_then_says_who_checked_what_before(belgium, today) -> None:
    fits, old = (
        {"item": "tip-2025-008", "digest": today["tip-2025-008"].digest, "state": "question"},
        {"item": "tip-2025-009", "digest": "0" * 64},
    )
    found = {one.item.id: one for one in checked(with_entries(belgium, fits, old), today.values())}
    assert (found["tip-2025-008"].standing, found["tip-2025-008"].earlier) == ("question", ())
    assert found["tip-2025-009"].standing == STALE and found["tip-2025-009"].entry is None
    assert told(found["tip-2025-009"].earlier[0].cells) == "checked by A on 2026-01-01"
    assert found["tip-2025-010"].standing == OPEN


def test_a_stale_item_that_was_read_again_keeps_its_history_the_last_first(belgium, today) -> None:
    entries = [{"item": "tip-2025-008", "digest": digest * 64, "on": f"2026-01-0{day}"} for day, digest in enumerate("bac", 1)]
    entries.append({"item": "tip-2025-008", "digest": today["tip-2025-008"].digest, "on": "2026-01-09"})
    (one,) = checked(with_entries(belgium, *entries), [today["tip-2025-008"]])
    assert one.standing == "checked" and [row["on"] for row in one.earlier] == ["2026-01-03", "2026-01-02", "2026-01-01"]


def test_the_tally_adds_up_and_is_a_fact(belgium, today) -> None:
    entries = [{"item": item.id, "digest": item.digest} for item in list(today.values())[:3]]
    found = checked(with_entries(belgium, *entries, {"item": "tip-2025-070", "digest": "0" * 64}), today.values())
    fact = tally(found)
    parts, _, total = fact.formula.partition(" = ")
    assert [int(part) for part in parts.split(" + ")] == [3, 0, 0, 1, len(today) - 4]
    assert int(total) == fact.value == len(today) and fact.verdict == RUN
    assert len(STANDINGS) == 5


def test_an_entry_on_nothing_is_told_but_not_in_an_edition_of_an_earlier_day(belgium, today) -> None:
    from datetime import date

    record = with_entries(belgium, {"item": "trend-gone", "digest": "0" * 64})
    assert [row["item"] for row in unknown(record, today.values())] == ["trend-gone"]
    assert unknown(replace(record, as_of=date(2005, 1, 1)), today.values()) == []


def test_a_country_may_do_without_the_file_and_its_form_is_checked(copy_root: Copy) -> None:
    from tieout.checks.form import schema

    copy_root.path("factchecks").unlink()
    assert (copy_root.load().rows("factchecks"), copy_root.load().problems) == ((), ())
    copy_root.append("factchecks", item="tip-2025-008", digest="x", checker="", state="fine", on="yesterday")
    columns = {failure.column for failure in schema(copy_root.load()) if failure.ids == ("tip-2025-008",)}
    assert columns == {"digest", "checker", "state", "on"}


def test_fact_checks_are_no_part_of_what_is_signed(copy_root: Copy, belgium) -> None:
    from tieout.signing import digests

    copy_root.append("factchecks", item="tip-2025-008", digest="0" * 64, checker="A", state="wrong", on="2026-01-01")
    assert digests(copy_root.load(), "tip-2025") == digests(belgium, "tip-2025")
    assert Path(copy_root.path("factchecks")).exists()
