"""The fork server: imports libraries once, then forks a kernel from itself for each request.

Run by its path with the descriptor of its socket, the process that it dies with (0 for none) and the modules to import. It imports
nothing of this project, so that a kernel holds only what was asked for, and it stays one thread: a fork copies no other, and what
another held locked would stay locked. It answers on the pipe that comes with a request:

    pid N        the kernel runs (the kernel itself writes this)
    refused WHY  there is none
    ended N      the kernel's exit status, below 0 for a signal; whatever its cells had started is killed
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys

INLINE = "module://matplotlib_inline.backend_inline"
KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "IPython.core.completerlib", "IPython.core.magics")
RESTORED = {signal.SIGPIPE, signal.SIGXFSZ}  # a child of subprocess.Popen has these as Python sets them
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Import, serve, and in each forked process become the kernel; the server itself never returns."""
    channel, parent, modules = socket.socket(fileno=int(arguments[0])), int(arguments[1]), arguments[2:]
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder of this file
    if parent:
        die_with(parent)
    fault = imported([*KERNEL, *modules]) or unsafe(channel)
    gc.collect()
    gc.freeze()
    wanted, streams, status = serve(channel, fault)
    try:
        become(wanted, streams)
        os.write(status, b"pid %d\n" % os.getpid())
    except Exception as error:
        os.write(status, f"refused a forked kernel could not be given what it needs ({error})\n".encode())
        os._exit(1)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    del channel, wanted, streams, status
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


def imported(modules: list[str]) -> str:
    """Import the modules as a kernel would; an empty text, or what went wrong.

    ipykernel reads its parent from the environment as it is imported, and sets matplotlib's backend before a notebook imports that.
    """
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    chosen = os.environ.setdefault("MPLBACKEND", INLINE)
    try:
        for module in modules:
            importlib.import_module(module)
    except BaseException as error:
        return f"{module} cannot be imported ({type(error).__name__}: {error})"
    finally:
        if chosen == INLINE:
            del os.environ["MPLBACKEND"]
    return ""


def unsafe(channel: socket.socket) -> str:
    """Why this process must not be forked, or an empty text."""
    threads = [task for task in os.listdir("/proc/self/task") if int(task) != os.getpid()]
    if threads:
        with open(f"/proc/self/task/{threads[0]}/comm", encoding="utf-8") as file:
            return f"an imported library runs a thread ({file.read().strip()}), which a fork would not copy"
    with os.scandir("/proc/self/fd") as found:
        held = {int(one.name): os.readlink(one.path) for one in found if os.path.lexists(one.path)}
    strange = [path for number, path in held.items() if number > 2 and number != channel.fileno() and not path.startswith("/proc/")]
    return f"an imported library holds {strange[0]} open, which kernels would share" if strange else ""


def serve(channel: socket.socket, fault: str) -> tuple[dict, list[int], int]:
    """Fork a kernel for each request, and bury each; returns in the forked processes alone, with what they are to become.

    When the other end of the socket closes, every kernel is killed and this process ends.
    """
    kernels: dict[int, tuple[int, int]] = {}
    while True:
        ready, _, _ = select.select([channel, *kernels], [], [])
        for ended in ready:
            if ended is not channel:
                bury(ended, *kernels.pop(ended))
        if channel not in ready:
            continue
        message, descriptors, _, _ = socket.recv_fds(channel, 16, 5)
        if not message:
            for descriptor, (pid, status) in kernels.items():
                kill(pid)
                bury(descriptor, pid, status)
            os._exit(0)
        request, status, *streams = descriptors
        with open(request, encoding="utf-8") as file:
            wanted = json.load(file)
        why = fault or shadowed(wanted["cwd"])
        if why:
            tell(status, f"refused {why}\n")
        else:
            pid = os.fork()
            if not pid:
                return wanted, streams, status
            kernels[os.pidfd_open(pid)] = (pid, status)
        for stream in streams:
            os.close(stream)


def shadowed(folder: str) -> str:
    """Whether a kernel in this folder would import another module than the one imported here, and which."""
    try:
        names = {name.partition(".")[0] if os.path.isfile(os.path.join(folder, name)) else name for name in os.listdir(folder)}
    except OSError as error:
        return f"its folder cannot be read ({error.strerror})"
    own = sorted(names & {name for name in sys.modules if "." not in name and name not in sys.builtin_module_names})
    own = [name for name in own if os.path.isfile(os.path.join(folder, name, "__init__.py")) or _is_module(folder, name)]
    if own:
        return f"the folder it works in has a module of its own named {own[0]}"
    return "the folder it works in has a matplotlibrc" if "matplotlibrc" in names and "matplotlib" in sys.modules else ""


def _is_module(folder: str, name: str) -> bool:
    return any(one.startswith(f"{name}.") and one.endswith((".py", ".pyc", ".so")) for one in os.listdir(folder))


def bury(descriptor: int, pid: int, status: int) -> None:
    """Kill what a kernel that ended leaves behind while its number is still its own; then tell how it ended."""
    os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOWAIT)
    kill(pid)
    tell(status, f"ended {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
    os.close(descriptor)


def kill(pid: int) -> None:
    """Kill a kernel and all of its session's first group; it may not have made that yet."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def tell(status: int, text: str) -> None:
    """The last that is said of a kernel; whoever asked may have gone."""
    with contextlib.suppress(OSError):
        os.write(status, text.encode())
    os.close(status)


def become(wanted: dict, streams: list[int]) -> None:
    """Make of this process what a new one started by the asker would be."""
    parent = os.getppid()
    os.setsid()
    die_with(parent)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
    anew("stdin", "r", 0), anew("stdout", "w", 1), anew("stderr", "w", 2)
    heed(set(wanted["ignored"]), set(wanted["blocked"]))
    os.chdir(wanted["cwd"])
    os.umask(wanted["umask"])
    if os.getpriority(os.PRIO_PROCESS, 0) != wanted["nice"]:
        os.setpriority(os.PRIO_PROCESS, 0, wanted["nice"])
    os.sched_setaffinity(0, wanted["processors"])
    for limit, (soft, hard) in wanted["limits"]:
        if resource.getrlimit(limit) != (soft, hard):
            resource.setrlimit(limit, (soft, hard))
    os.environ.clear()
    os.environ.update(wanted["environment"], JPY_PARENT_PID=str(parent))
    sys.argv, sys.orig_argv = wanted["arguments"], wanted["command"]
    chance()


def anew(name: str, mode: str, descriptor: int) -> None:
    """A standard stream as Python opens it at its start: by lines where it is a terminal, and errors always."""
    old = getattr(sys, name)
    new = open(descriptor, mode, encoding=old.encoding, errors=old.errors, closefd=False)  # noqa: SIM115
    new.reconfigure(line_buffering=name == "stderr" or os.isatty(descriptor))
    setattr(sys, name, new)
    setattr(sys, f"__{name}__", new)


def heed(ignored: set[int], blocked: set[int]) -> None:
    """Signals as the asker would hand them down; Python's own handler of SIGINT where it is not ignored."""
    for one in signal.valid_signals() - RESTORED - {signal.SIGKILL, signal.SIGSTOP}:
        now = signal.getsignal(one) is signal.SIG_IGN
        if one in ignored and not now:
            signal.signal(one, signal.SIG_IGN)
        elif now and one not in ignored:
            signal.signal(one, signal.default_int_handler if one == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def chance() -> None:
    """Chance that is not that of another kernel; ``random`` sees to itself."""
    if "numpy.random" in sys.modules:
        legacy = sys.modules["numpy.random"]
        legacy.set_state(legacy.RandomState().get_state())
    if "multiprocessing.process" in sys.modules:
        sys.modules["multiprocessing.process"].current_process().authkey = os.urandom(32)


def die_with(parent: int) -> None:
    """End by SIGKILL when the parent dies, which may have happened already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
