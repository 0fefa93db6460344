"""Tables and pictures that the notebooks show: plain for a reader, the same bytes every time."""

from __future__ import annotations

import hashlib
import re
from html import escape
from pathlib import Path

import pandas as pd
from IPython.display import HTML, Markdown
from markupsafe import Markup

from tieout.accounting import KEYED, OPEN, PERIOD, SET_ASIDE, account
from tieout.comparing import HOLD, Cells, period_name
from tieout.derived import Quotient
from tieout.facts import Evidence, Fact
from tieout.linking import Mark, linked, mark
from tieout.record import Record
from tieout.report import Report
from tieout.wording import quantity, sentence, shown, signed, subject

HOME = "../"  # from the notebooks to the edition's own folder
FATES = {KEYED: "keyed", PERIOD: "year of a keyed number", SET_ASIDE: "set aside", OPEN: "open"}


def table(rows: list[dict], caption: str) -> HTML:
    """Rows as an HTML table with a caption and scoped headings, everything escaped that is no markup already.

    Each cell carries its column's name, which stands before it where a row is shown as a block.
    """
    if not rows:
        return HTML(f"<p><em>{escape(caption)}: none.</em></p>")
    head = Markup().join(Markup('<th scope="col">{}</th>').format(column) for column in rows[0])
    body = Markup().join(Markup("<tr>{}</tr>").format(_cells(row)) for row in rows)
    whole = '<table class="labelled"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    return HTML(str(Markup(whole).format(caption, head, body)))


def _cells(row: dict) -> Markup:
    return Markup().join(Markup('<td data-label="{}">{}</td>').format(column, cell) for column, cell in row.items())


def _marks(*cells: Cells) -> list[Mark]:
    return [place for one in cells if (place := mark(one, HOME))]


def _dated(cells: Cells) -> Markup:
    """A number that leads to its words, with its period."""
    return Markup("{} ({})").format(linked(shown(cells), _marks(cells)), period_name(cells))


def checks(report: Report) -> HTML:
    """Every check with its result and how many failures it names."""
    rows = [
        {"check": result.id, "what it promises": result.title, "result": result.status, "failures": len(result.failures)}
        for result in report.results
    ]
    return table(rows, "Checks")


def failures(report: Report) -> HTML:
    """Everything that is wrong, and where."""
    rows = [{"check": f.check, "row": ", ".join(f.ids), "where": f.where, "what is wrong": f.message} for f in report.failures]
    rows += [
        {"check": result.id, "row": "", "where": "", "what is wrong": f"the rule itself is broken: {result.fault}"}
        for result in report.broken
    ]
    return table(rows, "Failures")


def tie_out(record: Record) -> HTML:
    """For each document, how many of its numbers were keyed, date a keyed number, were set aside, or are open."""
    rows = []
    for document, row in record.documents.items():
        fates = pd.Series([mark.fate for mark in account(record, document)], dtype=str).value_counts() if document in record.texts else {}
        rows.append(
            {"document": row["title"], "published": row["published"], **{told: int(fates.get(fate, 0)) for fate, told in FATES.items()}}
        )
    return table(rows, "What became of every number in every document")


def comparisons(evidence: Evidence, held: bool) -> HTML:
    """The pairs that may be compared, with their change; or those on hold, with the reason."""
    rows = []
    for pair in evidence.pairs:
        if (pair.verdict == HOLD) != held:
            continue
        told = {"what": subject(evidence.record, pair.start), "from": _dated(pair.start), "to": _dated(pair.end)}
        if not held:
            unit = pair.start["unit"]
            told["change"] = "not known" if pair.change is None else signed(pair.change, unit)
            told["in percent"] = "" if pair.percent is None else signed(pair.percent, "percent", 1)
            told["verdict"] = pair.verdict
        said = " ".join(sentence(reason.text) for reason in pair.reasons)
        told["why" if held else "what must be said with it"] = linked(said, _marks(pair.start, pair.end))
        rows.append(told)
    return table(rows, "May not be compared, and why" if held else "May be compared")


def shares(quotients: list[Quotient]) -> HTML:
    """Every derived measure with numerator and denominator."""
    rows = [
        {
            "measure": quotient.measure["label"],
            "period": period_name(quotient.numerator),
            "numerator": linked(shown(quotient.numerator), _marks(quotient.numerator)),
            "denominator": linked(shown(quotient.denominator), _marks(quotient.denominator)),
            "result": "on hold" if quotient.value is None else quantity(quotient.value, quotient.measure["unit"]),
            "what must be said with it": linked(
                " ".join(sentence(reason.text) for reason in quotient.reasons), _marks(quotient.numerator, quotient.denominator)
            ),
        }
        for quotient in quotients
    ]
    return table(rows, "Shares and averages")


def sentences(facts: list[Fact], start: str) -> Markdown:
    """The facts whose id starts so, as a list; what would be markup in a fact stays text."""
    return Markdown("\n".join(f"- {_plain(fact.text)}" for fact in facts if fact.id.startswith(start)))


def _plain(text: str) -> str:
    """A text as Markdown that says just that: no emphasis, picture, link, formula or HTML comes of it."""
    return re.sub(r"([\\`*_\[\]<>&!~|$]|(?<=:)/|(?<=www)\.)", r"\\\1", text)


def digest_of(shown: dict, edition: Path) -> str:
    """The SHA-256 over every file of a figure, in the order in which ``figures.json`` names them: drawings, pictures and numbers."""
    return hashlib.sha256(b"".join((edition / "figures" / one["file"]).read_bytes() for one in shown["files"])).hexdigest()


def figure(shown: dict, edition: Path) -> HTML:
    """A drawn figure with its text alternative; the digest of all its files makes another picture another output."""
    name, digest = f"figures/{shown['id']}.svg", digest_of(shown, edition)
    notes = "".join(f"<p>{escape(note)}</p>" for note in shown["notes"])
    image = f'<img src="../{name}" alt="{escape(shown["alt"], quote=True)}" data-sha256="{digest}">'
    return HTML(f"<figure>{image}<figcaption><p><strong>{escape(shown['title'])}</strong></p>{notes}</figcaption></figure>")
