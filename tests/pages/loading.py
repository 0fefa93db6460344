"""What a browser would load by itself from a page, a style sheet or an SVG, read from the file and not from a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import html5lib

LOADS = {"src", "poster", "data", "background", "manifest", "action", "formaction", "ping", "archive", "codebase", "classid", "dynsrc",
         "lowsrc", "profile", "usemap", "icon", "longdesc"}  # fmt: skip
LISTS = {"srcset", "imagesrcset"}
LEAD_ON = {"a", "area"}  # whose href is followed when a reader asks for it
DATA_BLOCKS = {"application/ld+json", "application/json"}
FILES = (".html", ".css", ".svg", ".ipynb")


def loaded(path: Path) -> list[str]:
    """Every address that ``path`` would have loaded, and every script in it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        return list(in_style(text))
    if path.suffix == ".svg":
        # An XML parser passes over what stands before the root.
        before = [match[0] for match in re.finditer(r"<\?xml-stylesheet.*?\?>|<!DOCTYPE[^>[]*\[|<!ENTITY.*?>", text, re.DOTALL)]
        return [*before, *in_elements(ElementTree.fromstring(text))]
    if path.suffix == ".ipynb":
        outputs = [output for cell in json.loads(text)["cells"] for output in cell.get("outputs", [])]
        return [one for output in outputs for one in in_page("".join(output.get("data", {}).get("text/html", "")))]
    return in_page(text)


def in_page(text: str) -> list[str]:
    """The same of a page or a part of one."""
    return list(in_elements(html5lib.parse(text, namespaceHTMLElements=False)))


def in_elements(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        tag, given = _local(element.tag), {_local(str(name)): value for name, value in element.attrib.items()}
        if tag == "script" and given.get("type") not in DATA_BLOCKS:
            yield "<script>"
        if tag == "style":
            yield from in_style("".join(element.itertext()))
        for name, value in given.items():
            yield from _in_attribute(tag, name, value, given)


def _in_attribute(tag: str, name: str, value: str, given: dict[str, str]) -> Iterator[str]:
    if name in LOADS or (name == "href" and tag not in LEAD_ON):
        yield value
    elif name in LISTS:
        yield from (one.split()[0] for one in re.split(r",\s+", value.strip()) if one.split())
    elif name == "srcdoc":
        yield from in_page(value)
    elif name.startswith("on"):
        yield f"{name}={value}"
    elif _refreshes(tag, name, given) or _animates(tag, name, given):
        yield value
    else:
        yield from in_style(value)


def _refreshes(tag: str, name: str, given: dict[str, str]) -> bool:
    return tag == "meta" and name == "content" and given.get("http-equiv", "").lower() == "refresh"


def _animates(tag: str, name: str, given: dict[str, str]) -> bool:
    return tag in {"animate", "set"} and given.get("attributeName", "").endswith("href") and name in {"from", "to", "by", "values"}


def in_style(text: str) -> Iterator[str]:
    """Every address in a style sheet, a style, or a value such as ``url(#hatch)``."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for match in re.finditer(r"\b(?:url|src)\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^)\"']*))\s*\)", text, re.IGNORECASE):
        yield next(one for one in match.groups() if one is not None).strip()
    for match in re.finditer(r"@import\s+[\"']([^\"']+)|image-set\(\s*[\"']([^\"']+)", text, re.IGNORECASE):
        yield match[1] or match[2]


def outside(edition: Path, path: Path) -> list[str]:
    """Of what ``path`` would load, all that is not a file of the edition, a part of the page itself or data in it."""
    return [address for address in loaded(path) if not _inside(edition, path, address)]


def _inside(edition: Path, path: Path, address: str) -> bool:
    if address.startswith(("data:", "#")):
        return True
    if re.match(r"[a-z][a-z0-9+.-]*:|//|\\\\|<", address, re.IGNORECASE):
        return False
    target = (path.parent / unquote(re.split(r"[?#]", address)[0])).resolve()
    return target.is_relative_to(edition.resolve()) and target.is_file()


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2] if "}" in name or ":" in name else name
