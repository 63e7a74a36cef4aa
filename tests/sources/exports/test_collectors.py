"""What a real collector makes of the same datagrams, record by record: ours by our writer, and a real probe's."""

from __future__ import annotations

import socket
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall.drills.acts import Act
from seawall.drills.render import exports as writer
from seawall.sources import exports
from tests.drills.render.reading import AT, act
from tests.parts import program
from tests.sources.reading import read_bytes, read_path
from tests.sources.test_nfcapd import _probed

AGREED = ("time", "src_ip", "dst_ip", "src_port", "dst_port", "proto", "src_bytes", "src_pkts", "duration")
MILLISECOND = timedelta(milliseconds=1)
TRIES = 3  # UDP on a busy machine may come too late for a collector told to end


def acts_of(count: int) -> list[Act]:
    made = []
    for number in range(count):
        detail = {
            "to": f"203.0.113.{number % 200}", "port": str(1 + number), "sport": str(40_000 + number), "pkts": "5",
            "sent": str(500 + number), "duration": f"{number / 8:.3f}", "proto": ("tcp", "udp")[number % 2],
        }  # fmt: skip
        made.append(replace(act("flow", source="192.0.2.7", detail=detail), time=AT + timedelta(seconds=number)))
    return made


def ours(payloads: Sequence[bytes]) -> list[tuple[Any, ...]]:
    result = read_bytes(exports.SOURCE, b"".join(payloads))
    assert not result.rejected, result.rejects
    return agreed(result.rows("flow_records"))


def agreed(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in AGREED) for row in rows)


def collected(payloads: Sequence[bytes], folder: Path) -> list[tuple[Any, ...]]:
    """What nfcapd keeps of datagrams sent over the loopback, as nfdump reads it."""
    folder.mkdir()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.bind(("127.0.0.1", 0))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        keeping = subprocess.Popen(
            [program("nfcapd"), "-b", "127.0.0.1", "-p", str(port), "-w", str(folder), "-t", "3600"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert keeping.stderr is not None
            assert any("Bound" in line for line in keeping.stderr)
            for payload in payloads:
                sending.sendto(payload, ("127.0.0.1", port))
            assert any(_is_empty(port) for _ in range(20_000)), "nfcapd does not take what it is sent"
            keeping.terminate()
            sending.sendto(b"\0\0", ("127.0.0.1", port))  # told to end just before it waits, it waits for one more
            keeping.communicate(timeout=30)
        finally:
            keeping.kill()
            keeping.wait()
    return agreed([row for file in sorted(folder.glob("nfcapd.2*")) for row in read_path(file).rows("flow_records")])


def _is_empty(port: int) -> bool:
    """Whether nothing waits in the receive queue of a port on the loopback, as the kernel shows it."""
    lines = Path("/proc/net/udp").read_text(encoding="ascii").splitlines()
    return all(line.split()[4].endswith(":00000000") for line in lines[1:] if f":{port:04X} " in line)


@pytest.mark.parametrize("form", ["netflow5", "netflow9", "ipfix"])
def test_a_real_collector_reads_what_we_write_as_we_do(form: str, tmp_path: Path) -> None:
    program("nfdump")
    payloads = writer.datagrams(acts_of(70), form)
    wanted = ours(payloads)
    assert len(wanted) == 70
    found = [collected(payloads, tmp_path / "0")]
    while len(found[-1]) != len(wanted) and len(found) < TRIES:
        found.append(collected(payloads, tmp_path / str(len(found))))
    assert found[-1] == wanted


@pytest.mark.parametrize("version", ["5", "9", "10"])
def test_a_real_probes_export_comes_to_what_a_real_collector_keeps(version: str, tmp_path: Path) -> None:
    capture = tmp_path / "traffic.pcap"
    capture.write_bytes(writer.pcap([replace(one, detail={**one.detail, "got": "700"}) for one in acts_of(25)]))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taking:
        taking.bind(("127.0.0.1", 0))
        taking.settimeout(10)
        _probed(capture, taking.getsockname()[1], tmp_path, version)
        taking.settimeout(0.2)
        payloads = []
        try:
            while True:
                payloads.append(taking.recv(65_535))
        except TimeoutError:
            pass
    assert {struct.unpack(">H", payload[:2])[0] for payload in payloads} == {int(version)}
    wanted = ours(payloads)
    assert len(wanted) == 50  # both ways of each conversation
    found = [collected(payloads, tmp_path / "0")]
    while len(found[-1]) != len(wanted) and len(found) < TRIES:
        found.append(collected(payloads, tmp_path / str(len(found))))
    theirs = found[-1]
    assert [row[1:-1] for row in by_ends(theirs)] == [row[1:-1] for row in by_ends(wanted)]
    # The capture is older than the probe, whose counter begins with its start: flows lie before its zero. Ours have the
    # capture's time. nfcapd's lie a turn of the counter (49.7 days) later, and of IPFIX it keeps the ends only.
    if version != "10":
        pairs = list(zip(by_ends(theirs), by_ends(wanted), strict=True))
        assert max(abs((one[0] - two[0]) / MILLISECOND) % 2**32 for one, two in pairs) < 2
        assert max(abs(one[-1] - two[-1]) for one, two in pairs) < 0.002
    assert all(abs(row[0] - AT) < timedelta(minutes=1) for row in wanted)


def by_ends(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: row[1:5])
