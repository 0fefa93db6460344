"""Checks on form: files that can be read, sources that are what was registered, cells and keys as the contract has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from tieout.characters import formula, named, unseen
from tieout.checks.registry import FORM, entered, failure_of
from tieout.record import Record, Row, published_by
from tieout.report import Failure
from tieout.schema import COUNTRY, DATE, DOCUMENT_FILES, SETTLED, SHARED, Field, path_of, schema_of

VERBATIM = ("quote", "context", "printed")


@entered(FORM, "file-format", "Every file is CSV as people key it: UTF-8, LF, commas, the header of the data contract")
def file_format(record: Record) -> Iterable[Failure]:
    return [failure for failure in record.problems if failure.check == "file-format"]


@entered(FORM, "register", "Every document is registered once, and every file belongs to a registered document")
def register(record: Record) -> Iterable[Failure]:
    yield from (failure for failure in record.problems if failure.check == "register")
    for row in record.rows("documents"):
        expected = f"seeds/{record.country}/{row['document']}.txt"
        if row["seed"] != expected:
            yield failure_of(row, "register", "seed", f"The seed of {row['document']} must be {expected}, not {row['seed']!r}.")
        if row["country"] != record.country:
            yield failure_of(
                row, "register", "country", f"{row['document']} is registered for {row['country']!r} in the folder of {record.country!r}."
            )


@entered(FORM, "seeds", "Every source document is there and is, byte for byte, the one registered")
def seeds(record: Record) -> Iterable[Failure]:
    yield from (failure for failure in record.problems if failure.check == "seeds")
    for row in record.rows("documents"):
        digest = record.seeds.get(row["document"])
        if digest and digest != row["sha256"]:
            message = (
                f"seeds/{record.country}/{row['document']}.txt is not the document that was registered: its SHA-256 is {digest[:12]}…, "
                f"registered is {row['sha256'][:12]}…. Restore the seed from git; a new version of a document is a new document."
            )
            yield failure_of(row, "seeds", "sha256", message)


@entered(FORM, "originals", "Every document that a text was extracted from is there and is, byte for byte, the one that was added")
def originals(record: Record) -> Iterable[Failure]:
    return [failure for failure in record.problems if failure.check == "originals"]


@entered(FORM, "cells", "No cell holds a formula, or a character that nobody sees and the source does not have")
def cells(record: Record) -> Iterable[Failure]:
    letters = {document: frozenset(text.text) for document, text in record.texts.items()}
    for name in (*SHARED, *COUNTRY, *DOCUMENT_FILES):
        for row in record.rows(name):
            for column, cell in row.cells.items():
                verbatim = column in VERBATIM
                message = risk(column, cell, letters.get(row.document, frozenset(cell)) if verbatim else frozenset())
                if message:
                    yield failure_of(row, "cells", column, message)


def risk(column: str, cell: str, letters: frozenset[str] = frozenset()) -> str:
    """What a cell would do to whoever opens it, or an empty string; ``letters`` are those of the source it is copied from."""
    if formula(cell):
        return f"{column} is {cell[:60]!r}, which a spreadsheet would run as a formula. Begin with a word, and a quote at its first word."
    digit = next((letter for letter in cell if letter.isdecimal() and not letter.isascii() and letter not in letters), "")
    if digit:
        return f"{column} holds {named(digit)}, which is no digit of ours. Write 0 to 9."
    letter = unseen(cell, letters)
    return f"{column} holds {named(letter)} at character {cell.index(letter) + 1}, which nobody sees. Delete it." if letter else ""


@entered(FORM, "schema", "Every cell has its column's type, form and code, and every key points to something")
def schema(record: Record) -> Iterable[Failure]:
    for name in (*SHARED, *COUNTRY, "statements", "set_aside", "signatures", SETTLED):
        rows, contract = record.rows(name), schema_of(name)
        for row in rows:
            for column in contract.fields:
                message = cell_fault(column, row[column.name])
                if message:
                    yield failure_of(row, "schema", column.name, message)
        yield from _keys(record, name, rows)
    for row in record.rows(SETTLED):
        if row["settled"] not in (row["first"], row["second"]) and not row["reason"]:
            message = f"What was settled for {row['printed']!r} is neither the first reading nor the second. Say why, in reason."
            yield failure_of(row, "schema", "reason", message)
    for row in record.rows("units"):
        least, most = row["minimum"], row["maximum"]
        if all(re.fullmatch(r"-?\d+(\.\d+)?", limit) for limit in (least, most)) and Decimal(least) > Decimal(most):
            yield failure_of(row, "schema", "minimum", f"The range of {row['unit']} is empty: {row['minimum']} to {row['maximum']}.")


def cell_fault(column: Field, cell: str) -> str:
    """What is wrong with a cell by its column's contract, or an empty string."""
    if not cell:
        return f"{column.name} is empty. {column.description}" if column.required else ""
    if column.enum and cell not in column.enum:
        return f"{column.name} is {cell!r}, which is not one of {', '.join(column.enum)}."
    if column.pattern and not re.fullmatch(column.pattern, cell):
        return f"{column.name} is {cell!r}, which does not have the form it must have. {column.description}"
    forms = {"integer": r"\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false", "date": DATE}
    if column.type in forms and not re.fullmatch(forms[column.type], cell):
        hint = " Write the day as 2024-12-31." if column.type == "date" else ""
        return f"{column.name} is {cell!r}, which is no {column.type}.{hint}"
    if column.type == "date" or column.name == "published":
        try:
            published_by(cell)
        except ValueError:
            return f"{column.name} is {cell!r}: there is no such day."
    return ""


def _keys(record: Record, name: str, rows: tuple[Row, ...]) -> Iterable[Failure]:
    """Primary keys stand once within their file, foreign keys point to a row."""
    contract = schema_of(name)
    seen = Counter(
        (row.document if name == "set_aside" else row.where.split(":")[0], *(row[column] for column in contract.key)) for row in rows
    )
    known = {column: {other[field] for other in record.rows(target)} for column, (target, field) in contract.foreign.items()}
    for row in rows:
        key = (row.document if name == "set_aside" else row.where.split(":")[0], *(row[column] for column in contract.key))
        if seen[key] > 1:
            yield failure_of(
                row,
                "schema",
                contract.key[0],
                f"{' and '.join(contract.key)} {', '.join(key[1:])!r} stand {seen[key]} times. Keep one row.",
            )
        for column, (target, _) in contract.foreign.items():
            if row[column] and row[column] not in known[column]:
                yield failure_of(row, "schema", column, f"{column} {row[column]!r} is not in {path_of(target, record.country)}.")
