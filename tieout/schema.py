"""The data contract: every keyed file's columns, types, constraints and keys, and those of the published tables, in one place.

``data/datapackage.json`` is written from here (Frictionless Data Package), the reader takes its columns from here,
the Great Expectations suite its code lists, patterns and ranges, and the exports their types.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

CODE = r"[a-z][a-z0-9_]*"
DOCUMENT = r"[a-z][a-z0-9]{0,23}(?:-[a-z0-9]{1,23}){1,8}"  # bounded: it names files
DATE = r"\d{4}-\d{2}-\d{2}"

QUALIFIERS = ("exact", "at_least", "more_than", "about", "at_most", "less_than")
STATUSES = {
    "A": "normal",
    "B": "break: does not continue earlier figures",
    "D": "definition differs",
    "E": "estimated",
    "O": "missing: not reported",
    "P": "provisional",
    "U": "low reliability",
    "W": "includes another category",
}
PERIOD_BASES = ("stated", "inferred", "standing", "not_stated")
STATEMENT_KINDS = ("recommendation", "assessment", "commitment", "caveat")
REASONS = ("address", "band", "coverage", "date", "elsewhere", "footnote", "heading", "individual", "legal_reference", "method", "page",
           "repeated", "title", "vague", "wording")  # fmt: skip
TREATMENTS = ("hold", "caveat", "use")
ROLES = ("keyer", "verifier", "editor")
CHECK_STATES = ("checked", "wrong", "question")
RELATIONS = ("sum", "part", "product", "rate", "same")
UNIT_KINDS = ("count", "currency", "duration", "share", "date", "rank", "age")
METRIC_KINDS = ("count", "amount", "duration", "share", "year", "rank", "age")
CORRECTION_KINDS = ("correction", "update", "clarification")
FAULT_KINDS = ("arithmetic", "contradiction", "definition", "identification", "method", "rounding", "scope", "transcription")


@dataclass(frozen=True)
class Field:
    """A column: its Frictionless type and constraints, and what it means."""

    name: str
    description: str
    type: str = "string"
    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    unique: bool = False

    def descriptor(self) -> dict:
        """The Frictionless field descriptor."""
        constraints: dict = {}
        if self.required:
            constraints["required"] = True
        if self.unique:
            constraints["unique"] = True
        if self.enum:
            constraints["enum"] = list(self.enum)
        if self.pattern:
            constraints["pattern"] = f"^(?:{self.pattern})$"
        found: dict = {"name": self.name, "type": self.type, "description": self.description}
        if self.type == "boolean":
            found |= {"trueValues": ["true"], "falseValues": ["false"]}
        return found | ({"constraints": constraints} if constraints else {})


@dataclass(frozen=True)
class Schema:
    """A file's columns, its primary key, and the columns that point into another file."""

    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    foreign: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names, in the order of the file."""
        return tuple(f.name for f in self.fields)

    def descriptor(self, country: str = "") -> dict:
        """The Frictionless table schema; ``country`` completes the names of that country's own resources."""
        foreign = []
        for column, (resource, target) in self.foreign.items():
            name = f"{country}-{resource}" if resource in COUNTRY else resource
            foreign.append({"fields": [column], "reference": {"resource": name, "fields": [target]}})
        found = {"fields": [f.descriptor() for f in self.fields], "primaryKey": list(self.key), "missingValues": [""]}
        return found | ({"foreignKeys": foreign} if foreign else {})


SHARED = {
    "codebook": Schema(
        "Metrics",
        (
            Field("metric", "Name of the metric in data files.", required=True, pattern=CODE, unique=True),
            Field("label", "Name of the metric for readers.", required=True),
            Field("definition", "What is counted or measured, and what is not.", required=True),
            Field("unit", "The one unit of every value of the metric.", required=True),
            Field("kind", "What sort of quantity it is.", required=True, enum=METRIC_KINDS),
            Field("group", "The part of an edition that the metric belongs to.", required=True, pattern=CODE),
            Field("decimals", "Decimal places shown.", "integer", required=True),
            Field("note", "What must be said with it."),
        ),
        ("metric",),
        {"unit": ("units", "unit")},
    ),
    "units": Schema(
        "Units",
        (
            Field("unit", "Code of the unit.", required=True, pattern=r"[A-Za-z][A-Za-z0-9_]*", unique=True),
            Field("label", "Name of the unit for readers, plural.", required=True),
            Field("kind", "What sort of unit it is.", required=True, enum=UNIT_KINDS),
            Field("symbol", "Sign printed with the number."),
            Field("minimum", "Smallest value that can be.", "number", required=True),
            Field("maximum", "Largest value that can be believed without a second look.", "number", required=True),
            Field("whole", "Whether values are whole numbers.", "boolean", required=True),
        ),
        ("unit",),
    ),
    "categories": Schema(
        "Categories",
        (
            Field("dimension", "Column of the metrics files.", required=True, enum=("sex", "age", "exploitation")),
            Field("category", "Code of the category.", required=True, pattern=CODE),
            Field("label", "Name of the category for readers.", required=True),
            Field("terms", "Words that name it in sources, separated by |."),
        ),
        ("dimension", "category"),
    ),
    "countries": Schema(
        "Countries without a code of their own in ISO 3166-1",
        (
            Field("country", "User-assigned code: three small letters.", required=True, pattern="[a-z]{3}", unique=True),
            Field("name", "Name of the country for readers.", required=True),
        ),
        ("country",),
    ),
    "terms": Schema(
        "Wordings of the metrics",
        (
            Field("metric", "Metric of the codebook.", required=True, pattern=CODE, unique=True),
            Field(
                "terms",
                "Wordings that name it in sources: alternatives separated by |, parts that must all stand by ' + '; # is the number.",
                required=True,
            ),
        ),
        ("metric",),
        {"metric": ("codebook", "metric")},
    ),
    "incomparable": Schema(
        "Metrics that must not be compared",
        (
            Field("metric", "Metric of the codebook.", required=True, pattern=CODE),
            Field(
                "other",
                "Metric that it must not be compared with, later in the alphabet: each pair stands once.",
                required=True,
                pattern=CODE,
            ),
            Field("reason", "Why, for a reader.", required=True),
        ),
        ("metric", "other"),
        {"metric": ("codebook", "metric"), "other": ("codebook", "metric")},
    ),
    "derived": Schema(
        "Derived measures",
        (
            Field("measure", "Name of the measure.", required=True, pattern=CODE, unique=True),
            Field("label", "Name of the measure for readers.", required=True),
            Field("numerator", "Metric above the line, with its categories: metric[dimension=category].", required=True),
            Field("denominator", "Metric below the line, likewise.", required=True),
            Field("unit", "Unit of the result.", required=True),
            Field("note", "What must be said with it."),
        ),
        ("measure",),
        {"unit": ("units", "unit")},
    ),
}

COUNTRY = {
    "documents": Schema(
        "Source documents",
        (
            Field("document", "Id of the document.", required=True, pattern=DOCUMENT, unique=True),
            Field("country", "ISO 3166-1 alpha-3 code in lower case.", required=True, pattern="[a-z]{3}"),
            Field("title", "Title as printed, or a description in square brackets.", required=True),
            Field("publisher", "Who published it.", required=True),
            Field("series", "Series that the document is an issue of.", required=True),
            Field("published", "Publication date, ISO 8601, as precise as known.", required=True, pattern=r"\d{4}(?:-\d{2}(?:-\d{2})?)?"),
            Field("published_basis", "Whether the document prints that date.", required=True, enum=("stated", "inferred")),
            Field("seed", "Path of the text from the repository's root.", required=True, pattern=r"seeds/[a-z]{3}/[a-z0-9-]+\.txt"),
            Field("sha256", "SHA-256 of the seed file's bytes.", required=True, pattern="[0-9a-f]{64}"),
            Field("source_url", "Where the publisher has it; empty where the seed does not say."),
            Field("rights", "Who holds the rights and what allows the use made of it.", required=True),
            Field("note", "How the date and the text are known."),
        ),
        ("document",),
    ),
    "identities": Schema(
        "Arithmetic that the sources imply",
        (
            Field(
                "identity",
                "Running number and name of the identity; never renumbered.",
                required=True,
                pattern=r"i\d{2}-[a-z0-9-]+",
                unique=True,
            ),
            Field(
                "relation",
                "sum: parts add up to the total; part: each part is at most the total; product: parts multiply to the total; "
                "rate: the parts' quotient, the first by the second, is the total's two rows' quotient, within what rounding leaves "
                "open; same: every part tells the total's fact again.",
                required=True,
                enum=RELATIONS,
            ),
            Field("total", "Id of the row for the whole; for a rate, the two rows separated by |.", required=True),
            Field("parts", "Ids of the rows for the parts, separated by |.", required=True),
            Field("expected", "Whether it holds in the source as printed.", required=True, enum=("holds", "fails")),
            Field("reason", "Why it must hold, or why it does not.", required=True),
        ),
        ("identity",),
    ),
    "breaks": Schema(
        "Breaks in series",
        (
            Field("metric", "Metric whose series breaks.", required=True),
            Field("before", "Last day of the old series.", "date", required=True),
            Field("after", "First day of the new series.", "date", required=True),
            Field("reason", "Why figures on the two sides may not be joined.", required=True),
            Field("document", "Document that tells of the break.", required=True),
            Field("quote", "The words that tell of it, standing once in the document.", required=True),
        ),
        ("metric", "before", "after"),
        {"metric": ("codebook", "metric"), "document": ("documents", "document")},
    ),
    "faults": Schema(
        "Errors and contradictions in sources",
        (
            Field(
                "fault", "Running number and name of the fault; never renumbered.", required=True, pattern=r"f\d{2}-[a-z0-9-]+", unique=True
            ),
            Field("ids", "Ids of the rows and statements that it touches, separated by |.", required=True),
            Field("kind", "What sort of fault it is.", required=True, enum=FAULT_KINDS),
            Field("description", "What is wrong, for a reader.", required=True),
            Field(
                "treatment",
                "hold: the rows may not be compared; caveat: it is said with the rows; use: it changes nothing.",
                required=True,
                enum=TREATMENTS,
            ),
            Field("status", "SDMX observation status that the fault lends to the rows it touches.", required=True, enum=tuple(STATUSES)),
        ),
        ("fault",),
    ),
    "signoffs": Schema(
        "Signatures",
        (
            Field("document", "Document that is signed.", required=True),
            Field("role", "What the person did.", required=True, enum=ROLES),
            Field("by", "Who signed.", required=True),
            Field("on", "Day of the signature.", "date", required=True),
            Field("digest", "SHA-256 over what was signed.", required=True, pattern="[0-9a-f]{64}"),
        ),
        ("document", "role"),
        {"document": ("documents", "document")},
    ),
    "withdrawn": Schema(
        "Ids withdrawn",
        (
            Field("id", "Id of a row that once was and is never used again.", required=True, unique=True),
            Field("on", "Day on which it was withdrawn.", "date", required=True),
            Field("reason", "Why.", required=True),
        ),
        ("id",),
    ),
    "corrections": Schema(
        "Published numbers that were changed",
        (
            Field(
                "correction",
                "Running number and name of the entry; never renumbered, altered or removed.",
                required=True,
                pattern=r"c\d{2}-[a-z0-9-]+",
                unique=True,
            ),
            Field("on", "Day of the correction.", "date", required=True),
            Field(
                "kind",
                "correction: it was wrong; update: it was right when it was published; clarification: it could be misread.",
                required=True,
                enum=CORRECTION_KINDS,
            ),
            Field("ids", "Ids of the observations or facts that it changes, separated by |.", required=True),
            Field("was", "What was published, as printed.", required=True),
            Field("now", "What stands in its place, as printed; gone where nothing does.", required=True),
            Field("reason", "Why it was changed, for a reader.", required=True),
        ),
        ("correction",),
    ),
    "factchecks": Schema(
        "Fact checks",
        (
            Field("item", "Id of the fact or of the row that was checked.", required=True, pattern=r"[a-z][a-z0-9_-]{0,199}"),
            Field(
                "digest",
                "SHA-256 over what the item said, its rows and its sources, as they were when it was checked.",
                required=True,
                pattern="[0-9a-f]{64}",
            ),
            Field("checker", "Who checked it.", required=True),
            Field(
                "state",
                "checked: it stands as it is; wrong: it must not be printed; question: somebody must be asked.",
                required=True,
                enum=CHECK_STATES,
            ),
            Field("on", "Day on which it was checked.", "date", required=True),
            Field("remark", "What the checker has to say about it."),
        ),
        ("item", "digest"),
    ),
}
READINGS = ("metrics", "statements", "set_aside")  # the files that a reading of a document makes
SECOND = "second/"  # before the kinds of file of the second reading
SETTLED = f"{SECOND}settled"
# Files that need not be there.
OPTIONAL = (
    "countries",
    "incomparable",
    "withdrawn",
    "corrections",
    "factchecks",
    "signatures",
    SETTLED,
    *(f"{SECOND}{name}" for name in READINGS),
)

DOCUMENT_FILES = {
    "metrics": Schema(
        "Printed numbers",
        (
            Field("id", "Id of the row: the document and a running number.", required=True, pattern=DOCUMENT + r"-\d{3}", unique=True),
            Field("metric", "What is counted or measured.", required=True),
            Field("sex", "Category, or total.", required=True),
            Field("age", "Category, or total; for penalties the victim's.", required=True),
            Field("exploitation", "Category, or total.", required=True),
            Field("start", "First day that the number is about.", "date"),
            Field("end", "Last day that the number is about.", "date"),
            Field("period_basis", "How the period is known.", required=True, enum=PERIOD_BASES),
            Field("value", "The number; empty where the status says missing.", "number"),
            Field("unit", "The metric's unit.", required=True),
            Field("qualifier", "As the source words it.", required=True, enum=QUALIFIERS),
            Field("status", "SDMX observation status.", required=True, enum=tuple(STATUSES)),
            Field("coverage", "What is in or out, when it is not the whole."),
            Field("printed", "The number exactly as printed."),
            Field("quote", "The source's own words, standing once in the document.", required=True),
            Field("note", "The keyer's reason for anything a second reader would question."),
        ),
        ("id",),
        {"metric": ("codebook", "metric"), "unit": ("units", "unit")},
    ),
    "statements": Schema(
        "Passages that matter as words",
        (
            Field("id", "Id of the row: the document, s and a running number.", required=True, pattern=DOCUMENT + r"-s\d{2}", unique=True),
            Field("kind", "What the passage does.", required=True, enum=STATEMENT_KINDS),
            Field("label", "Its topic in a few plain words; the same topic has the same label in every report of a series.", required=True),
            Field("quote", "The source's own words, standing once in the document.", required=True),
            Field("note", "The keyer's reason for anything a second reader would question."),
        ),
        ("id",),
    ),
    "set_aside": Schema(
        "Numbers that are no metric",
        (
            Field("printed", "The number exactly as printed, or the whole stretch.", required=True),
            Field("context", "Words around it, standing once in the document; the whole stretch likewise.", required=True),
            Field("reason", "Why it is not keyed.", required=True, enum=REASONS),
            Field("note", "What a second reader needs to know."),
        ),
        ("printed", "context"),
    ),
    "signatures": Schema(
        "What was signed, row by row",
        (
            Field("role", "Role of the signature.", required=True, enum=ROLES),
            Field("row", "Id of the row, or the file's own name for what has none.", required=True),
            Field("digest", "First 16 hexadecimal digits of the SHA-256 over the row.", required=True, pattern="[0-9a-f]{16}"),
        ),
        ("role", "row"),
    ),
    SETTLED: Schema(
        "Differences between two readings, settled",
        (
            Field("place", "Where it stands: characters of the document before it.", "integer", required=True),
            Field("line", "Line of the document, counted from 1.", "integer", required=True),
            Field("printed", "The number as printed; what a row without a number is about.", required=True),
            Field("column", "Column in which the readings differed; fate for what became of the number or the words.", required=True),
            Field("first", "What the first reading had."),
            Field("second", "What the second reading has."),
            Field("settled", "What stands in the record."),
            Field("reason", "Why; always given where neither reading was taken as it was."),
        ),
        ("place", "printed", "column"),
    ),
}
DOCUMENT_FILES |= {
    f"{SECOND}{name}": replace(one, title=f"{one.title}, second reading") for name, one in DOCUMENT_FILES.items() if name in READINGS
}

_SERIES = ("metric", "sex", "age", "exploitation")
_ROW = {f.name: f for f in DOCUMENT_FILES["metrics"].fields}

EDITION = {
    "observations": Schema(
        "Observations",
        (
            Field("country", "ISO 3166-1 alpha-3 code in lower case.", required=True, pattern="[a-z]{3}"),
            Field("document", "Id of the document that prints the number.", required=True, pattern=DOCUMENT),
            Field("published", "Publication date of the document, ISO 8601, as precise as known.", required=True),
            *DOCUMENT_FILES["metrics"].fields,
        ),
        ("id",),
    ),
    "trends": Schema(
        "Consecutive pairs of every series",
        (
            Field("series", "Name of the series: its metric, its categories that are not total, and its unit.", required=True),
            *(_ROW[name] for name in (*_SERIES, "unit")),
            Field("from_id", "Id of the earlier row.", required=True),
            Field("to_id", "Id of the later row.", required=True),
            Field("from_start", "First day that the earlier number is about.", "date"),
            Field("from_end", "Last day that the earlier number is about.", "date"),
            Field("to_start", "First day that the later number is about.", "date"),
            Field("to_end", "Last day that the later number is about.", "date"),
            Field("from_value", "The earlier number; empty where it is missing.", "number"),
            Field("to_value", "The later number; empty where it is missing.", "number"),
            Field("change", "The later number less the earlier; empty where the two may not be compared.", "number"),
            Field(
                "percent_change", "The change in percent of the earlier number, to one decimal; empty where it may not be told.", "number"
            ),
            Field("verdict", "Whether the two may be compared: run, caveat or hold.", required=True),
            Field("reasons", "Why not, or what must be said with it; several are separated by |."),
        ),
        ("from_id", "to_id"),
    ),
}


def path_of(name: str, country: str = "", document: str = "") -> str:
    """The path, from the repository's root, of a keyed file."""
    if name in SHARED:
        return f"data/{name}.csv"
    if name in COUNTRY:
        return f"data/{country}/{name}.csv"
    return f"data/{country}/{name}/{document}.csv"


def schema_of(name: str) -> Schema:
    """The schema of a kind of keyed file."""
    return (SHARED | COUNTRY | DOCUMENT_FILES)[name]
