"""What notebooks' kernels are forked from in a command: each server is started once, when it is clear that one is needed."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tieout import environment
from tieout.interrupts import held
from tieout.problems import Usage

if TYPE_CHECKING:
    from tieout.warm.forking import ForkServer

# What is imported once, before kernels are forked: nothing but the validation waits for great-expectations. Of this library only what
# each of the notebooks reaches, so that whatever else one imports is seen (keeping/reads).
_LIGHT = ("tieout.showing", "tieout.steps", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "matplotlib.figure",
          "PIL.Image", "scipy.special")  # fmt: skip
IMPORTS = {
    "1_validate": ("tieout.showing", "tieout.steps", "tieout.expectations"),
    "2_trends": _LIGHT,
    "3_figures": _LIGHT,
}


class Servers:
    """The fork servers of one command, for all of its editions; none where ``TIEOUT_KERNELS`` is ``plain``.

    The validation's imports take longest and everything waits for it: it has a processor to itself, while this process imports
    papermill on another, and only then the next begins.
    """

    def __init__(self) -> None:
        kind = os.environ.get("TIEOUT_KERNELS", "warm")
        if kind not in ("warm", "plain"):
            raise Usage(f"TIEOUT_KERNELS is {kind!r}. Set it to warm or to plain, or leave it unset.")
        self._warm = kind == "warm"
        self._servers: dict[tuple[str, ...], ForkServer] = {}
        self._method: object = None

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *_: object) -> None:
        with held():
            for server in self._servers.values():
                server.close()

    def start(self, notebook: str) -> ForkServer | None:
        """The server for a notebook, started now where it was not yet, or where it died."""
        from tieout.warm.forking import ForkServer

        imports = IMPORTS[notebook]
        server = self._servers.get(imports)
        if self._warm and (server is None or not server.alive):
            if server is not None:
                server.close()
            self._servers[imports] = server = ForkServer([sys.executable], imports, environment.of_kernels(Path()))
            importlib.import_module("tieout.kernels")
        return server

    def hold(self, method: object) -> None:
        """Hold the code of an edition against that of the first. Raises ``Usage`` where it was edited: what is imported is the old one."""
        if self._method is None:
            self._method = method
        if self._method != method:
            raise Usage("The library or its packages were changed while the command ran. What is built is in place. Run it again.")
