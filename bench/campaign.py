"""The campaign: every fault judged by the rules alone, by the signatures, and by three rivals. ``make faults`` runs it.

Writes ``docs/faults.md``: per kind caught over tried, and every survivor of the rules alone.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path

from bench.faults import KINDS, faults
from bench.judging import caught, voided
from bench.survivors import explained
from tieout.record import Record, load

ROOT = Path(__file__).resolve().parent.parent
OURS, SIGNED = "our rules alone", "with the signatures"


def campaign(record: Record, most: int, rival_most: int) -> tuple[dict[str, Counter], dict[str, Counter], list[tuple[str, str]]]:
    """Caught and tried, by judge and kind, and the survivors of the rules alone. Rivals judge the first ``rival_most`` of a kind."""
    from bench.rivals import RIVALS

    got, tried, survivors = defaultdict(Counter), defaultdict(Counter), []
    for fault in faults(record, most=most):
        rules, signature = bool(caught(fault)), voided(fault)
        if not rules:
            survivors.append((fault.kind, fault.told))
        judged = {OURS: rules, SIGNED: rules or signature}
        if tried[OURS][fault.kind] < rival_most:
            judged |= {name: catches(fault.record) for name, catches in RIVALS.items()}
        for judge, found in judged.items():
            tried[judge][fault.kind] += 1
            got[judge][fault.kind] += found
    return got, tried, survivors


def told(got: dict[str, Counter], tried: dict[str, Counter], survivors: list[tuple[str, str]], sources: str) -> str:
    """The campaign as a page of Markdown."""
    judges = list(tried)
    lines = ["# Faults put into the record, and who caught them", "", "Written by `make faults`; do not edit.", "", sources, "",
             "| fault | " + " | ".join(judges) + " |", "|---|" + "---:|" * len(judges)]  # fmt: skip
    for kind in KINDS:
        lines.append(f"| {kind} | " + " | ".join(f"{got[judge][kind]} / {tried[judge][kind]}" for judge in judges) + " |")
    totals = [(sum(got[judge].values()), sum(tried[judge].values())) for judge in judges]
    lines.append("| **all** | " + " | ".join(f"**{caught_} / {of} ({100 * caught_ / max(1, of):.1f} %)**" for caught_, of in totals) + " |")
    lines += ["", f"## Survivors of the rules alone: {len(survivors)}", ""]
    lines += [f"- {kind}: {one} — {explained(kind, one)}" for kind, one in survivors]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the campaign; the exit status is 1 where the signatures miss a fault, or a survivor has no explanation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=400, help="faults of a kind for our own checks")
    parser.add_argument("--rivals", type=int, default=25, help="faults of a kind for the rivals")
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--write", type=Path, default=ROOT / "docs" / "faults.md")
    options = parser.parse_args()
    record = load("bel", options.root)
    got, tried, survivors = campaign(record, options.most, options.rivals)
    of = f"{len(record.rows('metrics'))} rows of {len(record.documents)} documents"
    page = told(
        got,
        tried,
        survivors,
        f"The record of Belgium: {of}. At most {options.most} faults of a kind by a fixed seed, {options.rivals} for the rivals.",
    )
    options.write.write_text(page, encoding="utf-8")
    print(page)
    missed = sum(tried[SIGNED].values()) - sum(got[SIGNED].values())
    return int(missed > 0 or any(not explained(kind, one) for kind, one in survivors))


if __name__ == "__main__":
    sys.exit(main())
