"""Which files moved, and why: decided from what is told and plotted first, then from bytes, then from pixels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT
from tieout.commands import main
from tieout.problems import Usage
from tieout.regeneration import CAUSES, Moved, moved, text

EDITION = ROOT / "outputs" / "bel"
CODE, KEYED, SEED, LOCK = "tieout/figures/style.py", "data/bel/metrics/tip-2025.csv", "seeds/bel/tip-2025.txt", "requirements.lock"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The committed edition, to be spoilt."""
    return Path(shutil.copytree(EDITION, tmp_path / "bel"))


def made_from(edition: Path, *others: str) -> None:
    """Say in the manifest that these inputs were others."""
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    for name in others:
        assert name in manifest["inputs"]
        manifest["inputs"][name] = "0" * 64
    (edition / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def replaced(edition: Path, name: str, old: str, new: str) -> None:
    path = edition / name
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8", newline="")


def causes(edition: Path) -> dict[str, str]:
    return {one.name: one.label for one in moved(EDITION, edition) if one.name != "manifest.json"}


def test_the_same_bytes_are_said_to_be_the_same(copy: Path) -> None:
    assert moved(EDITION, copy) == []
    assert text([]) == "Every file is the same to the byte."


@pytest.mark.parametrize(("source", "cause"), [(KEYED, "data"), (SEED, "source")])
def test_a_number_that_was_keyed_otherwise_explains_what_shows_it(copy: Path, source: str, cause: str) -> None:
    for name in ("observations.csv", "figures/law-enforcement.csv"):
        replaced(copy, name, "354", "355")
    for name in ("index.html", "figures/law-enforcement.svg", "figures/law-enforcement.png"):
        with (copy / name).open("ab") as file:
            file.write(b"<!-- 354 -->")
    made_from(copy, source)
    assert causes(copy) == dict.fromkeys(
        ["figures/law-enforcement.csv", "figures/law-enforcement.png", "figures/law-enforcement.svg", "index.html", "observations.csv"],
        cause,
    )


def test_another_result_from_the_same_rows_is_the_method(copy: Path) -> None:
    replaced(copy, "trends.csv", "-114", "-113")
    made_from(copy, "tieout/comparing.py")
    assert causes(copy) == {"trends.csv": "method"}


@pytest.mark.parametrize(("source", "cause"), [(CODE, "style"), (LOCK, "renderer"), (KEYED, "data")])
def test_a_drawing_of_the_same_numbers_is_style_where_the_code_changed_and_else_what_did(copy: Path, source: str, cause: str) -> None:
    replaced(copy, "figures/victims.svg", "</svg>", "<g/></svg>")
    made_from(copy, source)
    assert causes(copy) == {"figures/victims.svg": cause}


def test_other_pixels_from_the_same_inputs_are_the_renderer_and_counted(copy: Path) -> None:
    picture = Image.open(copy / "figures" / "victims.png").convert("RGB")
    for x in range(3):
        picture.putpixel((x, 0), (255, 0, 0))
    picture.save(copy / "figures" / "victims.png")
    (found,) = moved(EDITION, copy)
    assert found.label == "renderer" and f"3 of {picture.width * picture.height} pixels differ" in found.note


def test_the_same_pixels_packed_otherwise_are_told_apart(copy: Path) -> None:
    Image.open(copy / "figures" / "victims.png").save(copy / "figures" / "victims.png", compress_level=1)
    (found,) = moved(EDITION, copy)
    assert found.label == "renderer" and "the pixels are the same" in found.note


def test_a_picture_of_another_size_or_that_is_none_is_told(copy: Path) -> None:
    Image.new("RGB", (3, 2)).save(copy / "figures" / "victims.png")
    (copy / "figures" / "permits.png").write_bytes(b"none")
    notes = {one.name: one.note for one in moved(EDITION, copy)}
    assert "became 3 × 2" in notes["figures/victims.png"] and "cannot be read" in notes["figures/permits.png"]


def test_a_file_that_is_new_or_gone_is_told(copy: Path) -> None:
    (copy / "index.html").unlink()
    (copy / "other.txt").write_text("new", encoding="utf-8")
    assert {(one.name, one.what) for one in moved(EDITION, copy)} == {("index.html", "gone"), ("other.txt", "new")}


def test_the_count_names_every_cause() -> None:
    told = text([Moved("a", "changed", "style", "b")])
    assert told.startswith("style: a: changed: b") and all(cause in told for cause in CAUSES)


def test_the_command_fails_on_any_difference(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["diff", str(EDITION), str(copy), "--files"]) == 0
    (copy / "trends.html").write_text("other", encoding="utf-8")
    assert main(["diff", str(EDITION), str(copy), "--files"]) == 1
    assert "renderer: trends.html" in capsys.readouterr().out
    with pytest.raises(Usage):
        moved(EDITION, tmp_path / "nowhere")
