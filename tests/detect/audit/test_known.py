from __future__ import annotations

import pytest

from seawall.detect.audit.device import devices_of
from seawall.detect.audit.exploited import Catalogue, Exploited, current
from seawall.detect.audit.flaws import all_flaws
from seawall.detect.audit.known import CHECK, judge
from seawall.model.audit import Status, Verdict
from seawall.model.site import Site

NOTHING = Catalogue("1", "2026-01-01", 0, ())
IOS_XE = "Current configuration : 900 bytes\n!\nversion {version}\n!\nhostname edge1\n!\n{lines}\n!\nend\n"
CLOSED = "no ip http server\nno ip http secure-server"


def _of(text: str, catalogue: Catalogue = NOTHING) -> dict[str, Verdict]:
    (device,) = devices_of(text.encode(), "edge1.cfg", Site())
    return {verdict.check: verdict for verdict in judge(device, "edge1.cfg", catalogue)}


def _xe(version: str, lines: str) -> dict[str, Verdict]:
    header = f"! Cisco IOS XE Software, Version {version}\n"
    return _of(header + IOS_XE.format(version=".".join(version.split(".")[:2]), lines=lines))


def test_an_affected_release_whose_web_ui_is_on_is_critical_and_names_both() -> None:
    verdict = _xe("17.9.3", "ip http secure-server")["CVE-2023-20198"]
    assert (verdict.status, verdict.severity.word) == (Status.FAIL, "critical")
    assert "version-affected" in verdict.why
    assert "exposed: the web UI is on" in verdict.why
    assert [line.text for line in verdict.lines] == ["ip http secure-server"]
    assert any("17.9.4a" in line for line in verdict.mend)


def test_affected_and_exposed_are_told_apart() -> None:
    verdict = _xe("17.9.3", CLOSED)["CVE-2023-20198"]
    assert (verdict.status, verdict.severity.word) == (Status.FAIL, "medium")
    assert "not exposed" in verdict.why


def test_a_fixed_release_passes() -> None:
    assert _xe("17.9.4a", "ip http server")["CVE-2023-20198"].status is Status.PASS


@pytest.mark.parametrize("version", ["17.9", "17.6"])
def test_a_train_part_of_which_is_affected_is_unknown(version: str) -> None:
    verdict = _of(IOS_XE.format(version=version, lines="ip http server"))["CVE-2023-20198"]
    assert verdict.status is Status.UNKNOWN
    assert "show version" in verdict.why


def test_a_web_ui_nobody_speaks_of_is_not_taken_for_closed() -> None:
    verdict = _xe("17.9.3", "ip routing")["CVE-2023-20198"]
    assert (verdict.status, verdict.severity.word) == (Status.FAIL, "high")
    assert "exposure unknown" in verdict.why


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("ip http server\nip http access-class ipv4 MGMT\nip http access-class ipv6 MGMT6", "not exposed"),
        ("ip http server\nip http access-class ipv4 MGMT", "exposed: the web UI is on"),
        ("ip http server\nip http active-session-modules none\nip http secure-active-session-modules none", "not exp"),
    ],
)
def test_only_what_closes_every_door_closes_it(lines: str, words: str) -> None:
    assert words in _xe("17.9.3", lines)["CVE-2023-20198"].why


def test_the_director_of_smart_install_is_not_the_client() -> None:
    told = "!\nversion 15.0\n!\nhostname sw1\n!\n{}\n!\nline vty 0 4\n login local\n!\nend\n"
    assert "exposed: the Smart" in _of(told.format("vstack"))["CVE-2018-0171"].why
    assert "exposure unknown" in _of(told.format("vstack director 192.0.2.9"))["CVE-2018-0171"].why
    assert "not exposed" in _of(told.format("no vstack"))["CVE-2018-0171"].why


ASA = (
    ": Saved\n:\nASA Version {}\n!\nhostname fw1\nnames\n!\ninterface GigabitEthernet0/0\n nameif outside\n!\n"
    "route outside 0.0.0.0 0.0.0.0 192.0.2.1 1\n{}\n!\n: end\n"
)


def test_an_asa_without_its_vpn_web_server_is_affected_only() -> None:
    exposed = _of(ASA.format("9.16(4)18", "webvpn\n enable outside"))
    assert exposed["CVE-2025-20333"].severity.word == "critical"
    closed = _of(ASA.format("9.16(4)18", "ssh 192.0.2.0 255.255.255.0 inside"))
    assert (closed["CVE-2025-20333"].status, closed["CVE-2025-20333"].severity.word) == (Status.FAIL, "medium")


def test_junos_and_fortios_and_nxos_are_read_by_their_own_words() -> None:
    junos = _of(
        "## Last commit: 2026-01-01 00:00:00 UTC by ops\nversion 21.4R3-S5.4;\nsystem {\n    host-name pe1;\n}\n"
    )
    assert junos["CVE-2025-21590"].status is Status.FAIL
    fortios = _of(
        "#config-version=FGT60F-7.0.8-FW-build0418-220922:opmode=0:vdom=0:user=admin\nconfig system global\n"
        '    set hostname "fw2"\nend\nconfig vpn ssl settings\n    set source-interface "wan1"\nend\n'
    )
    assert "exposed: SSL-VPN" in fortios["CVE-2022-42475"].why
    nxos = _of("!Command: show running-config\nversion 9.3(3) Bios:version 05.40\nhostname n9k1\nfeature nxapi\n")
    assert nxos["CVE-2024-20399"].status is Status.FAIL


def test_the_sum_names_what_the_catalogue_holds_beyond_our_ranges() -> None:
    more = Exploited("CVE-2099-0001", "Cisco IOS XE", "A name", "2099-01-01", ("iosxe",))
    verdict = _of(IOS_XE.format(version="17.15", lines=CLOSED), Catalogue("1", "2099-01-02", 1, (more,)))[CHECK]
    assert "CVE-2099-0001" in verdict.why
    assert verdict.status is Status.UNKNOWN
    worst = _xe("17.9.3", "ip http server")[CHECK]
    assert worst.status is Status.FAIL
    assert "CVE-2023-20198" in worst.why


def test_every_flaw_stands_in_the_catalogue_and_says_how_it_was_used() -> None:
    listed = {entry.cve for entry in current().entries}
    for flaw in all_flaws():
        assert flaw.cve in listed
        assert flaw.carriers
        assert flaw.ranges or flaw.builds, flaw.cve
