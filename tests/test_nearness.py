"""The rules on the words next to a number: rows that keep them, and slips that leave every word of the sentence in place."""

from __future__ import annotations

from itertools import combinations

import pytest

from tieout.evidence import joined
from tieout.record import Record, Row
from tieout.rules import RULES
from tieout.wordings import NUMBER

# The sentences, with # for the number that a row is about.
CASES_2024 = (
    "Authorities investigated # cases in 2024 (249 sex trafficking and 104 labor trafficking), compared with 468 investigations in 2023."
)
SEX = CASES_2024.replace("#", "354").replace("249", "#")
LABOUR = CASES_2024.replace("#", "354").replace("104", "#")
BOTH = "The law punished sex trafficking and labor trafficking with imprisonment of # to 15 years."
BEFORE = CASES_2024.replace("#", "354").replace("468", "#")
YEARS = "Missing in the shelters were # children between 2018 and 2020, with 583 in 2020 alone."
SOURCE = (
    "The police said: In 2024, nine victims of trafficking⁵ were found (49 women), and the shelters housed 1,056 people.\n"
    "Eleven left early."
)
TERMS = "\n".join(
    [
        *("sex:female\tfemale|women", "sex:male\tmale|men", "sex:total\t", "age:child\tchildren"),
        *("exploitation:labour\tlabor trafficking", "exploitation:sexual\tsex trafficking", "exploitation:total\t"),
    ]
)
RIVALS = "investigations\t# cases in|with # investigations\npersons_rescued\t# women\nother\tlabor trafficking"


def placed(sentence: str) -> str:
    return sentence.replace("#", NUMBER)


TOTAL = {"sex": "total", "age": "total", "exploitation": "total"}
WORDED = {"metric": "convictions", "placed": placed("It told of # convictions in 2023."), "wordings": "# convictions", "rivals": RIVALS}
NEAREST = TOTAL | {"metric_group": "law", "unit": "cases", "placed": placed(CASES_2024), "terms": TERMS, "status": "A", "note": ""}
METHOD = NEAREST | {"metric_group": "assessment", "unit": "tier", "placed": placed("Belgium is on Tier #.")}
YEAR = {"period_basis": "stated", "start": "2024-01-01", "end": "2024-12-31", "placed": placed(CASES_2024), "printed": "354",
        "quote": "354 cases in 2024", "note": "", "status": "A"}  # fmt: skip
Y2023 = YEAR | {"start": "2023-01-01", "end": "2023-12-31"}
SPAN = YEAR | {"start": "2018-01-01", "end": "2020-12-31", "placed": placed(YEARS)}
GAP = YEAR | {"status": "O", "placed": "They did not report 2024.", "printed": ""}
NOTED = {"period_basis": "inferred", "start": "2024-01-01", "end": "2024-12-31", "note": "“In 2024”, in the sentence before."}
HALF = NOTED | {"start": "2008-01-01", "end": "2008-06-30", "note": "“from January to June 2008”, in the heading."}
MONTHS = {"start": "2024-01-01", "end": "2024-12-31", "sentence": "In 2024, nine victims were found."}
QUOTE = {"quote": "nine victims of trafficking⁵ were found", "source": SOURCE}

# For each rule: what it reads where all is well, then the changes that it allows, then those it does not, with words of its message.
CASES: dict[str, tuple[dict, list[dict], list[tuple[dict, str]]]] = {
    "metric-worded": (
        WORDED,
        [
            {"rivals": ""},
            {"placed": ""},
            {"wordings": "convictions", "placed": placed("It told of convictions, # in all.")},
            {"wordings": "nothing|# convictions"},
            {"wordings": "told + # convictions"},
            {"rivals": "a\tconvictions"},  # fits by its words alone, the metric's own wording is attached
            {"rivals": "a\t# convictions"},  # fits no better
            {"rivals": "a\t\nb\t"},
            {"placed": "It did not report convictions.", "wordings": "convictions"},
        ],
        [
            ({"wordings": "# sentences"}, "are not those of convictions. If the source words it anew, add its wording to data/terms.csv"),
            ({"wordings": ""}, "add its wording to data/terms.csv"),
            ({"placed": placed("It told of # sentences, and of convictions.")}, "are not those of convictions"),
            ({"wordings": "told + # sentences"}, "are not those of convictions"),
            ({"placed": placed("It told of 104 cases with # investigations.")}, "They are those of investigations."),
            ({"wordings": "convictions", "rivals": "a\t# convictions\nb\tconvictions in\nc\t# convictions"}, "They are those of a, c."),
        ],
    ),
    "category-nearest": (
        NEAREST,
        [
            {"exploitation": "sexual", "placed": placed(SEX)},
            {"exploitation": "labour", "placed": placed(LABOUR)},
            {"placed": placed(BEFORE)},
            {"sex": "female", "placed": placed("of the women # were housed")},
            {"sex": "female", "placed": placed("# to 15 women were housed")},
            {"sex": "female", "age": "child", "placed": placed("# women and children")},
            {"sex": "female", "placed": placed("Women were among them. They were 30, # in Ghent"), "note": "The women."},
            {"sex": "female", "placed": placed("of # women, two men")},
            {"placed": placed("a womanly # were found")},
            {"status": "O", "sex": "female", "placed": "They did not report."},
            {"sex": "female", "placed": ""},
            {"placed": placed(BOTH), "note": "Both forms: sex trafficking and labor trafficking."},
            METHOD,
            METHOD | {"metric_group": "law", "unit": "calendar_year", "placed": placed("ratified in # by men")},
        ],
        [
            ({"placed": placed(SEX)}, "exploitation is 'total', but the words next to the number say 'sexual'."),
            ({"placed": placed(SEX), "note": "sex trafficking and labor trafficking"}, "the words next to the number say 'sexual'."),
            ({"placed": placed(BOTH)}, "exploitation is 'total', but the words next to the number say 'labour, sexual'."),
            ({"placed": placed(BOTH), "note": "sex trafficking"}, "the words next to the number say 'labour, sexual'."),
            ({"exploitation": "labour", "placed": placed(SEX)}, "exploitation is 'labour', but the words next to the number say 'sexual'."),
            (
                {"exploitation": "sexual", "placed": placed(LABOUR)},
                "exploitation is 'sexual', but the words next to the number say 'labour'",
            ),
            ({"sex": "male", "placed": placed("of # women, two men")}, "sex is 'male', but the words next to the number say 'female'."),
            ({"sex": "female", "placed": placed("# people were housed")}, "say 'none'"),
            ({"sex": "male", "placed": placed("beside the men # of whom were women"), "note": "The men."}, "say 'female'"),
            ({"sex": "female", "placed": placed("Women were 30, # in Ghent")}, "another number stands between its words and the number."),
            ({"sex": "female", "placed": placed("Women were 30, # in Ghent"), "note": "The men."}, "Say in the note whose number it is."),
            ({"sex": "female", "age": "child", "placed": placed("# women")}, "age is 'child', but the words next to the number say 'none'"),
            (METHOD | {"sex": "female"}, "sex, age and exploitation are total"),
            (METHOD | {"metric_group": "law", "unit": "calendar_year", "age": "child"}, "a year has no breakdown"),
        ],
    ),
    "year-nearest": (
        YEAR,
        [
            Y2023 | {"placed": placed(BEFORE)},
            SPAN,
            {"placed": placed("In 2024, they found # victims, compared with 154 in 2023.")},
            {"placed": placed("In 2024, they found # victims (154 in 2023).")},
            {"placed": placed("In 2024, they found # victims; in 2023, 154.")},
            {"placed": placed("They found # victims ($5 each) in 2024, fewer than in 2023.")},
            {"placed": placed("They found # victims.")},
            {"placed": placed("In 2019, they found # victims."), "note": "about 2024: “in 2019” is the law's."},
            {"placed": placed("adopted in #, as in 1999"), "printed": "2024"},
            {"period_basis": "inferred", "placed": placed("In 2019, they found # victims.")},
            {"period_basis": "not_stated", "start": "", "end": ""},
            {"placed": ""},
            GAP | {"quote": "did not report 2024"},
            GAP | {"period_basis": "inferred", "quote": "did not report"},
        ],
        [
            (
                Y2023,
                "The period is of 2023, but the year nearest to the number is 2024. Correct the period, or say in the note: 'about 2023'",
            ),
            ({"placed": placed(BEFORE)}, "the year nearest to the number is 2023"),
            (SPAN | {"start": "2019-01-01", "end": "2019-12-31"}, "the year nearest to the number is 2018"),
            (Y2023 | {"placed": placed("In 2024, they found # victims, compared with 154 in 2023.")}, "is 2024"),
            (Y2023 | {"placed": placed("In 2024, they found # victims (154 in 2023).")}, "is 2024"),
            ({"note": "about 2023"}, "The note says about 2023, but the period is of 2024."),
            ({"note": "about 2023", "period_basis": "inferred"}, "The note says about 2023"),
            (GAP | {"quote": "They did not report"}, "that year does not stand in the quote. Widen the quote, or correct the period."),
        ],
    ),
    "year-noted": (
        NOTED,
        [
            HALF,
            NOTED | {"start": "2018-01-01", "end": "2020-12-31", "note": "“between 2018 and 2020”, in the line above."},
            {"period_basis": "stated", "note": ""},
            {"period_basis": "not_stated", "start": "", "end": "", "note": ""},
        ],
        [
            ({"note": ""}, "The period 2024 is inferred, but the note does not say from which words."),
            ({"note": "From the sentence before."}, "Quote them, with the year."),
            ({"note": "“In 2023”, in the sentence before."}, "Quote them, with the year."),
            (NOTED | {"start": "2018-01-01", "end": "2020-12-31", "note": "“in 2018”"}, "Quote them, with the year."),
            (HALF | {"note": "“in 2008”"}, "is part of a year, but the note does not say from which words. Quote them, with the months."),
            (HALF | {"note": "“until June 2008”"}, "Quote them, with the months."),
        ],
    ),
    "period-months": (
        MONTHS,
        [
            {"start": "2024-02-01", "end": "2024-02-29"},
            {"start": "2023-02-01", "end": "2023-02-28"},
            {"start": "2018-07-01", "end": "2020-06-30"},
            {"start": "2024-12-31", "end": "2024-12-31", "sentence": "As of 31 December 2024, nine."},
            {"start": "", "end": ""},
            {"end": "2024-12-32"},
            {"start": "9999-12-01", "end": "9999-12-31"},  # there is no day after it
        ],
        [
            ({"start": "2024-01-02"}, "The period 2024-01-02 to 2024-12-31 does not fill its months, and the sentence prints no days."),
            ({"end": "2024-12-30"}, "does not fill its months"),
            ({"end": "2025-01-01"}, "does not fill its months"),
            ({"start": "2024-02-01", "end": "2024-02-28"}, "does not fill its months"),
            ({"start": "2024-12-31"}, "does not fill its months"),
        ],
    ),
    "quote-whole": (
        QUOTE,
        [
            {"quote": "nine victims of trafficking"},
            {"quote": "In 2024, nine victims of trafficking⁵ were found"},
            {"quote": "In 2024, nine victims of trafficking⁵ were found (49 women)"},
            {"quote": "and the shelters housed 1,056 people"},
            {"quote": "Eleven left early."},
            {"quote": "nine victims of trafficking⁵ were found (49 women), and the shelters housed 1,056 people"},
            {"quote": "no such words"},
            {"quote": "nine victims fled.", "source": "They said that nine victims fled."},
            {"quote": "nine victims fled.", "source": "Police counted and nine victims fled."},
            {"quote": "- [ ] the shelters", "source": "- [ ] the shelters"},
            {"quote": "the shelters, nine", "source": "## the shelters, nine"},
        ],
        [
            ({"quote": "ine victims of trafficking"}, "The quote begins in the middle of a phrase"),
            ({"quote": "nine victims (three women", "source": "nine victims (three women)."}, "The quote ends in the middle of a phrase"),
            ({"quote": "three women) fled", "source": "nine victims (three women) fled."}, "The quote begins in the middle of a phrase"),
            ({"quote": "victims of trafficking"}, "The quote begins in the middle of a phrase"),
            ({"quote": "nine victims of traffick"}, "The quote ends in the middle of a phrase"),
            (
                {"quote": "nine victims of trafficking⁵ were"},
                "The quote ends in the middle of a phrase. Copy it from the phrase's first word",
            ),
            ({"quote": "shelters housed 1,056 people"}, "The quote begins in the middle"),
            ({"quote": "nine victims fled.", "source": "They said somewhat nine victims fled."}, "The quote begins in the middle"),
            ({"quote": "in the shelters", "source": "People stayed within the shelters."}, "The quote begins in the middle of a phrase"),
            ({"quote": "People in all the", "source": "People in all these shelters"}, "The quote ends in the middle of a phrase"),
            ({"quote": "People in all", "source": "People in allthe shelters"}, "The quote ends in the middle of a phrase"),
            ({"quote": "(49 women"}, "little more than the number. Widen it until it says what is counted."),
            ({"quote": "49"}, "little more than the number"),
            ({"quote": "1,056 people"}, "little more than the number"),
        ],
    ),
}


# --- slips that no other rule can see ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows(belgium: Record) -> list[dict[str, str]]:
    return joined(belgium)


def keyed_as(record: Record, cells: dict[str, str], **change: str) -> dict[str, str]:
    """What the rules read where some of a row's cells are keyed otherwise."""
    row = next(row for row in record.rows("metrics") if row.id == cells["id"])
    other = Row(row.cells | change, row.document, row.where)
    (read,) = joined(Record(record.country, record.root, None, record.tables | {"metrics": (other,)}, record.texts, record.seeds))
    return read


@pytest.mark.parametrize("columns", [("sex", "age", "exploitation"), ("start", "end"), ("metric", "unit"), ("qualifier",)], ids=" ".join)
def test_what_two_numbers_of_a_sentence_are_cannot_be_swapped_unnoticed(columns, rows, belgium):
    """Every word of the sentence stays where it is, and both rows remain well formed."""
    swapped = 0
    for one, other in combinations(rows, 2):
        same_sentence = (one["document"], one["sentence"]) == (other["document"], other["sentence"])
        if not same_sentence or all(one[column] == other[column] for column in columns) or {one["status"], other["status"]} == {"O"}:
            continue
        swapped += 1
        read = [keyed_as(belgium, mine, **{column: theirs[column] for column in columns}) for mine, theirs in ((one, other), (other, one))]
        noticed = [name for name, rule in RULES.items() if any(rule.message(cells) for cells in read)]
        assert noticed, f"{one['id']} and {other['id']}"
    assert swapped > 10


@pytest.mark.parametrize("name", ["metric-worded", "category-nearest", "year-nearest"])
def test_a_rule_on_nearness_notices_something_that_no_other_rule_does(name, rows, belgium):
    columns = {"metric-worded": ("metric",), "category-nearest": ("sex", "exploitation"), "year-nearest": ("start", "end")}[name]
    for one, other in combinations(rows, 2):
        if (one["document"], one["sentence"], one["unit"]) != (other["document"], other["sentence"], other["unit"]):
            continue
        read = keyed_as(belgium, one, **{column: other[column] for column in columns})
        if [broken for broken, rule in RULES.items() if rule.message(read)] == [name]:
            return
    pytest.fail(f"{name} adds nothing")


def test_odd_cells_of_the_code_lists_are_no_broken_rule():
    """A tab, or a line end of another alphabet, in terms.csv or categories.csv must not make a rule raise."""
    for odd in ("a\tb", "a\u2028b", "a\x0bb\x85c", "\t", "+|+", "#|*|(", "\\"):
        RULES["metric-worded"].message(WORDED | {"wordings": odd, "rivals": f"x\t{odd}\ny\t"})
        RULES["category-nearest"].message(NEAREST | {"sex": "female", "terms": f"sex:female\t{odd}"})
