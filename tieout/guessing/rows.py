"""A candidate as a row of a draft: the cells of a metrics row, and beside them what is to become of it, why, and how sure that is."""

from __future__ import annotations

from tieout.guessing.drafts import Candidate, candidates
from tieout.guessing.fates import KEY
from tieout.guessing.quotes import quote
from tieout.learning import Teacher
from tieout.numbers import Number, readings
from tieout.record import Record
from tieout.schema import DOCUMENT_FILES

COLUMNS = (*DOCUMENT_FILES["metrics"].columns, "fate", "reason", "confidence", "reasons")


def rows(record: Record, document: str, numbers: list[Number], teacher: Teacher | None = None) -> list[dict[str, str]]:
    """A draft row for each of ``numbers``, in the order of the page."""
    return [row(candidate) for candidate in candidates(record, document, numbers, teacher)]


def row(candidate: Candidate) -> dict[str, str]:
    """Only a number to be keyed has the cells of a metrics row; each has its printed form, its quote and its reasons."""
    place = candidate.place
    keyed = _keyed(candidate) if candidate.fate.value == KEY else {}
    return dict.fromkeys(COLUMNS, "") | keyed | {
        "printed": place.number.printed,
        "quote": quote(place),
        "note": f"Draft. Line {place.text.line(place.number.start)}.",
        "fate": candidate.fate.value,
        "reason": candidate.reason,
        "confidence": f"{candidate.confidence:.2f}",
        "reasons": _reasons(candidate),
    }  # fmt: skip


def _keyed(candidate: Candidate) -> dict[str, str]:
    period, meant = candidate.period, sorted(readings(candidate.number.printed))
    return {
        **{name: guess.value for name, guess in candidate.cells.items()},
        "start": period.start if period else "",
        "end": period.end if period else "",
        "period_basis": period.basis if period else "not_stated",
        "value": f"{meant[0].normalize():f}" if len(meant) == 1 else "",
        "status": "A",
    }


def _reasons(candidate: Candidate) -> str:
    """``fate (0.90): …; metric (0.62): …``: each guess that says something, with its confidence."""
    told = {candidate.fate.value: candidate.fate, **candidate.told}
    return "; ".join(f"{name} ({guess.confidence:.2f}): {guess.reason}" for name, guess in told.items() if _speaks(name, guess.value))


def _speaks(name: str, value: str) -> bool:
    """A category that is total and a qualifier that is exact say nothing that the cell does not."""
    return (name, value) not in (("sex", "total"), ("age", "total"), ("exploitation", "total"), ("qualifier", "exact"))
