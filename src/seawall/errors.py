"""Errors are letters to a colleague: what happened, where, and how to mend it.

Each child exists because some caller tells it apart; each carries the exit code
the command line ends with.
"""

from __future__ import annotations


class SeawallError(Exception):
    """What went wrong, in words for the person who meets it at night."""

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class UsageError(SeawallError):
    """The command was asked in a way it cannot follow."""

    exit_code = 2


class InputError(SeawallError):
    """Evidence, a configuration or a case folder cannot be read."""

    exit_code = 3


class RuleError(SeawallError):
    """A detection rule is broken."""

    exit_code = 4


class PeerError(SeawallError):
    """Another system refused, or did not answer."""

    exit_code = 5
