"""What the codebook is to say of a new metric: given, or asked for on a terminal, beside the metrics that are nearest to it.

First what is counted, then the metrics that say nearly that: whoever finds the metric there ends here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tieout.asking import answered
from tieout.codebook import FIELDS, KINDS, NOTHING, Book, apart_fault, cell_fault_of, normal, parse_apart, wording_faults
from tieout.problems import Usage
from tieout.wording import listed

OPTIONAL = ("decimals", "note")
_ORDER = ("label", "definition", "metric", "unit", "kind", "group", "decimals", "note")
_NONE = "none"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Defined:
    """A metric as ``codebook.add_metric`` takes it."""

    cells: Mapping[str, str]
    wordings: Sequence[str]
    apart: Mapping[str, str] | None
    new_group: bool


def asked(book: Book, given: Defined, say: Say) -> Defined:
    """What is given, and the answers to everything else; each is asked for again until it can stand in the codebook.

    Raises ``Usage`` where something is wrong with what is given, and where nobody answers.
    """
    cells = {name: cell for name, cell in given.cells.items() if cell}
    if wrong := _given_faults(book, cells, given):
        raise Usage("\n".join([*wrong, NOTHING]))
    say("\n".join(["Units:", *(f"  {unit}: {row['label']} ({KINDS[row['kind']]})" for unit, row in sorted(book.units.items()))]))
    say(f"Groups: {listed(book.groups)}")
    for name in _ORDER:
        if name not in cells:
            cells[name] = _cell(book, name, cells, given.new_group)
        if name == "definition":
            say(_near(book, cells))
    wordings = given.wordings or _wordings(book, cells)
    return Defined(cells, wordings, _apart(book, cells) if given.apart is None else given.apart, given.new_group)


def _given_faults(book: Book, cells: Mapping[str, str], given: Defined) -> list[str]:
    """What is wrong with what is given, before anything is asked."""
    row = normal(cells)
    found = [fault for name in cells if (fault := cell_fault_of(book, name, row[name], row, given.new_group))]
    found += wording_faults(book, row, given.wordings) if given.wordings else []
    return found + [fault for one in (given.apart or {}).items() if (fault := apart_fault(book, row["metric"], *one))]


def _cell(book: Book, name: str, cells: Mapping[str, str], new_group: bool) -> str:
    def fault(answer: str) -> str:
        row = normal({**cells, name: answer})
        return cell_fault_of(book, name, row[name], row, new_group)

    default = _default(book, name, cells)
    hint = f" [Enter: {default}]" if default else " [Enter leaves it empty]" if name in OPTIONAL else ""
    return answered(name, f"\n{name}: {FIELDS[name].description}{hint}\n  > ", fault, default, name not in OPTIONAL)


def _default(book: Book, name: str, cells: Mapping[str, str]) -> str:
    """The kind is that of the unit; most metrics are whole numbers."""
    if name == "kind" and cells["unit"] in book.units:
        return KINDS[book.units[cells["unit"]]["kind"]]
    return "0" if name == "decimals" else ""


def _near(book: Book, cells: Mapping[str, str]) -> str:
    near = book.nearest(f"{cells['label']} {cells['definition']}")
    if not near:
        return "No metric is near it."
    told = [f"  {row['metric']}: {row['label']}. {row['definition']}" for row in near]
    return "\n".join(["The nearest metrics. If it is one of these, end with Ctrl-C and use that:", *told])


def _wordings(book: Book, cells: Mapping[str, str]) -> list[str]:
    """Wordings until Enter, one at the least."""
    told = "\nwording: The words that name it in a source, # for the number, * for words between, ' + ' between parts: # convictions\n  > "
    row, found = normal(cells), []
    while True:
        wording = answered("wording", told, lambda answer: "\n  ".join(wording_faults(book, row, [answer])), needed=not found)
        if not wording:
            return found
        found.append(wording)
        told = "\nwording: another [Enter: no more]\n  > "


def _apart(book: Book, cells: Mapping[str, str]) -> dict[str, str]:
    """Metrics and reasons until Enter; that there is none has to be said."""
    metric = cells["metric"]

    def fault(answer: str) -> str:
        if answer == _NONE and not found:
            return ""
        try:
            return next(apart_fault(book, metric, *one) for one in parse_apart([answer]).items())
        except Usage:
            return f"Write OTHER=why the two must not be compared{'' if found else f', or {_NONE}'}."

    near = listed([row["metric"] for row in book.nearest(f"{cells['label']} {cells['definition']}")])
    told = f"\nnot with: A metric that it must not be compared with, and why: OTHER=reason; or {_NONE}. Nearest: {near or _NONE}\n  > "
    found: dict[str, str] = {}
    while True:
        answer = answered("not with", told, fault, needed=not found)
        if answer in ("", _NONE):
            return found
        found |= parse_apart([answer])
        told = "\nnot with: another [Enter: no more]\n  > "
