"""The inputs that fuzzing kept, replayed: each reaches something that the others do not. ``bench/fuzz.py`` finds more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.fuzz import HARNESSES

CORPUS = Path(__file__).parent / "fixtures" / "fuzz"
KEPT = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_kept_input_breaks_nothing(path: Path) -> None:
    HARNESSES[path.parent.name](path.read_bytes())


def test_the_corpus_is_small_and_covers_every_harness() -> None:
    assert {path.parent.name for path in KEPT} == set(HARNESSES)
    assert len(KEPT) < 50 and sum(path.stat().st_size for path in KEPT) < 100_000


@pytest.mark.parametrize("name", HARNESSES)
def test_no_bytes_break_a_harness(name: str) -> None:
    @given(st.binary(max_size=120))
    @example(b"")
    @example(b"\x00")
    def holds(raw: bytes) -> None:
        HARNESSES[name](raw)

    holds()


CONFUSED = st.text(alphabet="aA1.!?½…‘’'“”\"–- \u00a0\n\u200b\u202e\ufb01", max_size=30)


@given(CONFUSED, CONFUSED)
def test_no_quote_and_source_break_the_quote_finder(words: str, source: str) -> None:
    HARNESSES["text"](b"\x00" + words.encode() + b"\x00" + source.encode())


SHEETS = st.lists(
    st.lists(st.sampled_from(["", "a", '"', '""', '"a,b"', '"a\nb"', "é", ",", "=1", '"open', "\t", "\x0c"]), max_size=4), max_size=5
)


@given(SHEETS)
def test_no_nearly_csv_breaks_the_reader(rows: list[list[str]]) -> None:
    HARNESSES["table"](("id,value,note\n" + "\n".join(",".join(row) for row in rows)).encode())
