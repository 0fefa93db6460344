"""Hostile input through the command line: refused in words, at once, and nothing outside is touched."""

from __future__ import annotations

import csv
import io
import os
import time
from pathlib import Path

import pytest

from tests.conftest import Copy
from tests.stories.conftest import contents, here
from tieout.characters import formula
from tieout.schema import schema_of
from tieout.tables import table_text

ADD = {"title": "Report", "publisher": "nobody", "series": "Series", "published": "2031", "rights": "Ours."}
CELLS = [("metrics", "tip-2025", "note"), ("metrics", "tip-2025", "coverage"), ("metrics", "tip-2025", "quote"),
         ("statements", "tip-2025", "label"), ("statements", "tip-2025", "quote"),
         ("set_aside", "tip-2025", "context"), ("set_aside", "tip-2025", "printed"),
         ("documents", "", "title"), ("documents", "", "source_url"), ("codebook", "", "label"), ("codebook", "", "definition"),
         ("faults", "", "description"), ("breaks", "", "reason"), ("identities", "", "reason"), ("units", "", "symbol"),
         ("signoffs", "", "by")]  # fmt: skip
DOCUMENTS = ("../../x", "tip-2025/../..", "/etc/passwd", "a-" + "b" * 300, "a-1\n", "a-\x00b", "a-１")
COUNTRIES = ("../bel", "BEL", "b*l", "bel\n", "be\x00", "ｂｅｌ")
DAYS = ("2031-13", "2031-02-30", "20３1", "2031-1", "2031-01-01-01", "-1", "1e3", "2031\n")
TITLES = ("=1+1", "@x", "\u202eevil", "a\nb", "\x1b[2J", "a\udcff", "a\u200bb")
REPORT = '=HYPERLINK("http://x/?12")\n\n-Convention Art. 7 was signed.\n\n@SUM(9)\n\nBrussels; =1+13 x\n\n+32 2 111\n'


def add(root: Path, file: object, country: str = "fre", document: str = "inv-2031", **cells: str):
    flags = [part for name, cell in (ADD | cells).items() for part in (f"--{name.replace('_', '-')}={cell}",)]
    return here("add", file, f"--country={country}", f"--document={document}", *flags, "--root", root)


def force(copy: Copy, name: str, document: str, column: str, cell: str) -> None:
    """Put a cell into the first row of a file, past our own guard."""
    rows = copy.rows(name, document)
    rows[0][column] = cell
    copy.path(name, document).write_text(table_text(schema_of(name).columns, rows), encoding="utf-8", newline="")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text("Police investigated 12 cases in 2030.\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://example.org","x")', "35\u202e4", "35\u200b4"], ids=["formula", "bidi", "zero width"])
def test_every_hostile_cell_is_told_at_once(copy_root: Copy, cell: str) -> None:
    for name, document, column in CELLS:
        force(copy_root, name, document, column, cell)
    done = here("check", "--all", "--root", copy_root.root)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    for name, document, column in CELLS:
        place = copy_root.path(name, document).relative_to(copy_root.root).as_posix()
        assert f"{place}:2\n    {column} {'is' if cell[0] == '=' else 'holds'}" in done.stderr, (name, column)


def test_tidy_and_sign_leave_a_hostile_cell_where_it_is(copy_root: Copy) -> None:
    force(copy_root, "metrics", "tip-2025", "note", "=1+1")
    before = copy_root.path("metrics", "tip-2025").read_bytes()
    here("tidy", "--root", copy_root.root)
    assert copy_root.path("metrics", "tip-2025").read_bytes() == before
    signoffs = copy_root.path("signoffs").read_bytes()
    done = here("sign", "tip-2025", "--role", "editor", "--by", "=1+1", "--root", copy_root.root)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert copy_root.path("signoffs").read_bytes() == signoffs


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        *[({"document": one}, "no document id") for one in DOCUMENTS],
        *[({"country": one}, "no country code") for one in COUNTRIES],
        *[({"published": one}, "published") for one in DAYS],
        *[({"title": one}, "title ") for one in TITLES],
        ({"note": "+1"}, "note is '+1'"),
        ({"source_url": "=1+1"}, "source_url is"),
    ],
)  # fmt: skip
def test_what_add_is_given_is_refused_before_anything_is_written(copy_root: Copy, report: Path, cells: dict[str, str], told: str) -> None:
    before = contents(copy_root.root)
    done = add(copy_root.root, report, **cells)
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr
    assert contents(copy_root.root) == before


def made(folder: Path, how: str) -> object:
    """A report that is none."""
    path = folder / "odd.txt"
    if how == "pipe":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    elif how == "device":
        path.symlink_to("/dev/zero")
    elif how == "large":
        path.write_bytes(b"words " * (5 * 2**20))
    elif how == "long name":
        return "x" * 5000
    elif how == "no name":
        return "x\x00.txt"
    else:
        path.write_bytes({"binary": b"\x7fELF\x02\x01\x00 12", "escape": b"7 \x1b]0;owned\x07", "utf-16": "12 cases".encode("utf-16")}[how])
    return path


@pytest.mark.parametrize("how", ["pipe", "folder", "device", "large", "long name", "no name", "binary", "escape", "utf-16"])
def test_a_report_that_is_no_text_is_not_taken_in(copy_root: Copy, tmp_path: Path, how: str) -> None:
    before, began = contents(copy_root.root), time.monotonic()
    done = add(copy_root.root, made(tmp_path, how))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert time.monotonic() - began < 20
    assert contents(copy_root.root) == before


def test_nothing_is_taken_in_over_what_is_there(copy_root: Copy, report: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    folder = copy_root.root / "seeds" / "fre"
    folder.mkdir()
    (folder / "inv-2031.txt").symlink_to(tmp_path / "precious")
    done = add(copy_root.root, report)
    assert done.returncode == 2 and "is there already" in done.stderr
    (folder / "inv-2031.txt").unlink()
    (folder / "inv-2031.txt").write_text("another text")
    assert add(copy_root.root, report).returncode == 2
    assert (folder / "inv-2031.txt").read_text() == "another text"
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_register_that_cannot_be_read_is_not_written_anew(copy_root: Copy, report: Path) -> None:
    path = copy_root.path("documents")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = contents(copy_root.root)
    done = add(copy_root.root, report, country="bel")
    assert done.returncode == 2 and "CRLF" in done.stderr
    assert contents(copy_root.root) == before


def test_a_draft_of_a_hostile_report_runs_in_no_spreadsheet(copy_root: Copy, report: Path) -> None:
    report.write_text(
        '=HYPERLINK("http://x/?12")\n\n-Convention Art. 7 was signed.\n\n@SUM(9)\n\nBrussels; =1+13 x\n\n+32 2 111\n', encoding="utf-8"
    )
    done = add(copy_root.root, report)
    assert done.returncode == 0, done.stderr
    draft = (copy_root.root / "data" / "fre" / "drafts" / "inv-2031.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(draft)))
    assert len(rows) == 8 and not [cell for row in rows for cell in row.values() if formula(cell)]
    assert "Convention Art. 7 was signed." in [row["quote"] for row in rows]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "../bel"],
        ["check", "be\x00"],
        ["check", "x" * 5000],
        ["suggest", "../../etc/passwd"],
        ["sign", "../tip-2025", "--role", "keyer", "--by", "x"],
        ["check", "--as-of", "２０２４-01-01"],
        ["check", "--as-of", "2024-01-01\n"],
        ["run", "--as-of", "../2024"],
        ["run", "-p", "as_of=2024-01-01; rm -rf /"],
        ["run", "-p", "edition=/tmp"],
        ["run", "-p", "inputs=../.."],
        ["diff", "/dev", "/proc"],
        ["diff", "x" * 300, "y"],
    ],
)
def test_no_argument_leads_elsewhere(tmp_path: Path, arguments: list[str]) -> None:
    done = here(*arguments, *(["--output", tmp_path / "outputs"] if arguments[0] == "run" else []))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert not (tmp_path / "outputs" / "bel").exists()


def test_the_edition_s_own_tables_run_in_no_spreadsheet(edition: Path) -> None:
    tables = sorted(edition.rglob("*.csv"))
    assert {"observations.csv", "trends.csv"} < {path.name for path in tables}
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            assert not [cell for row in csv.DictReader(file) for cell in row.values() if formula(cell)], path.name
