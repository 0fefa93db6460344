"""A new metric: everything that is wrong with one is told at once, nothing is counted under two names, and nothing half enters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, Copy
from tieout.codebook import KINDS, Book, add_metric, faults, normal, parse_apart, wording_faults
from tieout.packaging import tidy
from tieout.problems import Usage
from tieout.wordings import wording_fault

CELLS = {
    "metric": "deaths_on_the_way",
    "label": "Deaths on the way",
    "definition": "Deaths on the way that a report tells of a group of migrants. Not victims of trafficking.",
    "unit": "persons",
    "kind": "count",
    "group": "victims",
}
WORDING = "including # children"
APART = {"victims_identified": "Those who died on the way were never recognised as victims."}
TEXT = "\n\nIn 2025, 58 people, including 7 children, suffocated in a lorry."


@pytest.fixture(scope="module")
def book() -> Book:
    """The repository's codebook, beside a document that prints a number which no metric counts yet."""
    real = Book.of(ROOT)
    (record,) = real.records
    text = record.texts["tip-2025"]
    return replace(real, records=(replace(record, texts={**record.texts, "tip-2025": replace(text, text=text.text + TEXT)}),))


def found(book: Book, wordings=(WORDING,), apart=APART, new_group=False, **cells: str) -> list[str]:
    return faults(book, normal(CELLS | cells), wordings, apart, new_group)


def test_a_metric_with_nothing_wrong_is_taken(book):
    assert found(book) == []
    assert found(book, apart={}) == []


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"metric": "Fees!"}, "metric is 'Fees!', which does not have the form"),
        ({"metric": "convictions"}, "There is a metric convictions already: Convictions."),
        ({"label": ""}, "label is empty"),
        ({"label": "convictions, the"}, "convictions has that label"),
        ({"label": "=1+1"}, "a spreadsheet would run"),
        ({"definition": ""}, "definition is empty"),
        ({"definition": "Deaths on the way."}, "but not what is not"),
        ({"definition": "Not a count of trafficking victims. Unaccompanied minor whom the Foreign Office registers every year"},
         "unaccompanied_minors_registered has that definition"),
        ({"unit": "raids"}, "There is no unit 'raids'. Units are EUR, USD"),
        ({"kind": "amount"}, "kind is 'amount', but what is given in persons is 'count'"),
        ({"kind": "sum"}, "kind is 'sum', which is not one of"),
        ({"group": "deaths"}, "No metric is of the group 'deaths'. Groups are assessment, funding"),
        ({"group": "The Dead"}, "group is 'The Dead', which does not have the form"),
        ({"decimals": "one"}, "decimals is 'one', which is no integer"),
        ({"decimals": "1"}, "decimals is 1, but people are whole"),
        ({"decimals": "9", "unit": "percent", "kind": "share"}, "more than any report prints"),
        ({"note": "Un\u200bseen"}, "U+200B"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_stand_is_told(book, cells, told):
    faults_ = found(book, **cells)
    assert len(faults_) == 1 and told in faults_[0], faults_


def test_a_new_group_is_taken_where_it_is_said_to_be_one(book):
    assert found(book, group="deaths", new_group=True) == []
    assert len(found(book, group="The Dead", new_group=True)) == 1


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        ("", "a part of it has no words"),
        ("#", "a part of it has no words"),
        ("including + * + children", "a part of it has no words"),
        ("* children", "* stands for words between others"),
        ("a * b * cc * people", "* stands for words between others"),
        ("# children|# people", "it holds |"),
        ("=including # children", "a spreadsheet would run"),
        ("# of # people", "more than one number"),
        ("# children drowned", "fits no sentence of a registered document"),
        ("# victims in", "names victims_identified in tip-20"),
        ("# victims of labor exploitation", "names victims_identified in tip-20"),
        ("convicted # defendants", "names persons_convicted in tip-2004-010"),
    ],
)
def test_a_wording_that_names_nothing_or_another_metric_is_told(book, wording, told):
    faults_ = found(book, wordings=[" ".join(wording.split())])
    assert len(faults_) == 1 and told in faults_[0], faults_


def test_a_wording_of_a_number_that_nobody_keyed_is_held_against_the_wordings_that_are_there(book):
    taken = replace(
        book, tables=book.tables | {"terms": ({"metric": "victims_identified", "terms": "# children , suffocated|including # children"},)}
    )
    (fault,) = wording_faults(taken, normal(CELLS), [WORDING])
    assert "fits only where those of victims_identified fit as well" in fault


def test_loose_words_are_held_against_loose_words(book):
    """Words that fit a row less closely than its own name nothing; as loose as these, they leave open which is meant."""
    assert wording_faults(book, normal(CELLS), ["convicted"]) == []
    (fault,) = wording_faults(book, normal(CELLS | {"unit": "EUR"}), ["totaling"])
    assert "names compensation_total_eur in tip-2025-062" in fault


def test_words_that_deny_several_numbers_may_name_several_metrics(book):
    assert wording_faults(book, normal(CELLS | {"unit": "cases"}), ["investigations, prosecutions, or convictions"]) == []


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        (None, "--comparable-with-all"),
        ({"victims": "They count another thing."}, "There is no metric 'victims' to keep it apart from. Near it are"),
        ({"deaths_on_the_way": "They count another thing."}, "cannot be kept apart from itself"),
        ({"victims_identified": "Different."}, "is not said: 'Different.'"),
        ({"victims_identified": "=One of them is not."}, "a spreadsheet would run"),
    ],
)
def test_what_it_must_not_be_compared_with_has_to_be_said(book, apart, told):
    (fault,) = found(book, apart=apart)
    assert told in fault


def test_everything_that_is_wrong_is_told_at_once(book):
    assert len(found(book, [], None, label="", unit="raids", group="deaths", decimals="x")) == 6


def test_every_kind_of_unit_has_its_kind_of_metric(book):
    assert all(row["kind"] == KINDS[book.units[row["unit"]]["kind"]] for row in book.tables["codebook"])


def test_the_nearest_metrics_share_the_rarest_words(book):
    near = {row["metric"] for row in book.nearest("Victims from Sliven whom police met in Brussels", 2)}
    assert near == {"sliven_cases_brussels", "sliven_prostitutes_brussels"}
    assert book.nearest("") == book.nearest("xyzzy") == []


# --- writing it ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(copy_root: Copy) -> Copy:
    copy_root.register_anew("tip-2025", copy_root.seed("tip-2025").read_text("utf-8") + TEXT)
    return copy_root


def state(copy: Copy) -> dict:
    return {path.relative_to(copy.root): path.read_bytes() for path in copy.root.rglob("*") if path.is_file()}


def test_the_three_files_get_the_metric_in_its_place(house):
    before = state(house)
    assert add_metric(house.root, CELLS, [f"  {WORDING} ", WORDING], {"victims_identified": "nobody recognised those who died"}) == [
        "data/codebook.csv", "data/terms.csv", "data/incomparable.csv"
    ]  # fmt: skip
    after = state(house)
    assert {path.name for path in after if before.get(path) != after[path]} == {"codebook.csv", "terms.csv", "incomparable.csv"}
    assert [row["metric"] for row in house.rows("codebook")] == sorted(row["metric"] for row in house.rows("codebook"))
    record = house.load()
    assert record.metrics["deaths_on_the_way"].cells == normal(CELLS)
    assert record.wordings["deaths_on_the_way"] == WORDING
    (pair,) = [row for row in record.rows("incomparable") if "deaths_on_the_way" in (row["metric"], row["other"])]
    assert (pair["metric"], pair["other"]) == ("deaths_on_the_way", "victims_identified")
    assert pair["reason"] == "Nobody recognised those who died."


def test_what_is_wrong_changes_nothing(house):
    before = state(house)
    with pytest.raises(Usage, match=r"deaths_on_the_way is not added \(2 found\):\n    There is no unit 'x'.*\n(.*\n)*Nothing was changed"):
        add_metric(house.root, CELLS | {"unit": "x"}, [], APART)
    assert state(house) == before


def test_what_a_killed_command_left_is_finished_by_the_same_one(house):
    """The codebook comes last: without it, what stands in the other files is of no metric."""
    before = house.rows("codebook")
    add_metric(house.root, CELLS, [WORDING], APART)
    whole = state(house)
    house.write("codebook", before)
    add_metric(house.root, CELLS, [WORDING], APART)
    assert state(house) == whole


def test_a_checkout_without_pairs_gets_the_file_and_its_description(house):
    house.path("incomparable").unlink()
    assert "data/datapackage.json" in tidy(house.root)
    assert (house.load().rows("incomparable"), house.load().problems) == ((), ())
    add_metric(house.root, CELLS, [WORDING], APART)
    assert len(house.rows("incomparable")) == 1
    assert '"name": "incomparable"' in (house.root / "data" / "datapackage.json").read_text("utf-8")


def test_a_codebook_that_cannot_be_read_is_not_written_again(house):
    house.path("terms").write_bytes(house.path("terms").read_bytes().replace(b"\n", b"\r\n"))
    before = state(house)
    with pytest.raises(Usage, match="CRLF"):
        add_metric(house.root, CELLS, [WORDING], APART)
    assert state(house) == before


# --- reading OTHER=reason -----------------------------------------------------------------------------------------------

CODES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
REASONS = st.text(min_size=1).map(str.strip).filter(bool)


@given(st.dictionaries(CODES, REASONS, max_size=4))
def test_pairs_are_read_as_they_were_written(apart):
    assert parse_apart([f" {other} = {reason}" for other, reason in apart.items()]) == apart


@given(st.lists(st.text(max_size=20), max_size=4))
def test_any_text_is_read_or_refused_and_nothing_is_lost(texts):
    try:
        apart = parse_apart(texts)
    except Usage as refused:
        assert "Nothing was changed." in str(refused)
    else:
        assert all(text.partition("=")[2].strip() == apart[text.partition("=")[0].strip()] for text in texts)


def test_all_that_cannot_be_read_is_told_at_once():
    with pytest.raises(Usage) as refused:
        parse_apart(["convictions", "=why", "convictions=", "a=one", "a=two", "b\u202e"])
    assert str(refused.value).count("--not-with") == 9
    assert "two reasons for a" in str(refused.value) and "\u202e" not in str(refused.value)


@given(st.text(max_size=30))
def test_no_wording_makes_the_check_of_wordings_raise(wording):
    assert isinstance(wording_fault(wording), str)
