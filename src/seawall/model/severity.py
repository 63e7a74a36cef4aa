"""Sigma's five words for how bad a finding is, in order."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is; compares by badness."""

    INFORMATIONAL = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word Sigma, our JSON and our reports use."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> Severity:
        """The severity Sigma calls `word`. Raises ValueError for any other word."""
        try:
            return cls[word.strip().upper()]
        except KeyError:
            raise ValueError(
                f"no severity is called {word!r}; choose one of {', '.join(s.word for s in cls)}"
            ) from None
