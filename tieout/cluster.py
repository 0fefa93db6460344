"""Editions built on other machines: a task for each on a Dask scheduler; inputs and editions travel through an fsspec location.

An archive of an edition's inputs goes to ``inputs/<sha256>.zip`` of the location, the edition comes back as ``editions/<key>.zip`` and,
written last, ``<key>.json`` with its digest; the key is a digest over all that an edition is made from. Nothing that travels is trusted:
the worker holds inputs, library and versions against their digests, the client every byte of the edition, before it is published here.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import fsspec
from distributed import CancelledError, Client, KilledWorker, as_completed

from tieout import archive, corrections, editions, running
from tieout.fleet import KILLED, Edition, Failure, Say, reason
from tieout.interrupts import held
from tieout.keeping.recipe import LOCK
from tieout.parameters import day
from tieout.problems import Problem, RuleBroken, Usage
from tieout.record import load
from tieout.servers import Servers

RETRIES = 2  # of a task that raised what is no Problem: a location out of reach, say
PATIENCE = 120  # seconds without a scheduler before a run gives up
CODE = "tieout/"
_one_at_a_time = Lock()  # a run changes its process's environment


@dataclass(frozen=True)
class Task:
    """What all editions of a run have in common: where from, through which location, with which parameters and limits."""

    root: Path
    share: str
    given: Mapping[str, str]
    seconds: int = running.CELL_SECONDS
    force: bool = False


@dataclass(frozen=True)
class Job:
    """An edition to be built, as it is sent: ``sources`` are the digests of all its inputs, ``archive`` that of those which travel."""

    country: str
    settings: dict[str, str]
    sources: dict[str, str]
    versions: dict[str, str]
    share: str
    archive: str
    seconds: int
    force: bool

    @property
    def key(self) -> str:
        """The digest over everything that the edition is made from."""
        return _digest(json.dumps([self.country, self.settings, self.sources, self.versions], sort_keys=True).encode())

    @property
    def result(self) -> str:
        """Where the edition goes, without the end of its name."""
        return f"{self.share.rstrip('/')}/editions/{self.key}"


def build(
    named: Sequence[Edition], task: Task, address: str, place_of: Callable[[Edition], Path], say: Say, complain: Say
) -> list[Failure]:
    """Build editions on the workers of the scheduler at ``address``, and publish each in the folder that ``place_of`` names.

    A worker that is lost loses its task to another; a scheduler that comes back is asked again for what is not there yet. Raises
    ``Usage`` where there is no scheduler for ``PATIENCE`` seconds.
    """
    jobs, failures, last = {}, [], time.monotonic()
    for edition in named:
        settings, output = edition.settings(task.given), place_of(edition)
        if not task.force and editions.unchanged(
            task.root, edition.country, output / edition.country, {"country": edition.country, **settings}
        ):
            say(f"{edition.name}: unchanged, nothing to do ({output / edition.country / 'index.html'})")
        else:
            jobs[edition] = _sent(edition.country, settings, task)
    while jobs:
        try:
            with Client(address, timeout=10, set_as_default=False) as client:
                asked = {
                    client.submit(work, job, key=f"{job.country}-{job.key}", retries=RETRIES): edition for edition, job in jobs.items()
                }
                for future in as_completed(asked, loop=client.loop):
                    edition = asked[future]
                    if future.cancelled() or future.status == "lost":
                        continue
                    failure = _taken(edition, jobs.pop(edition), future, task.root, place_of(edition), complain)
                    failures += [failure] if failure else []
                    say(f"[{len(named) - len(jobs)} of {len(named)}] {edition.name}: {'failed' if failure else 'finished'}")
                    last = time.monotonic()
        except (OSError, CancelledError) as error:
            if time.monotonic() - last > PATIENCE:
                raise Usage(f"There is no Dask scheduler at {address}: {error}. What is built already is kept; run again.") from None
        if jobs:
            say(f"The scheduler at {address} went away or is not there yet; asking again for {len(jobs)} of {len(named)} editions.")
            time.sleep(1)
    return sorted(failures, key=lambda failure: named.index(failure.edition))


def work(job: Job) -> tuple[int, str]:
    """On a worker: build the edition and put it into the location, unless it is there; the exit status and what is to be told."""
    with _one_at_a_time:
        try:
            _refuse_another(job)
            if job.force or _stored(job) is None:
                with tempfile.TemporaryDirectory(prefix="tieout-") as folder:
                    _make(job, Path(folder))
            return 0, ""
        except Problem as problem:
            return problem.status, str(problem)


def _make(job: Job, folder: Path) -> None:
    """Build the edition from its archive; the marker is written last."""
    members = _opened(_get(f"{job.share.rstrip('/')}/inputs/{job.archive}.zip"), job.archive)
    archive.write(members, folder)
    running.run(
        job.country,
        folder,
        folder / "outputs",
        job.settings,
        say=lambda _: None,
        seconds=job.seconds,
        servers=_servers(job.sources.get(LOCK, "")),
    )
    built, _ = archive.gather(folder / "outputs" / job.country)
    raw = archive.pack(built)
    _put(f"{job.result}.zip", raw)
    _put(f"{job.result}.json", json.dumps({"sha256": _digest(raw)}).encode())


@cache
def _servers(lock: str) -> Servers:
    """What this worker's kernels are forked from, for all the editions that it builds by a lock of this digest; they end with it."""
    return Servers()


def _refuse_another(job: Job) -> None:
    """End with status 2 where this worker would build other bytes: another library, another Python, other versions."""
    here, ours = _library(), {name: digest for name, digest in job.sources.items() if name.startswith(CODE)}
    apart = sorted(name for name in here.keys() | ours.keys() if here.get(name) != ours.get(name))
    versions = _versions()
    apart += [f"{name} {versions.get(name)} instead of {wanted}" for name, wanted in job.versions.items() if versions.get(name) != wanted]
    if apart:
        raise Usage(
            f"{job.country}: the worker has another tieout ({', '.join(apart[:5])}). Give it the same commit and requirements.lock."
        )


def _versions() -> dict[str, str]:
    return {**editions.versions(), "python": editions.pinned_to()}


@cache
def _library() -> dict[str, str]:
    nowhere = Path(tempfile.gettempdir()) / "nowhere"
    return {name: digest for name, digest in editions.inputs(nowhere, "nowhere").items() if name.startswith(CODE)}


def _sent(country: str, settings: dict[str, str], task: Task) -> Job:
    """Put an edition's inputs into the location, and say what is to be done with them."""
    sources = editions.inputs(task.root, country)
    raw = archive.pack({name: (task.root / name).read_bytes() for name in sources if not name.startswith(CODE)})
    job = Job(country, settings, sources, _versions(), task.share, _digest(raw), task.seconds, task.force)
    _put(f"{task.share.rstrip('/')}/inputs/{job.archive}.zip", raw)
    return job


def _taken(edition: Edition, job: Job, future, root: Path, output: Path, complain: Say) -> Failure | None:
    """The failure of an edition, told in full; None where it is published."""
    try:
        status, message = _broken(edition, future.exception()) if future.status == "error" else future.result()
        if not status:
            _publish(job, root, output)
            return None
    except Problem as problem:
        status, message = problem.status, str(problem)
    complain("\n".join(f"{edition.name} | {line}" for line in message.splitlines()))
    return Failure(edition, status, reason(message, edition.country))


def _broken(edition: Edition, error: BaseException) -> tuple[int, str]:
    """The status and the message of a task that its workers did not survive, or that raised what no run should."""
    status = KILLED if isinstance(error, KilledWorker) else RuleBroken.status
    return status, f"{edition.country}: {type(error).__name__} on the worker: {error}"


def _publish(job: Job, root: Path, output: Path) -> None:
    """Fetch an edition, hold every byte against its manifest, and publish it as a local run would."""
    place, members = output / job.country, _stored(job)
    if members is None:
        raise RuleBroken(f"{job.country}: the edition in the location is not what its worker made. Run again with --force.")
    with editions.building(output, job.country) as workshop:
        archive.write(members, workshop / "edition")
        told = json.loads(members[editions.MANIFEST])
        if told["inputs"] != job.sources or told["outputs"] != editions.outputs(workshop / "edition"):
            raise RuleBroken(f"{job.country}: the edition that came back is not what was asked for. Run again with --force.")
        as_of = job.settings.get("as_of", "")
        corrections.guard(place, workshop / "edition", load(job.country, root, day(as_of) if as_of else None))
        with held():
            editions.publish(workshop / "edition", place)


def _stored(job: Job) -> dict[str, bytes] | None:
    """The edition that is in the location already; None where none is, or where it is not whole."""
    try:
        return _opened(_get(f"{job.result}.zip"), json.loads(_get(f"{job.result}.json"))["sha256"])
    except (FileNotFoundError, ValueError, KeyError, RuleBroken):
        return None


def _opened(raw: bytes, digest: str) -> dict[str, bytes]:
    """The files of an archive that must have a digest."""
    members, faults = archive.unpack(raw)
    if _digest(raw) != digest or faults:
        raise RuleBroken(f"The archive {digest[:12]}… was changed on its way. Run again with --force.")
    return members


def _get(url: str) -> bytes:
    with fsspec.open(url, "rb") as file:
        return file.read()


def _put(url: str, raw: bytes) -> None:
    """Write a file whole: a reader sees all of it or nothing (object stores by themselves, others by a rename)."""
    system, path = fsspec.core.url_to_fs(url, auto_mkdir=True) if url.startswith("file:") else fsspec.core.url_to_fs(url)
    with system.transaction, system.open(path, "wb") as file:
        file.write(raw)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
