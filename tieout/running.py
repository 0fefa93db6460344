"""A run: the notebooks in sequence, the pages, the manifest, and the edition into its place. What nothing changed is not done again."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tieout import corrections, editions
from tieout.executing import CELL_SECONDS, execute, with_prose
from tieout.finishing import finish
from tieout.interrupts import heed, held
from tieout.keeping.making import Making
from tieout.keeping.reads import of_kernel, watched
from tieout.keeping.recipe import STAGES, Stage
from tieout.parameters import checked, give_defaults
from tieout.problems import DataFails, RuleBroken, Usage
from tieout.record import Record, load
from tieout.report import Report
from tieout.servers import Servers
from tieout.signing import signed
from tieout.steps import write_json

VALIDATE, TRENDS, FIGURES, PAGES = STAGES
EXECUTED = (VALIDATE, TRENDS, FIGURES)
NOTEBOOKS = tuple(stage.notebook for stage in EXECUTED)
Say = Callable[[str], None]


def run(
    country: str,
    root: Path,
    output: Path,
    settings: dict[str, str] | None = None,
    force: bool = False,
    say: Say = print,
    seconds: int = CELL_SECONDS,
    *,
    servers: Servers,
) -> Path:
    """Build the edition of ``country`` and put it in ``output``; return its folder.

    ``settings`` are notebook parameters (``as_of``), ``seconds`` the most that a cell may take, ``servers`` those of all the editions
    of a command. A step that nothing changed for is taken from what was kept of it, unless ``force``.
    Raises ``problems.Problem``; the last edition is then untouched.
    """
    settings = dict(settings or {})
    parameters = {"country": country, **settings}
    place = output / country
    with _plainly(country):
        load(country, root)  # a country that is not there is a wrong argument, before anything is built
        given = {"country": country, "inputs": "inputs", "edition": "edition", **settings}
        if editions.pinned_to() != editions.pinned_to(editions.PYTHONS[0]):
            say(f"{country}: the bytes are of Python {editions.pinned_to()}")
        _readable(root)
        making = Making(country, root, given, force, say)
        servers.hold(making.method)
        for stage in filter(making.nothing_kept, EXECUTED):
            servers.start(stage.notebook)
        with editions.building(output, country) as workshop:
            edition = _build(making, servers, workshop, place, parameters, seconds)
            heed()
            with held():
                editions.publish(edition, place)
                say(f"{country}: done ({place / 'index.html'})")
    return place


def _build(making: Making, servers: Servers, workshop: Path, place: Path, parameters: dict[str, str], seconds: int) -> Path:
    """The whole edition in the workshop, for the place of the last one."""
    country, inputs, edition = making.country, workshop / "inputs", staged(workshop, making.root, making.country)
    sources = editions.inputs(making.root, country, inputs)
    making.begin(workshop, sources, STAGES)
    for stage in filter(making.must_run, EXECUTED):
        servers.start(stage.notebook)
        checked(inputs / "notebooks" / f"{stage.notebook}.ipynb", making.given)

    def notebook(stage: Stage) -> set[str]:
        if stage is not VALIDATE:
            threading.Thread(target=_import_what_finishes, daemon=True).start()
        execute(stage.notebook, inputs, workshop, making.given, seconds, servers.start(stage.notebook))
        if stage is VALIDATE:
            judge(edition)
        return of_kernel(workshop)

    def pages(_: Stage) -> set[str]:
        with watched() as read:
            finish(record, edition)
        return read

    for stage in EXECUTED:
        making.step(stage, notebook)
        path = edition / "notebooks" / f"{stage.notebook}.ipynb"
        with_prose(path, inputs / "notebooks" / path.name)
        give_defaults(path, country)
        if stage is TRENDS:
            corrections.guard(place, edition, _record(country, workshop, parameters))
    record = _record(country, workshop, parameters)
    making.step(PAGES, pages)
    write_json(edition / editions.MANIFEST, editions.manifest(country, edition, sources, parameters, signed(record)))
    return edition


def _readable(root: Path) -> None:
    """Every notebook is there and can be read."""
    for stage in EXECUTED:
        try:
            json.loads((root / "notebooks" / f"{stage.notebook}.ipynb").read_text(encoding="utf-8"))
        except ValueError as error:
            raise Usage(f"notebooks/{stage.notebook}.ipynb is no notebook: {error}. Fetch it again from git.") from None


def staged(workshop: Path, root: Path, country: str) -> Path:
    """A copy of the inputs, so that an edit during the run changes nothing, and an empty edition beside it."""
    for part in ("data", "seeds"):
        (workshop / "inputs" / part).mkdir(parents=True)
        if (root / part / country).is_dir():
            ignored = shutil.ignore_patterns(*editions.UNCOUNTED) if part == "data" else None
            shutil.copytree(root / part / country, workshop / "inputs" / part / country, symlinks=True, ignore=ignored)
    for path in (root / "data").glob("*.csv"):
        shutil.copy(path, workshop / "inputs" / "data", follow_symlinks=False)
    shutil.copytree(root / "notebooks", workshop / "inputs" / "notebooks", ignore=shutil.ignore_patterns(".*"))
    edition = workshop / "edition"
    (edition / "notebooks").mkdir(parents=True)
    return edition


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
        from scipy.special import betaincinv

        from tieout.exports import parquet, sdmx
        from tieout.pages import site

        del betaincinv, parquet, sdmx, site


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
