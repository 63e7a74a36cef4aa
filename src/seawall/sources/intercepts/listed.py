"""Every format of intercept records the guard reads, and which of them a file is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from seawall.sources import warrants
from seawall.sources.base import Chunk, Evidence, Reading
from seawall.sources.intercepts import (
    audit,
    configs,
    dtcp,
    flow_lines,
    hi1,
    mirror_lists,
    nokia,
    openli,
    openli_log,
    order_tables,
    policy,
    snmp_walk,
    task_tables,
    x1,
)
from seawall.sources.intercepts.base import Format, read_with

FORMATS: Final[tuple[Format, ...]] = (
    x1.FORMAT,
    policy.FORMAT,
    dtcp.FORMAT,
    snmp_walk.FORMAT,
    openli.FORMAT,
    openli_log.FORMAT,
    flow_lines.FORMAT,
    audit.FORMAT,
    task_tables.FORMAT,
    mirror_lists.FORMAT,
    nokia.FORMAT,
    configs.FORMAT,
)
_ORDERS: Final[
    dict[str, tuple[str, Callable[[Evidence], int], Callable[[Evidence, Reading, dict[str, Any]], Iterator[Chunk]]]]
] = {
    "warrants": (warrants.SOURCE.title, warrants.SOURCE.sniff, warrants.read_framed),
    "hi1": ("Warrants by HI1 (ETSI TS 103 120)", hi1.sniff, hi1.read),
    "order-table": ("Registry of court orders as a table", order_tables.sniff, order_tables.read),
}

REGISTRIES: Final = frozenset(_ORDERS)


def format_of(evidence: Evidence) -> str:
    """The name of the format that is surest of a file; empty if nobody knows it."""
    best, surest = "", 0
    for one in FORMATS:
        if (sure := one.sniff(evidence)) > surest:
            best, surest = one.name, sure
    for name, (_, sniff, _) in _ORDERS.items():
        if (sure := sniff(evidence)) >= max(surest, 1):
            best, surest = name, sure
    return best


def title_of(name: str) -> str:
    """What a format is called."""
    return next((one.title for one in FORMATS if one.name == name), "") or _ORDERS[name][0]


def read(name: str, evidence: Evidence, reading: Reading, frame: dict[str, Any]) -> Iterator[Chunk]:
    """Read a file as one format, identifiers through the vault.

    `frame` says `registry_tz` and `default_country_code` for files that do not say them.

    Raises:
        VaultClosedError: there is no open vault.
        InputError: the file is refused as a whole.
    """
    if name in _ORDERS:
        yield from _ORDERS[name][2](evidence, reading, frame)
        return
    (format_,) = (one for one in FORMATS if one.name == name)
    yield from read_with(format_, evidence, reading, str(frame.get("default_country_code") or ""))
