"""A review served by the command line, as a person starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT


class Served:
    """A review at work: its address, and its process."""

    def __init__(self, process: subprocess.Popen, address: str) -> None:
        self.process, self.address = process, address

    @property
    def host(self) -> str:
        """``127.0.0.1:PORT``."""
        return self.address.split("/")[2]


@contextmanager
def served(root: Path, document: str, *options: str) -> Iterator[Served]:
    """``pipeline.py review DOCUMENT`` under ``root``, until the block ends."""
    command = [sys.executable, str(ROOT / "pipeline.py"), "review", document, "--no-browser", "--root", str(root), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    try:
        told = process.stdout.readline()
        found = re.search(r"http://\S+", told)
        assert found, told + process.stdout.read()
        yield Served(process, found[0])
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
