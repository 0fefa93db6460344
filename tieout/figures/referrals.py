"""Referrals to the shelters, year by year; a year in which a shelter is missing is visibly a part."""

from __future__ import annotations

from tieout.facts import Evidence
from tieout.figures.one_series import draw_series as draw
from tieout.figures.one_series import series_plan
from tieout.figures.plan import Plan

ID = "referrals"
METRIC = "shelter_referrals"


def plan(evidence: Evidence) -> Plan | None:
    """The plan of the figure; None where no document has a number for it."""
    return series_plan(evidence, ID, METRIC)


__all__ = ["ID", "draw", "plan"]
