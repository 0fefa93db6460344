"""The software bill of materials lists exactly the lock, is valid CycloneDX, and says nothing of the machine."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from bench.materials import BILL, merged
from tests.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
COMMITTED = json.loads(BILL.read_text(encoding="utf-8"))


def locked(text: str) -> dict[str, list[str]]:
    """The pins of a lock, each with its digests."""
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if re.match(r"[\w.-]+==", entry)]
    return {re.match(r"\S+==\S+", entry)[0]: sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry)) for entry in entries}


def listed(bill: dict) -> dict[str, list[str]]:
    """The pins of a bill of materials, each with its digests."""
    return {
        f"{one['name']}=={one['version']}": [digest["content"] for files in one["externalReferences"] for digest in files["hashes"]]
        for one in bill["components"]
    }


def invalid(bill: dict) -> bool:
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is not None


def test_it_lists_every_pin_of_the_lock_with_its_digests_and_no_other() -> None:
    assert listed(COMMITTED) == locked(LOCK), "run make sbom"
    assert len(locked(LOCK)) > 100


@pytest.mark.parametrize(
    "spoil",
    [
        lambda bill: bill["components"].pop(),
        lambda bill: bill["components"].append(bill["components"][0] | {"name": "another"}),
        lambda bill: bill["components"][3].update(version="0"),
        lambda bill: bill["components"][3]["externalReferences"][0]["hashes"].pop(),
    ],
)
def test_a_bill_that_is_not_the_lock_is_noticed(spoil: Callable[[dict], None]) -> None:
    bill = copy.deepcopy(COMMITTED)
    spoil(bill)
    assert listed(bill) != locked(LOCK)


def test_it_is_valid_cyclonedx() -> None:
    assert COMMITTED["specVersion"] == "1.6"
    assert not invalid(COMMITTED)


@pytest.mark.parametrize("change", [{"bomFormat": "Other"}, {"components": [{"name": "no type"}]}, {"unheard_of": 1}])
def test_a_bill_that_is_not_valid_is_noticed(change: dict) -> None:
    assert invalid(COMMITTED | change)


def test_it_names_no_machine_no_time_and_no_registry() -> None:
    text = BILL.read_text(encoding="utf-8")
    assert re.findall(r"\S*://\S*", text) == [f'"{COMMITTED["$schema"]}",']
    assert not re.search(r"/(work|home|usr|tmp|root|opt)/|file:|\b20\d\d-\d\d-\d\dT", text)
    assert not {"serialNumber"} & COMMITTED.keys() and "timestamp" not in COMMITTED["metadata"]


def test_most_packages_tell_their_licence_and_every_reference_leads_somewhere() -> None:
    told = [one for one in COMMITTED["components"] if one.get("licenses")]
    assert len(told) > 0.9 * len(COMMITTED["components"])
    refs = {one["bom-ref"] for one in COMMITTED["components"]} | {"tieout"}
    for one in COMMITTED["dependencies"]:
        assert {one["ref"], *one.get("dependsOn", ())} <= refs
    needed = next(one for one in COMMITTED["dependencies"] if one["ref"] == "tieout")["dependsOn"]
    assert {one.partition("==")[0] for one in needed} >= {"pandas", "papermill", "matplotlib"}


def test_two_bills_become_one() -> None:
    tool = {"tools": {"components": [{"type": "application", "name": "cyclonedx-py", "version": "1", "externalReferences": ["x"]}]}}
    own = {"type": "application", "name": "p", "version": "1", "description": "d", "licenses": [], "bom-ref": "root"}
    digests = [{"alg": "SHA-256", "content": "b" * 64}, {"alg": "SHA-256", "content": "a" * 64}]
    files = [{"type": "distribution", "url": "https://registry.example/one", "hashes": digests}]
    names = [("One_Two", "one-two", "1.0"), ("Other", "other", "2.0")]
    pins = [
        {"type": "library", "name": name, "version": v, "purl": f"pkg:pypi/{name}@{v}", "externalReferences": files} for _, name, v in names
    ]
    head = {"$schema": "s", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    there = {
        "metadata": {"component": own},
        "components": [
            {"name": "One_Two", "version": "1.0", "bom-ref": "One_Two==1.0", "licenses": [{"license": {"id": "MIT"}}], "purl": "x"},
            {"name": "not-locked", "version": "3", "bom-ref": "not-locked==3"},
        ],
        "dependencies": [
            {"ref": "root", "dependsOn": ["One_Two==1.0", "not-locked==3"]},
            {"ref": "One_Two==1.0"},
            {"ref": "not-locked==3"},
        ],
    }
    bill = merged(head | {"metadata": tool, "components": pins}, there)
    assert [one["bom-ref"] for one in bill["components"]] == ["one-two==1.0", "other==2.0"]
    assert [one.get("licenses") for one in bill["components"]] == [[{"license": {"id": "MIT"}}], None]
    assert [digest["content"][0] for digest in bill["components"][0]["externalReferences"][0]["hashes"]] == ["a", "b"]
    assert bill["dependencies"] == [{"ref": "one-two==1.0"}, {"ref": "tieout", "dependsOn": ["one-two==1.0"]}]
    assert "registry.example" not in json.dumps(bill)
