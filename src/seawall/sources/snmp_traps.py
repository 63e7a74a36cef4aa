# ruff: noqa: E501 - patterns are as long as they are
"""SNMP traps as snmptrapd logs them: its own forms on one or several lines, most `-F` formats, and snmptt's.

What the `-F` format puts around a trap is free; told apart are the sender (`UDP: [a]:p->[b]:q`), the version 1 words,
and the values, which every form writes as `name = TYPE: value` (NET-SNMP, snmptrapd(8), FORMAT SPECIFICATIONS).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from seawall.platforms.masking import MASK
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.intercepts import LINE_REFUSAL
from seawall.sources.line_format import IP, NOTHING, Told, has_syslog_header, kept, read_groups, said
from seawall.sources.line_times import time_at_start
from seawall.sources.lines import head_lines

_NAMES: Final = {  # OIDs without leading dot → names (RFC 3418, RFC 2863, RFC 4188; CISCO-CONFIG-MAN-MIB and kin)
    "1.3.6.1.6.3.1.1.5.1": "coldStart",
    "1.3.6.1.6.3.1.1.5.2": "warmStart",
    "1.3.6.1.6.3.1.1.5.3": "linkDown",
    "1.3.6.1.6.3.1.1.5.4": "linkUp",
    "1.3.6.1.6.3.1.1.5.5": "authenticationFailure",
    "1.3.6.1.6.3.1.1.5.6": "egpNeighborLoss",
    "1.3.6.1.4.1.9.9.43.2.0.1": "ciscoConfigManEvent",
    "1.3.6.1.4.1.9.9.43.2.0.2": "ccmCLIRunningConfigChanged",
    "1.3.6.1.4.1.9.9.43.2.0.3": "ccmCTIDRolledOver",
    "1.3.6.1.4.1.9.0.1": "tcpConnectionClose",
    "1.3.6.1.4.1.9.0.0": "reload",
    "1.3.6.1.4.1.9.9.41.2.0.1": "clogMessageGenerated",
    "1.3.6.1.4.1.9.9.25.2.0.1": "ciscoCPUThreshold",
    "1.3.6.1.4.1.9.9.96.2.1.1": "ciscoConfigCopyCompletion",
    "1.3.6.1.4.1.2636.4.5.0.1": "jnxCmCfgChange",
    "1.3.6.1.4.1.2636.4.5.0.2": "jnxCmRescueChange",
    "1.3.6.1.4.1.2011.5.25.191.3.1": "hwCfgChgNotify",
    "1.3.6.1.2.1.15.7.1": "bgpEstablished",
    "1.3.6.1.2.1.15.7.2": "bgpBackwardTransition",
    "1.3.6.1.4.1.8072.4.0.2": "nsNotifyShutdown",
    "1.3.6.1.4.1.8072.4.0.3": "nsNotifyRestart",
}
_GENERIC: Final = {
    "cold start": "coldStart",
    "warm start": "warmStart",
    "link down": "linkDown",
    "link up": "linkUp",
    "authentication failure": "authenticationFailure",
    "egp neighbor loss": "egpNeighborLoss",
}
_CHANGES: Final = frozenset(
    {"ciscoConfigManEvent", "ccmCLIRunningConfigChanged", "jnxCmCfgChange", "jnxCmRescueChange", "hwCfgChgNotify"}
    | {"ciscoConfigCopyCompletion", "aristaConfigManEvent", "tmnxConfigModify"}
)
_PREFIXES: Final = (
    ("iso.", "1."),
    ("SNMPv2-SMI::enterprises", "1.3.6.1.4.1"),
    ("SNMPv2-SMI::mib-2", "1.3.6.1.2.1"),
    ("SNMPv2-SMI::snmpModules", "1.3.6.1.6.3"),
    ("SNMPv2-MIB::snmpTraps", "1.3.6.1.6.3.1.1.5"),
    ("enterprises", "1.3.6.1.4.1"),
)
_TYPES: Final = r"(?:OID|STRING|INTEGER|Timeticks|IpAddress|Hex-STRING|Counter32|Counter64|Gauge32|Unsigned32|BITS|Network Address|Opaque|NULL|Wrong Type \([^)]{0,60}\))"
_VARBIND: Final = re.compile(
    rf"(?P<name>\.?[A-Za-z0-9][\w.:\-]{{2,200}}(?:\.(?:\"[^\"]{{0,200}}\"|'[^']{{0,200}}'))?)\s?=\s?(?:{_TYPES}: )?(?P<value>.*?)"
    rf"(?=(?:,? |\t|\n)\s{{0,20}}\.?[A-Za-z0-9][\w.:\-]{{2,200}}(?:\.\"[^\"]{{0,200}}\")?\s?=\s?(?:{_TYPES}: |\")|\n\S|$)",
    re.DOTALL,
)
_TRANSPORT: Final = re.compile(
    rf"(?:UDP|TCP|UDP/IPv6|TCP/IPv6|DTLS\w*)6?: \[?(?P<src>{IP})\]?(?::\d{{1,5}})?(?:\s?->\s?\[?(?P<dst>{IP})\]?)?"
)
_AGENT: Final = re.compile(rf"(?P<host>[\w.\-]{{1,253}}|{IP}) ?(?:\[[^\]]{{0,60}}\] )?\(via ")
_HOST: Final = re.compile(r"(?P<host>[A-Za-z0-9<][\w.:\->]{0,252}) \[(?:UDP|TCP|DTLS)")
_VERSION_1: Final = re.compile(
    r"(?P<enterprise>[\w.:\-]{3,200}) (?P<generic>Cold Start|Warm Start|Link Down|Link Up|Authentication Failure|EGP Neighbor Loss|Enterprise Specific) "
    r"Trap \((?P<specific>[^)]{0,80})\) Uptime: (?P<uptime>[^\n\t,]{1,60})"
)
_COMMUNITY: Final = re.compile(
    r"(?i)(?<![\w\-])(community(?: string)?(?:[:=]\s?|\s+)\"?)(?!<masked>)([^\s\",;]{1,100})"
)
_TRAP_COMMUNITY: Final = re.compile(
    r"(snmpTrapCommunity\.0|(?:\.?1|iso)\.3\.6\.1\.6\.3\.18\.1\.4\.0)(\s?=\s?(?:STRING: )?)(\"[^\"]*\"|\S+)"
)
_SNMPTT: Final = re.compile(
    r"(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}|\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d\S{0,6}) "
    r"(?P<oid>\.1\.3\.6\.1[\d.]{3,200}) (?P<severity>\S{1,40}) \"(?P<category>[^\"]{0,80})\" (?P<host>\S{1,253}) - (?P<text>.*)$"
)
# What the program says of itself and of MIB files it cannot find.
_NOISE: Final = re.compile(
    r"(?:Cannot (?:adopt|find)|Did not find|Undefined|Unlinked|MIB search path|Created directory|At line|Bad operator|"
    r"Stopping snmptrapd|Warning: |Expected |Module )"
)
_WORDS: Final = re.compile(r"\b(Cold Start|Warm Start|Link Down|Link Up|Authentication Failure|EGP Neighbor Loss)\b")
_TAP: Final = re.compile(
    r"\bc(?:i|i6|u|m|802)?Tap2?[A-Z]\w|TAP2?-MIB|(?:enterprises|1\.3\.6\.1\.4\.1|iso\.3\.6\.1\.4\.1)\.9\.9\.(?:252|394|395|399|400|401|410)\.|(?:LAWFUL|PACKET-MIRROR)[\w-]*MIB"
)  # fmt: skip
_BEGINS: Final = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{1,2}:\d{1,2}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\S{1,253} \[(?:UDP|TCP)|\d\d:\d\d "
)


def oid_of(text: str) -> str:
    """An object identifier as numbers without leading dot where its prefix is known; else as written."""
    text = text.strip()
    for written, numbers in _PREFIXES:
        if text.startswith(written):
            return numbers + text[len(written) :]
    return text.removeprefix(".")


def name_of(text: str) -> str:
    """The name of a trap by its OID or module name."""
    oid = oid_of(text)
    return _NAMES.get(oid) or (oid.rpartition("::")[2] if "::" in oid else oid)


def masked(text: str) -> str:
    """A record without its community."""
    return _TRAP_COMMUNITY.sub(rf'\1\2"{MASK}"', _COMMUNITY.sub(rf"\1{MASK}", text))


def tell(text: str, reading: Reading) -> Told | None:
    """What one trap says; None if it is none."""
    if "NET-SNMP version" in text[:60] or _NOISE.match(text):
        return NOTHING
    if found := _SNMPTT.match(text):
        return _snmptt(found, text, reading)
    text = masked(text)
    told = message(text)
    if told is None:
        return None
    values, sender = told
    host = _AGENT.search(text, 0, 400) or _HOST.search(text, 0, 400)
    observer = said(host["host"]) if host else None
    if observer in (None, "<UNKNOWN>", "localhost", "UDP", "TCP"):
        observer = sender or observer
    return Told(values, time_at_start(text, reading), observer)


def message(text: str) -> tuple[dict[str, Any], str | None] | None:
    """The columns of a trap's text, community masked already, and its sender's address; None if it is no trap."""
    pairs = [(m["name"].lstrip("."), m["value"].strip()) for m in _VARBIND.finditer(text)][:300]
    old = _VERSION_1.search(text)
    trap_oid = next((value for name, value in pairs if _is(name, "snmpTrapOID.0", "1.3.6.1.6.3.1.1.4.1.0")), None)
    transport = _TRANSPORT.search(text, 0, 500)
    words = _WORDS.search(text, 0, 1_000) if trap_oid is None and old is None and transport else None
    if trap_oid is None and old is None and words is None:
        return None
    uptime = next((v for n, v in pairs if _is(n, "sysUpTimeInstance", "1.3.6.1.2.1.1.3.0", "sysUpTime.0")), None)
    agent = next((v for n, v in pairs if _is(n, "snmpTrapAddress.0", "1.3.6.1.6.3.18.1.3.0")), None)
    oid = trap_oid.removeprefix("OID: ") if trap_oid else ""
    name = name_of(oid) if oid else ""
    if old and not oid:
        generic = _GENERIC.get(old["generic"].lower())
        specific = old["specific"].strip()
        oid = "" if generic else f"{old['enterprise']}.0.{specific.lstrip('.')}"
        name = generic or (name_of(oid) if re.fullmatch(r"\.?\d+", specific) else specific or old["enterprise"])
    if words:  # a version 1 trap in a format of somebody's own
        name = _GENERIC[words[1].lower()]
    further = [
        (n, v)
        for n, v in pairs
        if not _is(n, "snmpTrapOID.0", "1.3.6.1.6.3.1.1.4.1.0", "sysUpTimeInstance", "1.3.6.1.2.1.1.3.0")
    ]
    version = re.search(r"SNMP ?v?(1|2c|3)\b|\bv(1|2c|3)\b", text[:400])
    source = agent or (transport["src"] if transport else None)
    values = {
        "version": "1" if old or words else next((g for g in version.groups() if g), None) if version else None,
        "trap": name,
        "trap_oid": oid or None,
        "enterprise": old["enterprise"] if old else next((v for n, v in pairs if _is(n, "snmpTrapEnterprise.0")), None),
        "uptime": old["uptime"].strip() if old else uptime,
        "varbinds": kept("\t".join(f"{n} = {v}" for n, v in further)),
        "dst_ip": transport["dst"] if transport else None,
        "raw": kept(text.replace("\n", " | ")),
        **_act(name, further, source),
    }
    return values, source


def _is(name: str, *wanted: str) -> bool:
    plain = oid_of(name)
    return any(plain == one or plain.endswith(f"::{one}") for one in wanted)


def _act(name: str, pairs: list[tuple[str, str]], source: str | None) -> dict[str, Any]:
    if name == "authenticationFailure":
        peer = next((v for n, v in pairs if "authAddr" in n or oid_of(n).startswith("1.3.6.1.4.1.9.2.1.5")), None)
        peer = peer.removeprefix("IpAddress: ").strip() if peer else None
        return {"activity": "login", "outcome": "failure", "service": "snmp", "src_ip": peer}
    if name in _CHANGES:
        user = next(
            (
                v
                for n, v in pairs
                if re.search(r"(?:TerminalUser|CfgChgUser|jnxCmCfgChgEventUser|hwCfgChgTerminalID)", n)
            ),
            None,
        )
        line = next((v for n, v in pairs if re.search(r"TerminalLocation|TerminalNumber", n)), None)
        return {
            "activity": "config_change",
            "service": "snmp",
            "user": said((user or "").strip('"')),
            "line": said(line),
            "src_ip": None,
        }
    return {"src_ip": source}


def _snmptt(found: re.Match[str], text: str, reading: Reading) -> Told:
    name = name_of(found["oid"])
    values = {
        "trap": name,
        "trap_oid": found["oid"],
        "varbinds": kept(found["text"]),
        "raw": kept(masked(text)),
        **_act(name, [], None),
    }
    return Told(values, time_at_start(found["time"], reading), found["host"])


def tap_refusal(text: str) -> str:
    """Why a trap may not be read: it comes from a MIB of lawful interception. Empty if it may."""
    return LINE_REFUSAL if _TAP.search(text) else ""


def _goes_on(waiting: list[str], text: str) -> bool:
    """Values stand on the lines below; a line that begins as a trap does starts the next one."""
    if not text.strip():
        return False
    return text[:1] in "\t " or not (
        _BEGINS.match(text) or _NOISE.match(text) or _NOISE.match(waiting[0]) or "NET-SNMP version" in waiting[0][:60]
    )


def sniff(evidence: Evidence) -> int:
    """97 if the head holds traps: a sender or a version 1 header, and values."""
    lines = [line.decode("utf-8", "replace") for line in head_lines(evidence.head, 600)]
    lines = [line for line in lines if not _NOISE.match(line)] or lines
    if not lines or (has_syslog_header(lines[0]) and "NET-SNMP version" not in lines[0]):
        return 0
    text = "\n".join(lines)[:60_000]
    if _SNMPTT.match(lines[0]):
        return 97
    trap = re.search(
        r"snmpTrapOID\.0 ?=|1\.3\.6\.1\.6\.3\.1\.1\.4\.1\.0 ?=|\.3\.6\.1\.6\.3\.1\.1\.4\.1\.0 ?=", text
    ) or _VERSION_1.search(text)
    return 97 if trap and (_TRANSPORT.search(text) or "NET-SNMP" in text or _BEGINS.match(lines[0])) else 0


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `snmp_traps` and rejects. Raises InputError if the file cannot be read on."""
    yield from read_groups(evidence, reading, "snmp_traps", tell, "SNMP trap", _goes_on, tap_refusal)


SOURCE: Final = Source("snmp_traps", "SNMP traps (snmptrapd, snmptt)", ("snmp_traps",), sniff, read)
