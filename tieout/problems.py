"""Mistakes and mishaps that end a command, each with the exit status that the command line gives it."""

from __future__ import annotations

import traceback
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent


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


def outcome(error: Exception) -> tuple[int, str]:
    """The exit status and the message of an error that ends a command: a mistake, the system's refusal, or what broke in here."""
    if isinstance(error, Problem):
        return error.status, str(error)
    if isinstance(error, OSError):
        return Usage.status, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
    return RuleBroken.status, _bug(error)


def _bug(error: Exception) -> str:
    """What broke inside the pipeline, and where, in a few lines."""
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(LIBRARY)]
    lines = [f"  {Path(frame.filename).relative_to(LIBRARY.parent).as_posix()}:{frame.lineno} {frame.name}" for frame in places[-5:]]
    told = f"The pipeline itself broke: {type(error).__name__}: {error}"
    return "\n".join([told, *lines, "This says nothing about the data; the editions in place are untouched. Report it with these lines."])
