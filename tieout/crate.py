"""The RO-Crate of a bundle: every file, where it comes from, who may use it how, and the steps that made the edition.

RO-Crate 1.2 with the profile Process Run Crate: each step is a ``CreateAction`` whose instrument is its notebook. The
description reads no clock and names nobody who is not in the keyed data, so the same bundle is always described in the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from rocrate.model import ContextEntity, File
from rocrate.rocrate import ROCrate

from tieout.archive import Members
from tieout.countries import country_name
from tieout.editions import MANIFEST
from tieout.originals import FOLDER, SUFFIXES, SUMS
from tieout.packaging import DESCRIPTOR, LICENCE
from tieout.record import published_by
from tieout.schema import READINGS, path_of

VERSION = "1.2"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
MIT, OFL = "https://spdx.org/licenses/MIT.html", "https://spdx.org/licenses/OFL-1.1.html"
PYTHON, AUTHORS, EDITION = "https://www.python.org/", "#authors", "#edition"
FORMATS = {
    ".css": "text/css", ".csv": "text/csv", ".html": "text/html", ".ipynb": "application/x-ipynb+json", ".json": "application/json",
    ".jsonld": "application/ld+json", ".md": "text/markdown", ".parquet": "application/vnd.apache.parquet", ".pdf": "application/pdf",
    ".png": "image/png", ".py": "text/x-python", ".svg": "image/svg+xml", ".toml": "application/toml", ".ttf": "font/ttf",
    ".woff2": "font/woff2", ".xml": "application/xml", ".yml": "application/yaml",
}  # fmt: skip
MEANINGS = {
    "observations.csv": "Every keyed number with its quote, period, qualifier, status, coverage, country and publication date.",
    "trends.csv": "Every consecutive pair of every series with its verdict and reasons.",
    "facts.json": "Every sentence with a number in it: its arithmetic, its rows, its caveats.",
    "validation.json": "Every check and what it found.",
    "corrections.csv": "Every published number that was changed: the old, the new, the day, the reason.",
    "factcheck.csv": "Every sentence and number with its evidence, to be checked by people.",
    "manifest.json": "The SHA-256 of every input and output of the edition, its parameters and versions.",
}


@dataclass(frozen=True)
class Step:
    """A step of a run: the file that says what it does, and the files or folders of the edition that it writes."""

    id: str
    name: str
    instrument: str
    results: tuple[str, ...] = ()


# A step reads the keyed data, the sources and what the steps before it wrote. The last one writes whatever the others did not.
STEPS = (
    Step("validate", "Validation of the keyed data", "notebooks/1_validate.ipynb",
         ("validation.json", "observations.csv", "corrections.csv", "notebooks/1_validate.ipynb")),
    Step("trends", "Comparison of what may be compared", "notebooks/2_trends.ipynb",
         ("trends.csv", "facts.json", "notebooks/2_trends.ipynb")),
    Step("figures", "Drawing of the figures", "notebooks/3_figures.ipynb", ("figures/", "notebooks/3_figures.ipynb")),
    Step("exports", "The tables for other readers: Parquet and SDMX", "tieout/exports/__init__.py",
         ("observations.parquet", "trends.parquet", "sdmx/")),
    Step("pages", "Building of the pages", "tieout/pages/site.py"),
)  # fmt: skip


def describe(country: str, members: Members, manifest: Mapping) -> bytes:
    """The ``ro-crate-metadata.json`` of a bundle with these files, whose edition has this manifest."""
    crate = _Description(country, members, manifest).crate()
    return (json.dumps(crate.metadata.generate(), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


class _Description:
    """Describes one bundle."""

    def __init__(self, country: str, members: Members, manifest: Mapping) -> None:
        self.country, self.members, self.manifest = country, members, manifest
        self.place = f"outputs/{country}/"
        self.project = tomllib.loads(members["pyproject.toml"].decode("utf-8"))["project"]
        self.documents = {row["document"]: row for row in self._rows("documents")}
        self.publishers = sorted({row["publisher"] for row in self.documents.values()})

    def crate(self) -> ROCrate:
        """The whole description, its entities in an order that the files alone decide."""
        crate = ROCrate(version=VERSION)
        for name in sorted(self.members):
            crate.add(File(crate, dest_path=name, properties=self._file(name)))
        entities = [*self._licences(), *self._people(), *self._tools(), *self._actions()]
        for identifier, properties in entities:
            crate.add(ContextEntity(crate, identifier, properties))
        for name, value in self._root().items():
            crate.root_dataset[name] = value
        return crate

    def _root(self) -> dict:
        day, why = self._date
        digest = hashlib.sha256(self.members[self.place + MANIFEST]).hexdigest()
        return {
            "name": f"Numbers about human trafficking in {self._country_name}, tied to the words they were read from",
            "description": f"An edition with all that it was made from, to be checked and built again. {why} No clock was read. "
            "The licence is that of the keyed data and the edition; the code, the fonts and the sources have their own.",
            "datePublished": day,
            "license": _to(LICENCE["path"]),
            "publisher": _to(AUTHORS),
            "conformsTo": _to(PROFILE),
            "creativeWorkStatus": "Draft" if self.manifest.get("draft", True) else "Published",
            "identifier": _to(EDITION),
            "version": digest[:12],
            "mentions": [_to(f"#{step.id}") for step in STEPS],
        }

    @cached_property
    def _date(self) -> tuple[str, str]:
        """A day that the data gives, and which: the newest signature, or the newest source's where nothing is signed."""
        signed = [signature["on"] for signature in self._signatures]
        if signed:
            return max(signed), "Its date is the day of the newest signature."
        known = [published_by(self.documents[document]["published"]) for document in self.manifest["signed"]]
        return max(known).isoformat(), "Its date is the last day on which its newest source can have been published."

    @cached_property
    def _signatures(self) -> list[dict[str, str]]:
        """The signatures that hold for the edition."""
        signed = self.manifest["signed"]
        return [row for row in self._rows("signoffs") if row["role"] in signed.get(row["document"], ())]

    def _file(self, name: str) -> dict:
        """What is known of a file."""
        content = self.members[name]
        return {
            "name": name,
            "description": self._meaning(name),
            "encodingFormat": FORMATS.get(PurePosixPath(name).suffix, "text/plain"),
            "contentSize": str(len(content)),
            "sha256": hashlib.sha256(content).hexdigest(),
            **self._licence_of(name),
            **self._derivation(name),
            **self._more(name),
        }

    def _meaning(self, name: str) -> str:
        """What a file is, in a sentence."""
        if name.startswith(f"{self.place}figures/"):
            return self._figures.get(name, "About the figures.")
        meanings = [
            (f"{self.place}evidence/", "A source with the words that numbers were read from marked."),
            (f"{self.place}notebooks/", "A notebook as executed."),
            (f"{self.place}assets/", "The style or a font of the pages."),
            (self.place, MEANINGS.get(name.removeprefix(self.place), "A page of the edition.")),
            ("data/", f"{self._titles.get(name, 'The keyed files, described as a data package')}."),
            (f"seeds/{self.country}/{FOLDER}/{SUMS}", "The SHA-256 of the documents that texts were extracted from."),
            (f"seeds/{self.country}/{FOLDER}/", "A source document as it came, byte for byte; its text was extracted from it."),
            ("seeds/", "A source document, byte for byte."),
            ("notebooks/", "A step of the pipeline, as prose and calls."),
            ("tieout/fonts/", "A font of the figures and pages, or about it."),
            ("tieout/", "Of the library that the notebooks call."),
            ("docs/", "Documentation."),
        ]
        return next((meaning for prefix, meaning in meanings if name.startswith(prefix)), "Of the repository that builds the edition.")

    def _licence_of(self, name: str) -> dict:
        """A file's own licence; none where it is that of the whole."""
        if name.endswith((".ttf", ".woff2", "/OFL.txt")):
            return {"license": _to(OFL)}
        if document := self._source(name):
            return {"license": _to(_rights(document))}
        return {} if name.startswith((self.place, "data/", "seeds/")) else {"license": _to(MIT)}

    def _source(self, name: str) -> str:
        """The document whose text a file holds whole; empty where it holds none."""
        whole = name.startswith((f"seeds/{self.country}/", f"{self.place}evidence/"))
        return PurePosixPath(name).stem if whole and PurePosixPath(name).stem in self.documents else ""

    def _derivation(self, name: str) -> dict:
        """What a file was made from, where that is narrower than its step tells."""
        made_from = [one for one in self._made_from(name) if one in self.members]
        return {"isBasedOn": _one_or_all(made_from)} if made_from else {}

    def _made_from(self, name: str) -> Iterable[str]:
        path, keyed = PurePosixPath(name), f"data/{self.country}"
        if path.parent.as_posix() in {f"{keyed}/{kind}" for kind in ("metrics", "statements", "set_aside")}:
            return [f"seeds/{self.country}/{path.stem}.txt"]
        if name == f"{self.place}observations.csv":
            return [f"{keyed}/metrics/{document}.csv" for document in self.manifest["signed"]]
        if name == f"{self.place}trends.csv":
            return [f"{self.place}observations.csv"]
        if document := self._source(name):
            if path.parent.name == FOLDER:
                return []
            if name.startswith("seeds/"):
                return [f"seeds/{self.country}/{FOLDER}/{document}{suffix}" for suffix in SUFFIXES]
            return [f"seeds/{self.country}/{document}.txt", f"{keyed}/metrics/{document}.csv"]
        return [self._drawn_from[name]] if name in self._drawn_from else []

    def _more(self, name: str) -> dict:
        """What only some kinds of file have."""
        path = PurePosixPath(name)
        if name.startswith("seeds/") and path.stem in self.documents:
            return self._published(self.documents[path.stem])
        if path.parent.as_posix() in {f"data/{self.country}/{kind}" for kind in (*READINGS, "signatures")}:
            signed = [_signature(one) for one in self._signatures if one["document"] == path.stem]
            return {"contributor": _one_or_all(signed)} if signed else {}
        if name in {step.instrument for step in STEPS}:
            return {
                "@type": ["File", "SoftwareSourceCode"],
                "version": self.project["version"],
                "programmingLanguage": _to(PYTHON),
            }
        return {}

    def _published(self, document: Mapping[str, str]) -> dict:
        """What the register of sources says of a document."""
        about = {
            "name": document["title"],
            "description": " ".join(filter(None, (f"{document['series']}.", document["note"]))),
            "publisher": _to(self._publisher(document["publisher"])),
            "datePublished": document["published"],
            "copyrightNotice": document["rights"],
        }
        return about | ({"url": document["source_url"]} if document["source_url"] else {})

    def _licences(self) -> Iterator[tuple[str, dict]]:
        yield PROFILE, {"@type": ["CreativeWork", "Profile"], "name": "Process Run Crate", "version": PROFILE.rpartition("/")[2]}
        yield LICENCE["path"], _work(LICENCE["title"], "Licence of the keyed data and of the edition.")
        yield MIT, _work("MIT License", "Licence of the code; its text is the file LICENSE.")
        yield OFL, _work("SIL Open Font License 1.1", "Licence of the fonts; its text is the file tieout/fonts/OFL.txt.")
        for document, row in self.documents.items():
            yield _rights(document), _work(f"Rights in {row['title']}", row["rights"])

    def _people(self) -> Iterator[tuple[str, dict]]:
        """The authors of the code, the publishers of the sources, and what the signatures say of those who keyed."""
        yield AUTHORS, {"@type": "Organization", "name": ", ".join(author["name"] for author in self.project["authors"])}
        for publisher in self.publishers:
            yield self._publisher(publisher), {"@type": "Organization", "name": publisher}
        for one in self._signatures:
            told = f"Signed as {one['role']} of {one['document']}."
            yield (
                _signature(one),
                {"@type": "Role", "name": one["by"], "roleName": one["role"], "description": told, "startDate": one["on"]},
            )

    def _tools(self) -> Iterator[tuple[str, dict]]:
        python = self.project["requires-python"]
        yield PYTHON, {"@type": "ComputerLanguage", "name": "Python", "url": PYTHON, "version": python}
        digest = hashlib.sha256(self.members[self.place + MANIFEST]).hexdigest()
        yield EDITION, {"@type": "PropertyValue", "name": "The edition", "propertyID": f"SHA-256 of {MANIFEST}", "value": digest}

    def _actions(self) -> Iterator[tuple[str, dict]]:
        """The steps of the run, each with what it read and what it wrote."""
        read = [name for name in sorted(self.manifest["inputs"]) if name.startswith(("data/", "seeds/")) or name == "requirements.lock"]
        left = {name for name in self.members if name.startswith(self.place)}
        for step in STEPS:
            wrote = sorted(name for name in left if not step.results or name.removeprefix(self.place).startswith(step.results))
            yield (
                f"#{step.id}",
                {
                    "@type": "CreateAction",
                    "name": step.name,
                    "description": f"Step {step.id} of the pipeline, run by python pipeline.py run {self.country}.",
                    "agent": _to(AUTHORS),
                    "instrument": _to(step.instrument),
                    "object": [_to(name) for name in read],
                    "result": [_to(name) for name in wrote],
                    "actionStatus": "http://schema.org/CompletedActionStatus",
                },
            )
            read, left = [*read, *wrote], left.difference(wrote)

    @cached_property
    def _titles(self) -> dict[str, str]:
        """What the data package calls each keyed file."""
        return {f"data/{one['path']}": one["title"] for one in json.loads(self.members[DESCRIPTOR])["resources"]}

    @cached_property
    def _figures(self) -> dict[str, str]:
        """The title and the subtitle of the figure that a file shows."""
        return {file: f"{figure['title']}. {figure['subtitle']}" for figure, file in self._figure_files}

    @cached_property
    def _drawn_from(self) -> dict[str, str]:
        """The numbers that a figure's file was drawn from; for the numbers themselves, all observations."""
        numbers = {figure["id"]: file for figure, file in self._figure_files if file.endswith(".csv")}
        drawn = {file: numbers[figure["id"]] for figure, file in self._figure_files if figure["id"] in numbers}
        return drawn | dict.fromkeys(numbers.values(), f"{self.place}observations.csv")

    @cached_property
    def _figure_files(self) -> list[tuple[dict, str]]:
        folder = f"{self.place}figures/"
        figures = json.loads(self.members[f"{folder}figures.json"])
        return [(figure, f"{folder}{file['file']}") for figure in figures for file in figure["files"]]

    def _publisher(self, name: str) -> str:
        return f"#publisher-{self.publishers.index(name) + 1}"

    @property
    def _country_name(self) -> str:
        return country_name(self.country, {row["country"]: row["name"] for row in self._read(path_of("countries"))})

    def _rows(self, name: str) -> list[dict[str, str]]:
        """The rows of one of the country's keyed files."""
        return self._read(path_of(name, self.country))

    def _read(self, path: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.members.get(path, b"").decode("utf-8"), newline="")))


def _to(identifier: str) -> dict[str, str]:
    """A reference to an entity."""
    return {"@id": identifier}


def _one_or_all(identifiers: list[str]) -> dict | list[dict]:
    """References as RO-Crate wants them: no list of one."""
    return _to(identifiers[0]) if len(identifiers) == 1 else [_to(one) for one in identifiers]


def _work(name: str, description: str) -> dict:
    return {"@type": "CreativeWork", "name": name, "description": description}


def _rights(document: str) -> str:
    return f"#rights-{document}"


def _signature(signature: Mapping[str, str]) -> str:
    return f"#{signature['role']}-of-{signature['document']}"
