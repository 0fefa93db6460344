"""What the command ``agree`` tells: how far two readings of a document agree, and every difference, on a screen and as a table."""

from __future__ import annotations

from fractions import Fraction

from tieout.accounting import OPEN
from tieout.agreement import FATE, QUOTE, Agreement, Compared, agreement
from tieout.problems import Usage
from tieout.record import Record
from tieout.report import shorten
from tieout.second import kept
from tieout.tables import safe_text

KAPPA = (
    "kappa (Cohen's) is how much of the agreement that chance leaves open the two reached: 1 is all of it, 0 is what chance alone gives.\n"
    "It is undefined where both gave every number one and the same code."
)
COLUMNS = ("line", "printed", "column", "first", "second", "standing", "settled", "reason", "words")
WIDTH = 48


def of_two(record: Record, document: str) -> Agreement:
    """The agreement of two readings of ``document``; raises ``Usage`` where there is no second one, or a file cannot be read."""
    unreadable = [failure for failure in record.problems if failure.check in ("file-format", "seeds")]
    if unreadable:
        raise Usage(f"The readings cannot be compared: {unreadable[0].message}")
    if not kept(record, document):
        raise Usage(f"{document} has no second reading. Begin one: python pipeline.py review {document} --second")
    return agreement(record, document)


def report(record: Record, found: Agreement) -> str:
    """The agreement in figures, and below them every difference with the words on the page.

    While a reading is not finished only that: whoever is still reading must not see what the other read.
    """
    if found.open:
        return "\n".join([f"{found.document} is being read twice.", *unfinished(found)])
    lines = [f"  {label:<{WIDTH}}{value}" for label, value in figures(found)]
    return "\n".join([f"{found.document}, read twice", *lines, KAPPA, *_differences(record, found), *next_steps(found)])


def table(record: Record, found: Agreement) -> str:
    """Every difference as a CSV file: unsettled, settled, and where only the words quoted differ; raises ``Usage`` before both are read."""
    if found.open:
        raise Usage("\n".join(unfinished(found)))
    return safe_text(
        f"The list of {found.document}", COLUMNS, [_row(record, found.document, one) for one in found.compared if standing(one)]
    )


def standing(one: Compared) -> str:
    """``unsettled``, ``settled``, or ``words`` where only the words quoted differ; empty where the readings had the same."""
    if one.column == QUOTE:
        return "words" if one.differs else ""
    return "unsettled" if one.unsettled else "" if one.alike else "settled"


def words_of(record: Record, document: str, one: Compared) -> str:
    """The words on the page that a difference is about."""
    text, pair = record.texts[document], one.pair
    return text.sentence(pair.place, pair.end) if pair.numbered else text.text[pair.place : pair.end]


def next_steps(found: Agreement) -> list[str]:
    """What is to be done: finish a reading, settle the differences, or sign."""
    document = found.document
    if found.open:
        return unfinished(found)
    if found.unsettled:
        return [f"Settle them from the page: python pipeline.py review {document} --settle"]
    told = "No difference is unsettled. Both may sign:"
    return [told, *(f"    python pipeline.py sign {document} --role {role} --by NAME" for role in ("keyer", "verifier"))]


def unfinished(found: Agreement) -> list[str]:
    """For each reading that is not finished, how many numbers are open in it, and the command that goes on with it."""
    lines = []
    for name, option in (("first", ""), ("second", " --second")):
        if count := sum(getattr(one.pair, name).fate == OPEN for one in found.open):
            told = "1 number is" if count == 1 else f"{count} numbers are"
            lines.append(f"{told} open in the {name} reading. Finish it first: python pipeline.py review {found.document}{option}")
    return lines


def figures(found: Agreement) -> list[tuple[str, str]]:
    """How far two readings agree, as labels and what stands behind each."""
    lines = [
        ("numbers with the same fate", f"{found.fates}, kappa {decimal(found.kappas[FATE])}"),
        ("rows that both keyed, alike in every column", str(found.rows)),
        ("cells of these rows that are alike", str(found.cells)),
    ]
    for column, share in found.columns.items():
        lines.append((f"  {column}", f"{share}, kappa {decimal(found.kappas[column])}" if column in found.kappas else str(share)))
    return [
        *lines,
        ("set aside by both, for one reason", str(found.reasons)),
        ("keyed as not reported by both", str(found.gaps)),
        ("passages that both kept", str(found.passages)),
        ("  of these of one kind and label", str(found.passages_alike)),
        ("rows in which the words quoted differ", str(found.quotes)),
        ("differences settled", f"{found.settled:,}"),
        ("differences unsettled", f"{len(found.unsettled):,}"),
    ]


def decimal(value: Fraction | None) -> str:
    """A kappa to two decimals, or that there is none."""
    return "undefined" if value is None else f"{float(value):.2f}"


def _differences(record: Record, found: Agreement) -> list[str]:
    """Every difference: those to be settled first, those where only the words quoted differ last; of each kind in the order of the page."""
    lines, order = [], ("unsettled", "settled", "words", "")
    for one in sorted(found.compared, key=lambda one: order.index(standing(one))):
        if told := standing(one):
            row = _row(record, found.document, one)
            lines.append(f"line {row['line']} · ‘{shorten(row['printed'])}’ · {told} · {one.column}")
            if one.column == QUOTE:
                lines += [f"    first:  “{row['first']}”", f"    second: “{row['second']}”"]
                continue
            lines += [f"    first:  {row['first'] or 'empty'}", f"    second: {row['second'] or 'empty'}"]
            if told == "settled":
                lines.append(f"    settled: {row['settled'] or 'empty'}{' (' + row['reason'] + ')' if row['reason'] else ''}")
            lines.append(f"    words: “{shorten(row['words'])}”")
    return lines


def _row(record: Record, document: str, one: Compared) -> dict[str, str]:
    entry = one.entry.cells if one.entry is not None and not one.unsettled else {}
    return {
        "line": str(record.texts[document].line(one.pair.place)),
        "printed": one.pair.printed,
        "column": one.column,
        "first": entry.get("first", one.first),
        "second": entry.get("second", one.second),
        "standing": standing(one),
        "settled": entry.get("settled", ""),
        "reason": entry.get("reason", ""),
        "words": words_of(record, document, one),
    }
