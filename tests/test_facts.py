"""Sentences say no more than their rows bear."""

from __future__ import annotations

import dataclasses

from tieout.facts import Evidence, gather
from tieout.figures import plans


def test_where_rounding_may_have_made_a_change_no_change_is_told(belgium) -> None:
    facts = {fact.id: fact for fact in gather(Evidence.of(belgium))}
    rounded, exact = (facts[f"trend-{one}"] for one in ("tip-2025-044-tip-2025-041", "tip-2021-012-tip-2021-010"))
    assert (rounded.value, rounded.formula) == (None, "") and "fell" not in rounded.text and "may not have changed" in rounded.text
    assert exact.value == -8000 and " fell from " in exact.text


def test_a_figure_that_rests_on_an_extract_says_so_and_what_the_keyers_said_of_it(belgium) -> None:
    said = next(plan for plan in plans(Evidence.of(belgium)) if plan.id == "recommendations").notes
    assert any("tip-2023 is an extract" in note for note in said) and any("The loosest match" in note for note in said)
    rows = tuple(row for row in belgium.rows("statements") if row.id != "tip-2023-s01")
    without = dataclasses.replace(belgium, tables=belgium.tables | {"statements": rows})
    told = next(plan for plan in plans(Evidence.of(without)) if plan.id == "recommendations").notes
    assert not any("is an extract" in note for note in told) and len(told) == len(said) - 1
