"""A slip of the finger is caught, named and explained."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.conftest import ROOT, Copy
from tests.stories.conftest import here, pipeline
from tieout.record import load

ROWS = [row.id for row in load("bel", ROOT).rows("metrics")]
SAMPLE = random.Random(20250630).sample(ROWS, 6)


@pytest.mark.parametrize("row", SAMPLE[:2])
def test_a_deleted_row_is_missed(copy_root: Copy, row: str) -> None:
    copy_root.delete("metrics", row, row.rpartition("-")[0])
    done = here("check", "--root", copy_root.root)
    assert done.returncode == 1
    assert row in done.stderr


@pytest.mark.parametrize("row", SAMPLE[2:4])
def test_a_row_entered_twice_is_noticed(copy_root: Copy, row: str) -> None:
    copy_root.duplicate("metrics", row, row.rpartition("-")[0])
    done = here("check", "--root", copy_root.root)
    assert done.returncode == 1
    assert row in done.stderr


@pytest.mark.parametrize("row", SAMPLE[4:])
def test_an_altered_row_is_named(copy_root: Copy, row: str) -> None:
    copy_root.alter_row(row, note="something else")
    done = here("check", "--root", copy_root.root)
    assert done.returncode == 1
    assert row in done.stderr


def test_a_number_whose_row_is_gone_is_told_with_its_line_and_sentence(copy_root: Copy) -> None:
    copy_root.delete("metrics", "tip-2025-057", "tip-2025")
    done = here("check", "--root", copy_root.root)
    assert "'214' on line 45 of tip-2025" in done.stderr
    assert "The government issued 214 residence permits for trafficking victims in 2024." in done.stderr


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda raw: b"\xef\xbb\xbf" + raw, "byte-order mark"),
        (lambda raw: raw.replace(b"\n", b"\r\n"), "CRLF"),
        (lambda raw: raw.replace(b",", b";"), "semicolons"),
        (lambda raw: raw.decode().replace("€", "E").encode("latin-1", "replace").replace(b"?", b"\xe9"), "not UTF-8"),
        (lambda raw: raw.replace(b"2024-01-01", b"1/1/2024"), "ISO 8601"),
        (lambda raw: raw.replace(b"tip-2025-008", b"tip-2025-8"), "tip-2025-8"),
        (lambda raw: raw.replace(b"2004-01-01", b"04-01-01").replace(b"2024-12-31", b"31.12.2024"), "ISO 8601"),
    ],
    ids=["bom", "crlf", "semicolons", "latin-1", "american dates", "lost zeros", "german dates"],
)
def test_what_a_spreadsheet_does_to_a_file_gets_one_clear_message(copy_root: Copy, spoil, told: str) -> None:
    path = copy_root.path("metrics", "tip-2025")
    path.write_bytes(spoil(path.read_bytes()))
    done = here("check", "--root", copy_root.root)
    assert done.returncode == 1
    assert told in done.stderr and "tip-2025" in done.stderr and "Traceback" not in done.stderr


def test_an_edited_seed_is_not_the_registered_one(copy_root: Copy) -> None:
    path = copy_root.seed("tip-2025")
    path.write_bytes(path.read_bytes().replace(b"354", b"355"))
    done = here("check", "--root", copy_root.root)
    assert done.returncode == 1
    assert "seeds/bel/tip-2025.txt is not the document that was registered" in done.stderr
    assert done.stderr.count("·") <= 4, "one message, not one for each row"


def test_a_missing_seed_is_named(copy_root: Copy) -> None:
    copy_root.seed("tip-2004").unlink()
    done = here("check", "--root", copy_root.root)
    assert done.returncode == 1
    assert "seeds/bel/tip-2004.txt is not there" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "-p", "colour=red"], "no parameter 'colour'"),
        (["run", "-p", "country=fra"], "The pipeline itself sets country"),
        (["run", "-p", "as_of"], "NAME=VALUE"),
        (["run", "--as-of", "2023-02-30"], "no day"),
        (["run", "fra"], "no country 'fra'"),
        (["run", "bel", "--all"], "name none beside it"),
        (["run", "../bel"], "no country"),
        (["check", "xyz"], "no country 'xyz'"),
        (["sign", "tip-1999", "--role", "keyer", "--by", "somebody"], "no document 'tip-1999'"),
        (["suggest", "tip-1999"], "no document 'tip-1999'"),
        (["diff", "nowhere", "outputs/bel"], "is no edition"),
        (["add", "nowhere.txt", "--country", "bel", "--document", "x-1", "--title", "t", "--publisher", "p", "--series", "s",
          "--published", "2026", "--rights", "r"], "is not there"),
        (["frobnicate"], "invalid choice"),
        (["run", "--jobs", "0"], "1 or more"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_before_anything_runs(tmp_path: Path, arguments: list[str], told: str) -> None:
    done = here(*arguments, *(["--output", tmp_path / "outputs"] if arguments[0] == "run" else []))
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "outputs" / "bel").exists()


def test_all_failures_come_at_once(copy_root: Copy) -> None:
    copy_root.alter_row("tip-2025-008", value="345")
    copy_root.alter_row("tip-2021-020", unit="cases")
    copy_root.alter_row("ecpat-2010-004", quote="160 victims of trafficking and smugglers")
    done = here("check", "--root", copy_root.root)
    assert done.returncode == 1
    for row in ("tip-2025-008", "tip-2021-020", "ecpat-2010-004"):
        assert row in done.stderr


def test_the_record_of_belgium_passes() -> None:
    done = pipeline("check", "bel")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_output_folder_that_holds_keyed_data_is_refused(copy_root: Copy) -> None:
    before = {path: path.read_bytes() for path in copy_root.root.rglob("*") if path.is_file()}
    (copy_root.root / "notebooks").symlink_to(ROOT / "notebooks")
    done = here("run", "--root", copy_root.root, "--output", copy_root.root / "data", "--force")
    assert done.returncode == 2 and "is no edition" in done.stderr
    assert {path: path.read_bytes() for path in before} == before
