"""Edition folders for the tests of the pages: what the steps before them write, without starting a kernel."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from IPython.display import HTML
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tieout import showing, steps
from tieout.facts import Fact
from tieout.record import Record
from tieout.report import Report


def fill(root: Path, edition: Path, as_of: str = "") -> Record:
    """Write what the pages read, as the steps of a run do; the record that it was made from."""
    step = steps.Step("bel", root, edition, as_of)
    report, facts = steps.validate(step), steps.trends(step)
    figures = steps.figures(step)
    (edition / "manifest.json").write_text("{}", encoding="utf-8")
    (edition / "notebooks").mkdir()
    cells = {"1_validate": validation(step.record, report), "2_trends": trends(facts), "3_figures": pictures(figures, edition)}
    for name, those in cells.items():
        write_notebook(edition / "notebooks" / f"{name}.ipynb", those)
    return step.record


def write_notebook(path: Path, cells: list) -> None:
    """An executed notebook; its cells' ids are the same every time."""
    notebook = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place}"
    nbformat.write(notebook, path)


def validation(record: Record, report: Report) -> list:
    """The cells of a validation as executed."""
    return [
        new_markdown_cell("# 1 · Validate\n\nWhat the checks found."),
        html(showing.checks(report)),
        new_markdown_cell("## The tie-out"),
        html(showing.tie_out(record)),
    ]


def trends(facts: list[Fact]) -> list:
    """The cells of the trends as executed."""
    told = showing.sentences(facts, "trend-")
    output = new_output("display_data", {"text/markdown": told.data, "text/plain": "<Markdown>"})
    return [new_markdown_cell("# 2 · Trends"), new_code_cell("showing.sentences(facts)", outputs=[output], execution_count=1)]


def pictures(figures: list[dict], edition: Path) -> list:
    """The cells of the figures as executed."""
    return [new_markdown_cell("# 3 · Figures"), *(html(showing.figure(one, edition)) for one in figures)]


def html(shown: HTML) -> nbformat.NotebookNode:
    """A code cell whose result is HTML."""
    return new_code_cell(
        "show()",
        outputs=[new_output("execute_result", {"text/html": shown.data, "text/plain": "<HTML>"}, execution_count=1)],
        execution_count=1,
    )


def stored(edition: Path, name: str) -> list | dict:
    """A JSON file of the edition."""
    return json.loads((edition / name).read_text(encoding="utf-8"))
