"""What a new document seems to be: guesses at its cells in the register, each with what it was guessed from.

A guess is never entered by itself: a person takes it, on the terminal or with ``--yes``. Rights are suggested and never taken with
``--yes``, for they are a judgement.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tieout.characters import shown
from tieout.countries import country_names
from tieout.record import countries, load

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
AMERICAN = "United States Department of State"
DOMAINS = {"state.gov": AMERICAN, "ecpat.org": "ECPAT International", "unodc.org": "United Nations Office on Drugs and Crime",
           "coe.int": "Council of Europe", "ilo.org": "International Labour Organization", "hrw.org": "Human Rights Watch",
           "amnesty.org": "Amnesty International"}  # fmt: skip
SERIES = {"Trafficking in Persons Report": AMERICAN}
PREFIXES = {"Trafficking in Persons Report": "tip"}
RIGHTS = {AMERICAN: "Text of the US government, in the public domain in the United States."}
_OPENING = 3000  # characters at the start of a text, where a title page says who published it
_MUCH = 50_000  # characters, enough to tell which country a text is about
_NO_TITLE = re.compile(r"\(anonymous\)|untitled.*|microsoft word.*|.*\.(?:docx?|pdf|indd|qxd)|slide 1", re.IGNORECASE)


@dataclass(frozen=True)
class Guess:
    """A value for a cell, and what it was guessed from."""

    value: str
    source: str


def guessed(known: Mapping[str, str], text: str, root: Path, given: Mapping[str, str]) -> dict[str, Guess]:
    """Guesses for cells of the register, by column; ``country`` and ``document`` among them. None where nothing tells.

    ``known`` is what the document says of itself, ``given`` the cells that a person gave: guesses build on those first.
    """
    register = [row.cells for country in countries(root) for row in load(country, root).documents.values()]
    found: dict[str, Guess] = {}

    def sure(column: str) -> str:
        return given.get(column) or (found[column].value if column in found else "")

    def enter(column: str, guess: Guess | None) -> None:
        if guess and guess.value and not given.get(column):
            found[column] = Guess(guess.value, shown(guess.source))

    enter("title", _title(known, text))
    enter("source_url", _address(known))
    enter("series", _series(sure("title"), text, register))
    enter("publisher", _publisher(known, sure("series"), sure("source_url"), text, register))
    enter("published", _published(known, sure("title"), text))
    if sure("published"):
        enter("published_basis", _basis(sure("published"), text))
    enter("country", _country(sure("title"), text))
    enter("document", _document(sure("series"), sure("publisher"), sure("published"), sure("country"), register))
    enter("rights", _rights(sure("publisher")))
    return found


def _title(known: Mapping[str, str], text: str) -> Guess | None:
    for name in ("title", "og:title", "<title>"):
        if known.get(name) and not _NO_TITLE.fullmatch(known[name]):
            return Guess(known[name], {"title": "the document's title", "<title>": "the page's <title>"}.get(name, f"the page's {name}"))
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return Guess(first, "the first line of the text") if 5 <= len(first) <= 200 and re.match(r"[\w\[“\"]", first) else None


def _address(known: Mapping[str, str]) -> Guess | None:
    url = known.get("url", "")
    return Guess(url, "the page's own address") if re.match(r"https?://[\w.-]+/", url) else None


def _series(title: str, text: str, register: Iterable[Mapping[str, str]]) -> Guess | None:
    names = dict.fromkeys([*SERIES, *(row["series"] for row in register)])
    for where, words in (("the title", title), ("the opening of the text", text[:_OPENING])):
        for name in names:
            if name.casefold() in words.casefold():
                return Guess(name, where)
    return None


def _publisher(known: Mapping[str, str], series: str, url: str, text: str, register: list[Mapping[str, str]]) -> Guess | None:
    host = urlsplit(url).hostname or ""
    for domain, name in DOMAINS.items():
        if host == domain or host.endswith(f".{domain}"):
            return Guess(name, f"the address {host}")
    for row in register:
        if series and row["series"] == series:
            return Guess(row["publisher"], f"the series, as in {row['document']}")
    if series in SERIES:
        return Guess(SERIES[series], "the series")
    for name in ("publisher", "author"):
        if known.get(name) and not _NO_TITLE.fullmatch(known[name]):
            return Guess(known[name], f"the document's {name}")
    names = dict.fromkeys([*DOMAINS.values(), *(row["publisher"] for row in register)])
    name = next((name for name in names if name in text[:_OPENING]), "")
    return Guess(name, "the opening of the text") if name else None


def _published(known: Mapping[str, str], title: str, text: str) -> Guess | None:
    if day := re.match(r"(\d{4})-(\d{2})-(\d{2})", known.get("published", "")):
        return Guess(day[0], "the page's metadata")
    day = re.search(rf"(?:publi\w+|date|dated)\W+(?:on\s+)?(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})", text[:_OPENING], re.IGNORECASE)
    if day:
        month = [name.lower() for name in MONTHS].index(day[2].lower()) + 1
        return Guess(f"{day[3]}-{month:02}-{int(day[1]):02}", f"“{' '.join(day[0].split())}”")
    years = re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", title)
    if len(set(years)) == 1:
        return Guess(years[0], "the title")
    if created := re.match(r"D:(\d{4})(\d{2})", known.get("created", "")):
        return Guess(f"{created[1]}-{created[2]}", "when the PDF was made")
    return None


def _basis(published: str, text: str) -> Guess:
    """Whether the text prints the date, as precise as it is given."""
    year, month, day = [*published.split("-"), "", ""][:3]
    forms = [published]
    if month.isdecimal() and 1 <= int(month) <= 12:
        name = MONTHS[int(month) - 1]
        forms += [f"{int(day)} {name} {year}", f"{name} {int(day)}, {year}"] if day.isdecimal() else [f"{name} {year}"]
    printed = next((form for form in forms if re.search(rf"(?<!\d){re.escape(form)}(?!\d)", text, re.IGNORECASE)), "")
    return Guess("stated", f"“{printed}” in the text") if printed else Guess("inferred", "the text not printing it")


def _country(title: str, text: str) -> Guess | None:
    """The one country that the title names, else the one that the text names far more often than any other."""
    names = {name: code for code, name in country_names().items()}
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})\b", re.IGNORECASE)
    folded = {name.casefold(): code for name, code in names.items()}
    titled = {folded[match.casefold()] for match in pattern.findall(title)} - ({"usa"} if "Department of State" in title else set())
    if len(titled) == 1:
        return Guess(titled.pop(), "the title")
    named = Counter(folded[match.casefold()] for match in pattern.findall(text[:_MUCH]))
    (first, most), (_, second) = [*named.most_common(2), ("", 0), ("", 0)][:2]
    return Guess(first, f"the text, which names it {most} times") if most >= 3 and most > 2 * second else None


def _document(series: str, publisher: str, published: str, country: str, register: list[Mapping[str, str]]) -> Guess | None:
    """An id as the register has them: a word for the series and the year, and the country where that is taken."""
    word = next((row["document"].split("-")[0] for row in register if series and row["series"] == series), PREFIXES.get(series, ""))
    word = word or re.sub("[^a-z0-9]", "", (publisher.split() or [""])[0].lower())[:24]
    if not re.match("[a-z]", word) or not re.match(r"\d{4}", published):
        return None
    taken = {row["document"] for row in register}
    for identifier in (f"{word}-{published[:4]}", f"{word}-{published[:4]}-{country}"):
        if identifier not in taken and re.fullmatch(r"[a-z0-9-]*[a-z0-9]", identifier):
            return Guess(identifier, "series or publisher, and year")
    return None


def _rights(publisher: str) -> Guess | None:
    return Guess(RIGHTS[publisher], "the publisher; read it, and what the page says") if publisher in RIGHTS else None
