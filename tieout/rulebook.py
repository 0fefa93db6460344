"""The registry of the row rules: what a rule is, and how one is entered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class RowRule:
    """A rule: its name, what it promises, the column at fault, and the function that judges a row."""

    id: str
    title: str
    column: str
    judge: Callable[..., str | None]

    @cached_property
    def columns(self) -> list[str]:
        """The columns that the rule reads."""
        return list(inspect.signature(self.judge).parameters)

    def message(self, cells: Mapping[str, str]) -> str | None:
        """What is wrong with the row, or None."""
        return self.judge(**{column: cells[column] for column in self.columns})


RULES: dict[str, RowRule] = {}


def rule(identifier: str, title: str, column: str) -> Callable:
    """Register a judging function as the rule ``identifier``."""

    def register(judge: Callable[..., str | None]) -> Callable[..., str | None]:
        RULES[identifier] = RowRule(identifier, title, column, judge)
        return judge

    return register
