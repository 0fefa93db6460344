"""The text of a report as it is published: plain text, an HTML page or a PDF.

HTML and PDF are read in a process of their own with limits on time and memory, for a file from anywhere may be made to take all of both.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from tieout.characters import control, named, shown
from tieout.interrupts import dying_with_parent
from tieout.problems import Usage
from tieout.record import MOST_SEED_BYTES

SECONDS, MEMORY, MOST_BYTES = 120, 2 * 2**30, 100 * 2**20
WAITING = 3  # times as long by the clock as on the processor, which others may be using
TEXT, HTML, PDF = "text", "an HTML page", "a PDF"
SUFFIXES = {".txt": TEXT, ".html": HTML, ".htm": HTML, ".xhtml": HTML, ".pdf": PDF}
READERS = {HTML: "lxml", PDF: "pypdfium2"}
_MARKUP = re.compile(rb"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b")
_LONGEST_KNOWN = 300  # characters of a title, a name or an address
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Extract:
    """A document's text, with the bytes that it comes from.

    ``known`` is what the document says of itself (title, publisher, …), ``told`` what a person should know about the text, ``how`` where
    the text is from, in a sentence for the register; it is empty where the document is its text. ``part`` is whether only some pages
    were read.
    """

    kind: str
    raw: bytes
    text: str
    known: dict[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    how: str = ""
    part: bool = False

    @property
    def suffix(self) -> str:
        """The suffix of the original that is kept."""
        return {HTML: ".html", PDF: ".pdf"}.get(self.kind, ".txt")


def extract(file: Path, pages: str = "") -> Extract:
    """The text of ``file``; of a PDF, of the pages that ``pages`` names.

    Raises ``Usage`` where it is none of the three kinds, or has no text to give.
    """
    raw = _bytes(file)
    kind = kind_of(file, raw)
    if kind == TEXT:
        if pages:
            raise Usage(f"{file} is text; --pages is for PDFs. Nothing was changed.")
        return Extract(kind, raw, _text(file, raw))
    found = _read(file, raw, kind, pages)
    text = found["text"]
    if letter := control(text):
        raise Usage(f"{file} holds the control character {named(letter)}, which no text holds. Save it anew; nothing was changed.")
    if len(text.encode("utf-8")) > MOST_SEED_BYTES:
        raise Usage(f"{file} has more text than any report ({MOST_SEED_BYTES // 2**20} MiB); nothing was changed.")
    part = f", pages {pages} of the file," if pages else ""
    how = f"Text extracted from {kind}{part} by {READERS[kind]} {version(READERS[kind])}."
    known = {name: value for name, value in found["known"].items() if len(value) <= _LONGEST_KNOWN}
    return Extract(kind, raw, text, known, tuple(map(shown, found["told"])), how, bool(pages))


def kind_of(file: Path, raw: bytes) -> str:
    """The kind that both the name of a file and its first bytes say. Raises ``Usage`` where they do not agree."""
    named_kind = SUFFIXES.get(file.suffix.lower(), "")
    if not named_kind:
        raise Usage(f"{file} is no .txt, .html or .pdf file. Save the report as one of these; nothing was changed.")
    if not raw.strip():
        raise Usage(f"{file} holds no text: {'it is empty' if not raw else 'nothing but blanks'}. Fetch it again; nothing was changed.")
    held = PDF if b"%PDF-" in raw[:1024] else HTML if _MARKUP.match(raw[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")) else ""
    if named_kind == PDF and held != PDF:
        hint = f"it is {held}, perhaps one that asks to log in" if held else f"its first bytes are {raw[:8]!r}"
        raise Usage(f"{file} is no PDF: {hint}. Fetch it again; nothing was changed.")
    if named_kind != held and held:
        suffix = ".pdf" if held == PDF else ".html"
        told = f"its first bytes are those of {held}. Name it {file.stem}{suffix}"
        raise Usage(f"{file} is no {file.suffix.lower()} file: {told}; nothing was changed.")
    if named_kind == HTML and not re.search(rb"<\s*/?[a-zA-Z]", raw.replace(b"\0", b"")):
        raise Usage(f"{file} is no HTML page: it has no markup. Name it {file.stem}.txt if it is text; nothing was changed.")
    return named_kind


def _bytes(file: Path) -> bytes:
    try:
        size = file.stat().st_size if file.is_file() else -1
    except OSError as error:
        raise Usage(f"{str(file)[:100]} cannot be read: {error.strerror}.") from None
    if size < 0:
        raise Usage(f"{file} is not there, or is no file.")
    most = MOST_SEED_BYTES if SUFFIXES.get(file.suffix.lower(), TEXT) == TEXT else MOST_BYTES
    if size > most:
        raise Usage(f"{file} is larger than any report ({most // 2**20} MiB); nothing was changed.")
    return file.read_bytes()


def _text(file: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Usage(f"{file} is not UTF-8 text (byte {error.start}). Save it as UTF-8; nothing was changed.") from None
    if letter := control(text):
        raise Usage(f"{file} holds the control character {named(letter)}, which no text holds. Save its text anew; nothing was changed.")
    return text


def _read(file: Path, raw: bytes, kind: str, pages: str) -> dict:
    """What the reader's own process found. Raises ``Usage`` where it found no text, or a limit."""
    command = [sys.executable, "-m", "tieout.extracting", kind, pages]
    try:
        done = subprocess.run(command, cwd=_ROOT, input=raw, capture_output=True, timeout=WAITING * SECONDS, preexec_fn=_limits())
    except subprocess.TimeoutExpired:
        raise Usage(
            f"{file} was not read within {WAITING * SECONDS} seconds, and no report takes that long. Nothing was changed."
        ) from None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise Usage(f"{file} {_ended(done)} Nothing was changed.") from None
    if "fault" in found:
        raise Usage(f"{file} {found['fault']} Nothing was changed.")
    return found


def _ended(done: subprocess.CompletedProcess) -> str:
    """Why the reader gave no answer."""
    if done.returncode == -getattr(signal, "SIGXCPU", 0):
        return f"was not read within {SECONDS} seconds of work, and no report takes that long."
    why = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
    return f"cannot be read: what reads it broke on it ({why}). Print it to a new PDF or save the page anew, and add that."


def _limits() -> Callable[[], None] | None:
    """What the reader's process does before it starts: it takes its limits, and asks to die with this one (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    import resource

    dying = dying_with_parent(signal.SIGKILL)
    most = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_CORE: 0}
    hard = {which: resource.getrlimit(which)[1] for which in most}

    def limited() -> None:
        for which, limit in most.items():
            resource.setrlimit(which, (limit if hard[which] == resource.RLIM_INFINITY else min(limit, hard[which]), hard[which]))
        if dying is not None:
            dying()

    return limited
