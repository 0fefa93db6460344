"""A newsroom corrects a number that it published: never in silence, and never twice in other words."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Copy
from tests.stories.conftest import contents, executed_here, here
from tieout import running
from tieout.schema import schema_of

DOCUMENT, ROW = "tip-2004", "tip-2004-017"
REASON = "The first scan of the report was misread; the scan of the printed page says 40."


@pytest.fixture(autouse=True)
def without_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebooks' own cells, run in this process: a kernel adds seconds to each run and nothing to this story."""

    monkeypatch.setattr(running, "execute", executed_here)


def run(copy: Copy, output: Path, *more: str):
    """The edition of the oldest document alone: it is signed, and soon built."""
    return here("run", "bel", "--root", copy.root, "--as-of", "2005-01-01", "--output", output, *more)


def put_right(copy: Copy) -> None:
    """The page says 40 and not 45: mend the text and its row, and have both sign again."""
    copy.register_anew(DOCUMENT, copy.seed(DOCUMENT).read_text(encoding="utf-8").replace("a 45-day", "a 40-day"))
    row = next(row for row in copy.rows("metrics", DOCUMENT) if row["id"] == ROW)
    copy.alter_row(ROW, value="40", printed="40", quote=row["quote"].replace("45", "40"))
    for role in ("keyer", "verifier"):
        assert here("sign", DOCUMENT, "--role", role, "--by", f"the {role}", "--on", "2026-01-15", "--root", copy.root).returncode == 0


def test_a_published_number_is_corrected_in_the_open(copy_root: Copy, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notebooks", copy_root.root / "notebooks")
    output = tmp_path / "outputs"
    done = run(copy_root, output)
    assert done.returncode == 0, done.stderr
    assert json.loads((output / "bel" / "manifest.json").read_text(encoding="utf-8"))["draft"] is False
    before = contents(output)

    put_right(copy_root)
    refused = run(copy_root, output, "--force")
    assert refused.returncode == 1
    assert f"{ROW} · data/bel/metrics/tip-2004.csv:18" in refused.stderr
    assert "was: 45" in refused.stderr and "now: 40" in refused.stderr and "Nothing was published" in refused.stderr
    assert contents(output) == before

    number = len(copy_root.rows("corrections")) + 1
    line = next(line for line in refused.stderr.splitlines() if line.startswith(f"c{number:02}-"))
    entry = dict(zip(schema_of("corrections").columns, next(csv.reader([line])), strict=True))
    before_it = copy_root.rows("corrections")
    copy_root.write("corrections", [*before_it, entry | {"reason": REASON}])
    done = run(copy_root, output)
    assert done.returncode == 0, done.stderr
    page = (output / "bel" / "changes.html").read_text(encoding="utf-8")
    assert REASON in page and "<del>45</del>" in page and "<ins>40</ins>" in page
    assert REASON in (output / "bel" / "corrections.csv").read_text(encoding="utf-8")

    corrected = contents(output)
    copy_root.write("corrections", [*before_it, entry | {"reason": "A small change."}])
    refused = run(copy_root, output)
    assert refused.returncode == 1 and "only ever added to" in refused.stderr and REASON in refused.stderr
    assert contents(output) == corrected
