"""Exactly those steps run again whose inputs changed, and the edition is the same as if all had."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.steps import CHANGES, Tree, ran, told

STANDING_IN = Path(__file__).with_name("standing_in.py")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A copy of the repository where every step has been kept."""
    tree = Tree(tmp_path_factory.mktemp("kept") / "root")
    done = tree.python(STANDING_IN)
    assert done.returncode == 0, done.stderr
    assert set(told(done.stdout).values()) == {"runs, nothing is kept of it"}
    return tree


@pytest.fixture
def tree(kept: Tree, tmp_path: Path) -> Tree:
    """The same, for one test to change."""
    copy = Tree.__new__(Tree)
    copy.root = Path(shutil.copytree(kept.root, tmp_path / "root"))
    return copy


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_makes_exactly_those_steps_run_that_read_it(tree: Tree, name: str) -> None:
    CHANGES[name].make(tree.root)
    done = tree.python(STANDING_IN)
    assert done.returncode == 0, done.stderr
    assert ran(done.stdout) == CHANGES[name].steps, done.stdout


def test_force_does_all_steps_and_gives_the_same(tree: Tree) -> None:
    edition = (tree.root / "edition.json").read_bytes()
    assert tree.python(STANDING_IN, "force").stdout.count("runs, --force") == 4
    assert (tree.root / "edition.json").read_bytes() == edition


def test_a_step_says_what_changed(tree: Tree) -> None:
    CHANGES["how figures are drawn (tieout/figures/style.py)"].make(tree.root)
    assert told(tree.python(STANDING_IN).stdout) == {
        "validate": "kept, nothing it reads changed",
        "trends": "kept, nothing it reads changed",
        "figures": "runs, tieout/figures/style.py changed",
        "pages": "kept, nothing it reads changed",
    }


def test_a_change_taken_back_finds_what_was_kept_before_it(tree: Tree) -> None:
    style = tree.root / "tieout" / "figures" / "style.py"
    before = style.read_text(encoding="utf-8")
    style.write_text(before + "\n# a remark\n", encoding="utf-8")
    assert ran(tree.python(STANDING_IN).stdout) == ("figures",)
    style.write_text(before, encoding="utf-8")
    assert ran(tree.python(STANDING_IN).stdout) == ()


@pytest.mark.parametrize("spoil", ["a byte", "the list", "a file gone", "a link", "the recipe"])
def test_what_was_kept_and_is_no_longer_whole_is_thrown_away(tree: Tree, spoil: str) -> None:
    (entry,) = (tree.root / ".steps" / "bel" / "trends").iterdir()
    file = entry / "files" / "trends.csv"
    if spoil == "a byte":
        file.write_bytes(b"0" + file.read_bytes()[1:])
    elif spoil == "the list":
        (entry / "kept.json").write_text("{", encoding="utf-8")
    elif spoil == "a file gone":
        file.unlink()
    elif spoil == "a link":
        shutil.copy(file, tree.root / "elsewhere")
        file.unlink()
        file.symlink_to(tree.root / "elsewhere")
    else:
        list_ = entry / "kept.json"
        list_.write_text(
            list_.read_text(encoding="utf-8").replace('"parameter country": "bel"', '"parameter country": "fra"'), encoding="utf-8"
        )
    edition = (tree.root / "edition.json").read_bytes()
    done = tree.python(STANDING_IN)
    assert done.returncode == 0, done.stderr
    assert ran(done.stdout) == ("trends",)
    assert "trends: runs, what was kept of it is damaged" in done.stdout
    assert (tree.root / "edition.json").read_bytes() == edition
    assert ran(tree.python(STANDING_IN).stdout) == ()
