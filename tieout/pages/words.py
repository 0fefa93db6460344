"""The codes of the keyed files in words for readers, and the names of days."""

from __future__ import annotations

from datetime import date

from tieout.comparing import CAVEAT, HOLD, RUN

REASONS = {
    "address": "part of a web address or a telephone number",
    "band": "words that define a keyed number",
    "coverage": "the whole that a keyed part is of",
    "date": "dates something that is no keyed number",
    "elsewhere": "not about trafficking in this country",
    "footnote": "a note's mark, or a stretch of notes",
    "heading": "the number of a chapter, figure, indicator or list item",
    "individual": "one person's story",
    "legal_reference": "number or year of an article, act, protocol or convention",
    "method": "about how the report was made",
    "page": "a page number",
    "repeated": "points back to a fact that is keyed",
    "title": "part of a name",
    "vague": "no value can be given",
    "wording": "a turn of phrase",
}
PERIOD_BASES = {"stated": "stated in the sentence", "inferred": "inferred", "standing": "a rule, of no period", "not_stated": "not stated"}
TREATMENTS = {
    HOLD: "The numbers may not be compared",
    CAVEAT: "Said with every one of the numbers",
    "use": "Slips and oddities that change no figure",
}
VERDICTS = {RUN: "May run", CAVEAT: "May run with its caveat", HOLD: "Hold"}


def day_name(day: str) -> str:
    """A date of any ISO precision for readers: ``14 June 2004``, ``June 2023``, ``2025``."""
    parts = [int(part) for part in day.split("-")]
    if len(parts) == 1:
        return day
    month = date(parts[0], parts[1], 1)
    return f"{month:%B %Y}" if len(parts) == 2 else f"{parts[2]} {month:%B %Y}"


def plain(code: str) -> str:
    """``law_enforcement`` as ``Law enforcement``."""
    return code.replace("_", " ").capitalize()
