"""The pages, style sheets and pictures as the Nu HTML checker, the one behind validator.w3.org, reads them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.xdist_group("pages")
ENDS = (".html", ".css", ".svg")
SUPPOSES_HTTP = "Content Security Policy"  # the checker reads a policy as if a server sent it


@pytest.fixture(scope="session")
def complaints() -> Callable[[list[Path]], list[str]]:
    """Runs the checker over files; what it finds wrong."""
    jar = ROOT / os.environ.get("VNU", ".vnu/vnu.jar")  # a path that is absolute stands as it is
    java = shutil.which("java")
    if not java or not jar.is_file():
        lack = f"no {'Nu HTML checker: ' + str(jar) if java else 'java'} (see CONTRIBUTING.md)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(lack)

    def run(paths: list[Path]) -> list[str]:
        options = ["--errors-only", "--also-check-css", "--also-check-svg", "--exit-zero-always", "--format", "json"]
        done = subprocess.run([java, "-Xss8m", "-jar", jar, *options, *paths], capture_output=True, text=True, check=True, timeout=300)
        messages = json.loads(done.stderr)["messages"]
        return [f"{one.get('url')}:{one.get('lastLine')}: {one['message']}" for one in messages if SUPPOSES_HTTP not in one["message"]]

    return run


def test_the_checker_finds_nothing_wrong(complaints, edition) -> None:
    paths = [path for path in sorted(edition.rglob("*")) if path.suffix in ENDS]
    assert {path.suffix for path in paths} == {*ENDS}
    assert complaints(paths) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.html", '<!doctype html><html lang="en"><title>T</title><main><p>one</main><section>', "Unclosed element"),
        ("page.html", '<!doctype html><html lang="en"><title>T</title><p id="a">one<p id="a">two', "Duplicate ID"),
        ("style.css", "p { colour: red }", "colour"),
        ("picture.svg", '<svg xmlns="http://www.w3.org/2000/svg"><circle radius="1"/></svg>', "radius"),
    ],
)
def test_the_checker_finds_what_is_wrong(complaints, tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert any(said in one for one in complaints([tmp_path / name]))
