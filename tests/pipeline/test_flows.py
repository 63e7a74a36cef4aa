"""What is asked of flows does not depend on who told of them: a sensor, or routers that cut and repeat them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall import pipeline
from seawall.drills.acts import Act
from seawall.drills.render import exports
from seawall.model.clock import SystemClock
from seawall.model.settings import Settings
from seawall.model.site import Site
from tests.detect.traffic.flowing import HOUR, beat, flow, people

START = datetime(2026, 11, 20, tzinfo=UTC)
_FIELDS = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state"
BEATS = {"203.0.113.9", "203.0.113.10", "203.0.113.11"}


def life() -> list[dict[str, Any]]:
    """People, three beats (one of calls held for minutes), and a connection held for a day."""
    held = [{**row, "duration": 150.0} for row in beat("10.20.0.6", "203.0.113.10", every=900, until=24 * HOUR)]
    rows = [*people(10), *beat(every=600), *held, *beat("10.20.0.7", "203.0.113.11", every=3_600, jitter=0.2)]
    return [*rows, flow(99, "10.20.0.8", "203.0.113.12", 443, 40_000, 50_000, duration=24 * HOUR)]


def as_zeek(rows: list[dict[str, Any]], path: Path) -> Path:
    lines = ["#separator \\x09", "#path\tconn", "#fields\t" + _FIELDS.replace(" ", "\t")]
    for number, row in enumerate(rows):
        ends = (row["src_ip"], row["src_port"], row["dst_ip"], row["dst_port"], row["proto"], "-")
        told = (START.timestamp() + row["at"], f"C{number}", *ends, row["duration"], row["src_bytes"], row["dst_bytes"])
        lines.append("\t".join(map(str, (*told, "SF"))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_netflow(rows: list[dict[str, Any]], path: Path, routers: tuple[str, ...]) -> Path:
    """The same as NetFlow v9 of every router, both ways, cut by an active timeout of 60 s."""
    carried = []
    for router in routers:
        acts = [half for row in rows for half in _halves(row, random.Random(f"{router} {row['at']}"))]
        cut = sorted(exports.cut_active(acts, 60.0), key=_ended)
        for first in range(0, len(cut), 16):
            some = cut[first : first + 16]
            (data,) = exports.datagrams(some, "netflow9")
            carried.append((int((_ended(some[-1]).timestamp() + 1) * 1e6), router, data))
    path.write_bytes(exports.carried(carried))
    return path


def _ended(act: Act) -> datetime:
    return act.time + timedelta(seconds=float(act.detail["duration"]))


def _halves(row: dict[str, Any], late: random.Random) -> tuple[Act, Act]:
    time = START + timedelta(seconds=row["at"], milliseconds=late.randrange(9))
    ports, back = (row["src_port"], row["dst_port"]), (row["dst_port"], row["src_port"])
    ends = ((row["src_ip"], row["dst_ip"], ports, "src"), (row["dst_ip"], row["src_ip"], back, "dst"))
    one, other = (
        Act(time, "r", "flow", source=source, detail={
            "to": target, "sport": str(sport), "port": str(port), "proto": row["proto"],
            "duration": str(row["duration"]), "sent": str(row[f"{side}_bytes"] + 40 * row[f"{side}_pkts"]),
            "pkts": str(row[f"{side}_pkts"]),
        })
        for source, target, (sport, port), side in ends
    )  # fmt: skip
    return one, other


def asked(path: Path, what: str) -> list[dict[str, Any]]:
    with pipeline.passing_lake([path], Settings(), SystemClock()) as lake:
        return pipeline.ask_flows(lake, what, Site(), limit=0).rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("flows")


def test_netflow_with_an_active_timeout_gives_the_beats_of_the_same_conn_log(folder: Path) -> None:
    sensed = asked(as_zeek(life(), folder / "conn.log"), "beacons")
    exported = asked(as_netflow(life(), folder / "v9.pcap", ("192.0.2.1",)), "beacons")
    ends = [
        [(row["src"], row["dst"], row["port"], row["calls"], row["period"]) for row in it] for it in (sensed, exported)
    ]
    assert sorted(ends[0]) == sorted(ends[1])
    assert {row["dst"] for row in sensed[:3]} == BEATS
    scores = [{row["dst"]: row["score"] for row in it} for it in (sensed, exported)]
    assert all(abs(scores[0][dst] - scores[1][dst]) < 0.02 for dst in scores[0])


def test_what_two_routers_told_is_counted_once(folder: Path) -> None:
    one = asked(as_netflow(life(), folder / "one.pcap", ("192.0.2.1",)), "pairs")
    two = asked(as_netflow(life(), folder / "two.pcap", ("192.0.2.1", "192.0.2.2")), "pairs")
    weighed = [{(row["src"], row["dst"]): (row["flows"], row["sent"], row["got"]) for row in it} for it in (one, two)]
    assert weighed[0] == weighed[1]
    assert weighed[0]["10.20.0.8", "203.0.113.12"][0] == 1  # 1,440 pieces
