"""The collector of logs and flow export: one loop over all sockets, from the kernel to the spool.

Every turn reads what waits, writes it in one go, and only then takes it off the connections. While the spool is full
or the disk takes nothing, nothing is read: connections are held back, datagrams are dropped by the kernel, and
counted.
"""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import ssl
import time
from collections import OrderedDict
from pathlib import Path
from types import FrameType
from typing import Any, Final

from seawall.disk.segments import EXPORT, LINES, MANY, TEMPLATES, Sender, export_payload
from seawall.model.serving import ServeSettings
from seawall.service import framing
from seawall.service.addresses import parse_address
from seawall.service.checking import server_context
from seawall.service.datagrams import Receiver, address_text, memory_of
from seawall.service.fdstore import Keeper
from seawall.service.listening import Door, is_alive, open_door, shut, why_not
from seawall.service.pen import Pen, now_us
from seawall.service.spool import SegmentWriter, Spool
from seawall.service.status import read_status, write_status
from seawall.service.streams import HANDSHAKE_S, READ_BYTES, Stream, TlsStream
from seawall.service.tally import Tally
from seawall.service.templates import Templates

NAME: Final = "collect"
_TURN_S: Final = 0.1
_TICK_S: Final = 1.0
_RETRY_S: Final = 2.0  # between two tries to open a port that is taken
_BATCHES: Final = 8  # of datagrams from one socket in one turn
_ACCEPTS: Final = 256  # in one turn
_DOORS: Final = {  # key of the settings, and what comes through
    "syslog_udp": "syslog-udp",
    "syslog_tcp": "syslog-tcp",
    "syslog_tls": "syslog-tls",
    "flows_udp": "flows-udp",
}
_ENDS: Final = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR  # nothing more will come than waits now
_EDGE: Final = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET


def run(case_folder: Path, settings: ServeSettings) -> None:
    """Listen until told to end (SIGTERM); then what waits is written, and the segment sealed."""
    collector = Collector(case_folder, settings)

    def told(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
        collector.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    collector.run()


class Collector:
    """All sockets of the collector, and its pen."""

    def __init__(self, case_folder: Path, settings: ServeSettings) -> None:
        self._case_folder, self._settings = case_folder, settings
        spool = Spool(
            case_folder / "spool", most_bytes=settings.spool_mb << 20, kept_bytes=settings.spool_keep_mb << 20
        )
        self.recovered = spool.recover(NAME)
        writer = SegmentWriter(spool, NAME, most_bytes=settings.segment_mb << 20, most_s=settings.segment_s)
        self._spool, self._pen = spool, Pen(spool, writer)
        self._tally = Tally(read_status(case_folder).get(NAME, {}).get("sources"))
        self._keeper, self._receiver, self._templates = Keeper(), Receiver(), Templates()
        self._buffer = bytearray(READ_BYTES)
        self._epoll = select.epoll()
        self._doors: dict[int, tuple[Door, socket.socket]] = {}
        self._closed: dict[Door, tuple[float, str]] = {}  # doors that cannot be opened: when to try again, and why not
        self._streams: OrderedDict[int, Stream] = OrderedDict()  # the one idle for longest first
        self._pending: dict[int, Stream] = {}  # more waits than was looked at
        self._unsettled: list[Stream] = []
        self._senders: dict[tuple[str, bytes], Sender] = {}
        self._drops: dict[Door, int] = {}
        self._tls = server_context(settings.tls) if settings.syslog_tls else None
        self._stopping = False
        self._ticked = 0.0
        self._last_refusal = ""

    def stop(self) -> None:
        """Have `run` end soon."""
        self._stopping = True

    def run(self) -> None:
        """Turn until told to stop."""
        self._take_over()
        self._open_doors()
        while not self._stopping:
            self.turn(_TURN_S)
        self._end()

    def turn(self, wait_s: float) -> None:
        """Read what waits, write it, take it off the connections."""
        if self._pen.may_take():
            for descriptor, told in self._epoll.poll(0 if self._pending else wait_s):
                self._ready(descriptor, told)
            for stream in list(self._pending.values()):
                self._read(stream)
        else:
            time.sleep(min(wait_s, 0.05))  # nothing may be read: events would only spin
        self._write()
        if time.monotonic() - self._ticked >= _TICK_S:
            self._tick()

    def _write(self) -> None:
        if not self._pen.write():
            return
        unsettled, self._unsettled = self._unsettled, []
        for stream in unsettled:
            try:
                stream.settle()
            except OSError:
                self._close(stream, broken=True)
                continue
            if stream.over:
                self._close(stream)
        self._pen.seal_if_due()

    def _ready(self, descriptor: int, told: int) -> None:
        if descriptor in self._doors:
            door, listening = self._doors[descriptor]
            if door.is_udp:
                self._datagrams(door, listening)
            else:
                self._accept(door, listening)
        elif (stream := self._streams.get(descriptor)) is not None:
            stream.ended = stream.ended or bool(told & _ENDS)
            self._pending[descriptor] = stream

    def _datagrams(self, door: Door, listening: socket.socket) -> None:
        for _ in range(_BATCHES):
            try:
                batch = self._receiver.take(listening.fileno())
            except OSError:  # what the network said of an earlier datagram is nothing to us
                return
            if batch is None:
                return
            at = now_us()
            senders = [self._sender(door, address) for address in batch.addresses]
            if batch.cut:
                self._tally.of(f"{door.what} {address_text(batch.addresses[0])}").oversized += batch.cut
            if door.what == "flows-udp":
                for sender, datagram in zip(senders, batch.datagrams, strict=True):
                    if self._pen.is_new(sender):
                        self._repeat(sender, at)
                    self._templates.see(sender.address, datagram)
                payload, type_ = export_payload(batch.datagrams), EXPORT
            else:
                payload, type_ = framing.lines_of(batch.datagrams), LINES
            numbers = [self._pen.number(sender) for sender in senders]
            for sender, datagram in zip(senders, batch.datagrams, strict=True):
                count = self._tally.of(f"{sender.transport} {sender.address}")
                count.messages += 1
                count.octets += len(datagram)
            if len(set(numbers)) == 1:
                self._pen.add(type_, numbers[0], len(numbers), payload, at)
            else:
                told = b"".join(number.to_bytes(4, "little") for number in numbers)
                self._pen.add(type_, MANY, len(numbers), told + payload, at)

    def _repeat(self, sender: Sender, at: int) -> None:
        """What an exporter explained before belongs at the beginning of its part of a segment."""
        explained = self._templates.of(sender.address)
        number = self._pen.number(sender)
        if explained:
            self._pen.add(TEMPLATES, number, len(explained), export_payload(explained), at)

    def _sender(self, door: Door, address: bytes) -> Sender:
        found = self._senders.get((door.what, address))
        if found is None:
            if len(self._senders) >= 100_000:  # invented addresses; those that are real come back at once
                self._senders.clear()
            found = self._senders[(door.what, address)] = Sender(door.what, address_text(address), "spoofable")
        return found

    def _accept(self, door: Door, listening: socket.socket) -> None:
        for _ in range(_ACCEPTS):
            try:
                made, peer = listening.accept()
            except BlockingIOError:
                return
            except OSError:  # too many open files: somebody has to make room
                if not self._streams:
                    return
                self._make_room(door)
                continue
            if len(self._streams) >= self._settings.max_connections:
                self._make_room(door)
            made.setblocking(False)
            address = str(peer[0])
            self._adopt(made, door.what, address.removeprefix("::ffff:"), f"{address} {peer[1]} {time.monotonic_ns()}")

    def _make_room(self, door: Door) -> None:
        """End the connection that has been idle for longest."""
        stream = next(iter(self._streams.values()))
        self._tally.of(f"{door.what} {stream.sender.address}").refused += 1
        self._close(stream)

    def _adopt(self, made: socket.socket, what: str, address: str, name: str) -> None:
        sender = Sender(what, address, "spoofable", "a TCP connection from that address, nothing more")
        key = f"{what} {name}"
        most = self._settings.max_message_bytes
        if what == "syslog-tls":
            assert self._tls is not None, "a door for TLS has a certificate"
            wrapped = self._tls.wrap_socket(made, server_side=True, do_handshake_on_connect=False)
            stream: Stream = TlsStream(wrapped, sender, "", most)
        else:
            stream = Stream(made, sender, key, most)
            self._keeper.keep(key, made, {"what": what, "address": address})
        descriptor = stream.socket.fileno()
        self._streams[descriptor] = stream
        self._epoll.register(descriptor, _EDGE)
        self._pending[descriptor] = stream

    def _read(self, stream: Stream) -> None:
        descriptor = stream.socket.fileno()
        try:
            if not stream.handshake():
                self._pending.pop(descriptor, None)
                return
            taken = stream.look(self._buffer)
        except ssl.SSLError as error:
            self._refuse(stream, error.reason or "no TLS")
            return
        except OSError:
            self._close(stream, broken=True)
            return
        count = self._tally.of(f"{stream.sender.transport} {stream.sender.address}")
        if taken is None or not (taken.used or taken.messages or stream.over):
            self._pending.pop(descriptor, None)
            return
        self._streams.move_to_end(descriptor)
        stream.alive = time.monotonic()
        count.messages += taken.messages
        count.octets += len(taken.lines)
        count.oversized += taken.oversized
        if taken.messages:
            self._pen.add(LINES, self._pen.number(stream.sender), taken.messages, taken.lines, now_us())
        self._unsettled.append(stream)
        if stream.over:
            self._pending.pop(descriptor, None)

    def _refuse(self, stream: Stream, why: str) -> None:
        count = self._tally.of(f"{stream.sender.transport} {stream.sender.address}")
        count.refused += 1
        self._last_refusal = f"{stream.sender.address}: {why}"[:200]
        self._close(stream)

    def _close(self, stream: Stream, *, broken: bool = False) -> None:
        descriptor = stream.socket.fileno()
        if descriptor < 0 or self._streams.get(descriptor) is not stream:
            return
        if broken:
            self._tally.of(f"{stream.sender.transport} {stream.sender.address}").broken += 1
        del self._streams[descriptor]
        self._pending.pop(descriptor, None)
        with contextlib.suppress(OSError, ValueError):
            self._epoll.unregister(descriptor)
        if stream.key:
            self._keeper.drop(stream.key)
        shut(stream.socket)

    def _take_over(self) -> None:
        """Go on with the sockets of the collector before us."""
        wanted = {door.key: door for door in self._wanted()}
        for key, about, one in self._keeper.given():
            one.setblocking(False)
            if key in wanted:
                self._opened(wanted[key], one, kept=True)
            elif about.get("what") == "syslog-tcp" and is_alive(one):
                sender = Sender(
                    "syslog-tcp", str(about["address"]), "spoofable", "a TCP connection from that address, nothing more"
                )
                stream = Stream(one, sender, key, self._settings.max_message_bytes)
                self._streams[one.fileno()] = self._pending[one.fileno()] = stream
                self._epoll.register(one.fileno(), _EDGE)
            else:
                self._keeper.drop(key)
                one.close()

    def _wanted(self) -> list[Door]:
        return [
            Door(what, parse_address(text, key=f"serve.{key}"))
            for key, what in _DOORS.items()
            for text in getattr(self._settings, key)
        ]

    def _open_doors(self) -> None:
        now = time.monotonic()
        open_ = {door for door, _ in self._doors.values()}
        for door in self._wanted():
            if door in open_ or self._closed.get(door, (0.0, ""))[0] > now:
                continue
            try:
                self._opened(door, open_door(door, self._settings.receive_buffer_mb << 20))
            except OSError as error:
                self._closed[door] = (now + _RETRY_S, why_not(error))

    def _opened(self, door: Door, one: socket.socket, *, kept: bool = False) -> None:
        self._closed.pop(door, None)
        self._doors[one.fileno()] = (door, one)
        self._epoll.register(one.fileno(), select.EPOLLIN)
        if door.is_udp:
            self._drops[door] = 0 if kept else memory_of(one).drops
        if not kept:
            self._keeper.keep(door.key, one, {"what": door.what})

    def _tick(self) -> None:
        self._ticked = time.monotonic()
        if not self._stopping:
            self._open_doors()
        doors = {}
        for door, one in self._doors.values():
            said: dict[str, Any] = {"port": one.getsockname()[1]}
            if door.is_udp:
                memory = memory_of(one)
                lost = (memory.drops - self._drops[door]) % 2**32
                self._drops[door] = memory.drops
                if lost:
                    self._tally.of(f"{door.what} {door.address}").lost += lost
                    self._pen.add_loss(Sender(door.what, str(door.address), "spoofable"), lost, "dropped by the kernel")
                said |= {"kernel_drops": memory.drops, "buffer_used": memory.used, "buffer_size": memory.size}
            doors[door.key] = said
        for stream in list(self._streams.values()):
            if isinstance(stream, TlsStream) and not stream.ready and self._ticked - stream.began > HANDSHAKE_S:
                self._refuse(stream, "no handshake in time")
        self._tell(doors)

    def _tell(self, doors: dict[str, Any]) -> None:
        why = [f"{door.key} cannot be opened: {reason}" for door, (_, reason) in self._closed.items()]
        if self._pen.why_full:
            why.append(f"taking nothing in: {self._pen.why_full}")
        segments, waiting = self._spool.waiting()
        said = {
            "health": "degraded" if why else "ok",
            "why": why,
            "listening": doors,
            "connections": len(self._streams),
            "spool": {"segments": segments, "octets": waiting, "most": self._settings.spool_mb << 20},
            "sources": self._tally.shown(),
            "totals": self._tally.totals(),
            "last_refusal": self._last_refusal,
            "unkept": self._keeper.unkept,
        }
        write_status(self._case_folder, NAME, said)

    def _end(self) -> None:
        """Read what waits in the kernel, close the doors, and seal the segment."""
        for descriptor, (door, one) in list(self._doors.items()):
            if not door.is_udp:
                del self._doors[descriptor]
                self._keeper.drop(door.key)
                one.close()
        ends = time.monotonic() + 5.0
        for stream in self._streams.values():
            self._pending[stream.socket.fileno()] = stream
        while time.monotonic() < ends and self._pen.may_take():
            waiting = [stream for stream in self._pending.values() if isinstance(stream, Stream)]
            for door, one in self._doors.values():
                if door.is_udp:
                    self._datagrams(door, one)
            for stream in waiting:
                self._read(stream)
            busy = bool(self._unsettled)
            self._write()
            if not busy:
                break
        self._write()
        self._tick()
        self._write()
        self._pen.seal()
