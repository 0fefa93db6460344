"""The second reading is blind: no answer of its server depends on the first reading, whatever that is and whatever was made of it."""

from __future__ import annotations

import http.client
import json
import re
from pathlib import Path

import pytest

from tests.conftest import Copy, copied
from tests.serving import Served, served
from tieout.guessing.rows import COLUMNS
from tieout.tables import write_table

DOCUMENT = "tip-2004"
CANARY = "canary seen"


class Client:
    """Speaks to a review as its page does, and keeps every answer."""

    def __init__(self, review: Served) -> None:
        self.host, self.answers = review.host, []
        first = self.ask("GET", "/?" + review.address.partition("?")[2])
        self.cookies = [found.partition(";")[0] for found in first.headers.get_all("Set-Cookie")]
        page = self.ask("GET", "/")
        self.cookies += [found.partition(";")[0] for found in page.headers.get_all("Set-Cookie") or []]
        self.xsrf = re.search(r'name="xsrf" content="([^"]+)"', page.text)[1]

    def ask(self, method: str, path: str, body: dict | None = None):
        """A request as the page makes it; the answer has its text."""
        headers = {"Cookie": "; ".join(getattr(self, "cookies", [])), "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "X-XSRFToken": self.xsrf, "Origin": f"http://{self.host}"}
        line = http.client.HTTPConnection(self.host, timeout=60)
        line.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = line.getresponse()
        if path == "/api/events":
            return answer
        answer.text = answer.read().decode("utf-8", "replace")
        self.answers.append((method, path, answer.status, answer.text))
        return answer

    def get(self, path: str):
        """The JSON at a path."""
        return json.loads(self.ask("GET", path).text)

    def act(self, name: str, **given: object):
        """An act on the files as they stand."""
        seen = given.pop("seen", None) or self.get("/api/state")["version"]
        return self.ask("POST", "/api/act", {"act": name, "seen": seen, **given})

    def judged(self) -> dict:
        """What the checks say, once they have said it."""
        events = self.ask("GET", "/api/events")
        while True:
            line = events.readline().decode("utf-8")
            if line.startswith("data: ") and (checks := json.loads(line[6:]).get("checks")):
                self.answers.append(("GET", "/api/events", events.status, json.dumps(checks)))
                return checks


def with_first_reading(copy: Copy) -> None:
    """A first reading full of canaries, and everything that people make of one."""
    for name, columns in (("metrics", ("note", "coverage")), ("statements", ("label", "note")), ("set_aside", ("note",))):
        copy.write(name, [row | dict.fromkeys(columns, CANARY) for row in copy.rows(name, DOCUMENT)], DOCUMENT)
    for row in copy.rows("metrics", DOCUMENT):
        copy.alter_row(row["id"], metric="tip_tier", sex="female", status="U")
    copy.append("withdrawn", id=f"{DOCUMENT}-099", on="2026-01-01", reason=CANARY)
    copy.append("factchecks", item=f"{DOCUMENT}-001", digest="0" * 64, checker=CANARY, state="wrong", on="2026-01-01", remark=CANARY)
    copy.append("corrections", correction="c01-it", on="2026-01-01", kind="update", ids=f"{DOCUMENT}-001", was="1", now="2", reason=CANARY)
    copy.append("faults", fault="f90-it", ids=f"{DOCUMENT}-001", kind="scope", description=CANARY, treatment="hold", status="A")
    draft = dict.fromkeys(COLUMNS, CANARY) | {"id": "at-5", "printed": "21"}
    write_table(copy.root / "data" / "bel" / "drafts" / f"{DOCUMENT}.csv", COLUMNS, [draft])


def without_first_reading(copy: Copy) -> None:
    """The document as ``add`` leaves it: nobody has keyed, signed or blamed anything of it."""
    for name in ("metrics", "statements", "set_aside"):
        copy.write(name, [], DOCUMENT)
    copy.path("signatures", DOCUMENT).unlink()
    copy.write("signoffs", [row for row in copy.rows("signoffs") if row["document"] != DOCUMENT])
    for name, columns in (("faults", ("ids",)), ("identities", ("total", "parts"))):
        copy.write(name, [row for row in copy.rows(name) if not any(f"{DOCUMENT}-" in row[column] for column in columns)])


def spoken(root: Path) -> list[tuple]:
    """Everything that a second reading's server answers to a reader who tries each thing that there is."""
    with served(root, DOCUMENT, "--second") as review:
        client = Client(review)
        client.judged()  # before any act, so that it is known what is judged
        state = client.get("/api/state")
        client.get("/api/document")
        numbers = [item for item in state["items"] if item["kind"] == "number"]
        for item in numbers:
            client.get(f"/api/likest?key={item['key']}")
        key, aside = numbers[8]["key"], numbers[3]["key"]
        cells = {"metric": "convictions", "period_basis": "not_stated", "status": "A", "qualifier": "exact"}
        client.act("accept", key=key)
        client.act("edit", key=key, cells=cells)
        client.act("accept", key=key)
        client.act("set_aside", key=aside, reason="date")
        client.act("set_aside", key=aside, reason="date", seen="stale")
        client.act("undo")
        client.act("reopen", key=key)
        client.act("no such act")
        for path in ("/", "/page/review.js", "/page/../data/bel/metrics/tip-2004.csv", "/data/bel/metrics/tip-2004.csv", "/api/first"):
            client.ask("GET", path)
        return [answer for answer in client.answers if not answer[1].startswith("/?")]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[list, list]:
    """What is answered with a first reading on disk, and without one."""
    found = []
    for name, made in (("with", with_first_reading), ("without", without_first_reading)):
        copy = copied(tmp_path_factory.mktemp(name) / "copy")
        made(copy)
        found.append(spoken(copy.root))
    return tuple(found)


def plain(path: str, text: str) -> str:
    """An answer without its secrets, which are others in each run, and without what the checks had found by then, who take their time."""
    if path in ("/api/state", "/api/act"):
        return json.dumps({name: one for name, one in json.loads(text).items() if name != "checks"})
    return re.sub(r'(name="xsrf" content=")[^"]+', r"\1", text)


def test_no_answer_depends_on_the_first_reading(answers: tuple[list, list]) -> None:
    with_it, without_it = ([(*told[:3], plain(told[1], told[3])) for told in those] for those in answers)
    assert len(with_it) == len(without_it) > 50
    for one, two in zip(with_it, without_it, strict=True):
        assert one == two, one[:3]


def test_no_answer_holds_a_word_of_the_first_reading(answers: tuple[list, list]) -> None:
    for method, path, status, text in answers[0]:
        assert CANARY not in text, (method, path, status)


def test_a_second_draft_has_no_guess(answers: tuple[list, list]) -> None:
    """Only what the page itself says: the number, its reading as a value, its words."""
    told = next(json.loads(text) for _, path, _, text in answers[0] if path == "/api/state")
    rows = told["tables"]["drafts"]
    assert len(rows) > 20
    for row in rows:
        assert {name for name, cell in row.items() if cell} <= {"id", "printed", "value", "quote"}


def test_the_look_for_leaks_sees_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first reading's own server answers with its words: the test above could fail."""
    copy = copied(tmp_path / "copy")
    with_first_reading(copy)
    with served(copy.root, DOCUMENT) as review:
        assert CANARY in Client(review).ask("GET", "/api/state").text
