"""An edition is put into an archive, and years later somebody verifies it and builds it again."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.bundles import objections, redigested, zipped
from tests.conftest import ROOT, copied
from tests.stories.conftest import here, pipeline
from tieout import archive
from tieout.bundle import CRATE, DIGESTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bundle")]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the edition of its oldest document, which is soon built."""
    copy = copied(tmp_path_factory.mktemp("bundling") / "house")
    shutil.copytree(ROOT / "notebooks", copy.root / "notebooks")
    shutil.copy(ROOT / "requirements.lock", copy.root)
    done = pipeline("run", "bel", "--root", copy.root, "--as-of", "2005-01-01", "--output", copy.root / "outputs")
    assert done.returncode == 0, done.stderr
    return copy.root


@pytest.fixture(scope="module")
def bundle(house: Path) -> Path:
    """Its bundle."""
    done = here("bundle", "bel", "--root", house)
    assert done.returncode == 0, done.stderr
    (made,) = (house / "dist").iterdir()
    assert str(made) in done.stdout
    return made


@pytest.fixture
def members(bundle: Path) -> dict[str, bytes]:
    return archive.unpack(bundle.read_bytes())[0]


def written(place: Path, raw: bytes) -> Path:
    place.write_bytes(raw)
    return place


def test_a_bundle_is_what_it_says_and_plain_tools_agree(bundle: Path, tmp_path: Path) -> None:
    done = here("verify", bundle)
    assert done.returncode == 0 and "all " in done.stdout, done.stderr
    with zipfile.ZipFile(bundle) as opened:
        opened.extractall(tmp_path)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", DIGESTS], cwd=tmp_path, check=True)
    digest = hashlib.sha256((tmp_path / "outputs" / "bel" / "manifest.json").read_bytes()).hexdigest()
    assert bundle.name == f"tieout-bel-{digest[:12]}.zip"
    assert here("verify", tmp_path).returncode == 0
    (tmp_path / "tieout" / "facts.py").write_text("", encoding="utf-8")
    assert here("verify", tmp_path).returncode == 1


@pytest.mark.campaign  # tests/test_crate.py has a bundle of fewer files validated
def test_the_validator_of_ro_crates_accepts_a_whole_bundle(members: dict[str, bytes], tmp_path: Path) -> None:
    archive.write(members, tmp_path)
    assert objections(tmp_path, "ro-crate-1.2") == set()


def test_the_same_edition_gives_the_same_archive_anywhere(house: Path, bundle: Path, tmp_path: Path) -> None:
    strange = {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "HOME": str(tmp_path), "LC_ALL": "C", "PYTHONUTF8": "0"}
    command = f'umask 077; exec "$0" "$@" --root "{house}" --output "{tmp_path / "elsewhere"}"'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, str(ROOT / "pipeline.py"), "bundle"],
        cwd=tmp_path, env=strange, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "elsewhere" / bundle.name).read_bytes() == bundle.read_bytes()
    assert (tmp_path / "elsewhere" / bundle.name).stat().st_mode & 0o777 == 0o644


def test_a_bundle_bundles_itself(bundle: Path, members: dict[str, bytes], tmp_path: Path) -> None:
    archive.write(members, tmp_path / "unpacked")
    done = subprocess.run([sys.executable, "pipeline.py", "bundle"], cwd=tmp_path / "unpacked", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "unpacked" / "dist" / bundle.name).read_bytes() == bundle.read_bytes()


@pytest.mark.parametrize("chance", range(12))
def test_a_changed_byte_in_a_file_is_found_and_the_file_is_named(
    bundle: Path, members: dict[str, bytes], tmp_path: Path, chance: int
) -> None:
    pick = random.Random(chance)
    name = pick.choice(sorted(members))
    raw = bytearray(bundle.read_bytes())
    raw[raw.index(members[name]) + pick.randrange(len(members[name]))] ^= 1 << pick.randrange(8)
    done = here("verify", written(tmp_path / "spoiled.zip", bytes(raw)))
    twins = [one for one in members if members[one] == members[name]]  # the first of them is the one that was spoilt
    assert done.returncode == 1 and any(f"{one}: is damaged" in done.stderr for one in twins)
    done = here("verify", written(tmp_path / "spoiled.zip", archive.pack(members | {name: members[name] + b"\n"})))
    assert done.returncode == 1 and name in done.stderr


@pytest.mark.parametrize("chance", range(12))
def test_a_changed_byte_anywhere_in_the_archive_is_found(bundle: Path, tmp_path: Path, chance: int) -> None:
    pick, raw = random.Random(chance), bytearray(bundle.read_bytes())
    place = pick.randrange(raw.index(b"PK\x01\x02"), len(raw)) if chance % 2 else pick.randrange(len(raw))
    raw[place] ^= 1 << pick.randrange(8)
    assert here("verify", written(tmp_path / "spoiled.zip", bytes(raw))).returncode == 1


def test_files_added_and_removed_are_found_together(members: dict[str, bytes], tmp_path: Path) -> None:
    other = members | {"tieout/added.py": b""}
    del other["outputs/bel/trends.csv"]
    done = here("verify", written(tmp_path / "other.zip", archive.pack(other)))
    assert done.returncode == 1
    assert "tieout/added.py: is not listed in" in done.stderr and "outputs/bel/trends.csv: is not there" in done.stderr
    assert "2 found" in done.stderr and "Traceback" not in done.stderr


def test_what_hides_in_an_archive_besides_its_files_is_found(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shutil.copy(bundle, tmp_path / "other.zip"), "a") as opened:
        opened.comment = b"hidden"
    done = here("verify", tmp_path / "other.zip")
    assert done.returncode == 1 and "is not packed as a bundle is" in done.stderr


def test_what_is_no_bundle_is_told_in_a_line(bundle: Path, tmp_path: Path) -> None:
    raw = bundle.read_bytes()
    for name, content in {"cut": raw[: len(raw) // 2], "text": b"hello", "empty": b""}.items():
        done = here("verify", written(tmp_path / name, content))
        assert done.returncode == 1 and "cannot be read as a zip archive" in done.stderr
    done = here("verify", tmp_path / "nowhere.zip")
    assert done.returncode == 2 and "nowhere.zip is not there" in done.stderr
    (tmp_path / "folder").mkdir()
    assert here("verify", tmp_path / "folder").returncode == 1


def test_a_path_that_leads_out_writes_nothing(members: dict[str, bytes], tmp_path: Path) -> None:
    evil = zipped(*members.items(), ("../evil.txt", b"x"), ("/tmp/evil-of-a-bundle.txt", b"x"))
    done = here("verify", "--rebuild", written(tmp_path / "evil.zip", evil))
    assert done.returncode == 1 and "../evil.txt: is no path that a bundle may hold" in done.stderr
    assert not (tmp_path.parent / "evil.txt").exists() and not Path("/tmp/evil-of-a-bundle.txt").exists()


def test_a_bundle_is_built_again_to_the_byte(bundle: Path) -> None:
    done = pipeline("verify", "--rebuild", bundle)
    assert done.returncode == 0, done.stderr
    assert "every byte of the edition is the same" in done.stdout


def test_a_forged_source_passes_by_its_digests_and_not_by_building_it_again(members: dict[str, bytes], tmp_path: Path) -> None:
    seed, register = "seeds/bel/tip-2004.txt", "data/bel/documents.csv"
    forged = members | {seed: members[seed].replace(b"government", b"Government", 1)}
    was, now = (hashlib.sha256(one[seed]).hexdigest().encode() for one in (members, forged))
    forged[register] = members[register].replace(was, now)
    assert was != now and forged[register] != members[register]
    path = written(tmp_path / "forged.zip", archive.pack(redigested(forged)))
    assert here("verify", path).returncode == 0
    done = pipeline("verify", "--rebuild", path)
    assert done.returncode == 1, done.stdout
    assert "tip-2004" in done.stderr and "Traceback" not in done.stderr


def test_an_edition_that_is_not_in_order_is_not_bundled(house: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(house, tmp_path / "house", ignore=shutil.ignore_patterns("dist")))
    edition = place / "outputs" / "bel"
    (edition / "trends.csv").write_text("changed", encoding="utf-8")
    (edition / "index.html").unlink()
    (edition / "added.html").write_text("", encoding="utf-8")
    (place / "data" / "codebook.csv").write_text("changed", encoding="utf-8")
    (place / "seeds" / "bel" / "tip-2025.txt").unlink()
    (place / "data" / "bel" / "new.csv").write_text("", encoding="utf-8")
    (place / "data" / "datapackage.json").unlink()
    done = here("bundle", "--root", place)
    assert done.returncode == 1 and not (place / "dist").exists()
    told = {
        "outputs/bel/trends.csv was changed", "outputs/bel/index.html is gone", "outputs/bel/added.html is no file of the edition",
        "data/codebook.csv is not the one", "seeds/bel/tip-2025.txt is gone", "data/bel/new.csv is new",
        "data/datapackage.json is not there",
    }  # fmt: skip
    assert {one for one in told if one not in done.stderr} == set()
    assert "Traceback" not in done.stderr


def test_where_there_is_no_edition_there_is_no_bundle(house: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(house, tmp_path / "house", ignore=shutil.ignore_patterns("dist")))
    (place / "outputs" / "bel" / "manifest.json").write_text("[]", encoding="utf-8")
    done = here("bundle", "--root", place)
    assert done.returncode == 1 and "there is no edition with a manifest" in done.stderr
    assert here("bundle", "fra", "--root", place).returncode == 2


def test_a_bundle_holds_its_own_country_alone(house: Path, members: dict[str, bytes]) -> None:
    package = json.loads(members["data/datapackage.json"])
    assert {f"data/{one['path']}" for one in package["resources"]} <= set(members)
    assert CRATE in members and "pipeline.py" in members and "docs/keying.md" in members
