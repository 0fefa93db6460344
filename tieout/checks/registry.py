"""The registry of the checks on a record, and how one says what is wrong with a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tieout.record import Record, Row
from tieout.report import Failure

Check = Callable[[Record], Iterable[Failure]]
FORM: dict[str, tuple[str, Check]] = {}
MEANING: dict[str, tuple[str, Check]] = {}


def entered(into: dict[str, tuple[str, Check]], name: str, title: str) -> Callable[[Check], Check]:
    """Enter a check into a registry under its name, with the promise that it holds."""

    def enter(run: Check) -> Check:
        into[name] = (title, run)
        return run

    return enter


def failure_of(row: Row, name: str, column: str, message: str, words: str = "") -> Failure:
    """A failure of one row and one of its cells."""
    return Failure(name, message, (row.id,), column, row.cells.get(column, ""), row.where, words)
