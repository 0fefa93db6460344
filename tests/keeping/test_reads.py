"""A kernel tells what it reads."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.conftest import ROOT
from tieout.executing import execute
from tieout.keeping import reads

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@pytest.mark.slow
def test_a_kernel_tells_every_file_that_it_reads(tmp_path: Path) -> None:
    for folder in ("notebooks", "edition/notebooks", "inputs/data/bel"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("one", "two", "three", "four"):
        (tmp_path / "inputs" / "data" / "bel" / f"{name}.csv").write_text("a\n", encoding="utf-8")
    sources = [
        "open('inputs/data/bel/one.csv').close()",
        "import os, pandas\npandas.read_csv('inputs/data/bel/two.csv')",
        f"os.chdir('/'); os.close(os.open({str(tmp_path / 'inputs' / 'data' / 'bel' / 'three.csv')!r}, os.O_RDONLY))",
        f"open({str(tmp_path / 'edition' / 'own.csv')!r}, 'w').close()",
        "from tieout import countries",
        f"open({str(ROOT / 'data' / 'codebook.csv')!r}).close()",
        "1",
    ]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources], metadata={"kernelspec": KERNEL})
    (tmp_path / "notebooks" / "some.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    execute("some", tmp_path, tmp_path, {}, 60)
    read = reads.named(reads.of_kernel(tmp_path), tmp_path, ROOT)
    data = {f"data/bel/{name}.csv" for name in ("one", "two", "three")}
    assert read - {name for name in read if name.startswith("tieout/")} == {*data, f"{ROOT}/data/codebook.csv"}
    assert {"tieout/__init__.py", "tieout/countries.py", *reads.CODE} <= read
    with pytest.raises(FileNotFoundError):
        reads.of_kernel(tmp_path)  # the next step must tell its own


def test_what_this_process_reads_is_told_while_it_is_watched(tmp_path: Path) -> None:
    path = tmp_path / "some"
    path.write_text("", encoding="utf-8")
    with reads.watched() as read:
        path.read_text(encoding="utf-8")
        with path.open("a", encoding="utf-8"):
            pass
        (tmp_path / "written").write_text("", encoding="utf-8")
    path.with_name("later").touch()
    assert read == {str(path)}
    os.stat(path)
