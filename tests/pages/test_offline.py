"""No file of an edition would load anything from outside it: each page, style sheet, SVG and notebook, read without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.loading import FILES, loaded, outside

pytestmark = pytest.mark.xdist_group("pages")
AWAY = "https://example.org/x"


def test_no_file_would_load_anything_from_outside(edition: Path) -> None:
    read = [path for path in sorted(edition.rglob("*")) if path.suffix in FILES]
    assert {path.suffix for path in read} == set(FILES)
    assert {path.relative_to(edition).as_posix(): told for path in read if (told := outside(edition, path))} == {}


def test_the_scan_sees_what_is_loaded(edition: Path) -> None:
    assert {"assets/style.css"} <= set(loaded(edition / "index.html"))
    assert len(loaded(edition / "assets" / "style.css")) == 2, "the two fonts"
    assert any(one.startswith("../figures/") for one in loaded(edition / "notebooks" / "3_figures.ipynb"))


@pytest.mark.parametrize(
    "leak",
    [
        f'<img src="{AWAY}" alt="">',
        '<img src="//example.org/x" alt="">',
        f'<img srcset="figures/a.png 1x, {AWAY} 2x" alt="">',
        '<img src="../elsewhere.png" alt="">',
        '<img src="figures/not-there.png" alt="">',
        f'<link rel="stylesheet" href="{AWAY}">',
        f'<link rel="preload" as="image" href="" imagesrcset="{AWAY} 1x">',
        f'<link rel="dns-prefetch" href="{AWAY}">',
        f'<link rel="icon" href="{AWAY}">',
        f'<meta http-equiv="refresh" content="0; url={AWAY}">',
        f'<base href="{AWAY}">',
        f'<script src="{AWAY}"></script>',
        "<script>fetch('/x')</script>",
        f'<iframe src="{AWAY}"></iframe>',
        f"<iframe srcdoc='<img src={AWAY}>'></iframe>",
        f'<object data="{AWAY}"></object>',
        f'<embed src="{AWAY}">',
        f'<video poster="{AWAY}"></video>',
        f'<video><source src="{AWAY}"><track src="{AWAY}"></video>',
        f'<form action="{AWAY}"></form>',
        f'<form><button formaction="{AWAY}">b</button></form>',
        f'<a href="#content" ping="{AWAY}">a</a>',
        f'<body background="{AWAY}">',
        f"<style>@import '{AWAY}';</style>",
        f"<style>@font-face {{ font-family: f; src: url({AWAY}) }}</style>",
        f'<p style="background: URL( {AWAY} )">p</p>',
        f"<p style=\"background: image-set('{AWAY}' 1x)\">p</p>",
        f'<svg><image href="{AWAY}"/></svg>',
        f'<svg><use xlink:href="{AWAY}#a"/></svg>',
        f'<svg><path fill="url({AWAY}#a)"/></svg>',
        f'<svg><image href="#a"><set attributeName="href" to="{AWAY}"/></image></svg>',
        '<p onclick="go()">p</p>',
    ],
)
def test_a_leak_in_a_page_is_found(tmp_path: Path, leak: str) -> None:
    page = tmp_path / "index.html"
    head, body = ("", leak) if not leak.startswith(("<link", "<meta", "<base", "<style")) else (leak, "")
    frame = "<!doctype html><html lang=en><head><title>T</title>{}</head>{}<main id=content>{}</main></html>"
    page.write_text(frame.format("", "<body>", "<p>p</p>"), encoding="utf-8")
    assert outside(tmp_path, page) == []
    opened, body = (leak, "") if leak.startswith("<body") else ("<body>", body)
    page.write_text(frame.format(head, opened, body), encoding="utf-8")
    assert outside(tmp_path, page)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.css", f"@import url('{AWAY}');"),
        ("a.css", f"@import '{AWAY}';"),
        ("a.css", f"p {{ background: url(\n  {AWAY} ) }}"),
        ("a.css", "@font-face { src: url(//example.org/a.woff2) }"),
        ("a.css", "p { cursor: url(../../elsewhere.cur), auto }"),
        ("a.svg", f'<?xml-stylesheet href="{AWAY}"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{AWAY}"/></svg>'),
        ("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"><use l:href="{AWAY}"/></svg>'),
        ("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><style>p {{ fill: url({AWAY}) }}</style></svg>'),
        ("a.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><path filter="url({AWAY}#f)"/></svg>'),
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>go()</script></svg>'),
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg" onload="go()"/>'),
        ("a.ipynb", '{"cells": [{"outputs": [{"data": {"text/html": ["<img src=\\"https://example.org/x\\">"]}}]}]}'),
    ],
)
def test_a_leak_in_another_file_is_found(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert outside(tmp_path, tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.css", "/* url(https://example.org) */ p { background: url(data:image/png;base64,AA==) }"),
        ("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"><path fill="url(#hatch)"/><a href="https://example.org"/></svg>'),
        ("a.html", '<script type="application/ld+json">{"@context": "https://schema.org"}</script><a href="https://example.org">a</a>'),
    ],
)
def test_what_is_not_loaded_is_no_leak(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert outside(tmp_path, tmp_path / name) == []
