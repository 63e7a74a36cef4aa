from __future__ import annotations

import shutil
import socket
import struct
import subprocess
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.sources import nfcapd, recognise
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.parts import program
from tests.sources.reading import read_bytes, read_path

MAGIC = nfcapd.MAGICS[0]


def test_a_file_without_nfdump_is_refused_with_the_command_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(InputError) as caught:
        read_bytes(nfcapd.SOURCE, MAGIC + bytes(100))
    assert "install nfdump" in str(caught.value.mend)


def test_it_is_known_by_its_first_bytes() -> None:
    assert recognise(evidence_from_bytes(MAGIC + bytes(100), "x.log")) is nfcapd.SOURCE
    assert recognise(evidence_from_bytes(MAGIC, "nfcapd.202611212200")) is None


def test_a_real_file_gives_what_nfdump_counts() -> None:
    program("nfdump")
    result = read_path(corpus_path("network", "slips", "test1-malicious.nfdump"))
    rows = result.rows("flow_records")
    assert (len(rows), result.rejected) == (4_593, 0)
    assert sum(row["proto"] == "tcp" for row in rows) == 4_576
    assert {row["time_quality"] for row in rows} == {"exact"}
    assert rows[0]["observer"] == "147.32.82.62"


@pytest.mark.parametrize("content", [MAGIC + b"junk" * 50, MAGIC + b"\xff" * 5_000])
def test_damage_is_a_reject_and_no_crash(content: bytes) -> None:
    program("nfdump")
    result = read_bytes(nfcapd.SOURCE, content)
    assert (result.counts(), result.rejected) == ({}, 1)


def test_a_cut_off_file_says_so(tmp_path: Path) -> None:
    program("nfdump")
    whole = corpus_path("network", "slips", "test1-malicious.nfdump").read_bytes()
    (tmp_path / "-r.nfcapd").write_bytes(whole[:50_000])  # a name like an option changes nothing
    result = read_path(tmp_path / "-r.nfcapd")
    assert result.rejected


def test_what_a_real_probe_exports_and_a_real_collector_keeps_is_read(tmp_path: Path) -> None:
    """softflowd turns a capture into NetFlow on the loopback, nfcapd keeps it, nfdump reads it for us."""
    collector = program("nfcapd")
    program("nfdump")
    capture = tmp_path / "one.pcap"
    capture.write_bytes(_capture(packets=7))
    for attempt in ("one", "two", "three"):  # UDP on a busy machine may come too late for a collector told to end
        if kept := _kept(collector, capture, tmp_path / attempt):
            break
    (row,) = kept
    assert (row["src_ip"], row["dst_port"], row["proto"], row["src_pkts"]) == ("192.0.2.7", 53, "udp", 7)
    assert row["duration"] == 6.0  # its date is softflowd's: NetFlow counts from a boot that lies after the capture


def _kept(collector: str, capture: Path, folder: Path) -> list[dict[str, object]]:
    """The rows of what a collector keeps of a capture that a probe exports to it."""
    folder.mkdir()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keeping = subprocess.Popen(
        [collector, "-b", "127.0.0.1", "-p", str(port), "-w", str(folder), "-t", "60"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert keeping.stderr is not None
        for line in keeping.stderr:  # until it listens
            if "Bound" in line:
                break
        _probed(capture, port, folder)
        keeping.terminate()
        keeping.communicate(timeout=30)
    finally:
        keeping.kill()
        keeping.wait()
    rows = [row for file in sorted(folder.glob("nfcapd.2*")) for row in read_path(file).rows("flow_records")]
    return [row for row in rows if row["dst_ip"] == "203.0.113.9"]


def _probed(capture: Path, port: int, folder: Path, version: str = "9") -> None:
    """Let softflowd read a capture and export what it saw; it waits for a word to do so."""
    control = folder / "control"
    command = [program("softflowd"), "-r", str(capture), "-n", f"127.0.0.1:{port}", "-v", version, "-d"]
    probing = subprocess.Popen(
        [*command, "-p", str(folder / "pid"), "-c", str(control)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        assert probing.stdout is not None
        assert any("Exporting flows" in line for line in probing.stdout)
        for _ in range(500):  # until it has read the capture
            asked = subprocess.run(
                [program("softflowctl"), "-c", str(control), "statistics"], capture_output=True, text=True, timeout=30
            )
            if asked.returncode == 0:
                break
        subprocess.run(
            [program("softflowctl"), "-c", str(control), "shutdown"], check=True, timeout=30, capture_output=True
        )
        probing.communicate(timeout=30)
    finally:
        probing.kill()
        probing.wait()


def _capture(packets: int) -> bytes:
    """A pcap of some equal DNS-like UDP packets over Ethernet, a second apart, from 2026-11-21 22:00 UTC."""
    payload = bytes(32)
    udp = struct.pack(">HHHH", 40_000, 53, 8 + len(payload), 0) + payload
    ends = bytes([192, 0, 2, 7, 203, 0, 113, 9])
    bare = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) + ends
    total = sum(struct.unpack(">10H", bare))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    ip = bare[:10] + struct.pack(">H", ~total & 0xFFFF) + bare[12:]
    frame = bytes(12) + b"\x08\x00" + ip + udp
    made = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    for number in range(packets):
        made += struct.pack("<IIII", 1_795_298_400 + number, 0, len(frame), len(frame)) + frame
    return made
