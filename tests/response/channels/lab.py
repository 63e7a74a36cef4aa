"""A router of real FRR and a speaker of real ExaBGP, each in a network namespace of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from seawall.response.channels.exabgp import configuration, environment
from seawall.response.targets import Bgp
from tests.parts import program

_BGPD = """bgp community-list standard BLACKHOLE seq 5 permit blackhole
ip prefix-list HOST32 seq 5 permit 0.0.0.0/0 ge 32 le 32
route-map RTBH-IN permit 10
 match community BLACKHOLE
 match ip address prefix-list HOST32
 set ip next-hop 192.0.2.254
 set local-preference 200
route-map RTBH-IN deny 99
!
router bgp 65001
 bgp router-id 10.255.0.1
 no bgp default ipv4-unicast
 no bgp ebgp-requires-policy
 neighbor 10.66.0.2 remote-as 65010
 neighbor 10.66.0.2 disable-connected-check
 neighbor 10.66.0.2 passive
 neighbor 10.66.0.2 timers 3 30
 address-family ipv4 unicast
  neighbor 10.66.0.2 activate
  neighbor 10.66.0.2 route-map RTBH-IN in
 exit-address-family
 address-family ipv4 flowspec
  neighbor 10.66.0.2 activate
 exit-address-family
 address-family ipv6 flowspec
  neighbor 10.66.0.2 activate
 exit-address-family
"""


@dataclass
class Lab:
    """What runs."""

    speaker: Bgp
    edge: str  # namespace of the router
    ctl: str  # namespace of ExaBGP, and of a host at 198.51.100.66

    def reaches(self, address: str, port: int = 9) -> bool:
        """Whether a TCP handshake from the outside host to `address` behind the router gets any answer."""
        code = (
            "import socket,sys\ns=socket.socket(); s.settimeout(1.0); s.bind(('198.51.100.66',0))\n"
            f"try: s.connect(({address!r}, {port})); print('answer')\n"
            "except ConnectionRefusedError: print('answer')\nexcept OSError: pass"
        )
        command = ["ip", "netns", "exec", self.ctl, "python3", "-c", code]
        return "answer" in subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


def until(true: Callable[[], bool], what: str, time_s: float = 60.0) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + time_s
    while not true():
        assert time.monotonic() < ends, f"{what} did not come in {time_s:g} s"
        time.sleep(0.1)


@contextmanager
def lab() -> Iterator[Lab]:
    """Router, speaker and a host behind the router at 203.0.113.66; skips without the programs or the rights."""
    ip, vtysh, exabgp = program("ip"), program("vtysh"), program_beside("exabgp")
    daemons = Path("/usr/lib/frr")
    if not (daemons / "bgpd").exists():
        pytest.skip("frr is not installed: make system-deps")
    edge, ctl, host = (f"sw{os.getpid()}{letter}" for letter in "ecs")
    if subprocess.run([ip, "netns", "add", edge], capture_output=True).returncode:
        pytest.skip("network namespaces need root: run as root, or in a container that may make them")
    run = Path(tempfile.mkdtemp(prefix="sw-frr-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        run.chmod(0o755)
        shutil.chown(run, "frr", "frr")
        for name in (ctl, host):
            subprocess.run([ip, "netns", "add", name], check=True)
        for words in _network(edge, ctl, host):
            subprocess.run([ip, *words.split()], check=True, capture_output=True)
        subprocess.run([ip, "netns", "exec", edge, "sysctl", "-qw", "net.ipv4.ip_forward=1"], check=True)
        for name, text in (
            ("bgpd", _BGPD),
            ("zebra", "ip route 192.0.2.254/32 Null0\n"),
            ("staticd", "ip route 192.0.2.254/32 Null0\n"),
        ):
            (run / f"{name}.conf").write_text(text)
        for name in ("zebra", "staticd", "bgpd"):
            more = ["-p", "179", "-l", "10.66.0.1"] if name == "bgpd" else []
            command = [
                ip,
                "netns",
                "exec",
                edge,
                str(daemons / name),
                "-f",
                str(run / f"{name}.conf"),
                "-i",
                str(run / f"{name}.pid"),
                "--vty_socket",
                str(run),
                "-z",
                str(run / "zserv.api"),
                "-P",
                "0",
                "-d",
                *more,
            ]
            subprocess.run([*command[:4], *command[4:]], check=True, capture_output=True, timeout=60)
        speaker = Bgp(
            "rr1", str(run / "s" / "ctl.sock"), "10.66.0.2", 65010, "10.66.0.1", 65001, "10.255.0.10",
            check=(vtysh, "--vty_socket", str(run), "-c"), guard=("203.0.113.64/27",), patience_s=30.0,
        )  # fmt: skip
        (run / "s").mkdir(mode=0o700)
        (run / "exabgp.conf").write_text(configuration(speaker, python=sys.executable))
        env = {**os.environ, **environment(str(run / "exabgp.log")), "exabgp_daemon_user": "root"}
        started.append(
            subprocess.Popen(
                [ip, "netns", "exec", ctl, exabgp, "server", str(run / "exabgp.conf")],
                env=env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        until(lambda: _up(vtysh, run) and Path(speaker.socket).exists(), "the BGP session")
        yield Lab(speaker, edge, ctl)
    finally:
        _end(started, run)
        for name in (edge, ctl, host):
            subprocess.run([ip, "netns", "del", name], capture_output=True)
        shutil.rmtree(run, ignore_errors=True)


def program_beside(name: str) -> str:
    """A program of the same environment as this Python."""
    found = shutil.which(name, path=os.pathsep.join((str(Path(sys.prefix) / "bin"), os.environ["PATH"])))
    return found or program(name)


def _network(edge: str, ctl: str, host: str) -> list[str]:
    e0, c0, e1, h0 = (f"v{os.getpid()}{n}" for n in range(4))
    return [
        f"link add {e0} netns {edge} type veth peer name {c0} netns {ctl}",
        f"link add {e1} netns {edge} type veth peer name {h0} netns {host}",
        f"-n {edge} addr add 10.66.0.1/24 dev {e0}", f"-n {edge} addr add 10.67.0.1/24 dev {e1}",
        f"-n {ctl} addr add 10.66.0.2/24 dev {c0}", f"-n {ctl} addr add 198.51.100.66/32 dev lo",
        f"-n {host} addr add 10.67.0.2/24 dev {h0}", f"-n {host} addr add 203.0.113.66/32 dev lo",
        *(f"-n {edge} link set {dev} up" for dev in (e0, e1, "lo")),
        *(f"-n {ctl} link set {dev} up" for dev in (c0, "lo")), *(f"-n {host} link set {dev} up" for dev in (h0, "lo")),
        f"-n {edge} route add 198.51.100.0/24 via 10.66.0.2", f"-n {edge} route add 203.0.113.0/24 via 10.67.0.2",
        f"-n {ctl} route add default via 10.66.0.1", f"-n {host} route add default via 10.67.0.1",
    ]  # fmt: skip


def _up(vtysh: str, run: Path) -> bool:
    command = [vtysh, "--vty_socket", str(run), "-c", "show bgp ipv4 flowspec summary json"]
    return '"Established"' in subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


def _end(started: list[subprocess.Popen[bytes]], run: Path) -> None:
    for process in started:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
    for file in run.glob("*.pid"):
        with suppress(ValueError, ProcessLookupError):
            os.kill(int(file.read_text()), 15)
