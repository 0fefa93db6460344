"""A new year's report, from the publisher's PDF to the edition: the fixture of tests/fixtures/new_year, keyed by its key."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import new_year
from tests.conftest import ROOT, Copy, copied
from tests.keys import enter, rows_of
from tests.stories.conftest import executed_here, here
from tieout import running
from tieout.archive import unpack
from tieout.extracting import extract
from tieout.schema import path_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("new-year")]

DOCUMENT, KEY = "tip-2026", new_year.FOLDER / "key"
ADD = [f"--document={DOCUMENT}", "--publisher=Invented Department (a fixture)", "--rights=Written for these tests.", "--yes"]
TOLD_ANEW = "tip-2025"  # the report whose numbers of 2024 the new one tells otherwise: two new faults name its rows
RIGHT = {"fate": 0.9, "metric": 0.8, "unit": 0.9, "period": 0.8, "qualifier": 0.95, "categories": 0.9}


@dataclass(frozen=True)
class House:
    """A repository in which the report has been taken in, keyed, signed and run; ``refused`` is what was said before it was signed."""

    copy: Copy
    draft: list[dict[str, str]]
    refused: str

    @property
    def edition(self) -> Path:
        return self.copy.root / "outputs" / "bel"

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.edition / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def added(root: Path, folder: Path) -> Copy:
    """A copy of the repository with the report, as its publisher's PDF, taken in and drafted."""
    copy = copied(root)
    for part in ("notebooks", "outputs"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copy(ROOT / "requirements.lock", root)
    pdf = folder / "fixture-invented-numbers-2026-belgium.pdf"
    pdf.write_bytes(new_year.printed(extract(new_year.PAGE).text))
    done = here("add", pdf, *ADD, "--root", root)
    assert done.returncode == 0, done.stderr
    assert "--country bel: guessed from the title" in done.stdout, done.stdout
    assert "guessed from “Published 30 June 2026”" in done.stdout
    return copy


def signed(root: Path, *documents: str) -> None:
    for document in documents:
        for role in ("keyer", "verifier"):
            done = here("sign", document, "--role", role, "--by", f"the {role}", "--on", "2026-07-10", "--root", root)
            assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("new-year")
    copy = added(folder / "house", folder)
    with _draft(copy).open(encoding="utf-8", newline="") as file:
        draft = list(csv.DictReader(file))
    enter(KEY, copy.root, "bel")
    assert here("tidy", "--root", copy.root).returncode == 0
    refused = here("run", "bel", "--require-signed", "--root", copy.root)
    assert refused.returncode == 1
    signed(copy.root, DOCUMENT, TOLD_ANEW)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "execute", executed_here)
        done = here("run", "bel", "--require-signed", "--root", copy.root)
    assert done.returncode == 0, done.stderr
    yield House(copy, draft, refused.stderr)


def _draft(copy: Copy) -> Path:
    return copy.root / "data" / "bel" / "drafts" / f"{DOCUMENT}.csv"


def test_the_page_and_the_pdf_say_the_same_words(tmp_path: Path) -> None:
    page = extract(new_year.PAGE)
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(new_year.printed(page.text))
    assert new_year.printed(page.text) == pdf.read_bytes(), "the PDF is the same bytes whenever it is made"
    printed = extract(pdf)
    lines = [line for line in printed.text.splitlines() if line and not line.startswith(("112 FIXTURE", "REPORT OF 2026"))]
    assert lines == [line.replace("\t", " ").replace("¹ The", "1 The") for line in page.text.splitlines()]
    assert "Hyphens at line ends that went" in printed.told[0], "words were parted at line ends, and came back"
    left_out = [line for line in page.told if line.startswith("Left out as navigation")]
    assert len(left_out) == 7 and not re.search("cookies|Facebook|Copyright|42 things", page.text)


def test_it_says_at_both_ends_that_its_numbers_are_invented() -> None:
    lines = extract(new_year.PAGE).text.splitlines()
    assert "FIXTURE, INVENTED NUMBERS" in lines[0] and "invented" in lines[1] and "invented" in lines[-1]
    assert "fixture-invented-numbers" in new_year.PAGE.name


def test_how_much_of_the_key_the_draft_had_right(house: House) -> None:
    """Every number is drafted; most of what the key says of one, the draft said already."""
    keyed = {(row["printed"], row["quote"]): row for row in rows_of(KEY / "metrics" / f"{DOCUMENT}.csv", "metrics") if row["printed"]}
    drafted = [row for row in house.draft if row["fate"] != "period"]
    pairs = _paired(list(keyed.values()), drafted)
    assert len(pairs) == len(keyed), "every keyed number stands in the draft"
    right = {
        "fate": [draft["fate"] == "key" for _, draft in pairs],
        "metric": [row["metric"] == draft["metric"] for row, draft in pairs if row["metric"] != "asylum_screenings"],
        "unit": [row["unit"] == draft["unit"] for row, draft in pairs if row["metric"] != "asylum_screenings"],
        "period": [all(row[c] == draft[c] for c in ("start", "end", "period_basis")) for row, draft in pairs],
        "qualifier": [row["qualifier"] == draft["qualifier"] for row, draft in pairs],
        "categories": [all(row[c] == draft[c] for c in ("sex", "age", "exploitation")) for row, draft in pairs],
    }
    shares = {name: sum(those) / len(those) for name, those in right.items()}
    print("\nthe draft had right: " + ", ".join(f"{name} {sum(those)} of {len(those)}" for name, those in right.items()))
    others = [draft for draft in drafted if not any(draft is taken for _, taken in pairs)]
    aside = sum(draft["fate"] == "set_aside" for draft in others)
    gaps = sum(not row["printed"] for row in rows_of(KEY / "metrics" / f"{DOCUMENT}.csv", "metrics"))
    print(f"it proposed to set aside {aside} of the {len(others)} others, and knew none of the {gaps} numbers that are not reported")
    assert aside >= 0.6 * len(others)
    assert {name for name, share in shares.items() if share < RIGHT[name]} == set(), shares
    assert not any(draft["metric"] for row, draft in pairs if row["metric"] == "asylum_screenings"), "what is new, no draft can know"


def _paired(keyed: list[dict], drafted: list[dict]) -> list[tuple[dict, dict]]:
    """Each keyed row with the draft of its number: both stand in the order of the page."""
    found, left = [], list(drafted)
    for row in keyed:
        place = next((place for place, draft in enumerate(left) if draft["printed"] == row["printed"] and _same_words(row, draft)), None)
        if place is not None:
            found.append((row, left.pop(place)))
    return found


def _same_words(row: dict, draft: dict) -> bool:
    return not draft["quote"] or row["quote"] in draft["quote"] or draft["quote"] in row["quote"] or draft["quote"][:30] in row["quote"]


def test_before_it_is_signed_no_signed_edition_is_built_and_an_old_report_that_it_contradicts_is_to_be_signed_again(house: House) -> None:
    assert f"{DOCUMENT} lacks keyer and verifier" in house.refused
    assert f"{TOLD_ANEW} lacks keyer and verifier" in house.refused


def test_the_edition_has_the_new_year(house: House) -> None:
    rows = {row["id"]: row for row in house.table("observations.csv")}
    assert sum(row["document"] == DOCUMENT for row in rows.values()) == 60
    facts = {fact["id"]: fact for fact in json.loads((house.edition / "facts.json").read_text(encoding="utf-8"))}
    told = facts["trend-tip-2026-046-tip-2026-047"]
    assert "rose from 214 in 2024 to 231 in 2025, by 17 (+7.9%)" in told["text"]
    assert facts["revision-tip-2025-008-tip-2026-012"]["text"].endswith("354 by tip-2025, 361 by tip-2026: revised.")
    assert facts["change-numbers"]["value"] == 50
    assert facts["trend-tip-2026-045-tip-2026-043"]["verdict"] == "hold", "which two shelters is not said"
    assert facts["trend-tip-2025-021-tip-2026-019"]["verdict"] == "hold", "sentences have a new register"
    assert "share-share_labour_victims-tip-2026-031" in facts and facts["share-share_labour_victims-tip-2026-031"]["value"] is None
    assert facts["figure-recommendations"]["text"].startswith("Of 9 recommendations of 2025, the report of 2026 has 4 reworded and 5 no")
    metrics = {row["metric"] for row in rows.values() if row["document"] == DOCUMENT}
    assert "asylum_screenings" in metrics
    page = (house.edition / "index.html").read_text(encoding="utf-8")
    assert "Asylum applicants screened" in page and "Invented Department (a fixture)" in page


def test_every_number_of_it_is_marked_where_it_stands(house: House) -> None:
    page = (house.edition / "evidence" / f"{DOCUMENT}.html").read_text(encoding="utf-8")
    for row in rows_of(KEY / "metrics" / f"{DOCUMENT}.csv", "metrics"):
        assert f'id="{row["id"]}"' in page, row["id"]
    assert '<strong class="open"' not in page
    changes = (house.edition / "changes.html").read_text(encoding="utf-8")
    assert "361" in changes and "Shelters outside the capital" in changes and "tip-2026-s08" in changes


def test_the_original_is_kept_named_and_bundled(house: House, tmp_path: Path) -> None:
    root = house.copy.root
    name = f"seeds/bel/originals/{DOCUMENT}.pdf"
    manifest = json.loads((house.edition / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["draft"] is False and name in manifest["inputs"]
    done = here("bundle", "bel", "--root", root, "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    (bundle,) = tmp_path.iterdir()
    assert unpack(bundle.read_bytes())[0][name] == (root / name).read_bytes()
    assert here("verify", bundle).returncode == 0


@pytest.fixture
def spoilt(house: House, tmp_path: Path) -> Copy:
    """The keyed house, to be spoilt: nothing but what a check reads."""
    for part in ("data", "seeds"):
        shutil.copytree(house.copy.root / part, tmp_path / "spoilt" / part)
    return Copy(tmp_path / "spoilt")


def test_half_keyed_it_is_refused_and_every_open_number_is_named(spoilt: Copy) -> None:
    rows = spoilt.rows("metrics", DOCUMENT)
    spoilt.write("metrics", [row for row in rows if int(row["id"][-3:]) < 28], DOCUMENT)
    shutil.copytree(ROOT / "notebooks", spoilt.root / "notebooks")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "execute", executed_here)
        done = here("run", "bel", "--root", spoilt.root)
    assert done.returncode == 1 and not (spoilt.root / "outputs" / "bel").exists()
    assert "is neither keyed nor set aside" in done.stderr and DOCUMENT in done.stderr
    told = here("check", "bel", "--all", "--root", spoilt.root).stderr
    for row in rows:
        if int(row["id"][-3:]) >= 28 and row["printed"]:
            assert f"{row['printed']!r} on line" in told, row["id"]


@pytest.mark.parametrize("cells", [{"value": "313"}, {"value": "313", "printed": "313"}, {"qualifier": "at_least"}, {"unit": "persons"}])
def test_a_slip_in_one_row_is_named(spoilt: Copy, cells: dict[str, str]) -> None:
    spoilt.alter_row("tip-2026-007", **cells)
    done = here("check", "bel", "--root", spoilt.root)
    assert done.returncode == 1 and "tip-2026-007" in done.stderr and path_of("metrics", "bel", DOCUMENT) in done.stderr
