"""Kernels come and go, and nothing of them stays; where one must not be forked, a plain one is started and the reason is told."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.warm.conftest import Cells, children
from tieout import environment, sockets
from tieout.problems import NotebookFails
from tieout.warm import forking, provisioner
from tieout.warm.forking import Forked, ForkServer, NotForked

pytestmark = pytest.mark.slow
FORKED = "import os\n'warm/server.py' in open(f'/proc/{os.getppid()}/cmdline').read()"


@pytest.fixture
def warned(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The reasons told; each is told once in a process, so they are forgotten first."""
    provisioner._say.cache_clear()
    with caplog.at_level(logging.WARNING, logger="tieout.warm"):
        yield caplog


def raw(server: ForkServer, folder: Path, **settings: str) -> Forked:
    """A kernel that nobody talks to, on sockets in ``folder``."""
    ports = {f"{name}_port": number for number, name in enumerate(("shell", "iopub", "stdin", "control", "hb"), 1)}
    path = folder / "connection.json"
    path.write_text(json.dumps({"transport": "ipc", "ip": str(folder / "s"), "key": "k", "signature_scheme": "hmac-sha256", **ports}))
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", str(path), "--log-level=CRITICAL"]
    kernel = server.kernel(command, server.environment | settings, folder, [0, 1, 2], None)
    while not kernel.begun():
        time.sleep(0.005)
    return kernel


@dataclass(frozen=True)
class Left:
    """What may be left of kernels. A browser that an earlier test of this process opened starts and ends processes as it likes:
    ``apart`` are the processes at whose descendants nobody looks."""

    apart: frozenset[int]

    def now(self) -> tuple[dict[int, str], int, list[str]]:
        """The processes below this one, how many descriptors are open, and the folders of sockets."""
        folders = sorted(path.name for path in sockets._place().glob(f"{sockets.PREFIX}*"))
        return children(self.apart), len(os.listdir("/proc/self/fd")), folders

    def settled(self, before: tuple, seconds: float = 5) -> tuple:
        """What is left, once it is no more than before or time is up."""
        until = time.monotonic() + seconds
        while self.now() != before and time.monotonic() < until:
            time.sleep(0.05)
        return self.now()


@pytest.fixture
def left(server: ForkServer) -> Left:
    every = frozenset(children())
    return Left(every - children(every - {server.pid}).keys())


def test_after_a_hundred_kernels_nothing_is_left(server: ForkServer, tmp_path: Path, left: Left) -> None:
    raw(server, tmp_path).abandon()
    before = left.settled(left.now(), 0.5)
    inside = len(os.listdir(f"/proc/{server.pid}/fd"))
    for number in range(100):
        kernel = raw(server, tmp_path)
        kernel.send_signal((signal.SIGKILL, signal.SIGTERM, signal.SIGABRT)[number % 3])
        assert kernel.wait(20) < 0
    assert left.settled(before) == before
    assert len(os.listdir(f"/proc/{server.pid}/fd")) == inside


def test_after_notebooks_of_every_end_nothing_is_left(cells: Cells, server: ForkServer, left: Left) -> None:
    assert cells(FORKED, server=server) == ["True"]
    before = left.settled(left.now(), 0.5)
    ends = {
        "1 + 1": "",
        "1 / 0": "ZeroDivisionError",
        "import os\nos._exit(7)": "exit status 7",
        "import ctypes\nctypes.string_at(0)": "signal 11",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)": "more than 2 seconds",
        "import subprocess\nsubprocess.Popen(['sleep', '1000'])": "",
        "import os, subprocess\nsubprocess.Popen(['sleep', '1000'])\nos._exit(0)": "exit status 0",
        "import os, time\nif not os.fork():\n    time.sleep(1000)": "",
        "import multiprocessing as m\nm.get_context('spawn').Process(target=print).start()": "",
        "hog = [bytearray(2**28) for _ in range(64)]": "4 GiB of memory",
    }
    for source, says in ends.items():
        if says:
            with pytest.raises(NotebookFails, match=says):
                cells(source, server=server, seconds=2 if "STOP" in source else 60)
        else:
            cells(source, server=server, seconds=30)
    assert left.settled(before) == before


def test_an_interrupt_ends_a_cell_and_not_the_kernel(cells: Cells, server: ForkServer) -> None:
    sleep = "import os, signal, threading, time\nthreading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
    sleep += "try:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('interrupted')"
    for kind in (None, server):
        assert cells(sleep, "2 + 2", server=kind) == ["interrupted\n", "4"]


def test_a_kernel_that_lives_on_dies_with_its_server_and_what_it_left_with_it(tmp_path: Path) -> None:
    server = ForkServer([sys.executable], [], environment.of_kernels(Path()))
    kernel = raw(server, tmp_path)
    os.kill(kernel.pid, signal.SIGSTOP)  # nothing in the kernel itself could notice
    os.kill(server.pid, signal.SIGKILL)
    assert kernel.wait(5) == -signal.SIGKILL
    assert not lingering([kernel.pid])
    with pytest.raises(NotForked, match="gone"):
        raw(server, tmp_path)
    server.close()


def test_what_a_kernel_left_dies_with_it_though_nobody_looks(server: ForkServer, tmp_path: Path) -> None:
    startup, left_one = tmp_path / "ipython" / "profile_default" / "startup" / "00.py", tmp_path / "left"
    startup.parent.mkdir(parents=True)
    source = "import pathlib, subprocess\nleft = subprocess.Popen(['sleep', '1000'])\n"
    source += f"pathlib.Path({str(left_one)!r}).write_text(str(left.pid))"
    startup.write_text(source, encoding="utf-8")
    kernel = raw(server, tmp_path, IPYTHONDIR=str(tmp_path / "ipython"))
    until = time.monotonic() + 20
    while not (left_one.exists() and left_one.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    assert _alive(int(left_one.read_text()))
    kernel.kill()
    assert kernel.wait(5) == -signal.SIGKILL
    assert not lingering([int(left_one.read_text())])


@pytest.mark.parametrize("how", ["the socket closes", "the server is stopped"])
def test_everything_dies_with_the_process_that_asked(tmp_path: Path, how: str) -> None:
    """A server dies when its socket closes, which it must hear, and with its parent, which only a main thread can promise."""
    script = f"""
import os, signal, sys, threading, time
from pathlib import Path
from tests.warm.test_forking import raw
from tieout import environment
from tieout.warm.forking import ForkServer
made = []
begin = lambda: made.append(ForkServer([sys.executable], [], environment.of_kernels(Path())))
if {how == "the socket closes"}:
    starting = threading.Thread(target=begin)
    starting.start()
    starting.join()
else:
    begin()
kernel = raw(made[0], Path({str(tmp_path)!r}))
if {how == "the server is stopped"}:
    os.kill(made[0].pid, signal.SIGSTOP)
print(made[0].pid, kernel.pid, flush=True)
time.sleep(60)
"""
    asking = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    pids = [int(pid) for pid in asking.stdout.readline().split()]
    assert len(pids) == 2 and all(map(_alive, pids))
    asking.kill()
    asking.communicate()
    assert not lingering(pids)


def lingering(pids: list[int], seconds: float = 5) -> list[int]:
    """Which of these processes are still there after a while."""
    until = time.monotonic() + seconds
    while any(map(_alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return [pid for pid in pids if _alive(pid)]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# --- where a kernel must not be forked ---------------------------------------------------------------------------------


UNSAFE = {
    "import threading, time\nthreading.Thread(target=time.sleep, args=(999,), daemon=True).start()": "runs a thread",
    "import os\nheld = open(os.devnull)": "holds /dev/null open",
    "1 / 0": "cannot be imported .ZeroDivisionError",
    "import sys\nsys.exit(3)": "cannot be imported .SystemExit",
    "import os\nos._exit(3)": "the fork server died",
}


@pytest.mark.parametrize("source", UNSAFE, ids=UNSAFE.values())
def test_a_library_that_stands_no_fork_gets_a_plain_kernel(
    cells: Cells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warned: pytest.LogCaptureFixture, source: str
) -> None:
    (tmp_path / "libraries").mkdir()
    (tmp_path / "libraries" / "strange_one.py").write_text(source, encoding="utf-8")
    own = environment.of_kernels

    def with_libraries(folder: Path) -> dict[str, str]:
        found = own(folder)
        return found | {"PYTHONPATH": f"{found['PYTHONPATH']}{os.pathsep}{tmp_path / 'libraries'}"}

    monkeypatch.setattr(environment, "of_kernels", with_libraries)
    server = ForkServer([sys.executable], ["strange_one"], environment.of_kernels(Path()))
    try:
        assert cells(FORKED, server=server) == ["False"]
    finally:
        server.close()
    assert len(warned.messages) == 1
    assert re.search(f"A plain kernel is started, which takes longer: .*{UNSAFE[source]}", warned.messages[0])


def folder_with(path: Path, name: str) -> None:
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    (path / name).write_text("", encoding="utf-8")


@pytest.mark.parametrize("name", ["pandas.py", "numpy/__init__.py", "dateutil.cpython-311-x86_64-linux-gnu.so", "matplotlibrc"])
def test_a_folder_that_changes_an_import_is_refused(server: ForkServer, tmp_path: Path, name: str) -> None:
    folder_with(tmp_path, name)
    with pytest.raises(NotForked, match="the folder it works in has"):
        raw(server, tmp_path)


@pytest.mark.parametrize("name", ["pandas/data.csv", "pandas.csv", "notes.py", "README"])
def test_a_folder_that_changes_none_is_not(server: ForkServer, tmp_path: Path, name: str) -> None:
    folder_with(tmp_path, name)
    kernel = raw(server, tmp_path)
    kernel.kill()
    assert kernel.wait(5) == -signal.SIGKILL


def test_another_environment_or_interpreter_is_refused(server: ForkServer, tmp_path: Path) -> None:
    for settings in ({"TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "1"}, {"ANYTHING": "new"}, {"LC_ALL": "C"}):
        with pytest.raises(NotForked, match=f"its environment differs in {next(iter(settings))}"):
            raw(server, tmp_path, **settings)
    for command in (["R", "--slave"], [sys.executable, "-O", "-m", "ipykernel_launcher"], [sys.executable, "-m", "bash_kernel"]):
        with pytest.raises(NotForked, match="its kernel is not started by"):
            server.kernel(command, server.environment, tmp_path, [0, 1, 2], None)


def test_a_relative_path_of_libraries_is_refused(tmp_path: Path) -> None:
    server = ForkServer([sys.executable], [], {**environment.of_kernels(Path()), "PYTHONPATH": "lib"})
    with pytest.raises(NotForked, match="PYTHONPATH has a relative entry"):
        raw(server, tmp_path)
    server.close()


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_on_other_systems_kernels_are_plain(
    cells: Cells, monkeypatch: pytest.MonkeyPatch, warned: pytest.LogCaptureFixture, system: str
) -> None:
    monkeypatch.setattr(forking, "impossible", lambda: impossible_on(system))
    server = ForkServer([sys.executable], [], environment.of_kernels(Path()))
    assert server.pid is None and cells(FORKED, server=server) == ["False"]
    assert "kernels are forked on Linux alone" in warned.text
    server.close()


def impossible_on(system: str) -> str:
    """What is told on another system."""
    from unittest.mock import patch

    with patch.object(sys, "platform", system):
        return _impossible()


_impossible = forking.impossible
