"""The server of a review: on the loopback alone, for whoever has its address, and for no page of another site.

Every request must name the very host and port (a name that was made to point here does not), carry the cookie that the token in the
address gave, and come from the page itself. What changes something wants JSON and a token that no other page can read.
"""

from __future__ import annotations

import asyncio
import errno
import hmac
import json
import logging
import secrets
import signal
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from tieout.interrupts import heed
from tieout.problems import Usage
from tieout.reviewing.checking import Checker
from tieout.reviewing.session import Session
from tieout.reviewing.storing import Moved

HERE, LIBRARY = Path(__file__).parent / "page", Path(__file__).parents[1]
ADDRESS = "127.0.0.1"
MOST_BODY = 2 * 1024 * 1024
LOOK = 0.5  # seconds between two looks at the files
BEAT = 15  # seconds after which a silent line of events says that it lives
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Hub:
    """The pages that listen, and what they were told last."""

    def __init__(self, session: Session) -> None:
        self.session, self.queues = session, set()
        self.checks: dict = {}
        self.version, self.stamp = session.storage.version(), session.storage.stamp()
        self.checker = Checker(session.reading, self.judged)

    def tell(self, **event: object) -> None:
        """Send an event to every page."""
        for queue in self.queues:
            queue.put_nowait(event)

    def close(self) -> None:
        """End the lines of events."""
        for queue in self.queues:
            queue.put_nowait(None)

    def judged(self, checks: dict) -> None:
        """What the checks say now."""
        self.checks = checks
        self.tell(checks=checks)

    def wrote(self) -> None:
        """Tell the pages that other files stand on disk, and have them checked."""
        self.version, self.stamp = self.session.storage.version(), self.session.storage.stamp()
        self.tell(version=self.version)
        self.checker.want()

    async def watch(self) -> None:
        """Look at the files, for a spreadsheet or an editor may change them."""
        while True:
            await asyncio.sleep(LOOK)
            heed()
            with suppress(OSError):
                if self.session.storage.stamp() != self.stamp:
                    self.stamp = self.session.storage.stamp()
                    if self.session.storage.version() != self.version:
                        self.wrote()


class Handler(RequestHandler):
    """What every answer has, and who gets one."""

    @property
    def hub(self) -> Hub:
        """The hub."""
        return self.application.settings["hub"]

    def set_default_headers(self) -> None:
        """The headers that keep everybody else out."""
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse whoever is not the page."""
        if not self.known():
            raise HTTPError(403)

    def known(self) -> bool:
        """Whether the request is for this host, with the cookie, from the page or from the address bar."""
        settings, headers = self.application.settings, self.request.headers
        if headers.get_list("Host") != [settings["host"]]:
            return False
        if headers.get("Origin", settings["origin"]) != settings["origin"]:
            return False
        navigates = self.request.method == "GET" and headers.get("Sec-Fetch-Mode") == "navigate" and self.request.path == "/"
        if headers.get("Sec-Fetch-Site", "same-origin") not in (("same-origin", "none") if navigates else ("same-origin",)):
            return False
        return same(self.get_cookie(settings["cookie"], ""), settings["token"])

    def write_error(self, status_code: int, **kwargs: object) -> None:
        """Nothing but the status: who may not be here learns nothing."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("")

    def log_exception(self, typ, value, tb) -> None:
        """A refusal is no event, nor are files that cannot be read; what broke inside is told in the terminal."""
        if not isinstance(value, HTTPError | Usage):
            super().log_exception(typ, value, tb)

    def answer(self, found: object) -> None:
        """Send JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(found, ensure_ascii=False))


class Front(Handler):
    """The page; with the token in the address, the cookie first."""

    def prepare(self) -> None:
        """The token stands for the cookie."""
        settings, token = self.application.settings, self.get_query_argument("token", "")
        if token and self.request.headers.get_list("Host") == [settings["host"]] and same(token, settings["token"]):
            self.set_cookie(settings["cookie"], settings["token"], httponly=True, samesite="Strict", path="/")
            self.redirect("/")
        else:
            super().prepare()

    def get(self) -> None:
        """The page itself."""
        self.render(self.hub.session.page, xsrf=self.xsrf_token.decode())


class File(Handler):
    """A script, the style sheets and the fonts."""

    def get(self, name: str) -> None:
        """Only a file of the list is ever sent."""
        path = files().get(name)
        if path is None:
            raise HTTPError(404)
        self.set_header("Content-Type", f"{TYPES[path.suffix]}; charset=utf-8" if path.suffix != ".woff2" else TYPES[path.suffix])
        self.finish(path.read_bytes())


class Document(Handler):
    """The text, the codes, the codebook."""

    def get(self) -> None:
        """All of it."""
        self.answer(self.hub.session.document())


class State(Handler):
    """The desk."""

    def get(self) -> None:
        """As it stands on disk."""
        self.answer({**self.hub.session.state(), "checks": self.hub.checks})


class Likest(Handler):
    """The sentences of other documents that are most like a number's."""

    def get(self) -> None:
        """Of one item."""
        self.answer(self.hub.session.likest(self.get_query_argument("key", "")))


class Act(Handler):
    """Whatever changes a file."""

    def prepare(self) -> None:
        """JSON alone: no form of another page can send that."""
        super().prepare()
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise HTTPError(415)

    def post(self) -> None:
        """``{"act": …, "seen": version, …}``; 409 with the desk where other files stand on disk, 422 with the reason where it cannot be."""
        session, told, key = self.hub.session, "", ""
        given = self.asked()
        try:
            name, seen = given.pop("act", ""), given.pop("seen", "")
            if name == "undo":
                told = session.undo(seen)
            else:
                told, key = session.act(name, given, seen)
        except Moved:
            self.set_status(409)
            told = "The files were changed meanwhile, by another tab or another program. Nothing of yours was written over them."
        except Usage as problem:
            self.set_status(422)
            told = str(problem)
        else:
            self.hub.wrote()
        self.answer({**session.state(), "checks": self.hub.checks, "told": told, "go": key})

    def asked(self) -> dict:
        """The body of an act; raises 400 where it is none."""
        given = self.body()
        if not isinstance(given.get("act"), str) or not isinstance(given.get("seen"), str):
            raise HTTPError(400)
        return given

    def body(self) -> dict:
        """The body; raises 400 where it is no JSON object."""
        try:
            given = json.loads(self.request.body)
        except ValueError:
            raise HTTPError(400) from None
        if not isinstance(given, dict):
            raise HTTPError(400)
        return given


class Metric(Act):
    """A new metric."""

    def post(self) -> None:
        """``{"cells": …, "wordings": […], "apart": {…} or null}``; 422 with all that is wrong with it."""
        given = self.body()
        cells, wordings, apart = given.get("cells"), given.get("wordings"), given.get("apart")
        texts = [*(cells or {}).values(), *(wordings or []), *(apart or {}).values()] if isinstance(cells, dict) else [None]
        if not isinstance(wordings, list) or not isinstance(apart, dict | None) or not all(isinstance(one, str) for one in texts):
            raise HTTPError(400)
        try:
            self.answer({"metrics": self.hub.session.metric(cells, wordings, apart)})
            self.hub.checker.want()
        except Usage as problem:
            self.set_status(422)
            self.answer({"told": str(problem)})


class Events(Handler):
    """What happens elsewhere, as server-sent events: other files on disk, what the checks say."""

    async def get(self) -> None:
        """A line that stays open."""
        self.queue = queue = asyncio.Queue()
        self.hub.queues.add(queue)
        self.set_header("Content-Type", "text/event-stream")
        queue.put_nowait({"version": self.hub.version, "checks": self.hub.checks})
        with suppress(StreamClosedError, asyncio.CancelledError):
            while event := await self._next():
                self.write(event)
                await self.flush()

    async def _next(self) -> str:
        """The next event as it is sent; empty where the page has gone."""
        try:
            event = await asyncio.wait_for(self.queue.get(), BEAT)
        except TimeoutError:
            return ": still here\n\n"
        return event and f"data: {json.dumps(event, ensure_ascii=False)}\n\n"

    def on_connection_close(self) -> None:
        """The page has gone."""
        self.hub.queues.discard(self.queue)
        self.queue.put_nowait(None)


class Nothing(Handler):
    """Any other address."""

    def get(self) -> None:
        """There is nothing."""
        raise HTTPError(404)


class Icon(Handler):
    """The page has no icon."""

    def get(self) -> None:
        """Nothing to show."""
        self.set_status(204)


def files() -> dict[str, Path]:
    """Every file that the page may ask for, by name."""
    found = {path.name: path for path in HERE.iterdir() if path.suffix in (".js", ".css")}
    found["style.css"] = LIBRARY / "pages" / "assets" / "style.css"
    return found | {path.name: path for path in (LIBRARY / "fonts").glob("*.woff2")}


def application(session: Session, port: int, token: str) -> Application:
    """The application of one review, at one port, for one token."""
    handlers = [
        ("/", Front),
        (r"/page/([\w.-]+)", File),
        ("/api/document", Document),
        ("/api/state", State),
        ("/api/likest", Likest),
        ("/api/act", Act),
        ("/api/metric", Metric),
        ("/api/events", Events),
        ("/favicon.ico", Icon),
    ]
    return Application(
        handlers,
        default_handler_class=Nothing,
        template_path=str(HERE),
        hub=Hub(session),
        token=token,
        cookie=f"tieout-{port}",
        host=f"{ADDRESS}:{port}",
        origin=f"http://{ADDRESS}:{port}",
        xsrf_cookies=True,
        xsrf_cookie_name=f"tieout-xsrf-{port}",
        xsrf_cookie_kwargs={"httponly": True, "samesite": "Strict"},
        log_function=lambda handler: None,
    )


def serve(session: Session, port: int, browser: bool, say: Callable[[str], None]) -> None:
    """Serve a review until it is interrupted; everything is on disk by then. ``port`` 0 is any that is free.

    Raises ``Usage`` where the port is taken.
    """
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    try:
        sockets = bind_sockets(port, ADDRESS)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise Usage(f"Port {port} cannot be used: {error.strerror}. Leave --port out, and a free one is taken.") from None
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_serve(session, sockets, browser, say))


async def _serve(session: Session, sockets: list, browser: bool, say: Callable[[str], None]) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, asyncio.current_task().cancel)  # in good order, between two events
    port, token = sockets[0].getsockname()[1], secrets.token_urlsafe(32)
    made = application(session, port, token)
    hub: Hub = made.settings["hub"]
    server = HTTPServer(made, max_body_size=MOST_BODY, max_buffer_size=2 * MOST_BODY)
    server.add_sockets(sockets)
    hub.checker.want()
    address = f"http://{ADDRESS}:{port}/?token={token}"
    say(f"Reviewing {session.reading.document} at {address} (Ctrl-C ends it; every act is on disk at once)")
    if browser:
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, address)
    try:
        await hub.watch()
    finally:
        server.stop()
        hub.close()
        await hub.checker.close()


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())
