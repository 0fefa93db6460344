"""What is wrong with a bundle is told, file by file; nothing that is wrong passes."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bundles import MANIFEST, made, redigested, repository
from tieout.bundle import CRATE, DIGESTS, digests
from tieout.problems import DataFails, Usage
from tieout.verifying import failures, rebuild

BUNDLE = made(*repository())
NAMES = sorted(BUNDLE)


def test_a_bundle_as_it_was_made_has_no_failure() -> None:
    assert failures(BUNDLE, {}) == []
    assert failures(redigested(BUNDLE), {}) == []


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_a_changed_byte_in_any_file_is_told_with_the_file(name: str, chance: random.Random) -> None:
    content = bytearray(BUNDLE[name])
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    found = failures(BUNDLE | {name: bytes(content)}, {})
    assert any(name in line for line in found), found


@given(st.sampled_from(NAMES))
def test_a_file_that_is_gone_is_told(name: str) -> None:
    found = failures({one: content for one, content in BUNDLE.items() if one != name}, {})
    assert any(name in line for line in found), found


@given(st.from_regex(r"(tieout|outputs/bel|data/bel|docs)/[a-z]{1,9}\.(py|csv|md)", fullmatch=True).filter(lambda name: name not in BUNDLE))
def test_a_file_that_is_not_listed_is_told(name: str) -> None:
    found = failures(BUNDLE | {name: b"x"}, {})
    assert len(found) == 1 and found[0].startswith(f"{name}: is not listed in {DIGESTS} and {CRATE}")


def test_a_file_put_into_one_list_is_missed_in_the_others() -> None:
    added = BUNDLE | {"tieout/added.py": b"x"}
    listed = {name: content for name, content in added.items() if name != DIGESTS}
    assert failures({**listed, DIGESTS: digests(listed)}, {}) == [f"tieout/added.py: is not listed in {CRATE} and {MANIFEST}"]


def test_every_failure_is_told_at_once() -> None:
    spoiled = BUNDLE | {"README.md": b"", "seeds/bel/tip-2025.txt": b"", "new.txt": b""}
    del spoiled["LICENSE"]
    found = failures(spoiled, {"bad": "is damaged"})
    assert [line.split(":")[0] for line in found] == ["LICENSE", "README.md", "bad", "new.txt", "seeds/bel/tip-2025.txt"]
    assert MANIFEST in found[-1] and CRATE in found[-1] and DIGESTS in found[-1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (DIGESTS, b"nothing"),
        (DIGESTS, b"\xff"),
        (CRATE, b"{}"),
        (CRATE, b"[" * 100_000),
        (CRATE, b'{"@graph": [{"@id": [], "sha256": ""}]}'),
        (MANIFEST, b"null"),
        (MANIFEST, b'{"inputs": 1}'),
        (MANIFEST, b'{"inputs": {}, "outputs": {}, "parameters": {"as_of": 1}}'),
    ],
)
def test_a_list_that_cannot_be_read_is_told(name: str, content: bytes) -> None:
    found = failures(BUNDLE | {name: content}, {})
    assert any("cannot be read" in line for line in found), found


def test_a_line_that_is_no_digest_is_told() -> None:
    found = failures(BUNDLE | {DIGESTS: BUNDLE[DIGESTS] + b"and more\n"}, {})
    assert f"{DIGESTS}: cannot be read (ValueError: line {len(BUNDLE)} is no digest and path)" in found


def test_a_bundle_of_nothing_is_none() -> None:
    assert failures({}, {}) == ["The bundle holds no file"]
    assert any(DIGESTS in line for line in failures({"a": b""}, {}))


def test_a_bundle_has_one_edition() -> None:
    found = failures(BUNDLE | {"outputs/fra/manifest.json": BUNDLE[MANIFEST]}, {})
    assert any("there are 2" in line for line in found)


def test_a_bundle_that_pins_other_versions_is_not_run() -> None:
    project = BUNDLE["pyproject.toml"].decode()
    other = redigested(BUNDLE | {"pyproject.toml": re.sub(r"pandas==[\d.]+", "pandas==0.0.1", project).encode()})
    with pytest.raises(Usage, match=r"pandas: the bundle has 0\.0\.1, here is ") as told:
        rebuild(other)
    assert "make run" in str(told.value)


def test_a_bundle_that_pins_nothing_is_not_run() -> None:
    with pytest.raises(DataFails, match="pins nothing"):
        rebuild(BUNDLE | {"pyproject.toml": b"["})


def test_a_bundle_whose_run_fails_says_what_it_said() -> None:
    failing = redigested(BUNDLE | {"pipeline.py": b"raise SystemExit('the code is gone')"})
    assert failures(failing, {}) == []
    with pytest.raises(DataFails, match=r"status 1(.|\n)*the code is gone"):
        rebuild(failing)


def test_every_file_that_is_built_otherwise_is_told() -> None:
    code = (
        b"import sys; from pathlib import Path; place = Path(sys.argv[sys.argv.index('--output') + 1]) / 'bel'; place.mkdir(parents=True)\n"
    )
    code += b"for name in ('index.html', 'new.html'): (place / name).write_text('other')\n"
    code += b"(place / 'trends.csv').write_bytes(Path('outputs/bel/trends.csv').read_bytes())\n"
    found = rebuild(redigested(BUNDLE | {"pipeline.py": code}))
    assert "outputs/bel/index.html: is not what the bundle builds" in found
    assert "outputs/bel/new.html: is built from the bundle, and is not in it" in found
    assert "outputs/bel/facts.json: is in the bundle, and is not built from it" in found
    assert not any("trends.csv" in line for line in found)


def test_the_parameters_of_the_edition_are_those_of_the_run() -> None:
    stored = json.loads(BUNDLE[MANIFEST])
    stored["parameters"] |= {"as_of": "2005-01-01", "other": "x y"}
    code = b"import sys; print(*sys.argv[1:], sep='|', file=sys.stderr); sys.exit(1)"
    with pytest.raises(DataFails) as told:
        rebuild(redigested(BUNDLE | {MANIFEST: json.dumps(stored).encode(), "pipeline.py": code}))
    assert "run|bel|--force|--output|" in str(told.value) and "|--as-of=2005-01-01|--parameter=other=x y" in str(told.value)
