"""Drawings: the same bytes everywhere, nothing collides, nothing is joined that may not be, every number leads to its words."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.figures.conftest import ROOT
from tests.figures.odd import odd_evidence
from tieout import figures
from tieout.facts import Evidence
from tieout.figures import colours, files, funding, law_enforcement, painting, permits, referrals, style, victims
from tieout.figures.canvas import DRAFT, Box, Canvas, Shape
from tieout.figures.carried import DROPPED
from tieout.figures.plan import Plan
from tieout.figures.series import WALLS
from tieout.figures.style import CARD, PAGE, PHONE, SIZES, Size
from tieout.record import MISSING

EVERY_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
SMALLEST = {PAGE: 11.0, PHONE: 11.0, CARD: 13.0}  # a card is seen at half its size or less
MOST_INLINE = 350_000
SPACE = "{http://www.w3.org/2000/svg}"


def laid_out(plan: Plan, size: Size, bare: bool = False) -> Canvas:
    drawer = next(figure for figure in figures.FIGURES if plan.id == figure.ID).draw
    return files.composed(plan, drawer, size, bare)


def collisions(boxes: list[Box]) -> list[tuple[str, str]]:
    found = []
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            across = min(one.right, other.right) - max(one.left, other.left)
            down = min(one.bottom, other.bottom) - max(one.top, other.top)
            if across > 0.5 and down > 0.5:
                found.append((one.text, other.text))
    return found


def cut_off(canvas: Canvas) -> list[str]:
    right, bottom = canvas.size.width - 2, canvas.height - 2
    return [box.text for box in canvas.boxes if box.left < 2 or box.top < 2 or box.right > right or box.bottom > bottom]


def shapes(canvas: Canvas) -> list[Shape]:
    return [mark for group in canvas.drawn for mark in group.marks if isinstance(mark, Shape)]


def named(canvas: Canvas, start: str) -> set[str]:
    """What follows the start in the names of shapes."""
    prefix = f"{canvas.name}-{canvas.size.name}-{start}-"
    return {shape.name.removeprefix(prefix) for shape in shapes(canvas) if shape.name.startswith(prefix)}


def said(canvas: Canvas) -> str:
    return " ".join(" ".join(line.text for line in words.lines) for words in canvas.words).replace("\u00a0", " ")


@EVERY_SIZE
def test_no_text_collides_or_is_cut_off(edition: Evidence, size: Size) -> None:
    for plan in figures.plans(edition):
        canvas = laid_out(plan, size)
        assert collisions(canvas.boxes) == [], plan.id
        assert cut_off(canvas) == [], plan.id


@EVERY_SIZE
def test_a_draft_is_stamped_in_every_size(full: Evidence, size: Size) -> None:
    for plan in figures.plans(full):
        canvas = laid_out(replace(plan, draft=True), size)
        assert DRAFT in said(canvas) and DRAFT not in said(laid_out(replace(plan, draft=False), size))
        assert collisions(canvas.boxes) == [] and cut_off(canvas) == [], plan.id


@EVERY_SIZE
@pytest.mark.parametrize("figure", [permits, victims, law_enforcement, funding], ids=lambda figure: figure.ID)
def test_odd_numbers_collide_neither(full: Evidence, size: Size, figure) -> None:
    metric = getattr(figure, "METRIC", "") or figure.METRICS[1]
    plan = figure.plan(odd_evidence(full, metric))
    strained = replace(plan, draft=True, publishers=(("tip-2025", "a very long name, " * 9),))
    for rows in (plan.rows, [{**row, "revised": "1 (told before)"} for row in plan.rows]):
        canvas = laid_out(replace(strained, rows=rows), size)
        assert collisions(canvas.boxes) == []
        assert cut_off(canvas) == []


@EVERY_SIZE
@pytest.mark.parametrize("odd", [False, True], ids=["even", "odd"])
def test_panels_share_one_scale(full: Evidence, size: Size, odd: bool) -> None:
    plan = law_enforcement.plan(odd_evidence(full, "investigations") if odd else full)
    canvas, scales, starts = laid_out(plan, size), set(), set()
    values = {row["id"]: float(row["value"] or 0) for row in plan.rows if row["qualifier"] != "about"}
    for shape in shapes(canvas):
        if (name := shape.name.partition("-bar-")[2]) in values and values[name]:
            xs, ys = zip(*shape.outlines[0], strict=True)
            upright = not (odd and size is not CARD)
            scales.add(round((max(ys) - min(ys) if upright else max(xs) - min(xs)) / values[name], 9))
            starts.add(0 if upright else min(xs))
    assert len(scales) == len(starts) == 1


@EVERY_SIZE
def test_every_text_is_large_enough_to_read(full: Evidence, size: Size) -> None:
    for plan in figures.plans(full):
        assert min(words.size for words in laid_out(plan, size).words) >= SMALLEST[size], plan.id


@EVERY_SIZE
def test_no_shape_leaves_the_sheet(full: Evidence, size: Size) -> None:
    for plan in figures.plans(full):
        canvas = laid_out(plan, size)
        points = [point for shape in shapes(canvas) for outline in shape.outlines for point in outline]
        assert all(0 <= x <= size.width and 0 <= y <= canvas.height for x, y in points), plan.id


@EVERY_SIZE
def test_no_line_runs_across_a_pair_on_hold(edition: Evidence, size: Size) -> None:
    for plan in figures.plans(edition):
        joins = [re.fullmatch(r"(\S+-\d{3})-(\S+-\d{3})", one).groups() for one in named(laid_out(plan, size), "join")]
        assert all(edition.joined(edition.by_id[start], edition.by_id[end]) for start, end in joins), plan.id
        if size is not CARD and any(shape in plan.id for shape in ("law", "victims", "permits", "referrals")):
            assert {(row["joined"], row["id"]) for row in plan.rows if row["joined"]} == set(joins), plan.id


@EVERY_SIZE
def test_a_divider_with_words_stands_before_what_breaks(full: Evidence, size: Size) -> None:
    for figure in (victims, referrals):
        plan = figure.plan(full)
        canvas, broken = laid_out(plan, size), [row for row in plan.rows if row["apart"] in WALLS]
        assert broken and named(canvas, "break") == {row["id"] for row in broken}
        assert all(WALLS[row["apart"]] in said(canvas) for row in broken)


@EVERY_SIZE
def test_marks_say_what_kind_of_number_they_stand_for(full: Evidence, size: Size) -> None:
    told = {figure.ID: said(laid_out(figure.plan(full), size)) for figure in (victims, referrals, funding)}
    assert "at least 93" in told["victims"] and "no figure" in told["victims"]
    assert "two of three shelters" in told["referrals"]
    assert "about €419,000" in told["funding"] and funding.WALL in told["funding"]


def test_a_break_is_drawn_apart_at_every_step(full: Evidence) -> None:
    """Another colour, no line to it, and a wall as high as everything beside it."""
    plan = victims.plan(full)
    canvas = laid_out(plan, PAGE)
    bars = {shape.name.partition("-bar-")[2]: shape for shape in shapes(canvas) if "-bar-" in shape.name}
    wall = next(shape for shape in shapes(canvas) if "-break-" in shape.name)
    after = next(row for row in plan.rows if row["apart"] == "break")
    assert bars[after["id"]].fill == colours.APART and {bar.fill for name, bar in bars.items() if name != after["id"]} == {colours.COUNT}
    top = min(y for bar in bars.values() for outline in bar.outlines for _, y in outline)
    assert wall.dash and min(y for _, y in wall.outlines[0]) < top


@pytest.fixture(scope="module")
def drawn(full: Evidence, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Plan, Path, dict]]:
    """Every figure of the full edition as files."""
    folder = tmp_path_factory.mktemp("figures")
    return {plan.id: (plan, folder, figures.draw(plan, folder)) for plan in figures.plans(full)}


def svgs(drawn: dict, flavour: str) -> list[tuple[Plan, str, ElementTree.Element]]:
    found = []
    for plan, folder, stored in drawn.values():
        for entry in stored["files"]:
            if entry["kind"] == "svg" and entry["flavour"] == flavour:
                text = (folder / entry["file"]).read_text(encoding="utf-8")
                found.append((plan, text, ElementTree.fromstring(text)))
    return found


def later(plan: Plan, row: dict[str, str]) -> bool:
    return row["published"] == max(one["published"] for one in plan.rows)


FLAVOURS = pytest.mark.parametrize("flavour", [files.STANDALONE, files.INLINE])


@FLAVOURS
def test_every_number_leads_to_its_words(drawn: dict, flavour: str) -> None:
    for plan, _, root in svgs(drawn, flavour):
        links = {link.get("href"): link.get("aria-label") for link in root.iter(f"{SPACE}a")}
        way = "../../evidence/" if flavour == files.INLINE else "../evidence/"
        targets = {f"{way}{row['document']}.html#{row['id'].partition('|')[0]}" for row in plan.rows}
        assert set(links) <= targets
        if plan.id == "coverage":
            periods = {(row["panel"], row["start"], row["end"]) for row in plan.rows}
            assert len(links) == len(periods)
        elif plan.id == "recommendations" and int(root.get("width")) <= PHONE.width:
            assert {href.partition("#")[2] for href in links} == {
                row["id"] for row in plan.rows if later(plan, row) or row["fate"] == DROPPED
            }
        else:
            assert set(links) == targets, plan.id
        assert all(name.endswith(f": {href.partition('#')[2]}") for href, name in links.items())
        assert len(links) == len(list(root.iter(f"{SPACE}a"))), "one link for each number"


def test_a_link_says_what_the_number_is(drawn: dict) -> None:
    text = (drawn["law-enforcement"][1] / "inline" / "law-enforcement.svg").read_text(encoding="utf-8")
    assert 'href="../../evidence/tip-2025.html#tip-2025-008" aria-label="354 in 2024, trafficking cases investigated: tip-2025-008"' in text
    assert 'aria-label="at least 93 in 2024' in (drawn["victims"][1] / "victims.svg").read_text(encoding="utf-8")
    assert "1,056 (two of three shelters) in 2024" in (drawn["referrals"][1] / "referrals-phone.svg").read_text(encoding="utf-8")


@FLAVOURS
def test_an_svg_says_what_it_shows(drawn: dict, flavour: str) -> None:
    seen = {"light": [], "dark": [], "page": []}
    for plan, text, root in svgs(drawn, flavour):
        named = {element.get("id"): element for element in root.iter() if element.get("id")}
        assert root.get("role") == "group", "a picture cannot be entered"
        assert (root.get("aria-label") or named[root.get("aria-labelledby")].text) == plan.title
        assert named[root.get("aria-describedby")].text == plan.alt
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        scheme = "page" if flavour == files.INLINE else "dark" if f'"{colours.DARK[colours.INK]}"' in text else "light"
        seen[scheme] += ids
    assert all(len(ids) == len(set(ids)) for ids in seen.values()), "figures of one page never share an id"


@FLAVOURS
def test_a_strict_content_security_policy_leaves_an_svg_whole(drawn: dict, flavour: str) -> None:
    for _, text, root in svgs(drawn, flavour):
        assert text.startswith("<svg ") and text.endswith("</svg>\n")
        assert " style=" not in text and "xlink" not in text and "url(" not in text
        assert {element.tag.removeprefix(SPACE) for element in root.iter()} <= {
            "svg", "title", "desc", "defs", "g", "a", "path", "use", "text", "tspan",
        }  # fmt: skip


def test_inline_figures_are_light_live_text_in_the_page_s_colours(drawn: dict) -> None:
    weight = 0
    for plan, text, root in svgs(drawn, files.INLINE):
        weight += len(text.encode("utf-8"))
        assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', text)) <= {"none", *map(colours.variable, colours.LIGHT)}
        shown = " ".join("".join(element.itertext()) for element in root.iter(f"{SPACE}text")).replace("\u00a0", " ")
        assert not any(words in " ".join(shown.split()) for words in (plan.title, plan.subtitle, plan.source, *plan.notes))
    assert weight < MOST_INLINE


@pytest.mark.parametrize("size", [PAGE, PHONE], ids=lambda size: size.name)
def test_a_bare_drawing_is_the_figure_without_its_words_and_cuts_nothing_off(full: Evidence, size: Size) -> None:
    for plan in figures.plans(full):
        whole, bare = laid_out(plan, size), laid_out(plan, size, bare=True)
        words = {line.text for mark in whole.words for line in mark.lines}
        assert {line.text for mark in bare.words for line in mark.lines} < words
        assert [mark.name for mark in shapes(bare) if mark.name] == [mark.name for mark in shapes(whole) if mark.name]
        left, top, width, height = bare.frame
        outside = [
            box.text
            for box in bare.boxes
            if not (left <= box.left and top <= box.top and box.right <= left + width and box.bottom <= top + height)
        ]
        assert outside == [], plan.id
        points = [point for mark in shapes(bare) for outline in mark.outlines for point in outline]
        assert all(left <= x <= left + width and top <= y <= top + height for x, y in points), plan.id
        assert bare.height < whole.height


def test_standalone_figures_ask_for_no_font(drawn: dict) -> None:
    assert not [plan.id for plan, _, root in svgs(drawn, files.STANDALONE) if list(root.iter(f"{SPACE}text"))]


def test_a_dark_figure_differs_in_its_colours_alone(drawn: dict) -> None:
    for plan, folder, _ in drawn.values():
        for name in (plan.id, f"{plan.id}-phone"):
            light, dark = ((folder / f"{name}{end}.svg").read_text(encoding="utf-8") for end in ("", "-dark"))
            assert light != dark
            assert re.sub(r'"#[0-9a-f]{6}"', "", light) == re.sub(r'"#[0-9a-f]{6}"', "", dark)
            assert set(re.findall(r'"(#[0-9a-f]{6})"', dark)) <= set(colours.DARK.values())


def test_every_number_with_a_value_has_its_bar(drawn: dict) -> None:
    for name in ("law-enforcement", "victims", "permits", "referrals", "funding"):
        plan, folder, _ = drawn[name]
        for place, size in (("", "page"), ("inline/", "page"), ("inline/", "phone")):
            text = (folder / f"{place}{name}{'' if size == 'page' else '-phone'}.svg").read_text(encoding="utf-8")
            assert {row["id"] for row in plan.rows if row["value"]} == set(re.findall(rf'id="[\w-]+?-{size}-bar-([\w-]+)"', text))


def test_what_is_not_reported_has_a_mark_and_words_of_its_own(full: Evidence) -> None:
    plan = next(plan for plan in figures.plans(full) if plan.id == "law-enforcement")
    missing = [row for row in plan.rows if row["status"] == MISSING]
    groups = [group for group in laid_out(plan, PHONE).drawn if group.link and "not reported" in group.link.name]
    assert missing and len(groups) == len(missing)


def test_the_csv_holds_exactly_the_rows(drawn: dict) -> None:
    for plan, folder, _ in drawn.values():
        read = list(csv.DictReader(io.StringIO((folder / f"{plan.id}.csv").read_text(encoding="utf-8"), newline="")))
        assert read == plan.rows


def test_figures_json_names_every_file_and_the_room_that_it_takes(drawn: dict) -> None:
    plan, folder, stored = drawn["victims"]
    assert (stored["id"], stored["title"], stored["verdict"]) == ("victims", plan.title, plan.headline.verdict)
    named = {entry["file"] for entry in stored["files"]}
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("victims*")}
    for entry in stored["files"]:
        path = folder / entry["file"]
        if entry["kind"] == "svg":
            root = ElementTree.parse(path).getroot()
            assert (root.get("width"), root.get("height")) == (str(entry["width"]), str(entry["height"]))
            assert root.get("viewBox").split()[2:] == [str(entry["width"]), str(entry["height"])]
        if entry["kind"] == "png":
            with Image.open(path) as picture:
                assert picture.size == (2 * entry["width"], 2 * entry["height"])
    card = next(entry for entry in stored["files"] if entry.get("size") == "card")
    assert (card["scale"] * card["width"], card["scale"] * card["height"]) == (1200, 630)


def test_a_picture_keeps_its_flat_colours(drawn: dict) -> None:
    for end, scheme in (("", colours.LIGHT), ("-dark", colours.DARK), ("-card", colours.LIGHT), ("-card-dark", colours.DARK)):
        with Image.open(drawn["victims"][1] / f"victims{end}.png") as picture:
            shades = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24)}
        for meaning in (colours.PAPER, colours.SILENCE, colours.COUNT, colours.APART, colours.INK):
            assert tuple(bytes.fromhex(scheme[meaning][1:])) in shades, (end, meaning)


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
        digests.append({path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.*"))})
    assert len(digests[0]) == 2 * 11 and digests[0] == digests[1]


def test_a_file_holds_no_time_and_no_maker(drawn: dict) -> None:
    for plan, folder, _ in drawn.values():
        assert b"tEXt" not in (folder / f"{plan.id}.png").read_bytes()
        text = (folder / f"{plan.id}.svg").read_text(encoding="utf-8")
        assert "dc:date" not in text and "Matplotlib" not in text and "DOCTYPE" not in text


def test_a_letter_that_the_font_lacks_is_an_error() -> None:
    with style.house("test"), pytest.raises(style.FontFallback, match=r"SourceSans3-Regular\.ttf has no '漢'"):
        Canvas(PAGE, "test").text(0, 0, "漢", 12)


def test_a_foreign_font_is_an_error() -> None:
    with pytest.raises(style.FontFallback, match="Comic Sans"), style.house("test"):
        _picture(fontfamily="Comic Sans that nobody has")


def test_a_glyph_that_matplotlib_would_replace_is_an_error() -> None:
    with pytest.raises(style.FontFallback, match=r"[Gg]lyph"), style.house("test"):
        _picture("漢", fontproperties=style.font("regular", 12))


def _picture(text: str = "a", **looks) -> None:
    figure = painting.painted(Canvas(PAGE, "test"))
    figure.text(0, 0, text, **looks)
    figure.canvas.draw()
