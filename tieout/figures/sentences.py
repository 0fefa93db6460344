"""How many of the prison sentences for trafficking were suspended: a part shown inside its whole."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import TYPE_CHECKING

from tieout import chance
from tieout.comparing import CAVEAT, HOLD, RUN, Cells
from tieout.derived import Quotient
from tieout.facts import Evidence, Fact, share_fact
from tieout.figures.notes import notes
from tieout.figures.one_series import reported_by
from tieout.figures.plan import COLUMNS, Plan, documents_of, link, row, source_line
from tieout.figures.series import present
from tieout.record import MISSING
from tieout.wording import quantity, sentence, shown, signed, when

if TYPE_CHECKING:
    from tieout.figures.canvas import Canvas

ID = "sentences"
MEASURE, WHOLE, PART, PRINTED = "share_suspended", "prison_sentences", "suspended_sentences", "suspended_share"


def plan(evidence: Evidence) -> Plan | None:
    """The plan of the figure; None where no year has both numbers."""
    shares = _current(one for one in evidence.quotients if one.measure["measure"] == MEASURE and one.value is not None)
    if not shares:
        return None
    beside = [cells for cells in evidence.observations if cells["metric"] == PRINTED and cells["status"] != MISSING]
    drawn = [cells["id"] for one in shares for cells in (one.denominator, one.numerator)]
    said = (
        *filter(None, [sentence(shares[-1].measure["note"])]),
        *_by_chance(evidence, shares),
        *_undated(beside),
        *notes(evidence, present(evidence, (WHOLE, PART)), [cells["id"] for cells in beside]),
    )
    ids = [*drawn, *(cells["id"] for cells in beside)]
    rows = [made for place, one in enumerate(shares) for made in _rows(evidence, one, shares[place - 1] if place else None)]
    title = _title(evidence, shares, ids, said)
    who = reported_by(evidence, drawn)
    subtitle = (
        f"Prison sentences of convicted traffickers, and how many of them were suspended, fully or partially; {who}. The share is computed."
    )
    told = "; ".join(
        f"{when(one.numerator)} {shown(one.numerator)} of {shown(one.denominator)}, {quantity(one.value, 'percent', 1)}" for one in shares
    )
    alt = f"Bars, a part inside a whole, one for each year. {title.text}. The numbers: {told}."
    return Plan(ID, "sentences", title, subtitle, rows, said, source_line(evidence.record, documents_of(evidence, ids)), alt)


def _current(shares: Iterable[Quotient]) -> list[Quotient]:
    """The dated shares, oldest first; of a period that several documents tell, that of the document published last."""
    ordered = sorted(shares, key=lambda one: [one.numerator[column] for column in ("start", "end", "published", "document")])
    return list({(one.numerator["start"], one.numerator["end"]): one for one in ordered if one.numerator["start"]}.values())


def _rows(evidence: Evidence, share: Quotient, before: Quotient | None) -> list[dict[str, str]]:
    """The whole, the part and the computed share of a year."""
    panel = row(share.numerator, "")["period"]
    both = before and _comparable(evidence, before, share)
    joins = (before.denominator["id"], before.numerator["id"]) if both else ("", "")
    apart = "held" if before and not both else ""
    computed = dict.fromkeys(COLUMNS, "") | {
        "panel": panel,
        "id": f"{share.numerator['id']}|{share.denominator['id']}",
        "metric": MEASURE,
        "period": panel,
        "start": share.numerator["start"],
        "end": share.numerator["end"],
        "value": f"{share.value}",
        "unit": "percent",
        "qualifier": "exact",
        "status": "computed",
        "document": share.numerator["document"],
        "shown": quantity(share.value, "percent", 1),
    }
    return [row(share.denominator, panel, joins[0], apart), row(share.numerator, panel, joins[1], apart), computed]


def _title(evidence: Evidence, shares: list[Quotient], ids: list[str], said: tuple[str, ...]) -> Fact:
    """The change of the share between the last two years, where both its numbers may be compared; else the last share."""
    last = shares[-1]
    stated = share_fact(evidence.record, last)
    verdict = CAVEAT if said else RUN
    counts = f"{shown(last.numerator)} of {shown(last.denominator)} prison sentences were suspended"
    told = f"{counts} {when(last.numerator)}, {quantity(last.value, 'percent', 1)}"
    if len(shares) == 1:
        return Fact(f"figure-{ID}", told, last.value, "percent", stated.formula, tuple(ids), verdict, said)
    before = shares[-2]
    if not _comparable(evidence, before, last):
        told += f"; {quantity(before.value, 'percent', 1)} {when(before.numerator)} may not be compared with that"
        return Fact(f"figure-{ID}", told, last.value, "percent", stated.formula, tuple(ids), HOLD, said)
    change = points(before, last)
    verb = "rose" if change > 0 else "fell"
    start, end = (f"{quantity(one.value, 'percent', 1)} {when(one.numerator)}" for one in (before, last))
    label = last.measure["label"]
    text = f"{label} {verb} from {start} to {end}" if change else f"{label} stayed at {end}, as {when(before.numerator)}"
    formula = (
        f"{share_fact(evidence.record, before).formula}; {stated.formula}; "
        f"before rounding {signed(change, 'percent', 1).rstrip('%')} percentage points"
    )
    return Fact(f"figure-{ID}", text, change, "percent", formula, tuple(ids), verdict, said)


def _comparable(evidence: Evidence, before: Quotient, last: Quotient) -> bool:
    """Whether two shares may be compared: both their numerators and their denominators may."""
    return evidence.joined(before.numerator, last.numerator) and evidence.joined(before.denominator, last.denominator)


def points(before: Quotient, last: Quotient) -> Decimal:
    """The change of a share in percentage points, from its counts and not from shares already rounded."""
    exact = [100 * Decimal(one.numerator["value"]) / Decimal(one.denominator["value"]) for one in (before, last)]
    return (exact[1] - exact[0]).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _by_chance(evidence: Evidence, shares: list[Quotient]) -> list[str]:
    """What chance alone would make of the change of the share between the last two years."""
    if len(shares) < 2 or not _comparable(evidence, *shares[-2:]):
        return []
    earlier, later = ((int(one.numerator["value"]), int(one.denominator["value"])) for one in shares[-2:])
    least, most = chance.difference(earlier, later)
    could = "could be chance alone" if least <= 0 <= most else "is more than chance alone would make of it"
    interval = f"{signed(Decimal(f'{least:.1f}'), '')} and {signed(Decimal(f'{most:.1f}'), '')} percentage points"
    counts = f"{shown(shares[-2].denominator)} and {shown(shares[-1].denominator)}"
    return [f"Shares of {counts}: their change lies between {interval} (95% interval of chance), so it {could}."]


def _undated(beside: list[Cells]) -> list[str]:
    """A share that a report prints is told, not drawn: it has no year, or no counts behind it."""
    return [
        f"{shown(cells)} of the sentences were suspended {when(cells)} ({cells['document']}); that share is not drawn." for cells in beside
    ]


def draw(plan: Plan, canvas: Canvas) -> None:
    """For each year the whole as an open bar, and the part inside it from zero."""
    from tieout.figures.cards import first_that_fits

    canvas.head(plan)
    years = [[one for one in plan.rows if one["panel"] == period] for period in dict.fromkeys(one["panel"] for one in plan.rows)]
    if canvas.card:
        first_that_fits(canvas, (partial(_years, years=years[-count:]) for count in range(len(years), 0, -1)))
    else:
        _years(canvas, years)
    canvas.foot(plan)


def _years(canvas: Canvas, years: list[list[dict[str, str]]]) -> None:
    """The years below each other on one scale."""
    from tieout.figures import style
    from tieout.figures.years import tallest

    column = 0 if canvas.narrow else 58
    scale = (canvas.right - canvas.left - column - (40 if canvas.narrow else 76)) / tallest(whole for whole, _, _ in years)
    inside = all(style.text_width(_words(*rows), canvas.size.value, "bold") + 16 <= float(rows[1]["value"]) * scale for rows in years)
    for rows in years:
        _year(canvas, canvas.left + column, scale, rows, inside)
    canvas.y -= 8


def _words(whole: dict[str, str], part: dict[str, str], share: dict[str, str]) -> str:
    return f"{part['shown']} suspended, {share['shown']}"


def _year(canvas: Canvas, x: float, scale: float, rows: list[dict[str, str]], inside: bool) -> None:
    """A year's whole and part; the part's words stand in its bar, or over it where they do not fit in every bar."""
    from tieout.figures import colours
    from tieout.figures.marks import Bar, draw_bar
    from tieout.figures.style import LEADING

    whole, part, share = rows
    size, thick, words = canvas.size, 48.0 if canvas.card else 40.0, _words(*rows)
    long, short = (float(one["value"]) * scale for one in (whole, part))
    over, top = [whole["period"]] * canvas.narrow + [words] * (not inside), canvas.y
    canvas.y += size.heading * LEADING + 3 if over else 0
    middle = canvas.y + (thick - size.value * LEADING) / 2
    if not canvas.narrow:
        canvas.text(canvas.left, canvas.y + (thick - size.heading * LEADING) / 2, whole["period"], size.heading, face="bold")
    with canvas.linked(link(whole, "prison sentences in all")):
        looks = {"fill": colours.PAPER, "edge": colours.WHOLE, "weight": 1.6}
        canvas.rectangle(x, canvas.y, x + long, canvas.y + thick, **looks, name=f"bar-{whole['id']}")
        canvas.text(x + long + 7, middle, whole["shown"] + ("" if canvas.narrow else " in all"), size.value, face="bold")
    with canvas.linked(link(part, f"suspended, {share['shown']}")):
        draw_bar(canvas, Bar(x, canvas.y, short, thick, upward=False), part, colours.COUNT)
        if over:
            canvas.text(x, top, ": ".join(over), size.heading, face="bold")
        if inside:
            canvas.text(x + 8, middle, words, size.value, face="bold", colour=colours.PAPER)
    canvas.y += thick + 14
