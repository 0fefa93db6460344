"""The process that reads one document from its input: ``python -m tieout.extracting KIND PAGES`` prints what it found as JSON."""

from __future__ import annotations

import json
import sys

from tieout.extracting import PDF, html, pdf
from tieout.extracting.problems import Unreadable


def found(kind: str, pages: str, raw: bytes) -> dict:
    """The text with what goes with it, or the fault that keeps it from being read."""
    try:
        text, known, told = (pdf if kind == PDF else html).read(raw, pages)
    except Unreadable as fault:
        return {"fault": str(fault)}
    except (MemoryError, RecursionError):
        return {"fault": "takes more memory than any report. Print it to a new PDF or save the page anew, and add that."}
    return {"text": text, "known": known, "told": told}


if __name__ == "__main__":
    sys.stdout.buffer.write(json.dumps(found(*sys.argv[1:3], sys.stdin.buffer.read())).encode("ascii"))
