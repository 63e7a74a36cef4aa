"""How much a caller may ask, and the record of it: every question is an entry of the ledger before it is answered.

What was spent is read back from the ledger, so a restart, a new lock or a removed file gives nothing back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from seawall.errors import InputError
from seawall.people.book import Book

KIND: Final = "vault"  # of the ledger entry


class SpentError(InputError):
    """A caller has asked all it may."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions per hour and per day for one caller (a user of this machine)."""

    equal_hour: int = 100  # is this identifier that one?  (a number range has thousands)
    equal_day: int = 500
    compare_day: int = 1_000_000  # does one commitment contain another?
    commit_day: int = 1_000_000  # identifiers handed in by ingest; it can be used to ask, so it has an end too


class Budget:
    """Spends what `Limits` allow; one entry of the ledger for each spending."""

    def __init__(self, book: Book, limits: Limits) -> None:
        self._book, self._limits = book, limits

    def spend(self, what: str, caller: int, count: int, now: datetime, body: dict[str, object] | None = None) -> None:
        """Take `count` questions of a sort from a caller's budget and record it.

        Raises:
            SpentError: they are more than are left; nothing was taken, but the refusal is recorded.
        """
        hour, day = f"{what}.{caller}.{now:%Y%m%dT%H}", f"{what}.{caller}.{now:%Y%m%d}"
        with self._book.exclusive():
            for bucket, name, limit in (
                ("hour", hour, self._limit(what, "hour")),
                ("day", day, self._limit(what, "day")),
            ):
                if limit is not None and self._used(bucket, name) + count > limit:
                    self._book.append(
                        KIND, {"op": f"{what}.refused", "caller": caller, "asked": count}, keys={"refused": day}
                    )
                    raise SpentError(
                        f"more than {limit} questions an {bucket}"
                        if bucket == "hour"
                        else f"more than {limit} questions a day",
                        mend="wait, or ask about fewer; the limit keeps number ranges from being tried out",
                    )
            entry = {"op": what, "caller": caller, "count": count, **(body or {})}
            self._book.append(KIND, entry, keys={"hour": hour, "day": day})

    def _limit(self, what: str, bucket: str) -> int | None:
        limit = getattr(self._limits, f"{what}_{bucket}", None)
        return limit if isinstance(limit, int) else None

    def _used(self, bucket: str, name: str) -> int:
        return sum(int(entry.body.get("count", 0)) for entry in self._book.find(bucket, name, kind=KIND))
