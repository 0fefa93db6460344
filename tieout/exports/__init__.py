"""An edition's tables in the forms that other tools read: Parquet beside the CSV files, and SDMX."""

from __future__ import annotations

from pathlib import Path

from tieout.record import Record

__all__ = ["export"]


def export(record: Record, edition: Path) -> list[Path]:
    """Write every export of the edition in ``edition``, from the tables that it holds; the paths written.

    pyarrow and pysdmx take a while to import, and whoever writes no edition need not wait for them.
    """
    from tieout.exports import parquet, sdmx

    return [*parquet.write(edition), *sdmx.write(record, edition)]
