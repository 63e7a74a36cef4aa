"""What each source gave, and what of it was lost: counted, bounded, and carried on over restarts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Final

MAX_SOURCES: Final = 20_000  # names remembered; what comes from others is counted together
MAX_SHOWN: Final = 1_000  # in a status, those that gave most; the rest together
OTHERS: Final = "others"


@dataclass(slots=True)
class Count:
    """What one source came to since the case began."""

    messages: int = 0
    octets: int = 0
    lost: int = 0  # known to be lost: dropped by the kernel, or thrown away because the disk took nothing
    oversized: int = 0  # longer than is taken
    refused: int = 0  # connections and requests turned away: no TLS, no token, too many
    broken: int = 0  # connections that ended in the middle of a message


class Tally:
    """Counts by source, e.g. "syslog-tcp 192.0.2.1"."""

    def __init__(self, before: dict[str, Any] | None = None) -> None:
        self._counts: dict[str, Count] = {}
        names = {field.name for field in fields(Count)}
        for source, said in (before or {}).items():
            if isinstance(said, dict) and len(self._counts) < MAX_SOURCES:
                known = {k: v for k, v in said.items() if k in names and isinstance(v, int) and v >= 0}
                self._counts[source] = Count(**known)

    def of(self, source: str) -> Count:
        """The count of a source; of all others together where there are too many."""
        found = self._counts.get(source)
        if found is None:
            if len(self._counts) >= MAX_SOURCES:
                source = OTHERS
            found = self._counts.setdefault(source, Count())
        return found

    def totals(self) -> dict[str, int]:
        """All sources together."""
        return asdict(_sum(list(self._counts.values())))

    def shown(self) -> dict[str, dict[str, int]]:
        """Counts by source for a status, the largest first; what does not fit stands under `others`."""
        ranked = sorted(self._counts.items(), key=lambda item: (-item[1].lost, -item[1].messages, item[0]))
        found = {source: asdict(count) for source, count in ranked[:MAX_SHOWN]}
        rest = [count for _, count in ranked[MAX_SHOWN:]]
        if rest:
            mixed = [*rest, *([Count(**found[OTHERS])] if OTHERS in found else [])]
            found[OTHERS] = asdict(_sum(mixed))
        return found


def _sum(counts: list[Count]) -> Count:
    made = Count()
    for count in counts:
        for field in fields(Count):
            setattr(made, field.name, getattr(made, field.name) + getattr(count, field.name))
    return made
