"""The same bytes, every time, anywhere: an edition is built twice, the second time with everything otherwise that can be.

``make reproduce`` runs it and writes ``docs/reproduce.md``. What differs is told by file, place and cause. The exit status is
0 where every byte is the same, 1 where one is not, 2 where in CI a circumstance could not be arranged that ``--allow`` does not name.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

from bench import leaks
from bench.bytewise import differing, told
from bench.causes import causes
from bench.faulty import PARTS, REPOSITORY
from bench.variations import VARIATIONS, World, probed, world

RUN = "(the run itself)"
MOST = 12  # files told at length
Say = Callable[[str], None]
ABOUT = (
    "# The same bytes, every time, anywhere",
    "",
    "Written by `make reproduce`; do not edit.",
    "",
    "An edition is built from a clean copy of what is committed, then again with every circumstance below otherwise at once. A look",
    "from inside holds each to be otherwise. Every file is compared, byte for byte, and its permissions. Where one differs, it is built",
    "again with half of the circumstances otherwise, with half of those, and so on, until its cause has a name.",
)


@dataclass
class Press:
    """Builds editions of one tree in worlds of its own; ``usual`` is the edition that every other is held against."""

    source: Path
    folder: Path
    names: Collection[str] = tuple(VARIATIONS)
    lacking: dict[str, str] = field(default_factory=dict)
    built: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "tools").mkdir()
        self.usual, self.probe = self.folder / "usual", {}

    def make(self, moved: Collection[str], python: str = sys.executable) -> World:
        """A world with these circumstances otherwise."""
        self.built += 1
        desk = self.folder / "world"  # always the same, so that a path tells nothing but the path that was varied
        desk.mkdir()
        return world(desk, self.source, self.folder / "tools", frozenset(moved), self.lacking, python)

    def build(self, moved: Collection[str], place: Path, python: str = sys.executable, probe: bool = False) -> str:
        """An edition, kept in ``place``; what the run complained of, empty where it ended well."""
        made = self.make(moved, python)
        try:
            if probe:
                self.check(moved, probed(made))
            done = made.run(made.root / "pipeline.py", "run", "bel", "--force", "--require-signed", "--output", made.root / "outputs")
            shutil.rmtree(place, ignore_errors=True)
            if done.returncode:
                return f"exit status {done.returncode}: {done.stderr.strip()[-3000:]}"
            shutil.copytree(made.root / "outputs" / "bel", place, symlinks=True)
            return ""
        finally:
            made.end()

    def check(self, moved: Collection[str], probe: dict[str, str]) -> None:
        """Hold a world against the usual one from inside: what should be otherwise and is not was not arranged."""
        if not self.probe:
            self.probe = probe
            return
        for name in moved:
            if probe[name] == self.probe[name]:
                self.lacking.setdefault(name, f"it was arranged, yet from inside it looks the same: {probe[name][:80]}")

    def trial(self, moved: Collection[str]) -> set[str]:
        """The files that differ from the usual edition when these circumstances are otherwise."""
        place = self.folder / "trial"
        return {RUN} if self.build(moved, place) else set(differing(self.usual, place))


@dataclass
class Found:
    """What two editions have apart: each file's first difference, and its causes."""

    files: int
    apart: dict[str, list[str]]
    causes: dict[str, list[str]] = field(default_factory=dict)


def reproduced(press: Press, say: Say = print, why: bool = True, python: str = sys.executable) -> Found:
    """Build the usual edition, where there is none yet, and another with everything otherwise; hold them against each other.

    Raises ``RuntimeError`` where the usual one cannot be built.
    """
    if not press.usual.exists():
        complaint = press.build([], press.usual, probe=True)
        if complaint:
            raise RuntimeError(f"The edition cannot be built as usual: {complaint}")
    other = press.folder / "other"
    complaint = press.build(press.names, other, python, probe=True)
    files = sum(path.is_file() for path in press.usual.rglob("*"))
    moved = [RUN] if complaint else differing(press.usual, other)
    found = Found(files, {name: [complaint] if complaint else told(press.usual / name, other / name) for name in moved})
    for line in shown(found, press.usual, other):
        say(line)
    if moved and why:
        say("Looking for the cause, one build at a time …")
        sought = [name for name in press.names if name not in press.lacking]
        found.causes = causes(moved, sought, press.trial)
        for name, those in found.causes.items():
            say(f"{name}: {'; '.join(those)}")
    return found


def shown(found: Found, one: Path, other: Path) -> Iterable[str]:
    """What differs, for the terminal; with diffoscope's own words where it is installed."""
    for name, lines in list(found.apart.items())[:MOST]:
        yield f"DIFFERS {name}"
        yield from (f"    {line}" for line in lines)
    if len(found.apart) > MOST:
        yield f"and {len(found.apart) - MOST} more: {', '.join(list(found.apart)[MOST:])}"
    if found.apart and RUN not in found.apart and shutil.which("diffoscope"):
        name = next(iter(found.apart))
        command = ["diffoscope", "--max-report-size", "4000", "--text", "-", str(one / name), str(other / name)]
        yield subprocess.run(command, capture_output=True, text=True).stdout


def committed(folder: Path, parts: Collection[str] = PARTS) -> Path:
    """A clean copy of what is committed."""
    archive = subprocess.run(["git", "archive", "HEAD", "--", *parts], cwd=REPOSITORY, capture_output=True)
    if archive.returncode:
        raise RuntimeError(f"git gives no copy of what is committed: {archive.stderr.decode('utf-8', 'replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def interpreter(given: str, folder: Path) -> str:
    """A Python that has what the lock pins: the one given, or an environment made with it."""
    path = shutil.which(given)
    if not path:
        raise RuntimeError(f"There is no {given} on this machine.")
    ready = "import importlib.metadata as m, sys; sys.exit(m.version('papermill') != sys.argv[1])"
    if subprocess.run([path, "-c", ready, version("papermill")], capture_output=True).returncode == 0:
        return os.path.abspath(path)
    place = folder / f"python-{version_of(path)}"
    subprocess.run([path, "-m", "venv", str(place)], check=True)
    install = ["-m", "pip", "-qq", "--disable-pip-version-check", "--no-input", "install", "--require-hashes"]
    subprocess.run([place / "bin" / "python", *install, "-r", str(REPOSITORY / "requirements.lock")], check=True)
    return str(place / "bin" / "python")


def version_of(python: str) -> str:
    """Major and minor version."""
    told = subprocess.run([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def page(found: dict[str, Found], press: Press, minutes: int) -> str:
    """The result as a page of Markdown."""
    lines = [*ABOUT, f"It took {minutes} minutes.", "", "| built again by | files | of them otherwise |", "|---|---:|---:|"]
    lines += [f"| {name} | {one.files} | {len(one.apart)} |" for name, one in found.items()]
    lines += ["", "| circumstance | as usual, and otherwise | arranged |", "|---|---|---|"]
    for name in press.names:
        lines.append(f"| {name} | {VARIATIONS[name].why} | {'**no**: ' + press.lacking[name] if name in press.lacking else 'yes'} |")
    for by, one in found.items():
        lines += ["", f"## Otherwise by {by}", ""] if one.apart else []
        lines += [f"- `{name}`: {told_[0] if told_ else ''} (cause: {'; '.join(one.causes.get(name, ['not sought']))})"
                  for name, told_ in one.apart.items()]  # fmt: skip
    return "\n".join(lines) + "\n"


def self_test(
    folder: Path,
    names: Collection[str],
    planted: Callable[[Path, Collection[str]], None] = leaks.plant,
    source: Path | None = None,
    say: Say = print,
) -> list[str]:
    """Plant leaks, run the whole comparison, and tell what was not found or not named rightly."""
    tree = source or committed(folder / "tree")
    planted(tree, names)
    press = Press(tree, folder / "press")
    found = reproduced(press, say)
    wrong = []
    for name in names:
        file = leaks.file_of(name)
        if name in press.lacking:
            wrong.append(f"{name}: not arranged ({press.lacking[name]})")
        elif file not in found.apart:
            wrong.append(f"{name}: planted, and not reported")
        elif found.causes.get(file) != [name]:
            wrong.append(f"{name}: reported with the cause {'; '.join(found.causes.get(file, []))}")
    strange = [name for name in found.apart if name.startswith("leak-") and name not in map(leaks.file_of, names)]
    return wrong + [f"{name}: reported, and not planted" for name in strange]


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(prog="make reproduce", description=__doc__)
    parser.add_argument("--python", action="append", default=[], metavar="PYTHON", help="build the other edition with this Python as well")
    parser.add_argument("--committed", action="store_true", help="compare with the committed edition, outputs/bel, too")
    parser.add_argument("--allow", action="append", default=[], choices=list(VARIATIONS), metavar="NAME",
                        help="a circumstance that need not be arranged in CI: " + ", ".join(VARIATIONS))  # fmt: skip
    parser.add_argument(
        "--self-test", action="store_true", help="plant leaks in the copy, and see that each is reported and its cause named"
    )
    parser.add_argument("--leak", action="append", default=[], choices=list(leaks.LEAKS), metavar="NAME", help="for --self-test: this leak")
    parser.add_argument("--write", type=Path, default=REPOSITORY / "docs" / "reproduce.md")
    options = parser.parse_args()
    if options.leak and not options.self_test:
        parser.error("--leak is for --self-test")
    if not sys.platform.startswith("linux"):
        parser.error("the circumstances are arranged as Linux has them; run this on Linux")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))  # worlds are taken down whoever ends this
    with tempfile.TemporaryDirectory(prefix="tr-") as folder:
        try:
            return tested(Path(folder), options) if options.self_test else compared(Path(folder), options)
        except (RuntimeError, subprocess.SubprocessError) as error:
            print(error, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("Interrupted. Every world is taken down.", file=sys.stderr)
            return 130


def tested(folder: Path, options: argparse.Namespace) -> int:
    """The self-test at the command line."""
    names = options.leak or leaks.USUAL
    wrong = self_test(folder, names, say=partial(print, flush=True))
    for line in wrong:
        print(f"WRONG {line}")
    print(f"{len(names)} leaks planted ({', '.join(names)}), {len(wrong)} not found or not named rightly.")
    return int(bool(wrong))


def compared(folder: Path, options: argparse.Namespace) -> int:
    """The comparison at the command line."""
    began, found = time.monotonic(), {}
    press = Press(committed(folder / "tree"), folder / "press")
    for given in options.python or [sys.executable]:
        python = interpreter(given, folder)
        name = f"Python {version_of(python)}"
        print(f"Building as usual and otherwise, by {name} …", flush=True)
        found[name] = reproduced(press, partial(print, flush=True), python=python)
    if options.committed:
        found["the committed edition"] = against_committed(press, folder)
    minutes = max(1, round((time.monotonic() - began) / 60))
    options.write.write_text(page(found, press, minutes), encoding="utf-8")
    for name, reason in press.lacking.items():
        print(f"NOT ARRANGED {name}: {reason}")
    apart = sum(len(one.apart) for one in found.values())
    arranged = len(press.names) - len(press.lacking)
    print(f"{arranged} of {len(press.names)} circumstances otherwise, {press.built} builds, {minutes} minutes: {apart} files differ.")
    return status(apart, set(press.lacking) - set(options.allow), os.environ.get("CI") == "true")


def status(apart: int, unmet: Collection[str], ci: bool) -> int:
    """The exit status where so many files differ and these circumstances could not be arranged."""
    if apart:
        return 1
    return 2 if unmet and ci else 0


def against_committed(press: Press, folder: Path) -> Found:
    """The usual edition beside the one that is committed."""
    place = committed(folder / "committed", ["outputs/bel"]) / "outputs" / "bel"
    moved = differing(press.usual, place)
    found = Found(sum(path.is_file() for path in place.rglob("*")), {name: told(place / name, press.usual / name) for name in moved})
    for line in shown(found, place, press.usual):
        print(line)
    return found


if __name__ == "__main__":
    sys.exit(main())
