"""The newest versions of every pin, tried: which pins would move, and which bytes of the editions with them. ``make newest`` runs it.

Works on a copy of the project in a folder that is thrown away, with an environment of its own; nothing of the project is changed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tieout import regeneration
from tieout.differences import differences, text
from tieout.editions import MANIFEST

ROOT = Path(__file__).resolve().parent.parent
BUILT = "newest"
_PIN = re.compile(r'^(\s*"[\w.-]+(?:\[[\w,-]+\])?)==[\w.+!]+(",?)$', re.MULTILINE)
_LOCKED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_LAST = 15  # lines of what a failed step printed
_MAKE = ("MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "MFLAGS")  # what make tells a make that it starts


class Failed(Exception):
    """A step that could not be done with the newest versions: which, and the last of what it printed."""


def loosened(project: str) -> str:
    """The text of ``pyproject.toml`` with every pin taken off; names, extras and everything else as they are."""
    return _PIN.sub(r"\1\2", project)


def direct(project: str) -> set[str]:
    """The names that ``pyproject.toml`` pins itself, as the lock spells them."""
    return {_name(re.match(r'\s*"([\w.-]+)', pin[0])[1]) for pin in _PIN.finditer(project)}


def locked(lock: str) -> dict[str, str]:
    """The versions in a lock, by name."""
    return {_name(name): version for name, version in _LOCKED.findall(lock)}


def moved_pins(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The pins that differ between two locks, with their old and new version; an empty one where there is none."""
    pairs = {name: (old.get(name, ""), new.get(name, "")) for name in sorted(old.keys() | new.keys())}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def explained(old: Path, new: Path) -> list[str]:
    """What would be different in an edition, as lines: its files with the cause, and what a reader would be told otherwise."""
    files = regeneration.moved(old, new)
    if not files:
        return ["No byte would change."]
    return [
        f"{len(files)} {'file' if len(files) == 1 else 'files'} would change:",
        "",
        *(f"- {one.line}" for one in files),
        "",
        text(differences(old, new)),
    ]


def report(project: str, old: Mapping[str, str], new: Mapping[str, str], editions: Mapping[str, list[str]], failure: str = "") -> str:
    """The report as Markdown: the pins that would move, direct ones first, and what became of each edition, or the step that failed."""
    moved, ours = moved_pins(old, new), direct(project)
    lines = ["# The newest versions, tried", ""]
    for title, names in (("Direct pins", ours), ("Pins of what these need", moved.keys() - ours)):
        told = [f"- {name}: {moved[name][0] or 'not there'} → {moved[name][1] or 'not needed'}" for name in moved if name in names]
        lines += [f"## {title}", "", *(told or ["None would move."]), ""]
    for name, told in editions.items():
        lines += [f"## Edition {name}", "", *told, ""]
    if failure:
        lines += ["## It does not work with these", "", *(f"    {line}" for line in failure.splitlines()), ""]
    return "\n".join(lines)


def tried(root: Path, copy: Path) -> str:
    """Copy the project to ``copy``, lock the newest versions there, build every edition with them, and tell what is different."""
    project, old = (root / "pyproject.toml").read_text(encoding="utf-8"), (root / "requirements.lock").read_text(encoding="utf-8")
    _copy(root, copy)
    (copy / "pyproject.toml").write_text(loosened(project), encoding="utf-8")
    editions, failure = {}, ""
    try:
        _make(copy, "lock", "--upgrade")
        _make(copy, "run", f"--force --output {BUILT}")
        editions = {path.parent.name: explained(path.parent, copy / BUILT / path.parent.name) for path in _editions(root)}
    except Failed as failed:
        failure = str(failed)
    return report(project, locked(old), locked((copy / "requirements.lock").read_text(encoding="utf-8")), editions, failure)


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.lower())


def _editions(root: Path) -> list[Path]:
    """The manifests of the committed editions."""
    return sorted((root / "outputs").glob(f"*/{MANIFEST}"))


def _copy(root: Path, copy: Path) -> None:
    """The files that git knows or would take, without the editions."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".", ":!outputs"]
    for name in subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0"):
        if name and (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, copy / name)


def _make(folder: Path, target: str, arguments: str) -> None:
    """Run a make target of the copy. Raises ``Failed`` where it fails."""
    print(f"make {target} with the newest versions …", file=sys.stderr)
    environment = {name: value for name, value in os.environ.items() if name not in _MAKE}
    command = ["make", target, f"ARGS={arguments}"]
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        told = [line.replace(str(folder), ".") for line in done.stdout.splitlines() if line.strip()]
        raise Failed("\n".join([f"make {target} ended with status {done.returncode}:", *told[-_LAST:]]))


def main() -> int:
    """Try the newest versions and print the report. The status is 0 whatever it says: it only tells."""
    parser = argparse.ArgumentParser(description="Try the newest version of every pin, and tell which bytes of the editions would change.")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the report to this file as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = tried(ROOT, Path(folder))
    if options.write:
        options.write.write_text(told, encoding="utf-8")
    print(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
