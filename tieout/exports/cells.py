"""The rows of the tables that an edition publishes, as its CSV files hold them."""

from __future__ import annotations

from pathlib import Path

from tieout.schema import EDITION
from tieout.tables import read_table


def rows_of(edition: Path, name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``observations`` or ``trends``. Raises ``FileNotFoundError`` where the step that writes them has not run."""
    table, failures = read_table(edition / f"{name}.csv", f"{name}.csv", EDITION[name].columns)
    if failures:
        raise FileNotFoundError(f"{failures[0].message} Run the notebooks first.")
    return table.rows
