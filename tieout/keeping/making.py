"""The steps of one run: each is taken from what was kept of it, where nothing that it reads changed, and else it is done and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tieout import editions, installed
from tieout.interrupts import heed, held
from tieout.keeping import reads
from tieout.keeping.reach import known
from tieout.keeping.recipe import EDITION, LIBRARY, LOCK, Recipe, Stage, changes, recipe, upstream
from tieout.keeping.store import Damaged, Store
from tieout.problems import RuleBroken

Work = Callable[[Stage], set[str]]


class Making:
    """Makes the steps of the edition of ``country``. ``given`` are the notebooks' parameters, ``say`` is told of every step."""

    def __init__(self, country: str, root: Path, given: Mapping[str, str], force: bool, say: Callable[[str], None]) -> None:
        self.country, self.root, self.given, self.force, self.say = country, root, given, force, say
        self._store = Store(root, country)
        self.method = self._methods()

    def nothing_kept(self, stage: Stage) -> bool:
        """Whether a step must be done for want of anything that was kept of it."""
        return self.force or not self._store.recipes(stage.name)

    def begin(self, workshop: Path, sources: Recipe, stages: tuple[Stage, ...]) -> None:
        """List what each step is made from. ``sources`` are the inputs in the workshop with their digests."""
        library = known(LIBRARY, tuple(self.method[0].items()))
        self.workshop, self.edition = workshop, workshop / "edition"
        self._own = {one.name: recipe(one, workshop / "inputs", self.given, sources, self._packages, library) for one in stages}

    def must_run(self, stage: Stage) -> bool:
        """Whether a step must be done whatever the steps before it write."""
        own = self._own[stage.name]
        return self.force or not any(_own(kept) == own for kept in self._store.recipes(stage.name))

    def step(self, stage: Stage, work: Work) -> None:
        """Take a step from what was kept of it, or do it; tells which, and why. ``work`` does it, and gives the paths that it read.

        Raises ``RuleBroken`` where it read what its recipe does not name, or changed what an earlier step wrote.
        """
        heed()
        before = editions.outputs(self.edition)
        made = self._own[stage.name] | upstream(stage, before)
        reason = self._taken(stage, made)
        if not reason:
            self.say(f"{self.country}: {stage.name}: kept, nothing it reads changed")
            return
        self.say(f"{self.country}: {stage.name}: runs, {reason}")
        read = reads.named(work(stage), self.workshop, self.root)
        self._judge(stage, made, before, read)
        heed()
        self._keep(stage, made, before)

    def _taken(self, stage: Stage, made: Recipe) -> str:
        """Take a step; an empty text, or why it must be done."""
        if self.force:
            return "--force"
        kept = self._store.recipes(stage.name)
        try:
            if self._store.take(stage.name, made, self.edition, self.workshop / "taken"):
                return ""
        except Damaged as fault:
            return f"what was kept of it is damaged ({fault})"
        nearest = min(kept, key=lambda before: len(before.items() ^ made.items()), default=None)
        return changes(nearest, made) if nearest else "nothing is kept of it"

    def _judge(self, stage: Stage, made: Recipe, before: Recipe, read: set[str]) -> None:
        """Hold what a step read and wrote against what it may."""
        after = editions.outputs(self.edition)
        own = {f"{EDITION}{name}" for name in after.keys() - before.keys()} | {f"{EDITION}{editions.MANIFEST}"}
        if strange := sorted(read - made.keys() - own - set(reads.CODE)):
            told = f"{self.country}: the step {stage.name} read what it is not said to read: {', '.join(strange[:10])}."
            advice = "A change there would not make it run again. Say so in tieout/keeping/recipe.py, or do not read it."
            raise RuleBroken(f"{told} {advice} Nothing was published.")
        if spoiled := sorted(name for name, one in before.items() if after.get(name) != one):
            told = f"{self.country}: the step {stage.name} changed what an earlier one wrote: {', '.join(spoiled[:10])}."
            raise RuleBroken(f"{told} A step writes files of its own. Nothing was published.")

    def _keep(self, stage: Stage, made: Recipe, before: Recipe) -> None:
        """Keep what a step wrote, unless the code was edited meanwhile: nobody knows which of it ran."""
        if self._methods() != self.method:
            return
        try:
            with held():
                self._store.put(stage.name, made, self.edition, editions.outputs(self.edition).keys() - before.keys())
        except OSError as error:
            self.say(f"{self.country}: {stage.name}: not kept for the next run ({error.strerror}: {self._store.folder})")

    def _methods(self) -> tuple[Recipe, Recipe]:
        """The library and the packages as they are now."""
        lock = self.root / LOCK
        names = installed.pinned(lock.read_text(encoding="utf-8")) if lock.is_file() else []
        self._packages = {f"package {name}": version for name, version in installed.versions(names).items()}
        return editions.library(), self._packages


def _own(made: Recipe) -> dict[str, str]:
    """A recipe without what the steps before wrote."""
    return {name: one for name, one in made.items() if not name.startswith(EDITION)}
