"""The parameters of the notebooks: known by name and type before a kernel starts, or an error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tieout.problems import Usage

OWN = ("country", "inputs", "edition")


def day(text: str) -> date:
    """A day given as ``2023-12-31``; raises ``Usage`` for anything else."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Usage(f"{text!r} is no day. Write it as 2023-12-31 (ISO 8601).") from None


def checked(notebook: Path, given: Mapping[str, object]) -> dict[str, object]:
    """``given``, where every name is a parameter of ``notebook`` and every value has its type.

    Raises ``Usage`` for an unknown name or a wrong type: papermill would only warn, and run.
    """
    import papermill

    known = papermill.inspect_notebook(str(notebook))
    for name, value in given.items():
        if name not in known:
            raise Usage(f"{notebook.name} has no parameter {name!r}. It has: {', '.join(known)}.")
        wanted = known[name]["inferred_type_name"]
        if wanted not in ("None", type(value).__name__):
            raise Usage(f"Parameter {name} of {notebook.name} must be {wanted}, not {type(value).__name__} ({value!r}).")
    return dict(given)


def give_defaults(notebook: Path, country: str) -> None:
    """Give an executed notebook's parameters the defaults of its own ``country``: they name the one that it was written with."""
    stored = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in (cell for cell in stored["cells"] if "parameters" in cell["metadata"].get("tags", [])):
        source = "".join(cell["source"])
        written = re.search(r'^country: str = "([a-z]{3})"', source, re.MULTILINE)
        if written and written[1] != country:
            cell["source"] = re.sub(rf"\b{written[1]}\b", country, source)
            notebook.write_text(json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="")


def settings(pairs: list[str]) -> dict[str, str]:
    """``NAME=VALUE`` pairs of the command line; raises ``Usage`` for other forms and for what the pipeline itself sets."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise Usage(f"{pair!r} is no parameter. Write NAME=VALUE.")
        if name in OWN:
            raise Usage(f"The pipeline itself sets {name}: choose countries as arguments and the place with --output.")
        if name == "as_of" and value:
            day(value)
        found[name] = value
    return found
