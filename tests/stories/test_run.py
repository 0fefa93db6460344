"""A reporter builds editions."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Copy
from tests.exports import readers
from tests.stories.conftest import contents, pipeline
from tieout.numbers import find_numbers
from tieout.regeneration import moved, text

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("edition")]
STARTS = {"sitecustomize", "usercustomize", "_virtualenv", "_distutils_hack"}  # what an environment imports at every start
OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def test_the_committed_edition_is_what_the_repository_builds(edition: Path) -> None:
    found = moved(ROOT / "outputs" / "bel", edition)
    assert not found, f"outputs/bel is not what the repository builds; look at it, and if it is right, make accept:\n{text(found)}"
    assert contents(edition) == contents(ROOT / "outputs" / "bel")


def test_a_second_run_finds_nothing_to_do_and_imports_nothing_heavy(edition: Path) -> None:
    done = pipeline("run", "bel", "--output", edition.parent, PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0
    assert "unchanged" in done.stdout
    imported = {line.rsplit("|", 1)[-1].strip().partition(".")[0] for line in done.stderr.splitlines()}
    imported -= {name for name in imported if name.startswith("_sysconfigdata")}  # Python's own, named after the machine
    imported -= {"org"}  # what Python's own copy asks for, to see whether it is Jython
    assert "tieout" in imported
    assert not imported - sys.stdlib_module_names - STARTS - {"tieout", "imported package"}, "nothing but this library and Python's own"


def test_plain_kernels_and_several_editions_at_once_give_the_same_bytes(tmp_path: Path) -> None:
    """Editions of the oldest document, which are soon built; nothing is taken from what an earlier run kept."""
    days = ["--as-of", "2005-01-01", "--as-of", "2005-12-31"]
    for name, more in (("one", days[:2]), ("several", [*days, "--jobs", "2"])):
        kind = "plain" if name == "one" else "warm"
        done = pipeline("run", "bel", "--force", *more, "--output", tmp_path / name, TIEOUT_KERNELS=kind)
        assert done.returncode == 0, done.stderr
    assert {"[1 of 2]", "[2 of 2]"} <= {line[:8] for line in done.stdout.splitlines()}
    assert contents(tmp_path / "several" / "2005-01-01") == contents(tmp_path / "one")


def test_kernels_of_no_known_kind_are_refused(tmp_path: Path) -> None:
    done = pipeline("run", "bel", "--output", tmp_path, TIEOUT_KERNELS="hot")
    assert done.returncode == 2 and "TIEOUT_KERNELS is 'hot'. Set it to warm or to plain" in done.stderr


def test_an_edition_with_a_byte_changed_is_built_again(edition: Path, tmp_path: Path) -> None:
    from tieout.editions import unchanged

    shutil.copytree(edition, tmp_path / "bel")
    assert unchanged(ROOT, "bel", tmp_path / "bel", {"country": "bel"})
    (tmp_path / "bel" / "trends.csv").write_text("tampered", encoding="utf-8")
    assert not unchanged(ROOT, "bel", tmp_path / "bel", {"country": "bel"})


def test_the_edition_of_an_earlier_day_knows_only_what_was_published_then(tmp_path: Path) -> None:
    done = pipeline("run", "bel", "--as-of", "2023-06-30", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "bel" / "observations.csv").open(encoding="utf-8", newline="") as file:
        documents = {row["document"] for row in csv.DictReader(file)}
    assert documents == {"tip-2004", "ecpat-2010", "tip-2021"}, "a report of 2023 may have appeared as late as December"
    page = (tmp_path / "bel" / "index.html").read_text(encoding="utf-8")
    assert "tip-2025" not in page
    assert json.loads((tmp_path / "bel" / "manifest.json").read_text())["parameters"]["as_of"] == "2023-06-30"


def test_wrong_data_leaves_the_last_edition_as_it_was(edition: Path, copy_root: Copy, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notebooks", copy_root.root / "notebooks")
    shutil.copytree(edition, tmp_path / "outputs" / "bel")
    before = contents(tmp_path / "outputs")
    copy_root.alter_row("tip-2025-008", value="345")
    done = pipeline("run", "bel", "--root", copy_root.root, "--output", tmp_path / "outputs")
    assert done.returncode == 1
    assert "tip-2025-008" in done.stderr and "354" in done.stderr
    assert contents(tmp_path / "outputs") == before


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("raise ValueError('the figure is gone')", "the figure is gone"),
        ("import os\nos._exit(7)", "kernel died"),
    ],
)
def test_a_notebook_that_fails_leaves_the_last_edition_as_it_was(
    edition: Path, copy_root: Copy, tmp_path: Path, cell: str, told: str
) -> None:
    shutil.copytree(ROOT / "notebooks", copy_root.root / "notebooks")
    path = copy_root.root / "notebooks" / "1_validate.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][2]["source"] = cell
    path.write_text(json.dumps(notebook), encoding="utf-8")
    shutil.copytree(edition, tmp_path / "outputs" / "bel")
    before = contents(tmp_path / "outputs")
    done = pipeline("run", "bel", "--root", copy_root.root, "--output", tmp_path / "outputs")
    assert done.returncode == 3
    assert told in done.stderr and "1_validate" in done.stderr and "Traceback" not in done.stderr
    assert contents(tmp_path / "outputs") == before


def test_every_number_in_a_sentence_of_the_facts_can_be_recomputed_from_its_rows(edition: Path) -> None:
    rows = {row["id"]: row for row in csv.DictReader((edition / "observations.csv").open(encoding="utf-8", newline=""))}
    for fact in json.loads((edition / "facts.json").read_text(encoding="utf-8")):
        if fact["id"].startswith("trend-") and fact["verdict"] != "hold" and fact["value"] is not None:
            start, end = (float(rows[one]["value"]) for one in fact["inputs"])
            assert fact["value"] == pytest.approx(end - start)
        if fact["verdict"] == "hold":
            assert fact["value"] is None


def test_every_pair_on_hold_has_a_reason_and_no_change(edition: Path) -> None:
    with (edition / "trends.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = [row for row in rows if row["verdict"] == "hold"]
    assert held and len(held) < len(rows)
    for row in held:
        assert row["reasons"] and not row["change"] and not row["percent_change"], row


def test_no_output_tells_of_the_machine(edition: Path) -> None:
    told = {str(ROOT).encode(), f"{Path.home()}/".encode()} - {b"//"}
    for name, content in contents(edition).items():
        assert not any(words in content for words in told), name
        if name.endswith(".ipynb"):
            assert b"papermill" not in content or b'"papermill":' not in content, name


def test_the_manifest_covers_every_file(edition: Path) -> None:
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["outputs"]) == set(contents(edition)) - {"manifest.json"}
    assert {"data/codebook.csv", "seeds/bel/tip-2025.txt", "notebooks/2_trends.ipynb", "tieout/comparing.py", "requirements.lock"} <= set(
        manifest["inputs"]
    )


def test_other_readers_find_the_same_numbers_in_every_form_of_the_observations(edition: Path) -> None:
    assert readers.faults(edition / "sdmx") == []
    rows = readers.csv_rows(edition / "observations.csv")
    assert [(one["ROW"], one["OBS_VALUE"]) for one in readers.by_sdmx1(edition / "sdmx")] == [(row["id"], row["value"]) for row in rows]
    for name in ("observations", "trends"):
        assert readers.unlike(edition / f"{name}.csv", readers.by_duckdb(edition / f"{name}.parquet")[1]) == []
    page = (edition / "index.html").read_text(encoding="utf-8")
    for name in ("observations.parquet", "trends.parquet", "sdmx/observations.csv", "sdmx/structure.xml"):
        assert f'href="{name}"' in page


def test_the_manifest_says_for_which_pythons_the_bytes_hold(edition: Path) -> None:
    from tieout.editions import PYTHONS, pinned_to

    assert json.loads((edition / "manifest.json").read_text(encoding="utf-8"))["python"] == pinned_to()
    assert {pinned_to(python) for python in PYTHONS} == {"3.11, 3.12 or 3.13"}
    assert pinned_to("3.14") == "3.14 alone: not measured to give the bytes of 3.11, 3.12 or 3.13"


def test_a_run_by_a_python_that_is_not_measured_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tieout import editions, running
    from tieout.servers import Servers

    def stop(*_: object) -> None:
        raise RuntimeError("far enough")

    monkeypatch.setattr(editions, "PYTHONS", ("2.6", "2.7"))
    monkeypatch.setattr(editions, "building", stop)
    said: list[str] = []
    with pytest.raises(RuntimeError, match="far enough"), Servers() as servers:
        running.run("bel", ROOT, tmp_path, say=said.append, servers=servers)
    assert said == [f"bel: the bytes are of Python {OURS} alone: not measured to give the bytes of 2.6 or 2.7"]


def test_titles_and_sentences_hold_no_number_that_is_not_a_fact(edition: Path) -> None:
    facts = " ".join(fact["text"] for fact in json.loads((edition / "facts.json").read_text(encoding="utf-8")))
    for figure in json.loads((edition / "figures" / "figures.json").read_text(encoding="utf-8")):
        for number in find_numbers(figure["title"]):
            assert number.printed in facts, figure["title"]
