"""The synthetic world: it passes every check, is the same bytes again, and a country of it is the same in a larger one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.scale import Cost as C
from bench.scale import cost_of, culprits, exponent, grown, written
from bench.world import World
from tests.stories.conftest import contents
from tieout.checks import check
from tieout.record import load
from tieout.signing import unsigned


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("world") / "house"
    World(countries=2, years=9, rows=45).write(root)
    return root


def test_every_check_passes_and_every_report_is_signed(world: Path) -> None:
    for country in ("xaa", "xab"):
        report = check(country, world)
        assert report.ok, [failure.message for failure in report.failures][:5]
        assert not unsigned(load(country, world))


def test_it_has_something_of_every_kind(world: Path) -> None:
    record = load("xaa", world)
    for name in ("metrics", "statements", "set_aside", "identities", "breaks", "faults", "signoffs", "signatures"):
        assert record.rows(name), name
    statuses, qualifiers = (Counter(row[column] for row in record.rows("metrics")) for column in ("status", "qualifier"))
    assert statuses["O"] and statuses["B"] and qualifiers["at_least"]
    assert record.place == "Synthetic 001" and "SYNTHETIC" in record.texts["syn-2025"].text


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(world: Path, tmp_path: Path) -> None:
    World(countries=2, years=9, rows=45).write(tmp_path / "again")
    assert contents(tmp_path / "again") == contents(world)
    World(countries=2, years=9, rows=45, seed=8).write(tmp_path / "other")
    assert contents(tmp_path / "other" / "seeds") != contents(world / "seeds")


def test_a_country_is_the_same_in_a_larger_world(world: Path, tmp_path: Path) -> None:
    World(countries=1, years=9, rows=45).write(tmp_path / "small")
    for part in ("data/xaa", "seeds/xaa"):
        assert contents(tmp_path / "small" / part) == contents(world / part)


def test_its_full_size_is_that_of_the_issue() -> None:
    full = World()
    assert (len(full.codes), full.countries * full.years) == (188, 4700)
    assert full.countries * full.years * full.rows > 390_000
    assert len(set(full.codes)) == 188 and all(code[0] == "x" for code in full.codes), "user-assigned codes of ISO 3166-1"


def test_growth_faster_than_linear_is_found_and_named() -> None:
    sizes = (1, 2, 5, 10)
    linear = {size: {"check": C(0.1 * size, 10)} for size in sizes}
    square = {size: {"check": C(0.1 * size * size, 10)} for size in sizes}
    assert exponent(sizes, [size**2 for size in sizes]) == pytest.approx(2)
    assert grown(linear)["check"] == pytest.approx(1)
    same = {0: {"check": C(1.0, 10)}, 9: {"check": C(1.1, 10)}}
    assert culprits(linear, same) == []
    assert culprits(square, same) == ["check grows with the power 2.00"]
    assert culprits(linear, {0: {"check": C(1.0, 10)}, 9: {"check": C(2.0, 10)}}) == [
        "check costs 2.00 s among 9 other countries, 1.00 s alone"
    ]


def test_the_section_is_written_again_in_its_place() -> None:
    page = "before\n<!-- written by make scale -->\nold\n<!-- end of what make scale writes -->\nafter\n"
    once = written(page, "new")
    assert "old" not in once and once.startswith("before") and once.endswith("after\n")
    assert written(once, "new") == once


@pytest.mark.slow
def test_every_step_of_an_edition_is_measured(tmp_path: Path) -> None:
    costs = cost_of(World(1, 1, 3), tmp_path)
    assert list(costs) == ["hashing", "check", "validate", "trends", "figures", "pages", "unchanged"]
    assert costs["figures"].seconds > costs["unchanged"].seconds > 0 and costs["pages"].mebibytes > 50
