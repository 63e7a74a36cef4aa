"""Delivery flows: product may go to announced agencies and mediation functions, under a LIID or XID somebody knows."""

from __future__ import annotations

from collections.abc import Iterator

from seawall.detect.oversight.addresses import Known, known
from seawall.detect.oversight.facts import Flow, World
from seawall.detect.oversight.matching import index
from seawall.detect.oversight.naming import key
from seawall.detect.oversight.saying import found
from seawall.model.finding import Finding


def judge(world: World) -> Iterator[Finding]:
    """Flows to nobody's address, and flows under a name no order and no task has; one finding per pair of ends."""
    announced = known(world)
    if not world.flows or not (announced.hosts or announced.networks):
        return
    strange: dict[tuple[str, str, int, str], list[Flow]] = {}
    for flow in world.flows:
        if why := _wrong(flow, world, announced):
            strange.setdefault((flow.src, flow.dst, flow.port, why), []).append(flow)
    for (src, dst, port, why), flows in strange.items():
        times = [f.row.time for f in flows if f.row.time is not None]
        octets = sum(f.octets for f in flows)
        where = f"{dst}:{port}" if port else dst
        yield found(
            "UNKNOWN_DELIVERY_FLOW",
            f"{octets} octets from {src} to {where} ({flows[0].proto or 'unknown protocol'}): {why}",
            [f.row for f in flows],
            at=min(times, default=None),
            last=max(times, default=None),
            details={
                "src": src,
                "observed": where,
                "proto": flows[0].proto,
                "octets": octets,
                "flows": len(flows),
                "liid": flows[0].liid,
                "xid": flows[0].xid,
            },
            subject=f"{src} → {where}",
        )


def _wrong(flow: Flow, world: World, announced: Known) -> str:
    when = flow.row.time if flow.row.time is not None else world.now
    raw = f"[{flow.dst}]:{flow.port}" if ":" in flow.dst else f"{flow.dst}:{flow.port}"
    if not announced.places(raw, when, skew=world.skew_us):
        if announced.places(flow.dst, when, skew=world.skew_us):
            return "" if flow.port == 0 else "the address is known, and its port is nobody's"
        return "it belongs to no agency and no mediation function"
    made = index(world)
    if flow.liid and world.orders and key(flow.liid) not in made.liid:
        return "its LIID stands in no order"
    tasks = world.cache.setdefault("xids", {key(t.xid) for t in world.taps if t.xid})
    if flow.xid and world.orders and key(flow.xid) not in made.xid and key(flow.xid) not in tasks:
        return "its XID stands in no order and on no element"
    return ""
