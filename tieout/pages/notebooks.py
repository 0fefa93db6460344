"""Executed notebooks as pages: a reader sees prose, tables and figures, an auditor the code and parameters of each as well."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from itertools import count
from pathlib import Path

import tieout.unneeded  # noqa: F401

# isort: split
from jupyter_core.paths import ENV_JUPYTER_PATH, SYSTEM_JUPYTER_PATH, jupyter_data_dir
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"
TAGS = (
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img "
    "ins kbd li mark ol p pre q s section small span strong sub summary sup table tbody td tfoot th thead time tr ul"
).split()
ATTRIBUTES = {
    "*": ["class", "id", "lang", "title"],
    "a": ["href"],
    "img": ["alt", "height", "src", "width"],
    "ol": ["start"],
    "td": ["colspan", "data-label", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}


class _Exporter(TemplateExporter):
    """Takes nbconvert's templates from where nbconvert is installed first: a user's own of the same names change no page."""

    def get_prefix_root_dirs(self) -> list[str]:
        return [*ENV_JUPYTER_PATH, *SYSTEM_JUPYTER_PATH, jupyter_data_dir()]


def title_of(notebook: NotebookNode, otherwise: str) -> str:
    """The heading that the notebook opens with."""
    first = notebook.cells[0].source if notebook.cells and notebook.cells[0].cell_type == "markdown" else ""
    match = re.match(r"#\s+(.+)", first)
    return match[1].strip() if match else otherwise


def rendered(notebook: NotebookNode, pictures: dict[str, Markup], code: bool = False) -> Markup:
    """The notebook's cells as HTML for a page of the edition, its opening heading left to the page; with ``code`` if asked for.

    ``pictures`` are the figures' own markup by id, which stands wherever the notebook shows a figure of the edition.
    """
    notebook = deepcopy(notebook)
    number = re.match(r"\d*", title_of(notebook, ""))[0]
    if title_of(notebook, ""):
        notebook.cells[0].source = notebook.cells[0].source.partition("\n")[2]
    html, _ = _exporter(code).from_notebook_node(notebook)
    return Markup(_with_pictures(_numbered(_within_page(html), number), pictures))


@cache
def _exporter(code: bool) -> _Exporter:
    """One for all notebooks: what its templates compile to is most of the work."""
    return _Exporter(
        template_name="notebook",
        extra_template_basedirs=[str(TEMPLATES)],
        file_extension=".html",
        exclude_input=not code,
        filters={"prose": prose, "harmless": harmless, "described": described},
    )


def prose(markdown: str) -> str:
    """Markdown as HTML; HTML inside it stays text."""
    return MarkdownWithMath(renderer=IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)).render(
        markdown
    )


def harmless(html: str) -> str:
    """An HTML output without styles and scripts; a picture without a description is given an empty one."""
    html = re.sub(r"<style\b.*?</style>", "", html, flags=re.DOTALL | re.IGNORECASE)
    clean = SanitizeHTML(tags=TAGS, attributes=ATTRIBUTES, strip=False).sanitize_html_tags(html)
    return re.sub(r"<img\b(?![^>]*\balt=)", '<img alt=""', clean)


def described(output: NotebookNode, kind: str) -> str:
    """The description of an image output, from its metadata: of its kind, or of the whole output."""
    return output.metadata.get(kind, {}).get("alt") or output.metadata.get("alt", "")


def _within_page(html: str) -> str:
    """Headings one level down, links as from the edition's folder, tables in boxes that scroll."""
    html = re.sub(r"<(/?)h([1-5])\b", lambda match: f"<{match[1]}h{max(2, int(match[2]))}", html)
    html = re.sub(r'\b(src|href)="\.\./', r'\1="', html)
    return re.sub(r"<table\b.*?</table>", lambda match: f'<div class="scroll" tabindex="0">{match[0]}</div>', html, flags=re.DOTALL)


def _numbered(html: str, number: str) -> str:
    """The page's headings numbered within the notebook's own number, each with an anchor."""
    places = count(1)

    def heading(match: re.Match) -> str:
        name = f"{number}.{next(places)}" if number else str(next(places))
        return f'<h2 id="part-{name}"><span class="number">{name}</span> '

    return re.sub(r"<h2\b[^>]*>", heading, html)


def _with_pictures(html: str, pictures: dict[str, Markup]) -> str:
    """The figures of the edition in the place of the notebook's pictures of them, with what the notebook says under each."""
    image = r'<img\b[^>]*\bsrc="figures/([\w-]+)\.svg"[^>]*>'

    def picture(match: re.Match) -> str:
        return str(pictures.get(match[1], match[0]))

    def plate(match: re.Match) -> str:
        shown = re.search(image, match[0])
        return picture(shown) if shown and shown[1] in pictures else match[0]

    return re.sub(image, picture, re.sub(r"<figure>.*?</figure>", plate, html, flags=re.DOTALL))
