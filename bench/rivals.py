"""What a user would pick instead of our own rules, each written as well as types, ranges, keys and code lists allow.

None of them reads the sources: that is the difference that the campaign measures.
"""

from __future__ import annotations

import os
import warnings
from decimal import Decimal, InvalidOperation

os.environ.setdefault("DISABLE_PANDERA_IMPORT_WARNING", "True")

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import pandera.pandas as pa
from frictionless import Resource, Schema
from great_expectations.data_context.types.base import ProgressBarsConfig

from tieout.comparing import Cells
from tieout.record import MISSING, Record
from tieout.schema import DOCUMENT_FILES

METRICS = DOCUMENT_FILES["metrics"]
DATED = ("stated", "inferred")


def frame(record: Record) -> pd.DataFrame:
    """The keyed rows as a user would load them: text, with the document, the codebook's unit and the unit's range joined on."""
    return pd.DataFrame([_joined(record, row.document, row.cells) for row in record.rows("metrics")])


def great_expectations_catches(record: Record) -> bool:
    """A plain Great Expectations suite: built-in expectations only."""
    return not _gx(record, frame(record))


def pandera_catches(record: Record) -> bool:
    """A pandera schema with column and whole-frame checks."""
    try:
        _pandera(record).validate(frame(record), lazy=True)
        return False
    except (pa.errors.SchemaErrors, pa.errors.SchemaError):
        return True


def frictionless_catches(record: Record) -> bool:
    """The Frictionless schema of the data package, with the code lists of metrics and units as enumerations."""
    descriptor = METRICS.descriptor()
    descriptor.pop("foreignKeys", None)
    lists = {"metric": sorted(record.metrics), "unit": sorted(record.units)}
    lists |= {dimension: [c for d, c in record.terms if d == dimension] for dimension in ("sex", "age", "exploitation")}
    for field in descriptor["fields"]:
        if field["name"] in lists:
            field.setdefault("constraints", {})["enum"] = lists[field["name"]]
        if field["name"] == "value":
            field.setdefault("constraints", {})["minimum"] = 0
    rows = [[cells[column] for column in METRICS.columns] for cells in (row.cells for row in record.rows("metrics"))]
    return not Resource(data=[list(METRICS.columns), *rows], schema=Schema.from_descriptor(descriptor)).validate().valid


RIVALS = {"Great Expectations, plain": great_expectations_catches, "pandera": pandera_catches, "Frictionless": frictionless_catches}


def _joined(record: Record, document: str, cells: Cells) -> dict[str, object]:
    metric, unit = record.metrics.get(cells["metric"]), record.units.get(cells["unit"])
    number = _number(cells["value"])
    return {
        **cells,
        "document": document,
        "number": number,
        "expected_unit": metric["unit"] if metric else "",
        "minimum": float(unit["minimum"]) if unit else None,
        "maximum": float(unit["maximum"]) if unit else None,
        "fraction": bool(unit and unit["whole"] == "true" and number is not None and number % 1),
        "row_document": cells["id"].rpartition("-")[0],
        "dated": bool(cells["start"]),
        "gap_fits": (cells["status"] == MISSING) == (cells["value"] == "") == (cells["printed"] == ""),
        "dates_fit": bool(cells["start"]) == (cells["period_basis"] in DATED),
    }


def _number(text: str) -> float | None:
    try:
        return float(Decimal(text)) if text else None
    except InvalidOperation:
        return None


def _sets(record: Record) -> dict[str, list[str]]:
    """Every column that has a code list, and the list."""
    found = {field.name: list(field.enum) for field in METRICS.fields if field.enum}
    found |= {"metric": sorted(record.metrics), "unit": sorted(record.units)}
    return found | {dimension: [c for d, c in record.terms if d == dimension] for dimension in ("sex", "age", "exploitation")}


def _gx(record: Record, data: pd.DataFrame) -> bool:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    batch = (
        context.data_sources.add_pandas("rival")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": data})
    )
    asked = [gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values) for column, values in _sets(record).items()]
    asked += [gxe.ExpectColumnValuesToMatchRegex(column=f.name, regex=f"^(?:{f.pattern})$") for f in METRICS.fields if f.pattern]
    asked += [gxe.ExpectColumnValuesToMatchRegex(column=column, regex=r"^(\d{4}-\d{2}-\d{2})?$") for column in ("start", "end")]
    asked += [
        gxe.ExpectColumnValuesToBeUnique(column="id"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="unit", column_B="expected_unit"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="document", column_B="row_document"),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="end", column_B="start", or_equal=True),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="number", column_B="minimum", or_equal=True, ignore_row_if="either_value_is_missing"
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="maximum", column_B="number", or_equal=True, ignore_row_if="either_value_is_missing"
        ),
        gxe.ExpectColumnValuesToBeInSet(column="fraction", value_set=[False]),
        gxe.ExpectColumnValuesToBeInSet(column="gap_fits", value_set=[True]),
        gxe.ExpectColumnValuesToBeInSet(column="dates_fit", value_set=[True]),
        gxe.ExpectColumnValueLengthsToBeBetween(column="quote", min_value=1),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return all(batch.validate(expectation).success for expectation in asked)


def _pandera(record: Record) -> pa.DataFrameSchema:
    columns = {column: pa.Column(str, pa.Check.isin(values)) for column, values in _sets(record).items()}
    columns |= {f.name: pa.Column(str, pa.Check.str_matches(f"^(?:{f.pattern})$"), unique=f.unique) for f in METRICS.fields if f.pattern}
    columns |= {column: pa.Column(str, pa.Check.str_matches(r"^(\d{4}-\d{2}-\d{2})?$")) for column in ("start", "end")}
    columns |= {"quote": pa.Column(str, pa.Check.str_length(min_value=1))}
    return pa.DataFrameSchema(
        columns,
        checks=[
            pa.Check(lambda df: df["unit"] == df["expected_unit"]),
            pa.Check(lambda df: df["document"] == df["row_document"]),
            pa.Check(lambda df: df["start"] <= df["end"]),
            pa.Check(lambda df: df["number"].isna() | df["number"].between(df["minimum"], df["maximum"])),
            pa.Check(lambda df: ~df["fraction"].astype(bool)),
            pa.Check(lambda df: (df["status"] == MISSING) == (df["value"] == "")),
            pa.Check(lambda df: (df["status"] == MISSING) == (df["printed"] == "")),
            pa.Check(lambda df: df["dated"] == df["period_basis"].isin(DATED)),
        ],
    )
