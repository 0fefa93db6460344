"""The pages of an edition, written into its folder: the editor's page, a page for each source, the notebooks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tieout.accounting import OPEN, PERIOD
from tieout.comparing import CAVEAT, HOLD, RUN
from tieout.factcheck import checked, items, tally
from tieout.facts import Evidence, Fact
from tieout.pages import changes, editor, uses
from tieout.pages.annotations import collection
from tieout.pages.checking import Binder
from tieout.pages.findings import findings, runs, told
from tieout.pages.folder import NOTEBOOKS, OVERVIEW, Folder
from tieout.pages.marking import asides, marked, spans_of
from tieout.pages.notebooks import rendered, title_of
from tieout.pages.reading import Shelf
from tieout.pages.summary import edition_facts
from tieout.pages.words import REASONS, VERDICTS, day_name
from tieout.record import Record
from tieout.sheets import FILE as SHEET
from tieout.signing import draft
from tieout.since import Since
from tieout.wording import labelled

HERE = Path(__file__).parent
FONTS = ("TieoutSans-Regular.woff2", "TieoutSans-SemiBold.woff2")
MENU = {
    "index.html": "Editor's page",
    "changes.html": "What changed",
    "factcheck.html": "Fact check",
    "index.html#documents": "Sources",
    "validate.html": "Validation",
    "trends.html": "Trends",
    "figures.html": "Figures",
}
EXPLAINED = {
    RUN: "These hold as they stand.",
    CAVEAT: "Print these only with what stands under “Say with it”, in the same breath.",
    HOLD: "The numbers are in the sources, but the comparison a reader would make is not sound. Print no change.",
}


def build(record: Record, edition: Path) -> list[Path]:
    """Write the pages of the edition in ``edition``, which the steps before have filled; the paths written, sorted.

    Raises ``FileNotFoundError`` where one of those steps has not run.
    """
    site = _Site(record, edition)
    pages = {"index.html": site.front, changes.PAGE: site.changed}
    pages |= {f"evidence/{document}.html": site.evidence(document) for document in record.texts}
    pages |= {f"evidence/{document}.jsonld": site.annotations(document) for document in record.texts}
    pages |= {"factcheck.html": site.factcheck(), SHEET: site.binder.sheet()}
    pages |= {f"{page}{view}.html": site.notebook(page, audit=bool(view)) for page in NOTEBOOKS for view in ("", "-code")}
    for name, content in pages.items():
        (edition / name).parent.mkdir(exist_ok=True)
        (edition / name).write_text(content, encoding="utf-8", newline="")
    return sorted([*(edition / name for name in pages), *_assets(edition / "assets")])


def _assets(folder: Path) -> list[Path]:
    """The style sheet and the fonts."""
    folder.mkdir(exist_ok=True)
    sources = [HERE / "assets" / "style.css", *(HERE.parent / "fonts" / name for name in FONTS)]
    return [Path(shutil.copyfile(source, folder / source.name)) for source in sources]


class _Site:
    """Renders the pages of one edition."""

    def __init__(self, record: Record, edition: Path) -> None:
        self.record, self.edition, self.folder = record, edition, Folder.read(edition)
        self.shelf = Shelf(record)
        self.about = {fact.id: fact for fact in edition_facts(record, self.folder.report)}
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.filters |= {
            "labelled": partial(labelled, record),
            "operand": partial(editor.operand, record),
            "linked": self.shelf.linked,
        }
        self.environment.globals |= {
            "country": record.place,
            "draft": draft(record),
            "sound": self.folder.report.ok,
            "menu": MENU,
            "verdicts": VERDICTS,
            "reasons": REASONS,
        }

    @cached_property
    def front(self) -> str:
        """The editor's page."""
        facts, figures, record = self.folder.facts, self.folder.figures, self.record
        metrics = editor.codebook(record)
        overview, found = ([figure for figure in figures if (figure.group == OVERVIEW) is wanted] for wanted in (True, False))
        return self._render(
            "index.html",
            here="index.html",
            about=self.about,
            as_of=day_name(record.as_of.isoformat()) if record.as_of else "",
            explained=EXPLAINED,
            findings=findings(found, facts, self.shelf),
            overview=[finding for those in findings(overview, facts, self.shelf).values() for finding in those],
            runs=runs(figures, facts, self.shelf),
            tally=tally(checked(record, items(record, self.folder.facts))),
            missing=editor.missing(record, self.shelf),
            changed=changes.glance(facts),
            corrections=changes.corrections(record),
            others=editor.others(facts, figures, self.shelf),
            holds=editor.holds(facts, self.shelf),
            gaps=told(self._gaps(), self.shelf),
            faults=editor.faults(record),
            recommendations=editor.recommendations(record),
            sources=editor.sources(record, self.about),
            extracts=editor.extracts(record),
            newest_signature=editor.newest_signature(record),
            codebook=metrics,
            apart=editor.kept_apart(record, metrics),
            units={code: row["label"] for code, row in record.units.items()},
            derived=editor.derived(record),
            breaks=editor.breaks(record),
            report=self.folder.report,
            downloads=editor.downloads(self.edition, record.texts),
        )

    @cached_property
    def changed(self) -> str:
        """What the newest documents added, and every correction."""
        facts, since = {fact.id: fact for fact in self.folder.facts}, Since.of(Evidence.of(self.record))
        return self._render(
            changes.PAGE,
            here=changes.PAGE,
            facts=facts,
            story=changes.story(since, self.folder, self.edition, self.shelf) if since else None,
            corrections=changes.corrections(self.record),
        )

    @cached_property
    def places(self) -> Callable[[Fact], str]:
        """Tells where the edition prints a fact."""
        return uses.printed_at(self.shelf, self.folder.facts, self.folder.figures, self.front)

    @cached_property
    def uses(self) -> dict[str, tuple[uses.Use, ...]]:
        """Where each row and passage is used."""
        return uses.uses(self.shelf, self.folder.facts, self.folder.figures, self.places)

    def evidence(self, document: str) -> str:
        """A source with its marks, and below it what became of each, and where it is used."""
        record = self.record
        rows = {name: record.rows_of(name, document) for name in ("metrics", "statements")}
        spans = spans_of(record, document)
        return self._render(
            "evidence.html",
            home="../",
            here=f"evidence/{document}.html",
            source=editor.source(record, document, self.about),
            text=record.texts[document],
            blocks=marked(record, document),
            keyed=[self.shelf.readings[row.id] for row in rows["metrics"] if not row.missing],
            gaps=[self.shelf.readings[row.id] for row in rows["metrics"] if row.missing],
            open=[span for span in spans if span.kind == OPEN],
            years=[span for span in spans if span.kind == PERIOD],
            passages=rows["statements"],
            asides={name: (row, [span for span in spans if span.to == name]) for name, row in asides(record, document).items()},
            uses=self.uses,
        )

    def annotations(self, document: str) -> str:
        """The marks of a source as web annotations."""
        return json.dumps(collection(self.record, document), ensure_ascii=False, indent=1) + "\n"

    @cached_property
    def binder(self) -> Binder:
        """The fact check."""
        return Binder(self.shelf, self.folder.facts, self.folder.figures, self.places)

    def factcheck(self) -> str:
        """The fact-check sheet to read and to print."""
        return self._render("factcheck.html", here="factcheck.html", **self.binder.content())

    def notebook(self, page: str, audit: bool) -> str:
        """A notebook as executed: for a reader, or with its code for an auditor."""
        macros = self.environment.get_template("macros.html").module
        pictures = {figure.id: Markup(macros.plate(figure)) for figure in self.folder.figures}
        notebook, name = self.folder.notebooks[page], NOTEBOOKS[page]
        cells = rendered(notebook, pictures, audit)
        return self._render(
            "notebook.html", here=f"{page}.html", page=page, audit=audit, name=name, title=title_of(notebook, name), cells=cells
        )

    def _gaps(self) -> list[Fact]:
        return [fact for fact in self.folder.facts if fact.id.startswith("gap-")]

    def _render(self, template: str, home: str = "", **content: object) -> str:
        return self.environment.get_template(template).render(home=home, **content)
