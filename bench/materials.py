"""The software bill of materials: every pin of the lock with the digests of its files, and what it declares where it is installed.

``make sbom`` has cyclonedx-py list the lock, which knows every platform and every digest, and the environment, which knows licences
and who needs whom. Here the two become one CycloneDX document: components and digests from the lock, licences and dependencies from
the environment. A pin of another platform is not installed, and has no licence told. Nothing is kept that names a machine, a time or
the registry that the files came from.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BILL = ROOT / "sbom.cdx.json"
PROJECT = "tieout"


def merged(locked: Mapping, installed: Mapping) -> dict:
    """One bill of materials from cyclonedx-py's bills of the lock and of the environment (CycloneDX JSON, both)."""
    known = {_pin(one): one for one in installed["components"]}
    pins = {_pin(one): _component(one, known.get(_pin(one), {})) for one in locked["components"]}
    own = installed["metadata"]["component"]
    return {
        "$schema": locked["$schema"],
        "bomFormat": locked["bomFormat"],
        "specVersion": locked["specVersion"],
        "version": locked["version"],
        "metadata": {
            "tools": {
                "components": [{key: one[key] for key in ("type", "name", "version")} for one in locked["metadata"]["tools"]["components"]]
            },
            "component": {key: own[key] for key in ("type", "name", "version", "description", "licenses")} | {"bom-ref": PROJECT},
        },
        "components": [pins[one] for one in sorted(pins)],
        "dependencies": _dependencies(installed, known, pins),
    }


def _pin(component: Mapping) -> str:
    """Name and version as the lock spells them."""
    return f"{re.sub(r'[-_.]+', '-', component['name'].lower())}=={component['version']}"


def _component(locked: Mapping, installed: Mapping) -> dict:
    """A pin with a digest for each of its files. CycloneDX wants an address for these: the package's own name, not a registry's."""
    digests = [digest for one in locked["externalReferences"] for digest in one.get("hashes", ())]
    files = {"type": "distribution", "url": locked["purl"], "hashes": sorted(digests, key=lambda digest: digest["content"])}
    found = {"type": locked["type"], "bom-ref": _pin(locked), "name": _pin(locked).partition("==")[0], "version": locked["version"]}
    licences = {"licenses": installed["licenses"]} if installed.get("licenses") else {}
    return found | {"purl": locked["purl"]} | licences | {"externalReferences": [files]}


def _dependencies(installed: Mapping, known: Mapping[str, Mapping], pins: Iterable[str]) -> list[dict]:
    """Who needs whom, of the project and the pins; a pin that is not installed has no entry."""
    names = {known[one]["bom-ref"]: one for one in pins if one in known} | {installed["metadata"]["component"]["bom-ref"]: PROJECT}
    needs = {
        names[one["ref"]]: sorted(names[ref] for ref in one.get("dependsOn", ()) if ref in names)
        for one in installed["dependencies"]
        if one["ref"] in names
    }
    return [{"ref": one, "dependsOn": needs[one]} if needs[one] else {"ref": one} for one in sorted(needs)]


def main() -> int:
    """Merge the two files named on the command line, the lock's and the environment's, into ``sbom.cdx.json``."""
    locked, installed = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    bill = merged(locked, installed)
    BILL.write_text(json.dumps(bill, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="")
    told = sum("licenses" in one for one in bill["components"])
    print(f"{BILL.name}: {len(bill['components'])} packages, {told} with their licences.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
