"""The observations as SDMX-CSV 2.0, and their structure as SDMX-ML 3.0: the data structure definition, its concepts and code lists.

- The codes are the edition's own, ``total`` among them, so that one vocabulary serves every file.
- Several documents tell the same number, and one document may tell it twice: DOCUMENT and ROW (the row's id) belong to the key.
- There is no TIME_PERIOD. That dimension would have to hold a time in every row, and many rows have none: a rule in force is of no
  period, and some sources do not say which. PERIOD is therefore an ordinary dimension: a year (2024), a month (2009-05) or an
  SDMX time range (2008-01-01/P6M), ``_Z`` (not applicable) for a rule in force, ``_X`` (not specified) where the source does not say.
- A missing number has the status O and an empty OBS_VALUE, never 0.
- An SDMX message tells when it was prepared. This one tells the newest day that its record knows of, so that the same record gives
  the same bytes.
- The version is 1.0, of two numbers: in SDMX such an artefact may change, and the code lists grow with the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pysdmx.io.xml.sdmx30.writer.structure import write as write_structure
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Role,
)
from pysdmx.model.message import Header, Organisation

from tieout.exports.cells import rows_of
from tieout.record import Record, published_by
from tieout.schema import EDITION, PERIOD_BASES, QUALIFIERS, STATUSES
from tieout.tables import write_table

FOLDER, DATA, STRUCTURE = "sdmx", "observations.csv", "structure.xml"
AGENCY, NAME, CONCEPTS, VERSION = "TIEOUT", "OBSERVATIONS", "CONCEPTS", "1.0"
TARGET = {"STRUCTURE": "datastructure", "STRUCTURE_ID": f"{AGENCY}:{NAME}({VERSION})", "ACTION": "I"}
NO_PERIOD = {"standing": "_Z", "not_stated": "_X"}
FIELDS = {field.name: field for field in EDITION["observations"].fields}


@dataclass(frozen=True)
class Part:
    """A component of the structure: the column of ``observations.csv`` that it holds, and its place in the structure.

    ``level`` is what an attribute is attached to: ``O`` for the observation, or a dimension.
    """

    id: str
    column: str
    name: str
    role: Role = Role.DIMENSION
    type: DataType = DataType.STRING
    level: str | None = None
    coded: bool = False

    @property
    def required(self) -> bool:
        """Whether every row has it; PERIOD is made of three columns, and always has one."""
        return self.role is Role.DIMENSION or FIELDS[self.column].required

    @property
    def description(self) -> str:
        """What it means, as the data contract says."""
        return PERIOD_TOLD if self.id == "PERIOD" else FIELDS[self.column].description


PERIOD_TOLD = (
    "The period that the number is about: a year, a month, or a time range as its first day and its length. "
    "_Z: not applicable, a rule in force. _X: not specified, the source does not say."
)
PARTS = (
    Part("REF_AREA", "country", "Reference area", coded=True),
    Part("DOCUMENT", "document", "Document", coded=True),
    Part("METRIC", "metric", "Metric", coded=True),
    Part("SEX", "sex", "Sex", coded=True),
    Part("AGE", "age", "Age", coded=True),
    Part("EXPLOITATION", "exploitation", "Form of exploitation", coded=True),
    Part("PERIOD", "start", "Period"),
    Part("ROW", "id", "Row"),
    Part("OBS_VALUE", "value", "Observation value", Role.MEASURE, DataType.DECIMAL),
    Part("UNIT_MEASURE", "unit", "Unit of measure", Role.ATTRIBUTE, level="METRIC", coded=True),
    Part("QUALIFIER", "qualifier", "Qualifier", Role.ATTRIBUTE, level="O", coded=True),
    Part("OBS_STATUS", "status", "Observation status", Role.ATTRIBUTE, level="O", coded=True),
    Part("PERIOD_BASIS", "period_basis", "Basis of the period", Role.ATTRIBUTE, level="O", coded=True),
    Part("PERIOD_START", "start", "First day of the period", Role.ATTRIBUTE, DataType.DATE, "O"),
    Part("PERIOD_END", "end", "Last day of the period", Role.ATTRIBUTE, DataType.DATE, "O"),
    Part("PUBLISHED", "published", "Date of publication", Role.ATTRIBUTE, DataType.GREGORIAN_TIME_PERIOD, "DOCUMENT"),
    Part("COVERAGE", "coverage", "Coverage", Role.ATTRIBUTE, level="O"),
    Part("PRINTED", "printed", "Number as printed", Role.ATTRIBUTE, level="O"),
    Part("QUOTE", "quote", "Quote", Role.ATTRIBUTE, level="O"),
    Part("COMMENT_OBS", "note", "Note", Role.ATTRIBUTE, level="O"),
)
COLUMNS = (*TARGET, *(part.id for part in PARTS))


def write(record: Record, edition: Path) -> list[Path]:
    """Write ``sdmx/observations.csv`` and ``sdmx/structure.xml``; the paths written."""
    folder = edition / FOLDER
    folder.mkdir(exist_ok=True)
    write_table(folder / DATA, COLUMNS, map(observation, rows_of(edition, "observations")))
    (folder / STRUCTURE).write_text(structure(record), encoding="utf-8", newline="")
    return [folder / DATA, folder / STRUCTURE]


def observation(cells: dict[str, str]) -> dict[str, str]:
    """A row of ``observations.csv`` as a row of SDMX-CSV; no cell but the period is written otherwise."""
    return TARGET | {part.id: period(cells) if part.id == "PERIOD" else cells[part.column] for part in PARTS}


def period(cells: dict[str, str]) -> str:
    """The period in SDMX's notation: a year, a month, or first day and length; a code of ``NO_PERIOD`` where there is none."""
    if not cells["start"]:
        return NO_PERIOD[cells["period_basis"]]
    start, after = date.fromisoformat(cells["start"]), date.fromisoformat(cells["end"]) + timedelta(days=1)
    if start.day != 1 or after.day != 1:
        return f"{start}/P{(after - start).days}D"
    months = 12 * (after.year - start.year) + after.month - start.month
    if months == 1:
        return f"{start:%Y-%m}"
    if months % 12:
        return f"{start}/P{months}M"
    return f"{start:%Y}" if months == 12 and start.month == 1 else f"{start}/P{months // 12}Y"


def structure(record: Record) -> str:
    """The structure as an SDMX-ML 3.0 message."""
    header = Header(id=f"{AGENCY}_{NAME}", prepared=prepared(record), sender=Organisation(id=AGENCY))
    lists = code_lists(record)
    scheme = ConceptScheme(
        id=CONCEPTS, name="Concepts of the observations", agency=AGENCY, version=VERSION,
        items=[Concept(id=part.id, name=part.name, description=part.description, dtype=part.type) for part in PARTS],
    )  # fmt: skip
    definition = DataStructureDefinition(
        id=NAME, name="Observations: numbers as reports print them", agency=AGENCY, version=VERSION,
        components=Components([_component(part, lists.get(part.id)) for part in PARTS]),
    )  # fmt: skip
    return write_structure([*lists.values(), scheme, definition], header=header)


def prepared(record: Record) -> datetime:
    """Midnight (UTC) of the newest day that the record knows of; 1970-01-01 where it knows none.

    A day is known by a signature, or is the last on which a document may have appeared.
    """
    days = [date.fromisoformat(row["on"]) for row in record.rows("signoffs")]
    days += [published_by(row["published"]) for row in record.rows("documents")]
    return datetime.combine(max(days, default=date(1970, 1, 1)), time(), UTC)


def code_lists(record: Record) -> dict[str, Codelist]:
    """The code list of each coded component, by the component's id."""
    used = {row[column] for row in record.rows("metrics") for column in ("metric", "unit")}  # another country's are no part of this one's
    codes = {
        "REF_AREA": [_code(record.country, record.place)],
        "DOCUMENT": [_code(row["document"], row["title"]) for row in record.rows("documents")],
        "METRIC": [_code(row["metric"], row["label"], row["definition"]) for row in record.rows("codebook") if row["metric"] in used],
        "UNIT_MEASURE": [_code(row["unit"], row["label"]) for row in record.rows("units") if row["unit"] in used],
        "QUALIFIER": [_code(one, _words(one)) for one in QUALIFIERS],
        "OBS_STATUS": [_code(one, what) for one, what in STATUSES.items()],
        "PERIOD_BASIS": [_code(one, _words(one)) for one in PERIOD_BASES],
    }
    for column in ("sex", "age", "exploitation"):
        codes[column.upper()] = [_code(row["category"], row["label"]) for row in record.rows("categories") if row["dimension"] == column]
    named = {part.id: part.name for part in PARTS if part.coded}
    return {
        one: Codelist(id=f"CL_{one}", name=name, agency=AGENCY, version=VERSION, items=sorted(codes[one], key=lambda code: code.id))
        for one, name in named.items()
    }


def _component(part: Part, codes: Codelist | None) -> Component:
    concept = ItemReference(sdmx_type="Concept", agency=AGENCY, id=CONCEPTS, version=VERSION, item_id=part.id)
    return Component(
        id=part.id, required=part.required, role=part.role, concept=concept, local_dtype=part.type, local_codes=codes,
        attachment_level=part.level,
    )  # fmt: skip


def _code(one: str, name: str, description: str | None = None) -> Code:
    return Code(id=one, name=name, description=description)


def _words(code: str) -> str:
    return code.replace("_", " ")
