"""From the second signature to the router, and back: ExaBGP and FRR in network namespaces. Needs root.

    python benchmarks/bench_response.py [RUNS]        default: 20

A run signs the second time, applies and waits until the router's own table shows the route (`respond apply` does the
same), then signs for lifting, undoes, and waits until it is gone. The ledger is a real one on the disk.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from seawall.ledger import Ledger
from seawall.model.clock import SystemClock
from seawall.model.site import Device, Site
from seawall.people.approval import sign
from seawall.people.approve import approve
from seawall.people.register import Key, Person, Register
from seawall.response.actions import kind_of
from seawall.response.channels.exabgp import BgpChannel
from seawall.response.execute import LIFT, Hands
from seawall.response.guard import Guard
from seawall.response.plans import Plan
from seawall.response.safelist import safelist_of
from seawall.response.targets import Limits, Targets
from tests.response.channels.lab import Lab, lab
from tests.response.world import CASE, NOON, World

_SITE = Site(devices=(Device("mgmt", "edge", addresses=("203.0.113.64/27",)),))


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def measure(net: Lab, folder: Path, kind: str, values: dict[str, str], runs: int, site: Site) -> None:
    """Print how long each way takes."""
    keys, clock = World().keys, SystemClock()
    register = Register(
        tuple(Person(name, keys=(Key(key.public, NOON.replace(year=2020)),)) for name, key in keys.items())
    )
    targets = Targets(bgp=(net.speaker,), limits=Limits(per_hour=100_000))
    channel = BgpChannel(net.speaker)
    there, back, cpu = list[float](), list[float](), list[float]()
    with Ledger(folder / kind, folder / f"{kind}.key", "seawall/bench", clock=clock) as book:
        hands = Hands(CASE, register, book, clock, Guard(site, targets, safelist_of(site)), lambda _: channel)
        for _ in range(runs):
            action = kind_of(kind).action("rr1", values, "bench", lasts_s=600)
            plan = Plan("a" * 32, "", "bench", "ana", "bench", "", (action,))
            for who in ("ben", "cy"):
                began, work = time.perf_counter(), time.process_time()
                request = plan.request(action, CASE)
                approve(
                    sign(request, who, keys[who], clock.now(), 1.0), request, register=register, book=book, clock=clock
                )
            assert not (outcome := hands.apply(plan, action)).failed, outcome.said
            there.append(time.perf_counter() - began)
            cpu.append(time.process_time() - work)
            began = time.perf_counter()
            request = plan.request(action, CASE, LIFT)
            approve(
                sign(request, "ana", keys["ana"], clock.now(), 1.0), request, register=register, book=book, clock=clock
            )
            assert not (outcome := hands.undo(plan, action)).failed, outcome.said
            back.append(time.perf_counter() - began)
    for what, took in (("second signature to router", there), ("withdrawn from router", back)):
        print(f"{kind:9} {what:27} p95 {_p95(took):6.3f} s   median {statistics.median(took):6.3f} s   {runs} runs")
    print(f"{kind:9} {'of CPU time, ours':27} p95 {_p95(cpu):6.3f} s")


def main(runs: int) -> None:
    """Measure a black hole and six flow rules."""
    with lab() as net, tempfile.TemporaryDirectory() as folder:
        measure(net, Path(folder), "rtbh", {"address": "203.0.113.66"}, runs, Site())
        values = {"address": "198.51.100.66", "guarded": "203.0.113.64/27"}
        measure(net, Path(folder), "flowspec", values, runs, _SITE)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
