"""Plans: every number is an observation's, every title is honest, in every edition."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from decimal import Decimal

import pytest

from tests.figures.conftest import ROOT
from tests.figures.odd import odd_evidence
from tieout import figures
from tieout.comparing import HOLD
from tieout.facts import Evidence
from tieout.figures import exploitation, files, funding, law_enforcement, permits, recommendations, referrals, sentences, victims
from tieout.figures.plan import Plan
from tieout.figures.series import series
from tieout.figures.style import CARD, SIZES

DIRECTION = re.compile(r"\b(rose|fell|stayed|went)\b")


def test_the_full_edition_has_every_figure(full: Evidence) -> None:
    assert [plan.id for plan in figures.plans(full)] == [figure.ID for figure in figures.FIGURES]


def test_an_early_edition_has_the_figures_that_its_documents_fill(edition: Evidence) -> None:
    documents, made = set(edition.record.documents), {plan.id for plan in figures.plans(edition)}
    assert {"law-enforcement", "coverage"} <= made
    assert ("victims" in made) == ("tip-2021" in documents)
    assert ("sentences" in made) == ("recommendations" in made) == ("tip-2025" in documents)


def test_every_number_drawn_is_an_observation_s(edition: Evidence) -> None:
    shares = {f"{one.numerator['id']}|{one.denominator['id']}": one.value for one in edition.quotients}
    for plan in figures.plans(edition):
        for row in plan.rows:
            if plan.id == recommendations.ID:
                assert row["quote"] == edition.record.by_id[row["id"]]["quote"]
            elif "|" in row["id"]:
                assert Decimal(row["value"]) == shares[row["id"]]
            else:
                cells = edition.by_id[row["id"]]
                assert [row[c] for c in ("value", "unit", "qualifier", "status", "coverage", "document", "start", "end")] == [
                    cells[c] for c in ("value", "unit", "qualifier", "status", "coverage", "document", "start", "end")
                ]


def test_a_headline_rests_on_the_rows_drawn(edition: Evidence) -> None:
    for plan in figures.plans(edition):
        drawn = {one for row in plan.rows for one in row["id"].split("|")}
        assert drawn <= set(plan.headline.inputs)
        assert plan.headline.id == f"figure-{plan.id}"
        assert plan.headline.caveats == plan.notes


def test_a_hold_pair_is_never_told_as_a_change(edition: Evidence) -> None:
    for plan in figures.plans(edition):
        if plan.headline.verdict == HOLD:
            assert plan.headline.value is None or "may not be compared" in plan.title
            assert not DIRECTION.search(plan.title)
        for pair in edition.pairs:
            if pair.verdict == HOLD and pair.start["value"] and pair.end["value"]:
                from tieout.wording import shown, when

                told = f"from {shown(pair.start)} {when(pair.start)} to {shown(pair.end)} {when(pair.end)}"
                assert told not in plan.title


def test_the_rows_join_only_what_may_be_joined(edition: Evidence) -> None:
    for plan in figures.plans(edition):
        for row in plan.rows:
            if row.get("joined"):
                assert edition.joined(edition.by_id[row["joined"]], edition.by_id[row["id"]]), (plan.id, row["id"])


def test_the_titles_of_belgium(full: Evidence) -> None:
    """Read by an editor; a change here is a change of what is said."""
    titles = {plan.id: plan.title for plan in figures.plans(full)}
    assert titles["victims"].startswith(
        "Victims formally identified and assisted fell from 237 in 2022 to 157 in 2023; at least 93 in 2024"
    )
    assert "may not be compared" in titles["victims"]
    assert titles["sentences"] == "Share of prison sentences suspended rose from 44.9% in 2022 to 63.6% in 2023"
    assert "fell" not in titles["exploitation"] and "rose" not in titles["exploitation"]
    assert "1,056 in 2024 (two of three shelters) may not be compared" in titles["referrals"]
    assert "went from €1.39 million to €1.38 million" in titles["funding"], "rounding leaves open whether it fell"


def test_what_keeps_neighbours_apart_has_its_kind(full: Evidence) -> None:
    kinds = {
        metric: series(full, metric).kinds
        for metric in ("victims_identified", "shelter_referrals", "residence_permits", "prosecution_cases")
    }
    assert kinds["victims_identified"] == ("", "held", "gap", "", "break")
    assert kinds["shelter_referrals"] == ("", "", "gap", "coverage")
    assert kinds["residence_permits"] == ("", "", "", "", "gap")
    assert kinds["prosecution_cases"][1] == "not reported"


def test_the_share_without_a_year_is_told_and_not_drawn(full: Evidence) -> None:
    plan = sentences.plan(full)
    assert "tip-2023-003" not in {row["id"] for row in plan.rows}
    assert any(note.startswith("56% of the sentences were suspended in a period that the source does not state") for note in plan.notes)


def test_forms_of_exploitation_are_never_made_shares(full: Evidence) -> None:
    assert {row["unit"] for row in exploitation.plan(full).rows} == {"persons"}


def test_two_measures_of_funding_are_never_joined(full: Evidence) -> None:
    plan = funding.plan(full)
    metrics = {row["id"]: row["metric"] for row in plan.rows}
    assert all(metrics[row["joined"]] == row["metric"] for row in plan.rows if row["joined"])


def test_odd_numbers_are_planned_without_a_word_too_many(full: Evidence) -> None:
    plan = permits.plan(odd_evidence(full, permits.METRIC))
    assert len(plan.rows) == 11, "several years together are no bar among years"
    assert any("several years together: not drawn" in note for note in plan.notes)
    assert not plan.headline.value or plan.headline.verdict != HOLD


def test_a_revised_number_says_so_and_its_note_tells_both(full: Evidence) -> None:
    like = next(cells for cells in full.observations if cells["metric"] == permits.METRIC and cells["start"].startswith("2019"))
    later = {
        **like,
        "id": "tip-2025-999",
        "document": "tip-2025",
        "published": full.record.documents["tip-2025"]["published"],
        "value": "160",
    }
    plan = permits.plan(Evidence(full.record, tuple(sorted([*full.observations, later], key=lambda cells: cells["id"]))))
    assert {row["id"]: row["revised"] for row in plan.rows if row["revised"]} == {"tip-2025-999": "154 (tip-2021)"}
    assert any("154 by tip-2021, 160 by tip-2025: revised" in note for note in plan.notes)
    for size in SIZES:
        words = [line.text for words in files.composed(plan, permits.draw, size).words for line in words.lines]
        assert "160, revised" in " ".join(words)
        assert size is CARD or any("by tip-2021" in line for line in words)


def test_a_series_of_which_nothing_may_be_compared_tells_levels_only(full: Evidence) -> None:
    shapes = [("2001-01-01", "2001-12-31", "40", "exact", "A", ""), ("2005-01-01", "2005-12-31", "90", "at_least", "A", "")]
    fact = permits.plan(odd_evidence(full, permits.METRIC, shapes)).headline
    assert fact.text == "Residence permits for victims: 40 in 2001 and at least 90 in 2005, which may not be compared"
    assert (fact.verdict, fact.value, fact.formula) == (HOLD, None, "")


def test_a_plan_survives_json(full: Evidence) -> None:
    for plan in figures.plans(full):
        assert Plan.from_json(json.loads(json.dumps(plan.as_json()))) == plan


@pytest.mark.parametrize("figure", [victims, law_enforcement, referrals], ids=lambda figure: figure.ID)
def test_notes_say_gaps_breaks_and_coverage(full: Evidence, figure) -> None:
    said = " ".join(figure.plan(full).notes)
    expected = {"victims": "other data sources", "law-enforcement": "not reported in 2007", "referrals": "two of three shelters"}
    assert expected[figure.ID] in said and "No document gives a figure for" in said


def test_alternative_texts_hold_every_number(full: Evidence) -> None:
    for plan in figures.plans(full):
        if plan.id not in ("coverage", "recommendations"):
            assert all(row["shown"] in plan.alt for row in plan.rows if row["exploitation"] != "total" or plan.id != "exploitation")


def test_planning_imports_no_matplotlib() -> None:
    program = """
import sys
from pathlib import Path
from tieout import figures
from tieout.facts import Evidence
from tieout.record import load
figures.plans(Evidence.of(load("bel", Path("."))))
sys.exit("matplotlib" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode == 0


def test_no_module_names_the_country_or_its_numbers() -> None:
    with (ROOT / "data" / "bel" / "documents.csv").open(encoding="utf-8", newline="") as opened:
        documents = [row["document"] for row in csv.DictReader(opened)]
    for path in (ROOT / "tieout" / "figures").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("Belgi", text) and not any(f'"{document}' in text for document in documents), path.name


class Apart(Evidence):
    """Evidence in which prison sentences may not be compared, whatever else may."""

    def joined(self, earlier, later) -> bool:
        return earlier["metric"] != "prison_sentences"


def test_shares_whose_wholes_may_not_be_compared_have_no_change_and_no_interval(full: Evidence) -> None:
    told, held = (sentences.plan(evidence) for evidence in (full, Apart(full.record, full.observations)))
    assert any(note.startswith("Shares of") for note in told.notes)
    assert held.headline.verdict == "hold" and "rose" not in held.title
    assert not [note for note in held.notes if note.startswith("Shares of")]
