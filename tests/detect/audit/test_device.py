"""The traps real configurations set: banners, defaults, split ranges, inheritance, half files."""

from __future__ import annotations

import pytest

from seawall.detect.audit.device import devices_of
from seawall.detect.audit.load import builtin
from seawall.detect.audit.runner import audit_bytes, verdicts_on
from seawall.model.audit import Verdict
from seawall.model.site import ApprovedEnd, Person, Site
from tests.detect.audit.devices import sample_device

CHECKS = {check.id: check for check in builtin()}
IOS = "version 15.2\nhostname r1\naaa new-model\ninterface Loopback0\n ip address 192.0.2.1 255.255.255.255\n"


def _ask(check: str, platform: str, text: str, site: Site | None = None) -> Verdict:
    (verdict,) = verdicts_on(sample_device(platform, text, site), "x.cfg", [CHECKS[check]])
    return verdict


TRAPS = [
    pytest.param("MGT-16", "ios", "hostname r1", "unknown", id="1-absent-is-what-the-release-says"),
    pytest.param("SVC-06", "ios", "hostname r1", "fail", id="1-ios-prints-only-what-is-not-the-default"),
    pytest.param("CRD-04", "ios", "enable secret 5 $1$ab$abcdefghijklmnopqrstuv", "fail", id="2-type-5-is-md5-on-ios"),
    pytest.param("CRD-04", "nxos", "username a password 5 $5$ab$abcdefgh role network-operator", "pass", id="2-nxos"),
    pytest.param("CRD-04", "iosxr", "username a\n secret 10 $6$ab$abcdefgh", "pass", id="2-xr-secret-10"),
    pytest.param("MGT-02", "asa", "aaa authentication telnet console LOCAL", "pass", id="3-aaa-opens-no-telnet"),
    pytest.param("MGT-02", "asa", "telnet 10.0.0.0 255.0.0.0 inside", "fail", id="3-this-line-opens-it"),
    pytest.param("MGT-01", "ios", "line vty 0 4\n access-class 9 in", "fail", id="4-bound-but-not-defined"),
    pytest.param("MGT-01", "ios", "access-list 9 permit host 10.9.0.1\nline vty 0 4\n login", "fail", id="4-not-bound"),
    pytest.param("LOG-07", "ios", "archive\n log config\n  hidekeys", "fail", id="5-archive-without-logging-enable"),
    pytest.param(
        "MGT-02", "ios", "line vty 0 4\n transport input ssh\nline vty 16 97\n transport input all", "fail", id="6"
    ),
    pytest.param("MGT-16", "ios", "banner login ^C\nip http server\n^C\nno ip http server", "pass", id="7-banner"),
    pytest.param("MGT-24", "ios", "hostname r1", "unknown", id="8-smart-install-depends-on-the-build"),
    pytest.param("MGT-02", "junos", "set system services telnet\ndeactivate system services telnet", "pass", id="9"),
    pytest.param(
        "MGT-02", "junos", "set groups G system services telnet\nset apply-groups G", "fail", id="9-groups-applied"
    ),
    pytest.param("MGT-02", "junos", "set groups G system services telnet", "pass", id="9-groups-not-applied"),
    pytest.param(
        "MGT-02", "sros",
        "configure\n    system\n        name r1\n    exit\n    system\n        security\n            telnet-server\n"
        "        exit\n    exit\nexit", "fail", id="10-sections-repeat",
    ),
    pytest.param("MGT-02", "vrp", "undo telnet server enable\nuser-interface vty 0 4\n shell", "pass", id="11"),
    pytest.param(
        "BGP-05", "iosxr",
        "route-policy ALL\n  pass\nend-policy\nrouter bgp 64500\n neighbor 192.0.2.2\n  remote-as 64501\n"
        "  address-family ipv4 unicast\n   route-policy ALL in", "fail", id="12-body-of-a-route-policy",
    ),
    pytest.param(
        "BGP-01", "ios",
        "router bgp 64500\n neighbor E peer-group\n neighbor E password 7 094F471A\n"
        " neighbor 192.0.2.2 remote-as 64501\n"
        " neighbor 192.0.2.2 peer-group E", "pass", id="13-peer-group",
    ),
    pytest.param(
        "BGP-01", "junos",
        "set routing-options autonomous-system 64500\nset protocols bgp authentication-key \"$9$abc\"\n"
        "set protocols bgp group E neighbor 192.0.2.2 peer-as 64501", "pass", id="13-three-levels",
    ),
    pytest.param("MGT-07", "ios", "line vty 0 4\n login", "pass", id="14-ios-ends-after-ten-minutes"),
    pytest.param("MGT-07", "eos", "management ssh\n   ip access-group M in", "fail", id="14-eos-never"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "platform", "text", "status"), TRAPS)
def test_a_trap_is_not_fallen_into(check: str, platform: str, text: str, status: str) -> None:
    verdict = _ask(check, platform, text)
    assert verdict.status.value in (status, "na" if status == "pass" else status), verdict.why


def test_half_a_file_is_judged_as_far_as_it_shows() -> None:
    whole = (
        IOS
        + "interface Gi0/1\n ip address 192.0.2.9 255.255.255.0\nip http server\n"
        + "line vty 0 4\n transport input telnet\nend\n"
    )
    half = "Current configuration : 9999 bytes\n!\n" + IOS + "ip http server\ninterface Gi0/1\n ip addr"
    told = {
        v.check: v.status.value for v in audit_bytes(whole.encode(), "w.cfg", list(CHECKS.values()), Site()).verdicts
    }
    cut = {v.check: v.status.value for v in audit_bytes(half.encode(), "h.cfg", list(CHECKS.values()), Site()).verdicts}
    assert (told["LOG-01"], cut["LOG-01"]) == ("fail", "unknown")
    assert (told["MGT-16"], cut["MGT-16"]) == ("fail", "fail")
    assert (told["MGT-02"], cut["MGT-02"]) == ("fail", "unknown")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00word/document.xml" + bytes(range(256)) * 8, id="word"),
        pytest.param(bytes(range(256)) * 64, id="binary"),
        pytest.param(b"", id="empty"),
        pytest.param(b"Salted__" + bytes(range(200, 256)) * 40, id="encrypted"),
    ],
)
def test_what_is_no_configuration_gives_a_sentence_and_no_verdict(content: bytes) -> None:
    judged = audit_bytes(content, "x", list(CHECKS.values()), Site())
    assert judged.verdicts == ()
    assert len(judged.notes) == 1


def test_two_devices_in_one_file_are_two_devices() -> None:
    text = (
        IOS
        + "line vty 0 4\n transport input ssh\nend\n"
        + IOS.replace("r1", "r2")
        + "line vty 0 4\n transport input telnet\nend\n"
    )
    judged = audit_bytes(text.encode(), "x", [CHECKS["MGT-02"]], Site())
    assert [(v.device, v.status.value) for v in judged.verdicts] == [("r1", "pass"), ("r2", "fail")]


def test_a_terminal_capture_with_more_and_tabs_and_crlf_is_read() -> None:
    text = (IOS + "line vty 0 4\n\ttransport input telnet\n --More-- \nend\n").replace("\n", "\r\n")
    judged = audit_bytes(text.encode(), "x", [CHECKS["MGT-02"]], Site())
    assert [v.status.value for v in judged.verdicts] == ["fail"]


def test_no_secret_leaves_with_a_verdict() -> None:
    text = (
        IOS
        + "enable password Sommer2026\nsnmp-server community Winter2026 RW\nusername bob password 0 Herbst2026\nend\n"
    )
    judged = audit_bytes(text.encode(), "x", list(CHECKS.values()), Site())
    more = "daemon TerminAttr\n   exec /usr/bin/TerminAttr -cvauth=key,Advent2026 -x\n"
    nexus = "snmp-server user nms network-operator auth md5 0x0123456789abcdef priv 0xfeedfeedfeedfeed localizedkey"
    said = repr(judged.verdicts) + repr(_ask("CRD-01", "eos", more)) + repr(_ask("SNM-06", "nxos", nexus))
    assert not any(word in said for word in ("Sommer2026", "Winter2026", "Herbst2026", "Advent2026", "feedfeed"))


def test_a_site_file_decides_what_a_configuration_cannot() -> None:
    tunnel = "interface Tunnel1\n tunnel destination 10.5.0.1"
    assert _ask("INT-06", "ios", tunnel).status.value == "unknown"
    ours = Site(management_networks=("10.0.0.0/8",), tunnel_ends=(ApprovedEnd("10.5.0.1"),))
    assert _ask("INT-06", "ios", tunnel, ours).status.value == "pass"
    others = Site(management_networks=("10.0.0.0/8",), tunnel_ends=(ApprovedEnd("10.6.0.1"),))
    assert _ask("INT-06", "ios", tunnel, others).status.value == "fail"
    users = "username bob secret 9 x\nusername eve secret 9 y"
    assert _ask("CRD-08", "ios", users, Site(people=(Person("bob"), Person("eve")))).status.value == "pass"
    assert "eve" in _ask("CRD-08", "ios", users, Site(people=(Person("bob"),))).why
    changed = "! Last configuration change at 10:00:00 UTC Sun Mar 1 2026 by stranger\nhostname r1"
    assert _ask("INT-22", "ios", changed, Site(people=(Person("bob"),))).status.value == "fail"


def test_release_numbers_are_read_from_what_devices_write() -> None:
    device = devices_of(b"version 17.9\nhostname r1\nplatform console virtual\nline vty 0 4\nend\n", "x", Site())[0]
    assert (device.platform, device.family, device.release) == ("iosxe", "ios", (17, 9))


def test_a_platform_no_check_knows_is_said_to_be_not_assessed() -> None:
    text = b"# RANCID-CONTENT-TYPE: mikrotik\n/system identity set name=r1\n/ip address add address=192.0.2.1/24\n"
    judged = audit_bytes(text, "x", list(CHECKS.values()), Site())
    assert [v for v in judged.verdicts if v.check in CHECKS] == []
    assert any("not assessed" in note for note in judged.notes)
