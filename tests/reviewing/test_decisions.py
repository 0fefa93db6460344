"""The acts of a reader: each keeps every number and every row, each can be taken back, and none does what may not be done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Copy, copied
from tests.reviewing.conftest import DOCUMENT, REPORT, key_of, reported, text_of
from tieout.accounting import OPEN
from tieout.drafting import suggest
from tieout.problems import Usage
from tieout.reviewing.decisions import act
from tieout.reviewing.desk import Desk
from tieout.reviewing.numbering import settled
from tieout.reviewing.reading import DRAFTS, KINDS
from tieout.reviewing.session import Session
from tieout.schema import REASONS

SENTENCE = REPORT.index("The government did not report")
GAP = (SENTENCE, SENTENCE + len("The government did not report how many victims received compensation in 2030."))


def do(session: Session, name: str, **given_: object) -> str:
    return session.act(name, given_, session.state()["version"])[1]


def items(session: Session, **wanted: str) -> list[dict]:
    return [item for item in session.state()["items"] if all(item[name] == value for name, value in wanted.items())]


def cells(session: Session, key: str) -> dict[str, str]:
    state = session.state()
    item = next(item for item in state["items"] if item["key"] == key)
    return state["tables"][item["table"]][item["index"]] if item["table"] else {}


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    """The desk of the invented report as it comes in."""
    copy = reported(copied(tmp_path_factory.mktemp("desk") / "copy"))
    session = Session.of(copy.root, DOCUMENT)
    return Desk(session.reading, session.reading.record(), session.storage.read().tables)


offsets = st.integers(0, len(REPORT))
acts = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["accept", "period", "reopen", "split", "remove"]), st.integers(0, 40)),
        st.tuples(st.just("set_aside"), st.integers(0, 40), st.sampled_from(REASONS)),
        st.tuples(st.just("edit"), st.integers(0, 40), st.sampled_from(["value", "note", "coverage"]), st.text("abc 1", max_size=4)),
        st.tuples(st.just("step"), st.integers(0, 40), st.sampled_from(["wider-left", "narrower-left", "wider-right", "narrower-right"])),
        st.tuples(st.just("stretch"), offsets, offsets, st.sampled_from(REASONS)),
        st.tuples(st.just("gap"), offsets, offsets),
        st.tuples(st.just("passage"), offsets, offsets),
        st.tuples(st.just("quote"), st.integers(0, 40), offsets, offsets),
    ),
    max_size=12,
)


def given_of(desk: Desk, one: tuple) -> tuple[str, dict]:
    """A drawn act as the page would ask for it, about an item that is there."""
    name, *rest = one
    keys = list(desk.items)
    if name in ("stretch", "gap", "passage"):
        found = {"start": min(rest[:2]), "end": max(rest[:2])}
        more = {"stretch": {"reason": rest[-1]}, "passage": {"kind": "caveat"}}
        return name, found | more.get(name, {})
    key = {"key": keys[rest[0] % len(keys)]}
    more = {"set_aside": ("reason",), "step": ("way",), "quote": ("start", "end")}.get(name, ())
    if name == "edit":
        return name, key | {"cells": {rest[1]: rest[2]}}
    return name, key | dict(zip(more, sorted(rest[1:]) if name == "quote" else rest[1:], strict=True))


@given(acts)
def test_no_act_loses_a_number_or_takes_two_rows_for_one(desk: Desk, those: list[tuple]) -> None:
    """After any acts every number is keyed once, set aside once, a year, or open with exactly one draft row."""
    numbers = [mark.number for mark in desk.marks]
    for one in those:
        name, wanted = given_of(desk, one)
        try:
            desk = settled(desk.with_tables(act(desk, name, wanted).tables))
        except Usage as problem:
            assert str(problem)
        assert [mark.number for mark in desk.marks] == numbers
        assert all(len(mark.rows) <= 1 for mark in desk.marks if mark.fate in ("keyed", "set_aside"))
        opens = [item for item in desk.items.values() if item.number and item.fate == OPEN]
        assert all(item.table == DRAFTS for item in opens)
        assert len({item.index for item in opens}) == len(opens)
        for kind, form in (("metrics", "{}-{:03}"), ("statements", "{}-s{:02}")):
            assert {row["id"] for row in desk.tables[kind]} == {form.format(DOCUMENT, place + 1) for place in range(len(desk.tables[kind]))}


def test_every_act_can_be_undone_to_the_byte(session: Session) -> None:
    before = [session.reading.path(kind).read_bytes() for kind in KINDS]
    do(session, "accept", key=key_of(session, "198"))
    do(session, "set_aside", key=key_of(session, "433"), reason="method")
    do(session, "stretch", start=REPORT.index("1 See"), end=REPORT.index("1 See") + 14, reason="footnote")
    gap = do(session, "gap", start=GAP[0], end=GAP[1])
    do(session, "edit", key=gap, cells={"metric": "compensation_victims", "period_basis": "not_stated"})
    do(session, "split", key=do(session, "accept", key=gap))
    do(session, "passage", start=GAP[0], end=GAP[1], kind="caveat")
    do(session, "reopen", key=key_of(session, "198"))
    do(session, "edit", key=key_of(session, "198"), cells={"note": "why"})
    assert [session.reading.path(kind).read_bytes() for kind in KINDS] != before
    for _ in range(10):
        session.undo(session.state()["version"])
    with pytest.raises(Usage, match="nothing to undo"):
        session.undo(session.state()["version"])
    assert [session.reading.path(kind).read_bytes() for kind in KINDS] == before


def test_what_is_typed_into_one_cell_is_one_act_to_undo(session: Session) -> None:
    key = key_of(session, "45")
    for note in ("w", "wh", "why"):
        do(session, "edit", key=key, cells={"note": note})
    session.undo(session.state()["version"])
    assert cells(session, key)["note"] == ""


def test_ids_follow_the_page_until_somebody_signs_and_never_move_after(house: Copy, session: Session) -> None:
    do(session, "accept", key=key_of(session, "214"))
    do(session, "edit", key=key_of(session, "45"), cells={"note": f"longer than {DOCUMENT}-001 is old"})
    do(session, "accept", key=key_of(session, "1"))
    assert [(row["id"][-3:], row["printed"]) for row in house.rows("metrics", DOCUMENT)] == [("001", "1"), ("002", "214")]
    assert cells(session, key_of(session, "45"))["note"] == f"longer than {DOCUMENT}-002 is old"
    house.append("signoffs", document=DOCUMENT, role="keyer", by="A", on="2031-01-01", digest="0" * 64)
    do(session, "accept", key=key_of(session, "198"))
    assert [(row["id"][-3:], row["printed"]) for row in house.rows("metrics", DOCUMENT)] == [("001", "1"), ("002", "214"), ("003", "198")]
    do(session, "reopen", key=key_of(session, "214"))
    do(session, "accept", key=key_of(session, "45"))
    do(session, "accept", key=key_of(session, "214"))
    ids = {row["printed"]: row["id"][-3:] for row in house.rows("metrics", DOCUMENT)}
    assert ids == {"1": "001", "214": "002", "198": "003", "45": "004"}


def test_a_row_that_another_file_names_keeps_its_id(house: Copy, session: Session) -> None:
    do(session, "accept", key=key_of(session, "214"))
    fault = {"fault": "f99-x", "kind": "method", "description": "d", "treatment": "use", "status": "A"}
    house.append("faults", ids=f"{DOCUMENT}-001", **fault)
    do(session, "accept", key=key_of(session, "1"))
    assert {row["printed"]: row["id"][-3:] for row in house.rows("metrics", DOCUMENT)} == {"214": "001", "1": "002"}


def test_a_signed_number_is_not_set_aside_in_silence(house: Copy, session: Session) -> None:
    do(session, "accept", key=key_of(session, "214"))
    house.append("signoffs", document=DOCUMENT, role="keyer", by="A", on="2031-01-01", digest="0" * 64)
    do(session, "reopen", key=key_of(session, "214"))
    with pytest.raises(Usage, match=r"withdrawn\.csv"):
        do(session, "set_aside", key=key_of(session, "214"), reason="vague")


def test_one_printed_number_is_one_row(session: Session) -> None:
    do(session, "accept", key=key_of(session, "198"))
    for name in ("accept", "split", "period"):
        with pytest.raises(Usage):
            do(session, name, key=key_of(session, "198"))
    with pytest.raises(Usage, match="One printed number is one row"):
        do(session, "split", key=key_of(session, "214"))
    with pytest.raises(Usage, match="198"):
        do(session, "stretch", start=REPORT.index("The government issued"), end=REPORT.index(" Under Article"), reason="band")


def test_an_unfinished_row_is_not_keyed_and_every_empty_cell_is_named(session: Session) -> None:
    key = key_of(session, "45")
    do(session, "edit", key=key, cells={"metric": "", "value": "", "quote": "no words of the page"})
    with pytest.raises(Usage, match="metric, value are empty; the quote must stand once"):
        do(session, "accept", key=key)


def test_a_number_that_stands_everywhere_gets_a_context_that_stands_once(session: Session) -> None:
    key = key_of(session, "1", turn=1)
    do(session, "edit", key=key, cells={"quote": ""})
    do(session, "set_aside", key=key, reason="footnote")
    assert session.state()["tables"]["set_aside"] == [{"printed": "1", "context": "1 See", "reason": "footnote", "note": ""}]


def test_a_stretch_taken_apart_gives_its_numbers_back(session: Session) -> None:
    do(session, "stretch", start=REPORT.index("1 See"), end=len(REPORT), reason="footnote")
    assert [row["printed"] for row in session.state()["tables"]["set_aside"]] == ["1 See page 12.\n7"]
    do(session, "split", key=key_of(session, "12"))
    assert session.state()["tables"]["set_aside"] == []
    assert {text_of(session, item) for item in items(session, fate="open")} >= {"1", "12", "7"}


def test_words_that_deny_two_metrics_are_two_rows(session: Session) -> None:
    gap = do(session, "gap", start=GAP[0], end=GAP[1])
    do(session, "edit", key=gap, cells={"metric": "compensation_victims", "period_basis": "not_stated"})
    second = do(session, "split", key=do(session, "accept", key=gap))
    do(session, "edit", key=second, cells={"metric": "compensation_cases"})
    do(session, "accept", key=second)
    rows = session.state()["tables"]["metrics"]
    assert [(row["metric"], row["unit"], row["status"], row["value"]) for row in rows] == [
        ("compensation_victims", "persons", "O", ""),
        ("compensation_cases", "cases", "O", ""),
    ]
    do(session, "remove", key=items(session, kind="gap")[0]["key"])
    assert [row["metric"] for row in session.state()["tables"]["metrics"]] == ["compensation_cases"]


def test_the_metric_brings_its_unit_and_an_edited_row_is_no_guess(session: Session) -> None:
    key = key_of(session, "45")
    do(session, "edit", key=key, cells={"metric": "victims_identified"})
    assert (cells(session, key)["unit"], cells(session, key)["confidence"]) == ("persons", "")


@pytest.mark.parametrize(
    ("name", "given_"),
    [
        ("nothing", {}),
        ("accept", {"key": "no such key"}),
        ("accept", {"key": 0}),
        ("accept", {}),
        ("edit", {"key": "0", "cells": {"id": "x"}}),
        ("edit", {"key": "0", "cells": {"printed": "9"}}),
        ("edit", {"key": "0", "cells": {"note": 1}}),
        ("edit", {"key": "0", "cells": {"status": "Z"}}),
        ("edit", {"key": "0", "cells": {"note": "=1+1"}}),
        ("edit", {"key": "0", "cells": {"note": "bell \x07"}}),
        ("set_aside", {"key": "0", "reason": "because"}),
        ("gap", {"start": -5, "end": 0}),
        ("gap", {"start": True, "end": 9}),
        ("passage", {"start": 0, "end": 9, "kind": "poem"}),
        ("period", {"key": "57"}),
        ("step", {"key": "0", "way": "up"}),
    ],
)
def test_what_no_page_asks_for_is_refused_in_words_and_writes_nothing(session: Session, name: str, given_: dict) -> None:
    before = session.storage.version()
    with pytest.raises(Usage):
        session.act(name, given_, before)
    assert session.storage.version() == before


def test_suggest_keeps_what_a_person_has_edited_and_drafts_the_rest_again(house: Copy, session: Session) -> None:
    do(session, "edit", key=key_of(session, "45"), cells={"coverage": "adults"})
    do(session, "gap", start=GAP[0], end=GAP[1])
    before = session.reading.path(DRAFTS).read_bytes()
    text = session.reading.path(DRAFTS).read_text("utf-8").replace("residence_permits", "victims_identified")
    session.reading.path(DRAFTS).write_text(text, encoding="utf-8")
    assert suggest(house.root, DOCUMENT)[1] == 13
    assert session.reading.path(DRAFTS).read_bytes() == before


def test_a_draft_that_cannot_be_read_is_not_written_over(house: Copy, session: Session) -> None:
    session.reading.path(DRAFTS).write_text("a;b\n", encoding="utf-8")
    with pytest.raises(Usage, match="wrong header"):
        suggest(house.root, DOCUMENT)
    with pytest.raises(Usage, match="wrong header"):
        Session.of(house.root, DOCUMENT)
    assert session.reading.path(DRAFTS).read_text("utf-8") == "a;b\n"
