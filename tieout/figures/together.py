"""Figures drawn at the same time, on as many processors as this process may use; the files are the same whoever draws them."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

One, Told = TypeVar("One"), TypeVar("Told")


class Each(Protocol):
    """Does something for each of several, and gives what each came to, in their order; the first error is raised."""

    def __call__(self, work: Callable[[One], Told], several: list[One]) -> list[Told]: ...


@contextmanager
def together() -> Iterator[Each]:
    """Processes forked from this one that draw; none where there is one processor, or where forking is not safe."""
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if processors == 1:
        yield lambda work, several: list(map(work, several))
        return
    with ProcessPoolExecutor(processors, multiprocessing.get_context("fork")) as pool:
        yield lambda work, several: list(pool.map(work, several))
