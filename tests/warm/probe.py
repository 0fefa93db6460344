"""What a notebook can see of the process that it runs in. Run as a cell; leaves ``probe.json`` in the working folder."""

import decimal
import json
import locale
import logging
import multiprocessing
import os
import random
import resource
import signal
import socket
import sys
import tempfile
import threading
import time
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython import get_ipython


def descriptors():
    """What each open descriptor is; a pipe's or a socket's number is its own."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}").partition(":[")[0]
        except FileNotFoundError:  # of the listing itself
            continue
    return sorted(found.values())


def threads():
    """The names of all threads, also those that Python knows nothing of."""
    told = [open(f"/proc/self/task/{task}/comm").read().strip() for task in os.listdir("/proc/self/task")]  # noqa: SIM115
    return sorted(told)


def filters():
    return sorted({repr(one) for one in warnings.filters})


def loggers():
    root = logging.getLogger()
    named = {name: [type(one).__name__ for one in logging.getLogger(name).handlers] for name in ("tornado", "traitlets", "asyncio")}
    return [root.level, [type(one).__name__ for one in root.handlers], named, logging.lastResort.level]


def status(*names):
    told = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)  # noqa: SIM115
    return {name: told[name].strip() for name in names}


shell = get_ipython()
SAME = {
    "environment": {name: value for name, value in os.environ.items() if name not in ("JPY_PARENT_PID", "JPY_SESSION_NAME")},
    "parent": int(os.environ["JPY_PARENT_PID"]) == os.getppid(),
    "cwd": os.getcwd(),
    "argv": [one if "connection" not in one else "connection" for one in sys.argv],
    "orig_argv": [one if "connection" not in one else "connection" for one in sys.orig_argv],
    "path": sys.path,
    "flags": [str(sys.flags), sys._xoptions, sys.warnoptions, sys.executable, sys.prefix, sys.dont_write_bytecode, sys.pycache_prefix],
    "limits of Python": [sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits(), threading.stack_size()],
    "hash": hash("tieout"),
    "main": [type(sys.modules["__main__"]).__name__, sorted(name for name in vars(sys.modules["__main__"]) if name.startswith("__"))],
    "backend": [mpl.get_backend(), plt.get_backend(), mpl.rcParamsDefault["backend"] == mpl.rcParams["backend"]],
    "rcParams": {name: repr(value) for name, value in mpl.rcParams.items()},
    "figures": plt.get_fignums(),
    "pandas": {name: repr(pd.get_option(name)) for name in ("display.max_rows", "display.width", "mode.string_storage")},
    "numpy": [repr(np.get_printoptions()), repr(np.geterr())],
    "decimal": repr(decimal.getcontext()),
    "locale": [locale.setlocale(kind) for kind in (locale.LC_ALL, locale.LC_CTYPE, locale.LC_NUMERIC)],
    "encodings": [sys.getfilesystemencoding(), sys.getdefaultencoding(), locale.getencoding()],
    "standard streams": [
        (one.encoding, one.errors, one.line_buffering, one.fileno()) for one in (sys.__stdin__, sys.__stdout__, sys.__stderr__)],
    "time zone": [time.tzname, time.timezone],
    "filters": filters(),
    "loggers": loggers(),
    "signals": {one: repr(signal.getsignal(one)).partition(" at ")[0] for one in sorted(signal.valid_signals())},
    "signal masks": status("SigBlk", "SigIgn", "SigCgt", "SigPnd"),
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "rlimits": {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")},
    "umask": status("Umask"),
    "privileges": status("Uid", "Gid", "Groups", "CapEff", "NoNewPrivs", "Seccomp"),
    "nice": os.getpriority(os.PRIO_PROCESS, 0),
    "processors": sorted(os.sched_getaffinity(0)),
    "scheduler": os.sched_getscheduler(0),
    "session": os.getsid(0) == os.getpid() == os.getpgid(0),
    "terminal": [os.isatty(number) for number in range(3)],
    "standard input": os.read(0, 1),
    "descriptors": descriptors(),
    "threads": [threads(), sorted(type(one).__name__ for one in threading.enumerate())],
    "main thread": threading.main_thread() is threading.current_thread(),
    "temporary folder": [tempfile.gettempdir(), tempfile.tempdir],
    "processes": [multiprocessing.get_start_method(allow_none=True), multiprocessing.current_process().name],
    "parent process": multiprocessing.parent_process(),
    "name of the machine": socket.gethostname(),
    "IPython": [shell.history_manager.enabled, shell.history_manager.hist_file, shell.profile, shell.ipython_dir, shell.execution_count,
                sorted(shell.user_ns_hidden)[:5], type(shell).__name__, shell.extension_manager.loaded == set()],
    "hooks": [repr(sys.excepthook).partition(" at ")[0], repr(sys.displayhook).partition(" at ")[0], sys.gettrace(), sys.getprofile()],
    "time of the processor below 3 s": time.process_time() < 3,
}  # fmt: skip
OTHER = {
    "random": random.random(),
    "numpy.random": float(np.random.rand()),
    "generator": float(np.random.default_rng().random()),
    "authkey": bytes(multiprocessing.current_process().authkey).hex(),
    "urandom": os.urandom(8).hex(),
    "temporary name": next(tempfile._get_candidate_names()),
}
LIKE = {"numpy.random": repr(np.random.RandomState().get_state()[0]), "position": type(np.random.get_state()[2]).__name__}
with open("probe.json", "w", encoding="utf-8") as file:
    json.dump({"same": SAME, "other": OTHER, "like": LIKE}, file, default=repr)
