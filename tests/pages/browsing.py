"""Pages opened in a real browser, from the disk."""

from __future__ import annotations

from pathlib import Path

PAGES = [
    "index",
    "changes",
    "validate",
    "validate-code",
    "trends",
    "figures",
    "factcheck",
    "evidence/tip-2004",
    "evidence/ecpat-2010",
    "evidence/tip-2025",
]


def opened(chromium, edition: Path, name: str, **options):
    """A page opened from the disk, with what it asked for and what it complained of."""
    page = chromium.new_page(**options)
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("requestfailed", lambda request: page.said.append(f"failed: {request.url}"))
    page.goto((edition / f"{name}.html").as_uri())
    page.evaluate("document.fonts.ready")
    return page
