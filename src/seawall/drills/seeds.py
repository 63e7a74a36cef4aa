"""Chance that can be repeated: one stream of numbers per seed and purpose.

A purpose of its own means that a generator added later does not change what the others drew before.
"""

from __future__ import annotations

from random import Random


def stream(seed: int, *purpose: str | int) -> Random:
    """Random numbers that depend only on the seed and on what they are for."""
    return Random("/".join(map(str, (seed, *purpose))))  # noqa: S311 - repeatable is the point; nothing secret rests on it
