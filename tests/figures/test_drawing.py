"""Drawings: the same bytes everywhere, nothing collides, nothing is joined that may not be, no foreign font."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.figures.conftest import ROOT
from tests.figures.odd import odd_evidence
from tieout import figures
from tieout.facts import Evidence
from tieout.figures import files, permits, style
from tieout.figures.canvas import PAGE, PHONE, Box, Canvas, Size
from tieout.figures.plan import Plan

SMALLEST = 11.0


def laid_out(plan: Plan, size: Size) -> Canvas:
    drawer = next(figure for figure in figures.FIGURES if plan.id == figure.ID).draw
    with style.house("test"):
        return files.composed(plan, drawer, size)


def collisions(boxes: list[Box]) -> list[tuple[str, str]]:
    found = []
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            across = min(one.right, other.right) - max(one.left, other.left)
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            if across > 0.5 and down > 0.5:
                found.append((one.text, other.text))
    return found


@pytest.mark.parametrize("size", [PAGE, PHONE], ids=lambda size: size.name)
def test_no_text_collides_or_is_cut_off(edition: Evidence, size: Size) -> None:
    for plan in figures.plans(edition):
        canvas = laid_out(plan, size)
        assert collisions(canvas.boxes) == [], plan.id
        outside = [box.text for box in canvas.boxes if box.left < 2 or box.right > size.width - 2 or box.bottom > canvas.height]
        assert outside == [], plan.id


@pytest.mark.parametrize("size", [PAGE, PHONE], ids=lambda size: size.name)
def test_odd_numbers_collide_neither(full: Evidence, size: Size) -> None:
    canvas = laid_out(permits.plan(odd_evidence(full, permits.METRIC)), size)
    assert collisions(canvas.boxes) == []
    assert all(box.left >= 2 and box.right <= size.width - 2 for box in canvas.boxes)


@pytest.mark.parametrize("size", [PAGE, PHONE], ids=lambda size: size.name)
def test_every_text_is_large_enough_to_read(full: Evidence, size: Size) -> None:
    for plan in figures.plans(full):
        sizes = [text.get_fontsize() for text in laid_out(plan, size).axes.texts]
        assert min(sizes) >= SMALLEST, plan.id


@pytest.fixture(scope="module")
def drawn(full: Evidence, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Plan, Path]]:
    """Every figure of the full edition as files."""
    folder = tmp_path_factory.mktemp("figures")
    made = {}
    for plan in figures.plans(full):
        paths = figures.draw(plan, folder)
        assert sorted(path.name for path in paths) == sorted(path.name for path in folder.glob(f"{plan.id}*"))
        made[plan.id] = (plan, folder)
    return made


def test_no_line_runs_across_a_pair_on_hold(drawn: dict, full: Evidence) -> None:
    every = 0
    for plan, folder in drawn.values():
        known = {row["id"]: row for row in plan.rows}
        for name in (f"{plan.id}.svg", f"{plan.id}-phone.svg"):
            for joined in re.findall(r'id="[\w-]+?-join-([\w-]+-\d{3})-([\w-]+-\d{3})"', (folder / name).read_text(encoding="utf-8")):
                assert full.joined(*(full.by_id[one] for one in joined)), joined
                assert known[joined[1]]["joined"] == joined[0]
                every += 1
    assert every >= 2 * (2 + 3 + 1 + 3), "the joins are in the SVG under their names"


def test_a_divider_stands_before_what_breaks(drawn: dict) -> None:
    for name, broken in (("victims", "tip-2025-032"), ("referrals", "tip-2025-047")):
        folder = drawn[name][1]
        assert all(f"-break-{broken}" in (folder / f"{name}{end}.svg").read_text(encoding="utf-8") for end in ("", "-phone"))


def test_every_number_with_a_value_has_its_bar(drawn: dict) -> None:
    for name in ("law-enforcement", "victims", "permits", "referrals", "funding"):
        plan, folder = drawn[name]
        text = (folder / f"{name}.svg").read_text(encoding="utf-8")
        assert {row["id"] for row in plan.rows if row["value"]} == set(re.findall(r'id="[\w-]+?-page-bar-([\w-]+)"', text))


def test_an_svg_says_what_it_shows(drawn: dict) -> None:
    for plan, folder in drawn.values():
        for name in (f"{plan.id}.svg", f"{plan.id}-phone.svg"):
            root = ElementTree.parse(folder / name).getroot()
            space = "{http://www.w3.org/2000/svg}"
            assert root.get("role") == "img"
            assert root.find(f"{space}title").text == plan.title
            assert root.find(f"{space}desc").text == plan.alt
            assert not list(root.iter(f"{space}text")), "text is drawn as paths, so no font is asked for"
            ids = [element.get("id") for element in root.iter() if element.get("id")]
            assert len(ids) == len(set(ids))


def test_the_csv_holds_exactly_the_rows(drawn: dict) -> None:
    for plan, folder in drawn.values():
        read = list(csv.DictReader(io.StringIO((folder / f"{plan.id}.csv").read_text(encoding="utf-8"), newline="")))
        assert read == plan.rows


def test_figures_json_keeps_the_room_that_files_take(drawn: dict) -> None:
    plan, folder = drawn["victims"]
    assembled = figures.assemble([plan])[0]
    assert (assembled["id"], assembled["title"], assembled["verdict"]) == ("victims", plan.title, plan.headline.verdict)
    for entry in assembled["files"]:
        path = folder / entry["file"]
        assert path.exists()
        if entry["kind"] == "svg":
            root = ElementTree.parse(path).getroot()
            assert (root.get("width"), root.get("height")) == (str(entry["width"]), str(entry["height"]))
            assert root.get("viewBox") == f"0 0 {entry['width']} {entry['height']}"
        if entry["kind"] == "png":
            header = path.read_bytes()[16:24]
            assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (2 * entry["width"], 2 * entry["height"])


DRAW = """
import sys
from pathlib import Path
from tieout import figures
from tieout.facts import Evidence
from tieout.record import load
for plan in figures.plans(Evidence.of(load("bel", Path(".")))):
    if plan.id in ("referrals", "sentences"):
        figures.draw(plan, Path(sys.argv[1]))
"""


def test_two_processes_draw_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "matplotlibrc").write_text("font.family: monospace\nlines.linewidth: 9\nsvg.fonttype: none\nsavefig.dpi: 33\n")
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "MPLBACKEND": "pdf", "MPLCONFIGDIR": str(tmp_path / "config")},
    ]
    digests = []
    for place, extra in enumerate(surroundings):
        folder = tmp_path / str(place)
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", DRAW, str(folder)], cwd=ROOT, check=True, env={**os.environ, "PYTHONPATH": str(ROOT), **extra}
        )
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())})
    assert len(digests[0]) == 8 and digests[0] == digests[1]


def test_a_file_holds_no_time_and_no_maker(drawn: dict) -> None:
    for plan, folder in drawn.values():
        assert b"Software" not in (folder / f"{plan.id}.png").read_bytes()
        text = (folder / f"{plan.id}.svg").read_text(encoding="utf-8")
        assert "dc:date" not in text and "Matplotlib" not in text and "DOCTYPE" not in text


def test_a_letter_that_the_font_lacks_is_an_error() -> None:
    with style.house("test"), pytest.raises(style.FontFallback, match=r"SourceSans3-Regular\.ttf has no '漢'"):
        Canvas(PAGE, "test").text(0, 0, "漢", 12)


def test_a_foreign_font_is_an_error() -> None:
    with pytest.raises(style.FontFallback, match="Comic Sans"), style.house("test"):
        canvas = Canvas(PAGE, "test")
        canvas.axes.text(0, 0, "a", fontfamily="Comic Sans that nobody has")
        files.png(canvas)


def test_a_glyph_that_matplotlib_would_replace_is_an_error() -> None:
    with pytest.raises(style.FontFallback, match=r"[Gg]lyph"), style.house("test"):
        canvas = Canvas(PAGE, "test")
        canvas.axes.text(0, 0, "漢", fontproperties=style.font("regular", 12))
        files.png(canvas)


def test_colours_can_be_told_from_white() -> None:
    assert all(style.contrast(colour) >= 4.5 for colour in style.TEXTS)
    assert all(style.contrast(colour) >= 3 for colour in style.MARKS)
    assert style.contrast(style.MUTED, style.SILENCE) >= 4.5
    assert style.contrast(style.PAPER, style.COUNT) >= 4.5
