"""What the tests of bundles share: a bundle of the repository as it stands, and the real validator of RO-Crates."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

from requests_cache import CachedRequest, CachedResponse, CachedSession

from tests.conftest import ROOT
from tieout import bundle, editions
from tieout.published import manifest_of

EDITION = ROOT / "outputs" / "bel"
MANIFEST = "outputs/bel/manifest.json"


def repository(keep: Callable[[str], bool] = lambda name: True) -> tuple[dict[str, bytes], dict]:
    """The files of a bundle of the repository, its RO-Crate and digests apart, and the manifest that fits them.

    The committed edition may have been built by earlier code; its pages are taken as they are, its manifest is made to fit.
    """
    paths = {name: path for name, path in bundle._files("bel", ROOT).items() if keep(name)}
    inputs = {name: digest for name, digest in editions.inputs(ROOT, "bel").items() if keep(name)}
    outputs = {name: digest for name, digest in editions.outputs(EDITION).items() if keep(f"outputs/bel/{name}")}
    stored = {**manifest_of(EDITION), "inputs": inputs, "outputs": outputs}
    sources = {name: path.read_bytes() for name, path in paths.items()}
    return sources | {MANIFEST: json.dumps(stored, indent=2).encode()}, stored


def made(sources: Mapping[str, bytes], stored: Mapping) -> dict[str, bytes]:
    """A whole bundle of these files."""
    return bundle.contents("bel", stored, sources)


def redigested(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a bundle with every list of digests written anew, as somebody who forges one would."""
    stored = json.loads(members[MANIFEST])
    digest = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    stored["inputs"] = {name: digest[name] for name in stored["inputs"]}
    stored["outputs"] = {name: digest[f"outputs/bel/{name}"] for name in stored["outputs"]}
    text = json.dumps(stored, ensure_ascii=False, indent=2) + "\n"
    sources = {name: content for name, content in members.items() if name not in (bundle.CRATE, bundle.DIGESTS)}
    return made(sources | {MANIFEST: text.encode()}, stored)


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of whatever entries a test is about."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return raw.getvalue()


def objections(folder: Path, profile: str) -> set[tuple[str, str]]:
    """What the validator requires and does not find, as the check and the entity; it has no network.

    It reads the JSON-LD context from a cache. There stands the one of RO-Crate 1.3, which the library ships: the terms in
    ``test_crate.TERMS`` mean the same in that of 1.2.
    """
    from rocrate_validator import services
    from rocrate_validator.models import Severity, ValidationSettings

    with tempfile.TemporaryDirectory() as cache:
        _remember(
            Path(cache) / "http", "https://w3id.org/ro/crate/1.2/context", files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
        )
        settings = ValidationSettings(
            rocrate_uri=str(folder), profile_identifier=profile, offline=True, cache_path=Path(cache) / "http",
            requirement_severity=Severity.REQUIRED,
        )  # fmt: skip
        result = services.validate(settings)
        return {(issue.check.name, str(issue.violatingEntity or "")) for issue in result.get_issues()}


def _remember(cache: Path, address: str, content: bytes) -> None:
    """Put a page into the validator's cache."""
    with CachedSession(str(cache), backend="sqlite") as session:
        request = CachedRequest(method="GET", url=address)
        response = CachedResponse(
            content=content, headers={"Content-Type": "application/ld+json"}, request=request, status_code=200, url=address
        )
        session.cache.save_response(response, session.cache.create_key(request))
