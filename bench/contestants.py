"""Who builds the same edition, and by which commands: ours, the rivals, and the limit.

Each trial starts from a fresh copy of the repository. Rivals work in the copy's notebooks/ folder, where the notebooks' own parameters
name the keyed data and the edition.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NOTEBOOKS = ("1_validate", "2_trends", "3_figures")
OURS, JOBS, LIMIT, SNAKEMAKE = "ours", "ours, two at a time", "the limit", "Snakemake"
COLD, UNCHANGED, FURTHER, EXECUTION, LAST = "cold", "unchanged", "three editions", "notebooks", "last step"
EXECUTED = "outputs/bel/notebooks"


@dataclass(frozen=True)
class Phase:
    """A part of a trial that is timed by itself: commands one after the other in a folder of the copy.

    ``makes`` are the editions that are then held against those of the others: each folder, by its day (empty: as of everything).
    """

    name: str
    commands: tuple[tuple[object, ...], ...]
    folder: str = "."
    makes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trial:
    """A contestant at work in a copy of its own."""

    name: str
    tool: str
    phases: tuple[Phase, ...]
    folders: tuple[str, ...] = ()


def trials(executed: Path, days: Sequence[str], as_of: str = "") -> list[Trial]:
    """Every trial; ours first. ``executed`` is a folder with executed notebooks, for the limit; ``days`` are those of further editions.

    With ``as_of`` a first edition is as of that day; the rivals that cannot be told it are left out.
    """
    return [*_ours(days, as_of), *_limit(executed, days, as_of), *([] if as_of else _rivals())]


def _whole(as_of: str) -> tuple[tuple[str, str], ...]:
    return ((as_of, "outputs/bel"),)


def _each(days: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((day, f"outputs/{day}/bel") for day in days)


def _ours(days: Sequence[str], as_of: str) -> list[Trial]:
    run = (sys.executable, "pipeline.py", "run", "bel")
    one = (*run, "--as-of", as_of) if as_of else run
    several = (*run, *(word for day in days for word in ("--as-of", day)))
    return [
        Trial(OURS, "tieout", (Phase(COLD, (one,), makes=_whole(as_of)), Phase(UNCHANGED, (one,), makes=_whole(as_of)))),
        Trial(OURS, "tieout", (Phase(FURTHER, (several,), makes=_each(days)),)),
        Trial(JOBS, "tieout", (Phase(FURTHER, ((*several, "--jobs", "2"),), makes=_each(days)),)),
    ]


def _limit(executed: Path, days: Sequence[str], as_of: str) -> list[Trial]:
    limit = (sys.executable, "-m", "bench.limit", executed)
    return [
        Trial(LIMIT, "python", (Phase(COLD, ((*limit, *([as_of] if as_of else [])),), makes=_whole(as_of)),)),
        Trial(LIMIT, "python", (Phase(FURTHER, ((*limit, *days),), makes=_each(days)),)),
    ]


def _rivals() -> list[Trial]:
    python, tools = sys.executable, Path(sys.executable).parent
    ploomber, jcache, named = tools / "ploomber-engine", tools / "jcache", [f"{name}.ipynb" for name in NOTEBOOKS]
    snakemake = (python, "-m", "snakemake", "--snakefile", "bench/Snakefile", "--cores", "all")
    return [
        _rival("nbconvert --execute", "nbconvert", [
            (python, "-m", "nbconvert", "--execute", "--to", "notebook", "--output-dir", f"../{EXECUTED}", *named)]),
        _rival("papermill's command line", "papermill", [
            (python, "-m", "papermill", "--no-progress-bar", name, f"../{EXECUTED}/{name}") for name in named]),
        _rival("ploomber-engine", "ploomber-engine", [
            (ploomber, "--no-progress-bar", name, f"../{EXECUTED}/{name}") for name in named]),
        _rival("jupyter-cache", "jupyter-cache", [
            (jcache, "notebook", "add", *named), (jcache, "project", "execute", "--timeout", "600"),
            *((jcache, "notebook", "merge", name, f"../{EXECUTED}/{name}") for name in named)], ("notebooks/.jupyter_cache",)),
        Trial(SNAKEMAKE, "snakemake", (Phase(COLD, (snakemake,), makes=_whole("")), Phase(UNCHANGED, (snakemake,), makes=_whole("")))),
    ]  # fmt: skip


def _rival(name: str, tool: str, commands: list[tuple[object, ...]], folders: tuple[str, ...] = ()) -> Trial:
    """One that executes notebooks; the last step is the same script for all."""
    last = Phase(LAST, ((sys.executable, "-m", "bench.last_step"),), makes=_whole(""))
    return Trial(name, tool, (Phase(EXECUTION, tuple(commands), "notebooks"), last), (EXECUTED, *folders))
