"""Faults of the world around a run: disks, clocks, fonts, files, bugs, two runs at once, a reader who goes away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faulty import REPOSITORY, Desk, Ended, Found, contents

YEAR = 31_557_600
SLEEP = "import time\ntime.sleep(3600)"


class Skipped(Exception):
    """A fault that cannot be made on this machine, and why."""


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small file system of its own."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True, text=True)
    if done.returncode:
        raise Skipped(f"mounting needs root: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def elsewhere(desk: Desk, name: str, wanted: int, ended: Ended, place: Path, says: str, **more) -> Found:
    """Judge a run whose output folder was ``place``, which held a copy of the last edition."""
    same = contents(place / "bel") == desk.edition
    left = [path.name for path in place.glob(".*")]
    found = desk.judge(name, wanted, ended, says, **more)
    found.intact = found.intact and same
    found.left += left
    if left or not same:
        found.wrong.append("leaves something")
    return found


def disk_full(kib: int) -> Callable[[Desk, str], Found]:
    """The disk fills when so many KiB of the new edition are written."""

    def fault(desk: Desk, name: str) -> Found:
        size = sum(len(content) // 4096 * 4 + 8 for content in desk.edition.values())
        with mounted(desk.folder / "small", f"size={size + kib}k") as place:
            shutil.copytree(desk.output / "bel", place / "bel")
            ended = desk.run("bel", "--force", output=place)
            return elsewhere(desk, name, 2 if ended.status == 2 else 3, ended, place, "No space left on device")

    return fault


def temporary_full(desk: Desk, name: str) -> Found:
    """No room in the temporary folder: there are others."""
    with mounted(desk.folder / "full", "size=4k,nr_inodes=1") as place:
        return desk.judge(name, 0, desk.run("bel", "--force", env={"TMPDIR": str(place)}))


def file_limit(desk: Desk, name: str) -> Found:
    """Files may not grow beyond 300 kB (ulimit -f)."""
    if not shutil.which("prlimit"):
        raise Skipped("there is no prlimit")
    ended = desk.run("bel", "--force", before=["prlimit", "--fsize=300000"])
    return desk.judge(name, 2 if ended.status == 2 else 3, ended, "File too large")


def read_only(desk: Desk, name: str) -> Found:
    """The output folder stands on a file system that may only be read."""
    with mounted(desk.folder / "fixed", "size=64m") as place:
        shutil.copytree(desk.output / "bel", place / "bel")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        return elsewhere(desk, name, 2, desk.run("bel", "--force", output=place), place, "Read-only file system")


def not_ours(desk: Desk, name: str) -> Found:
    """The output folder belongs to somebody else."""
    if os.getuid():
        desk.output.chmod(0o555)
        try:
            ended = desk.run("bel", "--force")
        finally:
            desk.output.chmod(0o755)
        return desk.judge(name, 2, ended, "Permission denied")
    if not shutil.which("setpriv"):
        raise Skipped("there is no setpriv")
    before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    home = desk.temporary / "home"
    home.mkdir()
    try:
        os.chown(home, 65534, 65534)
        for folder in (desk.folder, desk.temporary):
            folder.chmod(0o777)
        ended = desk.run("bel", "--force", before=before, env={"HOME": str(home)})
    finally:
        shutil.rmtree(home)
    return desk.judge(name, 2, ended, "Permission denied")


def two_at_once(desk: Desk, name: str) -> Found:
    """A second run of the same edition while the first is at work; the first then goes on to be interrupted."""
    desk.cell(SLEEP)
    first = desk.start("bel")
    wait_for(desk.output, ".building-bel-*")
    ended = desk.run("bel")
    first.send_signal(signal.SIGINT)
    first.wait()
    return desk.judge(name, 2, ended, "Another run is building bel")


def outer_kernel_kill(desk: Desk, name: str) -> Found:
    """The kernel is killed from outside, in the middle of a cell."""
    desk.cell(f"open('begun', 'w').close()\n{SLEEP}")
    began, process = time.monotonic(), desk.start("bel")
    wait_for(desk.output, ".building-bel-*/begun")
    for one in desk.alive():
        if one != process.pid:
            os.kill(one, signal.SIGKILL)
    return desk.judge(name, 3, desk.end(process, began), "cell 3 did not end: its kernel died (signal 9)")


def orphan(desk: Desk, name: str) -> Found:
    """The pipeline is killed while a cell hangs in C: nothing in the kernel itself could notice."""
    desk.cell("open('begun', 'w').close()\nimport re\nre.match('(a+)+$', 'a' * 60 + 'b')")
    began, process = time.monotonic(), desk.start("bel")
    wait_for(desk.output, ".building-bel-*/begun")
    process.kill()
    return desk.judge(name, -signal.SIGKILL, desk.end(process, began), killed=True)


def impatient(desk: Desk, name: str) -> Found:
    """Ctrl-C five times in quick succession."""
    return signalled(desk, name, [signal.SIGINT] * 5)


def hung_up(desk: Desk, name: str) -> Found:
    """The terminal closes."""
    return signalled(desk, name, [signal.SIGHUP])


def signalled(desk: Desk, name: str, signals: list[int]) -> Found:
    """A run, in a cell that sleeps, gets signals."""
    desk.cell(f"open('begun', 'w').close()\n{SLEEP}")
    began, process = time.monotonic(), desk.start("bel")
    wait_for(desk.output, ".building-bel-*/begun")
    for one in signals:
        process.send_signal(one)
        time.sleep(0.03)
    return desk.judge(name, 130, desk.end(process, began), "Interrupted.")


def several(desk: Desk, name: str) -> Found:
    """Two countries at once (--jobs 2), and the parent is asked to end."""
    for part in ("data", "seeds"):
        shutil.copytree(desk.root / part / "bel", desk.root / part / "xyz")
    desk.cell(f"open('begun', 'w').close()\n{SLEEP}")
    began, process = time.monotonic(), desk.start("--jobs", 2)
    wait_for(desk.output, ".building-bel-*/begun")
    process.terminate()
    found = desk.judge(name, 130, desk.end(process, began), "Interrupted.")
    shutil.rmtree(desk.output / "xyz", ignore_errors=True)
    return found


def dial(desk: Desk, years: float) -> tuple[Path, dict[str, str]]:
    """A file that says how far the clock is off, and the environment of a run that goes by it."""
    compiler, library, path = shutil.which("cc"), desk.folder / "clock.so", desk.folder / "dial"
    if not compiler:
        raise Skipped("there is no C compiler for bench/clock.c")
    source = REPOSITORY / "bench" / "clock.c"
    done = subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], capture_output=True, text=True)
    if done.returncode:
        raise Skipped(f"bench/clock.c does not compile: {done.stderr.strip().splitlines()[0]}")
    path.write_text(f"{round(years * YEAR)}\n")
    return path, {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(path)}


def clock(years: float) -> Callable[[Desk, str], Found]:
    """The whole run by a clock that is years off."""

    def fault(desk: Desk, name: str) -> Found:
        return desk.judge(name, 0, desk.run("bel", "--force", env=dial(desk, years)[1]))

    return fault


def clock_moved(desk: Desk, name: str) -> Found:
    """The clock goes back two years in the middle of the run."""
    path, environment = dial(desk, 0)
    began, process = time.monotonic(), desk.start("bel", "--force", env=environment)
    wait_for(desk.output, ".building-bel-*/edition/trends.csv")
    path.write_text(f"{-2 * YEAR}\n")
    return desk.judge(name, 0, desk.end(process, began))


def font_gone(desk: Desk, name: str) -> Found:
    """A font of the figures is not there."""
    (desk.root / "tieout" / "fonts" / "SourceSans3-SemiBold.ttf").unlink()
    return desk.judge(name, 3, desk.run("bel"), "SourceSans3-SemiBold.ttf")


def page_font_gone(desk: Desk, name: str) -> Found:
    """A font of the pages is not there."""
    (desk.root / "tieout" / "fonts" / "TieoutSans-Regular.woff2").unlink()
    return desk.judge(name, 2, desk.run("bel"), "TieoutSans-Regular.woff2")


def csv_cut(share: float) -> Callable[[Desk, str], Found]:
    """A metrics file of which only the beginning was written."""

    def fault(desk: Desk, name: str) -> Found:
        path = desk.root / "data" / "bel" / "metrics" / "tip-2025.csv"
        raw = path.read_bytes()
        path.write_bytes(raw[: int(len(raw) * share)])
        found = desk.judge(name, 1, desk.run("bel"), "tip-2025")
        found.wrong = [one for one in found.wrong if one != "more than a screen"]  # every lost row is told
        return found

    return fault


def csv_cut_meanwhile(desk: Desk, name: str) -> Found:
    """The same, while the run is at work on its copy: this edition is whole, and the next run sees the cut."""
    path = desk.root / "data" / "bel" / "metrics" / "tip-2025.csv"
    began, process = time.monotonic(), desk.start("bel", "--force")
    wait_for(desk.output, ".building-bel-*/begun", ".building-bel-*/edition/validation.json")
    path.write_bytes(path.read_bytes()[:2000])
    ended = desk.end(process, began)
    following = desk.run("bel")
    found = desk.judge(name, 0, ended)
    if following.status != 1:
        found.wrong.append(f"the run after the cut ended {following.status}: {following.told}")
    return found


def notebook_cut(desk: Desk, name: str) -> Found:
    """A notebook of which only half was written."""
    path = desk.root / "notebooks" / "2_trends.ipynb"
    path.write_bytes(path.read_bytes()[:1000])
    return desk.judge(name, 2, desk.run("bel"), "2_trends.ipynb is no notebook")


def notebook_gone(desk: Desk, name: str) -> Found:
    """A notebook is not there."""
    (desk.root / "notebooks" / "2_trends.ipynb").unlink()
    return desk.judge(name, 2, desk.run("bel"), "2_trends.ipynb")


def bug(desk: Desk, name: str) -> Found:
    """The pipeline's own code breaks: never 'the data fails'."""
    path = desk.root / "tieout" / "record.py"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\ndef load(*_):\n    return {{}}['x']\n", encoding="utf-8")
    return desk.judge(name, 4, desk.run("bel"), "The pipeline itself broke: KeyError")


def reader_gone(desk: Desk, name: str) -> Found:
    """Whoever read the progress (``| head``) has gone: the run still ends as it should."""
    desk.cell("raise ValueError('the figure is gone')")
    reading, writing = os.pipe()
    os.close(reading)
    ended = desk.run("bel", stdout=writing)
    os.close(writing)
    return desk.judge(name, 3, ended, "the figure is gone")


def all_readers_gone(desk: Desk, name: str) -> Found:
    """Nobody reads the message either."""
    desk.cell("raise ValueError('the figure is gone')")
    reading, writing = os.pipe()
    os.close(reading)
    ended = desk.run("bel", stdout=writing, stderr=writing)
    os.close(writing)
    return desk.judge(name, 3, ended)


def full_terminal(desk: Desk, name: str) -> Found:
    """The progress goes to a file on a full disk."""
    desk.cell("raise ValueError('the figure is gone')")
    with open("/dev/full", "w") as full:
        return desk.judge(name, 3, desk.run("bel", stdout=full), "the figure is gone")


def long_temporary(desk: Desk, name: str) -> Found:
    """A temporary folder too deep for a socket."""
    place = desk.folder / "t" / ("deep" * 20)
    place.mkdir(parents=True)
    desk.cell("raise ValueError('the kernel came up')")
    return desk.judge(name, 3, desk.run("bel", env={"TMPDIR": str(place)}), "the kernel came up")


def kernel_cannot_start(desk: Desk, name: str) -> Found:
    """The kernel ends before it is ready, forked or not: a module of its own is broken."""
    broken = desk.folder / "broken"
    broken.mkdir(exist_ok=True)
    (broken / "sitecustomize.py").write_text(
        "import sys, os\nif any('ipykernel' in one or 'warm/server.py' in one for one in sys.orig_argv): os._exit(9)\n", encoding="utf-8"
    )
    path = desk.root / "tieout" / "environment.py"
    text = path.read_text(encoding="utf-8").replace('"PYTHONPATH": str(', f'"PYTHONPATH": "{broken}:" + str(')
    path.write_text(text, encoding="utf-8")
    return desk.judge(name, 3, desk.run("bel"), "did not start")


def wait_for(folder: Path, *patterns: str, seconds: float = 180) -> None:
    """Wait until something in ``folder`` matches one of the patterns."""
    until = time.monotonic() + seconds
    while not any(next(folder.glob(pattern), None) for pattern in patterns):
        if time.monotonic() > until:
            raise TimeoutError(f"{patterns} never came")
        time.sleep(0.05)


WORLDS: dict[str, Callable[[Desk, str], Found]] = {
    "the kernel is killed in a cell": outer_kernel_kill,
    "SIGKILL while a cell hangs in C": orphan,
    "Ctrl-C five times": impatient,
    "the terminal closes (SIGHUP)": hung_up,
    "SIGTERM to --jobs 2": several,
    "two runs of one edition": two_at_once,
    "the kernel cannot start": kernel_cannot_start,
    "the disk has room for nothing": disk_full(0),
    "the disk fills in the inputs": disk_full(100),
    "the disk fills in the notebooks": disk_full(700),
    "files may have 300 kB": file_limit,
    "no room in the temporary folder": temporary_full,
    "the output folder is read-only": read_only,
    "the output folder is somebody else's": not_ours,
    "a temporary folder too deep": long_temporary,
    "a metrics file cut in half": csv_cut(0.5),
    "a metrics file cut to nothing": csv_cut(0),
    "a metrics file cut during the run": csv_cut_meanwhile,
    "a notebook cut in half": notebook_cut,
    "a notebook gone": notebook_gone,
    "a font of the figures gone": font_gone,
    "a font of the pages gone": page_font_gone,
    "the pipeline's own code breaks": bug,
    "nobody reads the progress": reader_gone,
    "nobody reads anything": all_readers_gone,
    "the progress goes to a full disk": full_terminal,
    "the clock is 40 years behind": clock(-40),
    "the clock is 11 years ahead": clock(11),
    "the clock goes back two years during the run": clock_moved,
}
