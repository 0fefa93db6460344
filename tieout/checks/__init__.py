"""Every check on a country's record, and the report that gathers them.

First the form: files that can be read and sources that are what was registered. Only a record whose form is right is
judged further, so that one bad file gives one clear message. A check that raises is reported as broken.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from tieout.checks import accounts, form, relations
from tieout.checks.registry import FORM, MEANING, Check
from tieout.record import Record, load
from tieout.report import BROKEN, FAIL, PASS, CheckResult, Report

__all__ = ["FORM", "MEANING", "accounts", "all_titles", "check", "check_record", "form", "relations"]


def check(country: str, root: Path | str = ".", as_of: date | None = None) -> Report:
    """Every check on the record of ``country`` under ``root``.

    Raises ``problems.Usage`` where there is no such country. Wrong data never raises: it is in the report.
    """
    return check_record(load(country, Path(root), as_of))


def check_record(record: Record) -> Report:
    """Every check on a record that is loaded already."""
    form = _run({"file-format": FORM["file-format"]}, record)
    readable = form[0].status == PASS
    form += _run({name: check for name, check in FORM.items() if name != "file-format" and (readable or name == "seeds")}, record)
    if any(result.status != PASS for result in form):
        return Report(record.country, tuple(form))
    from tieout.expectations import validate  # seconds to import: not before the form is right

    results = [*form, *_guarded("expectations", "Great Expectations runs", lambda: validate(record)), *_run(MEANING, record)]
    return Report(record.country, tuple(results))


def _run(checks: dict[str, tuple[str, Check]], record: Record) -> list[CheckResult]:
    return [result for name, (title, run) in checks.items() for result in _guarded(name, title, partial(_judged, name, title, run, record))]


def _judged(name: str, title: str, run: Check, record: Record) -> list[CheckResult]:
    failures = tuple(run(record))
    return [CheckResult(name, title, status=FAIL if failures else PASS, failures=failures)]


def _guarded(name: str, title: str, run: Callable[[], list[CheckResult]]) -> list[CheckResult]:
    """A rule that raises is broken; it never looks like wrong data, nor lets wrong data pass."""
    try:
        return run()
    except Exception as error:
        return [CheckResult(name, title, status=BROKEN, fault=f"{type(error).__name__}: {error}")]


def all_titles() -> dict[str, str]:
    """Every check's id and title, in the order in which they run; for the documentation and its test."""
    from tieout.expectations import suite

    expected = {identifier: title for identifier, title, _ in suite()}
    named = [{name: title for name, (title, _) in checks.items()} for checks in (FORM, MEANING)]
    return {**named[0], **expected, **named[1]}
