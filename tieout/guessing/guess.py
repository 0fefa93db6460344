"""A guess: what, why, and how sure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guess:
    """A guessed cell. ``reason`` is a phrase for people, ``confidence`` the expected share of such guesses that are right (0 to 1)."""

    value: str
    reason: str
    confidence: float
