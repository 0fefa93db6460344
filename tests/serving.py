"""A review served by the command line, as a person starts it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT


@dataclass
class Served:
    """A review at work: its address with the token, and its process."""

    address: str
    process: subprocess.Popen

    @property
    def host(self) -> str:
        """``127.0.0.1:PORT``."""
        return self.address.split("/")[2]

    @property
    def bare(self) -> str:
        """The address without the token."""
        return self.address.split("?")[0]

    @property
    def token(self) -> str:
        """The token."""
        return self.address.split("=")[1]


@contextmanager
def served(root: Path, document: str, *options: str) -> Iterator[Served]:
    """``pipeline.py review DOCUMENT`` under ``root``, until the block ends and it is interrupted."""
    command = [sys.executable, str(ROOT / "pipeline.py"), "review", document, "--no-browser", "--root", str(root), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    told = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", told)
    try:
        assert address, told + process.stdout.read()
        yield Served(address[0], process)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
