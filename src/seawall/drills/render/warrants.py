"""A registry of court orders, as an authority or a carrier's intercept office exports it: JSON, whole or by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """One order. Times are UTC; targets are (format as ETSI TS 103 120 names it, value)."""

    number: str
    liid: str
    begins: datetime
    ends: datetime
    targets: Sequence[tuple[str, str]]
    authority: str = "High Court"
    agency: str = "Customs"
    scope: str = "IRIandCC"
    status: str = "Approved"


def write(orders: Sequence[Order], taken: datetime, *, by_line: bool = False) -> str:
    """The registry as it stood at `taken`."""
    said = [_order(order) for order in orders]
    if by_line:
        return "".join(json.dumps(order, ensure_ascii=False) + "\n" for order in said)
    return json.dumps({"as_of": _moment(taken), "warrants": said}, indent=1, ensure_ascii=False) + "\n"


def _order(order: Order) -> dict[str, Any]:
    return {
        "warrant_id": order.number,
        "liid": order.liid,
        "authority": order.authority,
        "agency_id": order.agency,
        "scope": order.scope,
        "status": order.status,
        "valid_from": _moment(order.begins),
        "valid_to": _moment(order.ends),
        "targets": [{"format": form, "value": value} for form, value in order.targets],
    }


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
