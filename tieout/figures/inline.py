"""A laid-out drawing as an SVG to stand inside a page: live text in the page's own font, colours that the page sets.

The file is one ``svg`` element without styles, so that the strictest content security policy shows it whole. The page has its title,
notes and source as text of its own. Its name is a label, not a ``title`` element, which browsers would hold under the pointer.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from tieout.figures.canvas import Canvas, Group, Line, Shape, Words
from tieout.figures.colours import INK, variable
from tieout.figures.plan import Plan

FAMILY = "'Tieout Sans','Source Sans 3',sans-serif"


class Element(NamedTuple):
    """An element with the looks that it may share with its neighbours apart from what is its own."""

    looks: str
    tag: str
    own: str
    body: str

    def told(self, looks: str) -> str:
        """The element as it is written, with these looks."""
        end = f">{self.body}</{self.tag}>" if self.body else "/>"
        return f"<{self.tag}{looks}{self.own}{end}"


def inline(canvas: Canvas, plan: Plan) -> str:
    """The figure for the inside of a page."""
    name, (left, top, width, height) = f"{plan.id}-{canvas.size.name}", canvas.frame
    root = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": f"chart {canvas.size.name}",
        "width": width,
        "height": height,
        "viewBox": f"{left} {top} {width} {height}",
        "role": "group",
        "aria-label": plan.title,
        "aria-describedby": f"{name}-desc",
        "font-family": FAMILY,
        "fill": variable(INK),
        "text-rendering": "geometricPrecision",
    }
    body = _gathered([_group(group) for group in canvas.drawn])
    return f'<svg{_attributes(root)}>\n<desc id="{name}-desc">{escape(plan.alt)}</desc>\n{body}\n</svg>\n'


def _group(group: Group) -> Element:
    elements = [_words(mark) if isinstance(mark, Words) else _shape(mark) for mark in group.marks]
    if group.link is None:
        return elements[0]
    return Element("", "a", _attributes({"href": group.link.href, "aria-label": group.link.name}), _gathered(elements, ""))


def _gathered(elements: list[Element], between: str = "\n") -> str:
    """Elements in their order; neighbours that look the same share a group that says so once."""
    told = []
    for looks, same in groupby(elements, key=lambda element: element.looks):
        inside = list(same)
        if looks and len(inside) > 1:
            told.append(f"<g{looks}>{between.join(element.told('') for element in inside)}</g>")
        else:
            told += [element.told(looks) for element in inside]
    return between.join(told)


def _words(words: Words) -> Element:
    """A line stands on its anchor, so that another font would not move it; the lines of a text flow on for who copies them."""
    looks = {
        "font-size": _short(words.size),
        "font-weight": "600" if words.face == "bold" else "",
        "fill": "" if words.colour == INK else variable(words.colour),
    }
    name = {"id": words.name}
    if len(words.lines) == 1:
        line, anchor = words.lines[0], {"center": "middle", "right": "end"}.get(words.align, "")
        share = {"middle": 0.5, "end": 1.0}.get(anchor, 0.0)
        own = {**name, **_at(line, share), "text-anchor": anchor}
        return Element(_attributes(looks), "text", _attributes(own), escape(line.text))
    spans = [f"<tspan{_attributes(_at(line))}>{escape(line.text)}" for line in words.lines]
    return Element(_attributes(looks), "text", _attributes(name), f"{' </tspan>'.join(spans)}</tspan>")


def _at(line: Line, share: float = 0.0) -> dict[str, str]:
    return {"x": _short(line.left + share * line.width), "y": _short(line.baseline)}


def _shape(shape: Shape) -> Element:
    looks = {
        "fill": variable(shape.fill) if shape.fill else "none",
        "stroke": variable(shape.edge) if shape.edge else "",
        "stroke-width": _short(shape.weight) if shape.edge and shape.weight != 1 else "",
        "stroke-dasharray": " ".join(_short(part * shape.weight) for part in shape.dash),
    }
    return Element(_attributes(looks), "path", _attributes({"id": shape.name, "d": _outlines(shape)}), "")


def _outlines(shape: Shape) -> str:
    """Outlines as path data; a step straight across or down says only how far."""
    told = []
    for outline in shape.outlines:
        points = [(_short(x), _short(y)) for x, y in outline]
        told.append(f"M{points[0][0]} {points[0][1]}")
        for (x, y), (before_x, before_y) in zip(points[1:], points, strict=False):
            told.append(f"V{y}" if x == before_x else f"H{x}" if y == before_y else f"L{x} {y}")
        told += ["Z"] * shape.closed
    return "".join(told)


def _attributes(given: dict[str, object]) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in given.items() if value != "")


def _short(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
