"""A desk for faults in the run: a frozen copy of the repository, a last edition, and what is left after each fault."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PARTS = ("tieout", "data", "seeds", "notebooks", "pipeline.py", "requirements.lock")
GONE_SECONDS, MOST_SECONDS, MOST_BYTES = 5, 400, 2**20


@dataclass
class Ended:
    """How a run ended: its exit status, what it told, and how long it took."""

    status: int
    out: str
    err: str
    seconds: float

    @property
    def told(self) -> str:
        """The first line of the message; the last line of the progress where there is none."""
        return next(
            iter((self.err.strip() or self.out.strip()).splitlines()[:1] if self.err.strip() else self.out.strip().splitlines()[-1:]), ""
        )


@dataclass
class Found:
    """What one fault did, measured."""

    fault: str
    wanted: int
    ended: Ended
    intact: bool
    left: list[str]
    after: str
    wrong: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return not self.wrong

    def row(self) -> str:
        """A row of the table."""
        told = re.sub(r"/[\w/.-]*run-faults-\w+", "…", self.ended.told).replace("|", "\\|")  # no path of this machine
        told = told if len(told) <= 150 else f"{told[:150]} …"
        left = "yes" if not self.left else f"**no**: {', '.join(self.left)}"
        broken = "" if self.well else f" **{'; '.join(self.wrong)}**"
        return f"| {self.fault} | {self.ended.status}{broken} | {told} | {'yes' if self.intact else '**no**'} | {left} | {self.after} |"


class Desk:
    """A copy of the repository with a last edition beside it; every run gets a temporary folder and a mark of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root, self.output = folder, folder / "copy", folder / "outputs"
        self.temporary = Path(tempfile.mkdtemp(prefix="rf-", dir="/tmp"))
        self.mark = f"TIEOUT_FAULTS={uuid.uuid4().hex}"
        self.fresh()

    def fresh(self) -> None:
        """The repository as it was, and nothing else."""
        if not (self.folder / "frozen").exists():
            for part in PARTS:
                copy = shutil.copytree if (REPOSITORY / part).is_dir() else shutil.copy
                (self.folder / "frozen").mkdir(parents=True, exist_ok=True)
                copy(REPOSITORY / part, self.folder / "frozen" / part)
            for cache in list((self.folder / "frozen").rglob("__pycache__")):
                shutil.rmtree(cache)
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.folder / "frozen", self.root)

    def build(self) -> float:
        """The last edition; returns how long a run takes."""
        ended = self.run("bel", "--force")
        assert ended.status == 0, ended.err
        self.edition = contents(self.output / "bel")
        return ended.seconds

    def pretend(self) -> None:
        """A last edition that nobody built, but that a run takes for one that is up to date: a page and a true manifest."""
        from tieout import editions

        place = self.output / "bel"
        (place / "figures").mkdir(parents=True)
        (place / "index.html").write_text("<title>The last edition</title>", encoding="utf-8")
        (place / "figures" / "a.csv").write_text("a,b\n", encoding="utf-8")
        told = editions.manifest("bel", place, editions.inputs(self.folder / "frozen", "bel"), {"country": "bel"}, {})
        (place / editions.MANIFEST).write_text(json.dumps(told), encoding="utf-8")
        self.edition = contents(place)

    def restore(self) -> None:
        """The last edition as it was: one fault that harms it must not pass for harm by the next."""
        if contents(self.output / "bel") != self.edition:
            shutil.rmtree(self.output / "bel")
            for name, content in self.edition.items():
                (self.output / "bel" / name).parent.mkdir(parents=True, exist_ok=True)
                (self.output / "bel" / name).write_bytes(content)

    def start(self, *arguments: object, output: Path | None = None, before: list[str] | None = None, **settings) -> subprocess.Popen:
        """A run under way."""
        name, _, value = self.mark.partition("=")
        environment = {**os.environ, "TMPDIR": str(self.temporary), name: value, **settings.pop("env", {})}
        command = [*(before or []), sys.executable, str(self.root / "pipeline.py"), "run", *map(str, arguments)]
        command += ["--output", str(output or self.output)]
        settings |= {"start_new_session": True, "preexec_fn": heeding, "cwd": self.folder}
        self.said = [self.folder / "said-out", self.folder / "said-err"]
        with self.said[0].open("wb") as out, self.said[1].open("wb") as err:
            return subprocess.Popen(command, env=environment, **{"stdout": out, "stderr": err, **settings})

    def run(self, *arguments: object, **settings) -> Ended:
        """A run to its end."""
        return self.end(self.start(*arguments, **settings), time.monotonic())

    def end(self, process: subprocess.Popen, began: float) -> Ended:
        """Wait for a run to end; one that does not, or that prints without end, is killed, and tells so."""
        said, told = self.said, ""
        while process.poll() is None:
            time.sleep(0.02)
            if time.monotonic() - began > MOST_SECONDS or sum(path.stat().st_size for path in said) > MOST_BYTES:
                process.kill()
                process.wait()
                told = "DID NOT END, or printed without end. "
        out, err = (path.read_bytes()[:MOST_BYTES].decode("utf-8", "replace") for path in said)
        return Ended(process.returncode, out, told + err, time.monotonic() - began)

    def cell(self, source: str, name: str = "1_validate", place: int = 2) -> None:
        """Put ``source`` in the place of a cell."""
        path = self.root / "notebooks" / f"{name}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"][place]["source"] = source
        path.write_text(json.dumps(notebook), encoding="utf-8")

    def alive(self) -> list[int]:
        """Processes that a run of this desk started, however they are called now."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.mark.encode() in path.read_bytes() and "Z" not in path.with_name("stat").read_text().rpartition(")")[2].split()[0]:
                    found.append(int(path.parent.name))
            except OSError:
                continue
        return found

    def processes_left(self) -> list[str]:
        """The processes that are still there after a few seconds; they are killed for the next fault."""
        until = time.monotonic() + GONE_SECONDS
        while self.alive() and time.monotonic() < until:
            time.sleep(0.2)
        left = self.alive()
        for one in left:
            os.kill(one, signal.SIGKILL)
        return [f"process {one}" for one in left]

    def files_left(self) -> list[str]:
        """What stands in the temporary folder and beside the edition, and sockets that are still open."""
        left = [path.name for path in self.temporary.iterdir()] + [path.name for path in self.output.glob(".*")]
        sockets = [line for line in Path("/proc/net/unix").read_text().splitlines() if str(self.temporary) in line]
        return left + [f"socket {line.split()[-1]}" for line in sockets]

    def judge(self, fault: str, wanted: int, ended: Ended, says: str = "", killed: bool = False, rebuild: bool = False) -> Found:
        """What the fault did; then the next run, which must work and leave nothing."""
        left = self.processes_left() + ([] if killed else self.files_left())
        intact = contents(self.output / "bel") == self.edition
        self.fresh()
        self.restore()
        following = self.run("bel", *(["--force"] if rebuild else []))
        after = "rebuilt, same bytes" if rebuild else "up to date"
        if following.status or contents(self.output / "bel") != self.edition or ("unchanged" in following.out) == rebuild:
            after = f"**no**: {following.status} {following.told}"
        left += [f"{name} after the next run" for name in [*self.processes_left(), *self.files_left()]]
        found = Found(fault, wanted, ended, intact, left, after)
        found.wrong = list(self._wrong(found, says))
        return found

    def _wrong(self, found: Found, says: str):
        ended = found.ended
        if ended.status != found.wanted:
            yield f"wanted {found.wanted}"
        if says not in ended.err:
            yield f"does not say {says!r}"
        if "Traceback" in ended.err or "Exception ignored" in ended.err or "Task was" in ended.err:
            yield "a traceback"
        if len(ended.err.splitlines()) > 24 or len(ended.err) > 6000:
            yield "more than a screen"
        if found.wanted and ": done" in ended.out:
            yield "claims success"
        if not found.intact or found.left or found.after.startswith("**no**"):
            yield "leaves something"

    def close(self) -> None:
        shutil.rmtree(self.temporary, ignore_errors=True)


def heeding() -> None:
    """What a run does before it starts: it heeds every signal, also where this campaign was started to ignore some."""
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
