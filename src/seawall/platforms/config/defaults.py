"""What holds where a configuration says nothing: per platform and release, with what it rests on.

A path that is not listed has no dependable default. `None` as value says that it is known to depend on the image: the
answer is unknown, never a guess. Basis: S a STIG's check text, V the vendor's own page or advisory, C a CIS benchmark
item, K the practice of the field. Checked in November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Default:
    """One default."""

    value: bool | int | None  # on or off; minutes or a number; None: depends on the image
    basis: str  # S, V, C or K, and where from


When = Callable[[str | None, bool | None], bool | None]  # (version, is it IOS XE) → does the line hold, None unknown


def _always(_version: str | None, _xe: bool | None) -> bool:
    return True


def _is_xe(_version: str | None, xe: bool | None) -> bool | None:
    return xe


def _classic(_version: str | None, xe: bool | None) -> bool | None:
    return None if xe is None else not xe


def _from(*least: int) -> When:
    """Releases from `least` on."""

    def holds(version: str | None, _xe: bool | None) -> bool | None:
        said = numbers(version)
        return said >= least if said else None

    return holds


def numbers(version: str | None) -> tuple[int, ...]:
    """The numbers at the start of a release: `17.9.4a` is (17, 9, 4), `21.4R3-S1` (21, 4, 3, 1)."""
    return tuple(int(part) for part in re.findall(r"\d{1,6}", version or "")[:5])


_LINES: Final[tuple[tuple[str, str, bool | int | None, When, str], ...]] = (
    # IOS and IOS XE
    ("ios", "ip http server", None, _always, "V CVE-2019-1904: depends on the release"),
    ("ios", "ip http secure-server", None, _always, "V CVE-2019-1904: depends on the release"),
    ("ios", "vstack", None, _always, "V cisco-sa-20180409-smi: meaning of absence depends on CSCvd36820"),
    ("ios", "ip source-route", True, _always, "S CISC-RT-000350, C 3.1.1"),
    ("ios", "ip proxy-arp", True, _always, "S CISC-RT-000380"),
    ("ios", "ip redirects", True, _always, "S CISC-RT-000190"),
    ("ios", "ip unreachables", True, _always, "S CISC-RT-000170"),
    ("ios", "ip mask-reply", False, _always, "S CISC-RT-000180"),
    ("ios", "ip directed-broadcast", False, _from(12), "S CISC-RT-000160"),
    ("ios", "ip bootp server", True, _always, "C 2.1.3"),
    ("ios", "ip gratuitous-arps", None, _always, "S CISC-RT-000150"),
    ("ios", "service pad", True, _classic, "C 2.1.8"),
    ("ios", "cdp run", True, _classic, "S CISC-RT-000370"),
    ("ios", "cdp run", None, _always, "S CISC-RT-000370 and C 2.1.2 disagree for IOS XE"),
    ("ios", "cdp enable", True, _classic, "S CISC-RT-000370"),
    ("ios", "lldp run", False, _always, "S CISC-RT-000360"),
    ("ios", "mop enabled", True, _classic, "K"),
    ("ios", "service dhcp", True, _always, "C 2.1.4"),
    ("ios", "service tcp-small-servers", False, _from(12), "S CISC-ND-000470"),
    ("ios", "service udp-small-servers", False, _from(12), "S CISC-ND-000470"),
    ("ios", "ip finger", False, _from(12, 1), "S CISC-ND-000470"),
    ("ios", "service finger", False, _from(12, 1), "S CISC-ND-000470"),
    ("ios", "service config", False, _from(12), "S CISC-ND-000470"),
    ("ios", "logging on", True, _always, "K"),
    ("ios", "bgp enforce-first-as", True, _always, "S CISC-RT-000540"),
    ("ios", "mpls ip propagate-ttl", True, _always, "S CISC-RT-000620"),
    ("ios", "exec-timeout", 10, _always, "S CISC-ND-000720"),
    ("ios", "ip scp server enable", False, _always, "S CISC-ND-000470"),
    ("ios", "netconf-yang", False, _always, "K"),
    ("ios", "restconf", False, _always, "K"),
    ("ios", "iox", False, _is_xe, "K"),
    # IOS XR
    ("iosxr", "telnet", False, _always, "S CISC-ND-000470"),
    ("iosxr", "ssh server", False, _always, "K"),
    ("iosxr", "ssh server v2", False, _always, "S CISC-ND-000530"),
    ("iosxr", "ipv4 source-route", False, _always, "S CISC-RT-000350"),
    ("iosxr", "proxy-arp", False, _always, "S CISC-RT-000380"),
    ("iosxr", "ipv4 redirects", False, _always, "S CISC-RT-000190"),
    ("iosxr", "cdp", False, _always, "S CISC-RT-000370"),
    ("iosxr", "lldp", False, _always, "S CISC-RT-000360"),
    ("iosxr", "bgp enforce-first-as", True, _always, "S CISC-RT-000540"),
    ("iosxr", "exec-timeout", 10, _always, "V"),
    # NX-OS
    ("nxos", "feature", False, _always, "V: only basic features are on"),
    ("nxos", "ip source-route", True, _always, "S CISC-RT-000350"),
    ("nxos", "ip proxy-arp", False, _always, "S CISC-RT-000380"),
    ("nxos", "ip redirects", True, _always, "S CISC-RT-000190"),
    ("nxos", "cdp enable", True, _always, "S CISC-RT-000370"),
    ("nxos", "enforce-first-as", True, _always, "S CISC-RT-000540"),
    ("nxos", "exec-timeout", 30, _always, "K"),
    ("nxos", "password strength-check", True, _always, "S CISC-ND-000550"),
    # EOS
    ("eos", "management telnet", False, _always, "S ARST-ND-000340"),
    ("eos", "management api http-commands", False, _always, "K"),
    ("eos", "protocol http", False, _always, "S ARST-ND-000340"),
    ("eos", "idle-timeout", 0, _always, "S ARST-RT-000260"),
    ("eos", "ip source-route", False, _always, "K"),
    ("eos", "maximum-routes", 12_000, _always, "V"),
    # Junos
    ("junos", "system services", False, _always, "S JUNI-ND-000470: what is not listed is off"),
    ("junos", "system login retry-options tries-before-disconnect", 3, _always, "S JUNI-ND-000150"),
    ("junos", "enforce-first-as", False, _always, "S JUNI-RT-000530"),
    ("junos", "idle-timeout", 0, _always, "V: none for the standard classes"),
    # ASA, SR OS, VRP
    ("asa", "telnet", False, _always, "S CASA-ND-000470"),
    ("asa", "http server enable", False, _always, "S CASA-ND-000430"),
    ("asa", "ssh version 1", False, _from(9, 9), "S CASA-ND-000470"),
    ("sros", "idle-timeout", 30, _always, "V"),
    ("sros", "telnet-server", None, _always, "V gives the syntax, not the default"),
    ("sros", "ftp-server", None, _always, "V gives the syntax, not the default"),
    ("vrp", "telnet server enable", None, _always, "V gives the syntax, not the default"),
    ("vrp", "idle-timeout", 10, _always, "V NetEngine 8000, S3900"),
)
_BY_PLATFORM: Final = {
    platform: tuple(
        (tuple(path.split()), value, when, basis) for name, path, value, when, basis in _LINES if name == platform
    )
    for platform in {line[0] for line in _LINES}
}


def default_of(platform: str, version: str | None, xe: bool | None, path: tuple[str, ...]) -> Default | None:
    """The default of a path, or of the longest listed path it begins with; None where none is known."""
    low = tuple(word.lower() for word in path)
    best: tuple[int, Default] | None = None
    unsure = False
    for words, value, when, basis in _BY_PLATFORM.get(platform, ()):
        if low[: len(words)] != words and not (len(words) == 1 and low[-1:] == words):
            continue
        holds = when(version, xe)
        if holds is None:
            unsure = True
        elif holds and (best is None or len(words) > best[0]):
            best = (len(words), Default(value, basis))
    if best is not None:
        return best[1]
    return Default(None, "depends on a release that the text does not name") if unsure else None
