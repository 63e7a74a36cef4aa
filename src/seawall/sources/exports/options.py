"""What exporters announce about themselves in options records: sampling, names of interfaces and applications.

RFC 3954, 6.1; RFC 7011, 3.4.2.2; elements 34/35, 48-50, 302, 304-306 for sampling (RFC 5477), 82/83 and 96 for names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from seawall.sources.exports.elements import IANA, INIT_MS, RATES, SAMPLERS, SAMPLING_SPACE
from seawall.sources.exports.templates import Field, Template

MAX_NAMES: Final = 65_536  # of one exporter
_SCOPE_INTERFACE: Final = 2
_INTERFACES: Final = (10, 14, 252, 253)
_NAME: Final = (82, 83)
_APPLICATION: Final = 95
_APPLICATION_NAME: Final = 96


@dataclass(slots=True)
class Announced:
    """What is known of one exporter's domain."""

    header_rate: int = 0  # NetFlow v5 says it in each header; 0 and 1: every packet
    samplers: dict[int, int] = field(default_factory=dict)  # sampler id → one packet in so many
    rates: dict[str, int] = field(default_factory=dict)  # "": of the whole domain
    interfaces: dict[int, str] = field(default_factory=dict)
    applications: dict[bytes, str] = field(default_factory=dict)
    init_ms: int | None = None  # when the exporter started, since 1970

    def rate(self) -> int | None:
        """The rate that holds for records which do not name a sampler; None if none, or more than one, was said."""
        if self.header_rate:
            return self.header_rate
        if "" in self.rates:
            return self.rates[""]
        distinct = set(self.samplers.values())
        return next(iter(distinct)) if len(distinct) == 1 else None


def learn(known: Announced, template: Template, content: bytes, count: int) -> None:
    """Take what some options records say. Raises MalformedError if they run past their set."""
    columns = template.columns(content, count)
    by_element: dict[tuple[int, int], Field] = {}
    for element, column in zip(template.elements, columns, strict=True):
        by_element.setdefault(element, column)
    for row in range(count):
        _learn_one(known, {element: octets(column, row) for element, column in by_element.items()})


def _learn_one(known: Announced, said: dict[tuple[int, int], bytes]) -> None:
    numbers = {
        n: int.from_bytes(value, "big") for (pen, n), value in said.items() if pen == IANA and 0 < len(value) <= 8
    }
    rate = next((numbers[n] for n in RATES if numbers.get(n)), 0)
    if rate and SAMPLING_SPACE in numbers:
        rate = max(1, round((rate + numbers[SAMPLING_SPACE]) / rate))  # so many of every interval + space
    sampler = next((numbers[n] for n in SAMPLERS if n in numbers), None)
    if rate and sampler is not None and len(known.samplers) < MAX_NAMES:
        known.samplers[sampler] = rate
    elif rate:
        known.rates[""] = rate
    if numbers.get(INIT_MS):
        known.init_ms = numbers[INIT_MS]
    name = next((text(said[IANA, n]) for n in _NAME if (IANA, n) in said), "")
    scope = said.get((-1, _SCOPE_INTERFACE))
    index = int.from_bytes(scope, "big") if scope else next((numbers[n] for n in _INTERFACES if n in numbers), None)
    if name and index is not None and len(known.interfaces) < MAX_NAMES:
        known.interfaces[index] = name
    application = said.get((IANA, _APPLICATION))
    called = text(said.get((IANA, _APPLICATION_NAME), b""))
    if application and called and len(known.applications) < MAX_NAMES:
        known.applications[application] = called


def octets(column: Field, row: int) -> bytes:
    """One field of one record, as it stood."""
    if isinstance(column, list):
        return column[row]
    value: Any = column[row]
    return value.tobytes() if isinstance(value, np.ndarray) else np.asarray(value, column.dtype).tobytes()


def text(value: bytes) -> str:
    """A name as exporters write it: until the first NUL, printable."""
    said = value.split(b"\0", 1)[0].decode("utf-8", "replace").strip()[:200]
    return "".join(c if c.isprintable() else "·" for c in said)
