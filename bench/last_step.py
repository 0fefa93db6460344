"""The last step of an edition whose notebooks were executed elsewhere: python -m bench.last_step [--root DIR].

Every rival shares it: exports, pages (the notebooks rendered to HTML among them) and manifest, as a run of ours writes them.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

COUNTRY = "bel"


def last_step(root: Path, edition: Path, as_of: str = "") -> None:
    """Finish the edition in ``edition``, whose ``notebooks/`` hold the executed ones."""
    from tieout import editions
    from tieout.executing import clean
    from tieout.finishing import finish
    from tieout.record import load
    from tieout.signing import signed
    from tieout.steps import write_json

    for path in sorted((edition / "notebooks").glob("*.ipynb")):
        clean(path)
    record = load(COUNTRY, root, date.fromisoformat(as_of) if as_of else None)
    finish(record, edition)
    parameters = {"country": COUNTRY, **({"as_of": as_of} if as_of else {})}
    manifest = editions.manifest(COUNTRY, edition, editions.inputs(root, COUNTRY), parameters, signed(record))
    write_json(edition / editions.MANIFEST, manifest)


def main() -> int:
    """Finish ``outputs/bel``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path())
    options = parser.parse_args()
    last_step(options.root, options.root / "outputs" / COUNTRY)
    return 0


if __name__ == "__main__":
    sys.exit(main())
