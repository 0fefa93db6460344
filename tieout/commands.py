"""The commands of ``pipeline.py``, and the exit status of each outcome.

0 done · 1 the data fails a check · 2 wrong usage or parameters · 3 a notebook failed, died or ran out of time ·
4 the pipeline's own rule is broken · 130 interrupted. Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tieout.interrupts import orderly
from tieout.problems import DataFails, Problem, RuleBroken, Usage, outcome

if TYPE_CHECKING:
    from tieout import fleet

ROOT = Path(__file__).resolve().parent.parent
STATUS = (
    "exit status: 0 done · 1 the data fails a check · 2 wrong usage or parameters · 3 a notebook failed · "
    "4 the pipeline's own rule is broken"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status. A user's mistake gives a message, never a traceback."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        with orderly():
            options.command(options)
    except KeyboardInterrupt:
        _complain("Interrupted. What was being built is thrown away; the editions in place are whole. Run the command again.")
        return 130
    except Exception as error:
        status, message = outcome(error)
        _complain(message)
        return status
    return 0


def run(options: argparse.Namespace) -> None:
    """Build editions, several at once with --jobs; one edition's failure leaves the others to finish."""
    from tieout import fleet, in_turn
    from tieout.parameters import day, settings

    given, days = settings(options.parameter), [day(one).isoformat() for one in options.as_of]
    task, output = in_turn.Task(options.root, given, options.force, options.timeout), options.output or options.root / "outputs"
    if options.take is not None:
        in_turn.take(task, sys.stdin, options.take)
        return
    if options.all and options.countries:
        raise Usage("--all is every country: name none beside it.")
    countries = _countries(options)
    if options.require_signed:
        _refuse_unsigned(countries, options.root)
    named = fleet.editions(countries, days)

    def place_of(edition: fleet.Edition) -> Path:
        return fleet.place_of(edition, output, days)

    if options.dask:
        failures = _on_cluster(options, named, given, place_of)
    elif options.jobs > 1 and len(named) > 1:
        failures = fleet.build(named, place_of, lambda told: _taking(options, told), options.jobs, _progress, _complain)
    else:
        failures = in_turn.build(task, named, place_of, _progress, _complain)
    fleet.judge(failures, len(named))


def _taking(options: argparse.Namespace, told: int) -> list[str]:
    """The command of a process that builds the editions it is asked for, and tells of them on a descriptor."""
    parameters = [f"--parameter={pair}" for pair in options.parameter]
    flags = [*(["--force"] if options.force else []), f"--timeout={options.timeout}", *parameters]
    return [sys.executable, str(ROOT / "pipeline.py"), "run", f"--take={told}", f"--root={options.root}", *flags]


def _on_cluster(
    options: argparse.Namespace, named: list[fleet.Edition], given: dict[str, str], place_of: Callable[[fleet.Edition], Path]
) -> list[fleet.Failure]:
    """Build editions on the workers of a Dask scheduler; the failures."""
    if not options.share:
        raise Usage(
            "Say where inputs and editions travel: --share LOCATION, which every worker reaches (file:///shared, s3://bucket/folder)."
        )
    try:
        from tieout import cluster
    except ImportError as error:
        raise Usage(f"--dask needs the extra cluster, and {error.name} is not there: pip install '.[cluster]'.") from None
    task = cluster.Task(options.root, options.share, given, options.timeout, options.force)
    return cluster.build(named, task, options.dask, place_of, _progress, _complain)


def _refuse_unsigned(named: list[str], root: Path) -> None:
    """End with status 1 where a document lacks the signature of its keyer or of its verifier."""
    from tieout.record import load
    from tieout.signing import unsigned

    lacking = [f"{document} lacks {' and '.join(roles)}" for country in named for document, roles in unsigned(load(country, root)).items()]
    if lacking:
        told = "\n".join(f"    {one}" for one in lacking)
        advice = "Sign with: python pipeline.py sign DOCUMENT --role ROLE --by WHO"
        raise DataFails(f"Not every document is signed, and only a signed edition was asked for:\n{told}\n{advice}")


def check(options: argparse.Namespace) -> None:
    """Every check, every failure at once."""
    from tieout.checks import check as examine
    from tieout.parameters import day
    from tieout.running import broken_screen, failure_screen

    as_of = day(options.as_of) if options.as_of else None
    reports = [examine(country, options.root, as_of) for country in _countries(options)]
    for report in reports:
        if report.ok:
            _say(f"{report.country}: all {len(report.results)} checks pass")
        elif report.failures:
            _complain(failure_screen(report, len(report.failures) if options.all else 40))
    broken = [broken_screen(report) for report in reports if report.broken]
    if broken:
        raise RuleBroken("\n".join(broken))
    if not all(report.ok for report in reports):
        raise DataFails()


def add(options: argparse.Namespace) -> None:
    """Take a report in and draft its rows."""
    from tieout.asking import ASKED, settled
    from tieout.extracting import extract
    from tieout.guesses import guessed
    from tieout.registering import Arrival, cell_fault_of, refuse_known, register

    found = extract(options.file, options.pages)
    refuse_known(options.root, Arrival(options.file, found, {}, options.version_of))
    for line in found.told:
        _say(line)
    given = {name: getattr(options, name) for name in ASKED}
    cells = settled(
        options.file, given, lambda known: guessed(found.known, found.text, options.root, known), cell_fault_of, options.yes, _say
    )
    path, rows = register(options.root, Arrival(options.file, found, cells, options.version_of))
    document = cells["document"]
    _say(f"{document} is registered; {rows} draft rows are in {path}, each of them a guess.\nNext: python pipeline.py review {document}")
    _say_where_unnamed(cells["country"], options.root)


def _say_where_unnamed(country: str, root: Path) -> None:
    """Say where the name of a country goes that ISO 3166-1 has no code for."""
    from tieout.record import load

    if load(country, root).place == country.upper():
        _say(f"{country} is no code of ISO 3166-1, so pages call the country {country.upper()}. Put its name into data/countries.csv: "
             f"a first line 'country,name', then '{country},NAME'.")  # fmt: skip


def metric(options: argparse.Namespace) -> None:
    """Enter a new metric into the codebook."""
    from tieout.asking import on_terminal
    from tieout.codebook import FIELDS, Book, add_metric, parse_apart
    from tieout.defining import Defined, asked

    apart = parse_apart(options.not_with)
    cells = {name: getattr(options, name) for name in FIELDS}
    given = Defined(cells, options.wording, apart if apart or options.comparable_with_all else None, options.new_group)
    if apart and options.comparable_with_all:
        raise Usage("--comparable-with-all says that there is no --not-with. Give one of them. Nothing was changed.")
    if on_terminal():
        given = asked(Book.of(options.root), given, _say)
    paths = add_metric(options.root, given.cells, given.wordings, given.apart, given.new_group)
    _say(f"{options.metric} is in the codebook: {', '.join(paths)}. Drafts use it from now on: python pipeline.py suggest DOCUMENT.")


def suggest(options: argparse.Namespace) -> None:
    """Draft what is not keyed yet."""
    from tieout.drafting import suggest as draft

    path, rows = draft(options.root, options.document)
    _say(f"{rows} numbers of {options.document} are neither keyed nor set aside; drafts are in {path}.")


def review(options: argparse.Namespace) -> None:
    """Open the page to read a document and decide on each of its numbers, or to settle what two readings differ in."""
    from tieout.reviewing.reading import FIRST, SECOND
    from tieout.reviewing.server import serve
    from tieout.reviewing.session import Session
    from tieout.reviewing.settlement import Settlement

    if options.settle:
        session = Settlement.of(options.root, options.document)
    else:
        session = Session.of(options.root, options.document, SECOND if options.second else FIRST)
    serve(session, options.port, not options.no_browser, _say)


def sign(options: argparse.Namespace) -> None:
    """Sign a document's rows as they are."""
    from tieout.drafting import record_of
    from tieout.parameters import day
    from tieout.signing import sign as put

    put(
        record_of(options.root, options.document),
        options.document,
        options.role,
        options.by,
        day(options.on) if options.on else datetime.now().astimezone().date(),
    )
    from tieout.packaging import tidy as rewrite

    rewrite(options.root)
    _say(f"{options.document} is signed as {options.role} by {options.by}.")


def agree(options: argparse.Namespace) -> None:
    """How far two readings of a document agree, and every difference."""
    from tieout.agree import of_two, report, table
    from tieout.drafting import record_of
    from tieout.signing import differences

    record = record_of(options.root, options.document)
    found = of_two(record, options.document)
    if options.csv:
        options.csv.write_text(table(record, found), encoding="utf-8", newline="")
    _say(report(record, found))
    if found.unsettled:
        raise DataFails("" if found.open else f"{differences(len(found.unsettled))} unsettled.")


def diff(options: argparse.Namespace) -> None:
    """What changed between two editions."""
    from tieout.differences import compared, text
    from tieout.published import Published

    old, new = Published.read(options.old), Published.read(options.new)
    found = compared(old, new)
    if options.page:
        from tieout.pages.difference import write

        write(options.page, old, new, found)
    _say(text(found))
    if options.files:
        from tieout import regeneration

        others = regeneration.moved(options.old, options.new)
        _say(regeneration.text(others))
        if others:
            raise Problem("", status=1)


def factcheck(options: argparse.Namespace) -> None:
    """Take back what people entered in a fact-check sheet."""
    from tieout.checks import check_record
    from tieout.factcheck import items
    from tieout.facts import Evidence
    from tieout.packaging import tidy as rewrite
    from tieout.record import load
    from tieout.running import judge_report
    from tieout.sheets import take_back
    from tieout.since import Since
    from tieout.steps import told

    (country,) = _one_country(options)
    record = load(country, options.root)
    report = check_record(record)
    judge_report(report)
    evidence = Evidence.of(record)
    lines = take_back(options.sheet, record, items(record, told(evidence, report, Since.of(evidence))))
    rewrite(options.root)
    _say("\n".join(f"{country}: {line}" for line in lines))


def bundle(options: argparse.Namespace) -> None:
    """Put each edition into an archive with all that it was made from."""
    from tieout.bundle import bundle as put

    named, problems = _countries(options), []
    for country in named:
        try:
            _say(f"{country}: {put(country, options.root, options.output or options.root / 'dist')}")
        except DataFails as problem:
            problems.append(problem)
            _complain(str(problem))
    if problems:
        raise DataFails(f"{len(problems)} of {len(named)} editions were not bundled; see above." if len(named) > 1 else "")


def verify(options: argparse.Namespace) -> None:
    """Check every digest in a bundle, and with --rebuild every byte of its edition."""
    from tieout.verifying import failures, read, rebuild

    members, faults = read(options.bundle)
    _refuse(options.bundle, failures(members, faults), "Fetch it again from where it was published.")
    _say(f"{options.bundle}: all {len(members)} files are what its lists of digests say.")
    if options.rebuild:
        _say(f"{options.bundle}: building its edition again, with its own code (a minute or two) …")
        _refuse(options.bundle, rebuild(members), "What it holds is not what its edition was built from.")
        _say(f"{options.bundle}: built again from it, every byte of the edition is the same.")


def _refuse(path: Path, found: list[str], advice: str) -> None:
    """End with status 1 where something is wrong with a bundle."""
    if found:
        told = "\n".join(f"    {line}" for line in found)
        raise DataFails(f"{path} is not what it says it is ({len(found)} found):\n{told}\n{advice}")


def tidy(options: argparse.Namespace) -> None:
    """Sort the keyed files and write the data package."""
    from tieout.packaging import tidy as rewrite

    changed = rewrite(options.root)
    _say("\n".join(changed) or "Every keyed file is in its canonical form.")


def _countries(options: argparse.Namespace) -> list[str]:
    from tieout.countries import countries

    known = countries(options.root)
    if not known:
        raise Usage(f"There is no keyed data under {options.root / 'data'}. Name the repository with --root.")
    unknown = [country for country in options.countries if country not in known]
    if unknown:
        raise Usage(
            f"There is no country {', '.join(map(repr, unknown))} under {options.root / 'data'}. Countries there: {', '.join(known)}."
        )
    return list(dict.fromkeys(options.countries)) or known


def _one_country(options: argparse.Namespace) -> list[str]:
    """The country named, or the only one that there is."""
    found = _countries(options)
    if len(found) != 1:
        raise Usage(f"Say of which country the sheet is: python pipeline.py factcheck {options.sheet} COUNTRY, of {', '.join(found)}.")
    return found


def _say(text: str) -> None:
    _tell(text, sys.stdout)


def _complain(text: str) -> None:
    if text:
        _tell(text, sys.stderr)


def _progress(text: str) -> None:
    """A line about a run. Where it cannot be written the run goes on."""
    with suppress(OSError):
        _say(text)


def _tell(text: str, stream: TextIO | None) -> None:
    """Print; a reader who has gone away (``| head``) ends nothing and changes no exit status."""
    try:
        print(text, file=stream, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pipeline.py", description="From keyed numbers to an edition that an editor can sign.", epilog=STATUS
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, function, summary: str, countries: bool = False) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}.", epilog=STATUS)
        made.set_defaults(command=function)
        made.add_argument("--root", type=Path, default=ROOT, metavar="DIR", help="the repository (default: this one)")
        if countries:
            made.add_argument("countries", nargs="*", metavar="COUNTRY", help="country codes such as bel (default: all)")
        return made

    _run_options(command("run", run, "validate, compare, draw, build the pages and publish the edition", True))
    made = command("check", check, "check the keyed data alone and tell every failure at once", True)
    made.add_argument("--as-of", metavar="DATE", help="use only documents published by that day")
    made.add_argument("--all", action="store_true", help="list every failure, not the first 40")
    _add_options(command("add", add, "take a new report in, register it and draft its rows"))
    _metric_options(command("metric", metric, "enter a new metric into the codebook, with what it must not be compared with"))
    command("suggest", suggest, "draft rows for the numbers of a document that are not keyed or set aside").add_argument(
        "document", metavar="DOCUMENT"
    )
    made = command("review", review, "read a document in the browser, and key or set aside each of its numbers")
    made.add_argument("document", metavar="DOCUMENT")
    made.add_argument("--port", type=_port, default=0, metavar="N", help="port on the loopback (default: any that is free)")
    made.add_argument("--no-browser", action="store_true", help="print the address only")
    which = made.add_mutually_exclusive_group()
    which.add_argument("--second", action="store_true", help="key it a second time, without sight of the first reading")
    which.add_argument("--settle", action="store_true", help="settle from the page what the two readings differ in")
    made = command("sign", sign, "sign a document's rows as they are now")
    made.add_argument("document", metavar="DOCUMENT")
    made.add_argument("--role", required=True, choices=("keyer", "verifier", "editor"), help="what the person did")
    made.add_argument("--by", required=True, metavar="WHO", help="who signs")
    made.add_argument("--on", metavar="DATE", help="day of the signature (default: today)")
    made = command("agree", agree, "tell how far two readings of a document agree, and every difference; status 1 where one is unsettled")
    made.add_argument("document", metavar="DOCUMENT")
    made.add_argument("--csv", type=Path, metavar="FILE", help="write the differences as a table")
    made = command("diff", diff, "tell what changed between two editions, and why: rows, trends, facts, figures")
    made.add_argument("old", type=Path, metavar="OLD", help="folder of the earlier edition")
    made.add_argument("new", type=Path, metavar="NEW", help="folder of the later edition")
    made.add_argument("--page", type=Path, metavar="FILE", help="write the same as one page of HTML, figures side by side")
    made.add_argument("--files", action="store_true", help="name every file whose bytes differ, and why; status 1 if there is one")
    made = command("factcheck", factcheck, "take back what people entered in an edition's fact-check sheet")
    made.add_argument("sheet", type=Path, metavar="SHEET", help="the filled-in factcheck.csv, also as a spreadsheet saved it")
    made.add_argument("countries", nargs="*", metavar="COUNTRY", help="its country, where there are several")
    made = command("bundle", bundle, "put the edition in place into one archive, with all that it was made from", True)
    made.add_argument("--output", type=Path, metavar="DIR", help="where archives go (default: dist/)")
    made = command("verify", verify, "check every digest in a bundle; --rebuild RUNS THE CODE IN THE BUNDLE and compares every byte")
    made.add_argument("bundle", type=Path, metavar="BUNDLE", help="the archive, or the folder that it was unpacked into")
    made.add_argument(
        "--rebuild", action="store_true", help="build its edition again; this runs the code in the bundle: only for one you trust"
    )
    command("tidy", tidy, "sort the keyed files canonically and write data/datapackage.json anew")
    return parser


def _run_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("--all", action="store_true", help="every country, as where none is named")
    made.add_argument(
        "--as-of", action="append", default=[], metavar="DATE",
        help="use only documents published by that day; given several times, an edition of each day, in DIR/DATE/COUNTRY",
    )  # fmt: skip
    made.add_argument("--output", type=Path, metavar="DIR", help="where editions go (default: outputs/)")
    made.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="editions built at once")
    made.add_argument("--take", type=int, metavar="DESCRIPTOR", help=argparse.SUPPRESS)  # what --jobs starts: see tieout/in_turn.py
    made.add_argument("--dask", default="", metavar="ADDRESS", help="build on the workers of this Dask scheduler (tcp://HOST:8786)")
    made.add_argument("--share", default="", metavar="LOCATION", help="with --dask: where inputs and editions travel (file:, s3:, …)")
    made.add_argument("--require-signed", action="store_true", help="refuse to build where a document lacks a keyer or a verifier")
    made.add_argument("--timeout", type=_seconds, default=600, metavar="SECONDS", help="the most that a cell may take (default: 600)")
    made.add_argument("--force", action="store_true", help="do every step, even where nothing changed")
    made.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="set a parameter of the notebooks")


def _add_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("file", type=Path, metavar="FILE", help="the report: UTF-8 text (.txt), an HTML page (.html) or a PDF (.pdf)")
    made.add_argument("--pages", default="", metavar="PAGES", help="pages of a PDF, counted from 1 in the file: 100-103,107 (default: all)")
    made.add_argument("--yes", action="store_true", help="take every guess but that at the rights")
    made.add_argument("--version-of", default="", metavar="ID", help="take it in although it is nearly this registered document")
    made.add_argument("--country", metavar="C", help="ISO 3166-1 alpha-3 code in small letters")
    made.add_argument("--document", metavar="ID", help="id for the document, such as tip-2026")
    made.add_argument("--title", help="title as printed, or a description in square brackets")
    made.add_argument("--publisher", help="who published it")
    made.add_argument("--series", help="series that it is an issue of")
    made.add_argument("--published", metavar="DATE", help="publication date, as precise as known: 2026, 2026-06, 2026-06-30")
    made.add_argument("--published-basis", choices=("stated", "inferred"), help="whether the document prints that date (default: stated)")
    made.add_argument("--source-url", metavar="URL", help="where the publisher has it")
    made.add_argument("--rights", help="who holds the rights and what allows the use")
    made.add_argument("--note", help="how date and text are known")


def _metric_options(made: argparse.ArgumentParser) -> None:
    made.add_argument("metric", metavar="CODE", help="its name in data files: small letters, digits and underscores")
    made.add_argument("--label", default="", help="its name for readers")
    made.add_argument("--definition", default="", help="what is counted or measured, and what is not")
    made.add_argument("--unit", default="", help="the one unit of its values, from data/units.csv")
    made.add_argument("--kind", default="", help="what sort of quantity it is: count, amount, duration, share, year, rank or age")
    made.add_argument("--group", default="", help="the part of an edition that it belongs to")
    made.add_argument("--new-group", action="store_true", help="the group is a new one")
    made.add_argument("--decimals", default="", metavar="N", help="decimal places shown (default: 0)")
    made.add_argument("--note", default="", help="what must be said with it")
    made.add_argument(
        "--wording", action="append", default=[], metavar="WORDS", help="words that name it in a source, # for the number; may stand often"
    )
    made.add_argument(
        "--not-with",
        action="append",
        default=[],
        metavar="OTHER=REASON",
        help="a metric that it must not be compared with; may stand often",
    )
    made.add_argument("--comparable-with-all", action="store_true", help="there is no metric that it must not be compared with")


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of jobs: 1 or more")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds: 1 or more")
    return int(text)
