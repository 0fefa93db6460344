"""Mistakes and mishaps that end a command, each with the exit status that the command line gives it."""

from __future__ import annotations


class Problem(Exception):
    """Ends a command with a plain message: what is wrong, where, and what to do next."""

    status = 2

    def __init__(self, message: str = "", status: int | None = None) -> None:
        super().__init__(message)
        if status is not None:
            self.status = status


class Usage(Problem):
    """A parameter, a path or a command line that cannot be meant (exit status 2)."""

    status = 2


class DataFails(Problem):
    """The data fails a check (exit status 1)."""

    status = 1


class NotebookFails(Problem):
    """A notebook raised, died or ran out of time (exit status 3)."""

    status = 3


class RuleBroken(Problem):
    """The pipeline's own rule could not run (exit status 4)."""

    status = 4
