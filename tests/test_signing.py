"""Signatures: who stands for a document's rows, and which row moved since."""

from __future__ import annotations

from datetime import date

import pytest

from tieout.problems import Usage
from tieout.record import load
from tieout.signing import digests, draft, failures, sign, signed, total
from tieout.signing import unsigned as unsigned_roles

DOCUMENT, ROW = "tip-2004", "tip-2004-006"
OTHER = ("tip-2023", "editor")
DAY = date(2025, 1, 31)


@pytest.fixture
def unsigned(copy_root):
    """A copy of the record with no signatures in it."""
    copy_root.write("signoffs", [])
    for ledger in (copy_root.root / "data" / "bel" / "signatures").glob("*.csv"):
        ledger.unlink()
    return copy_root


@pytest.fixture
def copy(unsigned):
    """A copy of the record in which Ann signed tip-2004 as keyer and Bob as verifier."""
    sign(unsigned.load(), DOCUMENT, "keyer", "Ann", DAY)
    sign(unsigned.load(), DOCUMENT, "verifier", "Bob", DAY)
    return unsigned


def messages(copy) -> list[str]:
    return [failure.message for failure in failures(copy.load())]


def test_what_is_signed_holds_until_something_changes(copy):
    assert messages(copy) == []
    assert signed(copy.load())[DOCUMENT] == ["keyer", "verifier"]
    assert signed(copy.load())["tip-2025"] == []


def test_a_record_without_signatures_has_nothing_wrong_with_them(unsigned):
    assert messages(unsigned) == []
    assert not any(signed(unsigned.load()).values())


def test_a_signature_says_who_in_which_role_and_when(copy):
    keyer, verifier = copy.rows("signoffs")
    assert (keyer["document"], keyer["role"], keyer["by"], keyer["on"]) == (DOCUMENT, "keyer", "Ann", "2025-01-31")
    assert (verifier["role"], verifier["by"]) == ("verifier", "Bob")
    assert keyer["digest"] == verifier["digest"] == total(digests(copy.load(), DOCUMENT))


TOUCHING = {"documents": DOCUMENT, "identities": "i01-investigations-opened-2003-forms", "faults": "f26-convictions-2003-many-but-unknown"}


def test_a_signature_covers_the_source_the_register_every_row_and_whatever_touches_a_row(copy):
    covered = digests(copy.load(), DOCUMENT)
    counted = [len(copy.rows(name, DOCUMENT)) for name in ("metrics", "statements", "set_aside")]
    assert len(covered) == 1 + sum(counted) + len(TOUCHING)
    assert {"seed", ROW, "tip-2004-s01", *(f"{name}-{key}" for name, key in TOUCHING.items())} <= covered.keys()


def test_a_fault_in_two_documents_is_covered_by_the_signatures_of_both(belgium):
    assert {row.id for row in belgium.rows("faults") if row.id == "f24-same-digits-56"}
    covering = [document for document in belgium.documents if "faults-f24-same-digits-56" in digests(belgium, document)]
    assert sorted(covering) == ["tip-2023", "tip-2025"]


def test_a_break_is_covered_by_the_signature_of_the_document_that_tells_of_it(belgium):
    covering = [document for document in belgium.documents if "break-shelter_referrals-2024-01-01" in digests(belgium, document)]
    assert covering == ["tip-2025"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("documents", {"published": "2004-06-15"}),
        ("documents", {"title": "Another title"}),
        ("identities", {"expected": "fails"}),
        ("identities", {"parts": "tip-2004-007"}),
        ("faults", {"treatment": "hold"}),
        ("faults", {"description": "Another."}),
    ],
)
def test_a_change_in_what_touches_the_document_breaks_the_signatures_and_is_named(copy, name, change):
    key = TOUCHING[name]
    copy.alter(name, key, **change)
    found = failures(copy.load())
    assert [failure.ids for failure in found] == [(f"{name}-{key}",)] * 2
    assert all(f"{name}-{key} has changed since" in failure.message for failure in found)
    assert {failure.where.split(":")[0] for failure in found} == {f"data/bel/{name}.csv"}


@pytest.mark.parametrize("name", ["identities", "faults"])
def test_what_touched_the_document_and_is_gone_or_new_is_named(copy, name):
    key = TOUCHING[name]
    copy.duplicate(name, key, "", **{name.replace("identities", "identity").replace("faults", "fault"): f"{key}-again"})
    assert all(message.startswith(f"{name}-{key}-again is new since") for message in messages(copy))
    copy.delete(name, f"{key}-again")
    assert messages(copy) == []
    copy.delete(name, key)
    assert all(message.startswith(f"{name}-{key} is gone since") for message in messages(copy))
    assert len(messages(copy)) == 2


def test_a_new_break_told_by_the_document_breaks_its_signatures(copy):
    copy.append("breaks", metric="convictions", before="2002-12-31", after="2003-01-01", reason="r", document=DOCUMENT, quote="q")
    assert all(message.startswith("break-convictions-2003-01-01 is new since") for message in messages(copy))
    assert len(messages(copy)) == 2


def test_what_touches_only_other_documents_does_not_matter(copy):
    copy.alter("faults", "f24-same-digits-56", description="Another.")
    copy.alter("identities", "i32-study-accepting", reason="Another.")
    copy.alter("documents", "tip-2025", note="Another.")
    copy.alter("breaks", "shelter_referrals", reason="Another.")
    assert messages(copy) == []


def test_a_signature_holds_on_any_day_on_which_its_document_was_known(unsigned):
    """A fault that names rows of a later document too is signed, and left out of the record of an earlier day."""
    sign(unsigned.load(), "tip-2023", "keyer", "Ann", DAY)
    early = load("bel", unsigned.root, date(2023, 12, 31))
    assert "f24-same-digits-56" not in {row.id for row in early.rows("faults")}
    assert failures(early) == []
    assert signed(early)["tip-2023"] == ["keyer"]
    unsigned.alter("faults", "f24-same-digits-56", description="Another.")
    early = load("bel", unsigned.root, date(2023, 12, 31))
    assert [failure.ids for failure in failures(early)] == [("faults-f24-same-digits-56",)]
    assert signed(early)["tip-2023"] == []


def test_a_signature_of_a_document_not_yet_published_says_nothing_on_an_earlier_day(copy):
    early = load("bel", copy.root, date(2003, 12, 31))
    assert failures(early) == []
    assert signed(early) == {}


@pytest.mark.parametrize("column", ["value", "note", "quote", "end", "status"])
def test_a_changed_cell_breaks_the_signatures_and_names_its_row(copy, column):
    copy.alter_row(ROW, **{column: "changed"})
    found = failures(copy.load())
    assert [failure.ids for failure in found] == [(ROW,), (ROW,)]
    assert [failure.message.split(". ")[0] for failure in found] == [
        f"{ROW} has changed since 'Ann' signed {DOCUMENT} as keyer",
        f"{ROW} has changed since 'Bob' signed {DOCUMENT} as verifier",
    ]
    assert found[0].where == f"data/bel/metrics/{DOCUMENT}.csv:7"
    assert signed(copy.load())[DOCUMENT] == []


def test_a_row_that_is_gone_is_named(copy):
    copy.delete("metrics", "tip-2004-020", DOCUMENT)
    assert all(message.startswith("tip-2004-020 is gone since") for message in messages(copy))
    assert len(messages(copy)) == 2


def test_a_row_that_is_new_is_named(copy):
    copy.duplicate("statements", "tip-2004-s11", DOCUMENT, id="tip-2004-s12")
    assert all(message.startswith("tip-2004-s12 is new since") for message in messages(copy))
    assert len(messages(copy)) == 2


def test_a_number_set_aside_for_another_reason_is_told(copy):
    rows = copy.rows("set_aside", DOCUMENT)
    rows[0]["reason"] = "method"
    copy.write("set_aside", rows, DOCUMENT)
    found = failures(copy.load())
    assert len(found) == 2
    assert found[0].where == f"data/bel/set_aside/{DOCUMENT}.csv:2"
    assert found[0].words == rows[0]["context"]


def test_another_source_breaks_the_signatures(copy):
    copy.seed(DOCUMENT).write_text("another text", encoding="utf-8")
    assert all(message.startswith("seed has changed since") for message in messages(copy))
    assert len(messages(copy)) == 2


def test_the_order_of_rows_and_the_rows_of_other_documents_do_not_matter(copy):
    copy.write("metrics", copy.rows("metrics", DOCUMENT)[::-1], DOCUMENT)
    copy.alter_row("tip-2025-001", note="changed")
    assert messages(copy) == []


def test_a_digest_that_fits_nothing_is_told_even_where_no_row_moved(copy):
    rows = copy.rows("signoffs")
    rows[0]["digest"] = "0" * 64
    copy.write("signoffs", rows)
    (found,) = failures(copy.load())
    assert "does not fit what was signed" in found.message
    assert found.ids == (DOCUMENT,)


def test_a_signature_on_an_unregistered_document_is_told(copy):
    copy.append("signoffs", document="tip-1999", role="editor", by="Ann", on="2025-01-31", digest="0" * 64)
    assert messages(copy) == ["tip-1999 is signed but not registered."]


def test_signing_again_mends_a_signature_in_place(copy):
    copy.alter_row(ROW, note="changed")
    sign(copy.load(), DOCUMENT, "keyer", "Cid", date(2025, 2, 1))
    assert signed(copy.load())[DOCUMENT] == ["keyer"]
    sign(copy.load(), DOCUMENT, "verifier", "Bob", date(2025, 2, 1))
    assert signed(copy.load())[DOCUMENT] == ["keyer", "verifier"]
    assert messages(copy) == []
    assert [row["by"] for row in copy.rows("signoffs")] == ["Cid", "Bob"]


def test_signing_again_keeps_one_digest_of_each_row_for_each_role(copy):
    copy.delete("metrics", "tip-2004-020", DOCUMENT)
    sign(copy.load(), DOCUMENT, "keyer", "Ann", DAY)
    kept = [(row["role"], row["row"]) for row in copy.rows("signatures", DOCUMENT)]
    assert len(kept) == len(set(kept))
    assert ("verifier", "tip-2004-020") in kept
    assert ("keyer", "tip-2004-020") not in kept


def test_signing_one_document_leaves_the_signatures_of_others(copy):
    sign(copy.load(), "tip-2023", "editor", "Eve", DAY)
    assert [(row["document"], row["role"]) for row in copy.rows("signoffs")] == [(DOCUMENT, "keyer"), (DOCUMENT, "verifier"), OTHER]
    assert signed(copy.load()) | {"tip-2023": ["editor"], DOCUMENT: ["keyer", "verifier"]} == signed(copy.load())
    assert messages(copy) == []


@pytest.mark.parametrize(
    ("role", "rival", "by"),
    [("verifier", "keyer", "Ann"), ("keyer", "verifier", "Bob"), ("verifier", "keyer", " ANN "), ("keyer", "verifier", "bob\t")],
)
def test_nobody_signs_as_keyer_and_as_verifier(copy, role, rival, by):
    before = copy.rows("signoffs")
    with pytest.raises(Usage, match=f"has signed tip-2004 as {rival}"):
        sign(copy.load(), DOCUMENT, role, by, DAY)
    assert copy.rows("signoffs") == before


def test_the_keyer_may_sign_as_editor_too(copy):
    sign(copy.load(), DOCUMENT, "editor", "Ann", DAY)
    assert messages(copy) == []


@pytest.mark.parametrize("by", ["Ann", "ann", "ANN ", " Ann"])
def test_one_name_in_both_roles_is_told_however_it_got_there_and_is_spelt(copy, by):
    rows = copy.rows("signoffs")
    rows[1]["by"] = by
    copy.write("signoffs", rows)
    assert messages(copy) == ["'Ann' signed tip-2004 as keyer and as verifier. A second person must verify."]


def test_blanks_inside_a_name_count_once_and_another_name_is_another_person(copy):
    sign(copy.load(), DOCUMENT, "keyer", "Ann  Lee", DAY)
    with pytest.raises(Usage, match="has signed tip-2004 as keyer"):
        sign(copy.load(), DOCUMENT, "verifier", "ann lee", DAY)
    sign(copy.load(), DOCUMENT, "verifier", "Annlee", DAY)
    assert messages(copy) == []


def test_an_edition_is_a_draft_until_a_keyer_and_a_verifier_signed_every_document(copy):
    assert draft(copy.load())
    assert DOCUMENT not in unsigned_roles(copy.load())
    assert unsigned_roles(copy.load())["tip-2025"] == ["keyer", "verifier"]
    for document in unsigned_roles(copy.load()):
        sign(copy.load(), document, "keyer", "Ann", DAY)
        assert unsigned_roles(copy.load())[document] == ["verifier"]
        sign(copy.load(), document, "verifier", "Bob", DAY)
    assert unsigned_roles(copy.load()) == {}
    assert not draft(copy.load())
    copy.alter_row(ROW, note="changed")
    assert unsigned_roles(copy.load()) == {DOCUMENT: ["keyer", "verifier"]}
    assert draft(copy.load())


def test_an_edition_of_nothing_is_a_draft(copy):
    assert draft(load("bel", copy.root, date(1999, 12, 31)))


@pytest.mark.parametrize(
    ("document", "role", "by", "words"),
    [
        ("tip-1999", "keyer", "Ann", "no document 'tip-1999'"),
        (DOCUMENT, "boss", "Ann", "no role 'boss'"),
        (DOCUMENT, "keyer", " ", "who signs"),
    ],
)
def test_a_signature_that_cannot_be_meant_is_refused_and_nothing_written(unsigned, document, role, by, words):
    with pytest.raises(Usage, match=words):
        sign(unsigned.load(), document, role, by, DAY)
    assert unsigned.rows("signoffs") == []
    assert not unsigned.path("signatures", document).exists()
