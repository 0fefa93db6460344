"""Every check on a country's record, and the report that gathers them.

First the form: files that can be read and sources that are what was registered. Only a record whose form is right is
judged further, so that one bad file gives one clear message. A check that raises is reported as broken.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from tieout import signing
from tieout.accounting import KEYED, OPEN, SET_ASIDE, account, printed_in_quote, set_aside_in_context
from tieout.comparing import SERIES, same_fact
from tieout.derived import parse_operand
from tieout.identities import breakdowns, judge
from tieout.numbers import CARDINALS
from tieout.record import Record, Row, load, published_by
from tieout.report import BROKEN, FAIL, PASS, CheckResult, Failure, Report
from tieout.schema import COUNTRY, DATE, SHARED, Field, path_of, schema_of

GAPS = re.compile(
    r"(?:did|does|do|has|have|had) not (?:yet )?(?:report(?:ed)?|provided?|released?|collect(?:ed)?)\b|not yet (?:available|been released|released)|unknown number|"
    r"research did not find|lack of specific data|no (?:data|statistics|figures)\b",
    re.IGNORECASE,
)

LIMIT = re.compile(rf"(?<!\w)((?:{'|'.join(CARDINALS)}|\d+) of (?:the )?(?:{'|'.join(CARDINALS)}|\d+))(?!\w)(?!.*(?:compared|;))", re.IGNORECASE)

Check = Callable[[Record], Iterable[Failure]]
FORM: dict[str, tuple[str, Check]] = {}
MEANING: dict[str, tuple[str, Check]] = {}


def check(country: str, root: Path | str = ".", as_of: date | None = None) -> Report:
    """Every check on the record of ``country`` under ``root``.

    Raises ``problems.Usage`` where there is no such country. Wrong data never raises: it is in the report.
    """
    return check_record(load(country, Path(root), as_of))


def check_record(record: Record) -> Report:
    """Every check on a record that is loaded already."""
    form = _run(FORM, record)
    if any(result.status != PASS for result in form):
        return Report(record.country, tuple(form))
    from tieout.expectations import validate  # seconds to import: not before the form is right

    results = [*form, *_guarded("expectations", "Great Expectations runs", lambda: validate(record)), *_run(MEANING, record)]
    return Report(record.country, tuple(results))


def _run(checks: dict[str, tuple[str, Check]], record: Record) -> list[CheckResult]:
    return [result for name, (title, run) in checks.items() for result in _guarded(name, title, lambda: _judged(name, title, run(record)))]


def _judged(name: str, title: str, found: Iterable[Failure]) -> list[CheckResult]:
    failures = tuple(found)
    return [CheckResult(name, title, status=FAIL if failures else PASS, failures=failures)]


def _guarded(name: str, title: str, run: Callable[[], list[CheckResult]]) -> list[CheckResult]:
    """A rule that raises is broken; it never looks like wrong data, nor lets wrong data pass."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001 (whatever a rule raises, the report must say so)
        return [CheckResult(name, title, status=BROKEN, fault=f"{type(error).__name__}: {error}")]


def _check(into: dict, name: str, title: str) -> Callable[[Check], Check]:
    def register(run: Check) -> Check:
        into[name] = (title, run)
        return run

    return register


# --- form -------------------------------------------------------------------------------------------------------------


@_check(FORM, "file-format", "Every file is CSV as people key it: UTF-8, LF, commas, the header of the data contract")
def file_format(record: Record) -> Iterable[Failure]:
    return [failure for failure in record.problems if failure.check == "file-format"]


@_check(FORM, "register", "Every document is registered once, and every file belongs to a registered document")
def register(record: Record) -> Iterable[Failure]:
    yield from (failure for failure in record.problems if failure.check == "register")
    for row in record.rows("documents"):
        expected = f"seeds/{record.country}/{row['document']}.txt"
        if row["seed"] != expected:
            yield _of(row, "register", "seed", f"The seed of {row['document']} must be {expected}, not {row['seed']!r}.")
        if row["country"] != record.country:
            yield _of(row, "register", "country", f"{row['document']} is registered for {row['country']!r} in the folder of {record.country!r}.")


@_check(FORM, "seeds", "Every source document is there and is, byte for byte, the one registered")
def seeds(record: Record) -> Iterable[Failure]:
    yield from (failure for failure in record.problems if failure.check == "seeds")
    for row in record.rows("documents"):
        digest = record.seeds.get(row["document"])
        if digest and digest != row["sha256"]:
            message = (
                f"seeds/{record.country}/{row['document']}.txt is not the document that was registered: its SHA-256 is {digest[:12]}…, "
                f"registered is {row['sha256'][:12]}…. Restore the seed from git; a new version of a document is a new document."
            )
            yield _of(row, "seeds", "sha256", message)


@_check(FORM, "schema", "Every cell has its column's type, form and code, and every key points to something")
def schema(record: Record) -> Iterable[Failure]:
    for name in (*SHARED, *COUNTRY, "statements", "set_aside", "signatures"):
        rows, contract = record.rows(name), schema_of(name)
        for row in rows:
            for column in contract.fields:
                message = _cell_fault(column, row[column.name])
                if message:
                    yield _of(row, "schema", column.name, message)
        yield from _keys(record, name, rows)


def _cell_fault(column: Field, cell: str) -> str:
    """What is wrong with a cell by its column's contract, or an empty string."""
    if not cell:
        return f"{column.name} is empty. {column.description}" if column.required else ""
    if column.enum and cell not in column.enum:
        return f"{column.name} is {cell!r}, which is not one of {', '.join(column.enum)}."
    if column.pattern and not re.fullmatch(column.pattern, cell):
        return f"{column.name} is {cell!r}, which does not have the form it must have. {column.description}"
    forms = {"integer": r"\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false", "date": DATE}
    if column.type in forms and not re.fullmatch(forms[column.type], cell):
        return f"{column.name} is {cell!r}, which is no {column.type}. {'Write the day as 2024-12-31.' if column.type == 'date' else ''}".rstrip()
    if column.type == "date" or column.name == "published":
        try:
            published_by(cell)
        except ValueError:
            return f"{column.name} is {cell!r}: there is no such day."
    return ""


def _keys(record: Record, name: str, rows: tuple[Row, ...]) -> Iterable[Failure]:
    """Primary keys stand once within their file, foreign keys point to a row."""
    contract = schema_of(name)
    seen = Counter((row.document if name == "set_aside" else row.where.split(":")[0], *(row[column] for column in contract.key)) for row in rows)
    for row in rows:
        key = (row.document if name == "set_aside" else row.where.split(":")[0], *(row[column] for column in contract.key))
        if seen[key] > 1:
            yield _of(row, "schema", contract.key[0], f"{' and '.join(contract.key)} {', '.join(key[1:])!r} stand {seen[key]} times. Keep one row.")
        for column, (target, field) in contract.foreign.items():
            if row[column] and row[column] not in {other[field] for other in record.rows(target)}:
                yield _of(row, "schema", column, f"{column} {row[column]!r} is not in {path_of(target, record.country)}.")


# --- meaning ----------------------------------------------------------------------------------------------------------


@_check(MEANING, "ids", "Every id carries its document, and no running number is missing")
def ids(record: Record) -> Iterable[Failure]:
    """A hole is a row that somebody deleted: a row withdrawn on purpose is listed in withdrawn.csv."""
    for name, form in (("metrics", "{}-{:03d}"), ("statements", "{}-s{:02d}")):
        for document in record.documents:
            rows = [row for row in record.rows(name) if row.document == document]
            for row in rows:
                if not re.fullmatch(rf"{re.escape(document)}-s?\d+", row.id):
                    yield _of(row, "ids", "id", f"{row.id} stands in the file of {document}. Move it to its own document's file, or give it an id of this one.")
            yield from _holes(record, [row.id for row in rows], partial(form.format, document), path_of(name, record.country, document))
    for name, letter in (("identities", "i"), ("faults", "f")):
        numbered = [row.id.partition("-")[0] for row in record.complete.rows(name)]
        yield from _holes(record, numbered, (letter + "{:02d}").format, path_of(name, record.country))


def _holes(record: Record, present: list[str], named: Callable[[int], str], path: str) -> Iterable[Failure]:
    """The running numbers below the highest that neither stand in a file nor were withdrawn."""
    known = {*present, *(row["id"] for row in record.complete.rows("withdrawn"))}
    highest = max((int(re.sub(r".*?(\d+)$", r"\1", name)) for name in present), default=0)
    for missing in (named(number) for number in range(1, highest + 1)):
        if missing not in known:
            message = f"{missing} is missing. Restore the row from git; if it was withdrawn on purpose, say so in {path_of('withdrawn', record.country)}."
            yield Failure("ids", message, (missing,), "id", missing, path)


@_check(MEANING, "number-accounted", "Every number in every document is keyed, dates a keyed row, or is set aside with a reason")
def number_accounted(record: Record) -> Iterable[Failure]:
    for document, text in record.texts.items():
        for mark in account(record, document):
            if mark.fate == OPEN:
                number = mark.number
                where, words = text.where(number.start, record.country), text.sentence(number.start, number.end)
                message = f"{number.printed!r} on line {text.line(number.start)} of {document} is neither keyed nor set aside. Key it, or set it aside with a reason."
                yield Failure("number-accounted", message, (document,), "printed", number.printed, where, words)


@_check(MEANING, "number-claimed-once", "No printed number is keyed twice, or keyed and set aside")
def number_claimed_once(record: Record) -> Iterable[Failure]:
    for document, text in record.texts.items():
        for mark in account(record, document):
            if mark.fate in (KEYED, SET_ASIDE) and len(mark.rows) > 1:
                message = f"{mark.number.printed!r} on line {text.line(mark.number.start)} of {document} is claimed by {len(mark.rows)} rows. Keep one."
                rows = tuple(row.id for row in mark.rows)
                yield Failure("number-claimed-once", message, rows, "printed", mark.number.printed, mark.rows[-1].where, text.sentence(mark.number.start, mark.number.end))


@_check(MEANING, "gap-accounted", "Wherever a document says that something is not reported, a row or a statement says so too")
def gap_accounted(record: Record) -> Iterable[Failure]:
    for document, text in record.texts.items():
        covered = list(_spans(record, document))
        for match in GAPS.finditer(text.text):
            if not any(start <= match.start() and match.end() <= end for start, end in covered):
                message = (
                    f"Line {text.line(match.start())} of {document} says {match.group()!r}, but no row with status O, no statement and no set-aside "
                    "row holds these words. Key what is not reported."
                )
                words = text.sentence(match.start(), match.end())
                yield Failure("gap-accounted", message, (document,), "status", match.group(), text.where(match.start(), record.country), words)


def _spans(record: Record, document: str) -> Iterable[tuple[int, int]]:
    """The stretches of a document that missing rows, statements and set-aside rows cover."""
    text = record.texts[document]
    gaps = [row["quote"] for row in record.rows("metrics") if row.document == document and row.missing]
    statements = [row["quote"] for row in record.rows("statements") if row.document == document]
    aside = [row["context"] for row in record.rows("set_aside") if row.document == document]
    for words in (*gaps, *statements, *aside):
        yield from ((place, place + len(words)) for place in text.find(words))


@_check(MEANING, "statement-in-source", "Every statement's quote stands exactly once in its document")
def statement_in_source(record: Record) -> Iterable[Failure]:
    for row in record.rows("statements"):
        places = len(record.texts[row.document].find(row["quote"]))
        if places != 1:
            yield _of(row, "statement-in-source", "quote", f"The quote of {row.id} stands {places} times in {row.document}; it must stand once.", row["quote"])


@_check(MEANING, "set-aside-in-source", "Every number set aside stands exactly once in its context, and the context once in its document")
def set_aside_in_source(record: Record) -> Iterable[Failure]:
    for row in record.rows("set_aside"):
        text = record.texts[row.document]
        places = text.find(row["context"])
        if len(places) != 1:
            yield _of(row, "set-aside-in-source", "context", f"The context stands {len(places)} times in {row.document}; it must stand once.", row["context"])
            continue
        found, stretch = set_aside_in_context(text, row, places[0]), row["printed"] == row["context"]
        gap = GAPS.fullmatch(row["printed"]) is not None
        if not gap and (not found or (len(found) > 1 and not stretch)):
            message = f"{row['printed']!r} stands {len(found)} times as a number in its context; it must stand once."
            yield _of(row, "set-aside-in-source", "printed", message, row["context"])


@_check(MEANING, "told-alike", "A fact told twice in a document is told alike, or the contradiction is in faults.csv")
def told_alike(record: Record) -> Iterable[Failure]:
    known = [set(row.tokens("ids")) for row in record.rows("faults")]
    tellings = defaultdict(list)
    for row in record.rows("metrics"):
        if not row.missing:
            tellings[(row.document, same_fact(row.cells))].append(row)
    for rows in tellings.values():
        contradict = {(row["value"], row["qualifier"]) for row in rows}
        named = tuple(row.id for row in rows)
        if len(contradict) > 1 and not any(set(named) <= ids for ids in known):
            told = "; ".join(f"{row.id} says {row['printed']}" for row in rows)
            message = f"The same fact is told in two ways: {told}. Correct what was keyed wrongly, or record the contradiction in faults.csv."
            yield Failure("told-alike", message, named, "value", rows[0]["value"], rows[0].where, rows[0]["quote"])


@_check(MEANING, "identities", "The sources' own arithmetic comes out as expected")
def identities(record: Record) -> Iterable[Failure]:
    for row in record.rows("identities"):
        unknown = [one for one in row.tokens("total") + row.tokens("parts") if one not in record.by_id]
        if unknown:
            yield _of(row, "identities", "parts", f"{row['identity']} names rows that do not exist: {', '.join(unknown)}.")
            continue
        holds, told = judge(row, record.by_id)
        if holds != (row["expected"] == "holds"):
            message = f"{row['identity']} should {'hold' if row['expected'] == 'holds' else 'fail'}, but {told}. {row['reason']}"
            yield Failure("identities", message, tuple(row.tokens("total") + row.tokens("parts")), "value", "", row.where)


@_check(MEANING, "faults", "Every fault in a source names rows that exist")
def faults(record: Record) -> Iterable[Failure]:
    for row in record.rows("faults"):
        unknown = [one for one in row.tokens("ids") if one not in record.by_id]
        if unknown:
            yield _of(row, "faults", "ids", f"{row['fault']} names rows that do not exist: {', '.join(unknown)}.")


@_check(MEANING, "breaks", "Every break stands in its document's own words and cuts between two days")
def breaks(record: Record) -> Iterable[Failure]:
    for row in record.rows("breaks"):
        text = record.texts.get(row["document"])
        if text is None or len(text.find(row["quote"])) != 1:
            yield _of(row, "breaks", "quote", f"The quote of the break of {row['metric']} does not stand once in {row['document']}.", row["quote"])
        if row["before"] >= row["after"]:
            yield _of(row, "breaks", "after", f"The break of {row['metric']} must end before it starts anew: {row['before']} is not before {row['after']}.")


@_check(MEANING, "break-told", "A figure that its source calls a break has the break in breaks.csv")
def break_told(record: Record) -> Iterable[Failure]:
    known = {(row["metric"], row["after"]) for row in record.rows("breaks")}
    for row in record.rows("metrics"):
        if row["status"] == "B" and (row["metric"], row["start"]) not in known:
            message = f"{row.id} has status B, but breaks.csv has no break of {row['metric']} after which {row['start']} begins."
            yield _of(row, "break-told", "status", message, row["quote"])


@_check(MEANING, "coverage-told", "Wherever a sentence limits what its number covers, the row and its neighbours say so alike")
def coverage_told(record: Record) -> Iterable[Failure]:
    """``Two of three shelters reported 1,056``: the limit is the number's; rows of one sentence, part and period share it."""
    shared = defaultdict(list)
    for row in record.rows("metrics"):
        if row.missing or row["metric"] not in record.metrics:
            continue
        text, numbers = record.texts[row.document], printed_in_quote(record.texts[row.document], row)
        if len(numbers) != 1:
            continue
        sentence = next(span for span in text.sentences if span[0] <= numbers[0].start < span[1])
        shared[(row.document, sentence, record.metrics[row["metric"]]["group"], row["start"])].append(row)
        limit = LIMIT.search(text.text[sentence[0] : numbers[0].start])
        if limit and limit.group(1).lower() not in row["coverage"].lower():
            message = f"The sentence limits the number to {limit.group(1)!r}, but the coverage is {row['coverage']!r}. Say in coverage what is in or out."
            yield _of(row, "coverage-told", "coverage", message, row["quote"])
    for rows in shared.values():
        if len({row["coverage"] for row in rows}) > 1:
            message = f"{', '.join(row.id for row in rows)} stand in one sentence and are of one period, but differ in coverage. Make it the same, or split the metric."
            yield Failure("coverage-told", message, tuple(row.id for row in rows), "coverage", rows[0]["coverage"], rows[0].where, rows[0]["quote"])


@_check(MEANING, "gap-told-once", "Nothing that is not reported is keyed twice from the same words")
def gap_told_once(record: Record) -> Iterable[Failure]:
    told = defaultdict(list)
    for row in record.rows("metrics"):
        if row.missing:
            told[(row["quote"], same_fact(row.cells))].append(row)
    for rows in told.values():
        if len(rows) > 1:
            message = f"{' and '.join(row.id for row in rows)} key the same gap from the same words. One of them means another metric, category or period."
            yield Failure("gap-told-once", message, tuple(row.id for row in rows), "metric", rows[0]["metric"], rows[0].where, rows[0]["quote"])


@_check(MEANING, "sums-known", "Every total whose parts stand in the same document has its sum in identities.csv")
def sums_known(record: Record) -> Iterable[Failure]:
    """Parts of one breakdown that add up to their total are an identity, whether or not somebody noticed."""
    known = {(row["total"], frozenset(row.tokens("parts"))) for row in record.rows("identities") if row["relation"] == "sum"}
    for total, sums in breakdowns(record.rows("metrics")):
        if not any((total.id, frozenset(row.id for row in parts)) in known for parts in sums):
            told = " or ".join(" + ".join(row.id for row in parts) for parts in sums)
            message = f"{told} add up to {total.id}. Add the sum to identities.csv, so that it is checked from now on."
            yield Failure("sums-known", message, (total.id, *(row.id for row in sums[0])), "value", total["value"], total.where, total["quote"])


@_check(MEANING, "coverage-breaks", "Where the coverage of a series changes within a document, breaks.csv has the break")
def coverage_breaks(record: Record) -> Iterable[Failure]:
    known = {(row["metric"], row["before"], row["after"]) for row in record.rows("breaks")}
    series = defaultdict(list)
    for row in record.rows("metrics"):
        if row["start"] and not row.missing:
            series[(row.document, *(row[column] for column in SERIES))].append(row)
    for rows in series.values():
        ordered = sorted(rows, key=lambda row: row["start"])
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            if earlier["coverage"] != later["coverage"] and (later["metric"], earlier["end"], later["start"]) not in known:
                message = f"{earlier.id} and {later.id} differ in coverage. Add the break between {earlier['end']} and {later['start']} to breaks.csv."
                yield Failure("coverage-breaks", message, (earlier.id, later.id), "coverage", later["coverage"], later.where, later["quote"])


@_check(MEANING, "derived", "Every derived measure divides metrics that exist")
def derived(record: Record) -> Iterable[Failure]:
    for row in record.rows("derived"):
        for column in ("numerator", "denominator"):
            metric, _ = parse_operand(row[column])
            if metric not in record.metrics:
                yield _of(row, "derived", column, f"{row['measure']} divides by or into {row[column]!r}, which is no metric of the codebook.")


@_check(MEANING, "signatures", "Every signature still fits what was signed, and two people signed as keyer and verifier")
def signatures(record: Record) -> Iterable[Failure]:
    return signing.failures(record)


def _of(row: Row, name: str, column: str, message: str, words: str = "") -> Failure:
    return Failure(name, message, (row.id,), column, row.cells.get(column, ""), row.where, words)


def all_titles() -> dict[str, str]:
    """Every check's id and title, in the order in which they run; for the documentation and its test."""
    from tieout.expectations import suite

    expected = {identifier: title for identifier, title, _ in suite()}
    return {name: title for name, title in chain(((n, t) for n, (t, _) in FORM.items()), expected.items(), ((n, t) for n, (t, _) in MEANING.items()))}


__all__ = ["all_titles", "check", "check_record", "printed_in_quote"]
