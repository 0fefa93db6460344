"""What may be compared with what: each reason forces its verdict, and a pair on hold never has a change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.comparing import CAVEAT, HOLD, RUN, compare, facts_once, pairs, period_name, series_name
from tieout.facts import Evidence
from tieout.schema import PERIOD_BASES, QUALIFIERS, STATUSES

SERIES = {"metric": "victims_identified", "sex": "total", "age": "total", "exploitation": "total", "unit": "persons"}
PLAIN = {
    **SERIES,
    "document": "tip-2025",
    "published": "2025",
    "period_basis": "stated",
    "qualifier": "exact",
    "status": "A",
    "coverage": "",
    "quote": "the words",
    "note": "",
}


def year(number: int, value: str = "500", **cells: str) -> dict[str, str]:
    """An observation of a whole year, plain in every other way."""
    given_ = {"id": f"tip-2025-{number}", "start": f"{number}-01-01", "end": f"{number}-12-31", "value": value, "printed": value}
    return PLAIN | given_ | cells


def undated(**cells: str) -> dict[str, str]:
    return year(2024) | {"start": "", "end": "", "period_basis": "not_stated"} | cells


EARLIER, LATER = year(2023, "500"), year(2024, "400")
FAULT = {"fault": "odd", "ids": "tip-2025-2023|tip-2025-2024", "treatment": "hold", "description": "The two contradict each other."}
BREAK = {
    "metric": "victims_identified",
    "before": "2023-12-31",
    "after": "2024-01-01",
    "reason": "Other sources.",
    "document": "tip-2025",
    "quote": "differed from previous years",
}


def verdict(start: dict = EARLIER, end: dict = LATER, breaks: tuple = (), faults: tuple = (), note: str = "") -> tuple[str, str]:
    pair = compare(start, end, breaks, faults, note)
    return pair.verdict, "; ".join(reason.text for reason in pair.reasons)


# --- verdicts ---------------------------------------------------------------------------------------------------------


def test_two_plain_adjoining_years_of_one_document_run():
    pair = compare(EARLIER, LATER)
    assert (pair.verdict, pair.reasons, pair.change, pair.percent) == (RUN, (), Decimal(-100), Decimal("-20.0"))


HOLDS = {
    "the later is missing": (
        {"end": year(2024, "", status="O", quote="did not report")},
        "2024 was not reported: “did not report” (tip-2025)",
    ),
    "the earlier is missing": ({"start": year(2023, "", status="O")}, "2023 was not reported"),
    "a missing one without a period": ({"end": undated(value="", status="O")}, "the later figure was not reported"),
    "one without a period": ({"end": undated()}, "not said which period"),
    "a rule in force": ({"start": undated(period_basis="standing"), "end": undated(period_basis="standing")}, "a rule in force"),
    "the same period twice": ({"end": year(2023, "80")}, "both figures are about 2023"),
    "the same period in two documents": (
        {"end": year(2023, "80", document="tip-2024")},
        "2023 is told by tip-2025 and by tip-2024: revised",
    ),
    "half a year after a year": ({"end": year(2024, end="2024-06-30")}, "the periods differ in length: 2023 and January to June 2024"),
    "a year skipped": ({"end": year(2025)}, "these documents give no figure between 2023 and 2025"),
    "a day skipped": ({"end": year(2024, start="2024-01-02")}, "the gap stays open"),
    "periods that overlap": ({"end": year(2024, start="2023-12-31", end="2024-12-30")}, "the periods overlap"),
    "another coverage": ({"end": year(2024, coverage="two of three shelters")}, "2023 covers the whole, 2024 covers two of three shelters"),
    "a break in the later figure": ({"end": year(2024, status="B")}, "the figure of 2024 is keyed as a break in its series"),
    "another definition later": ({"end": year(2024, status="D", note="Wider.")}, "the figure of 2024 departs from the definition: Wider."),
    "another definition earlier": ({"start": year(2023, status="D")}, "the figure of 2023 departs from the definition"),
    "a break between them": ({"breaks": (BREAK,)}, "Other sources: “differed from previous years” (tip-2025)"),
    "a fault on both": ({"faults": (FAULT,)}, "The two contradict each other"),
}

CAVEATS = {
    "two documents": ({"start": year(2023, document="tip-2024")}, "come from two documents, tip-2024 and tip-2025"),
    "an approximate figure": ({"end": year(2024, qualifier="about")}, "the figure of 2024 is approximate"),
    "a lower bound": ({"end": year(2024, "530", qualifier="at_least")}, "2024 is at least 530: the change is at least +30"),
    "more than, earlier": ({"start": year(2023, qualifier="more_than")}, "2023 is more than 500: the change is at most −100"),
    "an upper bound": ({"end": year(2024, "490", qualifier="at_most")}, "the change is at most −10"),
    "less than, earlier": ({"start": year(2023, qualifier="less_than")}, "the change is at least −100"),
    "two lower bounds": ({"start": year(2023, qualifier="at_least"), "end": year(2024, qualifier="at_least")}, "the change is not known"),
    "two opposite bounds": (
        {"start": year(2023, qualifier="at_most"), "end": year(2024, "530", qualifier="at_least")},
        "the change is at least +30",
    ),
    "an estimate": ({"end": year(2024, status="E", note="By hand.")}, "the figure of 2024 is an estimate: By hand."),
    "a provisional figure": ({"end": year(2024, status="P")}, "is provisional"),
    "an unreliable figure": ({"start": year(2023, status="U")}, "the figure of 2023 has low reliability"),
    "another category included": ({"start": year(2023, status="W")}, "includes another category"),
    "one definition that both depart from": (
        {"start": year(2023, status="D"), "end": year(2024, status="D", note="Wider.")},
        "in the same way: Wider.",
    ),
    "an inferred period": (
        {"end": year(2024, period_basis="inferred", note="From the title.")},
        "the period 2024 is inferred: From the title.",
    ),
    "two rounded figures": (
        {"start": year(2023, "1390000", printed="€1.39 million"), "end": year(2024, "1380000", printed="€1.38 million")},
        "the true change lies between −20,000 and 0",
    ),
    "figures rounded alike": (
        {"start": year(2023, "1380000", printed="€1.38 million"), "end": year(2024, "1380000", printed="€1.38 million")},
        "the true change lies between −10,000 and +10,000",
    ),
    "a rounded and a whole figure": (
        {"start": year(2023, "1390000", printed="€1.39 million"), "end": year(2024, "1380001", printed="€1,380,001")},
        "the figures are rounded: the true change lies between −14,999.5 and −4,998.5",
    ),
    "what must be said with the metric": ({"note": "One city of origin."}, "One city of origin"),
    "small counts": (
        {"start": year(2023, "51"), "end": year(2024, "75")},
        "51 and 75 are small counts: the later is from 1.02 to 2.14 times the earlier (95% interval of chance), "
        "so the change is more than chance alone would make of them",
    ),
    "a small count beside a large one": ({"end": year(2024, "99")}, "500 and 99 are small counts"),
    "counts so small that anything may be chance": ({"start": year(2023, "3"), "end": year(2024, "5")}, "could be chance alone"),
    "counts that are not small and may have moved by chance": (
        {"start": year(2023, "859"), "end": year(2024, "820")},
        "859 and 820: the later is from 0.87 to 1.05 times the earlier (95% interval of chance), so the change could be chance alone",
    ),
    "a small count after none": ({"start": year(2023, "0"), "end": year(2024, "8")}, "times upwards the earlier"),
    "a fault on one, to mention": ({"faults": (FAULT | {"ids": "tip-2025-2024", "treatment": "caveat"},)}, "The two contradict each other"),
}

RUNS = {
    "a leap year": {"start": year(2019), "end": year(2020)},
    "a break that ends with the earlier figure": {"start": year(2023, status="B")},
    "a break of another metric": {"breaks": (BREAK | {"metric": "convictions"},)},
    "a break before both": {"breaks": (BREAK | {"before": "2022-12-31", "after": "2023-01-01"},)},
    "a break after both": {"breaks": (BREAK | {"before": "2024-12-31", "after": "2025-01-01"},)},
    "a fault to hold on one of them": {"faults": (FAULT | {"ids": "tip-2025-2024|other"},)},
    "a fault that changes nothing": {"faults": (FAULT | {"treatment": "use"},)},
    "a fault on neither": {"faults": (FAULT | {"ids": "other", "treatment": "caveat"},)},
    "the same coverage": {"start": year(2023, coverage="Flanders"), "end": year(2024, coverage="Flanders")},
    "figures far apart though rounded": {
        "start": year(2023, "1000000", printed="€1.00 million"),
        "end": year(2024, "9000000", printed="€9.00 million"),
    },
    "counts of a hundred": {"start": year(2023, "100"), "end": year(2024, "100")},
    "a change beyond chance": {"start": year(2023, "248"), "end": year(2024, "154")},
    "none and none": {"start": year(2023, "0"), "end": year(2024, "0")},
    "small amounts of money, shares and years": {"start": year(2023, "8", unit="EUR"), "end": year(2024, "9", unit="EUR")},
    "half years that adjoin": {"start": year(2024, end="2024-06-30"), "end": year(2024, start="2024-07-01")},
}


@pytest.mark.parametrize("case", HOLDS)
def test_this_puts_a_pair_on_hold_and_gives_no_change(case):
    given_, words = HOLDS[case]
    told, reasons = verdict(**given_)
    assert told == HOLD
    assert words in reasons
    pair = compare(**{"start": EARLIER, "end": LATER} | given_)
    assert (pair.change, pair.percent) == (None, None)


@pytest.mark.parametrize("case", CAVEATS)
def test_this_is_told_with_a_pair(case):
    given_, words = CAVEATS[case]
    told, reasons = verdict(**given_)
    assert told == CAVEAT
    assert words in reasons


@pytest.mark.parametrize("case", RUNS)
def test_this_does_not_keep_a_pair_from_running(case):
    assert verdict(**RUNS[case]) == (RUN, "")


def test_the_strictest_reason_decides_and_comes_first():
    pair = compare(EARLIER, LATER, [BREAK], [FAULT | {"treatment": "caveat"}])
    assert pair.verdict == HOLD
    assert [reason.verdict for reason in pair.reasons] == [HOLD, CAVEAT]


@pytest.mark.parametrize("qualifier", ["at_least", "more_than", "at_most", "less_than"])
@pytest.mark.parametrize("side", ["start", "end"])
def test_a_bound_gives_no_change(qualifier, side):
    pair = compare(**{"start": EARLIER, "end": LATER, side: {"start": EARLIER, "end": LATER}[side] | {"qualifier": qualifier}})
    assert (pair.verdict, pair.change, pair.percent) == (CAVEAT, None, None)


def test_a_change_in_percent_is_of_the_earlier_figure_to_one_decimal():
    assert compare(year(2023, "468"), year(2024, "354")).percent == Decimal("-24.4")
    assert compare(year(2023, "51"), year(2024, "75")).percent == Decimal("47.1")


@pytest.mark.parametrize(
    ("start", "end", "percent"), [("800", "801", "0.1"), ("400", "401", "0.3"), ("400", "399", "-0.3"), ("2000", "2001", "0.1")]
)
def test_half_a_tenth_of_a_percent_is_rounded_away_from_zero(start, end, percent):
    assert compare(year(2023, start), year(2024, end)).percent == Decimal(percent)


@pytest.mark.parametrize("unit", ["percent", "tier", "calendar_year"])
def test_some_units_have_a_change_but_never_one_in_percent(unit):
    pair = compare(year(2023, "2", unit=unit), year(2024, "1", unit=unit))
    assert (pair.verdict, pair.change, pair.percent) == (RUN, Decimal(-1), None)


def test_a_share_changes_in_points_and_nothing_changes_in_percent_of_zero():
    share = {"unit": "percent"}
    points = compare(year(2023, "40", **share), year(2024, "44.9", **share))
    assert (points.change, points.percent) == (Decimal("4.9"), None)
    assert (compare(year(2023, "0"), LATER).change, compare(year(2023, "0"), LATER).percent) == (400, None)


# --- pairs ------------------------------------------------------------------------------------------------------------


def ids(found) -> list[tuple[str, str]]:
    return [(pair.start["id"], pair.end["id"]) for pair in found]


def test_consecutive_observations_of_a_series_are_paired_oldest_first():
    assert ids(pairs([year(2024), year(2022), year(2023)])) == [("tip-2025-2022", "tip-2025-2023"), ("tip-2025-2023", "tip-2025-2024")]


def test_incomparable_observations_are_paired_too():
    assert [pair.verdict for pair in pairs([year(2022), year(2024), year(2025, "", status="O")])] == [HOLD, HOLD]


def test_one_observation_makes_no_pair():
    assert pairs([year(2024)]) == []


@pytest.mark.parametrize("column", ["metric", "sex", "age", "exploitation", "unit"])
def test_observations_of_different_series_are_never_paired(column):
    assert pairs([year(2023), year(2024, **{column: "other"})]) == []


def test_a_fact_told_twice_alike_in_a_document_counts_once():
    again = LATER | {"id": "tip-2025-9999"}
    assert facts_once([EARLIER, again, LATER]) == [EARLIER, LATER]
    assert len(pairs([EARLIER, LATER, again])) == 1


def test_a_fact_told_otherwise_or_elsewhere_counts_again():
    for cells in ({"value": "81"}, {"document": "tip-2024"}, {"coverage": "Flanders"}, {"period_basis": "inferred"}):
        assert len(facts_once([LATER, LATER | {"id": "tip-2025-9999"} | cells])) == 2


def test_an_observation_without_a_period_stands_where_its_document_does():
    rows = [undated(id="late", published="2025"), undated(id="early", document="tip-2004", published="2004-06-14"), year(2010)]
    assert ids(pairs(rows)) == [("early", "tip-2025-2010"), ("tip-2025-2010", "late")]


def test_a_series_is_named_after_what_is_not_total():
    assert series_name(year(2024)) == "victims_identified/persons"
    assert series_name(year(2024, sex="female", exploitation="labour")) == "victims_identified/female/labour/persons"


@pytest.mark.parametrize(
    ("start", "end", "basis", "name"),
    [
        ("2024-01-01", "2024-12-31", "stated", "2024"),
        ("2018-01-01", "2020-12-31", "stated", "2018–2020"),
        ("2008-01-01", "2008-06-30", "stated", "January to June 2008"),
        ("2009-05-01", "2009-05-31", "stated", "May 2009"),
        ("2023-07-01", "2024-06-30", "stated", "2023-07-01 to 2024-06-30"),
        ("2024-01-01", "2024-02-29", "stated", "January to February 2024"),
        ("", "", "standing", "in force"),
        ("", "", "not_stated", "period not stated"),
    ],
)
def test_a_period_is_named_for_readers(start, end, basis, name):
    assert period_name({"start": start, "end": end, "period_basis": basis}) == name


# --- for any observations ---------------------------------------------------------------------------------------------


@st.composite
def observations(draw, largest: int = 7) -> list[dict[str, str]]:
    """Observations of a few series, of every status, basis and qualifier, as a keyer could have keyed them."""
    found = []
    for index in range(draw(st.integers(0, largest))):
        first, value = draw(st.integers(2018, 2024)), draw(st.sampled_from(["0", "8", "93", "100", "1380000", "2.2"]))
        cells = year(
            first,
            value,
            id=f"tip-2025-{index:03}",
            metric=draw(st.sampled_from(["victims_identified", "convictions"])),
            sex=draw(st.sampled_from(["total", "female"])),
            document=draw(st.sampled_from(["tip-2024", "tip-2025"])),
            status=draw(st.sampled_from(sorted(STATUSES))),
            qualifier=draw(st.sampled_from(QUALIFIERS)),
            period_basis=draw(st.sampled_from(PERIOD_BASES)),
            coverage=draw(st.sampled_from(["", "", "Flanders"])),
            end=draw(st.sampled_from([f"{first}-12-31", f"{first}-06-30", f"{first + 1}-12-31"])),
        )
        if cells["period_basis"] in ("standing", "not_stated"):
            cells |= {"start": "", "end": ""}
        if cells["status"] == "O":
            cells |= {"value": "", "printed": ""}
        found.append(cells)
    return found


def a_break(number: int) -> dict[str, str]:
    """A break of the series between two years."""
    return BREAK | {"before": f"{number - 1}-12-31", "after": f"{number}-01-01"}


some_ids = st.lists(st.sampled_from([f"tip-2025-{index:03}" for index in range(7)]), min_size=1, max_size=3).map("|".join)
faults = st.lists(
    st.builds(lambda ids, treatment: FAULT | {"ids": ids, "treatment": treatment}, some_ids, st.sampled_from(["hold", "caveat", "use"]))
)
breaks = st.lists(st.integers(2018, 2025).map(a_break), max_size=2)


@given(observations(), breaks, faults, st.randoms())
def test_the_order_of_rows_never_matters(rows, breaks, faults, random):
    assert pairs(random.sample(rows, len(rows)), breaks, faults) == pairs(rows, breaks, faults)


@given(observations(), breaks, faults)
def test_a_pair_on_hold_never_has_a_change_and_always_a_reason(rows, breaks, faults):
    for pair in pairs(rows, breaks, faults):
        if pair.verdict == HOLD:
            assert (pair.change, pair.percent) == (None, None)
        assert (pair.verdict == RUN) == (not pair.reasons)
        assert all(reason.text and not reason.text.endswith(" ") for reason in pair.reasons)


@given(observations(), breaks, faults)
def test_a_change_is_to_minus_from_and_its_percent_the_same_way(rows, breaks, faults):
    for pair in pairs(rows, breaks, faults):
        if pair.change is not None:
            assert pair.change == Decimal(pair.end["value"]) - Decimal(pair.start["value"])
            assert pair.start["qualifier"] in ("exact", "about")
            assert pair.end["qualifier"] in ("exact", "about")
        if pair.percent is not None:
            assert pair.percent * pair.change >= 0
            assert abs(Decimal(pair.start["value"]) * pair.percent / 100 - pair.change) <= Decimal(pair.start["value"]) / 2000


@given(observations(), breaks, faults)
def test_a_gap_is_never_bridged_and_never_counted_as_zero(rows, breaks, faults):
    assert all(pair.verdict == HOLD for pair in pairs(rows, breaks, faults) if "O" in (pair.start["status"], pair.end["status"]))


@given(observations(), observations(2), breaks)
def test_an_observation_of_another_series_changes_nothing(rows, others, breaks):
    others = [cells | {"id": f"x-{index}", "metric": "shelter_referrals"} for index, cells in enumerate(others)]
    mixed = [pair for pair in pairs([*others, *rows], breaks) if pair.start["metric"] != "shelter_referrals"]
    assert mixed == pairs(rows, breaks)


@given(observations())
def test_every_observation_but_the_first_of_a_series_ends_exactly_one_pair(rows):
    found = pairs(rows)
    kept = facts_once(rows)
    series = {tuple(cells[column] for column in SERIES) for cells in kept}
    assert len(found) == len(kept) - len(series)
    assert len({pair.end["id"] for pair in found}) == len(found)


@given(observations(), st.sampled_from(["hold", "caveat", "use"]))
def test_a_fault_never_makes_a_verdict_milder(rows, treatment):
    strictness = {RUN: 0, CAVEAT: 1, HOLD: 2}
    fault = FAULT | {"ids": "|".join(cells["id"] for cells in rows), "treatment": treatment}
    for before, after in zip(pairs(rows), pairs(rows, faults=[fault]), strict=True):
        assert strictness[after.verdict] >= strictness[before.verdict]
        assert treatment != "hold" or after.verdict == HOLD


def test_what_the_codebook_says_must_be_said_with_a_metric_is_said_with_its_changes(belgium) -> None:
    dollars = [pair for pair in Evidence.of(belgium).pairs if pair.start["unit"] == "USD" and pair.verdict == CAVEAT]
    assert dollars
    for pair in dollars:
        assert belgium.metrics[pair.start["metric"]]["note"].rstrip(".") in [reason.text for reason in pair.reasons]
