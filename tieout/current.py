"""Whether there is anything to do: an edition that is whole and was made from what is there now is left alone.

Nothing heavy is imported before that is known.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tieout import editions, sockets

if TYPE_CHECKING:
    from tieout.servers import Servers


def run(
    country: str,
    root: Path,
    output: Path,
    settings: dict[str, str] | None = None,
    force: bool = False,
    say: Callable[[str], None] = print,
    seconds: int = 600,
    *,
    servers: Servers,
) -> Path:
    """The edition of ``country`` in ``output``, built where it is not up to date or with ``force``; its folder.

    Takes and raises what ``running.run`` does.
    """
    place = output / country
    sockets.sweep()
    editions.sweep(output, country)
    if not force and editions.unchanged(root, country, place, {"country": country, **(settings or {})}):
        say(f"{country}: unchanged, nothing to do ({place / 'index.html'})")
        return place
    from tieout.running import run as build

    return build(country, root, output, settings, force, say, seconds, servers=servers)
