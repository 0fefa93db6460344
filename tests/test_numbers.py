"""Finding every number in a text, and reading what each can mean."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.numbers import TENS, UNITS, currency, find_numbers, readings
from tieout.wording import number, quantity

AROUND = ["", " ", "(", ")", ".", ", ", "\n", "“", "⁵ "]


def printed(text: str) -> list[str]:
    return [found.printed for found in find_numbers(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(found.printed, found.kind) for found in find_numbers(text)]


# --- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("allocated €1.38 million to shelters", ("€1.38 million", "digits")),
        (r"(\$1.44 million)", ("$1.44 million", "digits")),
        ("between 1.000 up to", ("1.000", "digits")),
        ("received 1,056 referrals", ("1,056", "digits")),
        ("totaling €111,227.50 in all", ("€111,227.50", "digits")),
        ("the 53% of countries", ("53%", "digits")),
        ("only 2.2 per cent", ("2.2", "digits")),
        ("a 45-day period", ("45", "digits")),
        ("COVID-19 infections", ("19", "digits")),
        ("Article 433quinquies of the code", ("433", "digits")),
        ("1\u202f056 referrals", ("1\u202f056", "digits")),
        ("to nine victims", ("nine", "words")),
        ("Three NGOs", ("Three", "words")),
        ("a six-month permit", ("six", "words")),
        ("twenty-five people", ("twenty-five", "words")),
        ("two hundred people", ("two hundred", "words")),
        ("the sixth consecutive year", ("sixth", "words")),
        ("the unit met once", ("once", "words")),
        ("met twice", ("twice", "words")),
        ("half of them", ("half", "words")),
        ("a hundred people", ("hundred", "words")),
        ("a thousand cases", ("thousand", "words")),
        ("one hundred and five people", ("one hundred and five", "words")),
        ("a hundred and five people", ("hundred and five", "words")),
        ("a hundred and fifty thousand", ("hundred and fifty thousand", "words")),
        ("a hundred thousand people", ("hundred thousand", "words")),
        ("two hundred and fifty thousand", ("two hundred and fifty thousand", "words")),
        ("the twenty-first century", ("twenty-first", "words")),
        ("a quarter of them", ("quarter", "words")),
        ("½ of them", ("½", "fraction")),
        ("⅔ of them", ("⅔", "fraction")),
        ("a tenfold rise", ("tenfold", "words")),
        ("rose ten-fold", ("ten-fold", "words")),
        ("a hundredfold rise", ("hundredfold", "words")),
        ("€1.38\u00a0million to", ("€1.38\u00a0million", "digits")),
        ("€\u202f1.38 million to", ("€\u202f1.38 million", "digits")),
        ("$ 500 for each", ("$ 500", "digits")),
        ("3 thousand people", ("3 thousand", "digits")),
        ("_nine_ victims", ("nine", "words")),
        ("dozens of cases", ("dozens", "words")),
        ("thousands of customers", ("thousands", "words")),
        ("Annex III of", ("III", "roman")),
        ("Title XIV", ("XIV", "roman")),
        ("as noted²⁵ above", ("²⁵", "superscript")),
        ("on 14 June 2004 in", ("14 June 2004", "date")),
        ("as of 31.12.2024, the", ("31.12.2024", "date")),
        ("hotlines 24/7 in", ("24/7", "time")),
        ("at 07:15 GMT", ("07:15", "time")),
        ("see https://state.gov/2025/tip.", ("https://state.gov/2025/tip", "address")),
        ("see www.ecpat.net/a1, and", ("www.ecpat.net/a1", "address")),
    ],
)
def test_each_kind_of_number_is_found_whole(text, found):
    assert kinds(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "often",
        "someone",
        "none of them",
        "height",
        "weight",
        "tenant",
        "bone",
        "attend",
        "I went",
        "a mix of X",
        "livid",
        "vi ii",
        "civil",
        "a fold in it",
        "manifold",
        "threefolded",
        "thousandth",
        "millionaire",
        "http://www.state.gov/",
    ],
)
def test_words_that_only_look_like_numbers_are_left_alone(text):
    assert printed(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("was eight⁵. With", ["eight", "⁵"]),
        ("in 2008⁵ and", ["2008", "⁵"]),
        ("ages of 14 and 18", ["14", "18"]),
        ("one to 15 years", ["one", "15"]),
        ("ten to fifteen years", ["ten", "fifteen"]),
        ("three to five years", ["three", "five"]),
        ("the 2021-2025 NAP", ["2021", "2025"]),
        ("1.000 up to 100.000 Euros", ["1.000", "100.000"]),
        (r"€1.38 million (\$1.44 million)", ["€1.38 million", "$1.44 million"]),
        ("619 trafficking victims, 176 and 2.2 percent", ["619", "176", "2.2"]),
        ("29.5.2016.", ["29.5.2016"]),
        ("in 2024.", ["2024"]),
        ("$^{^3}$", ["3"]),
        # an ordinal is not added to the cardinal before it
        ("six first responders", ["six", "first"]),
        ("the first five years", ["first", "five"]),
        ("two second chances", ["two", "second"]),
        # two amounts are not one, however they are joined
        ("between one hundred and two hundred", ["one hundred", "two hundred"]),
        ("between one thousand and twenty-five thousand", ["one thousand", "twenty-five thousand"]),
        ("between one thousand and two hundred thousand", ["one thousand", "two hundred thousand"]),
        ("between a hundred and two hundred", ["hundred", "two hundred"]),
        ("three quarters", ["three", "quarters"]),
        ("2½ years", ["2", "½"]),
        # a note's mark is no part of the number, nor does it hide one
        ("€1.38 million⁵ and", ["€1.38 million", "⁵"]),
        ("€1.38\u00a0million⁵ and", ["€1.38\u00a0million", "⁵"]),
        ("two hundred⁵ and", ["two hundred", "⁵"]),
        ("said⁵nine", ["⁵", "nine"]),
    ],
)
def test_numbers_side_by_side_are_told_apart(text, found):
    assert printed(text) == found


def test_a_number_knows_where_it_stands():
    (found,) = find_numbers("to nine victims")
    assert (found.start, found.end) == (3, 7)


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024", 2024), ("1900", 1900), ("2100", 2100), ("14 June 2004", 2004), ("31.12.2024", 2024)],
)
def test_a_calendar_year_is_known_as_one(text, year):
    assert find_numbers(text)[0].year == year


@pytest.mark.parametrize("text", ["1899", "2101", "2,024", "2024%", "€2024", "1056", "nine", "02024"])
def test_any_other_number_names_no_year(text):
    assert find_numbers(text)[0].year is None


# --- what it means ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("354", "354"),
        ("1,056", "1056"),
        ("1,056.50", "1056.5"),
        ("1.38", "1.38"),
        ("€1.38 million", "1380000"),
        ("$1.44 million", "1440000"),
        ("€419,000", "419000"),
        ("5 hundred", "500"),
        ("53%", "53"),
        ("1\u202f056", "1056"),
        ("1\u00a0056", "1056"),
        ("1.000.000", "1000000"),
        ("zero", "0"),
        ("nine", "9"),
        ("Two", "2"),
        ("nineteen", "19"),
        ("twenty-five", "25"),
        ("twenty five", "25"),
        ("two hundred", "200"),
        ("three thousand two hundred", "3200"),
        ("two million", "2000000"),
        ("first", "1"),
        ("sixth", "6"),
        ("twelfth", "12"),
        ("twentieth", "20"),
        ("twenty-first", "21"),
        ("hundred", "100"),
        ("hundred and five", "105"),
        ("hundred and fifty thousand", "150000"),
        ("hundred thousand", "100000"),
        ("thousand and one", "1001"),
        ("one hundred and five", "105"),
        ("two thousand three hundred and forty-five", "2345"),
        ("½", "0.5"),
        ("¼", "0.25"),
        ("€1.38\u00a0million", "1380000"),
        ("$ 500", "500"),
        ("€\u00a05", "5"),
        ("once", "1"),
        ("twice", "2"),
        ("half", "0.5"),
        ("III", "3"),
        ("IV", "4"),
        ("IX", "9"),
        ("XIV", "14"),
        ("²⁵", "25"),
    ],
)
def test_a_printed_number_is_read(text, value):
    assert readings(text) == {Decimal(value)}


@pytest.mark.parametrize(("text", "values"), [("1.000", {1, 1000}), ("100.000", {100, 100000}), ("€1.000", {1, 1000})])
def test_a_separator_that_may_mark_thousands_or_decimals_gives_both_readings(text, values):
    assert readings(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "%",
        "€",
        "12a",
        "victims",
        "dozens",
        "24/7",
        "07:15",
        "14 June 2004",
        "1,05",
        "eight⁵",
        "iii",
        "www.a1.be",
        "3 shelters",
        "tenfold",
        "ten-fold",
        "quarters",
        "⅓",
        "and",
        "3\u00a0shelters",
    ],
)
def test_what_is_no_number_has_no_reading(text):
    assert readings(text) == set()


@pytest.mark.parametrize(("text", "code"), [("€5", "EUR"), ("$5,800", "USD"), (" €5", "EUR"), ("5", None), ("", None), ("53%", None)])
def test_the_currency_is_the_sign_s(text, code):
    assert currency(text) == code


# --- for any number, any text -----------------------------------------------------------------------------------------


def in_words(value: int, joint: str = " ") -> str:
    """An English cardinal below a thousand million; ``joint`` stands before what follows a hundred."""
    for name, size in (("million", 10**6), ("thousand", 1000), ("hundred", 100)):
        if value >= size:
            rest = f"{joint if size == 100 else ' '}{in_words(value % size, joint)}" if value % size else ""
            return f"{in_words(value // size, joint)} {name}{rest}"
    if value < 20:
        return UNITS[value]
    return TENS[value // 10 - 2] + (f"-{UNITS[value % 10]}" if value % 10 else "")


@given(st.integers(0, 10**12))
def test_commas_read_back(value):
    assert value in readings(f"{value:,}")
    assert printed(f"the {value:,} of them") == [f"{value:,}"]


@given(st.integers(0, 10**8 - 1), st.sampled_from(AROUND), st.sampled_from([" ", " and "]))
def test_words_read_back(value, around, joint):
    words = in_words(value, joint)
    assert readings(words) == {value}
    assert words in printed(around + words + around)


@given(
    st.integers(0, 10**7), st.sampled_from("€$"), st.sampled_from([("", 1), (" thousand", 1000), (" million", 10**6), (" billion", 10**9)])
)
def test_money_reads_back(cents, sign, scale):
    word, size = scale
    text = f"{sign}{cents // 100:,}.{cents % 100:02}{word}"
    assert Decimal(cents) / 100 * size in readings(text)
    assert printed(f"allocated {text} to") == [text]
    assert currency(text) == {"€": "EUR", "$": "USD"}[sign]


@given(st.integers(0, 10**10), st.integers(0, 4))
def test_the_numbers_that_our_own_pages_print_read_back(digits, decimals):
    value = Decimal(digits).scaleb(-decimals)
    assert value in readings(number(value))
    assert value in readings(quantity(value, "percent"))
    assert value.quantize(Decimal("0.01")) in readings(quantity(value.quantize(Decimal("0.01")), "EUR"))
    assert value in readings(quantity(value, "XFC").removeprefix("XFC "))


texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,€$% -/:⁵²IVXioneten\u00a0\n", max_size=60),
    st.lists(
        st.sampled_from(
            [
                "nine",
                "1.000",
                "€1.38 million",
                "53%",
                "24/7",
                "III",
                "14 June 2004",
                "²",
                "http://a/1",
                "½",
                "hundred and ",
                "tenfold",
                *"3x-., ",
            ]
        )
    ).map("".join),
)


@given(texts)
def test_every_number_found_is_the_text_between_its_offsets_and_none_overlaps_another(text):
    found = find_numbers(text)
    assert all(one.printed == text[one.start : one.end] and one.start < one.end for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(texts)
def test_no_run_of_digits_is_ever_missed(text):
    covered = [range(one.start, one.end) for one in find_numbers(text)]
    for run in re.finditer("[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+", text):
        assert all(any(place in span for span in covered) for place in range(*run.span())), run.group()


@given(texts)
def test_reading_never_raises(text):
    assert all(isinstance(value, Decimal) for value in readings(text))
    assert currency(text) in {"EUR", "USD", None}
    assert all(one.year is None or isinstance(one.year, int) for one in find_numbers(text))
