"""What a rule says of itself beside its question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meta:
    """Who wrote a rule, what to read about it, and whether it is one of ours."""

    author: str = ""
    licence: str = ""
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    description: str = ""
    builtin: bool = False
