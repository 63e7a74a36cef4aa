"""Every change of a router on every platform: written, taken back, and never more than one line's worth."""

from __future__ import annotations

import pytest

from seawall.errors import InputError
from seawall.response.actions import KINDS, kind_of
from seawall.response.dialects import BY_HAND, DIALECTS

_LINES = {
    "close_access": {
        "ios": "ip access-list extended MGMT 30 permit tcp host 198.51.100.7 any eq 22",
        "iosxr": "ipv4 access-list MGMT 30 permit tcp host 198.51.100.7 any eq ssh",
        "nxos": "ip access-list MGMT 30 permit tcp 198.51.100.7/32 any eq 22",
        "eos": "ip access-list MGMT 30 permit tcp host 198.51.100.7 any eq ssh",
        "junos": "policy-options prefix-list mgmt 198.51.100.7/32",
    },
    "restore_aaa": dict.fromkeys(("ios", "iosxr", "nxos", "eos"), "tacacs-server host 198.51.100.7")
    | {"junos": "system tacplus-server 198.51.100.7"},
}


@pytest.mark.parametrize("platform", DIALECTS)
@pytest.mark.parametrize("name", [kind.name for kind in KINDS if kind.door in ("router", "sessions")])
def test_every_kind_is_written_for_every_platform(name: str, platform: str) -> None:
    values = {"device": "edge1", "platform": platform, "account": "helper", "name": "mycap", "form": "session",
              "interface": "gr-0/0/0.0" if platform == "junos" else "Tunnel77"}  # fmt: skip
    values["line"] = _LINES.get(name, {}).get(platform, "tty2")
    action = kind_of(name).action("edge1", values, "x")
    assert action.do.strip()
    assert action.undo.strip()
    assert action.verify
    assert action.lasts_s == 0
    if BY_HAND not in action.undo and name != "session_kill":
        assert action.undo != action.do
    assert not any(line.strip() in ("no ip access-list", "no username") for line in action.do.splitlines())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("remove_user", {"account": "x; reload"}),
        ("remove_user", {"account": "x\nreload"}),
        ("remove_user", {"account": ""}),
        ("shut_tunnel", {"interface": "GigabitEthernet0/0/0"}),
        ("close_access", {"line": "access-list 20 deny any"}),
        ("close_access", {"line": "access-list 20 permit 198.51.100.7\nreload"}),
        ("restore_aaa", {"line": "aaa new-model"}),
        ("stop_capture", {"name": "a b"}),
        ("session_kill", {"account": "x|y"}),
    ],
)
def test_what_cannot_be_written_safely_is_refused(name: str, values: dict[str, str]) -> None:
    with pytest.raises(InputError):
        kind_of(name).action("edge1", {"device": "edge1", "platform": "ios", **values}, "x")


def test_an_unknown_platform_is_told_with_those_that_are_written() -> None:
    with pytest.raises(InputError) as refused:
        kind_of("remove_user").action("b", {"device": "b", "platform": "vrp", "account": "x"}, "x")
    assert "junos" in str(refused.value.mend)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("policy-options prefix-list mgmt", id="a whole list"),
        pytest.param("firewall family inet", id="every filter"),
        pytest.param("firewall family inet filter f term t from source-address 198.51.100.7/32", id="term widens"),
        pytest.param("system services ssh", id="SSH whole"),
        pytest.param("system services netconf ssh", id="NETCONF whole"),
        pytest.param("security policies", id="every policy"),
        pytest.param("security zones security-zone trust", id="a whole zone"),
    ],
)
def test_on_junos_nothing_wider_than_a_leaf_is_deleted(line: str) -> None:
    with pytest.raises(InputError):
        kind_of("close_access").action("j1", {"device": "j1", "platform": "junos", "line": line}, "x")


@pytest.mark.parametrize("line", ["system services telnet", "set system services ssh root-login allow"])
def test_on_junos_a_service_that_lets_them_in_is_closed(line: str) -> None:
    action = kind_of("close_access").action("j1", {"device": "j1", "platform": "junos", "line": line}, "x")
    assert action.do == f"delete {line.removeprefix('set ')}\n"
