"""Runs a command where there is no network: in a namespace with no interface but the loopback. python -m bench.offline COMMAND.

The pipeline needs not even the loopback, which tests/stories/test_offline.py shows; nbval, with which the tests run notebooks
again, talks to its kernels over it. The exit status is the command's, or 2 where such a namespace cannot be made.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP of Linux


def without_network() -> list[str]:
    """The command that runs what follows it in a namespace whose only interface, the loopback, is down.

    Raises ``OSError`` where the system has none, or permits none.
    """
    command = ["unshare", *([] if os.getuid() == 0 else ["--user", "--map-root-user"]), "--net", "--"]
    if not shutil.which("unshare"):
        raise OSError("there is no unshare (Linux has it in util-linux)")
    done = subprocess.run([*command, "true"], capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"network namespaces are not permitted: {done.stderr.strip()}")
    return command


def loopback_up() -> None:
    """Bring up the loopback of the namespace that this process is in."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        flags = fcntl.ioctl(handle, GET_FLAGS, struct.pack("16sH22x", b"lo", 0))
        (now,) = struct.unpack_from("H", flags, 16)
        fcntl.ioctl(handle, SET_FLAGS, struct.pack("16sH22x", b"lo", now | UP))


def main(arguments: list[str]) -> int:
    """Run the command; in the namespace this module is run again with ``--inside``."""
    if arguments[:1] == ["--inside"]:
        loopback_up()
        os.execvp(arguments[1], arguments[1:])
    if not arguments:
        print("Name a command: python -m bench.offline COMMAND", file=sys.stderr)
        return 2
    try:
        return subprocess.run([*without_network(), sys.executable, "-m", "bench.offline", "--inside", *arguments]).returncode
    except OSError as error:
        print(f"Nothing was run: {error}. It takes root, or user namespaces, which some systems and containers forbid.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
