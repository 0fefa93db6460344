"""Every rule that a keyed number must keep: rows that keep it, and rows that break it with the reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_nearness import CASES as NEARNESS
from tieout.evidence import COLUMNS, joined
from tieout.rules import LEAD_INS, RULES
from tieout.schema import QUALIFIERS

SOURCE = "In 2024, 354 cases. In 2023, “nine” cases of 29 in all."
SENTENCE = "In 2024, the government identified 93 victims (49 victims of labor exploitation and 46 female victims)"
TERMS = {"sex_terms": "female|women", "age_terms": "", "exploitation_terms": "labour exploitation|labor exploitation"}
KNOWN = {"categories": "sex:total|sex:female|age:total|age:child|exploitation:total|exploitation:labour"}
AMOUNT = {"unit": "EUR", "unit_kind": "currency", "unit_label": "euros", "status": "A"}
COUNT = {"unit": "persons", "unit_kind": "count", "unit_label": "people", "status": "A"}
SHARE = {"unit": "percent", "unit_kind": "share", "unit_label": "percent", "status": "A"}
RANGE = {"unit": "percent", "minimum": "0", "maximum": "100"}
PERIOD = {
    "period_basis": "stated",
    "start": "2024-01-01",
    "end": "2024-12-31",
    "sentence": SENTENCE,
    "before": "the government identified ",
}
HALF = PERIOD | {"start": "2008-01-01", "end": "2008-06-30", "sentence": "From January to June 2008, eight children"}
SPAN = PERIOD | {"start": "2023-07-01", "end": "2024-06-30", "sentence": "between July 2023 and June 2024, eight children"}
NOTE = {"note": "", "period_basis": "stated", "status": "A", "printed": "354"}

# For each rule: what it reads where all is well, then the changes that it allows, then those it does not, with words of its message.
CASES: dict[str, tuple[dict, list[dict], list[tuple[dict, str]]]] = {
    "quote-in-source": (
        {"quote": "354 cases", "source": SOURCE},
        [{"quote": "“nine” cases"}, {"quote": SOURCE}],
        [
            ({"quote": "354 victims"}, "does not stand in the document. Copy it"),
            ({"quote": "cases"}, "stands 2 times"),
            ({"quote": '"nine" cases'}, "at character 1 it has '\"' (U+0022), the document '“' (U+201C)"),
            ({"quote": "354\u00a0cases"}, "at character 4 it has '\\xa0' (U+00A0)"),
            ({"quote": "354  cases"}, "does not stand"),
            ({"quote": ""}, "does not stand"),
            ({"source": ""}, "does not stand"),
        ],
    ),
    "printed-in-quote": (
        {"printed": "354", "quote": "354 cases in 2024", "status": "A"},
        [
            {"printed": "9", "quote": "9 of 29"},
            {"printed": "€1.38 million", "quote": r"€1.38 million (\$1.44 million)"},
            {"printed": "$1.44 million", "quote": r"€1.38 million (\$1.44 million)"},
            {"printed": "eight", "quote": "was eight⁵"},
            {"printed": "six", "quote": "a six-month permit"},
            {"printed": "", "status": "O"},
        ],
        [
            ({"printed": "9", "quote": "29 cases"}, "It is part of '29'"),
            ({"printed": "1.38 million", "quote": "€1.38 million"}, "It is part of '€1.38 million': key that."),
            ({"printed": "€1.38", "quote": "€1.38 million"}, "It is part of '€1.38 million'"),
            ({"printed": "five", "quote": "twenty-five"}, "It is part of 'twenty-five'"),
            ({"printed": "one", "quote": "someone"}, "does not stand in the quote as a whole number"),
            ({"printed": "Nine", "quote": "nine victims"}, "does not stand"),
            ({"printed": "three", "quote": "three to three"}, "stands 2 times"),
            ({"printed": ""}, "does not stand"),
        ],
    ),
    "printed-parses": (
        {"printed": "€1.38 million", "value": "1380000", "status": "A"},
        [
            {"printed": "1.000", "value": "1000"},
            {"printed": "1.000", "value": "1"},
            {"printed": "1,056", "value": "1056"},
            {"printed": "nine", "value": "9"},
            {"printed": "once", "value": "1"},
            {"printed": "53%", "value": "53"},
            {"printed": "", "value": "", "status": "O"},
        ],
        [
            ({"value": "1.38"}, "means 1380000, but the value is '1.38'"),
            ({"printed": "1.000", "value": "100"}, "means 1 or 1000"),
            ({"printed": "354", "value": "345"}, "Look at the page and correct one"),
            ({"printed": "dozens", "value": "24"}, "is no number that can be read"),
            ({"printed": "354", "value": ""}, "means 354"),
            ({"printed": "354", "value": "3.54e2"}, "means 354"),
        ],
    ),
    "value-form": (
        {"value": "354", "status": "A"},
        [{"value": "0"}, {"value": "2.2"}, {"value": "0.05"}, {"value": "", "status": "O"}],
        [
            ({"value": wrong}, "is not a plain number")
            for wrong in ("", *"1\u0663|\uff11|1,056|1 056|007|2.20|2.|.5|1e3|-5|+5|nan|nine| 5|5\n|€5".split("|"))
        ],
    ),
    "missing-empty": (
        {"status": "A", "value": "354", "printed": "354"},
        [{"status": "O", "value": "", "printed": ""}, {"value": "0", "printed": "zero"}],
        [
            ({"status": "O"}, "the row has a value ('354')"),
            ({"status": "O", "value": "0", "printed": ""}, "the row has a value ('0')"),
            ({"status": "O", "value": ""}, "the row has a value ('354')"),
            ({"value": ""}, "no value or no printed number"),
            ({"printed": ""}, "no value or no printed number"),
            ({"value": "", "printed": ""}, "no value or no printed number"),
        ],
    ),
    "gap-worded": (
        {"status": "O", "quote": "the government did not report any convictions"},
        [
            {"quote": ""},
            {"quote": "an unknown number of defendants"},
            {"quote": "signed and not yet ratified"},
            {"status": "A", "quote": "104 convictions"},
        ],
        [
            ({"quote": "convictions of government employees"}, "the quote does not say so"),
            ({"quote": "the government reported no convictions"}, "the quote does not say so"),
        ],
    ),
    "metric-known": ({"metric": "convictions", "metric_unit": "convictions"}, [], [({"metric_unit": ""}, "no metric 'convictions'")]),
    "unit-of-metric": (
        {"metric": "convictions", "unit": "convictions", "metric_unit": "convictions"},
        [{"metric_unit": ""}],
        [({"unit": "persons"}, "measured in 'convictions'"), ({"unit": ""}, "measured in")],
    ),
    "unit-sign": (
        AMOUNT | {"printed": "€419,000", "quote": "€419,000 for each"},
        [
            AMOUNT | {"unit": "USD", "printed": "$514,110", "quote": "$514,110"},
            AMOUNT | {"printed": "100.000", "quote": "up to 100.000 Euros"},
            AMOUNT | {"printed": "1.000", "quote": "between 1.000 up to 100.000 Euros"},
            AMOUNT | {"unit": "USD", "printed": "500", "quote": "500 US dollars"},
            AMOUNT | {"unit": "XFC", "unit_label": "crowns", "printed": "2.5 million", "quote": "2.5 million crowns"},
            AMOUNT | {"unit": "XFC", "unit_label": "crowns", "printed": "1", "quote": "1 crown for each"},
            AMOUNT | {"unit": "XFC", "unit_label": "crowns", "printed": "40", "quote": "40 XFC for each"},
            SHARE | {"printed": "53%", "quote": "the 53% of"},
            SHARE | {"printed": "56", "quote": "56 percent of"},
            SHARE | {"printed": "2.2", "quote": "only 2.2 per cent"},
            COUNT | {"printed": "354", "quote": "354 cases"},
            AMOUNT | {"printed": "", "status": "O"},
        ],
        [
            ({"unit": "USD"}, "is printed in EUR, but the unit is 'USD'"),
            (COUNT, "is printed in EUR"),
            (AMOUNT | {"printed": "419,000", "quote": "419,000 for each"}, "neither its sign nor its name"),
            (AMOUNT | {"printed": "500", "quote": "500 dollars"}, "neither its sign nor its name"),
            (AMOUNT | {"unit": "XFC", "unit_label": "crowns", "printed": "40", "quote": "40 crownless"}, "neither its sign nor its name"),
            (AMOUNT | {"printed": "419", "quote": "419 and some Euros"}, "neither its sign nor its name"),
            (COUNT | {"printed": "53%", "quote": "53% of"}, "'53%' is printed as a percentage"),
            (COUNT | {"printed": "56", "quote": "56 percent of"}, "'56' is printed as a percentage"),
            (SHARE | {"printed": "56", "quote": "56 of the sentences"}, "'56' is not printed as a percentage"),
            (SHARE | {"printed": "6", "quote": "6 of 56 percent"}, "'6' is not printed as a percentage"),
        ],
    ),
    "unit-worded": (
        {"unit": "years", "printed": "eight", "after": " years, with an average of three months", "status": "A"},
        [
            {"unit": "months", "after": "-month residence permits"},
            {"unit": "days", "after": "-day reflection period"},
            {"unit": "years", "after": " to fifteen years and fines"},
            {"unit": "years_of_age", "after": " years of age"},
            {"unit": "years_of_age", "after": "-year-old"},
            {"unit": "years_of_age", "after": " and 18"},
            {"unit": "persons", "after": " months"},
            {"unit": "years", "after": "", "status": "O"},
        ],
        [
            ({"unit": "months"}, "the first unit after 'eight' in the sentence is 'year'"),
            ({"unit": "days"}, "is 'year'"),
            ({"after": " months to eight years"}, "is 'month'"),
            ({"after": " victims"}, "is 'none'"),
            ({"after": ""}, "is 'none'"),
            ({"unit": "years_of_age", "after": " months later"}, "is 'month'"),
        ],
    ),
    "value-range": (
        RANGE | {"value": "56"},
        [{"value": "0"}, {"value": "100"}, {"value": ""}, {"minimum": "", "maximum": ""}],
        [({"value": "101"}, "lies outside 0 to 100"), ({"value": "100.1"}, "lies outside"), ({"minimum": "60"}, "lies outside 60 to 100")],
    ),
    "value-whole": (
        {"value": "93", "unit": "persons", "whole": "true"},
        [{"value": "2.2", "whole": "false"}, {"value": ""}, {"value": "93.0"}],
        [({"value": "2.2"}, "2.2 persons is not whole")],
    ),
    "category-known": (
        KNOWN | {"sex": "total", "age": "total", "exploitation": "labour"},
        [{"sex": "female", "age": "child"}],
        [
            ({"sex": "females"}, "No such category: sex 'females'"),
            ({"age": "female"}, "age 'female'"),
            ({"exploitation": "labor"}, "exploitation 'labor'"),
            ({"sex": "", "age": ""}, "sex '', age ''"),
        ],
    ),
    "category-worded": (
        TERMS | {"sentence": SENTENCE, "sex": "female", "age": "total", "exploitation": "labour"},
        [
            {"sex": "total", "sex_terms": "", "exploitation": "total", "exploitation_terms": ""},
            {"sentence": "Women in Labour Exploitation"},
            {"sentence": "female⁵ labor exploitation"},
        ],
        [
            ({"sex": "male", "sex_terms": "male|men"}, "The category is 'male', but none of its words (male, men)"),
            ({"age": "child", "age_terms": "children|minors"}, "The category is 'child'"),
            ({"sentence": "93 females and their labor exploitation"}, "The category is 'female'"),
            ({"sentence": "93 female victims of exploitation"}, "The category is 'labour'"),
            ({"sentence": ""}, "The category is 'female'"),
        ],
    ),
    "period-form": (
        {"start": "2024-01-01", "end": "2024-12-31"},
        [{"start": "", "end": ""}, {"start": "2024-02-29", "end": "2024-02-29"}],
        [
            ({"start": "01/01/2024"}, "start is '01/01/2024', which is no ISO 8601 date"),
            ({"end": "2024-02-30"}, "end is '2024-02-30'"),
            ({"end": "2023-02-29"}, "end is '2023-02-29'"),
            ({"start": "2024"}, "start is '2024'"),
            ({"start": "20240101"}, "start is '20240101'"),
            ({"start": "2024-W01-1"}, "start is"),
            ({"end": ""}, "One of start and end is empty"),
            ({"start": ""}, "One of start and end is empty"),
            ({"end": "2023-12-31"}, "starts (2024-01-01) after it ends (2023-12-31)"),
        ],
    ),
    "period-basis": (
        {"period_basis": "stated", "start": "2024-01-01"},
        [{"period_basis": "inferred"}, {"period_basis": "standing", "start": ""}, {"period_basis": "not_stated", "start": ""}],
        [
            ({"start": ""}, "start and end are empty"),
            ({"period_basis": "inferred", "start": ""}, "start and end are empty"),
            ({"period_basis": "standing"}, "start and end are given"),
            ({"period_basis": "not_stated"}, "start and end are given"),
        ],
    ),
    "period-stated": (
        PERIOD,
        [
            PERIOD | {"start": "2018-01-01", "end": "2020-12-31", "sentence": "2,642 children went missing between 2018 and 2020"},
            PERIOD | {"start": "2009-05-01", "end": "2009-05-31", "sentence": "ratified in May 2009"},
            PERIOD | {"period_basis": "inferred", "sentence": "no year"},
            PERIOD | {"start": "", "end": ""},
            PERIOD | {"sentence": "as of 31 December 2024"},
            PERIOD | {"sentence": "In 2024, 93, and from January to June 2024, 40"},
            PERIOD | {"sentence": "In May 2024, 93 of the year"},
            HALF,
            *(HALF | {"sentence": f"From January {joint} June 2008, eight children"} for joint in ("and", "through", "until")),
            HALF | {"sentence": "From January to June, 2008, eight children"},
            SPAN,
            SPAN | {"end": "2024-12-31", "sentence": "from July 2023 to the end of 2024"},
            SPAN | {"start": "2023-01-01", "sentence": "from 2023 until June 2024"},
        ],
        [
            ({"sentence": "the government identified 93 victims"}, "2024 does not stand in the sentence"),
            ({"sentence": "since 2,024 cases"}, "2024 does not stand"),
            ({"start": "2023-01-01"}, "2023 does not stand"),
            ({"start": "2022-01-01", "end": "2023-12-31"}, "2022 and 2023 does not stand"),
            (
                HALF | {"end": "2008-12-31"},
                "The sentence speaks of 2008 only as a part of the year, but the period is 2008-01-01 to 2008-12-31",
            ),
            (HALF | {"start": "2008-02-01"}, "is part of a year, but the sentence does not name its months"),
            (HALF | {"end": "2008-07-31"}, "does not name its months"),
            (HALF | {"sentence": "From January to June 2007 and in 2008"}, "does not name its months"),
            (PERIOD | {"sentence": "ratified in May 2024", "before": "ratified in May "}, "names the month right before the number"),
            (SPAN | {"start": "2023-08-01"}, "is no whole years, but the sentence does not name its months"),
            (SPAN | {"end": "2024-05-31"}, "is no whole years"),
            (SPAN | {"sentence": "between 2023 and 2024, eight children"}, "is no whole years"),
            ({"end": "2024-06-30"}, "is part of a year, but the sentence does not name its months"),
            (PERIOD | {"start": "2009-06-01", "end": "2009-06-30", "sentence": "ratified in May 2009"}, "does not name its months"),
        ],
    ),
    "period-published": (
        {"end": "2024-12-31", "published": "2025"},
        [{"published": "2024"}, {"published": "2024-12"}, {"published": "2024-12-31"}, {"end": ""}, {"published": ""}],
        [
            ({"published": "2023"}, "The period ends on 2024-12-31, after the document was published (2023)"),
            ({"published": "2024-11"}, "after the document was published"),
            ({"published": "2024-12-30"}, "after the document was published"),
        ],
    ),
    "qualifier-worded": (
        {"qualifier": "exact", "before": "the government identified ", "printed": "93", "status": "A"},
        [
            {"qualifier": "at_least", "before": "assisted at least "},
            {"qualifier": "at_least", "before": "no fewer than "},
            {"qualifier": "more_than", "before": "assisting over "},
            {"qualifier": "more_than", "before": "More than €"},
            {"qualifier": "about", "before": "allocated approximately "},
            {"qualifier": "about", "before": "averaging approximately \\"},
            {"qualifier": "at_most", "before": "between 1.000 up to "},
            {"qualifier": "less_than", "before": "victims under "},
            {"qualifier": "less_than", "before": "fewer than "},
            {"qualifier": "at_least", "before": "not less than "},
            {"qualifier": "at_most", "before": "no more than "},
            {"qualifier": "at_most", "before": "No more than \\$"},
            {"qualifier": "at_most", "before": "as many as\u00a0"},
            {"before": "moreover "},
            {"before": "turnover "},
            {"before": "handsome "},
            {"before": "at least one of "},
            {"before": ""},
            {"qualifier": "at_least", "status": "O"},
        ],
        [
            ({"before": "assisted at least "}, "The qualifier is 'exact', but the source words it as 'at_least' (“… least 93”)"),
            ({"before": "assisting over "}, "words it as 'more_than'"),
            ({"before": "approximately "}, "words it as 'about'"),
            ({"before": "up to "}, "words it as 'at_most'"),
            ({"before": "under "}, "words it as 'less_than'"),
            ({"qualifier": "more_than", "before": "no more than "}, "words it as 'at_most'"),
            ({"qualifier": "less_than", "before": "no less than "}, "words it as 'at_least'"),
            ({"qualifier": "less_than", "before": "not fewer than "}, "words it as 'at_least'"),
            ({"qualifier": "at_least"}, "words it as 'exact'"),
            ({"qualifier": "at_least", "before": "over "}, "words it as 'more_than'"),
            ({"qualifier": "about", "before": ""}, "(“… 93”)"),
        ],
    ),
    "year-value": (
        {"unit": "calendar_year", "value": "2006", "start": "2006-01-01", "end": "2006-12-31"},
        [{"unit": "persons", "value": "93"}, {"start": "", "end": ""}, {"start": "2006-05-01", "end": "2006-05-31"}],
        [
            ({"value": "2007"}, "The value is the year 2007"),
            ({"end": "2007-12-31"}, "the period is 2006-01-01 to 2007-12-31"),
            ({"start": "2005-01-01"}, "the period is"),
        ],
    ),
    "note-given": (
        NOTE,
        [
            {"status": "O", "printed": ""},
            {"period_basis": "standing"},
            {"note": "From the title.", "period_basis": "inferred", "status": "B", "printed": "1.000"},
            {"printed": "1.38"},
        ],
        [
            ({"period_basis": "inferred"}, "The period is inferred. Say in the note"),
            ({"note": " ", "period_basis": "inferred"}, "The period is inferred"),
            ({"printed": "1.000"}, "can be read in two ways"),
            *(({"status": status}, f"The status is {status}. Say in the note why") for status in "BDEPUW"),
        ],
    ),
} | NEARNESS
KEEPS = [(name, plain | change) for name, (plain, kept, _) in CASES.items() for change in ({}, *kept)]
BREAKS = [(name, plain | change, words) for name, (plain, _, broken) in CASES.items() for change, words in broken]


def test_every_rule_has_rows_that_keep_it_and_rows_that_break_it():
    assert set(CASES) == set(RULES)
    assert {name for name, *_ in BREAKS} == set(RULES)


@pytest.mark.parametrize(("name", "cells"), KEEPS)
def test_this_row_keeps_the_rule(name, cells):
    assert RULES[name].message(cells) is None


@pytest.mark.parametrize(("name", "cells", "words"), BREAKS)
def test_this_row_breaks_the_rule_and_is_told_why(name, cells, words):
    message = RULES[name].message(cells)
    assert words in message
    assert message.endswith((".", ")"))


@pytest.mark.parametrize("name", RULES)
def test_a_rule_reads_columns_that_every_row_has_and_blames_one_of_the_metrics_file(name, belgium):
    rule = RULES[name]
    assert set(rule.columns) == set(CASES[name][0])
    assert set(rule.columns) <= set(COLUMNS)
    assert rule.column in belgium.rows("metrics")[0].cells


@pytest.mark.parametrize("name", RULES)
def test_every_row_of_the_record_keeps_the_rule(name, belgium):
    assert [row["id"] for row in joined(belgium) if RULES[name].message(row)] == []


LEADS = {
    "at_least": "at least|no fewer than|not fewer than|no less than|not less than|a minimum of",
    "more_than": "over|more than|exceeding|in excess of",
    "about": "about|approximately|around|roughly|some|nearly|almost|an estimated|estimated",
    "at_most": "up to|at most|as many as|no more than|not more than|a maximum of",
    "less_than": "less than|fewer than|under|below",
}


def test_every_qualifier_but_exact_has_words_that_lead_in():
    assert set(LEADS) == set(LEAD_INS) == set(QUALIFIERS) - {"exact"}


@pytest.mark.parametrize(("qualifier", "words"), [(name, words) for name, known in LEADS.items() for words in known.split("|")])
def test_every_lead_in_is_followed_by_a_number_with_or_without_its_sign(qualifier, words):
    judge = RULES["qualifier-worded"].judge
    for before in (f"{words} ", f"{words.capitalize()} ", f"reported {words} €", f"reported {words} \\$", f"reported {words}  "):
        assert judge(qualifier, before, "93", "A") is None
        assert all(judge(other, before, "93", "A") for other in QUALIFIERS if other != qualifier)
    assert judge("exact", f"{words} 12 of ", "93", "A") is None


@given(st.lists(st.text(max_size=20), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_cells_make_a_rule_raise(given_cells):
    cells = dict(zip(COLUMNS, given_cells, strict=True))
    assert all(rule.message(cells) is None or rule.message(cells) for rule in RULES.values())


def test_one_odd_cell_in_a_real_row_makes_no_rule_raise(belgium):
    rows = joined(belgium)[::60]
    for cells in rows:
        for column in COLUMNS:
            for odd in ("", "9999-12-31", "0000-00-00", "\t", "a\tb\n\tc", "²", "1e9999", "NaN", "(", "\\", "0" * 5000, "\u2028"):
                assert all(rule.message(cells | {column: odd}) != "" for rule in RULES.values() if column in rule.columns)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_printed_number_parses_to_its_own_value_and_to_no_other(printed, value):
    message = RULES["printed-parses"].judge(f"{printed:,}", str(value), "A")
    assert (message is None) == (printed == value)


@given(st.decimals(0, 10**9, places=4))
def test_every_value_has_one_spelling(value):
    plain = f"{value.normalize():f}"
    judge = RULES["value-form"].judge
    assert judge(plain, "A") is None
    assert Decimal(plain) == value
    assert all(judge(other, "A") for other in (f"0{plain}", f"+{plain}", f"{plain}{'' if '.' in plain else '.'}0", f" {plain}"))
