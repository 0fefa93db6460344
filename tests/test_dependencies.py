"""Every dependency has a reason, told in docs/dependencies.md, and every reason a use that is really there."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OWN = {"tieout", "bench", "tests"}
MODULES = {
    "pil": "pillow",
    "sdmx": "sdmx1",
    "cyclonedx": "cyclonedx-python-lib",
    "rocrate_validator": "roc-validator",
}  # that are named otherwise than their package


@dataclass(frozen=True)
class Reason:
    """A line of a table: the package, what it is for, the text or the import to be found, and where."""

    name: str
    purpose: str
    use: str
    places: tuple[str, ...]


def reasons(text: str, heading: str) -> list[Reason]:
    """The lines of the table under a heading."""
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\| `(.+?)` \| (.+?) \| `(.+?)` \| (.+?) \|$", section, re.MULTILINE)
    assert len(lines) == sum(line.startswith("| `") for line in section.splitlines()), "a line of the table cannot be read"
    return [Reason(name, purpose, use, tuple(re.findall(r"`(.+?)`", places))) for name, purpose, use, places in lines]


def package(pin: str) -> str:
    """The name of a pinned requirement, as package registries spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=]", pin)[0].lower())


def files(place: str) -> list[Path]:
    path = ROOT / place
    found = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
    assert found, f"{place} is not there"
    return found


@cache
def imported(path: Path) -> frozenset[str]:
    """The packages that a Python file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module)
    return frozenset(name.partition(".")[0] for name in found)


def unused(those: Iterable[Reason]) -> list[str]:
    """The reasons whose use is not found in each place that they name."""
    return [
        f"{one.name}: {one.use} in {place}" for one in those for place in one.places if not any(_found(one.use, f) for f in files(place))
    ]


def _found(use: str, path: Path) -> bool:
    if use.startswith("import "):
        return path.suffix == ".py" and use.removeprefix("import ") in imported(path)
    return use in path.read_text(encoding="utf-8", errors="replace")


RUNTIME, TESTS, TOOLS = (
    reasons(TEXT, heading)
    for heading in ("What the pipeline runs on", "What the tests need", "Tools that are no package of the environment")
)

CLUSTER = [one for one in TESTS if one.name in set(map(package, PROJECT["optional-dependencies"]["cluster"]))]  # of an extra of its own


@pytest.mark.parametrize(("those", "pins"), [(RUNTIME, PROJECT["dependencies"]), (TESTS, PROJECT["optional-dependencies"]["dev"])])
def test_every_direct_pin_has_a_reason_and_every_reason_a_pin(those: list[Reason], pins: list[str]) -> None:
    assert [one.name for one in those] == sorted(map(package, pins))


def test_every_reason_has_a_use_where_it_says() -> None:
    assert unused([*RUNTIME, *TESTS, *TOOLS]) == []


@pytest.mark.parametrize(
    "false",
    [
        Reason("a", "nothing", "import unheard_of", ("tieout",)),
        Reason("b", "a module that is not used there", "import html5lib", ("tieout",)),
        Reason("c", "a text that is not there", "unheard" + " of", ("Makefile", "tests")),
    ],
)
def test_a_reason_without_a_use_is_noticed(false: Reason) -> None:
    assert unused([RUNTIME[0], false])


@pytest.mark.parametrize(
    ("folder", "allowed"), [("tieout", [*RUNTIME, *CLUSTER]), ("tests", [*RUNTIME, *TESTS]), ("bench", [*RUNTIME, *TESTS, *TOOLS])]
)
def test_nothing_is_imported_that_is_not_pinned_for_it(folder: str, allowed: list[Reason]) -> None:
    modules = set().union(*(imported(path) for path in files(folder) if path.suffix == ".py")) - OWN - sys.stdlib_module_names
    packages = {MODULES.get(name.lower(), package(name)) for name in modules}
    assert packages - {one.name for one in allowed} == set()


def test_the_extra_for_a_cluster_is_pinned_as_the_tests_use_it() -> None:
    extras = PROJECT["optional-dependencies"]
    assert set(extras["cluster"]) <= set(extras["dev"])
    assert sorted(one.name for one in CLUSTER) == sorted(map(package, extras["cluster"]))


def test_every_pinned_tool_has_a_reason() -> None:
    made, ci = ((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", ".ci/run"))
    workflows = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    pinned = re.findall(r"^\w+ *:= ([\w-]+==\S+)", made, re.MULTILINE) + re.findall(r"^checker=(\S+)", ci, re.MULTILINE)
    pinned += re.findall(r"uses: (\S+)", workflows)
    pinned += re.findall(r"^[\w-]+==\S+$", (ROOT / "bench" / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(set(pinned)) >= 6
    assert set(pinned) == {one.use for one in TOOLS if re.search("==|@", one.use)}
