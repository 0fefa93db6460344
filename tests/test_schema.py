"""The data contract: DESIGN.md's columns and codes, copied here so that neither changes unnoticed."""

from __future__ import annotations

import re

import pytest

from tieout.schema import COUNTRY, DOCUMENT_FILES, QUALIFIERS, ROLES, SHARED, STATEMENT_KINDS, STATUSES, TREATMENTS, path_of, schema_of
from tieout.tables import read_table

CONTRACT = {
    "codebook": "metric, label, definition, unit, kind, group, decimals, note",
    "units": "unit, label, kind, symbol, minimum, maximum, whole",
    "categories": "dimension, category, label, terms",
    "countries": "country, name",
    "terms": "metric, terms",
    "incomparable": "metric, other, reason",
    "derived": "measure, label, numerator, denominator, unit, note",
    "documents": "document, country, title, publisher, series, published, published_basis, seed, sha256, source_url, rights, note",
    "metrics": "id, metric, sex, age, exploitation, start, end, period_basis, value, unit, qualifier, status, coverage, printed, "
    "quote, note",
    "statements": "id, kind, label, quote, note",
    "set_aside": "printed, context, reason, note",
    "identities": "identity, relation, total, parts, expected, reason",
    "breaks": "metric, before, after, reason, document, quote",
    "faults": "fault, ids, kind, description, treatment, status",
    "signoffs": "document, role, by, on, digest",
    "factchecks": "item, digest, checker, state, on, remark",
    # not keyed by hand: what signing writes beside signoffs, and the ids that may never come back
    "signatures": "role, row, digest",
    "withdrawn": "id, on, reason",
    # told after signing, and only ever added to
    "corrections": "correction, on, kind, ids, was, now, reason",
    "second/settled": "place, line, printed, column, first, second, settled, reason",
}
CONTRACT |= {f"second/{name}": CONTRACT[name] for name in ("metrics", "statements", "set_aside")}
PATHS = {
    "codebook": "data/codebook.csv",
    "units": "data/units.csv",
    "categories": "data/categories.csv",
    "countries": "data/countries.csv",
    "terms": "data/terms.csv",
    "incomparable": "data/incomparable.csv",
    "derived": "data/derived.csv",
    "documents": "data/bel/documents.csv",
    "metrics": "data/bel/metrics/tip-2025.csv",
    "statements": "data/bel/statements/tip-2025.csv",
    "set_aside": "data/bel/set_aside/tip-2025.csv",
    "identities": "data/bel/identities.csv",
    "breaks": "data/bel/breaks.csv",
    "faults": "data/bel/faults.csv",
    "signoffs": "data/bel/signoffs.csv",
    "signatures": "data/bel/signatures/tip-2025.csv",
    "withdrawn": "data/bel/withdrawn.csv",
    "corrections": "data/bel/corrections.csv",
    "factchecks": "data/bel/factchecks.csv",
    **{f"second/{name}": f"data/bel/second/{name}/tip-2025.csv" for name in ("metrics", "statements", "set_aside", "settled")},
}
FILES = SHARED | COUNTRY | DOCUMENT_FILES
FIELDS = [pytest.param(name, field, id=f"{name}.{field.name}") for name, schema in FILES.items() for field in schema.fields]


def test_every_file_is_in_the_contract():
    assert set(FILES) == set(CONTRACT) == set(PATHS)


@pytest.mark.parametrize("name", CONTRACT)
def test_the_columns_are_the_contract_s_in_its_order(name):
    assert list(schema_of(name).columns) == CONTRACT[name].split(", ")


@pytest.mark.parametrize("name", PATHS)
def test_a_file_stands_where_the_contract_says(name):
    assert path_of(name, "bel", "tip-2025") == PATHS[name]


def test_the_codes_are_the_contract_s():
    assert QUALIFIERS == ("exact", "at_least", "more_than", "about", "at_most", "less_than")
    assert "".join(sorted(STATUSES)) == "ABDEOPUW"
    assert set(STATEMENT_KINDS) == {"recommendation", "assessment", "commitment", "caveat"}
    assert set(TREATMENTS) == {"hold", "caveat", "use"}
    assert set(ROLES) == {"keyer", "verifier", "editor"}
    basis = next(field for field in schema_of("metrics").fields if field.name == "period_basis")
    assert set(basis.enum) == {"stated", "inferred", "standing", "not_stated"}


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_every_column_is_described_in_a_sentence(name, field):
    assert field.description.endswith(".")
    assert field.descriptor()["description"] == field.description


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_every_column_becomes_a_frictionless_field(name, field):
    descriptor = field.descriptor()
    constraints = descriptor.get("constraints", {})
    assert descriptor["name"] == field.name
    assert descriptor["type"] in {"string", "number", "integer", "boolean", "date"}
    assert constraints.get("required", False) == field.required
    assert constraints.get("unique", False) == field.unique
    assert tuple(constraints.get("enum", ())) == field.enum
    assert ("pattern" in constraints) == bool(field.pattern)
    assert re.compile(constraints.get("pattern", ""))


@pytest.mark.parametrize("name", FILES)
def test_keys_name_columns_that_are_always_given(name):
    schema = schema_of(name)
    required = {field.name for field in schema.fields if field.required}
    assert set(schema.key) <= required
    assert schema.descriptor()["primaryKey"] == list(schema.key)


@pytest.mark.parametrize("name", FILES)
def test_foreign_keys_point_to_a_key_of_a_file_there_is(name):
    for column, (target, field) in schema_of(name).foreign.items():
        assert column in schema_of(name).columns
        assert (field,) == schema_of(target).key


def test_a_foreign_key_to_a_country_s_own_file_names_that_country():
    references = {key["reference"]["resource"] for key in schema_of("breaks").descriptor("bel")["foreignKeys"]}
    assert references == {"codebook", "bel-documents"}


def test_an_empty_cell_is_the_one_missing_value():
    assert all(schema.descriptor()["missingValues"] == [""] for schema in FILES.values())


UNKEYED = ("countries", "signatures", "withdrawn", *(name for name in FILES if name.startswith("second/")))


@pytest.mark.parametrize("name", [name for name in FILES if name not in UNKEYED])
def test_the_repository_s_own_files_have_these_headers(belgium, name):
    _, failures = read_table(belgium.root / PATHS[name], name, CONTRACT[name].split(", "))
    assert failures == []
