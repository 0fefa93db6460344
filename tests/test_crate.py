"""The RO-Crate says of every file what it is, and the validator accepts it."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.bundles import made, objections, redigested, repository
from tieout import archive
from tieout.bundle import CRATE, DIGESTS
from tieout.crate import STEPS, describe

# Terms that mean the same in the contexts of RO-Crate 1.2 and 1.3: each was compared.
TERMS = """about actionStatus agent conformsTo contentSize contributor copyrightNotice creativeWorkStatus datePublished description
    encodingFormat hasPart identifier instrument isBasedOn license mentions name object programmingLanguage propertyID publisher result
    roleName sha256 startDate url value version ComputerLanguage CreateAction CreativeWork Dataset File Organization Profile
    PropertyValue Role SoftwareSourceCode""".split()


@pytest.fixture(scope="module")
def members() -> dict[str, bytes]:
    return made(*repository())


@pytest.fixture(scope="module")
def graph(members: dict[str, bytes]) -> dict[str, dict]:
    """The entities of the crate, by id."""
    return {entity["@id"]: entity for entity in json.loads(members[CRATE])["@graph"]}


def references(value: object) -> list[str]:
    """The ids that a property refers to."""
    return [one["@id"] for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def test_every_file_is_described_and_nothing_else(members: dict[str, bytes], graph: dict[str, dict]) -> None:
    described = {name: entity for name, entity in graph.items() if "sha256" in entity}
    assert set(described) == set(members) - {CRATE, DIGESTS}
    assert set(references(graph["./"]["hasPart"])) == set(described)
    for name, entity in described.items():
        assert entity["sha256"] == hashlib.sha256(members[name]).hexdigest()
        assert entity["contentSize"] == str(len(members[name]))
        assert entity["name"] and entity["description"].endswith(".") and "/" in entity["encodingFormat"]


def test_every_reference_leads_somewhere(graph: dict[str, dict]) -> None:
    told = {to for entity in graph.values() for value in entity.values() for to in references(value)}
    assert told - set(graph) == {"https://w3id.org/ro/crate/1.2"}


def test_the_terms_are_those_of_the_context(graph: dict[str, dict]) -> None:
    used = {term for entity in graph.values() for term in entity if not term.startswith("@")}
    types = {one for entity in graph.values() for one in ([entity["@type"]] if isinstance(entity["@type"], str) else entity["@type"])}
    assert used | types <= set(TERMS)


def test_the_steps_write_the_whole_edition_each_file_once(members: dict[str, bytes], graph: dict[str, dict]) -> None:
    written = [name for step in STEPS for name in references(graph[f"#{step.id}"]["result"])]
    assert sorted(written) == sorted(name for name in members if name.startswith("outputs/"))
    assert "outputs/bel/figures/victims.svg" in references(graph["#figures"]["result"])
    assert "outputs/bel/index.html" in references(graph["#pages"]["result"])


def test_a_step_reads_what_was_keyed_and_what_the_steps_before_it_wrote(graph: dict[str, dict]) -> None:
    for before, step in pairwise(STEPS):
        assert set(references(graph[f"#{before.id}"]["result"])) <= set(references(graph[f"#{step.id}"]["object"]))
    assert {"seeds/bel/tip-2025.txt", "data/codebook.csv"} <= set(references(graph["#validate"]["object"]))


def test_a_file_leads_to_what_it_was_made_from(graph: dict[str, dict]) -> None:
    chain = ["outputs/bel/figures/victims.svg", "outputs/bel/figures/victims.csv", "outputs/bel/observations.csv"]
    chain += ["data/bel/metrics/tip-2025.csv", "seeds/bel/tip-2025.txt"]
    for made_from, source in pairwise(chain):
        assert source in references(graph[made_from]["isBasedOn"])


def test_each_file_has_its_own_licence(graph: dict[str, dict]) -> None:
    assert references(graph["seeds/bel/ecpat-2010.txt"]["license"]) == ["#rights-ecpat-2010"]
    assert references(graph["outputs/bel/evidence/ecpat-2010.html"]["license"]) == ["#rights-ecpat-2010"]
    assert references(graph["tieout/facts.py"]["license"]) == ["https://spdx.org/licenses/MIT.html"]
    assert references(graph["tieout/fonts/SourceSans3-Regular.ttf"]["license"]) == ["https://spdx.org/licenses/OFL-1.1.html"]
    assert references(graph["outputs/bel/assets/TieoutSans-Regular.woff2"]["license"]) == ["https://spdx.org/licenses/OFL-1.1.html"]
    assert "license" not in graph["data/bel/metrics/tip-2025.csv"], "it is that of the whole"


def test_an_original_is_what_its_text_was_made_from_and_has_the_same_rights() -> None:
    sources, stored = repository()
    kept = {"seeds/bel/originals/tip-2025.pdf": b"%PDF-1.7", "seeds/bel/originals/SHA256SUMS": b"0  tip-2025.pdf"}
    entities = {entity["@id"]: entity for entity in json.loads(made(sources | kept, stored)["ro-crate-metadata.json"])["@graph"]}
    original, seed = entities["seeds/bel/originals/tip-2025.pdf"], entities["seeds/bel/tip-2025.txt"]
    assert original["encodingFormat"] == "application/pdf"
    assert seed["isBasedOn"] == {"@id": "seeds/bel/originals/tip-2025.pdf"} and "isBasedOn" not in original
    assert original["license"] == seed["license"] == {"@id": "#rights-tip-2025"}
    digests = entities["seeds/bel/originals/SHA256SUMS"]
    assert "license" not in digests and "texts were extracted from" in digests["description"]


def test_who_keyed_is_told_as_the_signature_tells_it(graph: dict[str, dict]) -> None:
    keyers = [graph[one] for one in references(graph["data/bel/metrics/tip-2025.csv"]["contributor"])]
    assert [(one["@type"], one["roleName"]) for one in keyers] == [("Role", "keyer"), ("Role", "verifier")]
    assert not any(entity["@type"] == "Person" for entity in graph.values())


def test_the_date_is_that_of_the_newest_signature_or_source() -> None:
    sources, stored = repository()
    sources["data/bel/signoffs.csv"] = sources["data/bel/signoffs.csv"].replace(b",20", b",19", 3)
    signed = sorted({line.split(",")[3] for line in sources["data/bel/signoffs.csv"].decode().splitlines()[1:]})
    assert len(signed) > 1 and root_of(sources, stored)["datePublished"] == signed[-1]
    unsigned = {**stored, "signed": {"tip-2004": [], "tip-2023": []}, "draft": True}
    root = root_of(sources, unsigned)
    assert root["datePublished"] == "2023-12-31" and "newest source" in root["description"] and root["creativeWorkStatus"] == "Draft"


def root_of(sources: dict[str, bytes], stored: dict) -> dict:
    entities = json.loads(describe("bel", sources, stored))["@graph"]
    return next(entity for entity in entities if entity["@id"] == "./")


def test_the_description_is_the_same_every_time_and_tells_nothing_of_the_machine(members: dict[str, bytes]) -> None:
    assert redigested(members) == redigested(redigested(members))
    for told in (Path(__file__).parents[1], Path.home()):
        assert f"{told}/".encode() not in members[CRATE] or str(told) == "/"


def few(name: str) -> bool:
    """A few files of each kind: the validator takes seconds for a hundred."""
    some = ("tieout/", "docs/", "outputs/bel/figures/", "outputs/bel/evidence/", "data/bel/set_aside", "data/bel/signatures", "data/bel/st")
    return not name.startswith(some) or name.endswith(
        ("pages/site.py", "exports/__init__.py", "figures.json", "victims.svg", "victims.csv", "tip-2004.html")
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of few files, unpacked."""
    folder = tmp_path_factory.mktemp("crate")
    archive.write(made(*repository(few)), folder)
    return folder


def broken(folder: Path, entity: str, name: str) -> None:
    """Take a property away from an entity."""
    stored = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    del next(one for one in stored["@graph"] if one["@id"] == entity)[name]
    (folder / CRATE).write_text(json.dumps(stored), encoding="utf-8")


@pytest.mark.slow
def test_the_validator_accepts_the_crate_and_no_broken_one(small: Path) -> None:
    assert objections(small, "ro-crate-1.2") == set()
    broken(small, "./", "license")
    broken(small, "https://www.python.org/", "version")
    (small / "LICENSE").unlink()
    found = {check for check, _ in objections(small, "ro-crate-1.2")}
    assert found == {
        "Root Data Entity: `license` property",
        "SoftwareApplication/ComputerLanguage: REQUIRED `version`",
        "Data Entity: REQUIRED resource availability",
    }


@pytest.mark.slow
def test_the_validator_accepts_the_steps_and_no_broken_one(tmp_path: Path) -> None:
    archive.write(made(*repository(few)), tmp_path)
    # The validator's Process Run Crate 0.5 stands on RO-Crate 1.1: all that it may find is that this one is of 1.2.
    version = ("Metadata File Descriptor entity: `conformsTo` property", "./ro-crate-metadata.json")
    assert objections(tmp_path, "process-run-crate-0.5") == {version}
    broken(tmp_path, "#figures", "instrument")
    assert objections(tmp_path, "process-run-crate-0.5") == {version, ("Action instrument", "./#figures")}
