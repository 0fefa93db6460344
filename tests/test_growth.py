"""Nothing grows with the square of the documents, counted in operations and not in seconds; and a country costs the same among others."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.world import World
from tests.conftest import ROOT

# Calls of the project's own functions, and lines of its loops, while the record is judged, told and put on pages.
COUNT = """
import json, sys
from pathlib import Path
from tieout.record import load
from tieout.checks import FORM, MEANING
from tieout.evidence import joined
from tieout.facts import Evidence, gather
from tieout.factcheck import items
from tieout.figures import plans
from tieout.pages import uses, editor
from tieout.pages.annotations import collection
from tieout.pages.marking import marked
from tieout.signing import signed

home, counts, names = str(Path.cwd() / "tieout"), {}, {}

def seen(frame, event, argument):
    if not frame.f_code.co_filename.startswith(home):
        return None
    counts[step] = counts.get(step, 0) + 1
    return seen

def judged(record):
    for checks in (FORM, MEANING):
        for _, run in checks.values():
            assert not list(run(record))

def paged(record):
    evidence = Evidence.of(record)
    facts = [*gather(evidence)]
    items(record, facts)
    for document in record.texts:
        marked(record, document), collection(record, document), editor.source(record, document, {})

work = {"judged": judged, "joined": joined, "told": lambda record: plans(Evidence.of(record)), "paged": paged, "signed": signed}
for step, run in work.items():
    record = load("xaa", Path(sys.argv[1]))
    sys.settrace(seen)
    run(record)
    sys.settrace(None)
print(json.dumps(counts))
"""


def counted(root: Path) -> dict[str, int]:
    done = subprocess.run([sys.executable, "-c", COUNT, str(root)], capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("small", "large"), [(World(1, 2, 12), World(1, 8, 12)), (World(1, 2, 12), World(1, 2, 48))], ids=["documents", "rows a document"]
)
def test_four_times_as_much_is_no_more_than_four_times_the_work(small: World, large: World, tmp_path: Path) -> None:
    small.write(tmp_path / "small")
    large.write(tmp_path / "large")
    few, many = counted(tmp_path / "small"), counted(tmp_path / "large")
    grown = {step: round(many[step] / few[step], 1) for step in few}
    assert all(times <= 5 for times in grown.values()), grown  # 16 where it grew with the square


def test_a_run_and_a_check_of_one_country_open_no_file_of_another(tmp_path: Path) -> None:
    World(countries=3, years=1, rows=3).write(tmp_path / "house")
    watch = f"""
import sys
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event in ("open", "os.listdir", "os.scandir") else None)
from tests.stories.conftest import executed_here, here
from tieout import running
running.execute = executed_here
root = {str(tmp_path / "house")!r}
for command in (["check", "xaa"], ["run", "xaa"], ["run", "xaa"]):
    done = here(*command, "--root", root)
    assert done.returncode == 0, done.stderr
others = sorted({{path for path in opened if "/xab" in path or "/xac" in path}})
assert any("/xaa" in path for path in opened), "the watch sees what is opened"
assert not others, others[:5]
"""
    done = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stderr
