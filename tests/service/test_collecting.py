from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from seawall.disk.segments import EXPORT, LINES, SENDER, Frame, Sender, frames, sender_of
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.model.serving import ServeSettings, TlsSettings
from seawall.pipeline import case_lake
from seawall.service.collecting import Collector
from seawall.service.spool import Spool
from seawall.service.status import read_status
from tests.parts import program
from tests.pipeline.hunting import hunt

PATIENCE_S = 60.0


def until(said: Callable[[], Any], what: str) -> Any:
    """Wait until something is so, as long as patience lasts."""
    ends = time.monotonic() + PATIENCE_S
    while not (found := said()):
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.02)
    return found


def written(folder: Path) -> Iterator[Frame]:
    """Every frame of the spool once, also of a segment that is sealed while we look."""
    opened = {path.name: path for name in ("open", "ready") for path in (folder / "spool" / name).iterdir()}
    for name in sorted(opened):
        with contextlib.ExitStack() as stack:
            try:
                file = stack.enter_context(opened[name].open("rb"))
            except FileNotFoundError:
                file = stack.enter_context((folder / "spool/ready" / name).open("rb"))
            yield from frames(file)


def lines_in(folder: Path) -> list[bytes]:
    found = []
    for one in written(folder):
        if one.type == LINES:
            start = 4 * one.messages if one.sender == 0xFFFFFFFF else 0
            found += one.payload[start:].splitlines()
    return found


def senders_in(folder: Path) -> set[Sender]:
    return {sender_of(one) for one in written(folder) if one.type == SENDER}


@dataclass
class Here:
    """A collector turned by hand, in this process."""

    folder: Path
    settings: ServeSettings
    collector: Collector = field(init=False)

    def __post_init__(self) -> None:
        self.collector = Collector(self.folder, self.settings)
        self.turn()

    def turn(self, times: int = 3) -> None:
        for _ in range(times):
            self.collector._open_doors()
            self.collector.turn(0.01)

    def port(self, what: str) -> int:
        for door, one in self.collector._doors.values():
            if door.what == what:
                return int(one.getsockname()[1])
        raise AssertionError(f"no door for {what}")

    def count(self, source: str) -> Any:
        return self.collector._tally.of(source)

    def until(self, said: Callable[[], Any], what: str) -> None:
        def turned() -> Any:
            self.turn(1)
            return said()

        until(turned, what)


def settings(**changed: Any) -> ServeSettings:
    doors = dict.fromkeys(("syslog_udp", "syslog_tcp", "syslog_tls", "flows_udp"), ())
    return ServeSettings(**{**doors, **changed})


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Here]]:
    made: list[Here] = []

    def one(**changed: Any) -> Here:
        made.append(Here(tmp_path, settings(**changed)))
        return made[-1]

    yield one
    for here in made:
        for stream in list(here.collector._streams.values()):
            here.collector._close(stream)
        for _, listening in here.collector._doors.values():
            listening.close()
        here.collector._epoll.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and certificates of a collector and of a sender, made by the real openssl."""
    folder = tmp_path_factory.mktemp("certificates")
    openssl = program("openssl")

    def run(*arguments: str) -> None:
        subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority")
    for name in ("collector", "router7"):
        run("req", *new, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (folder / "san").write_text(f"subjectAltName=DNS:{name},IP:127.0.0.1\n")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "san")
        run("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *signed)
    return folder


def tls(folder: Path, *, clients: bool = True) -> TlsSettings:
    authority = str(folder / "ca.pem") if clients else ""
    return TlsSettings(str(folder / "collector.pem"), str(folder / "collector.key"), authority)


def test_datagrams_and_connections_reach_the_spool_with_their_sender(make: Callable[..., Here], tmp_path: Path) -> None:
    here = make(syslog_udp=("127.0.0.1:0",), syslog_tcp=("127.0.0.1:0",))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for number in range(700):  # more than one call of the kernel brings
            udp.sendto(b"<13>datagram %d" % number, ("127.0.0.1", here.port("syslog-udp")))
        here.until(lambda: here.count("syslog-udp 127.0.0.1").messages == 700, "all datagrams")
    with socket.create_connection(("127.0.0.1", here.port("syslog-tcp"))) as tcp:
        tcp.sendall(b"<13>one\n<13>two\n<13>thr")
        here.until(lambda: here.count("syslog-tcp 127.0.0.1").messages == 2, "two whole lines")
        tcp.sendall(b"ee\n")
        here.until(lambda: here.count("syslog-tcp 127.0.0.1").messages == 3, "the third")
    assert lines_in(tmp_path).count(b"<13>three") == 1
    assert {(s.transport, s.address, s.trust) for s in senders_in(tmp_path)} == {
        ("syslog-udp", "127.0.0.1", "spoofable"),
        ("syslog-tcp", "127.0.0.1", "spoofable"),
    }


def test_flow_export_stays_datagram_by_datagram(make: Callable[..., Here], tmp_path: Path) -> None:
    here = make(flows_udp=("127.0.0.1:0",))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"\0\x05\n\0", ("127.0.0.1", here.port("flows-udp")))
        here.until(lambda: here.count("flows-udp 127.0.0.1").messages == 1, "the datagram")
    assert [one.messages for one in written(tmp_path) if one.type == EXPORT] == [1]


def test_a_sender_with_a_certificate_is_authenticated_by_name(
    make: Callable[..., Here], certificates: Path, tmp_path: Path
) -> None:
    here = make(syslog_tls=("127.0.0.1:0",), tls=tls(certificates))
    script = (
        "import socket, ssl, sys; c = ssl.create_default_context(cafile='ca.pem');"
        "c.load_cert_chain('router7.pem', 'router7.key');"
        f"s = socket.create_connection(('127.0.0.1', {here.port('syslog-tls')}));"
        "s = c.wrap_socket(s, server_hostname='collector');"
        "s.sendall(b'11 <13>a\\nsec' + b'ret'[:2]); s.unwrap()"
    )
    sender = subprocess.Popen([sys.executable, "-c", script], cwd=certificates, stderr=subprocess.DEVNULL)
    try:
        here.until(lambda: lines_in(tmp_path), "the message")
    finally:
        sender.kill()
        sender.wait()
    assert lines_in(tmp_path) == [b"<13>a#012secre"]
    (found,) = senders_in(tmp_path)
    assert found.trust == "authenticated"
    assert "router7" in found.how


@pytest.mark.parametrize(
    "spoken",
    [
        pytest.param(b"\x16\x03\x01\x00\x05hello", id="garbage"),
        pytest.param(b"<13>no TLS at all\n", id="plain"),
        pytest.param(bytes.fromhex("160301002d0100002903010000") + bytes(40), id="TLS 1.0"),
    ],
)
def test_who_speaks_no_tls_that_is_accepted_is_refused_and_counted(
    make: Callable[..., Here], certificates: Path, tmp_path: Path, spoken: bytes
) -> None:
    here = make(syslog_tls=("127.0.0.1:0",), tls=tls(certificates))
    with socket.create_connection(("127.0.0.1", here.port("syslog-tls"))) as one:
        one.sendall(spoken)
        one.shutdown(socket.SHUT_WR)
        count = here.count("syslog-tls 127.0.0.1")
        here.until(lambda: count.refused + count.broken == 1, "the refusal")
    assert lines_in(tmp_path) == []


def test_frames_too_long_are_left_out_counted_and_cost_no_memory(make: Callable[..., Here], tmp_path: Path) -> None:
    here = make(syslog_tcp=("127.0.0.1:0",), max_message_bytes=4_096)
    with socket.create_connection(("127.0.0.1", here.port("syslog-tcp"))) as one:
        one.settimeout(10)
        one.setblocking(False)
        waiting = b"<13>" + b"x" * 900_000 + b"\n<13>after\n999999999 <13>" + b"y" * 300_000

        def sent() -> bool:
            nonlocal waiting
            with contextlib.suppress(BlockingIOError):
                waiting = waiting[one.send(waiting) :]
            return not waiting

        here.until(sent, "all of it taken off")
        here.until(lambda: here.count("syslog-tcp 127.0.0.1").oversized == 2, "both counted")
    assert lines_in(tmp_path) == [b"<13>after"]


def test_a_last_line_without_its_end_is_kept_and_the_connection_closed(
    make: Callable[..., Here], tmp_path: Path
) -> None:
    here = make(syslog_tcp=("127.0.0.1:0",))
    with socket.create_connection(("127.0.0.1", here.port("syslog-tcp"))) as one:
        one.sendall(b"<13>whole\n<13>unfinished")
        here.until(lambda: here.count("syslog-tcp 127.0.0.1").messages == 1, "the whole line")
        assert len(here.collector._streams) == 1
    here.until(lambda: not here.collector._streams, "the end of the connection")
    assert lines_in(tmp_path) == [b"<13>whole", b"<13>unfinished"]


def test_two_messages_alike_in_one_segment_stay_two(make: Callable[..., Here], tmp_path: Path) -> None:
    here = make(syslog_tcp=("127.0.0.1:0",))
    with socket.create_connection(("127.0.0.1", here.port("syslog-tcp"))) as one:
        one.sendall(2 * b"<13>1 2026-11-24T10:00:00Z pe1.example.net sshd 1 - - alike\n")
        here.until(lambda: here.count("syslog-tcp 127.0.0.1").messages == 2, "both")
    here.collector._pen.seal()
    hunt(tmp_path / "case", [*(tmp_path / "spool/ready").iterdir()])
    assert case_lake(open_case(tmp_path / "case", SystemClock())).kinds()["syslog"] == 2


def test_beyond_the_bound_the_idlest_connection_makes_room(make: Callable[..., Here], tmp_path: Path) -> None:
    here = make(syslog_tcp=("127.0.0.1:0",), max_connections=20)
    with contextlib.ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(socket.create_connection(("127.0.0.1", here.port("syslog-tcp"))))
            here.turn(1)
        here.until(lambda: here.count("syslog-tcp 127.0.0.1").refused == 80, "80 made room")
        assert len(here.collector._streams) == 20
        last = stack.enter_context(socket.create_connection(("127.0.0.1", here.port("syslog-tcp"))))
        last.sendall(b"<13>still heard\n")
        here.until(lambda: lines_in(tmp_path) == [b"<13>still heard"], "the line")


def test_a_taken_port_is_said_and_opened_once_it_is_free(make: Callable[..., Here], tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        here = make(syslog_tcp=(f"127.0.0.1:{port}",))
        here.collector._tick()
        said = read_status(tmp_path)["collect"]
        assert said["health"] == "degraded"
        assert "cannot be opened" in said["why"][0]
    here.until(lambda: here.collector._doors, "the door")
    here.collector._tick()
    assert read_status(tmp_path)["collect"]["health"] == "ok"


def test_while_the_spool_is_full_senders_are_held_back_and_nothing_is_lost(
    make: Callable[..., Here], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = make(syslog_tcp=("127.0.0.1:0",))
    with socket.create_connection(("127.0.0.1", here.port("syslog-tcp"))) as one:
        with monkeypatch.context() as patch:
            patch.setattr(Spool, "full", lambda _: "the disk has 0 MiB left")
            here.collector._pen._looked = 0.0
            one.sendall(b"<13>patient\n")
            here.turn(5)
            here.collector._tick()
            assert lines_in(tmp_path) == []
            assert read_status(tmp_path)["collect"]["why"] == ["taking nothing in: the disk has 0 MiB left"]
        here.until(lambda: lines_in(tmp_path) == [b"<13>patient"], "the line")


def test_datagrams_the_kernel_dropped_are_counted_and_put_on_record(make: Callable[..., Here], tmp_path: Path) -> None:
    here = make(syslog_udp=("127.0.0.1:0",), receive_buffer_mb=1)
    ((door, listening),) = here.collector._doors.values()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for _ in range(200):
            udp.sendto(b"<13>" + b"x" * 500, listening.getsockname())

    def lost() -> int:
        here.collector._tick()
        return int(here.count(f"{door.what} {door.address}").lost)

    here.until(lost, "the loss")
    assert here.count("syslog-udp 127.0.0.1").messages + lost() == 200


@dataclass
class Service:
    """A real `seawall serve`, its collector and what it says of itself."""

    folder: Path
    process: subprocess.Popen[bytes]

    def status(self, name: str = "collect") -> dict[str, Any]:
        return read_status(self.folder).get(name, {})

    def port(self, what: str) -> int:
        def found() -> int:
            listening = self.status().get("listening", {})
            return next((said["port"] for key, said in listening.items() if key.startswith(what)), 0)

        return int(until(found, f"a port for {what}"))

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE_S) == 0


@pytest.fixture
def service(tmp_path: Path, certificates: Path) -> Iterator[Service]:
    folder = tmp_path / "case"
    open_case(folder, SystemClock())
    (folder / "seawall.toml").write_text(
        f"""[serve]
detect = false
syslog_udp = ["127.0.0.1:0"]
syslog_tcp = ["127.0.0.1:0"]
syslog_tls = ["127.0.0.1:0"]
flows_udp = ["127.0.0.1:0"]
[serve.tls]
certificate = "{certificates / "collector.pem"}"
key = "{certificates / "collector.key"}"
client_ca = "{certificates / "ca.pem"}"
"""
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "seawall", "serve", "--case", str(folder)], stderr=subprocess.DEVNULL
    )
    one = Service(folder, process)
    try:
        one.port("syslog-tcp")
        yield one
        one.stop()
    finally:
        process.kill()
        process.wait()


def _is_new(service: Service, before: int) -> bool:
    return bool(service.status().get("pid", before) != before)


def test_a_collector_killed_under_load_loses_nothing_a_connection_was_told_is_taken(
    service: Service, kills: int
) -> None:
    sent = 0
    with socket.create_connection(("127.0.0.1", service.port("syslog-tcp"))) as one:
        for _ in range(min(kills, 5)):
            before = service.status()["pid"]
            for round_ in range(40):
                one.sendall(b"".join(b"<13>line %d\n" % n for n in range(sent, sent + 100)))
                sent += 100
                if round_ == 20:
                    os.kill(before, signal.SIGKILL)
            until(partial(_is_new, service, before), "a new collector")
        one.sendall(b"<13>last\n")
        until(lambda: b"<13>last" in lines_in(service.folder), "the last line")
    numbers = [int(line.rpartition(b" ")[2]) for line in lines_in(service.folder) if line != b"<13>last"]
    assert set(numbers) == set(range(sent))
    service.stop()


def test_real_senders_are_heard(service: Service, certificates: Path, tmp_path: Path) -> None:
    rsyslogd, logger = program("rsyslogd"), program("logger")
    tcp, secure, udp = (service.port(f"syslog-{name}") for name in ("tcp", "tls", "udp"))
    gtls = any(
        Path(root, "lmnsd_ossl.so").exists() for root in ("/usr/lib/x86_64-linux-gnu/rsyslog", "/usr/lib/rsyslog")
    )
    driver = "ossl" if gtls else "gtls"
    secured = f"""action(type="omfwd" target="127.0.0.1" port="{secure}" protocol="tcp" StreamDriver="{driver}"
 StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="collector")"""
    has_tls = any(Path("/usr/lib").glob(f"*/rsyslog/lmnsd_{driver}.so"))
    (tmp_path / "rsyslog.conf").write_text(
        f"""global(workDirectory="{tmp_path}" DefaultNetstreamDriverCAFile="{certificates}/ca.pem"
 DefaultNetstreamDriverCertFile="{certificates}/router7.pem" DefaultNetstreamDriverKeyFile="{certificates}/router7.key")
module(load="imfile" PollingInterval="1")
input(type="imfile" File="{tmp_path}/in.log" Tag="relayed:")
action(type="omfwd" target="127.0.0.1" port="{tcp}" protocol="tcp" TCP_Framing="octet-counted")
{secured if has_tls else ""}
"""
    )
    (tmp_path / "in.log").write_text("".join(f"message {n}\n" for n in range(50)))
    command = [rsyslogd, "-n", "-f", str(tmp_path / "rsyslog.conf"), "-i", str(tmp_path / "pid")]
    relay = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for way in (("-T", "-P", str(tcp), "--octet-count"), ("-d", "-P", str(udp)), ("-T", "-P", str(tcp))):
            text = f"by logger {way[0]} {len(way)}"
            subprocess.run([logger, "-n", "127.0.0.1", *way, "--rfc5424", text], check=True, timeout=30)
        wanted = 50 * (2 if has_tls else 1)
        until(lambda: sum(b"message" in line for line in lines_in(service.folder)) >= wanted, "what rsyslog relays")
        until(lambda: sum(b"by logger" in line for line in lines_in(service.folder)) >= 3, "what logger sends")
    finally:
        relay.terminate()
        relay.wait(PATIENCE_S)
    service.stop()
    heard = lines_in(service.folder)
    said = sorted(line.partition(b"by logger ")[2] for line in heard if b"by logger" in line)
    assert said == [b"-T 3", b"-T 4", b"-d 3"], heard
    assert sum(b"message" in line for line in heard) == wanted, "each once"
    if has_tls:
        assert any(s.trust == "authenticated" and "router7" in s.how for s in senders_in(service.folder))


def test_softflowd_is_heard(service: Service, tmp_path: Path) -> None:
    from seawall.drills.render.exports import written as capture

    softflowd = program("softflowd")
    packet = bytes.fromhex("020000000002020000000001080045000028000100004006")
    packet += b"\0\0" + bytes((192, 0, 2, 1, 192, 0, 2, 2)) + (4711).to_bytes(2, "big") + (22).to_bytes(2, "big")
    packet += bytes(8) + b"\x50\x02\x20\0" + bytes(4)
    (tmp_path / "one.pcap").write_bytes(capture([(1_764_000_000_000_000, packet)]))
    command = [softflowd, "-r", str(tmp_path / "one.pcap"), "-v", "9", "-n", f"127.0.0.1:{service.port('flows-udp')}"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    until(lambda: [one for one in written(service.folder) if one.type == EXPORT], "what softflowd exports")
