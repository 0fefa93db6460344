"""Figures drawn at the same time, on as many processors as this process may use; the files are the same whoever draws them."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

from tieout.figures.plan import Plan

Told = TypeVar("Told")


class Each(Protocol):
    """Does something for each plan, and gives what each came to, in the order of the plans; the first error is raised."""

    def __call__(self, work: Callable[[Plan], Told], plans: list[Plan]) -> list[Told]: ...


@contextmanager
def together() -> Iterator[Each]:
    """Processes forked from this one that draw; none where there is one processor, or where forking is not safe."""
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if processors == 1:
        yield lambda work, plans: list(map(work, plans))
        return
    with ProcessPoolExecutor(processors, multiprocessing.get_context("fork")) as pool:
        yield lambda work, plans: list(pool.map(work, plans))
