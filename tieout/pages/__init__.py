"""The HTML pages of an edition."""

from __future__ import annotations

from pathlib import Path

from tieout.record import Record

__all__ = ["build"]


def build(record: Record, edition: Path) -> list[Path]:
    """Write the pages of the edition in ``edition``; the paths written, sorted.

    nbconvert takes a second to import, and whoever only wants the facts of an edition need not wait for it.
    """
    from tieout.pages.site import build as build_site

    return build_site(record, edition)
