"""A document is keyed twice: the difference is told, no verifier signs before it is settled, and a signature fails when it comes back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.stories.conftest import contents, here
from tests.twice import key_twice, settle, tables_of
from tieout import editions
from tieout.packaging import tidy

DOCUMENT = "tip-2004"


@pytest.fixture
def twice(copy_root: Copy) -> Copy:
    """A copy in which tip-2004 was keyed a second time with another qualifier, and nobody has signed it."""
    copy_root.write("signoffs", [row for row in copy_root.rows("signoffs") if row["document"] != DOCUMENT])
    copy_root.path("signatures", DOCUMENT).unlink()
    second = tables_of(copy_root.load(), DOCUMENT)
    second["metrics"][5]["qualifier"] = "about"
    key_twice(copy_root, DOCUMENT, second)
    tidy(copy_root.root)
    return copy_root


def agree(copy: Copy, *options: object):
    return here("agree", DOCUMENT, "--root", copy.root, *options)


def settled(copy: Copy, qualifier: str = "exact") -> None:
    row = copy.rows("metrics", DOCUMENT)[5]
    text = copy.load().texts[DOCUMENT]
    place = text.find(row["quote"])[0] + row["quote"].index(row["printed"])
    settle(copy, DOCUMENT, place=str(place), line=str(text.line(place)), printed=row["printed"], column="qualifier", first=row["qualifier"],
           second="about", settled=qualifier, reason="")  # fmt: skip


def test_the_report_tells_the_figures_and_the_difference_with_its_words(twice: Copy) -> None:
    told = agree(twice)
    assert told.returncode == 1 and told.stderr == "1 difference is unsettled.\n"
    assert "rows that both keyed, alike in every column     19 of 20" in told.stdout
    assert "    qualifier                                     19 of 20, kappa" in told.stdout
    row = twice.rows("metrics", DOCUMENT)[5]
    assert f"‘{row['printed']}’ · unsettled · qualifier\n    first:  {row['qualifier']}\n    second: about\n    words: “" in told.stdout
    assert told.stdout.rstrip().endswith(f"python pipeline.py review {DOCUMENT} --settle")
    assert "kappa (Cohen's) is" in told.stdout and "undefined" in told.stdout


def test_the_list_is_written_as_a_table(twice: Copy, tmp_path: Path) -> None:
    assert agree(twice, "--csv", tmp_path / "list.csv").returncode == 1
    with (tmp_path / "list.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["column"], row["second"], row["standing"]) == ("qualifier", "about", "unsettled")
    assert row["words"]


def test_what_is_settled_ends_with_the_lines_to_sign(twice: Copy) -> None:
    settled(twice)
    told = agree(twice)
    assert told.returncode == 0 and "19 of 20" in told.stdout and "· settled · qualifier" in told.stdout
    assert f"python pipeline.py sign {DOCUMENT} --role verifier --by NAME" in told.stdout


@pytest.mark.parametrize("document", ["tip-2025", "tip-2031"])
def test_a_document_that_was_read_once_or_never_is_told(copy_root: Copy, document: str) -> None:
    told = here("agree", document, "--root", copy_root.root)
    assert told.returncode == 2 and document in told.stderr and "Traceback" not in told.stderr


def test_readings_that_cannot_be_read_are_told(twice: Copy) -> None:
    twice.path("second/metrics", DOCUMENT).write_bytes(b"\xef\xbb\xbfid;metric\n")
    told = agree(twice)
    assert told.returncode == 2 and f"data/bel/second/metrics/{DOCUMENT}.csv starts with a byte-order mark" in told.stderr


def test_a_verifier_cannot_sign_before_all_is_settled_and_a_keyer_can(twice: Copy) -> None:
    sign = ("sign", DOCUMENT, "--root", twice.root, "--role")
    assert here(*sign, "keyer", "--by", "Ann").returncode == 0
    before = contents(twice.root)
    refused = here(*sign, "verifier", "--by", "Bob")
    assert refused.returncode == 1 and contents(twice.root) == before
    assert (
        "1 difference between the two readings of tip-2004 is not settled" in refused.stderr
        and f"python pipeline.py review {DOCUMENT} --settle" in refused.stderr
    )
    settled(twice)
    assert here(*sign, "verifier", "--by", "Bob").returncode == 0
    assert here("check", "bel", "--root", twice.root).returncode == 0


def test_a_signed_document_whose_second_reading_differs_again_fails_a_check(twice: Copy) -> None:
    settled(twice)
    for role, by in (("keyer", "Ann"), ("verifier", "Bob")):
        assert here("sign", DOCUMENT, "--root", twice.root, "--role", role, "--by", by).returncode == 0
    rows = twice.rows("second/metrics", DOCUMENT)
    rows[2]["value"] = "999"
    twice.write("second/metrics", rows, DOCUMENT)
    told = here("check", "bel", "--root", twice.root)
    assert told.returncode == 1
    assert f"signatures · {DOCUMENT}" in told.stderr and "1 difference between its two readings is not settled" in told.stderr


def test_what_neither_reading_had_needs_a_reason(twice: Copy) -> None:
    settled(twice, "at_least")
    told = here("check", "bel", "--root", twice.root)
    assert told.returncode == 1 and "Say why, in reason." in told.stderr


def test_a_second_reading_that_was_only_begun_is_no_failure_and_shows_nothing_of_the_first(twice: Copy, tmp_path: Path) -> None:
    twice.write("second/metrics", [], DOCUMENT)
    assert here("check", "bel", "--root", twice.root).returncode == 0
    told = agree(twice)
    finish = f"numbers are open in the second reading. Finish it first: python pipeline.py review {DOCUMENT} --second"
    assert told.returncode == 1 and told.stderr == ""
    assert told.stdout.splitlines()[0] == f"{DOCUMENT} is being read twice." and told.stdout.splitlines()[1].endswith(finish)
    assert len(told.stdout.splitlines()) == 2
    for command in (("agree", DOCUMENT, "--csv", tmp_path / "list.csv"), ("review", DOCUMENT, "--settle", "--no-browser")):
        told = here(*command, "--root", twice.root)
        assert told.returncode == 2 and finish in told.stderr
    assert not (tmp_path / "list.csv").exists()


def test_an_edition_is_made_from_both_readings_and_from_no_draft(twice: Copy) -> None:
    settled(twice)
    for folder in ("drafts", "second/drafts"):
        (twice.root / "data" / "bel" / folder).mkdir(parents=True, exist_ok=True)
        (twice.root / "data" / "bel" / folder / f"{DOCUMENT}.csv").write_text("id\n", encoding="utf-8")
    read = [name for name in editions.inputs(twice.root, "bel") if f"{DOCUMENT}.csv" in name]
    assert [name for name in read if "second" in name] == [
        f"data/bel/second/{kind}/{DOCUMENT}.csv" for kind in ("metrics", "set_aside", "settled", "statements")
    ]
    assert not [name for name in read if "drafts" in name]


def test_tidy_sorts_and_describes_the_second_reading(twice: Copy) -> None:
    settled(twice)
    rows = twice.rows("second/set_aside", DOCUMENT)
    twice.write("second/set_aside", rows[::-1], DOCUMENT)
    told = here("tidy", "--root", twice.root)
    assert told.stdout.splitlines() == [f"data/bel/second/set_aside/{DOCUMENT}.csv", "data/datapackage.json"]
    assert twice.rows("second/set_aside", DOCUMENT) == rows
    package = (twice.root / "data" / "datapackage.json").read_text(encoding="utf-8")
    assert f'"bel-second-set-aside-{DOCUMENT}"' in package and f'"bel-second-settled-{DOCUMENT}"' in package
