"""Great Expectations over the keyed rows: built-in expectations for form, our own for meaning.

The suite is made from the data contract (``tieout.schema``: code lists, patterns, keys) and from the row rules
(``tieout.rules``). Its results come back as check results that name the failing rows; an expectation that raised is
reported as a broken rule, never as wrong data.

Source: https://docs.greatexpectations.io (custom multi-column map expectations).
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import tieout.unneeded  # noqa: F401

# isort: split
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider, multicolumn_condition_partial

from tieout.evidence import COLUMNS, joined
from tieout.record import Record
from tieout.report import BROKEN, FAIL, PASS, CheckResult, Failure
from tieout.rules import RULES
from tieout.schema import DOCUMENT_FILES, Field

INDEX = "where"
_RESULT_FORMAT = {"result_format": "COMPLETE", "unexpected_index_column_names": [INDEX], "include_unexpected_rows": False}


class RowsKeepRule(MulticolumnMapMetricProvider):
    """For each row, whether it keeps the named rule of ``tieout.rules``."""

    condition_metric_name = "multicolumn_values.keep_rule"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ("rule",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, rule: str, **_: object) -> pd.Series:
        judge = RULES[rule]
        kept = [judge.message(cells) is None for cells in column_list.to_dict("records")]
        return pd.Series(kept, index=column_list.index, dtype=bool)


class ExpectRowsToKeepRule(MulticolumnMapExpectation):
    """Expect every row to keep a rule of ``tieout.rules`` over the columns it reads."""

    rule: str
    map_metric = "multicolumn_values.keep_rule"
    success_keys = ("rule", "mostly")
    args_keys = ("column_list", "rule")


def frame(record: Record) -> pd.DataFrame:
    """The keyed rows joined with what is needed to judge them, all columns text; as objects, so that rows share their source's text."""
    return pd.DataFrame(joined(record), columns=list(COLUMNS), dtype=object)


def suite() -> list[tuple[str, str, gxe.Expectation]]:
    """Every expectation with its check id and title, in a fixed order."""
    found = [
        (name, rule.title, ExpectRowsToKeepRule(column_list=rule.columns, rule=name, ignore_row_if="never")) for name, rule in RULES.items()
    ]
    for column in DOCUMENT_FILES["metrics"].fields:
        found += _of_field(column)
    return sorted(found, key=lambda entry: entry[0])


def validate(record: Record) -> list[CheckResult]:
    """The result of every expectation over the record's rows."""
    data, asked = frame(record), suite()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = _validated(data, [expectation for *_, expectation in asked])
    return [
        _result(identifier, title, outcome, data, expectation)
        for (identifier, title, expectation), outcome in zip(asked, found, strict=True)
    ]


def _validated(data: pd.DataFrame, expectations: list[gxe.Expectation]) -> list[ExpectationValidationResult]:
    """What Great Expectations found for each expectation, in their order: all in one go, which reads the frame once."""
    placed = [expectation.copy(update={"meta": {"place": place}}) for place, expectation in enumerate(expectations)]
    results = _batch(data).validate(gx.ExpectationSuite("keyed", placed), result_format=_RESULT_FORMAT).results
    return sorted(results, key=lambda result: result.expectation_config.meta["place"])


def _batch(data: pd.DataFrame):
    """The frame as a Great Expectations batch, in a context that keeps nothing and shows nothing."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("keyed").add_dataframe_asset("metrics")
    return asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": data})


def _of_field(column: Field) -> list[tuple[str, str, gxe.Expectation]]:
    """The built-in expectations that a column's constraints in the data contract ask for."""
    found: list[tuple[str, str, gxe.Expectation]] = []
    if column.enum:
        expectation = gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.enum))
        found.append((f"code-{column.name}", f"Every {column.name} is in its code list: {', '.join(column.enum)}", expectation))
    if column.pattern:
        expectation = gxe.ExpectColumnValuesToMatchRegex(column=column.name, regex=f"^(?:{column.pattern})$")
        found.append((f"form-{column.name}", f"Every {column.name} has its form", expectation))
    if column.required:
        expectation = gxe.ExpectColumnValueLengthsToBeBetween(column=column.name, min_value=1)
        found.append((f"given-{column.name}", f"Every {column.name} is given", expectation))
    if column.unique:
        expectation = gxe.ExpectColumnValuesToBeUnique(column=column.name)
        found.append((f"unique-{column.name}", f"Every {column.name} stands once", expectation))
    return found


def _result(
    identifier: str, title: str, outcome: ExpectationValidationResult, data: pd.DataFrame, expectation: gxe.Expectation
) -> CheckResult:
    raised = _raised(outcome.exception_info)
    if raised:
        return CheckResult(identifier, title, status=BROKEN, fault=raised)
    rows = [entry[INDEX] for entry in outcome.result.get("unexpected_index_list") or []]
    if not rows and not outcome.success:
        return CheckResult(identifier, title, status=BROKEN, fault=f"failed without naming a row: {outcome.result}")
    if not rows:
        return CheckResult(identifier, title, status=PASS)
    column, message = _telling(identifier, expectation)
    cells = data[data[INDEX].isin(rows)].to_dict("records")
    failures = tuple(
        Failure(identifier, message(row), (row["id"],), column, row[column], row["where"], row["sentence"] or row["quote"]) for row in cells
    )
    return CheckResult(identifier, title, status=FAIL, failures=failures)


def _raised(info: dict) -> str:
    """The exception that an expectation raised, in a line, or an empty string. The shape differs with where it was raised."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return next((str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")), "")


def _telling(identifier: str, expectation: gxe.Expectation) -> tuple[str, Callable[[dict], str]]:
    """The column at fault and how to say what is wrong with a row."""
    if identifier in RULES:
        rule = RULES[identifier]
        return rule.column, lambda row: rule.message(row) or "The row breaks the rule."
    column = expectation.column
    if identifier.startswith("code-"):
        return column, lambda row: f"{column} is {row[column]!r}, which is not one of {', '.join(expectation.value_set)}."
    if identifier.startswith("unique-"):
        return column, lambda row: f"{column} {row[column]!r} stands more than once. A row has an id of its own, never used again."
    if identifier.startswith("given-"):
        return column, lambda row: f"{column} is empty."
    return column, lambda row: f"{column} is {row[column]!r}, which does not have the form it must have ({expectation.regex})."
