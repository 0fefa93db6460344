"""``make reproduce`` sees every leak that is planted, says where, and names its cause."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bench import leaks
from bench.bytewise import differing, told
from bench.causes import CHANCE, TOGETHER, causes
from bench.reproduce import Found, Press, page, self_test, shown, status
from bench.variations import VARIATIONS
from tests.conftest import ROOT


def pair(folder: Path, name: str, first: bytes | str, second: bytes | str) -> list[str]:
    """What is told of a file that is one thing in one edition and another in the other."""
    for side, content in (("one", first), ("other", second)):
        (folder / side).mkdir()
        (folder / side / name).write_bytes(content.encode() if isinstance(content, str) else content)
    assert differing(folder / "one", folder / "other") == [name]
    return told(folder / "one" / name, folder / "other" / name)


def picture(*pixels: tuple[int, int], words: str = "") -> bytes:
    """A small PNG with black pixels at these places."""
    image, buffer, info = Image.new("RGB", (9, 9), "white"), io.BytesIO(), PngInfo()
    for place in pixels:
        image.putpixel(place, (0, 0, 0))
    if words:
        info.add_text("Software", words)
    image.save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "first", "second", "says"),
    [
        ("a.json", '{"a": [1, {"b": 2}]}', '{"a": [1, {"b": 3}]}', "$.a[1].b: 2 and 3"),
        ("a.json", '{"a": 1, "b": 2}', '{"b": 2, "a": 1}', '$, its keys: ["a", "b"] and ["b", "a"]'),
        ("a.json", '{"a": [1]}', '{"a": [1, 2]}', "$.a, its length: 1 and 2"),
        ("a.json", '{"a": 1}', '{"a":1}', "the same content, written otherwise"),
        ("a.json", '{"a": 1}', '{"a": ', "cannot be read as json"),
        ("a.csv", "a\nb\nc\n", "a\nx\nc\n", "line 2:"),
        ("a.csv", "a\n", "a\r\n", "the same lines, ended otherwise"),
        ("a.txt", "a", b"\xff\xfe", "byte 0 of 1 and 2: 61 and ff fe"),
        ("a.svg", '<svg><g id="k"><path d="M1"/></g></svg>', '<svg><g id="k"><path d="M2"/></g></svg>', "element 2 <path>, its d: "),
        ("a.svg", '<svg><text id="k">1</text></svg>', '<svg><text id="k">2</text></svg>', "element 1 <text id=k>, its text: 1 and 2"),
        ("a.svg", "<svg><a/></svg>", "<svg><b/></svg>", "element 1 <a> and 1 <b>"),
        ("a.png", picture((2, 3)), picture((2, 3), (5, 6)), "1 of 81 pixels differ, in (5, 6, 6, 7)"),
        ("a.png", picture(words="one"), picture(words="two"), "chunk tEXt"),
        ("a.png", picture(words="one"), picture(words="two"), "no pixel differs"),
    ],
)
def test_the_first_difference_is_told_as_the_file_is_read(tmp_path: Path, name: str, first, second, says: str) -> None:
    assert says in "\n".join(pair(tmp_path, name, first, second))


def test_a_long_line_is_told_around_the_place_where_it_parts(tmp_path: Path) -> None:
    lines = pair(tmp_path, "a.html", "x" * 5000 + "1" + "y" * 5000, "x" * 5000 + "2" + "y" * 5000)
    assert all(len(line) < 200 for line in lines)
    assert any("x1y" in line for line in lines) and any("x2y" in line for line in lines)


def test_a_file_that_is_not_there_and_other_permissions_are_differences(tmp_path: Path) -> None:
    for side in ("one", "other"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "same").write_text("same")
    assert differing(tmp_path / "one", tmp_path / "other") == []
    (tmp_path / "other" / "same").chmod(0o600)
    (tmp_path / "one" / "more").write_text("more")
    assert differing(tmp_path / "one", tmp_path / "other") == ["more", "same"]
    assert told(tmp_path / "one" / "more", tmp_path / "other" / "more") == ["only in the first edition"]
    assert told(tmp_path / "one" / "same", tmp_path / "other" / "same") == ["permissions: 644 and 600"]


NAMES = [f"v{number}" for number in range(12)]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from(NAMES), min_size=1), min_size=1))
def test_every_cause_of_every_file_is_found(moves: dict[str, set[str]]) -> None:
    def trial(names: Collection[str]) -> set[str]:
        return {file for file, those in moves.items() if those & set(names)}

    assert causes(list(moves), NAMES, trial) == {file: sorted(those, key=NAMES.index) for file, those in sorted(moves.items())}


def test_one_cause_takes_few_builds_and_none_is_built_twice() -> None:
    tried = []

    def trial(names: Collection[str]) -> set[str]:
        tried.append(frozenset(names))
        return {"a"} if "v9" in names else set()

    assert causes(["a"], NAMES, trial) == {"a": ["v9"]}
    assert len(tried) == len(set(tried)) <= 7


def test_chance_and_several_at_once_are_told_from_a_cause() -> None:
    def trial(names: Collection[str]) -> set[str]:
        return {"chance"} | ({"both"} if {"v1", "v8"} <= set(names) else set()) | ({"one"} if "v1" in names else set())

    assert causes(["chance", "both", "one"], NAMES, trial) == {"both": [TOGETHER], "chance": [CHANCE], "one": ["v1"]}


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="arranges circumstances as Linux has them")
def test_every_leak_is_found_and_its_cause_named(tmp_path: Path) -> None:
    """With a pipeline that leaks and does nothing else: a moment a build. ``make reproduce ARGS=--self-test`` does it with ours."""
    wrong = self_test(tmp_path, list(leaks.LEAKS), leaks.stand_in, tmp_path / "leaky", lambda line: None)
    lacking = [line for line in wrong if ": not arranged (" in line]
    assert [line for line in wrong if line not in lacking] == []
    device = all("/dev/fuse" in line for line in lacking)  # nothing that CI could install
    if lacking:
        (pytest.fail if os.environ.get("CI") == "true" and not device else pytest.skip)("; ".join(lacking))


def test_what_was_arranged_and_looks_the_same_from_inside_counts_as_lacking(tmp_path: Path) -> None:
    press = Press(tmp_path, tmp_path / "press")
    press.check([], {"host": "'here'", "path": "'a'"})
    press.check(["host", "path"], {"host": "'here'", "path": "'b'"})
    assert list(press.lacking) == ["host"]


def test_a_leak_can_still_be_planted(tmp_path: Path) -> None:
    for name in ("tieout/running.py", "notebooks/3_figures.ipynb"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    leaks.plant(tmp_path, ["path"])
    compile((tmp_path / "tieout/running.py").read_text(encoding="utf-8"), "running", "exec")
    assert "leak(edition)" in (tmp_path / "tieout/running.py").read_text(encoding="utf-8")
    assert "print(tieout.__file__)" in json.dumps(json.loads((tmp_path / "notebooks/3_figures.ipynb").read_text(encoding="utf-8")))


def test_the_exit_status_tells_a_difference_from_what_could_not_be_arranged() -> None:
    assert [status(0, [], True), status(0, ["host"], False), status(0, ["host"], True), status(1, ["host"], True)] == [0, 0, 2, 1]


def test_the_page_and_the_terminal_name_what_differs_and_what_could_not_be_arranged(tmp_path: Path) -> None:
    press = Press(tmp_path, tmp_path / "press")
    press.lacking["host"] = "there is no hostname"
    found = Found(7, {"a.json": ["$.a: 1 and 2"]}, {"a.json": ["clock"]})
    text = page({"Python 3.11": found}, press, 3)
    assert "| Python 3.11 | 7 | 1 |" in text and "- `a.json`: $.a: 1 and 2 (cause: clock)" in text
    assert "**no**: there is no hostname" in text
    assert all(f"| {name} | {one.why} | " in text for name, one in VARIATIONS.items())
    assert list(shown(found, tmp_path / "one", tmp_path / "other"))[:2] == ["DIFFERS a.json", "    $.a: 1 and 2"]


def test_the_page_that_is_kept_names_every_circumstance() -> None:
    kept = (ROOT / "docs" / "reproduce.md").read_text(encoding="utf-8")
    assert [name for name, one in VARIATIONS.items() if f"| {name} | {one.why} | " not in kept] == []
