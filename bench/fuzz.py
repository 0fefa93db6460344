"""Coverage-guided fuzzing of what reads foreign bytes: the CSV reader, the number finder and parser, the quote finder.

Each harness takes bytes, breaks its promise with an ``AssertionError``, and needs nothing but the library, so that
``tests/test_fuzz_corpus.py`` replays the kept inputs on every run. Only the search for new ones needs atheris, which is
no dependency of the project::

    python3 -m venv fuzz && fuzz/bin/pip install atheris==3.1.0
    nice -n 19 fuzz/bin/python -m bench.fuzz table found/table tests/fixtures/fuzz/table -max_total_time=1200

Options after the name (``table``, ``numbers``, ``text``) go to libFuzzer: the first folder collects what is found.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

RETYPED = str.maketrans("’‘“”–—\u00a0\u202f", "''\"\"--  ")
COLUMNS = ("id", "value", "note")
OPTIONS = ("-max_len=4096", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1")
_FOLDER = tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)  # in memory, gone at the end
_SCRATCH = Path(_FOLDER.name) / "fuzzed.csv"


def table(raw: bytes) -> None:
    """No bytes make the reader raise; what it accepts has the header's width, stands on the lines it says and survives rewriting."""
    from tieout.tables import read_table, table_text

    _SCRATCH.write_bytes(raw)
    found, failures = read_table(_SCRATCH, "t.csv", COLUMNS)
    assert found.columns == COLUMNS and len(found.rows) == len(found.lines)
    assert all(failure.where.startswith("t.csv") and failure.message for failure in failures)
    if failures:
        assert found.rows == ()
        return
    assert all(tuple(row) == COLUMNS for row in found.rows)
    assert all(before < after for before, after in pairwise((1, *found.lines)))
    _SCRATCH.write_text(table_text(COLUMNS, found.rows), encoding="utf-8", newline="")
    again, failures = read_table(_SCRATCH, "t.csv", COLUMNS)
    assert not failures and again.rows == found.rows


def numbers(raw: bytes) -> None:
    """Every number found is the text between its offsets, none overlaps, no run of digits is missed, and reading never raises."""
    from tieout.numbers import currency, find_numbers, readings

    text = raw.decode("utf-8", "ignore")
    found = find_numbers(text)
    assert all(one.printed == text[one.start : one.end] and one.start < one.end for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(one.year is None or 1900 <= one.year <= 2100 or one.kind == "date" for one in found)
    covered = {place for one in found for place in range(one.start, one.end)}
    assert all(covered.issuperset(range(*run.span())) for run in re.finditer("[0-9]+", text))
    for printed in (text, *(one.printed for one in found)):
        currency(printed)
        assert all(value.is_finite() and value >= 0 for value in readings(printed))


def text(raw: bytes) -> None:
    """A quote is found wherever it stands and nowhere else; a near miss differs in look-alikes only; sentences leave no gap."""
    from tieout.rules import quote_in_source
    from tieout.texts import Text

    words, source = _quoted(raw)
    document = Text("doc-1", source)
    places = document.find(words)
    assert places == ([at for at in range(len(source)) if source.startswith(words, at)] if words else [])
    near = document.near_miss(words)
    assert len(near) in (0, len(words)) and near in source
    assert not places or near
    assert (quote_in_source(words, source) is None) == (len(places) == 1)
    spans = document.sentences
    assert "".join(source[start:end] for start, end in spans) == source
    for at in places[:3]:
        assert words.strip() in document.sentence(at, at + len(words))
        assert source.split("\n")[document.line(at) - 1 :]


def _quoted(raw: bytes) -> tuple[str, str]:
    """A quote and its source: a stretch of the source that two bytes choose, sometimes retyped; or whatever words come first."""
    if len(raw) < 4 or raw[0] % 4 == 0:
        words, _, source = raw[1:].decode("utf-8", "ignore").partition("\x00")
        return words, source
    source = raw[3:].decode("utf-8", "ignore")
    start = raw[1] % (len(source) + 1)
    words = source[start : start + raw[2]]
    return (words.translate(RETYPED) if raw[0] % 4 == 1 else words), source


HARNESSES: dict[str, Callable[[bytes], None]] = {"table": table, "numbers": numbers, "text": text}


def main() -> None:
    """Search for inputs that break the harness named on the command line."""
    import atheris

    name, *rest = sys.argv[1:]
    atheris.enabled_hooks.add("RegEx")
    with atheris.instrument_imports(include=["tieout"]):
        import tieout.rules
        import tieout.tables  # noqa: F401
    harness = HARNESSES[name]
    atheris.Setup([sys.argv[0], *OPTIONS, *rest], lambda raw: harness(bytes(raw)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
