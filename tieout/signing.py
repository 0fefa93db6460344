"""Signatures: who stands for a document's rows, as they were.

A signature is a digest over a document's source bytes and every keyed row of it. The row digests are kept beside it, so
that a change says which row moved since the signature, and a row that is gone is named.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from datetime import date

from tieout.agreement import unsettled
from tieout.problems import DataFails, Usage
from tieout.record import Record, Row
from tieout.report import Failure
from tieout.schema import ROLES, path_of, schema_of
from tieout.tables import write_table

CHECK = "signatures"
VERIFIER = "verifier"
TRUSTED = ("keyer", VERIFIER)  # without both, an edition is a draft
SIGNED_FILES = ("documents", "metrics", "statements", "set_aside", "breaks", "faults", "identities")


def digests(record: Record, document: str) -> dict[str, str]:
    """What a signature on ``document`` covers, each with its digest.

    The source's bytes, its entry in the register, its rows, and the breaks, faults and identities that touch its rows.
    """
    return record.complete.once(_digests, document)


def _digests(record: Record, document: str) -> dict[str, str]:
    alike: dict[str, list[str]] = defaultdict(list)
    for name, row in record.once(_touching).get(document, ()):
        alike[_key(name, row)].append(_digest(row.cells))
    found = {"seed": record.seeds.get(document, "")[:16]}
    for key, rows in alike.items():
        found |= {f"{key}, row {place}" if place > 1 else key: digest for place, digest in enumerate(sorted(rows), 1)}
    return found


def _touching(record: Record) -> dict[str, list[tuple[str, Row]]]:
    """What is signed with each document, with the kind of its file: the rows of the document, and those that name one of its rows."""
    found: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for name in SIGNED_FILES:
        for row in record.rows(name):
            for document in [row.document] if row.document else _documents_named(row):
                found[document].append((name, row))
    return found


def _documents_named(row: Row) -> set[str]:
    """The documents whose rows or passages a row names."""
    named = "|".join(row.cells.get(column, "") for column in ("ids", "total", "parts"))
    return {match[1] for one in named.split("|") if (match := re.fullmatch(r"(.+)-s?\d+", one.strip()))}


def total(covered: dict[str, str]) -> str:
    """The one digest that a signature carries, over all it covers; the order of rows does not matter."""
    return hashlib.sha256(json.dumps(sorted(covered.items())).encode()).hexdigest()


def signed(record: Record) -> dict[str, list[str]]:
    """The roles whose signature holds, by document."""
    return record.once(_signed)


def _signed(record: Record) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {document: [] for document in record.documents}
    for row in record.rows("signoffs"):
        if row.document in record.documents and row["digest"] == total(digests(record, row.document)):
            found[row.document].append(row["role"])
    return {document: sorted(roles, key=ROLES.index) for document, roles in found.items()}


def unsigned(record: Record) -> dict[str, list[str]]:
    """The roles that are missing, by document: a keyer and a verifier must have signed each."""
    missing = {document: [role for role in TRUSTED if role not in roles] for document, roles in signed(record).items()}
    return {document: roles for document, roles in missing.items() if roles}


def draft(record: Record) -> bool:
    """Whether an edition of this record is a draft; an edition of nothing is one too."""
    return not record.documents or bool(unsigned(record))


def failures(record: Record) -> list[Failure]:
    """Every signature that no longer holds, row by row, and every pair of roles signed by one person."""
    found = []
    by_role = {(row.document, row["role"]): row for row in record.rows("signoffs")}
    for (document, role), row in by_role.items():
        if document not in record.documents:
            found.append(Failure(CHECK, f"{document} is signed but not registered.", (document,), "document", document, row.where))
            continue
        covered = digests(record, document)
        if row["digest"] != total(covered):
            found += _moved(record, row, covered)
        if role == VERIFIER:
            found += _unsettled(record, row)
        other = by_role.get((document, VERIFIER if role == "keyer" else ""))
        if other is not None and _person(other["by"]) == _person(row["by"]):
            message = f"{row['by']!r} signed {document} as keyer and as verifier. A second person must verify."
            found.append(Failure(CHECK, message, (document,), "by", row["by"], row.where))
    return found


def sign(record: Record, document: str, role: str, by: str, on: date) -> None:
    """Sign the rows of ``document`` as they are now, in place of that role's earlier signature.

    Raises ``Usage`` where the document, the role or the name cannot be meant, and ``DataFails`` where a verifier would sign while a
    difference between the two readings is not settled.
    """
    if document not in record.documents:
        raise Usage(f"There is no document {document!r} in {path_of('documents', record.country)}: {', '.join(record.documents)}.")
    if role not in ROLES:
        raise Usage(f"There is no role {role!r}: {', '.join(ROLES)}.")
    if not by.strip():
        raise Usage("Say who signs: --by NAME.")
    rival = {"keyer": "verifier", "verifier": "keyer"}.get(role)
    if any(row.document == document and row["role"] == rival and _person(row["by"]) == _person(by) for row in record.rows("signoffs")):
        raise Usage(f"{by!r} has signed {document} as {rival}. Keyer and verifier must be two people.")
    unreadable = [failure for failure in record.problems if failure.check == "file-format"]
    if unreadable:
        raise Usage(f"Nothing was signed: {unreadable[0].message}")
    if role == VERIFIER and (count := len(unsettled(record, document))):
        raise DataFails(
            f"Nothing was signed: {differences(count, f'the two readings of {document}')} not settled. "
            f"Settle from the page: python pipeline.py review {document} --settle"
        )
    covered = digests(record, document)
    others = [row.cells for row in record.rows("signoffs") if (row.document, row["role"]) != (document, role)]
    new = {"document": document, "role": role, "by": by, "on": on.isoformat(), "digest": total(covered)}
    kept = [row.cells for row in record.rows("signatures") if row.document == document and row["role"] != role]
    ledger = kept + [{"role": role, "row": key, "digest": digest} for key, digest in covered.items()]
    _write(record, "signatures", document, ledger, ("role", "row"))
    _write(record, "signoffs", "", [*others, new], ("document", "role"))


def _unsettled(record: Record, signature: Row) -> list[Failure]:
    """A verified document whose two readings differ where nobody has settled it."""
    document, differing = signature.document, unsettled(record, signature.document)
    if not differing:
        return []
    message = (
        f"{document} is signed as {VERIFIER}, but {differences(len(differing), 'its two readings')} not settled. "
        f"See them: python pipeline.py agree {document}. Settle them: python pipeline.py review {document} --settle"
    )
    first = differing[0].pair
    text = record.texts[document]
    where, words = text.where(first.place, record.country), text.sentence(first.place, first.end)
    return [Failure(CHECK, message, (document,), differing[0].column, first.printed, where, words)]


def differences(count: int, between: str = "") -> str:
    """``1 difference between its two readings is``, ``5 differences are``."""
    return (
        f"{count} {'difference' if count == 1 else 'differences'}{f' between {between}' if between else ''} {'is' if count == 1 else 'are'}"
    )


def _moved(record: Record, signature: Row, covered: dict[str, str]) -> list[Failure]:
    """What changed since a signature: rows altered, added and gone."""
    role, by, document = signature["role"], signature["by"], signature.document
    before = {row["row"]: row["digest"] for row in record.rows("signatures") if row.document == document and row["role"] == role}
    where = {_key(name, row): row for name, row in record.once(_touching).get(document, ())}
    again = f"Check it against the page and sign again: python pipeline.py sign {document} --role {role} --by …"
    found = []
    for key in sorted(before.keys() | covered.keys()):
        if before.get(key) == covered.get(key):
            continue
        word = "is gone" if key not in covered else "is new" if key not in before else "has changed"
        row = where.get(key)
        place = (
            row.where
            if row
            else f"seeds/{record.country}/{document}.txt"
            if key == "seed"
            else path_of("metrics", record.country, document)
        )
        message = f"{key} {word} since {by!r} signed {document} as {role}. {again}"
        found.append(Failure(CHECK, message, (key,), "", "", place, row.cells.get("quote", row.cells.get("context", "")) if row else ""))
    if not found:
        found.append(
            Failure(
                CHECK,
                f"The signature of {by!r} on {document} as {role} does not fit what was signed. {again}",
                (document,),
                "digest",
                "",
                signature.where,
            )
        )
    return found


def _person(by: str) -> str:
    """A name as one compares names: without case and superfluous blanks."""
    return " ".join(by.split()).casefold()


def _key(name: str, row: Row) -> str:
    """A name for a row that does not move when others do: its id, or a digest of its place for a set-aside number."""
    if name == "set_aside":
        return f"set-aside-{_digest({'printed': row['printed'], 'context': row['context']})}"
    if name == "breaks":
        return f"break-{row['metric']}-{row['after']}"
    return row.id if name in ("metrics", "statements") else f"{name}-{row.id}"


def _digest(cells: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(cells.items()), ensure_ascii=False).encode()).hexdigest()[:16]


def _write(record: Record, name: str, document: str, rows: list[dict[str, str]], key: tuple[str, ...]) -> None:
    path = record.root / path_of(name, record.country, document)
    write_table(path, schema_of(name).columns, sorted(rows, key=lambda row: [row[column] for column in key]))
