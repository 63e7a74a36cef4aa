"""A partner's list of known-bad values, as CSV."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import date


def write(
    values: Sequence[str], seen: date, *, confidence: str = "high", source: str = "partner exchange"
) -> list[str]:
    """The lines of the list, header first; addresses and names are told apart by their form."""
    rows = ["value,type,confidence,first_seen,last_seen,source,note"]
    for value in values:
        day = seen.isoformat()
        rows.append(f"{value},{_type(value)},{confidence},{day},{day},{source},drill")
    return rows


def _type(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return "domain"
    return "ip"
