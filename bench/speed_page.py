"""The benchmark as a page of Markdown: what was measured and how, the tables, and the targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.contestants import EXECUTION, OURS
from bench.metering import Cost
from bench.standings import Measure, Round, Target, costs, further, middle, ratio, unchanged, whole

HEAD = """# How fast it is

Written by `make bench`; do not edit.

## What is measured

The same job for all: the whole edition of Belgium from a fresh copy of the repository. The three notebooks are executed in order, and then
the last step writes exports and pages, the notebooks rendered to HTML among them. For the rivals the last step is one script that they
share (`bench/last_step.py`); in a run of ours and in Snakemake's rules it is inside. The column "notebooks" is their execution alone,
without HTML and last step. After each run everything but the notebooks, their pages with code and the manifest must be the same bytes as
ours; otherwise the benchmark ends with an error.

- **Ours**: `pipeline.py run bel` with nothing kept; the same again, unchanged; and three editions in one command (`--as-of` three times).
- **The limit**: the notebooks' cells in one plain Python process on one core, with no kernel. No notebook is executed, so its last step
  renders those that a run of ours executed.
- **One edition more**: for ours and the limit, the time of three editions in one command less that of one, halved. A rival does its whole
  run again.

All run in one environment (`bench/requirements.lock`), with the same variables, their bytecode compiled, and nothing sent over a network.
A first round is not timed: it fills the caches, and memory is looked at in it (the largest sum of proportional set sizes of all processes
of a contestant, every 100 ms). Then the rounds go through the contestants forwards and backwards in turn.

How to read it: a machine that does other work as well may be twice as slow a minute later. "× ours" is worked out within each round,
and its median given, so it holds where the seconds do not; processor time is steadier still. In brackets: the lowest and the highest.
"""

UNTIMED = "**A trial and no measurement**: one round, caches cold, while memory was looked at, all of which makes it slower,"


@dataclass(frozen=True)
class Where:
    """What it was measured with: the contestants' versions, packages in other versions than the pipeline's, and how many cores."""

    versions: Mapping[str, str]
    otherwise: list[str]
    cores: int


def told(seconds: Iterable[float]) -> str:
    """A median with the lowest and the highest, or the one number that there is."""
    found = sorted(seconds)
    digits = 1 if found[-1] >= 3 else 2
    half = len(found) // 2
    centre = found[half] if len(found) % 2 else (found[half - 1] + found[half]) / 2
    return f"{centre:.{digits}f} ({found[0]:.{digits}f}–{found[-1]:.{digits}f})" if len(found) > 1 else f"{centre:.{digits}f}"


def table(rounds: list[Round], memory: Round, names: Iterable[str], measure: Measure, notebooks: bool = False) -> list[str]:
    """A line for each contestant that was measured, the quickest first."""
    measured = {name: found for name in dict.fromkeys(names) if (found := costs(rounds, measure, name))}
    extra = ["notebooks, wall s"] if notebooks else []
    heads = ["", "wall s", "processor s", *extra, "× ours, wall", "× ours, processor", "peak memory, MiB"]
    lines = [f"| {' | '.join(heads)} |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    for name in sorted(measured, key=lambda one: middle(measured[one]).wall):
        peak = measure(memory, name) or Cost()
        cells = [name, told(one.wall for one in measured[name]), told(one.processor for one in measured[name])]
        if notebooks:
            alone = [one[name, EXECUTION].wall for one in rounds if (name, EXECUTION) in one]
            cells.append(told(alone) if alone else "–")
        cells += [_times(ratio(rounds, measure, name, OURS, processor)) for processor in (False, True)]
        lines.append(f"| {' | '.join([*cells, f'{peak.mebibytes:.0f}' if peak.mebibytes else '–'])} |")
    return lines


def _times(found: float | None) -> str:
    return "–" if found is None else f"{found:.2f}" if found < 10 else f"{found:.0f}"


def verdicts(found: Iterable[Target]) -> list[str]:
    """The targets, each with what was measured."""
    lines = ["| target | wanted | measured | by processor time | |", "|---|---:|---:|---:|---|"]
    return lines + [
        f"| {one.name} | {'≤' if one.most else '≥'} {one.wanted:g} | {_ratio(one.found)} | {_ratio(one.processor)} | {one.verdict} |"
        for one in found
    ]


def _ratio(found: float | None) -> str:
    return "–" if found is None else f"{found:.2f}"


def page(rounds: list[Round], memory: Round, names: list[str], found: list[Target], kernels: list[str], where: Where) -> str:
    """The whole page. ``kernels`` is the table of their memory; without rounds, times are of the one where memory was looked at."""
    counted = f"{len(rounds)} timed round{'s' * (len(rounds) > 1)}" if rounds else UNTIMED
    rounds = rounds or [memory]
    sections = {
        "A whole edition, from nothing": table(rounds, memory, names, whole, notebooks=True),
        "One edition more": table(rounds, memory, names, further),
        "Nothing changed": table(rounds, memory, names, unchanged),
        "Eight kernels at once": kernels,
        "Targets": ["Wall time decides: the median of the rounds' ratios.", "", *verdicts(found)],
    }
    text = [HEAD.rstrip("\n"), "", "## Measured", "", f"{counted} on {where.cores} cores. {_listed(where.versions)}."]
    if where.otherwise:
        text.append(f"In other versions than the pipeline's own (in brackets), because a rival asks for it: {', '.join(where.otherwise)}.")
    for title, lines in sections.items():
        text += ["", f"### {title}", "", *(lines or ["Not measured."])]
    return "\n".join(text) + "\n"


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
