"""Editions built one after the other in this process, whose kernels are forked from the same servers and whose imports are done once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tieout.current import run
from tieout.fleet import Edition, Failure, Order, Say, reason
from tieout.problems import outcome
from tieout.servers import Servers


@dataclass(frozen=True)
class Task:
    """What all editions of a command have in common: where from, with which parameters and limits, and whether every step is done."""

    root: Path
    given: Mapping[str, str]
    force: bool
    seconds: int


def build(task: Task, named: Sequence[Edition], place_of: Callable[[Edition], Path], say: Say, complain: Say) -> list[Failure]:
    """Build editions, each in the folder that ``place_of`` names; give the failures, each told in full when it happens."""
    failures = []
    with Servers() as servers:
        for edition in named:
            status, message = _built(task, edition, place_of(edition), say, servers)
            if status:
                complain(message)
                failures.append(Failure(edition, status, reason(message, edition.country)))
    return failures


def take(task: Task, orders: Iterable[str], told: int) -> None:
    """Build the edition that each line of ``orders`` asks for; its progress, status and message go to the descriptor ``told``.

    ``fleet`` starts processes that do this, and reads what they tell.
    """
    with Servers() as servers, os.fdopen(told, "w", encoding="utf-8") as stream:

        def tell(**what: object) -> None:
            print(json.dumps(what), file=stream, flush=True)

        for line in orders:
            order = Order.read(line)
            status, message = _built(task, order.edition, order.output, lambda said: tell(said=said), servers)
            tell(status=status, message=message)


def _built(task: Task, edition: Edition, output: Path, say: Say, servers: Servers) -> tuple[int, str]:
    """Build one edition; the exit status that it ends with, and the message."""
    try:
        run(edition.country, task.root, output, edition.settings(task.given), task.force, say, task.seconds, servers=servers)
    except Exception as error:
        return outcome(error)
    return 0, ""
