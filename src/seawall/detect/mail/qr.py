"""QR codes in pictures."""

from __future__ import annotations


def codes_in(image: bytes) -> list[str]:  # noqa: ARG001
    """What QR codes in a picture say."""
    return []
