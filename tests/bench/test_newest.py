"""Trying the newest versions: pins taken off and compared, folders compared, and a report whatever happens."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from bench import newest
from tests.conftest import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
SMALL = (
    'dependencies = [\n    # why\n    "One_Two[a,b]==1.0",\n    "three==2.0.post1"\n]\nrequires = ["setuptools>=77"]\nversion = "0.1.0"\n'
)


def test_every_pin_of_the_project_is_taken_off_and_nothing_else() -> None:
    loose = newest.loosened(PROJECT)
    before, after = (tomllib.loads(text) for text in (PROJECT, loose))
    pins = [*before["project"]["dependencies"], *before["project"]["optional-dependencies"]["dev"]]
    assert [*after["project"]["dependencies"], *after["project"]["optional-dependencies"]["dev"]] == [pin.split("==")[0] for pin in pins]
    assert newest.direct(PROJECT) == {re.split(r"[\[=]", pin)[0] for pin in pins}
    for text in (before, after):
        del text["project"]["dependencies"], text["project"]["optional-dependencies"]
    assert before == after


def test_extras_comments_and_bounds_stay() -> None:
    assert newest.loosened(SMALL) == SMALL.replace("==1.0", "").replace("==2.0.post1", "")
    assert newest.direct(SMALL) == {"one-two", "three"}


def test_the_lock_is_read_whole() -> None:
    assert len(newest.locked(LOCK)) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE)) > 100
    assert newest.locked("Some_Name==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n") == {"some-name": "1.0"}


def test_pins_that_moved_came_or_went() -> None:
    assert newest.moved_pins({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}) == {
        "b": ("1", "2"),
        "c": ("1", ""),
        "d": ("", "1"),
    }


def test_an_edition_that_changed_is_told_by_its_files_and_by_what_readers_see(tmp_path: Path) -> None:
    old, new = ROOT / "outputs" / "bel", tmp_path / "bel"
    shutil.copytree(old, new)
    assert newest.explained(old, new) == ["No byte would change."]
    drawing = new / "figures" / "victims.svg"
    drawing.write_text(drawing.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    told = newest.explained(old, new)
    assert told[:2] == ["1 file would change:", ""] and told[2].startswith("- renderer: figures/victims.svg: changed")
    assert "figure victims: was one drawing, is another" in told[-1]


def test_the_report_tells_the_pins_the_editions_and_the_step_that_failed() -> None:
    old, new = {"one-two": "1.0", "three": "2.0", "indirect": "1"}, {"one-two": "1.1", "three": "2.0", "indirect": "2"}
    told = newest.report(SMALL, old, new, {"bel": ["No byte would change."]})
    assert "## Direct pins\n\n- one-two: 1.0 → 1.1\n\n## Pins of what these need\n\n- indirect: 1 → 2\n" in told
    assert "## Edition bel\n\nNo byte would change." in told and "does not work" not in told
    assert "## It does not work with these\n\n    make run ended" in newest.report(SMALL, old, new, {}, "make run ended\nso")
    assert newest.report(SMALL, old, old, {}).count("None would move.") == 2


@pytest.mark.parametrize(
    ("target", "status"),
    [("lock", "lock: ; @echo no such version >&2; exit 1\nrun: ; @true"), ("run", "lock: ; @true\nrun: ; @echo no such version; exit 3")],
)
def test_a_step_that_fails_is_in_the_report_and_no_file_of_the_project_moves(tmp_path: Path, target: str, status: str) -> None:
    root, copy = tmp_path / "project", tmp_path / "copy"
    root.mkdir()
    copy.mkdir()
    for name, content in {"pyproject.toml": SMALL, "requirements.lock": "three==2.0\n", "Makefile": status + "\n"}.items():
        (root / name).write_text(content, encoding="utf-8")
    newest.subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    before = {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}
    told = newest.tried(root, copy)
    assert f"make {target} ended with status 2" in told and "no such version" in told and str(tmp_path) not in told
    assert {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()} == before
