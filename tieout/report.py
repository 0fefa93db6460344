"""What a check found: failures, results and the report that holds them all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

PASS, FAIL, BROKEN = "pass", "fail", "broken"


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong, told so that a person can mend it.

    ``check`` names the rule; ``ids`` the rows; ``column`` and ``value`` the cell; ``message`` says what is wrong and
    what to do; ``where`` is ``file:line``; ``words`` are the source's own, where there are any.
    """

    check: str
    message: str
    ids: tuple[str, ...] = ()
    column: str = ""
    value: str = ""
    where: str = ""
    words: str = ""

    def lines(self) -> list[str]:
        """The failure as lines of plain text, the first one whole in itself."""
        row = " ".join(", ".join(self.ids).split())
        head = " · ".join(part for part in (self.check, row, self.where) if part)
        found = [head, f"    {self.message}"]
        if self.words:
            found.append(f"    words: “{shorten(self.words)}”")
        return found


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check: ``status`` is ``pass``, ``fail``, or ``broken`` where the rule itself failed."""

    id: str
    title: str
    severity: str = "error"
    status: str = PASS
    failures: tuple[Failure, ...] = ()
    fault: str = ""

    def as_json(self) -> dict:
        """The result as ``validation.json`` holds it."""
        failures = [
            {key: list(value) if key == "ids" else value for key, value in asdict(f).items() if key != "check"} for f in self.failures
        ]
        found = {"id": self.id, "title": self.title, "severity": self.severity, "status": self.status, "failures": failures}
        return {**found, "fault": self.fault} if self.fault else found


@dataclass(frozen=True)
class Report:
    """Every check's result for one country."""

    country: str
    results: tuple[CheckResult, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """True where every check passed; a broken rule is no pass."""
        return all(result.status == PASS for result in self.results)

    @property
    def failures(self) -> list[Failure]:
        """Everything wrong with the data."""
        return [failure for result in self.results for failure in result.failures]

    @property
    def broken(self) -> list[CheckResult]:
        """The checks whose own rule could not run; they say nothing about the data."""
        return [result for result in self.results if result.status == BROKEN]

    def as_json(self) -> dict:
        """The report as ``validation.json`` holds it."""
        return {"ok": self.ok, "country": self.country, "checks": [result.as_json() for result in self.results]}

    @classmethod
    def from_json(cls, stored: dict) -> Report:
        """The report that ``validation.json`` holds."""
        results = []
        for check in stored["checks"]:
            failures = tuple(Failure(**{**failure, "check": check["id"], "ids": tuple(failure["ids"])}) for failure in check["failures"])
            results.append(CheckResult(check["id"], check["title"], check["severity"], check["status"], failures, check.get("fault", "")))
        return cls(stored["country"], tuple(results))


def shorten(words: str, limit: int = 280) -> str:
    """The words on one line, cut in the middle where they run past ``limit`` characters."""
    line = " ".join(words.split())
    return line if len(line) <= limit else f"{line[: limit // 2].rstrip()} […] {line[-limit // 2 :].lstrip()}"
