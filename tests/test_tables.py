"""CSV as people key it: read strictly as text, refused with the reason, written in one canonical form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout import tables
from tieout.characters import control, formula
from tieout.tables import read_table, table_text, write_table

COLUMNS = ("id", "value", "note")
GOOD = b"id,value,note\na,1,\nb,,two words\n"


@pytest.fixture
def reading(tmp_path):
    """Reads bytes as a file of three columns."""

    def read(raw: bytes):
        (tmp_path / "t.csv").write_bytes(raw)
        return read_table(tmp_path / "t.csv", "data/t.csv", COLUMNS)

    return read


def test_a_cell_is_the_characters_in_the_file(reading):
    table, failures = reading(b'id,value,note\n007,1.0, NA \nnull,,"a ""b"", c"\n')
    assert failures == []
    assert table.rows == ({"id": "007", "value": "1.0", "note": " NA "}, {"id": "null", "value": "", "note": 'a "b", c'})


def test_a_row_knows_the_line_on_which_it_starts(reading):
    table, _ = reading(b'id,value,note\na,1,"two\nlines"\nb,2,\n')
    assert [table.where(index) for index in range(2)] == ["data/t.csv:2", "data/t.csv:4"]


def test_a_file_may_hold_its_header_alone(reading):
    table, failures = reading(b"id,value,note\n")
    assert (table.rows, failures) == ((), [])


@pytest.mark.parametrize(
    ("raw", "reason", "where"),
    [
        (b"\xef\xbb\xbf" + GOOD, "byte-order mark", "data/t.csv:1"),
        (GOOD.replace(b"\n", b"\r\n"), "CRLF", "data/t.csv:1"),
        (GOOD.replace(b"words\n", b"words\r\n"), "CRLF", "data/t.csv:3"),
        (GOOD.replace(b",", b";"), "semicolons or tabs", "data/t.csv:1"),
        (GOOD.replace(b",", b"\t"), "semicolons or tabs", "data/t.csv:1"),
        (GOOD.replace(b"words", "Stra\u00dfe".encode("latin-1")), "not UTF-8 (byte 0xdf)", "data/t.csv:3"),
        (GOOD.decode().encode("utf-16"), "not UTF-8|NUL byte", "data/t.csv:1"),
        (GOOD.decode().encode("utf-16-le"), "NUL byte", "data/t.csv:1"),
        (GOOD + b"c,\x00,\n", "NUL byte", "data/t.csv:4"),
        (GOOD + b'c,1,"never closed\n', "no CSV", "data/t.csv"),
        (GOOD + b'c,1,"closed" early\n', "no CSV", "data/t.csv"),
        (GOOD + b"c,1,a,b\n", "4 cells where the header has 3", "data/t.csv:4"),
        (GOOD + b"c,1\n", "2 cells where the header has 3", "data/t.csv:4"),
        (GOOD + b"\nc,1,\n", "0 cells where the header has 3", "data/t.csv:4"),
        (b"id,note\na,\n", "missing: value", "data/t.csv:1"),
        (b"id,value,note,more\na,1,,\n", "not known: more", "data/t.csv:1"),
        (b"id,note,value\na,,1\n", "another order", "data/t.csv:1"),
        (b"ID,value,note\n", "missing: id; not known: ID", "data/t.csv:1"),
        (b"a,1,\n", "wrong header", "data/t.csv:1"),
        (b"", "wrong header", "data/t.csv:1"),
        (b"\n", "wrong header", "data/t.csv:1"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "NUL byte", "data/t.csv:3"),
    ],
)
def test_a_file_in_another_form_is_refused_whole_with_the_reason_and_the_line(reading, raw, reason, where):
    table, failures = reading(raw)
    assert table.rows == ()
    assert len(failures) == 1
    assert failures[0].check == "file-format"
    assert any(one in failures[0].message for one in reason.split("|"))
    assert failures[0].message.startswith("data/t.csv ")
    assert failures[0].where == where


def test_every_row_of_the_wrong_length_is_named(reading):
    _, failures = reading(GOOD + b"c,1\nd,1,,\n")
    assert [failure.where for failure in failures] == ["data/t.csv:4", "data/t.csv:5"]


def test_what_is_no_plain_file_is_refused(tmp_path):
    (tmp_path / "real.csv").write_bytes(GOOD)
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("missing.csv", "link.csv", "folder.csv"):
        table, failures = read_table(tmp_path / name, name, COLUMNS)
        assert table.rows == ()
        assert "not there as a plain file" in failures[0].message


def test_a_file_too_large_to_have_been_keyed_is_not_read(reading, monkeypatch):
    monkeypatch.setattr(tables, "MOST_BYTES", len(GOOD) - 1)
    table, failures = reading(GOOD)
    assert table.rows == ()
    assert "is larger than" in failures[0].message


def test_only_what_must_be_quoted_is_quoted():
    rows = [{"id": "a", "value": "1,056", "note": "plain words"}, {"id": "b", "value": "", "note": 'a "b"'}]
    assert table_text(COLUMNS, rows) == 'id,value,note\na,"1,056",plain words\nb,,"a ""b"""\n'


def test_writing_makes_the_folders_it_needs(tmp_path):
    write_table(tmp_path / "new" / "t.csv", COLUMNS, [])
    assert (tmp_path / "new" / "t.csv").read_bytes() == b"id,value,note\n"


def test_a_row_with_an_unknown_column_is_not_written_in_part(tmp_path):
    with pytest.raises(ValueError, match="more"):
        write_table(tmp_path / "t.csv", COLUMNS, [{"id": "a", "value": "", "note": "", "more": "x"}])
    assert not (tmp_path / "t.csv").exists()


# Control characters are refused on reading and formulas on writing; a lone surrogate is no text.
cells = st.one_of(
    st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]).filter(lambda letter: not control(letter)), max_size=20),
    st.text(alphabet=',"\n;\t \u00a0\u2028é€-', max_size=8),
).filter(lambda cell: not formula(cell))


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, cells)), max_size=6))
def test_whatever_is_written_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "round_trip.csv"
    write_table(path, COLUMNS, rows)
    table, failures = read_table(path, "t.csv", COLUMNS)
    assert (failures, list(table.rows)) == ([], rows)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, cells)), max_size=6))
def test_each_row_starts_on_the_line_it_says(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "lines.csv"
    write_table(path, COLUMNS, rows)
    table, _ = read_table(path, "t.csv", COLUMNS)
    lines = path.read_bytes().decode().split("\n")
    for row, line in zip(table.rows, table.lines, strict=True):
        assert "\n".join(lines[line - 1 :]).startswith(table_text(COLUMNS, [row]).split("\n", 1)[1])


@given(st.binary(max_size=200))
def test_no_bytes_make_reading_raise(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(raw)
    table, failures = read_table(path, "t.csv", COLUMNS)
    assert failures or table.columns == COLUMNS
