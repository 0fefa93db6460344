"""Every check on a country's record: one change for each that makes it, and no other, fail and name what is wrong.

The expectations on single rows have theirs in test_expectations.py.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pytest

from tests.conftest import ROOT, Copy
from tieout import checks
from tieout.checks import FORM, MEANING, all_titles, check, check_record
from tieout.problems import Usage
from tieout.record import Record, load
from tieout.report import BROKEN, FAIL, PASS, Failure, Report
from tieout.signing import sign
from tieout.texts import Text

great_expectations = pytest.mark.xdist_group("great_expectations")  # importing it takes seconds: one worker is enough


@dataclass(frozen=True)
class Case:
    """A change to a copy of the record, the check that must fail, and what each of its failures must name."""

    check: str
    told: str
    change: Callable[[Copy], None]
    ids: str
    words: str
    where: str
    failures: int = 1


def does(change: str) -> Callable[..., Callable[[Copy], None]]:
    """The method of ``Copy`` as a change that a case can name with its arguments."""
    return lambda *keys, **cells: lambda copy: getattr(copy, change)(*keys, **cells)


alter, altered, append, delete, duplicate, write = map(does, ("alter", "alter_row", "append", "delete", "duplicate", "write"))


def unlink(*name: str) -> Callable[[Copy], None]:
    return lambda copy: copy.path(*name).unlink()


def seedless(copy: Copy) -> None:
    copy.seed("tip-2023").unlink()


def crlf(copy: Copy) -> None:
    path = copy.path("metrics", "tip-2025")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def headless(copy: Copy) -> None:
    path = copy.path("categories")
    path.write_bytes(path.read_bytes().replace(b"terms", b"words", 1))


def latin(copy: Copy) -> None:
    copy.seed("tip-2023").write_bytes(copy.seed("tip-2023").read_text("utf-8").replace("’", "é").encode("latin-1"))


def linked(copy: Copy) -> None:
    seed = copy.seed("tip-2023")
    seed.rename(seed.with_suffix(".old"))
    seed.symlink_to(seed.with_suffix(".old"))


def spaced(copy: Copy) -> None:
    copy.seed("tip-2023").write_text(copy.seed("tip-2023").read_text("utf-8") + "\n", "utf-8")


def signed_then_changed(copy: Copy) -> None:
    copy.write("signoffs", [])
    sign(copy.load(), "tip-2023", "editor", "Ann", date(2025, 1, 31))
    copy.alter_row("tip-2023-003", note="Another note.")


def original(document: str, content: bytes | None, listed: str = "") -> Callable[[Copy], None]:
    """Puts an original among those of Belgium, with the digest of b"kept" or whatever else is ``listed``."""

    def change(copy: Copy) -> None:
        folder = copy.root / "seeds" / "bel" / "originals"
        folder.mkdir()
        (folder / "SHA256SUMS").write_text(listed or f"{hashlib.sha256(b'kept').hexdigest()}  {document}.pdf\n")
        if content is not None:
            (folder / f"{document}.pdf").write_bytes(content)

    return change


def moved(copy: Copy) -> None:
    """A statement of 2025 among those of 2023."""
    copy.append("statements", "tip-2023", id="tip-2025-s99", kind="caveat", label="stray", quote="in criminal cases and ensure")


REGISTER, UNITS, METRICS_2025 = "data/bel/documents.csv", "data/units.csv", "data/bel/metrics/tip-2025.csv"
UNREAD = ("file-format", "seeds")  # all that is told where a file cannot be read
ORIGINAL = "seeds/bel/originals/tip-2023.pdf"
FORM_CASES = [
    Case(
        "schema",
        "a pair of an unknown metric",
        append("incomparable", metric="convictions", other="x", reason="No."),
        "convictions",
        "other 'x' is not in data/codebook.csv",
        "data/incomparable.csv:",
    ),
    Case(
        "schema",
        "a pair without a reason",
        append("incomparable", metric="convictions", other="tip_tier"),
        "convictions",
        "reason is empty",
        "data/incomparable.csv:",
    ),
    Case(
        "schema",
        "a pair twice",
        append("incomparable", metric="convictions", other="persons_convicted", reason="Again."),
        "convictions",
        "'convictions, persons_convicted' stand 2 times",
        "data/incomparable.csv:",
        2,
    ),
    Case("originals", "changed", original("tip-2023", b"changed"), "tip-2023", "is not the one that was added", ORIGINAL),
    Case("originals", "gone", original("tip-2023", None), "tip-2023", "is not there", ORIGINAL),
    Case("originals", "without a digest", original("tip-2023", b"kept", "12 cases"), "", "line 1 is no digest and name", "seeds/bel/"),
    Case(
        "originals",
        "of no document",
        original("tip-1999", b"kept"),
        "tip-1999",
        "belongs to no document",
        "seeds/bel/originals/tip-1999.pdf",
    ),
    Case("file-format", "saved by a spreadsheet", crlf, "", "has CRLF line ends", "data/bel/metrics/tip-2025.csv:1"),
    Case("file-format", "a column renamed", headless, "", "missing: terms; not known: words", "data/categories.csv:1"),
    Case("file-format", "a file gone", unlink("faults"), "", "is not there", "data/bel/faults.csv"),
    Case("file-format", "a document's file gone", unlink("set_aside", "tip-2004"), "", "is not there", "data/bel/set_aside/tip-2004.csv"),
    Case(
        "register",
        "a file of nobody",
        write("metrics", [], "tip-1999"),
        "tip-1999",
        "belongs to no document",
        "data/bel/metrics/tip-1999.csv",
    ),
    Case(
        "register",
        "another seed",
        alter("documents", "tip-2023", seed="seeds/bel/x.txt"),
        "tip-2023",
        "must be seeds/bel/tip-2023.txt",
        REGISTER,
    ),
    Case("register", "another country", alter("documents", "tip-2023", country="fra"), "tip-2023", "registered for 'fra'", REGISTER),
    Case("seeds", "a byte more", spaced, "tip-2023", "is not the document that was registered", REGISTER),
    Case("seeds", "a seed gone", seedless, "tip-2023", "is not there", "seeds/bel/tip-2023.txt"),
    Case("seeds", "a link", linked, "tip-2023", "is no plain file", "seeds/bel/tip-2023.txt"),
    Case(
        "seeds",
        "another digest registered",
        alter("documents", "tip-2023", sha256="0" * 64),
        "tip-2023",
        "registered is 000000000000…",
        REGISTER,
    ),
    Case(
        "schema",
        "a code of no list",
        alter("faults", "f24-same-digits-56", kind="oddity"),
        "f24-same-digits-56",
        "kind is 'oddity'",
        "data/bel/faults.csv:",
    ),
    Case("schema", "a cell empty", alter("units", "cases", label=""), "cases", "label is empty", UNITS),
    Case("schema", "another form", alter("codebook", "tip_tier", group="Law!"), "tip_tier", "group is 'Law!'", "data/codebook.csv:"),
    Case("schema", "no number", alter("units", "cases", maximum="1,000"), "cases", "maximum is '1,000', which is no number", UNITS),
    Case("schema", "two numbers in one", alter("units", "cases", maximum="1.0.0"), "cases", "which is no number", UNITS),
    Case(
        "schema",
        "an empty range",
        alter("units", "cases", minimum="10", maximum="9.5"),
        "cases",
        "range of cases is empty: 10 to 9.5",
        UNITS,
    ),
    Case(
        "schema",
        "a number without its form",
        alter("faults", "f24-same-digits-56", fault="same-digits-56"),
        "same-digits-56",
        "does not have the form",
        "data/bel/faults.csv:",
    ),
    Case(
        "schema",
        "an identity without a number",
        alter("identities", "i32-study-accepting", identity="32-study"),
        "32-study",
        "does not have the form",
        "data/bel/identities.csv:",
    ),
    Case(
        "schema",
        "wordings of no metric",
        append("terms", metric="x", terms="# x"),
        "x",
        "'x' is not in data/codebook.csv",
        "data/terms.csv:",
    ),
    Case("schema", "no truth", alter("units", "cases", whole="yes"), "cases", "whole is 'yes', which is no boolean", UNITS),
    Case(
        "schema",
        "no integer",
        alter("codebook", "tip_tier", decimals="0.5"),
        "tip_tier",
        "decimals is '0.5', which is no integer",
        "data/codebook.csv:",
    ),
    Case(
        "schema",
        "no date",
        alter("breaks", "shelter_referrals", before="31/12/2023"),
        "shelter_referrals",
        "Write the day as",
        "data/bel/breaks.csv:",
    ),
    Case(
        "schema",
        "no such day",
        alter("breaks", "shelter_referrals", before="2023-02-30"),
        "shelter_referrals",
        "no such day",
        "data/bel/breaks.csv:",
    ),
    Case("schema", "published in no month", alter("documents", "tip-2023", published="2023-13"), "tip-2023", "no such day", REGISTER),
    Case(
        "schema",
        "a unit that is not there",
        alter("codebook", "tip_tier", unit="tiers"),
        "tip_tier",
        "unit 'tiers' is not in data/units.csv",
        "data/codebook.csv:",
    ),
    Case(
        "schema",
        "a metric that is not there",
        alter("breaks", "shelter_referrals", metric="x"),
        "x",
        "'x' is not in data/codebook.csv",
        "data/bel/breaks.csv:",
    ),
    Case(
        "schema",
        "a statement twice",
        duplicate("statements", "tip-2023-s01", "tip-2023"),
        "tip-2023-s01",
        "stand 2 times",
        "data/bel/statements/tip-2023.csv",
        2,
    ),
    Case("schema", "a unit twice", duplicate("units", "cases"), "cases", "'cases' stand 2 times", UNITS, 2),
    Case("schema", "a document twice", duplicate("documents", "tip-2023"), "tip-2023", "'tip-2023' stand 2 times", REGISTER, 2),
    Case(
        "schema",
        "a number set aside twice",
        duplicate("set_aside", "2000", "tip-2023"),
        "data/bel/set_aside/tip-2023.csv",
        "stand 2 times",
        "data/bel/set_aside/tip-2023.csv",
        2,
    ),
    Case("cells", "a blank without width", alter("codebook", "tip_tier", note="Un\u200bseen"), "tip_tier", "U+200B", "data/codebook.csv:"),
]
MEANING_CASES = [
    Case(
        "ids",
        "a row deleted",
        delete("statements", "tip-2021-s11", "tip-2021"),
        "tip-2021-s11",
        "is missing",
        "data/bel/statements/tip-2021.csv",
    ),
    Case(
        "ids", "an identity deleted", delete("identities", "i30-children-2007-prostitution"), "i30", "is missing", "data/bel/identities.csv"
    ),
    Case("ids", "a fault deleted", delete("faults", "f37-sliven-press-report"), "f37", "is missing", "data/bel/faults.csv"),
    Case(
        "ids",
        "two identities of one number",
        alter("identities", "i38-coe-trafficking-told-twice", identity="i37-coe"),
        "i37",
        "stands 2 times",
        "data/bel/identities.csv",
    ),
    Case(
        "ids",
        "two faults of one number",
        alter("faults", "f39-report-of-2021-inferred", fault="f01-notes"),
        "f01",
        "stands 2 times",
        "data/bel/faults.csv",
    ),
    Case(
        "ids",
        "a number far beyond",
        duplicate("identities", "i30-children-2007-prostitution", identity="i99-far"),
        "i99",
        "far beyond the 39 rows",
        "data/bel/identities.csv",
    ),
    Case(
        "ids",
        "a row withdrawn that still stands",
        append("withdrawn", id="tip-2021-s10", on="2025-01-31", reason="Said twice."),
        "tip-2021-s10",
        "was withdrawn, but stands in its file",
        "data/bel/withdrawn.csv:2",
    ),
    Case(
        "ids",
        "an identity withdrawn that still stands",
        append("withdrawn", id="i30", on="2025-01-31", reason="Said twice."),
        "i30",
        "was withdrawn, but stands in its file",
        "data/bel/withdrawn.csv:2",
    ),
    Case(
        "ids",
        "a fault withdrawn that still stands",
        append("withdrawn", id="f37", on="2025-01-31", reason="Said twice."),
        "f37",
        "was withdrawn, but stands in its file",
        "data/bel/withdrawn.csv:2",
    ),
    Case(
        "corrections",
        "a correction of what was never published",
        append(
            "corrections", correction="c01-x", on="2026-01-15", kind="correction", ids="tip-2025-999", was="3", now="4", reason="Misread."
        ),
        "c01-x",
        "no observation and no fact",
        "data/bel/corrections.csv:2",
    ),
    Case(
        "number-accounted",
        "a number forgotten",
        delete("set_aside", "2000", "tip-2023"),
        "tip-2023",
        "'2000' on line 23",
        "seeds/bel/tip-2023.txt:23",
    ),
    Case(
        "number-claimed-once",
        "a keyed number set aside",
        append("set_aside", "tip-2023", printed="56", context="56 percent", reason="wording"),
        "tip-2023-003 data/bel/set_aside/tip-2023.csv:",
        "'56' on line 5 of tip-2023 is claimed by 2 rows",
        "data/bel/set_aside/tip-2023.csv:",
    ),
    Case(
        "gap-accounted",
        "a gap passed over",
        alter("statements", "tip-2021-s07", "tip-2021", quote="providing training to law enforcement on victim identification"),
        "tip-2021",
        "'did not report'",
        "seeds/bel/tip-2021.txt:",
    ),
    Case(
        "statement-in-source",
        "other words",
        alter("statements", "tip-2023-s02", "tip-2023", quote="Belgium fully meets them."),
        "tip-2023-s02",
        "stands 0 times",
        "data/bel/statements/tip-2023.csv:",
    ),
    Case(
        "statement-in-source",
        "words that stand twice",
        alter("statements", "tip-2023-s02", "tip-2023", quote="victims"),
        "tip-2023-s02",
        "must stand once",
        "data/bel/statements/tip-2023.csv:",
    ),
    Case(
        "set-aside-in-source",
        "other words",
        append("set_aside", "tip-2023", printed="9", context="9 lives", reason="wording"),
        "data/bel/set_aside/tip-2023.csv:",
        "The context stands 0 times",
        "data/bel/set_aside/tip-2023.csv:",
    ),
    Case(
        "set-aside-in-source",
        "a number not in its context",
        append("set_aside", "tip-2023", printed="9", context="Prioritized Recommendations", reason="wording"),
        "data/bel/set_aside/tip-2023.csv:",
        "'9' stands 0 times as a number",
        "data/bel/set_aside/tip-2023.csv:",
    ),
    Case(
        "told-alike",
        "one of two tellings changed",
        altered("tip-2025-002", value="2"),
        "tip-2025-001 tip-2025-002",
        "told in two ways",
        "data/bel/metrics/tip-2025.csv:",
    ),
    Case(
        "told-alike",
        "another qualifier",
        altered("tip-2025-002", qualifier="about"),
        "tip-2025-001 tip-2025-002",
        "told in two ways",
        "data/bel/metrics/tip-2025.csv:",
    ),
    Case(
        "identities",
        "a fault gone",
        alter("identities", "i27-exploitation-cases-all", expected="holds"),
        "ecpat-2010-004 ecpat-2010-011 ecpat-2010-012",
        "should hold, but 65 + 57 = 122, and ecpat-2010-004 says 160",
        "data/bel/identities.csv:",
    ),
    Case(
        "identities",
        "a part changed",
        altered("tip-2004-007", value="96"),
        "tip-2004-006 tip-2004-007 tip-2004-008",
        "should hold, but 96 + 29 = 125, and tip-2004-006 says 126",
        "data/bel/identities.csv:",
    ),
    Case(
        "identities",
        "a part missing from a rate",
        alter("identities", "i20-funding-2024-rate-of-compensation", parts="tip-2025-042"),
        "tip-2025-063 tip-2025-062 tip-2025-042",
        "should hold, but a rate takes 2 in total and 2 or more in parts",
        "data/bel/identities.csv:",
    ),
    Case(
        "identities",
        "a statement among the rows",
        alter("identities", "i32-study-accepting", parts="ecpat-2010-s06"),
        "ecpat-2010-020 ecpat-2010-s06",
        "ecpat-2010-s06 has no value that can be reckoned with",
        "data/bel/identities.csv:",
    ),
    Case(
        "identities",
        "a part wider than its total",
        alter("identities", "i12-suspended-2023-of-sentences", total="tip-2025-033"),
        "tip-2025-033 tip-2025-023",
        "tip-2025-023 is of wider categories than tip-2025-033",
        "data/bel/identities.csv:",
    ),
    Case(
        "identities",
        "a row that is none",
        alter("identities", "i32-study-accepting", parts="ecpat-2010-999"),
        "i32-study-accepting",
        "do not exist: ecpat-2010-999",
        "data/bel/identities.csv:",
    ),
    Case(
        "faults",
        "a row that is none",
        alter("faults", "f24-same-digits-56", ids="tip-2023-003|tip-2025-999"),
        "f24-same-digits-56",
        "do not exist: tip-2025-999",
        "data/bel/faults.csv:",
    ),
    Case(
        "faults", "no row", alter("faults", "f24-same-digits-56", ids=" | "), "f24-same-digits-56", "it names none", "data/bel/faults.csv:"
    ),
    Case(
        "breaks",
        "other words",
        alter("breaks", "shelter_referrals", quote="Two of three shelters"),
        "shelter_referrals",
        "does not stand once in tip-2025",
        "data/bel/breaks.csv:",
    ),
    Case(
        "breaks",
        "days in disorder",
        append(
            "breaks",
            metric="convictions",
            before="2024-01-01",
            after="2024-01-01",
            reason="None.",
            document="tip-2025",
            quote="Two of three government-funded shelters reported receiving 1,056 referrals",
        ),
        "convictions",
        "2024-01-01 is not before 2024-01-01",
        "data/bel/breaks.csv:",
    ),
    Case(
        "break-told",
        "a break that is told nowhere",
        altered("tip-2025-039", status="B"),
        "tip-2025-039",
        "no break of victims_identified after which 2023-01-01 begins",
        "data/bel/metrics/tip-2025.csv:",
    ),
    Case(
        "coverage-told",
        "a limit not told",
        altered("tip-2025-047", coverage=""),
        "tip-2025-047",
        "limits the number to 'Two of three', but the coverage is ''",
        METRICS_2025 + ":48",
    ),
    Case(
        "coverage-told",
        "two single years as if they were four",
        altered("ecpat-2010-030", coverage=""),
        "ecpat-2010-030",
        "names 2004 and 2007, and the period holds the years between as well",
        "data/bel/metrics/ecpat-2010.csv:31",
    ),
    Case(
        "coverage-told",
        "another limit",
        altered("tip-2025-047", coverage="three of three shelters"),
        "tip-2025-047",
        "but the coverage is 'three of three shelters'",
        METRICS_2025 + ":48",
    ),
    Case(
        "coverage-told",
        "one of several in a sentence",
        altered("tip-2025-033", coverage="Flanders"),
        " ".join(f"tip-2025-{number:03}" for number in range(32, 39)),
        "stand in one sentence and are of one period, but differ",
        METRICS_2025,
    ),
    Case(
        "gap-told-once",
        "a gap keyed twice",
        altered("tip-2025-028", metric="officials_investigated"),
        "tip-2025-027 tip-2025-028",
        "key the same gap from the same words",
        METRICS_2025,
    ),
    Case(
        "sums-known",
        "a sum that is only called a part",
        alter("identities", "i25-immigration-office-2006-sexes", relation="part"),
        "ecpat-2010-004 ecpat-2010-005 ecpat-2010-006",
        "ecpat-2010-005 + ecpat-2010-006 add up to ecpat-2010-004. Add the sum",
        "data/bel/metrics/ecpat-2010.csv:",
    ),
    Case(
        "coverage-breaks",
        "a break deleted",
        delete("breaks", "shelter_referrals"),
        "tip-2025-049 tip-2025-047",
        "differ in coverage. Add the break between 2023-12-31 and 2024-01-01",
        METRICS_2025,
    ),
    Case(
        "coverage-breaks",
        "a coverage of one year alone",
        altered("tip-2025-048", coverage="in Flanders"),
        "tip-2025-048 tip-2025-046",
        "differ in coverage",
        METRICS_2025,
    ),
    Case(
        "derived",
        "no such metric",
        alter("derived", "share_suspended", denominator="sentences"),
        "share_suspended",
        "'sentences': that metric or category is not in the code lists",
        "data/derived.csv:",
    ),
    Case(
        "derived",
        "no such category",
        alter("derived", "share_female_victims", numerator="victims_identified[sex=women]"),
        "share_female_victims",
        "'victims_identified[sex=women]': that metric or category",
        "data/derived.csv:",
    ),
    Case(
        "derived",
        "no such dimension",
        alter("derived", "share_female_victims", numerator="victims_identified[gender=female]"),
        "share_female_victims",
        "'victims_identified[gender=female]': that metric or category",
        "data/derived.csv:",
    ),
    Case(
        "derived",
        "a dimension without a category",
        alter("derived", "share_female_victims", numerator="victims_identified[sex]"),
        "share_female_victims",
        "'victims_identified[sex]': that metric or category",
        "data/derived.csv:",
    ),
    Case(
        "incomparable",
        "a metric with itself",
        append("incomparable", metric="tip_tier", other="tip_tier", reason="Same."),
        "tip_tier",
        "tip_tier is named as not to be compared with itself",
        "data/incomparable.csv:",
    ),
    Case(
        "incomparable",
        "a pair the other way round",
        append("incomparable", metric="persons_convicted", other="convictions", reason="Again."),
        "persons_convicted",
        "persons_convicted and convictions stand in the wrong order",
        "data/incomparable.csv:",
    ),
    Case(
        "kept-apart",
        "a quotient",
        append("derived", measure="rate", label="Rate", numerator="convictions", denominator="prosecution_cases", unit="percent"),
        "rate",
        "rate divides convictions and prosecution_cases, which must not be compared: A case may have several defendants",
        "data/derived.csv:",
    ),
    Case(
        "kept-apart",
        "a part that is none",
        append("identities", identity="i39-x", relation="part", total="tip-2025-014", parts="tip-2025-018", expected="holds", reason="No."),
        "i39-x",
        "i39-x sets side by side investigations and prosecution_cases, which must not be compared: No source follows",
        "data/bel/identities.csv:",
    ),
    Case(
        "kept-apart",
        "two things told as one",
        append(
            "identities", identity="i39-x", relation="same", total="ecpat-2010-013", parts="ecpat-2010-020", expected="holds", reason="No."
        ),
        "i39-x",
        "i39-x sets side by side victims_referred_study and victims_registered_by_shelters",
        "data/bel/identities.csv:",
    ),
    Case(
        "signatures",
        "a row changed since",
        signed_then_changed,
        "tip-2023-003",
        "has changed since 'Ann' signed tip-2023 as editor",
        "data/bel/metrics/tip-2023.csv:",
    ),
]


def names(cases: list[Case]) -> list:
    return [pytest.param(case, id=f"{case.check}: {case.told}") for case in cases]


def told(case: Case, failures: list) -> None:
    """Asserts that the failures are the case's: so many, and each naming what it must."""
    assert len(failures) == case.failures, failures
    for failure in failures:
        assert failure.check == case.check
        assert failure.where.startswith(case.where)
        assert case.words in failure.message
        ids = case.ids.split()
        assert len(failure.ids) == len(ids)
        assert all(found.startswith(wanted) for found, wanted in zip(failure.ids, ids, strict=True))


def failing(record: Record, *but: str) -> dict[str, list]:
    """The failures by check, of all checks but those that Great Expectations runs."""
    found = {name: list(run(record)) for name, (_, run) in (FORM | MEANING).items() if name not in but}
    return {name: failures for name, failures in found.items() if failures}


def test_every_check_has_a_change_that_makes_it_fail():
    assert {case.check for case in FORM_CASES} == set(FORM)
    assert {case.check for case in MEANING_CASES} == set(MEANING)


@pytest.mark.parametrize("case", names(FORM_CASES))
def test_a_fault_of_form_fails_exactly_its_check_and_nothing_is_judged_further(case, copy_root):
    case.change(copy_root)
    report = check("bel", copy_root.root)
    assert not report.ok
    assert [result.id for result in report.results if result.status != PASS] == [case.check]
    assert [result.id for result in report.results] == (list(UNREAD) if case.check == "file-format" else list(FORM))
    told(case, report.failures)


@dataclass(frozen=True)
class Remembered(Text):
    """A text that remembers where words stand: the cases read the same documents again and again."""

    find = cache(Text.find)


@pytest.fixture(scope="module")
def texts(belgium) -> dict[str, Text]:
    return {document: Remembered(document, text.text) for document, text in belgium.texts.items()}


@pytest.mark.parametrize("case", names(MEANING_CASES))
def test_a_fault_of_meaning_fails_exactly_its_check(case, copy_root, belgium, texts):
    copy_root.write("corrections", [])  # what they name may be gone with the fault
    if case.check == "identities":
        copy_root.write("incomparable", [])  # that a sum sets metrics side by side is for another check to say
    case.change(copy_root)
    record = copy_root.load()
    assert record.seeds == belgium.seeds
    record = replace(record, texts=texts)
    found = failing(record, *(() if case.check == "signatures" else ("signatures",)))
    assert list(found) == [case.check]
    told(case, found[case.check])


# --- more than one way to be wrong, and ways to be right ----------------------------------------------------------------


def test_a_row_withdrawn_on_purpose_leaves_no_hole(copy_root):
    copy_root.delete("statements", "tip-2021-s11", "tip-2021")
    copy_root.append("withdrawn", id="tip-2021-s11", on="2025-01-31", reason="Said twice.")
    record = copy_root.load()
    assert failing(record, "signatures", *(set(FORM | MEANING) - {"ids", "schema", "file-format"})) == {}


@pytest.mark.parametrize(("name", "key"), [("identities", "i30-children-2007-prostitution"), ("faults", "f37-sliven-press-report")])
def test_an_identity_or_a_fault_withdrawn_on_purpose_leaves_no_hole(copy_root, name, key):
    copy_root.delete(name, key)
    copy_root.append("withdrawn", id=key.partition("-")[0], on="2025-01-31", reason="Said twice.")
    assert list(checks.accounts.ids(copy_root.load())) == []


def test_a_number_far_beyond_is_told_once_and_not_a_million_times(copy_root):
    copy_root.alter_row("tip-2025-070", id="tip-2025-999999")
    (found,) = checks.accounts.ids(copy_root.load())
    assert "tip-2025-999999 is far beyond the 70 rows" in found.message


@pytest.mark.parametrize("day", [date(2004, 12, 31), date(2010, 12, 31), date(2021, 12, 31), date(2023, 12, 31)])
def test_the_record_as_it_was_known_on_a_day_has_nothing_wrong_with_it(day):
    record = load("bel", ROOT, day)
    assert 0 < len(record.documents) < len(record.complete.documents)
    assert failing(record, "signatures") == {}


@pytest.mark.parametrize("value", ["", "1,056", "NaN", "1e3", "-5", "Infinity", "nine"])
def test_a_value_that_is_no_number_makes_no_check_raise(copy_root, value):
    """The rules on rows say what is wrong with it; a check between rows must not look broken for it."""
    for row in ("tip-2004-007", "tip-2025-033", "tip-2025-044", "ecpat-2010-005"):
        copy_root.alter_row(row, value=value)
    assert "sums-known" not in failing(copy_root.load(), "signatures")


def test_an_unreadable_file_hides_a_seed_that_is_gone_as_little_as_it_makes_others_fail(copy_root):
    crlf(copy_root)
    seedless(copy_root)
    report = check("bel", copy_root.root)
    assert [(result.id, result.status) for result in report.results] == [(name, FAIL) for name in UNREAD]
    assert len(report.failures) == 2


def test_a_row_in_the_file_of_another_document_is_named(copy_root):
    moved(copy_root)
    found = failing(copy_root.load(), *(set(MEANING) - {"ids"}))["ids"]
    assert found[0].ids == ("tip-2025-s99",)
    assert "stands in the file of tip-2023" in found[0].message


def test_a_contradiction_recorded_as_a_fault_may_stand(copy_root):
    copy_root.alter_row("tip-2025-002", value="2")
    copy_root.append(
        "faults",
        fault="f39-two-tiers",
        ids="tip-2025-001|tip-2025-002",
        kind="contradiction",
        description="Two tiers.",
        treatment="hold",
        status="open",
    )
    assert list(checks.relations.told_alike(copy_root.load())) == []


def test_a_seed_that_is_no_text_is_told(copy_root):
    latin(copy_root)
    report = check("bel", copy_root.root)
    assert [result.id for result in report.results if result.status == FAIL] == ["seeds"]
    assert any("is not UTF-8 text" in failure.message for failure in report.failures)


def test_an_unknown_number_a_gap_and_a_missing_row_are_all_found_in_a_new_sentence(copy_root):
    text = copy_root.seed("tip-2023").read_text("utf-8")
    copy_root.register_anew("tip-2023", text + "The police opened 17 cases and did not report convictions.\n")
    found = failing(copy_root.load(), "signatures")
    assert {name: [failure.value for failure in failures] for name, failures in found.items()} == {
        "number-accounted": ["17"],
        "gap-accounted": ["did not report"],
    }


@pytest.mark.parametrize(
    "words",
    [
        "did not report",
        "does not collect",
        "have not yet released",
        "not yet available",
        "an unknown number",
        "research did not find",
        "lack of specific data",
        "no statistics",
    ],
)
def test_these_words_say_that_something_is_not_reported(words):
    assert checks.accounts.GAPS.search(f"The police, it says, {words} on this.")


@pytest.mark.parametrize("words", ["reported", "data", "did not reportedly", "known number", "casino datasets"])
def test_these_words_say_nothing_of_the_kind(words):
    assert not checks.accounts.GAPS.search(f"The police, it says, {words} on this.")


# --- the report -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report() -> Report:
    """The whole check of the repository's own record."""
    return check("bel", ROOT)


@great_expectations
def test_the_repository_s_own_record_passes_every_check(report):
    assert [result.id for result in report.results if result.status != PASS and result.id != "signatures"] == []


@great_expectations
def test_a_report_holds_every_check_once_in_order_under_its_title(report):
    assert {result.id: result.title for result in report.results} == all_titles()
    assert [result.id for result in report.results] == list(all_titles())


@great_expectations
def test_the_next_report_may_say_a_gap_in_the_words_of_the_last(record_of):
    gap = {"metric": "hotline", "status": "O", "period_basis": "not_stated", "quote": "The government did not report any calls"}
    record = record_of("The government did not report any calls.\n", metrics=[gap | {"id": "doc-1-001"}, gap | {"id": "doc-1-002"}])
    assert [failure.ids for failure in checks.relations.gap_told_once(record)] == [("doc-1-001", "doc-1-002")]
    first, second = record.tables["metrics"]
    record.tables["metrics"] = (first, replace(second, document="doc-2"))
    assert not list(checks.relations.gap_told_once(record))


def test_every_check_has_a_title_that_promises_something():
    titles = all_titles()
    assert len(set(titles.values())) == len(titles)
    assert all(title[0].isupper() and " " in title and not title.endswith(".") for title in titles.values())


@great_expectations
def test_a_report_survives_being_written_down(report):
    assert Report.from_json(report.as_json()) == report
    failing_report = Report(
        "bel", (replace(report.results[0], status=FAIL, failures=(Failure("file-format", "No.", ("a", "b"), where="x:1"),)),)
    )
    assert Report.from_json(failing_report.as_json()) == failing_report
    assert not failing_report.as_json()["ok"]


def test_a_country_that_is_not_there_is_wrong_usage(copy_root):
    for country in ("fra", "BEL", "../bel", ""):
        with pytest.raises(Usage, match="Countries there: bel"):
            check(country, copy_root.root)


def test_great_expectations_is_not_imported_before_the_form_is_right(copy_root):
    crlf(copy_root)
    code = (
        f"import sys; from tieout.checks import check; check('bel', {str(copy_root.root)!r}); sys.exit('great_expectations' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)


# --- rules that raise ---------------------------------------------------------------------------------------------------


@pytest.fixture
def small() -> Record:
    """The record as it was in 2004: one document, signed by nobody."""
    record = load("bel", ROOT, date(2004, 12, 31))
    return replace(record, tables=record.tables | {"signoffs": ()})


def raises(record):
    raise ZeroDivisionError("boom")


def raises_late(record):
    yield from ()
    raise ZeroDivisionError("boom")


@great_expectations
def test_a_check_that_raises_is_broken_and_the_others_still_run(small, monkeypatch):
    monkeypatch.setitem(MEANING, "faults", (MEANING["faults"][0], raises))
    report = check_record(small)
    assert not report.ok
    assert [(result.id, result.title, result.fault) for result in report.broken] == [
        ("faults", MEANING["faults"][0], "ZeroDivisionError: boom")
    ]
    assert report.failures == []
    assert [result.id for result in report.results] == list(all_titles())


@pytest.mark.parametrize("rule", [raises, raises_late])
def test_a_check_of_form_that_raises_is_broken_and_nothing_is_judged_further(small, monkeypatch, rule):
    monkeypatch.setitem(FORM, "seeds", (FORM["seeds"][0], rule))
    report = check_record(small)
    assert [(result.id, result.status) for result in report.results] == [(name, BROKEN if name == "seeds" else PASS) for name in FORM]
    assert not report.ok


@great_expectations
def test_great_expectations_itself_raising_is_broken_and_the_others_still_run(small, monkeypatch):
    monkeypatch.setattr("tieout.expectations.validate", raises)
    report = check_record(small)
    assert [result.id for result in report.broken] == ["expectations"]
    assert [result.id for result in report.results if result.id in MEANING] == list(MEANING)


def test_a_broken_check_is_written_down_with_its_fault_and_no_failures(small, monkeypatch):
    monkeypatch.setitem(FORM, "seeds", (FORM["seeds"][0], raises))
    (stored,) = (one for one in check_record(small).as_json()["checks"] if one["status"] == BROKEN)
    assert (stored["id"], stored["failures"], stored["fault"]) == ("seeds", [], "ZeroDivisionError: boom")
