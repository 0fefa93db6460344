"""What became of recommendations, on small made-up reports."""

from __future__ import annotations

from tieout import figures
from tieout.facts import Evidence
from tieout.figures import recommendations
from tieout.figures.carried import carried


def said(label: str, quote: str, place: int = 1) -> dict[str, str]:
    return {"id": f"{label}-{place}", "label": label, "quote": quote}


def fates(earlier: list, later: list) -> list[tuple[str, int, int]]:
    return [(one.fate, len(one.earlier), len(one.later)) for one in carried(earlier, later)]


def test_the_same_words_are_the_same_whatever_the_apostrophes() -> None:
    assert fates([said("a", "Improve victims’ “access”.")], [said("a", 'Improve victims\' "access".')]) == [("word for word", 1, 1)]


def test_another_comma_is_another_wording() -> None:
    assert fates([said("a", "Train, and fund.")], [said("a", "Train and fund.")]) == [("reworded", 1, 1)]


def test_two_that_meet_one_are_merged_even_if_one_kept_its_words() -> None:
    assert fates([said("a", "One.", 1), said("a", "Two.", 2)], [said("a", "One.")]) == [("merged", 2, 1)]


def test_one_that_becomes_two_is_split() -> None:
    assert fates([said("a", "One.")], [said("a", "One.", 1), said("a", "Two.", 2)]) == [("split", 1, 2)]


def test_a_label_of_one_report_only_is_dropped_or_new() -> None:
    assert fates([said("a", "One.")], [said("b", "One.")]) == [("new", 0, 1), ("dropped", 1, 0)]


def test_many_on_both_sides_meet_by_their_words_first() -> None:
    earlier = [said("a", "One.", 1), said("a", "Two.", 2)]
    assert fates(earlier, [said("a", "Two.", 3), said("a", "Three.", 4)]) == [("word for word", 1, 1), ("reworded", 1, 1)]


def test_nothing_is_lost_and_nothing_stands_twice() -> None:
    earlier = [said(label, label * place, place) for label in "abc" for place in (1, 2)]
    later = [said(label, label * place, place + 5) for label in "bcd" for place in (1, 3)]
    found = carried(earlier, later)
    assert sorted(one["id"] for link in found for one in link.earlier) == sorted(one["id"] for one in earlier)
    assert sorted(one["id"] for link in found for one in link.later) == sorted(one["id"] for one in later)


def test_belgium_s_recommendations(full: Evidence) -> None:
    plan = next(plan for plan in figures.plans(full) if plan.id == recommendations.ID)
    count = {
        fate: sum(row["fate"] == fate for row in plan.rows if row["document"] == "tip-2025") for fate in {row["fate"] for row in plan.rows}
    }
    assert count == {"word for word": 3, "reworded": 3, "merged": 1, "new": 2}
