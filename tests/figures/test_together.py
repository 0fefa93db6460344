"""Figures drawn by several processes: the same as by one, in the same order, and the first error is told."""

from __future__ import annotations

import os
import sys

import pytest

from tieout.figures import style
from tieout.figures.together import together

TEXTS = [f"{place} victims identified in {1900 + place}, {letter}" for place in range(60) for letter in "ÀÖŁőЖИ"]
ONE = {min(os.sched_getaffinity(0))} if sys.platform == "linux" else set()


def measured(start: int) -> tuple[int, list[float]]:
    """Which process measures, and the widths of a share of the texts; each letter is read from the font's file."""
    style.text_width.cache_clear()
    style._width_at_100.cache_clear()
    return os.getpid(), [style.text_width(text, 12, face) for text in TEXTS[start::6] for face in style.FACES]


def refused(number: int) -> int:
    if number == 3:
        raise ValueError("the third")
    return number


@pytest.mark.skipif(len(ONE) == 0 or len(os.sched_getaffinity(0)) < 2, reason="one processor, or no Linux: nothing is forked")
def test_processes_share_no_open_font() -> None:
    with style.house("test"):
        wanted = [measured(start)[1] for start in range(6)]
        for _ in range(5):
            with together() as each:
                found = each(measured, list(range(6)))
            assert [widths for _, widths in found] == wanted
            assert os.getpid() not in {process for process, _ in found}


def test_the_first_error_is_raised_and_nothing_hangs() -> None:
    with pytest.raises(ValueError, match="the third"), together() as each:
        each(refused, [1, 2, 3, 4])


@pytest.mark.skipif(sys.platform != "linux", reason="processors are given to a process on Linux alone")
def test_on_one_processor_nothing_is_forked() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ONE)
    try:
        with together() as each:
            assert each(lambda one: (one, os.getpid()), [1, 2]) == [(1, os.getpid()), (2, os.getpid())]
    finally:
        os.sched_setaffinity(0, before)
