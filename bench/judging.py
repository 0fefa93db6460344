"""Our own checks as judges of a fault, without starting anew for each: the same rules, run on what the fault touched."""

from __future__ import annotations

from dataclasses import replace

from bench.faults import Fault
from tieout import signing
from tieout.checks import FORM, MEANING
from tieout.checks.form import cell_fault
from tieout.evidence import joined
from tieout.record import Record
from tieout.rules import RULES
from tieout.schema import DOCUMENT_FILES


def caught(fault: Fault) -> str:
    """The first check that the rules alone fail on, or an empty string: a survivor."""
    record = fault.record
    for name in ("register", "seeds", "schema"):
        if next(iter(FORM[name][1](record)), None):
            return name
    rows = _touched(record, fault.rows)
    for cells in joined(rows):
        for column in DOCUMENT_FILES["metrics"].fields:
            if cell_fault(column, cells[column.name]):
                return f"contract: {column.name}"
        for name, rule in RULES.items():
            if rule.message(cells):
                return name
    names = [row.id for row in record.rows("metrics")]
    if len(names) != len(set(names)):
        return "unique-id"
    for name, (_, check) in MEANING.items():
        if name != "signatures" and next(iter(check(record)), None):
            return name
    return ""


def voided(fault: Fault) -> bool:
    """Whether a signature no longer holds (or the seed is not the registered one)."""
    return bool(signing.failures(fault.record)) or bool(next(iter(FORM["seeds"][1](fault.record)), None))


def _touched(record: Record, ids: tuple[str, ...]) -> Record:
    """The record with only the metrics rows that a fault touched: the row rules see no other."""
    rows = tuple(row for row in record.rows("metrics") if row.id in ids)
    return replace(record, tables={**record.tables, "metrics": rows})
