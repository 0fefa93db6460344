"""The last step of a run: the exports and the pages of an edition whose notebooks have run."""

from __future__ import annotations

from pathlib import Path

from tieout.editions import MANIFEST
from tieout.record import Record


def finish(record: Record, edition: Path) -> None:
    """Write the exports and the pages. The manifest comes last, and an empty one stands for it: the pages name it among the files."""
    from tieout.exports import export
    from tieout.pages import build
    from tieout.steps import write_json

    write_json(edition / MANIFEST, {})
    export(record, edition)
    build(record, edition)
