"""The server answers its own page, and nobody else: no other host name, no other site, no one without the token."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.reviewing.conftest import DOCUMENT
from tests.reviewing.test_keying import opened, press
from tests.serving import Served
from tests.stories.conftest import here

pytestmark = pytest.mark.xdist_group("review")
EVERY = [
    "/",
    "/api/document",
    "/api/state",
    "/api/likest?key=0",
    "/api/events",
    "/page/review.js",
    "/page/style.css",
    "/favicon.ico",
    "/nothing",
]


def port_of(review: Served) -> int:
    return int(re.search(r":(\d+)/", review.address)[1])


def ask(review: Served, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """A request as anybody may write it; a header that is None is left out."""
    line = http.client.HTTPConnection("127.0.0.1", port_of(review), timeout=10)
    line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    given = {"Host": f"127.0.0.1:{port_of(review)}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    for name, value in given.items():
        line.putheader(name, value)
    line.putheader("Content-Length", str(len(body)))
    line.endheaders(body.encode())
    answer = line.getresponse()
    found = answer.status, b"" if path == "/api/events" and answer.status == 200 else answer.read(), dict(answer.getheaders())
    line.close()
    return found


@pytest.fixture(scope="module")
def pass_(shared: Served) -> dict[str, str]:
    """The cookies of a page that came with the token, and its token against requests of other sites."""
    status, _, headers = ask(shared, f"/?token={shared.token}")
    assert (status, headers["Location"]) == (302, "/")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    _, page, headers = ask(shared, "/", Cookie=cookie.split(";")[0])
    cookies = "; ".join([cookie.split(";")[0], headers["Set-Cookie"].split(";")[0]])
    return {"Cookie": cookies, "X_XSRFToken": re.search(rb'name="xsrf" content="([^"]+)"', page)[1].decode()}


def act(shared: Served, given: dict[str, str], body: dict | str, **headers: str | None) -> int:
    """The status of an act that says what every act of the page says, but for these headers."""
    origin = f"http://127.0.0.1:{port_of(shared)}"
    own = {"Content_Type": "application/json", "Origin": origin, "Sec_Fetch_Site": "same-origin", **given, **headers}
    sent = body if isinstance(body, str) else json.dumps(body)
    return ask(shared, "/api/act", "POST", sent, **{name: value for name, value in own.items() if value is not None})[0]


@pytest.mark.parametrize("path", EVERY)
def test_without_the_token_there_is_nothing_and_nothing_is_said(shared: Served, path: str) -> None:
    for cookie in ({}, {"Cookie": f"tieout-{port_of(shared)}=wrong"}):
        status, body, headers = ask(shared, path, **cookie)
        assert (status, body) == (403, b"")
        assert not {"Server", "Set-Cookie", "Access-Control-Allow-Origin"} & set(headers)
    assert ask(shared, "/?token=wrong")[0] == 403


@pytest.mark.parametrize("path", [*EVERY, "/?token={}"])
@pytest.mark.parametrize("host", ["attacker.example", "localhost:{}", "127.0.0.1", "127.0.0.1.attacker.example:{}"])
def test_a_name_that_was_made_to_point_here_gets_nothing(shared: Served, pass_: dict[str, str], path: str, host: str) -> None:
    """A page of another site whose name is rebound to the loopback sends its own name as the host."""
    found = ask(shared, path.format(shared.token), Host=host.format(port_of(shared)), Cookie=pass_["Cookie"])
    assert found[:2] == (403, b"")


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_keeps_others_out(shared: Served, pass_: dict[str, str], path: str) -> None:
    status, _, headers = ask(shared, path, Cookie=pass_["Cookie"])
    assert status == {"/nothing": 404, "/favicon.ico": 204}.get(path, 200)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "headers",
    [
        {"X_XSRFToken": None},
        {"X_XSRFToken": "wrong"},
        {"Cookie": None},
        {"Origin": "http://attacker.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_an_act_that_lacks_one_thing_is_refused(shared: Served, pass_: dict[str, str], headers: dict) -> None:
    body = {"act": "accept", "key": "0", "seen": "no such version"}
    assert act(shared, pass_, body) == 409  # all that the page says is enough: now it is the version that is not on disk
    assert act(shared, pass_, body, **headers) in (403, 415)


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '{"act": 1, "seen": "x"}', '{"act": "accept"}', '"text"'])
def test_a_body_that_is_no_act_is_refused(shared: Served, pass_: dict[str, str], body: str) -> None:
    assert act(shared, pass_, body) == 400


@pytest.mark.parametrize("path", ["/page/../server.py", "/page/..%2fserver.py", "/page/review.html", "/page/", "/page/.hidden"])
def test_only_the_files_of_the_list_are_sent(shared: Served, pass_: dict[str, str], path: str) -> None:
    assert ask(shared, path, Cookie=pass_["Cookie"])[0] == 404


def test_it_listens_on_the_loopback_alone(shared: Served) -> None:
    tables = [Path(f"/proc/net/{name}").read_text(encoding="ascii") for name in ("tcp", "tcp6")]
    ports = [line.split() for table in tables for line in table.splitlines()[1:]]
    listening = [fields[1] for fields in ports if fields[3] == "0A" and int(fields[1].split(":")[1], 16) == port_of(shared)]
    assert listening == [f"0100007F:{port_of(shared):04X}"]


class Attacker(BaseHTTPRequestHandler):
    """A page of another site that tries what a page can try."""

    target = ""

    def do_GET(self) -> None:
        body = f"""<title>attack</title><img src="{self.target}favicon.ico"><script src="{self.target}page/review.js"></script>
<iframe src="{self.target}" name="inside"></iframe>
<form method="post" action="{self.target}api/act" enctype="text/plain" target="inside">
<input name='{{"act":"accept","key":"0","seen":"' value='"}}'></form>
<script>
window.found = [];
document.forms[0].submit();
const post = {{method: "POST", credentials: "include", mode: "no-cors", body: "{{}}"}};
const told = async (answer) => found.push((await answer.text()).length);
for (const options of [{{}}, {{mode: "no-cors"}}, {{credentials: "include"}}, post])
  fetch("{self.target}api/state", options).then(told, () => found.push(0));
</script>""".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def attacker(shared: Served) -> Iterator[str]:
    """The address of that page, on another port of the same machine: the same site, as browsers count."""
    handler = type("Bound", (Attacker,), {"target": shared.bare})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_reads_and_changes_nothing(chromium, shared: Served, attacker: str, name: str) -> None:
    """In the same browser, beside the review: the cookie is there, and still nothing comes of it."""
    page = opened(chromium, shared)
    before = page.evaluate("fetch('api/state').then((answer) => answer.text())")
    evil = page.context.new_page()
    answers = []
    evil.on("response", lambda answer: answers.append((answer.url, answer.status)))
    evil.goto(attacker.replace("127.0.0.1", name))
    evil.wait_for_function("() => window.found.length === 4", timeout=15_000)
    evil.wait_for_timeout(300)
    assert evil.evaluate("window.found") == [0, 0, 0, 0]
    told = [status for url, status in answers if url.startswith(shared.bare)]
    assert told and set(told) <= {403, 415}
    version = "(text) => JSON.parse(text).version"
    after = page.evaluate("fetch('api/state').then((answer) => answer.text())")
    assert page.evaluate(version, after) == page.evaluate(version, before)
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_barrier(chromium, shared: Served, scheme: str, width: int) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    page = opened(chromium, shared, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
    page.evaluate(axe)
    found = {}
    for name, keys in {"aside": "", "row": "n", "metric": "m", "reasons": "s", "help": "?"}.items():
        if keys:
            press(page, keys)
        if name == "metric":
            page.keyboard.type("victims")
        if name == "row":
            page.wait_for_selector(".card")
        told = page.evaluate("options => axe.run(document, options)", rules)["violations"]
        found[name] = [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in told]
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()
    assert {name: those for name, those in found.items() if those} == {}


def test_an_unknown_document_is_told_and_the_ones_that_are_known() -> None:
    done = here("review", "tip-1999", "--no-browser")
    assert done.returncode == 2 and "There is no document 'tip-1999'. Registered are: ecpat-2010, tip-2004" in done.stderr


def test_a_port_that_is_taken_and_one_that_is_none_are_told(house) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = here("review", DOCUMENT, "--no-browser", "--root", house.root, "--port", taken.getsockname()[1])
    assert done.returncode == 2 and "cannot be used" in done.stderr and "Traceback" not in done.stderr
    assert here("review", DOCUMENT, "--no-browser", "--port", "70000").returncode == 2


def test_ctrl_c_ends_it_in_good_order_with_status_0(house) -> None:
    command = [sys.executable, str(ROOT / "pipeline.py"), "review", DOCUMENT, "--root", str(house.root), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline().count("http://127.0.0.1:") == 1
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")
