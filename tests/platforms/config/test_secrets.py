from __future__ import annotations

from seawall.platforms.config.secrets import Veil, masked


def test_of_a_secret_only_its_form_and_whether_all_know_it_stay() -> None:
    line, (one,) = masked("enable secret 5 $1$abcd$efghijkl")
    assert line == "enable secret 5 <masked>"
    assert (one.form, one.known) == ("$1$", None)
    assert "efgh" not in repr(one)
    (public,) = masked("snmp-server community public RO")[1]
    assert public.known == "public"
    (again,) = masked("snmp-server community public RW 10")[1]
    assert again.fingerprint == public.fingerprint != one.fingerprint


def test_a_community_is_masked_where_only_its_section_says_what_it_is() -> None:
    fortios = [
        "config system snmp community",
        "edit 1",
        'set name "n0c"',
        "config hosts",
        "edit 1",
        "next",
        "end",
        "end",
    ]
    fortios += ["config system admin", 'set name "ann"', "end"]
    veil = Veil(fortios)
    assert veil(3, fortios[2])[0] == "set name <masked>"
    assert veil(10, fortios[9])[0] == fortios[9]
    junos = ["snmp {", "    community public {", "        authorization read-only;", "    }", "}"]
    junos += ["policy-options {", "    community CUST {", "    }", "}"]
    veil = Veil(junos)
    text, (one,) = veil(2, junos[1])
    assert (text, one.known) == ("    community <masked> {", "public")
    assert veil(7, junos[6])[0] == junos[6]
    two = [
        "set snmp community a1b2 clients 192.0.2.0/24",
        "set snmp community c3d4",
        "set snmp community a1b2 clients x",
    ]
    assert [Veil(two)(at, line)[0].split()[3] for at, line in enumerate(two, 1)] == [
        "<masked>",
        "<masked>-2",
        "<masked>",
    ]
