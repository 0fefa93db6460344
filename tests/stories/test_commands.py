"""A reporter takes a new report in, keys it, signs it, and asks what changed."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.stories.conftest import here
from tieout.tables import write_table

REPORT = """2031 Invented Report: Freedonia (a fixture)

The government reported that police investigated 12 cases in 2030, compared with 9 cases in 2029.
"""
ADD = ["--title", "2031 Invented Report: Freedonia (a fixture)", "--publisher", "nobody", "--series", "Invented Report",
       "--published", "2031", "--rights", "Written for this test."]  # fmt: skip


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def drafts(root: Path, country: str, document: str) -> list[dict[str, str]]:
    with (root / "data" / country / "drafts" / f"{document}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_new_country_is_a_folder(copy_root: Copy, report: Path) -> None:
    root = copy_root.root
    done = here("add", report, "--country", "fre", "--document", "inv-2031", *ADD, "--root", root)
    assert done.returncode == 0, done.stderr
    assert (root / "seeds" / "fre" / "inv-2031.txt").read_bytes() == report.read_bytes()
    found = drafts(root, "fre", "inv-2031")
    assert [row["printed"] for row in found] == ["2031", "12", "2030", "9", "2029"], "every number is drafted"
    assert all(row["note"].startswith("Draft") for row in found)
    failed = here("check", "fre", "--root", root)
    assert failed.returncode == 1 and "'12' on line 3 of inv-2031" in failed.stderr, "a draft does not count as keyed"

    key(root)
    assert here("tidy", "--root", root).returncode == 0
    done = here("check", "fre", "--root", root)
    assert done.returncode == 0, done.stderr
    done = here("suggest", "inv-2031", "--root", root)
    assert done.stdout.startswith("0 numbers")
    described = {resource["path"] for resource in json.loads((root / "data" / "datapackage.json").read_text())["resources"]}
    assert {"fre/metrics/inv-2031.csv", "fre/documents.csv"} <= described


def key(root: Path) -> None:
    """Key the invented report as a person would, in the files themselves."""
    same = {"metric": "investigations", "sex": "total", "age": "total", "exploitation": "total", "period_basis": "stated", "unit": "cases",
            "qualifier": "exact", "status": "A", "coverage": "", "note": ""}  # fmt: skip
    rows = [
        {
            "id": "inv-2031-001",
            **same,
            "start": "2030-01-01",
            "end": "2030-12-31",
            "value": "12",
            "printed": "12",
            "quote": "police investigated 12 cases in 2030",
        },
        {
            "id": "inv-2031-002",
            **same,
            "start": "2029-01-01",
            "end": "2029-12-31",
            "value": "9",
            "printed": "9",
            "quote": "compared with 9 cases in 2029",
        },
    ]
    path = root / "data" / "fre" / "metrics" / "inv-2031.csv"
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    write_table(path, columns, rows)
    aside = {"printed": "2031", "context": "2031 Invented Report", "reason": "title", "note": ""}
    write_table(root / "data" / "fre" / "set_aside" / "inv-2031.csv", ("printed", "context", "reason", "note"), [aside])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_bytes(b"%PDF-1.7 something"), "no .txt file"),
        (lambda path: path.write_bytes(b"caf\xe9 2024"), "not UTF-8"),
        (lambda path: path.write_text("   \n"), "holds no text"),
    ],
)
def test_a_report_that_cannot_be_taken_in_changes_nothing(copy_root: Copy, report: Path, spoil, told: str) -> None:
    spoil(report)
    before = {path: path.read_bytes() for path in copy_root.root.rglob("*") if path.is_file()}
    done = here("add", report, "--country", "fre", "--document", "inv-2031", *ADD, "--root", copy_root.root)
    assert done.returncode == 2 and told in done.stderr
    assert {path: path.read_bytes() for path in copy_root.root.rglob("*") if path.is_file()} == before


def test_a_document_is_registered_once(copy_root: Copy) -> None:
    done = here("add", copy_root.seed("tip-2025"), "--country", "bel", "--document", "tip-2026", *ADD, "--root", copy_root.root)
    assert done.returncode == 2 and "byte for byte, tip-2025" in done.stderr


def test_a_signature_ends_with_the_row_it_signed(copy_root: Copy) -> None:
    root = copy_root.root
    for role, by in (("keyer", "first keying"), ("verifier", "second keying")):
        assert here("sign", "tip-2023", "--role", role, "--by", by, "--on", "2026-11-21", "--root", root).returncode == 0
    assert here("check", "--root", root).returncode == 0
    copy_root.alter_row("tip-2023-003", note="seen again")
    done = here("check", "--root", root)
    assert done.returncode == 1 and "tip-2023-003 has changed since 'first keying' signed" in done.stderr


def test_nobody_verifies_their_own_keying(copy_root: Copy) -> None:
    assert here("sign", "tip-2023", "--role", "keyer", "--by", "one reader", "--root", copy_root.root).returncode == 0
    done = here("sign", "tip-2023", "--role", "verifier", "--by", "one reader", "--root", copy_root.root)
    assert done.returncode == 2 and "two people" in done.stderr


def test_tidy_puts_rows_in_order_and_loses_none(copy_root: Copy) -> None:
    path = copy_root.path("metrics", "tip-2025")
    before = path.read_bytes()
    rows = copy_root.rows("metrics", "tip-2025")
    copy_root.write("metrics", rows[::-1], "tip-2025")
    assert here("tidy", "--root", copy_root.root).returncode == 0
    assert path.read_bytes() == before


def test_diff_tells_what_changed(tmp_path: Path) -> None:
    from tests.conftest import ROOT

    old, new = ROOT / "outputs" / "bel", tmp_path / "new"
    shutil.copytree(old, new)
    assert here("diff", old, new).stdout == "The two editions say the same.\n"
    with (new / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    gone = rows.pop()
    rows[0]["value"] = "999"
    write_table(new / "observations.csv", list(rows[0]), rows)
    told = here("diff", old, new).stdout
    assert f"row {gone['id']}: gone" in told
    assert f"row {rows[0]['id']}: value was" in told and "is '999'" in told


def test_an_unsigned_record_is_a_draft_and_can_be_refused(copy_root: Copy, tmp_path: Path) -> None:
    copy_root.write("signoffs", [])
    done = here("run", "--require-signed", "--root", copy_root.root, "--output", tmp_path / "outputs")
    assert done.returncode == 1 and "tip-2025 lacks keyer and verifier" in done.stderr
    assert not (tmp_path / "outputs").exists()


def test_a_draft_is_stamped_on_every_figure(copy_root: Copy) -> None:
    from tieout.facts import Evidence
    from tieout.figures import plans

    assert not any(plan.draft for plan in plans(Evidence.of(copy_root.load())))
    copy_root.write("signoffs", [row for row in copy_root.rows("signoffs") if row["role"] != "verifier"])
    assert all(plan.draft for plan in plans(Evidence.of(copy_root.load())))
