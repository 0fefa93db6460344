"""The circumstances of a build that must leave no trace in an edition: each can be as usual, or otherwise, and tells whether it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bench import other_home

CLOCK = Path(__file__).with_name("clock.c")
FAKETIME = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1", "/usr/local/lib/faketime/libfaketime.so.1")


class Lacking(Exception):
    """A circumstance that cannot be arranged on this machine, and why."""


@dataclass
class World:
    """Where and how one edition is built; ``desk`` is a folder of its own, ``source`` the tree, which nobody changes.

    ``namespaces`` are arguments of unshare, ``script`` lines of shell that run first inside, ``within`` commands that run
    what follows them, and ``undo`` what takes the world down.
    """

    desk: Path
    source: Path
    tools: Path
    python: str = sys.executable
    root: Path = Path()
    home: Path = Path()
    working: Path = Path()
    backing: Path = Path()
    umask: int = 0o022
    environment: dict[str, str] = field(default_factory=dict)
    namespaces: list[str] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    within: list[str] = field(default_factory=list)
    undo: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root, self.home = self.desk / "tree", self.desk / "home"
        self.environment |= {"PATH": f"{Path(self.python).parent}:/usr/local/bin:/usr/bin:/bin"}

    def lay(self) -> None:
        """Put the tree in its place."""
        self.backing = self.root
        self.home.mkdir(parents=True, exist_ok=True)
        self.root.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.source, self.root)
        self.working = self.root

    def command(self, *arguments: object) -> list[str]:
        """A command line of Python inside this world."""
        line, script = [*self.within, self.python, *map(str, arguments)], "\n".join([*self.script, '"$@"'])
        if not self.namespaces:
            return ["sh", "-c", script, "sh", *line]
        owner = [] if os.getuid() == 0 else ["--user", "--map-root-user"]
        return ["unshare", *owner, *self.namespaces, "--", "sh", "-c", script, "sh", *line]

    def run(self, *arguments: object, seconds: float = 900) -> subprocess.CompletedProcess:
        """Run Python with these arguments in this world, to its end."""
        settings = {"env": self.environment, "cwd": self.working, "umask": self.umask, "stdin": subprocess.DEVNULL}
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=seconds, **settings
        )

    def end(self) -> None:
        """Take the world down."""
        for command in reversed(self.undo):
            subprocess.run(command, check=False, capture_output=True)
        shutil.rmtree(self.desk, ignore_errors=True)


Arrange = Callable[[World, bool], None]


class Variation(NamedTuple):
    """A circumstance: arranged before or after the tree is laid, and an expression of Python that tells the two ways apart.

    The expression knows ``root``, the tree. It is also the leak that the self-test plants.
    """

    name: str
    arrange: Arrange
    probe: str
    laid: bool = False

    @property
    def why(self) -> str:
        """What it is for, in a line."""
        return str(self.arrange.__doc__)


def clock(world: World, other: bool) -> None:
    """The clock stands at the start of 2026; otherwise it runs in 2037 (libfaketime)."""
    if other:
        library = next((str(path) for pattern in FAKETIME for path in sorted(Path("/").glob(pattern[1:]))), "")
        if not library:
            raise Lacking("there is no libfaketime (Debian: apt-get install faketime)")
        # Later, and what waits by libfaketime's other clock would wait for more milliseconds than an int holds.
        world.environment |= {"LD_PRELOAD": library, "FAKETIME": "@2037-11-30 21:43:05", "NO_FAKE_STAT": "1"}
    else:
        world.environment |= {"LD_PRELOAD": str(standing_clock(world.tools)), "CLOCK_STANDS_AT": "1767225600"}


@cache
def standing_clock(folder: Path) -> Path:
    """The library of a clock that stands, so that what reads it differs with the clock alone and not by itself."""
    compiler, library = shutil.which("cc"), folder / "clock.so"
    if not compiler:
        raise Lacking("there is no C compiler for bench/clock.c")
    done = subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(CLOCK), "-ldl"], capture_output=True, text=True)
    if done.returncode:
        raise Lacking(f"bench/clock.c does not compile: {done.stderr.strip().splitlines()[0]}")
    return library


def time_zone(world: World, other: bool) -> None:
    """UTC; otherwise 14 hours ahead of it."""
    world.environment["TZ"] = "<+14>-14" if other else "UTC"


def locale(world: World, other: bool) -> None:
    """C in UTF-8; otherwise Turkish in ISO 8859-9: a decimal comma, an i with its own capital, another encoding of text."""
    if not other:
        world.environment["LC_ALL"] = "C.UTF-8"
        return
    world.environment |= {"LOCPATH": str(turkish(world.tools)), "LC_ALL": "tr_TR.ISO-8859-9", "LANG": "tr_TR.ISO-8859-9", "LANGUAGE": "tr"}


@cache
def turkish(folder: Path) -> Path:
    """A private folder of locales with the Turkish one."""
    if not shutil.which("localedef"):
        raise Lacking("there is no localedef (Debian: apt-get install locales)")
    (folder / "locales").mkdir()
    place = str(folder / "locales" / "tr_TR.ISO-8859-9")
    done = subprocess.run(["localedef", "-i", "tr_TR", "-f", "ISO-8859-9", place], capture_output=True, text=True)
    if done.returncode > 1:
        raise Lacking("localedef makes no Turkish locale (Debian: apt-get install locales)")
    return folder / "locales"


def encoding(world: World, other: bool) -> None:
    """Python's own say on encodings: UTF-8; otherwise that of the locale, and Latin-1 at the terminal."""
    world.environment |= {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"} if other else {"PYTHONUTF8": "1"}


def hash_seed(world: World, other: bool) -> None:
    """The order of sets."""
    world.environment["PYTHONHASHSEED"] = "4242" if other else "0"


def python_settings(world: World, other: bool) -> None:
    """Python as it starts; otherwise in its developer's mode, optimised, warning always, writing no bytecode."""
    if other:
        world.environment |= {"PYTHONDEVMODE": "1", "PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "always", "PYTHONDONTWRITEBYTECODE": "1",
                              "PYTHONUNBUFFERED": "1"}  # fmt: skip


def permissions(world: World, other: bool) -> None:
    """Files that all may read; otherwise none but their owner (umask)."""
    world.umask = 0o077 if other else 0o022


def home(world: World, other: bool) -> None:
    """An empty home; otherwise one elsewhere, under another name."""
    world.home = world.desk / ("someone else's" if other else "home")
    world.environment["HOME"] = str(world.home)


def matplotlib_settings(world: World, other: bool) -> None:
    """No settings; otherwise a user's matplotlibrc with another font, size, grid, resolution and salt."""
    if other:
        other_home.write(world.home, other_home.MATPLOTLIB)


def matplotlib_backend(world: World, other: bool) -> None:
    """No backend chosen; otherwise the SVG one, and a folder of matplotlib's own elsewhere."""
    if other:
        world.environment |= {"MPLBACKEND": "svg", "MPLCONFIGDIR": str(world.desk / "mpl")}
        other_home.write(world.desk / "mpl", {"matplotlibrc": other_home.MATPLOTLIBRC})


def jupyter_settings(world: World, other: bool) -> None:
    """No settings; otherwise a user's kernel, nbconvert configuration and templates under the names that we use."""
    if other:
        other_home.write(world.home, other_home.jupyter(world.python))
        world.environment["JUPYTER_PREFER_ENV_PATH"] = "0"


def ipython_settings(world: World, other: bool) -> None:
    """No settings; otherwise a user's profile that shows every expression, and a startup file with pandas options of their own."""
    if other:
        other_home.write(world.home, other_home.IPYTHON)
        world.environment["PYTHONSTARTUP"] = str(world.home / ".ipython/profile_default/startup/00-mine.py")


def working_folder(world: World, other: bool) -> None:
    """Run from the tree; otherwise from the root of the file system."""
    world.working = Path("/") if other else world.root


def path(world: World, other: bool) -> None:
    """A short path; otherwise a deep one with blanks and letters beyond ASCII."""
    if other:
        world.root = world.desk.joinpath(*["a deep place"] * 6, "Köln & İzmir – 東京", "tree")


def temporary_folder(world: World, other: bool) -> None:
    """The folder of temporary files."""
    place = world.desk / ("another place for what passes" if other else "tmp")
    place.mkdir(mode=0o700)
    world.environment["TMPDIR"] = str(place)


def user(world: World, other: bool) -> None:
    """Whoever runs this; otherwise a user without a name and without privileges (a user namespace)."""
    if other:
        _allowed("--user", "--map-user=12345", "--map-group=12345")
        world.within += ["unshare", "--user", "--map-user=12345", "--map-group=12345", "--"]
        world.environment["USER"] = world.environment["LOGNAME"] = "someone"


def processors(world: World, other: bool) -> None:
    """Every processor; otherwise one."""
    if other:
        one = str(min(os.sched_getaffinity(0)))
        if not shutil.which("taskset") or len(os.sched_getaffinity(0)) < 2:
            raise Lacking("there is no taskset, or one processor only")
        world.within[:0] = ["taskset", "--cpu-list", one]
        world.environment["PYTHON_CPU_COUNT"] = "1"


def threads(world: World, other: bool) -> None:
    """Threads for arithmetic as the libraries like; otherwise three."""
    if other:
        world.environment |= {f"{name}_NUM_THREADS": "3" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "BLIS")}


def processor_features(world: World, other: bool) -> None:
    """All that the processor can; otherwise no AVX2 and no FMA, in numpy, in OpenBLAS and in the C library's functions."""
    if other:
        world.environment |= {"NPY_DISABLE_CPU_FEATURES": "X86_V3", "OPENBLAS_CORETYPE": "Nehalem",
                              "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"}  # fmt: skip


def file_order(world: World, other: bool) -> None:
    """Folders list their files by name; otherwise the other way round (disorderfs)."""
    if not shutil.which("disorderfs"):
        raise Lacking("there is no disorderfs (Debian: apt-get install disorderfs)")
    world.backing = world.desk / "backing"
    world.root.rename(world.backing)
    world.root.mkdir()
    backwards = "yes" if other else "no"
    mount = ["disorderfs", "--quiet", "--sort-dirents=yes", f"--reverse-dirents={backwards}", str(world.backing), str(world.root)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        world.root.rmdir()
        world.backing.rename(world.root)
        world.backing = world.root
        raise Lacking(f"disorderfs cannot be mounted: {(done.stderr.strip().splitlines() or ['no reason told'])[-1]}")
    world.undo.append(["umount", str(world.root)] if os.getuid() == 0 else ["fusermount", "-u", str(world.root)])


def file_times(world: World, other: bool) -> None:
    """Files of 2020; otherwise of 1984."""
    for one in (*world.backing.rglob("*"), world.backing):
        os.utime(one, (441763200 if other else 1577836800,) * 2)


def host(world: World, other: bool) -> None:
    """A host and domain of one name; otherwise of another."""
    _allowed("--uts")
    if not shutil.which("hostname"):
        raise Lacking("there is no hostname")
    world.namespaces.append("--uts")
    name = "elsewhere" if other else "here"
    world.script.append(f"hostname {name}; domainname {name}.example 2>/dev/null; true")


def process_ids(world: World, other: bool) -> None:
    """Low process ids in a namespace of their own; otherwise high ones."""
    _allowed("--pid", "--fork", "--mount-proc")
    world.namespaces += ["--pid", "--fork", "--kill-child", "--mount-proc"]
    if other:
        world.script.append("echo 23000 > /proc/sys/kernel/ns_last_pid")


def terminal(world: World, other: bool) -> None:
    """No terminal told; otherwise one of 211 columns with colours, an editor, a pager and a browser."""
    if other:
        world.environment |= {"COLUMNS": "211", "LINES": "7", "TERM": "xterm-256color", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1",
                              "EDITOR": "ed", "PAGER": "more", "BROWSER": "lynx"}  # fmt: skip
    else:
        world.environment |= {"TERM": "dumb", "NO_COLOR": "1"}


def standard_input(world: World, other: bool) -> None:
    """Nothing to read; otherwise what cannot be read from."""
    if other:  # not closed: libfaketime, which opens a file of its own, would have it there
        world.within += ["sh", "-c", 'exec "$@" 0>/dev/null', "sh"]


def network(world: World, other: bool) -> None:
    """The machine's network; otherwise a namespace without any interface that is up."""
    if other:
        _allowed("--net")
        world.namespaces.append("--net")


@cache
def _allowed(*namespaces: str) -> None:
    """Raises ``Lacking`` where such namespaces may not be made."""
    if not shutil.which("unshare"):
        raise Lacking("there is no unshare (Linux has it in util-linux)")
    owner = [] if os.getuid() == 0 or "--user" in namespaces else ["--user", "--map-root-user"]
    done = subprocess.run(["unshare", *owner, *namespaces, "true"], capture_output=True, text=True)
    if done.returncode:
        raise Lacking(f"namespaces are not permitted: {done.stderr.strip()}")


_ARITHMETIC = "hash(tuple(__import__('math').pow(one * 0.3713, 1.37) for one in range(1, 4000)))"
_AT_HOME = "(lambda p: p.exists(p.expanduser('~/{}')))(__import__('os.path').path)"

# The likeliest first, so that a cause is found in few builds; those that are laid are arranged last, with the tree in its place.
VARIATIONS = {
    one.name: one
    for one in (
        Variation("clock", clock, "__import__('time').time() // 1e7"),
        Variation("hash seed", hash_seed, "list({'claim', 'row', 'page', 'sum', 'share'})"),
        Variation("path", path, "str(root)[-20:]"),
        Variation("file order", file_order, "[one for one in __import__('os').listdir(root) if not one.startswith('outputs')]", laid=True),
        Variation("locale", locale, "(lambda l: (l.setlocale(l.LC_ALL, ''), f'{1234.5:n}')[1])(__import__('locale'))"),
        Variation("time zone", time_zone, "__import__('time').strftime('%z')"),
        Variation("encoding", encoding, "__import__('sys').flags.utf8_mode"),
        Variation("Python's settings", python_settings, "__import__('sys').flags.optimize"),
        Variation("permissions", permissions, "(lambda o, old: (o.umask(old), old)[1])(__import__('os'), __import__('os').umask(0o22))"),
        Variation("home", home, "__import__('os').path.expanduser('~')[-6:]"),
        Variation("matplotlib's settings", matplotlib_settings, _AT_HOME.format(".config/matplotlib")),
        Variation("matplotlib's backend", matplotlib_backend, "__import__('os').environ.get('MPLBACKEND')"),
        Variation("Jupyter's settings", jupyter_settings, _AT_HOME.format(".jupyter")),
        Variation("IPython's settings", ipython_settings, "'PYTHONSTARTUP' in __import__('os').environ"),
        Variation("temporary folder", temporary_folder, "__import__('tempfile').gettempdir()[-6:]"),
        Variation("user", user, "__import__('os').getuid()"),
        Variation("processors", processors, "len(__import__('os').sched_getaffinity(0))"),
        Variation("threads", threads, "__import__('os').environ.get('OMP_NUM_THREADS')"),
        Variation("processor's features", processor_features, _ARITHMETIC),
        Variation("host", host, "__import__('socket').gethostname()"),
        Variation("process ids", process_ids, "__import__('os').getpid() // 10000"),
        Variation("terminal", terminal, "__import__('shutil').get_terminal_size().columns"),
        Variation("standard input", standard_input, "__import__('fcntl').fcntl(0, 3) & 3"),
        Variation("network", network, "__import__('os').readlink('/proc/self/ns/net')"),
        Variation("file times", file_times, "int((root / 'pipeline.py').stat().st_mtime)", laid=True),
        Variation("working folder", working_folder, "__import__('os').getcwd() == str(root)", laid=True),
    )
}  # fmt: skip


def world(desk: Path, source: Path, tools: Path, moved: frozenset[str], lacking: dict[str, str], python: str = sys.executable) -> World:
    """A world in which ``moved`` circumstances are otherwise. What cannot be arranged goes into ``lacking``, with the reason."""
    made = World(desk, source, tools, python)
    for laid in (False, True):
        for one in VARIATIONS.values():
            if one.laid == laid:
                try:
                    one.arrange(made, one.name in moved)
                except Lacking as reason:
                    lacking[one.name] = str(reason)
        if not laid:
            made.lay()
    return made


PROBE = """
import json, pathlib, sys
root, told = pathlib.Path(sys.argv[1]), {}
for name, expression in json.loads(sys.argv[2]).items():
    try:
        told[name] = repr(eval(expression))
    except Exception as error:
        told[name] = f"{type(error).__name__}: {error}"
print(json.dumps(told))
"""


def probed(made: World) -> dict[str, str]:
    """What every circumstance looks like from inside a world."""
    done = made.run("-c", PROBE, made.root, json.dumps({one.name: one.probe for one in VARIATIONS.values()}))
    if done.returncode:
        raise RuntimeError(f"the probe of a world fails: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
