"""A reporter takes in a page or a PDF as the publisher has it, and every way in which that can go wrong is told with nothing lost."""

from __future__ import annotations

import csv
import hashlib
import os
import pty
import re
import select
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT, Copy
from tests.extracting import pdfs
from tests.stories.conftest import contents, here
from tieout.originals import sums

PAGES = ROOT / "tests" / "fixtures" / "reports"
GIVEN = {"country": "fre", "document": "inv-2031", "title": "Invented Report", "publisher": "nobody", "series": "Invented Report",
         "published": "2031", "rights": "Written for this test."}  # fmt: skip
REPORT = [
    "2031 Trafficking in Persons Report: Luxembourg",
    "The Government of Luxembourg investigated 12 cases in 2030, compared with 9 cases in 2029.",
    "Police in Luxembourg identified 31 victims and referred all of them to care.",
    "The law of Luxembourg prescribes penalties of three to five years for the crime.",
]


def add(root: Path, file: Path, *options: object, **cells: str) -> subprocess.CompletedProcess:
    flags = [part for name, cell in (GIVEN | cells).items() for part in (f"--{name.replace('_', '-')}={cell}",)]
    return here("add", file, *flags, *options, "--root", root)


def file_of(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def row_of(root: Path, country: str, document: str) -> dict[str, str]:
    with (root / "data" / country / "documents.csv").open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["document"] == document)


def refused(root: Path, done: subprocess.CompletedProcess, before: dict[str, bytes], *told: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    for words in told:
        assert words in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert contents(root) == before


@pytest.mark.parametrize("kind", [".html", ".pdf"])
def test_the_original_is_kept_with_its_digest_and_the_text_is_registered(copy_root: Copy, tmp_path: Path, kind: str) -> None:
    root = copy_root.root
    file = PAGES / "state.html" if kind == ".html" else file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))
    done = add(root, file)
    assert done.returncode == 0, done.stderr
    kept = root / "seeds" / "fre" / "originals"
    assert (kept / f"inv-2031{kind}").read_bytes() == file.read_bytes()
    assert sums((kept / "SHA256SUMS").read_text()) == {f"inv-2031{kind}": hashlib.sha256(file.read_bytes()).hexdigest()}
    seed, row = root / "seeds" / "fre" / "inv-2031.txt", row_of(root, "fre", "inv-2031")
    assert row["sha256"] == hashlib.sha256(seed.read_bytes()).hexdigest()
    assert re.fullmatch(r"Text extracted from an? (HTML page by lxml|PDF by pypdfium2) [\d.]+\.", row["note"])
    expected = (PAGES / "state.txt").read_text("utf-8") if kind == ".html" else "\n".join(REPORT) + "\n"
    assert seed.read_text("utf-8") == expected
    with (root / "data" / "fre" / "drafts" / "inv-2031.csv").open(encoding="utf-8") as drafts:
        assert "1,204" in drafts.read() or kind == ".pdf"


@pytest.mark.parametrize("kind", [".html", ".pdf"])
def test_an_original_that_changed_is_told(copy_root: Copy, tmp_path: Path, kind: str) -> None:
    file = PAGES / "ecoi.html" if kind == ".html" else file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))
    assert add(copy_root.root, file).returncode == 0
    original = copy_root.root / "seeds" / "fre" / "originals" / f"inv-2031{kind}"
    original.write_bytes(original.read_bytes() + b" ")
    done = here("check", "fre", "--root", copy_root.root)
    assert done.returncode == 1 and f"originals/inv-2031{kind} is not the one that was added" in done.stderr
    original.unlink()
    done = here("check", "fre", "--root", copy_root.root)
    assert done.returncode == 1 and f"originals/inv-2031{kind} is not there" in done.stderr


def test_of_a_whole_report_only_the_pages_of_the_country_are_taken(copy_root: Copy, tmp_path: Path) -> None:
    pages = [[f"Country {number} identified {number} victims of trafficking in 2030."] for number in range(1, 501)]
    pages[99:101] = [[*REPORT[:2]], [*REPORT[2:]]]
    report = file_of(tmp_path, "report.pdf", pdfs.typeset(pages))
    before, began = contents(copy_root.root), time.monotonic()
    refused(copy_root.root, add(copy_root.root, report), before, "has 500 pages", "--pages 100-103", "--pages 1-500")
    refused(copy_root.root, add(copy_root.root, report, "--pages", "499-501"), before, "asks for page 501, and it has 500")
    done = add(copy_root.root, report, "--pages", "100-101", country="lux")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 120
    seed = copy_root.root / "seeds" / "lux" / "inv-2031.txt"
    assert seed.read_text("utf-8") == "\n".join(REPORT[:2]) + "\n\n" + "\n".join(REPORT[2:]) + "\n"
    assert "pages 100-101 of the file" in row_of(copy_root.root, "lux", "inv-2031")["note"]
    assert "Taken: 2 of 500 pages." in done.stdout
    done = add(copy_root.root, report, "--pages", "7-8", country="fra", document="inv-2031-fra")
    assert done.returncode == 0, "other pages of the same file are another document"


def test_all_five_hundred_pages_may_be_taken(tmp_path: Path) -> None:
    from tieout.extracting import extract

    report = file_of(tmp_path, "report.pdf", pdfs.typeset([[" ".join(REPORT)] * 10] * 500))
    began = time.monotonic()
    found = extract(report, "1-500")
    assert time.monotonic() - began < 300
    assert found.text.count("31 victims") == 5000


def test_the_same_document_is_not_taken_in_twice(copy_root: Copy, tmp_path: Path) -> None:
    root, words = copy_root.root, "\n".join(REPORT) + "\n"
    pdf = file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))
    assert add(root, pdf).returncode == 0
    before = contents(root)
    again = {"country": "fra", "document": "inv-2032"}
    refused(root, add(root, pdf, **again), before, "byte for byte, the text of inv-2031 of fre")
    refused(root, add(root, file_of(tmp_path, "same.txt", words), **again), before, "is, byte for byte, inv-2031 of fre")
    page = file_of(tmp_path, "same.html", "<title>x</title>" + "".join(f"<p>{one}</p>" for one in REPORT))
    refused(root, add(root, page, **again), before, "the text of inv-2031 of fre")
    blanks = file_of(tmp_path, "blanks.txt", words.replace(" ", "  "))
    refused(root, add(root, blanks, **again), before, "says, word for word, what inv-2031 of fre says")
    other = file_of(tmp_path, "other.txt", "Nothing of the sort: 7 cases.\n")
    refused(root, add(root, other), before, "inv-2031 is registered already", "suggest inv-2031")


def test_an_original_is_known_by_its_bytes_even_where_its_text_came_out_otherwise(copy_root: Copy, tmp_path: Path) -> None:
    root, pdf = copy_root.root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))
    assert add(root, pdf).returncode == 0
    (root / "seeds" / "fre" / "inv-2031.txt").write_text("Read by another version: 12.\n", encoding="utf-8")
    before = contents(root)
    refused(root, add(root, pdf, document="inv-2032"), before, "is, byte for byte, the original of inv-2031 of fre")


def test_a_changed_copy_is_told_with_its_changes_and_taken_in_where_that_is_meant(copy_root: Copy, tmp_path: Path) -> None:
    root = copy_root.root
    assert add(root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))).returncode == 0
    changed = file_of(tmp_path, "changed.txt", "\n".join(REPORT).replace("31 victims", "33 victims") + "\n")
    before, other = contents(root), {"document": "inv-2031-changed"}
    done = add(root, changed, **other)
    refused(root, done, before, "looks like a changed copy of inv-2031 of fre", "Only here: Police in Luxembourg identified 33 victims",
            "Only there: Police in Luxembourg identified 31 victims", "--version-of inv-2031")  # fmt: skip
    refused(root, add(root, changed, "--version-of", "tip-1999", **other), before, "no document 'tip-1999' to be a version of")
    assert add(root, changed, "--version-of", "inv-2031", **other).returncode == 0


BROKEN = {
    "scan.pdf": (pdfs.lines([["7 cases"], [], []]), "a scan without text: pages 2, 3 have none"),
    "locked.pdf": (pdfs.lines([["7 cases"]], user="secret"), "asks for a password"),
    "cut.pdf": (pdfs.lines([["7 cases"]])[:200], "broken PDF"),
    "empty.pdf": (b"", "it is empty"),
    "empty.html": (b"", "it is empty"),
    "blank.txt": (b" \n", "holds no text"),
    "login.pdf": (b"<!DOCTYPE html><html>log in</html>", "is no PDF: it is an HTML page, perhaps one that asks to log in"),
    "words.pdf": (b"12 cases", "is no PDF: its first bytes are b'12 cases'"),
    "report.html": (pdfs.lines([["7 cases"]]), "is no .html file: its first bytes are those of a PDF. Name it report.pdf"),
    "report.txt": (pdfs.lines([["7 cases"]]), "is no .txt file: its first bytes are those of a PDF"),
    "page.txt": (
        b"<!doctype html>\n<title>x</title><p>12",
        "is no .txt file: its first bytes are those of an HTML page. Name it page.html",
    ),
    "plain.html": (b"12 cases in 2030", "it has no markup"),
    "report.docx": (b"PK\x03\x04", "is no .txt, .html or .pdf file"),
    "report": (b"12 cases", "is no .txt, .html or .pdf file"),
    "script.html": (b"<html><script>document.write(12)</script></html>", "holds no text"),
    "wrong.html": ("<meta charset=utf-8><p>caf\xe9 12</p>".encode("latin-1"), "not in its encoding"),
    "escape.html": (b"<p>12 \x1b]0;owned\x07</p>", "control character"),
    "bomb.pdf": (pdfs.bomb(2**30), "was changed"),
    "recursive.pdf": (pdfs.recursive(), "is broken: page 2 cannot be read"),
    "deep.html": (b"<html>" + b"<div>" * 2_000_000 + b"12", "nests its elements"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_taken_in_is_told_and_changes_nothing(copy_root: Copy, tmp_path: Path, name: str) -> None:
    content, told = BROKEN[name]
    before, began = contents(copy_root.root), time.monotonic()
    refused(copy_root.root, add(copy_root.root, file_of(tmp_path, name, content)), before, name, told, "othing was changed")
    assert time.monotonic() - began < 60


def test_scripts_run_nowhere_and_are_no_text(copy_root: Copy, tmp_path: Path) -> None:
    page = "<script>while(1){}</script><p onclick='x()'>Police found 12 cases.</p><noscript>99</noscript><iframe>98</iframe>"
    assert add(copy_root.root, file_of(tmp_path, "report.html", page)).returncode == 0
    assert (copy_root.root / "seeds" / "fre" / "inv-2031.txt").read_text() == "Police found 12 cases.\n"


def test_nothing_that_a_document_holds_reaches_the_terminal_as_it_is(copy_root: Copy, tmp_path: Path) -> None:
    hostile = "\u202e&#x1b;]0;owned&#7;&#x9b;2J\u200b"
    page = f"<meta charset=utf-8><title>{hostile}</title><nav>{hostile}</nav><p>{{}} Police in\u202e Peru found 12 cases.</p>"
    done = here("add", file_of(tmp_path, "report.html", page.format("One.")), "--root", copy_root.root)
    assert done.returncode == 2 and "Left out as navigation: \ufffd" in done.stdout
    assert add(copy_root.root, file_of(tmp_path, "report.html", page.format("One."))).returncode == 0
    again = add(copy_root.root, file_of(tmp_path, "changed.html", page.format("Two!")), document="inv-2032")
    assert again.returncode == 2 and "changed copy" in again.stderr
    for told in (done.stdout, done.stderr, again.stdout, again.stderr):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b]", told)


def test_the_limits_of_time_and_memory_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tieout import extracting
    from tieout.problems import Usage

    file = file_of(tmp_path, "report.html", b"<html>" + b"<p>7 cases in 2030.</p>" * 400_000)
    monkeypatch.setattr(extracting, "SECONDS", 1)
    with pytest.raises(Usage, match="was not read within 1 seconds of work"):
        extracting.extract(file)
    monkeypatch.setattr(extracting, "SECONDS", 60)
    monkeypatch.setattr(extracting, "MEMORY", 100 * 2**20)
    with pytest.raises(Usage, match="othing was changed"):
        extracting.extract(file)


def test_where_nobody_can_be_asked_all_that_lacks_is_told_at_once_with_the_guesses_to_paste(copy_root: Copy, tmp_path: Path) -> None:
    root, file = copy_root.root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))
    before = contents(root)
    done = here("add", file, "--root", root)
    refused(root, done, before, "--country lux    guessed from the title",
            f"--title '{REPORT[0]}'    guessed from the first line of the text",
            "--publisher 'United States Department of State'    guessed from the series, as in tip-",
            "--published 2031    guessed from the title",
            "--published-basis stated", "--document tip-2031", "--rights 'Text of the US government")  # fmt: skip
    pasted = next(line for line in done.stderr.splitlines() if line.startswith("  --country lux --title"))
    done = here("add", file, *shlex.split(pasted), "--root", root)
    assert done.returncode == 0, done.stderr
    assert row_of(root, "lux", "tip-2031")["publisher"] == "United States Department of State"


def test_yes_takes_every_guess_but_that_at_the_rights(copy_root: Copy) -> None:
    root, page = copy_root.root, PAGES / "ecoi.html"
    before = contents(root)
    done = here("add", page, "--yes", "--country", "fre", "--root", root)
    refused(root, done, before, "--series …    not known", "--rights …    not known")
    done = here("add", page, "--yes", "--country", "fre", "--series", "Annual Report", "--rights", "Theirs.", "--root", root)
    assert done.returncode == 0, done.stderr
    row = row_of(root, "fre", "amnesty-2031")
    assert row["title"] == "The Situation of Migrant Workers in Freedonia; Annual Report 2031"
    assert (row["publisher"], row["published"], row["published_basis"]) == ("Amnesty Somewhere", "2031-03-14", "inferred")
    assert row["source_url"] == "https://www.ecoi.net/en/document/2031999.html"
    assert "--published 2031-03-14: guessed from the page's metadata" in done.stdout


def test_rights_are_never_taken_unseen(copy_root: Copy) -> None:
    before = contents(copy_root.root)
    done = here("add", PAGES / "state.html", "--yes", "--country", "fre", "--root", copy_root.root)
    refused(copy_root.root, done, before, "needs 1 more", "--rights 'Text of the US government", "--yes takes no guess at them")


def answered(arguments: Sequence[object], answers: Sequence[str]) -> tuple[int, str]:
    """Run a command on a terminal of its own and answer each prompt; its status and what it printed."""
    main, other = pty.openpty()
    command = [sys.executable, str(ROOT / "pipeline.py"), *map(str, arguments)]
    process = subprocess.Popen(command, stdin=other, stdout=other, stderr=other, cwd=ROOT, start_new_session=True)
    os.close(other)
    told, waiting, began = "", list(answers), time.monotonic()
    seen = 0
    while time.monotonic() - began < 60:
        if select.select([main], [], [], 0.2)[0]:
            try:
                told += os.read(main, 65536).decode("utf-8", "replace")
            except OSError:
                break
        if told.endswith("> ") and len(told) > seen and waiting:
            seen = len(told) + 1
            os.write(main, waiting.pop(0).encode() + b"\n")
        if process.poll() is not None and not select.select([main], [], [], 0)[0]:
            break
    os.close(main)
    return process.wait(10), told


def test_on_a_terminal_each_cell_is_asked_for_and_enter_takes_the_guess(copy_root: Copy) -> None:
    # country, title, publisher, series, published (first no date), basis, document, address, rights, note
    answers = ["fre", "", "", "", "31 June", "2031-06", "inferred", "", "", "Theirs.", "By hand."]
    status, told = answered(["add", PAGES / "state.html", "--root", copy_root.root], answers)
    assert status == 0, told
    row = row_of(copy_root.root, "fre", "tip-2031")
    assert row["title"] == "2031 Trafficking in Persons Report: Freedonia" and row["published"] == "2031-06"
    assert row["rights"] == "Theirs." and row["note"].startswith("By hand. Text extracted from")
    assert row["source_url"].startswith("https://www.state.gov/") and row["published_basis"] == "inferred"
    assert "'31 June' is no date" in told and "guessed from the address www.state.gov" in told


def test_who_stops_answering_changes_nothing(copy_root: Copy) -> None:
    before = contents(copy_root.root)
    status, told = answered(["add", PAGES / "state.html", "--root", copy_root.root], ["fre", "\x04"])
    assert status == 2 and "No answer for title" in told
    assert contents(copy_root.root) == before


KILLED = """
import os, sys
from tieout import registering
from tieout.commands import main
moves, replace = [], os.replace
def replacing(one, other):
    moves.append(other)
    if len(moves) > int(sys.argv[1]):
        os._exit(9)
    replace(one, other)
os.replace = replacing
sys.exit(main(sys.argv[2:]))
"""


def test_an_add_that_was_killed_is_finished_by_the_same_one(copy_root: Copy, tmp_path: Path) -> None:
    root, file = copy_root.root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))
    flags = [f"--{name}={cell}" for name, cell in GIVEN.items()]
    whole = Copy(tmp_path / "whole")
    subprocess.run(["cp", "-r", str(root), str(whole.root)], check=True)
    assert here("add", file, *flags, "--root", whole.root).returncode == 0
    for moves in range(20):
        done = subprocess.run([sys.executable, "-c", KILLED, str(moves), "add", str(file), *flags, f"--root={root}"], cwd=ROOT, timeout=60)
        if done.returncode == 0:
            break
        assert done.returncode == 9 and not (root / "data" / "fre" / "documents.csv").exists(), "nothing is registered before all is there"
    assert moves >= 10, "every move was the last one once"
    assert contents(root) == contents(whole.root)


def test_what_a_killed_add_leaves_is_told_by_check(copy_root: Copy, tmp_path: Path) -> None:
    root, file = copy_root.root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT]))
    flags = [f"--{name}={cell}" for name, cell in (GIVEN | {"country": "bel"}).items()]
    done = subprocess.run([sys.executable, "-c", KILLED, "4", "add", str(file), *flags, f"--root={root}"], cwd=ROOT, timeout=60)
    assert done.returncode == 9
    done = here("check", "bel", "--root", root)
    assert done.returncode == 1 and "inv-2031.pdf belongs to no document" in done.stderr
    assert here("add", file, *flags, "--root", root).returncode == 0


def test_nothing_keyed_is_written_over(copy_root: Copy, tmp_path: Path) -> None:
    path = copy_root.root / "data" / "bel" / "metrics" / "inv-2031.csv"
    path.write_text(copy_root.path("metrics", "tip-2025").read_text("utf-8"), "utf-8")
    before = contents(copy_root.root)
    done = add(copy_root.root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT])), country="bel")
    refused(copy_root.root, done, before, "inv-2031.csv is there already, and holds something else")


def test_where_nothing_can_be_written_nothing_is_left(copy_root: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, replace = contents(copy_root.root), os.replace

    def full(one: Path, other: Path) -> None:
        if Path(other).name == "documents.csv":
            raise OSError(28, "No space left on device", str(other))
        replace(one, other)

    monkeypatch.setattr(os, "replace", full)
    done = add(copy_root.root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT])))
    refused(copy_root.root, done, before, "No space left on device", "Nothing was changed")


def test_two_adds_at_once_do_not_mix(copy_root: Copy, tmp_path: Path) -> None:
    import fcntl

    lock = os.open(copy_root.root / "data", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    before = contents(copy_root.root)
    done = add(copy_root.root, file_of(tmp_path, "report.pdf", pdfs.typeset([REPORT])))
    os.close(lock)
    refused(copy_root.root, done, before, "is at work")
