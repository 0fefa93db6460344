"""The colours of figures, named by what they mean, once for light and once for dark pages.

Drawings speak only of meanings; a scheme says how each looks. Texts keep 4.5:1 and marks 3:1 on the paper of their scheme.
Colours that must be told apart stay apart for colour-blind readers too, and no meaning hangs on colour alone.
"""

from __future__ import annotations

from itertools import combinations

# Texts, and marks whose words take their colour
INK, MUTED, BREAK, COUNT, APART = "ink", "muted", "break", "count", "apart"
CHANGED, MERGED, NEW = "changed", "merged", "new"
SAME, DROPPED = COUNT, BREAK
# Marks alone
WHOLE, JOIN = "whole", "join"
# Grounds: no information in them alone
SILENCE, RULE, PAPER = "silence", "rule", "paper"

TEXTS = (INK, MUTED, BREAK, COUNT, APART, CHANGED, MERGED, NEW)
MARKS = (COUNT, APART, WHOLE, JOIN, BREAK, CHANGED, MERGED, NEW)
TOLD_APART = ((COUNT, APART), (COUNT, WHOLE), (COUNT, JOIN), (APART, BREAK), *combinations((SAME, CHANGED, MERGED, NEW, DROPPED), 2))

LIGHT = {
    INK: "#1d2730", MUTED: "#56616c", BREAK: "#8f1408", COUNT: "#0b6aa8", APART: "#b8560b", CHANGED: "#a06800", MERGED: "#4f1273",
    NEW: "#00513b", WHOLE: "#8093a4", JOIN: "#3d4853", SILENCE: "#f1f3f5", RULE: "#c9d0d6", PAPER: "#ffffff",
}  # fmt: skip
DARK = {
    INK: "#eceae4", MUTED: "#b3b0a7", BREAK: "#ffa592", COUNT: "#4d9fe6", APART: "#c97a28", CHANGED: "#f0cf6a", MERGED: "#e6c6fb",
    NEW: "#8ee8c8", WHOLE: "#7d8c99", JOIN: "#c9cfd4", SILENCE: "#242524", RULE: "#45443f", PAPER: "#161615",
}  # fmt: skip
SCHEMES = {"light": LIGHT, "dark": DARK}


def variable(meaning: str) -> str:
    """A colour for an inline figure: the page's own, or the light one where the page sets none."""
    return f"var(--figure-{meaning},{LIGHT[meaning]})"


def recoloured(text: str, scheme: str) -> str:
    """A drawing in light colours, in the colours of another scheme."""
    for meaning, colour in LIGHT.items():
        text = text.replace(f'"{colour}"', f'"{SCHEMES[scheme][meaning]}"')
    return text


def contrast(colour: str, ground: str) -> float:
    """The contrast of two colours after WCAG 2: 1 for none, 21 for black on white."""
    lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
