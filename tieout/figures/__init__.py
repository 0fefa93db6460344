"""The figures of an edition: each plans what it says from the evidence, then draws it.

Planning is light and imports no matplotlib; drawing does. A figure that the evidence has nothing for has no plan.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

from tieout.facts import Evidence
from tieout.figures import coverage, exploitation, funding, law_enforcement, permits, recommendations, referrals, sentences, victims
from tieout.figures.plan import Plan, publishers
from tieout.signing import draft

FIGURES = (law_enforcement, sentences, victims, exploitation, permits, referrals, funding, recommendations, coverage)


def plans(evidence: Evidence) -> list[Plan]:
    """The plans of all figures that the evidence has something for, in their order."""
    stamp = draft(evidence.record)
    found = [made for figure in FIGURES if (made := figure.plan(evidence)) is not None]
    return [replace(made, draft=stamp, place=evidence.record.place, publishers=_publishers(evidence, made)) for made in found]


def _publishers(evidence: Evidence, made: Plan) -> tuple[tuple[str, str], ...]:
    return publishers(evidence.record, {row["document"] for row in made.rows})


def draw(plan: Plan, folder: Path) -> dict:
    """Draw a figure into a folder, in every size, scheme and flavour; gives it as ``figures.json`` holds it.

    ``files`` names each file with its ``kind``, ``size``, ``scheme`` and ``flavour``, and the room that it takes in CSS pixels.
    """
    from tieout.figures import files

    return {
        "id": plan.id,
        "group": plan.group,
        "title": plan.title,
        "subtitle": plan.subtitle,
        "notes": list(plan.notes),
        "source": plan.source,
        "alt": plan.alt,
        "verdict": plan.headline.verdict,
        "inputs": list(plan.headline.inputs),
        "files": files.write(plan, _figure(plan).draw, Path(folder)),
    }


def _figure(plan: Plan) -> ModuleType:
    return next(figure for figure in FIGURES if plan.id == figure.ID)
