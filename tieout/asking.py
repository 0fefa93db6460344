"""Settling what the register says of a new document: what a person gave, what was guessed and taken, and what has to be asked.

On a terminal each cell is asked for, and Enter takes the guess. Elsewhere nothing is guessed silently: what lacks is named all at once,
with the guesses as options to paste.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tieout.guesses import Guess
from tieout.problems import Usage
from tieout.schema import COUNTRY

ASKED = ("country", "title", "publisher", "series", "published", "published_basis", "document", "source_url", "rights", "note")
REQUIRED = ("country", "title", "publisher", "series", "published", "published_basis", "document", "rights")
MEANT = {field.name: field.description for field in COUNTRY["documents"].fields}
Guessing = Callable[[Mapping[str, str]], Mapping[str, Guess]]
Faults = Callable[[str, str], str]


def on_terminal() -> bool:
    """Whether a person can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def settled(
    file: Path, given: Mapping[str, str], guessing: Guessing, fault: Faults, yes: bool, say: Callable[[str], None]
) -> dict[str, str]:
    """The cells of the register. ``guessing`` guesses from the cells that are settled so far, ``fault`` tells what is wrong with a cell.

    Raises ``Usage`` where a cell lacks and nobody can be asked.
    """
    cells = {name: value for name, value in given.items() if value}
    if cells.get("published"):
        cells.setdefault("published_basis", "stated")
    if yes:
        for name, guess in _taken(cells, guessing, fault).items():
            say(f"{_option(name)} {shlex.quote(guess.value)}: guessed from {guess.source}")
            cells[name] = guess.value
    lacking = [name for name in REQUIRED if name not in cells]
    if lacking and on_terminal():
        return _answers(cells, guessing, fault, yes)
    if lacking and not yes:
        raise Usage(_lacking(file, lacking, guessing(cells), fault))
    if lacking:
        raise Usage(_lacking(file, lacking, guessing(cells), fault, "--yes takes no guess at them. "))
    return dict.fromkeys(ASKED, "") | cells


def _taken(cells: Mapping[str, str], guessing: Guessing, fault: Faults) -> dict[str, Guess]:
    """The guesses that --yes takes: those that the register could hold, and never the rights."""
    open_ones = {name: guess for name, guess in guessing(cells).items() if name != "rights" and name not in cells}
    return {name: guess for name, guess in open_ones.items() if not fault(name, guess.value)}


def _answers(cells: dict[str, str], guessing: Guessing, fault: Faults, yes: bool) -> dict[str, str]:
    """Ask for every cell that is not settled; with ``yes``, only for those that the register needs."""
    for name in ASKED:
        if name in cells or (yes and name not in REQUIRED):
            continue
        guess = guessing(cells).get(name)
        cells[name] = _answer(name, guess if guess and not fault(name, guess.value) else None, fault)
    return dict.fromkeys(ASKED, "") | cells


def _answer(name: str, guess: Guess | None, fault: Faults) -> str:
    """Ask until the answer is one that the register can hold."""
    needed = name in REQUIRED
    told = f"\n{name}: {MEANT[name]}\n"
    if guess:
        told += f"  guessed from {guess.source}: {guess.value}\n  [Enter takes it] > "
    else:
        told += f"  not known{'' if needed else ' [Enter leaves it empty]'} > "
    return answered(name, told, lambda answer: fault(name, answer), guess.value if guess else "", needed)


def answered(name: str, told: str, fault: Callable[[str], str], default: str = "", needed: bool = True) -> str:
    """Ask with ``told`` until ``fault`` finds nothing wrong; Enter gives ``default``, or nothing where none is ``needed``.

    Raises ``Usage`` where nobody answers.
    """
    while True:
        try:
            answer = input(told).strip() or default
        except EOFError:
            raise Usage(f"No answer for {name}. Nothing was changed.") from None
        if not answer and not needed:
            return ""
        wrong = fault(answer)
        if not wrong:
            return answer
        told = f"  {wrong}\n  > "


def _lacking(file: Path, lacking: list[str], guesses: Mapping[str, Guess], fault: Faults, why: str = "") -> str:
    """Every option that lacks, with its guess, and a line to paste."""
    usable = {name: guess for name, guess in guesses.items() if not fault(name, guess.value)}
    lines = [f"{file}: the register needs {len(lacking)} more. {why}Nothing was changed."]
    for name in lacking:
        guess = usable.get(name)
        told = f"{shlex.quote(guess.value)}    guessed from {guess.source}" if guess else f"…    not known: {MEANT[name]}"
        lines.append(f"  {_option(name)} {told}")
    also = ["source_url"] if "source_url" in usable else []
    lines += [
        f"  {_option(name)} {shlex.quote(usable[name].value)}    guessed from {usable[name].source}; may be left out" for name in also
    ]
    pasted = " ".join(f"{_option(name)} {shlex.quote(usable[name].value) if name in usable else '…'}" for name in [*lacking, *also])
    lines.append(f"Read each against the document, then add them:\n  {pasted}")
    if not why:
        lines.append("--yes takes every guess but that at the rights.")
    return "\n".join(lines)


def _option(column: str) -> str:
    return f"--{column.replace('_', '-')}"
