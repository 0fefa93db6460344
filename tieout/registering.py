"""Registering a document: its text as a seed, its original beside it, its row in the register; all of it or nothing.

Every file is written aside first, then each is moved into place, the register last: what a killed ``add`` leaves belongs to no registered
document, ``check`` tells of it, and the same ``add`` again finishes it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tieout import originals
from tieout.characters import shown
from tieout.checks.form import cell_fault, risk
from tieout.drafting import suggest
from tieout.extracting import TEXT, Extract
from tieout.packaging import tidy
from tieout.placing import alone, put
from tieout.problems import Usage
from tieout.record import Record, countries, load, published_by
from tieout.schema import COUNTRY, DOCUMENT, path_of, schema_of
from tieout.tables import read_table, table_text
from tieout.texts import Text

ALIKE = 0.5  # of the sentences of the shorter one; no two of the first five documents share more than 0.27
_NOTHING = "Nothing was changed."
_SHOWN = 3


@dataclass(frozen=True)
class Arrival:
    """A document that is to be registered: the file that it came in, what was extracted, and its cells of the register."""

    file: Path
    extract: Extract
    cells: Mapping[str, str]
    version_of: str = ""

    @property
    def seed(self) -> bytes:
        """The bytes of the seed: of a text, to the byte those that came."""
        return self.extract.raw if self.extract.kind == TEXT else self.extract.text.encode("utf-8")


def register(root: Path, arrival: Arrival) -> tuple[Path, int]:
    """Take a document in; return the path of its draft rows and their number.

    Raises ``Usage``, and changes nothing, where a cell is not as the register has it, the document is known already, or a file is in
    the way.
    """
    if found := cell_faults(arrival.cells):
        raise Usage("\n".join([*found, _NOTHING]))
    with alone(root):
        refuse_known(root, arrival)
        document = arrival.cells["document"]
        if any(document in load(country, root).documents for country in countries(root)):
            raise Usage(
                f"{document} is registered already. A new version of a document is a new document, with an id of its own. "
                f"Where its drafts are lost: python pipeline.py suggest {document}. {_NOTHING}"
            )
        put(root, _files(root, arrival))
        tidy(root)
        return suggest(root, document)


def cell_faults(cells: Mapping[str, str]) -> list[str]:
    """What is wrong with cells for the register, all at once."""
    country, document = cells.get("country", ""), cells.get("document", "")
    found = []
    if not re.fullmatch("[a-z]{3}", country):
        found.append(f"{country!r} is no country code. Write three small letters, as in ISO 3166-1: bel.")
    if not re.fullmatch(DOCUMENT, document):
        found.append(f"{document!r} is no document id. Write small letters, digits and hyphens: tip-2026.")
    return found + [fault for name in sorted(cells.keys() - {"country", "document"}) if (fault := cell_fault_of(name, cells[name]))]


def cell_fault_of(name: str, cell: str) -> str:
    """What is wrong with one cell for the register, or an empty string."""
    field = next(field for field in COUNTRY["documents"].fields if field.name == name)
    if name == "published" and cell:
        with suppress(ValueError, IndexError):
            published_by(cell)
            return risk(name, cell)
        return f"--published {cell!r} is no date. Write 2026, 2026-06 or 2026-06-30."
    return (cell and risk(name, cell)) or cell_fault(field, cell)


def refuse_known(root: Path, arrival: Arrival) -> None:
    """Raise ``Usage`` where a registered document is the same, says the same, or is nearly the same and not named as the other version."""
    known = {document: record for country in countries(root) for record in [load(country, root)] for document in record.documents}
    if arrival.version_of and arrival.version_of not in known:
        raise Usage(f"There is no document {arrival.version_of!r} to be a version of. Registered are: {', '.join(known) or 'none'}.")
    _refuse_same_bytes(root, arrival, known)
    new = Text("", arrival.seed.decode("utf-8"))
    for document, record in known.items():
        if document not in record.texts:
            continue
        old = record.texts[document]
        if _words(old.text) == _words(new.text):
            told = f"says, word for word, what {document} of {record.country} says"
            raise Usage(f"{arrival.file} {told}, which is registered already. {_NOTHING}")
        if document != arrival.version_of:
            _refuse_alike(arrival.file, f"{document} of {record.country}", document, old, new)


def _refuse_same_bytes(root: Path, arrival: Arrival, known: Mapping[str, Record]) -> None:
    """Raise ``Usage`` where the very file was taken in before; other pages of it are another document."""
    seed, whole = _digest(arrival.seed), _digest(arrival.extract.raw)
    for document, record in known.items():
        if record.seeds.get(document) in (seed, whole):
            how = "is, byte for byte," if arrival.extract.kind == TEXT else "gives, byte for byte, the text of"
            raise Usage(f"{arrival.file} {how} {document} of {record.country}, which is registered already. {_NOTHING}")
        kept = _originals(root, record.country)
        if not arrival.extract.part and whole in (kept.get(f"{document}{suffix}") for suffix in originals.SUFFIXES):
            told = f"is, byte for byte, the original of {document} of {record.country}"
            raise Usage(f"{arrival.file} {told}, which is registered already. {_NOTHING}")


def _refuse_alike(file: Path, told: str, document: str, old: Text, new: Text) -> None:
    before, after = _sentences(old), _sentences(new)
    shared = before.keys() & after.keys()
    if not shared or len(shared) < ALIKE * min(len(before), len(after)):
        return
    lines = [f"{file} looks like a changed copy of {told}: {len(shared)} of its {len(after)} sentences stand there."]
    for name, here, there in (("Only here", after, before), ("Only there", before, after)):
        only = [here[key] for key in here if key not in there]
        lines += [f"  {name}: {shown(words[:160])}" for words in only[:_SHOWN]]
        lines += [f"  {name}: {len(only) - _SHOWN} more" for _ in only[_SHOWN : _SHOWN + 1]]
    lines.append(f"If the publisher changed it, take it in beside the other, with an id of its own and --version-of {document}. {_NOTHING}")
    raise Usage("\n".join(lines))


def _sentences(text: Text) -> dict[tuple[str, ...], str]:
    """The sentences of five words or more, by their words."""
    found = (" ".join(text.text[start:end].split()) for start, end in text.sentences)
    return {words: sentence for sentence in found if len(words := _words(sentence)) >= 5}


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _files(root: Path, arrival: Arrival) -> dict[Path, bytes]:
    """Every file of the arrival, in the order in which they are moved into place; the register is the last."""
    cells, raw = dict(arrival.cells), arrival.extract.raw
    country, document = cells["country"], cells["document"]
    seed = root / "seeds" / country / f"{document}.txt"
    found = {} if arrival.extract.kind == TEXT else _kept(root, country, f"{document}{arrival.extract.suffix}", raw)
    found[seed] = arrival.seed
    for name in ("metrics", "statements", "set_aside"):
        found[root / path_of(name, country, document)] = table_text(schema_of(name).columns, []).encode()
    for path, content in found.items():
        _free(path, content)
    for name, schema in COUNTRY.items():
        path = root / path_of(name, country)
        if name != "documents" and not path.exists():
            found[path] = table_text(schema.columns, []).encode()
    note = " ".join(filter(None, (cells.get("note", ""), arrival.extract.how)))
    row = cells | {"note": note, "seed": seed.relative_to(root).as_posix(), "sha256": _digest(arrival.seed)}
    return found | _register(root, country, row)


def _kept(root: Path, country: str, name: str, raw: bytes) -> dict[Path, bytes]:
    """The original, and the list of digests with it."""
    folder, digests = originals.folder_of(root, country), _originals(root, country)
    if digests.get(name, _digest(raw)) != _digest(raw):
        raise Usage(f"{folder / originals.SUMS} has another {name}. Move that away, or choose another id. {_NOTHING}")
    lines = originals.sums_text(digests | {name: _digest(raw)}).encode("ascii")
    _plain(folder / originals.SUMS)
    return {folder / name: raw, folder / originals.SUMS: lines}


def _originals(root: Path, country: str) -> dict[str, str]:
    try:
        return originals.registered(root, country)
    except (OSError, ValueError) as error:
        path = originals.folder_of(root, country) / originals.SUMS
        raise Usage(f"{path} cannot be read: {error}. Restore it from git. {_NOTHING}") from None


def _register(root: Path, country: str, row: Mapping[str, str]) -> dict[Path, bytes]:
    """The register with the document entered; raises ``Usage`` where it cannot be read, for writing it again would lose rows."""
    name, columns = path_of("documents", country), COUNTRY["documents"].columns
    path = root / name
    table, failures = read_table(path, name, columns)
    if failures and path.exists():
        raise Usage(f"{failures[0].message} {_NOTHING}")
    rows = [*table.rows, {column: row.get(column, "") for column in columns}]
    return {path: table_text(columns, sorted(rows, key=lambda one: one["document"])).encode("utf-8")}


def _free(path: Path, content: bytes) -> None:
    """Raise ``Usage`` where another file is in the way; the very same one was left by an ``add`` that was cut short."""
    _plain(path)
    if path.exists() and path.name != originals.SUMS and not (path.is_file() and path.read_bytes() == content):
        raise Usage(f"{path} is there already, and holds something else. Move it away first. {_NOTHING}")


def _plain(path: Path) -> None:
    if any(one.is_symlink() for one in (path, *path.parents[:3])):
        raise Usage(f"{path} is there already, or a link leads elsewhere. Move it away first. {_NOTHING}")


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
