"""The service under load: events taken in, lost, and what it costs; the senders' own cost apart.

    python benchmarks/bench_service.py [SECONDS] [burst] [detect] [xSHARE]        default: 60

A real `seawall serve` on the loopback, collecting alone (`detect`: judging too, by the shipped rules), beside one
process of senders: 10,000 log lines a second over TCP, 10,000 over UDP, and 50,000 NetFlow v9 records a second (28
to a datagram). `burst`: 200,000 lines a second over UDP for 5 s instead. Counted at the sender (what the kernel
took), in the spool (every frame read back), and by the kernel (drops). CPU seconds are those of all processes of
the service, by the kernel's account. Memory is the collector's RSS. `detect` tells what the detector read by the
end of sending, what waits, and from a segment's sealing (a second after its first packet at most) to its findings
told, p50 and p99. `x0.1` sends a tenth.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_exports import datagrams

from seawall.disk.segments import EXPORT, LINES, frames
from seawall.model.case import open_case
from seawall.model.clock import SystemClock

_SLICES = 50  # a second
_LINE = "<189>{n}: Nov 24 10:00:00.123: %SEC_LOGIN-5-LOGIN_SUCCESS: Login [user: ops] [Source: 192.0.2.9] at {n}"


def send(ports: dict[str, int], seconds: float, tcp_rate: int, udp_rate: int, flows: list[bytes], told: Any) -> None:
    """Send at the rates asked for; say how much went out, and what it cost."""
    tcp = socket.create_connection(("127.0.0.1", ports["syslog-tcp"]))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.connect(("127.0.0.1", ports["syslog-udp"]))
    export = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    export.connect(("127.0.0.1", ports["flows-udp"]))
    began, cpu, sent, late = time.monotonic(), time.process_time(), {"tcp": 0, "udp": 0, "flows": 0}, 0.0
    slices = int(seconds * _SLICES)
    for step in range(slices):
        due = (step + 1) * tcp_rate // _SLICES
        if due > sent["tcp"]:
            tcp.sendall("".join(_LINE.format(n=n) + "\n" for n in range(sent["tcp"], due)).encode())
            sent["tcp"] = due
        for n in range(sent["udp"], due := (step + 1) * udp_rate // _SLICES):
            udp.send(_LINE.format(n=n).encode())
        sent["udp"] = due
        for n in range(sent["flows"], due := min((step + 1) * len(flows) // slices, len(flows))):
            export.send(flows[n])
        sent["flows"] = due
        ahead = began + (step + 1) / _SLICES - time.monotonic()
        late = max(late, -ahead)
        time.sleep(max(0.0, ahead))
    told.send((sent, time.process_time() - cpu, time.monotonic() - began, late))
    tcp.close()


def status(folder: Path, name: str = "collect") -> dict[str, Any]:
    """What a process last said."""
    try:
        return dict(json.loads((folder / f"service/{name}.json").read_bytes()))
    except (OSError, ValueError):
        return {}


def rss_mb(pid: int) -> float:
    """Resident memory of a process, MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def spooled(folder: Path) -> tuple[int, int]:
    """(log lines, datagrams of export) in the spool."""
    lines = exported = 0
    for path in (one for name in ("ready", "done") for one in (folder / "spool" / name).iterdir()):
        with path.open("rb") as file:
            for one in frames(file):
                assert not one.fault, one.fault
                lines += one.messages * (one.type == LINES)
                exported += one.messages * (one.type == EXPORT)
    return lines, exported


def detected(said: dict[str, Any], sent: float) -> None:
    """Print how far the detector came."""
    counts, gauges = said.get("counts", {}), said.get("gauges", {})
    print(
        f"detector  {counts.get('events', 0):,} events read, {counts.get('events', 0) / sent:,.0f} a second of sending"
    )
    octets = gauges.get("spool_waiting_bytes", 0)
    print(f"waiting   {gauges.get('spool_waiting_segments')} segments, {octets / 1e6:.0f} MB")
    p50, p99 = (gauges.get(f"latency_{name}_seconds") for name in ("p50", "p99"))
    print(f"latency   sealed to told: p50 {p50} s, p99 {p99} s; RSS {rss_mb(said['pid']):.0f} MB")


def main(seconds: float, burst: bool, detect: bool, share: float) -> int:
    """Run once, print the figures; 0 if nothing was lost unseen."""
    rates = (0, int(200_000 * share)) if burst else (int(10_000 * share), int(10_000 * share))
    flows = [] if burst else datagrams(int(50_000 * share * seconds))
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room, "case")
        open_case(folder, SystemClock())
        doors = "\n".join(f'{key} = ["127.0.0.1:0"]' for key in ("syslog_udp", "syslog_tcp", "flows_udp"))
        (folder / "seawall.toml").write_text(f"[serve]\ndetect = {str(detect).lower()}\n{doors}\n")
        command = [sys.executable, "-m", "seawall", "serve", "--case", str(folder)]
        service = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            while len(listening := status(folder).get("listening", {})) < 3:
                time.sleep(0.1)
            ports = {key.partition(" ")[0]: said["port"] for key, said in listening.items()}
            ours, theirs = multiprocessing.Pipe()
            sender = multiprocessing.Process(target=send, args=(ports, seconds, *rates, flows, theirs))
            sender.start()
            memory = []
            while sender.is_alive() and not ours.poll(1.0):
                memory.append(rss_mb(status(folder)["pid"]))
            sent, sender_cpu, took, late = ours.recv()
            sender.join()
            if detect:
                detected(status(folder, "detect"), took)
            drops, before = -1, None
            while before != (before := status(folder).get("totals")):
                time.sleep(1.5)
            drops = sum(said.get("kernel_drops", 0) for said in status(folder)["listening"].values())
        finally:
            service.send_signal(signal.SIGTERM)
            _, _, used = os.wait4(service.pid, 0)
        lines, exported = spooled(folder)
    wanted = sent["tcp"] + sent["udp"]
    print(f"sent      {wanted:,} lines and {sent['flows']:,} flow datagrams in {took:.1f} s, {late:.2f} s late at most")
    print(f"spooled   {lines:,} lines, {exported:,} datagrams; the kernel dropped {drops:,}")
    unseen = wanted + sent["flows"] - lines - exported - drops
    print(f"unseen    {unseen:,} lost without being counted")
    cpu = used.ru_utime + used.ru_stime
    print(f"CPU       service {cpu:.1f} s ({cpu / took:.2f} cores, its starts included), senders {sender_cpu:.1f} s")
    if memory:
        print(f"memory    collector {memory[min(3, len(memory) - 1)]:.0f} MB at first, {memory[-1]:.0f} MB at the end")
    return 0 if not unseen else 1


if __name__ == "__main__":
    words = sys.argv[1:]
    numbers = [float(word) for word in words if word[0].isdigit()]
    shares = [float(word[1:]) for word in words if word[0] == "x"]
    default = 5.0 if "burst" in words else 60.0
    sys.exit(main((numbers or [default])[0], "burst" in words, "detect" in words, (shares or [1.0])[0]))
