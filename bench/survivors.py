"""Why each fault that the rules alone cannot see is one that no reader could tell from the page."""

from __future__ import annotations

EXPLANATIONS = {
    "a quote cut": "the shorter words stand in the source and still say what the number counts; nothing printed changes",
    "an identity removed": "the last of a running number leaves no hole; only the signature knows that it was there",
    "a fault removed": "the last of a running number leaves no hole; only the signature knows that it was there",
}


def explained(kind: str, told: str) -> str:
    """The explanation of a survivor, or an empty string, which fails the campaign."""
    return EXPLANATIONS.get(kind, "")
