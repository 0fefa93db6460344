"""A run: the notebooks in sequence through papermill, the pages, the manifest, and the edition into its place.

After a dead kernel or a timeout a saved notebook may say that cells completed which never ran, so nothing here trusts a
notebook's metadata: an exception is a failure, and every code cell must have been counted.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tieout import corrections, editions, environment, sockets
from tieout.interrupts import heed, held
from tieout.parameters import checked, give_defaults
from tieout.problems import DataFails, NotebookFails, RuleBroken, Usage
from tieout.record import Record, load
from tieout.report import Report
from tieout.signing import signed
from tieout.warm.forking import ForkServer

NOTEBOOKS = ("1_validate", "2_trends", "3_figures")
# What is imported once, before kernels are forked: nothing but the validation waits for great-expectations.
IMPORTS = {
    "1_validate": ("tieout.showing", "tieout.steps", "tieout.expectations"),
    "2_trends": (light := ("tieout.showing", "tieout.steps", "tieout.figures.files", "scipy.stats")),
    "3_figures": light,
}
CELL_SECONDS = 600
_INJECTED = "parameters-as-run"
_LONGEST, _WIDEST = 1000, 200
Say = Callable[[str], None]


def run(
    country: str,
    root: Path,
    output: Path,
    settings: dict[str, str] | None = None,
    force: bool = False,
    say: Say = print,
    seconds: int = CELL_SECONDS,
) -> Path:
    """Build the edition of ``country`` and put it in ``output``; return its folder.

    ``settings`` are notebook parameters (``as_of``), ``seconds`` the most that a cell may take. An edition that is whole
    and up to date is left alone unless ``force``. Raises ``problems.Problem``; the last edition is then untouched.
    """
    settings = dict(settings or {})
    parameters = {"country": country, **settings}
    place = output / country
    with _plainly(country):
        sockets.sweep()
        editions.sweep(output, country)
        if not force and editions.unchanged(root, country, place, parameters):
            say(f"{country}: unchanged, nothing to do ({place / 'index.html'})")
            return place
        load(country, root)  # a country that is not there is a wrong argument, before anything is built
        given = {"country": country, "inputs": "inputs", "edition": "edition", **settings}
        if editions.pinned_to() != editions.pinned_to(editions.PYTHONS[0]):
            say(f"{country}: the bytes are of Python {editions.pinned_to()}")
        with _fork_servers() as servers:
            _known(root, given)
            with editions.building(output, country) as workshop:
                edition = _build(country, root, workshop, place, given, parameters, seconds, servers, say)
                heed()
                with held():
                    editions.publish(edition, place)
                    say(f"{country}: done ({place / 'index.html'})")
    return place


@contextmanager
def _fork_servers() -> Iterator[dict[str, ForkServer]]:
    """What each notebook's kernel is forked from; nothing where ``TIEOUT_KERNELS`` asks for plain kernels.

    The validation's imports take longest and everything waits for it: it has a processor to itself, while this process imports
    papermill on another, and only then the next begins.
    """
    kind = os.environ.get("TIEOUT_KERNELS", "warm")
    if kind not in ("warm", "plain"):
        raise Usage(f"TIEOUT_KERNELS is {kind!r}. Set it to warm or to plain, or leave it unset.")
    servers: dict[tuple[str, ...], ForkServer] = {}
    try:
        for imports in dict.fromkeys(IMPORTS.values() if kind == "warm" else ()):
            servers[imports] = ForkServer([sys.executable], imports, environment.of_kernels(Path()))
            importlib.import_module("tieout.kernels")
        yield {name: servers[imports] for name, imports in IMPORTS.items() if imports in servers}
    finally:
        with held():
            for server in servers.values():
                server.close()


def _build(
    country: str,
    root: Path,
    workshop: Path,
    place: Path,
    given: dict[str, str],
    parameters: dict[str, str],
    seconds: int,
    servers: dict[str, ForkServer],
    say: Say,
) -> Path:
    """The whole edition in the workshop, for the place of the last one."""
    edition = _stage(workshop, root, country)
    sources = editions.inputs(root, country, workshop / "inputs")
    for name in NOTEBOOKS:
        heed()
        say(f"{country}: {name}")
        execute(name, root, workshop, given, seconds, servers.get(name))
        if name == NOTEBOOKS[0]:
            judge(edition)
            threading.Thread(target=_import_what_finishes, daemon=True).start()
        if name == NOTEBOOKS[1]:
            corrections.guard(place, edition, _record(country, workshop, parameters))
    heed()
    say(f"{country}: pages")
    finish(country, workshop, sources, parameters)
    return edition


def _known(root: Path, given: dict[str, str]) -> None:
    """Every notebook is there, can be read, and knows these parameters."""
    for name in NOTEBOOKS:
        path = root / "notebooks" / f"{name}.ipynb"
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Usage(f"notebooks/{name}.ipynb is no notebook: {error}. Fetch it again from git.") from None
        checked(path, given)


def _stage(workshop: Path, root: Path, country: str) -> Path:
    """A copy of the inputs, so that an edit during the run changes nothing, and an empty edition beside it."""
    for part in ("data", "seeds"):
        (workshop / "inputs" / part).mkdir(parents=True)
        if (root / part / country).is_dir():
            ignored = shutil.ignore_patterns(*editions.UNCOUNTED) if part == "data" else None
            shutil.copytree(root / part / country, workshop / "inputs" / part / country, symlinks=True, ignore=ignored)
    for path in (root / "data").glob("*.csv"):
        shutil.copy(path, workshop / "inputs" / "data", follow_symlinks=False)
    edition = workshop / "edition"
    (edition / "notebooks").mkdir(parents=True)
    return edition


def execute(
    name: str, root: Path, workshop: Path, parameters: dict[str, str], seconds: int = CELL_SECONDS, server: ForkServer | None = None
) -> Path:
    """Run one notebook in a kernel of its own, its working folder the workshop; return the executed notebook.

    The kernel is forked from ``server``, or a plain one where there is none.
    Raises ``NotebookFails`` where a cell raised, the kernel died, time, memory or patience ran out, or a cell was never run.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from tieout import kernels

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
        if "injected-parameters" in cell["metadata"].get("tags", []):
            cell["id"] = _INJECTED
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip() and not _whole(cell):
            raise NotebookFails(_told(path, "was not run to its end", "".join(cell["source"])))
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="")


def _whole(cell: dict) -> bool:
    """Whether a code cell was run to its end: papermill takes one that called ``sys.exit(0)`` for a success."""
    return bool(cell.get("execution_count")) and all(output["output_type"] != "error" for output in cell["outputs"])


def judge(edition: Path) -> None:
    """End the run where the validation found something: ``DataFails`` for wrong data, ``RuleBroken`` for a broken rule."""
    judge_report(Report.from_json(json.loads((edition / "validation.json").read_text(encoding="utf-8"))))


def judge_report(report: Report) -> None:
    """Raise ``DataFails`` for wrong data, ``RuleBroken`` for a broken rule."""
    if report.broken:
        raise RuleBroken(broken_screen(report))
    if not report.ok:
        raise DataFails(failure_screen(report))


def _import_what_finishes() -> None:
    """Import what writes exports and pages, while a kernel is at work. What goes wrong here goes wrong again there, and is told."""
    with suppress(Exception):
        import scipy.stats

        from tieout.exports import parquet, sdmx
        from tieout.pages import site

        del parquet, scipy, sdmx, site


def finish(country: str, workshop: Path, sources: dict[str, str], parameters: dict[str, str]) -> None:
    """The exports, the pages and the manifest of an edition whose notebooks have run."""
    from tieout.exports import export
    from tieout.pages import build
    from tieout.steps import write_json

    edition, record = workshop / "edition", _record(country, workshop, parameters)
    for name in NOTEBOOKS:
        give_defaults(edition / "notebooks" / f"{name}.ipynb", country)
    write_json(edition / editions.MANIFEST, {})
    export(record, edition)
    build(record, edition)
    write_json(edition / editions.MANIFEST, editions.manifest(country, edition, sources, parameters, signed(record)))


def _record(country: str, workshop: Path, parameters: dict[str, str]) -> Record:
    """The record that the workshop's edition is made from."""
    from tieout.parameters import day

    as_of = parameters.get("as_of", "")
    return load(country, workshop / "inputs", day(as_of) if as_of else None)


def failure_screen(report: Report, most: int = 40) -> str:
    """Every failure as plain text: what, which row, where, the words, what to do next."""
    failures = report.failures
    lines = [line for failure in failures[:most] for line in (*failure.lines(), "")]
    rest = (
        f"… and {len(failures) - most} more; python pipeline.py check {report.country} --all lists them.\n" if len(failures) > most else ""
    )
    tally = f"{_counted(len(failures), 'failure')} in {_counted(len({failure.check for failure in failures}), 'check')}"
    return "\n".join([*lines, f"{rest}{report.country}: {tally}. Mend the rows above; nothing was published."])


def broken_screen(report: Report) -> str:
    """The checks that could not run: the fault is the pipeline's, not the data's."""
    lines = [f"{result.id}: {result.fault}" for result in report.broken]
    told = f"{report.country}: {len(lines)} of the pipeline's own rules could not run."
    told += " This says nothing about the data; report it with these lines."
    return "\n".join([*lines, told])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _told(notebook: Path, what: str, source: str = "") -> str:
    """What a cell did, and its first lines. Cells are counted without the one that papermill puts in."""
    stored = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in stored if "injected-parameters" not in cell["metadata"].get("tags", [])]
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


@contextmanager
def _plainly(country: str) -> Iterator[None]:
    """What the system refuses (a full disk, a folder that may not be written) is a plain message, not a traceback."""
    try:
        yield
    except OSError as error:
        what = _refused(error)
        full = any(os.strerror(code) in what for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
        raise Usage(
            f"{country}: {what}. Nothing was published; the last edition is untouched. "
            f"{'Make room' if full else 'Put that right'}, or name another folder with --output, and run again."
        ) from None


def _refused(error: OSError) -> str:
    """What the system refused, and for which file."""
    if isinstance(error, shutil.Error):  # copying a folder: one entry for each file that failed
        return str(error.args[0][0][2])
    where = error.filename2 or error.filename
    return f"{error.strerror or error}: {where}" if where else f"{error.strerror or error}"
