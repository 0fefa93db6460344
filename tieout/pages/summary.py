"""What an edition says about itself, as facts: its documents, its tie-out, its checks, its signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from tieout.accounting import KEYED, OPEN, PERIOD, SET_ASIDE, account
from tieout.agreement import agreement
from tieout.comparing import CAVEAT, HOLD, RUN
from tieout.facts import Evidence, Fact
from tieout.record import Record
from tieout.report import FAIL, PASS, Report
from tieout.second import kept
from tieout.signing import TRUSTED, signed
from tieout.wording import listed, number


def edition_facts(record: Record, report: Report) -> list[Fact]:
    """Every sentence with a number that an edition prints about itself; ids begin with ``edition-``."""
    found = [_documents(record), _years(record), _tied_out(record), _gaps(record), _passages(record), _comparisons(record)]
    found += [_checks(report), _signatures(record), *(_document(record, document) for document in record.documents)]
    found += [_agreement(record, document) for document in record.documents]
    return [fact for fact in found if fact]


def counted(count: int, one: str, many: str = "") -> str:
    """``1 document``, ``5 documents``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def _documents(record: Record) -> Fact:
    years = sorted(row["published"][:4] for row in record.documents.values())
    told = counted(len(years), "document")
    if years:
        told += f", published in {years[0]}" if years[0] == years[-1] else f", published from {years[0]} to {years[-1]}"
    return Fact("edition-documents", f"{told}.", Decimal(len(years)), "documents")


def _years(record: Record) -> Fact | None:
    """The years that figures are about; years of ratification are left out, for they are figures themselves."""
    rows = [row for row in record.rows("metrics") if row["start"] and not row.missing and row["unit"] != "calendar_year"]
    years = {year for row in rows for year in range(int(row["start"][:4]), int(row["end"][:4]) + 1)}
    if not years:
        return None
    first, last = min(years), max(years)
    if len(years) == last - first + 1:
        told = f"Figures with a period are about {first}." if first == last else f"Figures with a period are about {first} to {last}."
    else:
        told = f"Figures with a period are about {number(len(years))} of the {number(last - first + 1)} years from {first} to {last}."
    return Fact("edition-years", told, Decimal(len(years)), "years")


def _tied_out(record: Record) -> Fact:
    fates = Counter(mark.fate for document in record.texts for mark in account(record, document))
    return _account("edition-tied-out", "The document prints" if len(record.texts) == 1 else "The documents print", fates)


def _document(record: Record, document: str) -> Fact | None:
    if document not in record.texts:
        return None
    return _account(f"edition-tied-out-{document}", f"{document} prints", Counter(mark.fate for mark in account(record, document)))


def _agreement(record: Record, document: str) -> Fact | None:
    """How far two readings agreed before anything was settled; None where there was one. On hold until all is settled."""
    if document not in record.texts or not kept(record, document):
        return None
    found, name = agreement(record, document), f"edition-agreement-{document}"
    if found.open:
        told = f"{counted(len(found.open), 'number')} {'is' if len(found.open) == 1 else 'are'} open in one of the readings"
        return Fact(name, f"{document} is being keyed twice: {told}.", Decimal(len(found.open)), "numbers", verdict=HOLD)
    rows, cells = found.rows, found.cells
    told = f"{document} was keyed twice, the second time without sight of the first reading. "
    told += f"Of {counted(rows.whole, 'row')} that both keyed, {number(rows.part)} {_were(rows.part)} alike in every column; "
    told += f"of their {counted(cells.whole, 'cell')}, {number(cells.part)}. "
    told += f"{counted(found.settled, 'difference')} {_were(found.settled)} settled from the page"
    left = f", {number(len(found.unsettled))} not yet" if found.unsettled else ""
    return Fact(name, f"{told}{left}.", Decimal(rows.part), "rows", verdict=HOLD if left else RUN)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _account(name: str, prints: str, fates: Counter) -> Fact:
    """Numbers printed, and what became of them; on hold while one is open."""
    total, parts = sum(fates.values()), [fates[KEYED], fates[PERIOD], fates[SET_ASIDE]]
    told = [f"{number(parts[0])} keyed", f"{counted(parts[1], 'year')} of keyed numbers", f"{number(parts[2])} set aside with a reason"]
    if fates[OPEN]:
        told.append(f"{number(fates[OPEN])} not accounted for")
        parts.append(fates[OPEN])
    formula = f"{' + '.join(number(part) for part in parts)} = {number(total)}"
    text = f"{prints} {counted(total, 'number')}: {listed(told)}."
    return Fact(name, text, Decimal(total), "numbers", formula, (), HOLD if fates[OPEN] else RUN)


def _gaps(record: Record) -> Fact:
    ids = tuple(row.id for row in record.rows("metrics") if row.missing)
    told = f"{counted(len(ids), 'time')} a source says that there is no number, or that it reports none."
    told = told if ids else "No source says that there is no number, or that it reports none."
    return Fact("edition-gaps", told, Decimal(len(ids)), "gaps", "", ids)


def _passages(record: Record) -> Fact:
    kinds = Counter(row["kind"] for row in record.rows("statements"))
    told = [counted(kinds[kind], kind) for kind in ("recommendation", "assessment", "commitment", "caveat") if kinds[kind]]
    total = sum(kinds.values())
    text = f"{counted(total, 'passage')} kept as words{': ' if told else ''}{listed(told)}."
    return Fact("edition-passages", text, Decimal(total), "passages")


def _comparisons(record: Record) -> Fact:
    verdicts = Counter(pair.verdict for pair in Evidence.of(record).pairs)
    told = {RUN: "may run", CAVEAT: "may run with a caveat", HOLD: "may not be made"}
    total, parts = verdicts.total(), listed([f"{number(verdicts[verdict])} {words}" for verdict, words in told.items()])
    formula = f"{' + '.join(number(verdicts[verdict]) for verdict in told)} = {number(total)}"
    text = f"{counted(total, 'comparison')}: {parts}." if total else "No two numbers here are of one series, so there is no comparison."
    return Fact("edition-comparisons", text, Decimal(total), "comparisons", formula)


def _checks(report: Report) -> Fact:
    by_status = Counter(result.status for result in report.results)
    total = by_status.total()
    told = f"{number(by_status[PASS])} of {counted(total, 'check')} passed"
    if by_status[FAIL]:
        told += f"; {number(by_status[FAIL])} failed"
    if total > by_status[PASS] + by_status[FAIL]:
        told += f"; {number(total - by_status[PASS] - by_status[FAIL])} could not run"
    return Fact("edition-checks", f"{told}.", Decimal(by_status[PASS]), "checks", "", (), RUN if report.ok else HOLD)


def _signatures(record: Record) -> Fact:
    roles = signed(record)
    whole = _fully_signed(roles.values())
    are = "is" if len(roles) == 1 else "are"
    editors = sum("editor" in found for found in roles.values())
    told = f"{number(whole)} of {counted(len(roles), 'document')} {are} signed by a keyer and by a verifier, "
    told += f"{number(editors) if editors else 'none'} by an editor."
    return Fact("edition-signatures", told, Decimal(whole), "documents")


def _fully_signed(roles: Iterable[list[str]]) -> int:
    return sum(set(found) >= set(TRUSTED) for found in roles)
