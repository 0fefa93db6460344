"""Colours as colour-blind readers see them, and how far apart two colours look.

The matrices are those of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (6), 2009, for a full deficiency (severity 1.0); they
apply to linear RGB. Distances are those of CIE 1976 L*a*b* under D65: about 2 is just seen, 10 is seen at a glance.
"""

from __future__ import annotations

import math

Triple = tuple[float, float, float]
NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
MACHADO = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_D65 = (0.95047, 1.0, 1.08883)


def distance(one: str, other: str, vision: str = "") -> float:
    """How far apart two colours look to someone with that vision; the usual one where none is named."""
    matrix = MACHADO.get(vision, NORMAL)
    return math.dist(*(_lab(_times(matrix, _linear(colour))) for colour in (one, other)))


def _linear(colour: str) -> Triple:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return tuple(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels)


def _times(matrix: tuple[Triple, ...], colour: Triple) -> Triple:
    return tuple(min(1.0, max(0.0, sum(factor * part for factor, part in zip(line, colour, strict=True)))) for line in matrix)


def _lab(linear: Triple) -> Triple:
    shares = [sum(factor * part for factor, part in zip(line, linear, strict=True)) / white for line, white in zip(_XYZ, _D65, strict=True)]
    x, y, z = (share ** (1 / 3) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116 for share in shares)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
