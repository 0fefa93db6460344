"""A bundle holds what somebody needs who has nothing else."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bundles import made, repository
from tests.conftest import ROOT
from tieout import archive
from tieout.bundle import DIGESTS, short

BUNDLE = made(*repository())


@pytest.mark.parametrize("name", sorted(name for name in BUNDLE if name.endswith(".md")))
def test_whatever_the_documentation_leads_to_is_there(name: str) -> None:
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)\)", BUNDLE[name].decode("utf-8")) if "://" not in target]
    paths = [posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) for target in targets]
    assert [path for path in paths if path not in BUNDLE and not any(one.startswith(f"{path}/") for one in BUNDLE)] == []


def test_it_holds_everything_that_make_run_reads() -> None:
    made_of = set(re.findall(r"[\w./]+\.(?:py|lock)\b", (ROOT / "Makefile").read_text(encoding="utf-8"))) & {
        "pipeline.py",
        "requirements.lock",
    }
    assert made_of == {"pipeline.py", "requirements.lock"} and made_of <= set(BUNDLE)
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "tieout").rglob("*.py")} <= set(BUNDLE)


def test_its_digests_stand_in_the_order_of_the_names_and_cover_all_but_themselves() -> None:
    names = [line.split("  ")[1] for line in BUNDLE[DIGESTS].decode("ascii").splitlines()]
    assert names == sorted(set(BUNDLE) - {DIGESTS})


def test_it_is_named_for_its_edition() -> None:
    other = BUNDLE | {"outputs/bel/manifest.json": b"{}"}
    assert re.fullmatch("[0-9a-f]{12}", short(BUNDLE, "bel")) and short(other, "bel") != short(BUNDLE, "bel")


def test_verifying_needs_python_and_nothing_else(tmp_path: Path) -> None:
    archive.write(BUNDLE, tmp_path)
    command = [sys.executable, "-S", "pipeline.py", "verify"]  # -S: no installed package
    done = subprocess.run([*command, "."], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    (tmp_path / "README.md").write_text("other", encoding="utf-8")
    assert subprocess.run([*command, "."], cwd=tmp_path, capture_output=True, timeout=60).returncode == 1
