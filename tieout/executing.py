"""One notebook in a kernel of its own, through papermill, and the executed notebook as an edition holds it.

After a dead kernel or a timeout a saved notebook may say that cells completed which never ran, so nothing here trusts a
notebook's metadata: an exception is a failure, and every code cell must have been counted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tieout import environment
from tieout.problems import NotebookFails
from tieout.warm.forking import ForkServer

CELL_SECONDS = 600
_INJECTED = "parameters-as-run"
_LONGEST, _WIDEST = 1000, 200


def execute(
    name: str, root: Path, workshop: Path, parameters: dict[str, str], seconds: int = CELL_SECONDS, server: ForkServer | None = None
) -> Path:
    """Run one notebook in a kernel of its own, its working folder the workshop; return the executed notebook.

    The kernel is forked from ``server``, or a plain one where there is none.
    Raises ``NotebookFails`` where a cell raised, the kernel died, time, memory or patience ran out, or a cell was never run.
    """
    from tieout import kernels

    # isort: split
    import papermill
    from papermill.exceptions import PapermillExecutionError

    source, target = root / "notebooks" / f"{name}.ipynb", workshop / "edition" / "notebooks" / f"{name}.ipynb"
    try:
        with _kernel_environment(workshop), kernels.none_left():
            papermill.execute_notebook(
                str(source), str(target), parameters, cwd=str(workshop), kernel_name="python3", progress_bar=False,
                engine_name=kernels.ENGINE, seconds=seconds, server=server,
            )  # fmt: skip
    except PapermillExecutionError as error:
        raise NotebookFails(_told(source, _raised(error.ename, error.evalue), error.source)) from None
    except kernels.Stopped as stopped:
        raise NotebookFails(_told(source, str(stopped), stopped.source)) from None
    clean(target)
    return target


def _raised(name: str, value: str) -> str:
    """What a cell raised, in a line."""
    from tieout.kernels import MEMORY

    if name.endswith("MemoryError"):
        return f"needed more than the {MEMORY // 2**30} GiB of memory that a notebook may have"
    if name == "CellExecutionError" and not value:
        return "failed and could not tell why; memory may have run out"
    return f"raised {name}: {value if len(value) <= _LONGEST else f'{value[:_LONGEST]} …'}"


def clean(path: Path) -> None:
    """Strip an executed notebook of what differs from run to run; raise ``NotebookFails`` where a cell was never run."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for key in ("papermill", "execution"):
            cell["metadata"].pop(key, None)
        if _injected(cell):
            cell["id"] = _INJECTED
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip() and not _whole(cell):
            raise NotebookFails(_told(path, "was not run to its end", "".join(cell["source"])))
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    path.write_text(_text(notebook), encoding="utf-8", newline="")


def _whole(cell: dict) -> bool:
    """Whether a code cell was run to its end: papermill takes one that called ``sys.exit(0)`` for a success."""
    return bool(cell.get("execution_count")) and all(output["output_type"] != "error" for output in cell["outputs"])


def with_prose(executed: Path, source: Path) -> None:
    """Put the prose of ``source`` into a notebook that was executed from it when it had the same code and perhaps other prose."""
    notebook, wanted = (json.loads(path.read_text(encoding="utf-8")) for path in (executed, source))
    run = [cell for cell in notebook["cells"] if cell["cell_type"] != "markdown"]
    cells = []
    for cell in wanted["cells"]:
        while run and _injected(run[0]):
            cells.append(run.pop(0))
        cells.append(_prose(cell) if cell["cell_type"] == "markdown" else run.pop(0))
    notebook["cells"] = [*cells, *run]
    executed.write_text(_text(notebook), encoding="utf-8", newline="")


def _prose(cell: Mapping) -> dict:
    """A Markdown cell as papermill writes it."""
    return {**cell, "metadata": {"tags": [], **cell["metadata"]}, "source": "".join(cell["source"]).splitlines(keepends=True)}


def _injected(cell: Mapping) -> bool:
    return "injected-parameters" in cell["metadata"].get("tags", [])


def _text(notebook: Mapping) -> str:
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _told(notebook: Path, what: str, source: str = "") -> str:
    """What a cell did, and its first lines. Cells are counted without the one that papermill puts in."""
    stored = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in stored if not _injected(cell)]
    cell = f"cell {sources.index(source) + 1} " if source in sources else ""
    code = [f"    {line[:_WIDEST]}" for line in source.strip().splitlines()[:6]]
    end = "Nothing was published; the last edition is untouched. Mend the cause and run again."
    return "\n".join([f"notebooks/{notebook.name} failed: {cell}{what}.", *code, end])


@contextmanager
def _kernel_environment(workshop: Path) -> Iterator[None]:
    """The environment that a kernel inherits, for as long as it takes to start and run it."""
    settings = workshop / "settings"
    settings.mkdir(exist_ok=True)  # without it IPython would make a folder for temporary files, and leave it
    before, wanted = dict(os.environ), environment.of_kernels(settings)
    try:
        os.environ.clear()
        os.environ.update(wanted)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
