"""How time and memory grow with documents, rows and countries, measured on synthetic worlds (``make scale``; writes docs/scale.md).

Each measure runs in a process of its own: the libraries are imported first, and only what comes after is counted, so that a start that
costs the same for one document and for twenty-five cannot hide a growth. Processor time, not the clock: others use the machine too.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.world import REPOSITORY, World

PAGE = REPOSITORY / "docs" / "scale.md"
BEGIN, END = "<!-- written by make scale -->", "<!-- end of what make scale writes -->"
MOST = 1.1  # an exponent above this is faster than linear
DOCUMENTS, ROWS, OTHERS = (1, 2, 5, 10, 25), (20, 50, 100, 200), (0, 9, 99)
FEW_DOCUMENTS, FEW_ROWS, FEW_OTHERS = (2, 8), (20, 80), (0, 9)
COUNTRY, MANY = "xaa", 4
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


@dataclass(frozen=True)
class Cost:
    """What a step took of a size: seconds of processor time, and the peak of the process's memory in MiB."""

    seconds: float
    mebibytes: float


Costs = dict[int, dict[str, Cost]]  # by size, by step


def steps(root: Path, workshop: Path) -> Iterable[tuple[str, Callable[[], object]]]:
    """What a run does, step by step, without the kernels, whose start costs every edition the same."""
    from tieout import editions, running
    from tieout.checks import check
    from tieout.finishing import finish
    from tieout.record import load
    from tieout.signing import signed
    from tieout.steps import Step, figures, trends, validate, write_json

    edition = running.staged(workshop, root, COUNTRY)
    sources = editions.inputs(root, COUNTRY, workshop / "inputs")
    for name in running.NOTEBOOKS:
        shutil.copy(root / "notebooks" / f"{name}.ipynb", edition / "notebooks")
    yield "hashing", lambda: editions.inputs(root, COUNTRY)
    yield "check", lambda: check(COUNTRY, root)
    yield "validate", lambda: validate(Step(COUNTRY, workshop / "inputs", edition))
    yield "trends", lambda: trends(Step(COUNTRY, workshop / "inputs", edition))
    yield "figures", lambda: figures(Step(COUNTRY, workshop / "inputs", edition))
    record = load(COUNTRY, workshop / "inputs")
    yield "pages", lambda: finish(record, edition)
    parameters = {"country": COUNTRY}
    write_json(edition / editions.MANIFEST, editions.manifest(COUNTRY, edition, sources, parameters, signed(record)))
    shutil.copytree(edition, workshop / "outputs" / COUNTRY)
    place = workshop / "outputs" / COUNTRY
    yield "unchanged", lambda: editions.unchanged(root, COUNTRY, place, parameters)


def measured(root: Path) -> dict[str, Cost]:
    """In this process: each step's cost, the libraries being imported before."""
    import matplotlib.pyplot  # noqa: F401
    import scipy.stats  # noqa: F401

    import tieout.exports
    import tieout.figures.files
    import tieout.pages  # noqa: F401
    from tieout.checks import check

    check(COUNTRY, root)  # what is made at the first call, and kept
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, step in steps(root, Path(folder)):
            begun = _used()
            done = step()
            assert name != "unchanged" or done, "the edition is not unchanged"
            found[name] = Cost(_used() - begun, max(resource.getrusage(who).ru_maxrss for who in WHO) / 1024)
    return found


def _used() -> float:
    """Seconds of processor time so far, of this process and of those that it waited for: they draw figures."""
    used = [resource.getrusage(who) for who in WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)


def cost_of(world: World, folder: Path) -> dict[str, Cost]:
    """The costs of one country of a world, measured in a process of its own."""
    root = folder / f"{world.countries}-{world.years}-{world.rows}"
    world.write(root)
    done = subprocess.run(
        [sys.executable, "-m", "bench.scale", "--measure", str(root)], capture_output=True, text=True, check=True, cwd=REPOSITORY,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    shutil.rmtree(root)
    return {name: Cost(*cost) for name, cost in json.loads(done.stdout).items()}


def exponent(sizes: Iterable[float], costs: Iterable[float]) -> float:
    """The power of its size with which a cost grows: the slope of the line of least squares through the logarithms."""
    points = [(math.log(size), math.log(max(cost, 1e-4))) for size, cost in zip(sizes, costs, strict=True)]
    middle, height = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((x - middle) * (y - height) for x, y in points) / sum((x - middle) ** 2 for x, _ in points)


def grown(costs: Costs) -> dict[str, float]:
    """The exponent of each step's time, from the sizes at which it takes long enough to be measured (a hundredth of a second)."""
    found = {}
    for step in next(iter(costs.values())):
        sizes = [size for size in costs if size and costs[size][step].seconds >= 0.01]
        if len(sizes) > 1:
            found[step] = exponent(sizes, [costs[size][step].seconds for size in sizes])
    return found


def culprits(costs: Costs, others: Costs) -> list[str]:
    """The steps that grow faster than linearly, and those that cost more because other countries exist."""
    found = [f"{step} grows with the power {power:.2f}" for step, power in grown(costs).items() if power > MOST]
    alone, among = others[min(others)], others[max(others)]
    return found + [
        f"{step} costs {among[step].seconds:.2f} s among {max(others)} other countries, {alone[step].seconds:.2f} s alone"
        for step in alone
        if among[step].seconds > 1.25 * alone[step].seconds + 0.05
    ]


def table(named: str, costs: Costs) -> list[str]:
    """The costs as a table, a line for each size; below it the exponents."""
    names = list(next(iter(costs.values())))
    lines = [f"| {named} | {' | '.join(names)} | peak memory |", f"|---:|{'---:|' * (len(names) + 1)}"]
    for size, of in costs.items():
        lines.append(
            f"| {size} | {' | '.join(f'{of[name].seconds:.2f}' for name in names)} | {max(one.mebibytes for one in of.values()):.0f} |"
        )
    powers = grown(costs)
    return lines + (
        [f"| exponent | {' | '.join(f'{powers[name]:.2f}' if name in powers else '–' for name in names)} | |"] if 0 not in costs else []
    )


def page(documents: Costs, rows: Costs, others: Costs) -> str:
    """The section of docs/scale.md that this command writes."""
    parts = [
        "Seconds of processor time and MiB, of the work alone: starting Python and kernels is left out.", "",
        "One country, a document of 85 rows each year:", "", *table("documents", documents), "",
        f"One country, {MANY} documents:", "", *table("rows a document", rows), "",
        "One country of two documents, among others:", "", *table("other countries", others),
    ]  # fmt: skip
    return "\n".join(parts)


def written(text: str, section: str) -> str:
    """The page with its section put in the place of the last one."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{section}\n\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Measure, print, write the page; status 1 where something grows faster than linearly."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="two sizes of each, and write nothing")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    for name, usual in (("documents", DOCUMENTS), ("rows", ROWS), ("others", OTHERS)):
        parser.add_argument(f"--{name}", type=int, nargs="+", default=usual, help=f"sizes (default: {' '.join(map(str, usual))})")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps({name: [cost.seconds, cost.mebibytes] for name, cost in measured(options.measure).items()}))
        return 0
    sizes = (FEW_DOCUMENTS, FEW_ROWS, FEW_OTHERS) if options.quick else (options.documents, options.rows, options.others)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        documents = {size: cost_of(World(1, size, 85), place) for size in sizes[0]}
        rows = {size: cost_of(World(1, MANY, size), place) for size in sizes[1]}
        others = {size: cost_of(World(size + 1, 2, 85), place) for size in sizes[2]}
    section = page(documents, rows, others)
    print(section)
    if not options.quick:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), section), encoding="utf-8", newline="")
    found = [f"with documents: {one}" for one in culprits(documents, others)] + [f"with rows: {one}" for one in culprits(rows, others)]
    for line in dict.fromkeys(found):
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
