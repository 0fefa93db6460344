"""A run with no network: in a namespace whose only interface, the loopback, is down."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.offline import without_network
from tests.conftest import ROOT
from tests.stories.conftest import contents

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("edition")]
REACH = "import socket, sys; s = socket.socket(); s.settimeout(5); sys.exit(s.connect_ex((sys.argv[1], 9)))"


@pytest.fixture(scope="session")
def alone() -> list[str]:
    """The command that runs what follows it without a network."""
    try:
        return without_network()
    except OSError as error:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(error))


@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.1"])
def test_nothing_can_be_reached_there_not_even_the_machine_itself(alone: list[str], address: str) -> None:
    done = subprocess.run([*alone, sys.executable, "-c", REACH, address])
    assert done.returncode == errno.ENETUNREACH


def test_the_loopback_alone_is_there_where_the_suite_runs_offline(alone: list[str]) -> None:
    for address, wanted in (("127.0.0.1", errno.ECONNREFUSED), ("192.0.2.1", errno.ENETUNREACH)):
        command = [sys.executable, "-m", "bench.offline", sys.executable, "-c", REACH, address]
        assert subprocess.run(command, cwd=ROOT).returncode == wanted, address


def test_a_run_without_a_network_gives_the_same_bytes(alone: list[str], tmp_path: Path) -> None:
    """The edition of the oldest document, which is soon built."""
    for place, before in (("alone", alone), ("usual", [])):
        command = [
            *before,
            sys.executable,
            ROOT / "pipeline.py",
            "run",
            "bel",
            "--force",
            "--as-of",
            "2005-01-01",
            "--output",
            tmp_path / place,
        ]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=900)
        assert done.returncode == 0, done.stderr
    built, usual = contents(tmp_path / "alone"), contents(tmp_path / "usual")
    assert sorted(name for name in built.keys() | usual.keys() if built.get(name) != usual.get(name)) == []
