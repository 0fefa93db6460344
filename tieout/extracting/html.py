"""The text of an HTML page: all that it says, without the navigation around it.

Left out is only what its own markup calls navigation (elements, roles, ids and classes), and all of it is told. Where the markup does not
say, it stays in: a line too many is set aside, a line too few is never missed. Headings, lists, notes, captions and tables stand in the
order of the page, a paragraph a line; the cells of a row are parted by tabs. Nothing is added, no mark and no bullet. A raised number
becomes ``¹``, else a note's mark would make 1995 of 199 and 5.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator

from tieout.extracting.pdf import RAISED
from tieout.extracting.problems import Unreadable

# head is not among them: the parser leaves there what stands before any body, and what is unknown to it
_UNSEEN = frozenset("title script style template noscript iframe object embed svg math canvas audio video select datalist textarea".split())
_AROUND = frozenset("nav form button dialog menu input label".split())
_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog menu menubar toolbar".split())
_CALLED = re.compile(
    r"nav|navbar|menu|breadcrumbs?|cookies?|consent|share|sharing|social|sidebar|skip|related|similar|tags|topics|footer|header|masthead|"
    r"banner|toolbar|tools|pagination|pager|newsletter|subscribe|advert|toc|print"
)
# the header of an article is its own
_SAID_TWICE = frozenset("entry article content doc document post page report table card section".split())
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark output q rp rt ruby s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_DEEPEST = 500
_LONGEST_TOLD = 70
_MOST_AROUND = 0.3  # of a page's letters


def read(raw: bytes, pages: str) -> tuple[str, dict[str, str], list[str]]:
    """The text of a page, what it says of itself, and what a person should know about the text.

    Raises ``Unreadable`` where there is no text to be had.
    """
    from lxml import etree, html

    if pages:
        raise Unreadable("is an HTML page; --pages is for PDFs.")
    markup, told = decoded(raw)
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup), parser=html.HTMLParser(huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        raise Unreadable("holds no text.") from None
    if _deep(tree) > _DEEPEST:
        raise Unreadable(f"nests its elements more than {_DEEPEST} deep, as no report does. Save it anew from a browser.")
    reading = _Reading()
    lines = reading.lines(tree)
    if not lines:
        raise Unreadable("holds no text. It may fetch its text by a script: open it in a browser, and save it from there.")
    return "\n".join(lines) + "\n", _known(tree), [*told, *_left_out(reading.left_out)]


def decoded(raw: bytes) -> tuple[str, list[str]]:
    """The page's markup, and what a person should know about its encoding.

    By its byte-order mark, else as it declares, else UTF-8, else windows-1252, as browsers do. Raises ``Unreadable`` where the bytes are
    not what is declared.
    """
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], name, "by its byte-order mark"), []
    match = re.search(rb"""(?:charset\s*=\s*["']?|<\?xml[^>]*encoding\s*=\s*["'])\s*([\w.:-]+)""", raw[:4096], re.IGNORECASE)
    declared = match[1].decode("ascii", "replace").lower() if match else ""
    if declared:
        return _strictly(raw, _as_browsers(declared), f"declared as {declared}"), []
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        text = _strictly(raw, "cp1252", "not declared, and is no UTF-8")
        around = _SPACES.sub(" ", text[max(0, error.start - 20) : error.start + 20])
        return text, [f"It declares no encoding and is no UTF-8; read as windows-1252, as browsers do. See that this is right: “{around}”."]


def _as_browsers(declared: str) -> str:
    """The encoding that browsers read a declared one as: Latin-1 and ASCII are windows-1252."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise Unreadable(f"declares the encoding {declared!r}, which nobody knows. Save it anew from a browser, as UTF-8.") from None
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def _strictly(raw: bytes, name: str, why: str) -> str:
    """The bytes in an encoding, none of them passed over."""
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        where = f"({name}, {why}): byte {error.start} is none of it"
        raise Unreadable(f"is not in its encoding {where}. Save it anew from a browser, as UTF-8.") from None
    except (LookupError, TypeError):
        raise Unreadable(f"has an encoding that is no text ({name}, {why}). Save it anew from a browser, as UTF-8.") from None


def _deep(tree) -> int:
    """The depth of the deepest element."""
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


class _Reading:
    """Reads an element into lines, and gathers what it leaves out."""

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self._lines: list[str] = []
        self._line: list[str] = []
        self._size = 0

    def lines(self, element) -> list[str]:
        """The lines of an element's text."""
        self._size = len("".join(_seen(element)))
        self._element(element, False)
        self._end()
        return self._lines

    def _element(self, element, article: bool) -> None:
        name = element.tag if isinstance(element.tag, str) else ""
        if not name or name in _UNSEEN or _hidden(element):
            return
        if around(element, article) and not self._too_much(element):
            told = _SPACES.sub(" ", " ".join(_seen(element))).strip()
            self._end()
            self.left_out += [told] if told else []
            return
        if name in ("sup",) and (raised := _raised(element)):
            self._line.append(raised)
            return
        self._open(name)
        self._line.append(_SPACES.sub(" ", element.text or "") if name != "pre" else element.text or "")
        for child in element:
            self._element(child, article or name in ("main", "article"))
            self._line.append(_SPACES.sub(" ", child.tail or ""))
        self._close(name)

    def _too_much(self, element) -> bool:
        """Whether an element holds so much of the page that only its name can be mistaken; a real navigation element never is."""
        named = element.tag in _AROUND or (element.get("role") or "").lower() in _ROLES
        return not named and len("".join(_seen(element))) > _MOST_AROUND * self._size

    def _open(self, name: str) -> None:
        if name == "br" or name not in _INLINE | {"td", "th"}:
            self._end()

    def _close(self, name: str) -> None:
        if name in ("td", "th"):
            self._line.append("\t")
        elif name not in _INLINE and name != "br":
            self._end()

    def _end(self) -> None:
        """End the line: spaces at its ends go, and runs of them, as in a browser; other spaces stay as they are."""
        text = re.sub(r" *\t *", "\t", re.sub(" {2,}", " ", "".join(self._line))).strip(" \t\n\r\f")
        self._lines += [line for line in text.splitlines() if line.strip()]
        self._line = []


def around(element, article: bool) -> bool:
    """Whether the markup itself calls an element navigation; ``article`` is whether it stands within an article or the main part."""
    name, role = element.tag, (element.get("role") or "").lower()
    if name in ("html", "body", "main", "article", "td", "th", "table", "tbody", "tr") or role in ("main", "article"):
        return False
    if name in _AROUND or role in _ROLES or (name in ("header", "footer") and not article):
        return True
    called = re.findall("[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", f"{element.get('id', '')} {element.get('class', '')}").lower())
    if _SAID_TWICE.intersection(called) and {"header", "footer", "page", "document"}.intersection(called):
        return False
    return any(_CALLED.fullmatch(word) for word in called) and not any(True for _ in element.iter("h1", "main", "article"))


def _hidden(element) -> bool:
    return element.get("hidden") is not None or bool(re.search(r"display\s*:\s*none", element.get("style") or ""))


def _raised(element) -> str:
    """A raised number as raised digits; empty where the element holds anything else."""
    text = "".join(element.itertext()).strip()
    return text.translate(RAISED) if re.fullmatch("[0-9]{1,4}", text) else ""


def _seen(element) -> Iterator[str]:
    """The texts of an element that a reader sees."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    yield element.text or ""
    for child in element:
        yield from _seen(child)
        yield child.tail or ""


def _left_out(texts: Iterable[str]) -> list[str]:
    """What was left out, for a person to look at."""
    found = []
    for text in texts:
        short = text if len(text) <= _LONGEST_TOLD else f"{text[:_LONGEST_TOLD].rstrip()} … ({len(text.split())} words)"
        found.append(f"Left out as navigation: {short}")
    return found


def _known(tree) -> dict[str, str]:
    """What the page says of itself: its metadata, by the names that the guesses know."""
    meta = {(one.get("property") or one.get("name") or "").lower(): one.get("content") or "" for one in tree.iter("meta")}
    linked = _linked(tree)
    canonical = next((one.get("href", "") for one in tree.iter("link") if (one.get("rel") or "").lower() == "canonical"), "")
    heads = [" ".join(one.text_content().split()) for one in tree.iter("h1")]
    found = {
        "title": next(filter(None, heads), ""),
        "og:title": meta.get("og:title", ""),
        "<title>": " ".join((tree.findtext(".//title") or "").split()),
        "publisher": meta.get("dc.publisher") or linked.get("publisher") or meta.get("og:site_name", ""),
        "author": meta.get("author", ""),
        "published": linked.get("published") or next((meta[name] for name in _DATES if meta.get(name)), ""),
        "url": canonical or meta.get("og:url", ""),
        "language": tree.get("lang", ""),
    }
    return {name: " ".join(str(value).split()) for name, value in found.items() if str(value).strip()}


_DATES = ("article:published_time", "dc.date", "dcterms.issued", "dcterms.date", "citation_publication_date", "date", "pubdate")


def _linked(tree) -> dict[str, str]:
    """Publisher and date from the page's JSON-LD, where it has any that can be read."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for one in data if isinstance(data, list) else [data]:
            if isinstance(one, dict) and one.get("datePublished"):
                publisher = one.get("publisher")
                name = publisher.get("name", "") if isinstance(publisher, dict) else ""
                return {"published": str(one["datePublished"]), "publisher": str(name)}
    return {}
