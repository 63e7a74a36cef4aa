"""Address translations as carriers' boxes log them: one line per vendor, single translations and blocks of ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from seawall.drills.render.sender import stamp


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation, or one block of ports if it has a last port."""

    time: datetime  # UTC
    inside: str
    inside_port: int
    outside: str
    outside_port: int
    outside_port_end: int = 0
    target: str = "203.0.113.9"
    target_port: int = 443
    proto: str = "tcp"
    create: bool = True


def write(translation: Translation, form: str, host: str = "cgn1") -> str:
    """The line in one of `FORMS`; all but `conntrack` stand behind a syslog header."""
    text = FORMS[form](translation)
    return text if form == "conntrack" else f"<134>{stamp(translation.time)} {host} {text}"


def _asa(t: Translation) -> str:
    number, verb = ("305011", "Built") if t.create else ("305012", "Teardown")
    tail = "" if t.create else " duration 0:00:31"
    return (
        f"%ASA-6-{number}: {verb} dynamic {t.proto.upper()} translation from inside:{t.inside}/{t.inside_port} to "
        f"outside:{t.outside}/{t.outside_port}{tail}"
    )


def _ios(t: Translation) -> str:
    name, verb = ("CREATED", "Created") if t.create else ("DELETED", "Deleted")
    far = f"{t.target}:{t.target_port}"
    ends = f"{t.inside}:{t.inside_port} {t.outside}:{t.outside_port} {far} {far}"
    return f"%IPNAT-6-NAT_{name}: {verb} {t.proto} {ends}"


def _mspic(t: Translation) -> str:
    word = "ALLOC" if t.create else "RELEASE"
    return (
        f"(FPC Slot 2, PIC Slot 0) JSERVICES_NAT_PORT_BLOCK_{word}: {t.inside} -> "
        f"{t.outside}:{t.outside_port}-{t.outside_port_end} 0x5e3b1f20"
    )


def _srx(t: Translation) -> str:
    name, verb = ("ALLOC", "allocates") if t.create else ("RELEASE", "releases")
    return (
        f"RT_NAT: RT_SRC_NAT_PBA_{name}: Subscriber {t.inside} used/maximum [1/8] blocks, {verb} port block "
        f"[{t.outside_port}-{t.outside_port_end}] from {t.outside} in source pool cgn lsys_id: 0"
    )


def _a10(t: Translation) -> str:
    word = "N" if t.create else "F"
    return (
        f"a10logd: NAT-{t.proto.upper()}-{word}: {t.inside}:{t.inside_port} -> {t.outside}:{t.outside_port}, "
        f"{t.target}:{t.target_port}"
    )


def _f5(t: Translation) -> str:
    word = "ADD" if t.create else "DELETE"
    return f'tmm[11]: lsn_event="LSN_{word}",cli="{t.inside}:{t.inside_port}",nat="{t.outside}:{t.outside_port}"'


def _fortios(t: Translation) -> str:
    number = {"tcp": 6, "udp": 17}[t.proto]
    return (
        f'date={t.time:%Y-%m-%d} time={t.time:%H:%M:%S} devname="fw1" type="traffic" subtype="forward" '
        f"srcip={t.inside} srcport={t.inside_port} dstip={t.target} dstport={t.target_port} proto={number} "
        f'action="{"start" if t.create else "close"}" trandisp="snat" transip={t.outside} transport={t.outside_port}'
    )


def _conntrack(t: Translation) -> str:
    word, number = ("NEW" if t.create else "DESTROY"), {"tcp": 6, "udp": 17}[t.proto]
    seconds = f"{int(t.time.timestamp())}.{t.time.microsecond:06d}"
    return (
        f"[{seconds}]\t    [{word}] {t.proto}      {number} src={t.inside} dst={t.target} sport={t.inside_port} "
        f"dport={t.target_port} src={t.target} dst={t.outside} sport={t.target_port} dport={t.outside_port}"
    )


FORMS: Final[Mapping[str, Callable[[Translation], str]]] = {
    "asa": _asa,
    "ios": _ios,
    "ms-mpc": _mspic,
    "srx": _srx,
    "a10": _a10,
    "f5": _f5,
    "fortios": _fortios,
    "conntrack": _conntrack,
}
BLOCKS: Final = ("ms-mpc", "srx")  # forms that tell blocks of ports, not single ones
