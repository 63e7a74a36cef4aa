"""Small worlds: one order, one tap, everything else as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from seawall.detect.oversight import naming
from seawall.detect.oversight.facts import Order, Report, Row, Span, Tap, Target, World

XID: Final = "7e0ec7e6-53d6-4a39-8d5e-000000000001"
POLICY: Final[dict[str, Any]] = {
    "clock_skew_s": 120,
    "mediation": [
        {"id": "md-1", "addr": "192.0.2.1:42069"},
        {"id": "md-2", "addr": "192.0.2.2", "redundant_for": "md-1"},
    ],
    "agencies": [
        {"agencyid": "POLICE", "hi2address": "198.51.100.1", "hi2port": "35530"},
        {"agencyid": "CUSTOMS", "hi2address": "198.51.100.2", "hi2port": "35530"},
    ],
}


def at(text: str) -> int:
    """UTC microseconds of `2026-03-18T10:00`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


NOW: Final = at("2026-03-18T10:00")


def row(number: int = 1, time: int | None = NOW) -> Row:
    return Row(f"{number:032x}", f"sample#{number}", time)


def target(name: str = "t1", *, type_: str = "msisdn", width: str = "single", also: tuple[str, ...] = ()) -> Target:
    return Target(type_, name, width, also)


def span(start: str = "2026-03-01T00:00", end: str = "2026-06-01T00:00", status: str = "", **more: str) -> Span:
    return Span(at(start), at(end), status, **more)


def order(warrant: str = "W-1", **more: Any) -> Order:
    given = {
        "liid": "QQ1", "agency": "POLICE", "spans": (span(status="Approved", scope="IRIandCC"),),
        "targets": (target(),),
        "mediator": "md-1", "xids": (XID,), "elements": ("amf-1",),
    }  # fmt: skip
    return Order(row(100), warrant, **(given | more))


def tap(**more: Any) -> Tap:
    given = {
        "system": "amf-1", "path": "element", "form": "x1", "tap": XID, "state": "active", "xid": XID,
        "targets": (target(),), "scope": "IRIandCC", "delivery": ("192.0.2.1:42069",), "report": "amf-1.xml",
    }  # fmt: skip
    return Tap(row(200), **(given | more))


def report(system: str = "amf-1", **more: Any) -> Report:
    given = {
        "path": "element",
        "form": "x1",
        "complete": True,
        "names_only": False,
        "taps": 1,
        "report": f"{system}.xml",
    }
    return Report(row(300), system, **(given | more))


def world(
    orders: list[Order] | None = None,
    taps: list[Tap] | None = None,
    *,
    policy: Mapping[str, Any] | None = None,
    within: Mapping[tuple[str, str], bool] | None = None,
    **more: Any,
) -> World:
    """`within` answers whether the first commitment covers the second."""
    made = World(
        NOW,
        POLICY | dict(policy or {}),
        orders=[order()] if orders is None else orders,
        taps=[tap()] if taps is None else taps,
        reports=more.pop("reports", [report()]),
        covers=lambda outer, inner: outer == inner or (within or {}).get((outer, inner), False),
        **more,
    )
    naming.settle(made)
    return made
