"""A notebook cannot tell a forked kernel from a plain one, save by what docs/kernels.md says."""

from __future__ import annotations

import json
import os
import resource
import signal
from pathlib import Path

import pytest

from tests.warm.conftest import Cells
from tieout.warm.forking import ForkServer

PROBE = Path(__file__).with_name("probe.py").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow


@pytest.fixture
def probed(cells: Cells, tmp_path: Path):
    def probe(server: ForkServer | None = None, before: str = "pass") -> dict:
        cells(before, PROBE, server=server)
        return json.loads((tmp_path / "probe.json").read_text(encoding="utf-8"))

    return probe


def assert_alike(plain: dict, warm: dict) -> None:
    assert plain["same"].keys() == warm["same"].keys()
    unlike = {name: (plain["same"][name], warm["same"][name]) for name in plain["same"] if plain["same"][name] != warm["same"][name]}
    assert unlike == {}
    assert plain["like"] == warm["like"]


def confine(processors: set[int]) -> None:
    """Every thread of this process to these processors: an earlier test may have left one that starts kernels."""
    for thread in os.listdir("/proc/self/task"):
        os.sched_setaffinity(int(thread), processors)


def test_a_notebook_sees_the_same(probed, server: ForkServer) -> None:
    assert_alike(probed(), probed(server))


def test_a_notebook_sees_the_same_where_the_run_is_unusual(probed, server: ForkServer) -> None:
    """The run was started with signals ignored, low priority, one processor, small limits and a strict umask."""
    files, cores, processors = resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CORE), os.sched_getaffinity(0)
    umask, ignored = os.umask(0o077), {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGHUP, signal.SIGUSR1)}
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, files[0]), files[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, cores[1]))
        confine({min(processors)})
        plain, warm = probed(), probed(server)
    finally:
        os.umask(umask)
        confine(processors)
        for one, handler in ignored.items():
            signal.signal(one, handler)
        resource.setrlimit(resource.RLIMIT_NOFILE, files)
        resource.setrlimit(resource.RLIMIT_CORE, cores)
    assert warm["same"]["umask"] == {"Umask": "0077"} and warm["same"]["processors"] == [min(processors)]
    assert_alike(plain, warm)


def test_chance_is_another_in_every_kernel(probed, server: ForkServer) -> None:
    first, second = probed(server)["other"], probed(server)["other"]
    assert [name for name in first if first[name] == second[name]] == []


SPOIL = """
import builtins, decimal, locale, logging, os, random, signal, sys, time, warnings
import matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd
secret = "of the first run"
builtins.secret = pd.secret = sys.secret = secret
pd.DataFrame.describe = lambda self: "patched"
matplotlib.rcParams["font.size"] = 99; plt.figure(); plt.switch_backend("svg")
pd.set_option("display.max_rows", 1); np.set_printoptions(precision=1); np.seterr(all="raise"); np.random.seed(1); random.seed(1)
decimal.getcontext().prec = 3; decimal.DefaultContext.prec = 4
os.environ["SECRET"] = secret; os.environ["TZ"] = "Asia/Tokyo"; time.tzset(); os.umask(0o000)
warnings.simplefilter("error"); logging.getLogger().addHandler(logging.StreamHandler()); logging.disable(50)
signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGUSR1, lambda *_: None)
sys.path.insert(0, "/nowhere"); sys.setrecursionlimit(5000); sys.modules["json"] = None; os.nice(5)
os.open("/dev/null", os.O_RDONLY)
"""
SEEN = """
import builtins, json, os, sys
import pandas as pd
described = str(pd.DataFrame({"a": [1]}).describe())[:7]
[hasattr(one, "secret") for one in (builtins, pd, sys)], "secret" in globals(), "SECRET" in os.environ, described
"""


def test_nothing_of_one_run_reaches_the_next(cells: Cells, probed, server: ForkServer) -> None:
    before = probed(server)
    cells(SPOIL, server=server)
    assert cells(SEEN, server=server) == ["([False, False, False], False, False, '       ')"]
    after = probed(server)
    assert_alike(before, after)


def test_a_spoilt_process_is_seen(probed, server: ForkServer) -> None:
    """The probe can fail: what the other test calls clean is the process, not the probe."""
    clean, spoilt = probed(server)["same"], probed(server, SPOIL.replace('sys.modules["json"] = None;', ""))["same"]
    unlike = {name for name in clean if clean[name] != spoilt[name]}
    wanted = {"environment", "rcParams", "backend", "figures", "pandas", "numpy", "decimal", "time zone", "filters", "loggers", "signals",
              "signal masks", "path", "limits of Python", "nice", "umask", "descriptors"}  # fmt: skip
    assert wanted <= unlike, wanted - unlike
