"""The documentation, the pins and the data package say what the code does."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT
from tieout.commands import _parser
from tieout.packaging import descriptor
from tieout.schema import REASONS

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXTRAS = r"(?:\[[\w,-]+\])?"  # of a pin, as in pysdmx[data,xml]==1.21.0
COMMANDS = _parser()._subparsers._group_actions[0].choices


def pins(text: str, pattern: str) -> dict[str, str]:
    """Names and versions that a file pins, in PyPI's spelling."""
    return {re.sub(r"[._]", "-", name.lower()): version for name, version in re.findall(pattern, text, re.MULTILINE)}


def test_the_readme_names_every_command_and_no_other() -> None:
    told = set(re.findall(r"^\| `(\w+)", README.split("## Commands")[1], re.MULTILINE))
    assert told == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_readme_names_every_option(name: str) -> None:
    shown = [action for action in COMMANDS[name]._actions if action.help != argparse.SUPPRESS]
    options = {flag for action in shown for flag in action.option_strings if flag.startswith("--")} - {"--help", "--root"}
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}"))
    told = (
        set(re.findall(r"--[a-z-]+", row))
        if name != "add"
        else set(re.findall(r"--[a-z-]+", README)) | {"--published-basis", "--source-url", "--note"}
    )
    assert options <= told


def test_every_command_that_the_readme_shows_exists() -> None:
    for command in re.findall(r"python pipeline\.py ([a-z]+)", README):
        assert command in COMMANDS


def test_the_make_targets_that_the_readme_shows_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) - {"lists"} <= targets


def test_the_architecture_names_every_module_and_no_other() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)/?`", text.split("## The library")[1].split("## Decisions")[0]))
    modules = {path.stem for path in (ROOT / "tieout").glob("*.py")} | {
        path.name for path in (ROOT / "tieout").iterdir() if (path / "__init__.py").exists()
    }
    modules -= {"__init__"}
    assert modules <= told
    assert told - modules <= {"diff", "add", "suggest", "tidy", "form", "accounts", "relations"}


def test_the_keying_rules_list_every_reason() -> None:
    text = (ROOT / "docs" / "keying.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(REASONS)


def test_the_conda_environment_the_project_and_the_lock_pin_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = pins("\n".join(project["dependencies"] + project["optional-dependencies"]["dev"]), rf"^([\w.-]+){EXTRAS}==([\w.]+)$")
    locked = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"), r"^([\w.-]+)==([\w.+]+)")
    conda = pins((ROOT / "environment.yml").read_text(encoding="utf-8"), rf"^\s+- ([\w.-]+){EXTRAS} ?={{1,2}}([\w.]+)$")
    assert len(direct) == len(project["dependencies"] + project["optional-dependencies"]["dev"])
    assert direct.items() <= locked.items()
    conda = {
        "playwright" if name == "playwright-python" else name: version for name, version in conda.items() if name not in ("python", "pip")
    }
    assert conda == direct


def test_every_package_is_locked_with_a_hash_and_without_an_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "index-url" not in lock
    for entry in re.split(r"\n(?=\S)", lock):
        if re.match(r"[\w.-]+==", entry):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_data_package_is_what_the_contract_says() -> None:
    stored = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert stored == descriptor(ROOT), "run python pipeline.py tidy"


def test_frictionless_accepts_the_data_package() -> None:
    command = [sys.executable, "-m", "frictionless", "validate", "data/datapackage.json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stdout


def test_no_keyed_file_is_out_of_its_canonical_form(copy_root) -> None:
    from tieout.packaging import tidy

    assert tidy(copy_root.root) == []
