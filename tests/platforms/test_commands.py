# ruff: noqa: E501 - tables
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.platforms.commands import normalise


@pytest.mark.parametrize(
    ("raw", "command"),
    [
        ("conf t", "configure terminal"),
        ("configure  terminal <cr>", "configure terminal"),
        ("sh run", "show running-config"),
        ("sh run | i secret", "show running-config | include secret"),
        ("do sh run", "show running-config"),
        ("!exec: enable", "enable"),
        ("wr mem", "write memory"),
        ("mon cap mycap int gi0/0/0 both", "monitor capture mycap interface gi0/0/0 both"),
        ("no mon cap mycap", "no monitor capture mycap"),
        ("cop run tftp:", "copy running-config tftp:"),
        ("cl logg", "clear logging"),
        ("sh ip int bri", "show ip interface brief"),
        ("sh tac", "show tacacs"),
        ("term len 0", "terminal length 0"),
        ("SHOW Tacacs", "show tacacs"),
        ("guestshell destroy <cr>", "guestshell destroy"),
        ("username eve priv 15 sec <masked>", "username eve privilege 15 secret <masked>"),
        ("no access-class 23 in", "no access-class 23 in"),
        ("frobnicate now", "frobnicate now"),
        ("do", "do"),
        ("", ""),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_one_spelling_for_each_command_of_the_ios_family(raw: str, command: str) -> None:
    assert normalise(raw, "ios") == command


@pytest.mark.parametrize(
    ("raw", "platform", "command"),
    [
        ("dis cu", "vrp", "display current-configuration"),
        ("undo info-center enable", "vrp", "undo info-center enable"),
        ("sys", "vrp", "system-view"),
        ("sh conf", "junos", "show configuration"),
        ("set system login user eve", "junos", "set system login user eve"),
        ("  Show   Router ", "sros", "show router"),
        ("/bin/sh -c ID", "linux", "/bin/sh -c id"),
    ],
)
def test_other_families_have_words_of_their_own(raw: str, platform: str, command: str) -> None:
    assert normalise(raw, platform) == command


_PLATFORMS = ["ios", "iosxr", "nxos", "eos", "asa", "junos", "vrp", "sros", "fortios", "panos", "linux", "ise", None]
_PIECES = st.sampled_from(
    [
        "sh",
        "show",
        "run",
        "i",
        "|",
        "|",
        ";",
        ";\n",
        "do",
        "do",
        "no",
        "conf",
        "t",
        "int",
        "gi0/1",
        "mon",
        "cap",
        "dis",
        "cur",
        "<cr>",
        "!exec:",
        "pe1#",
        "pe1(config)#",
        "ann@mx1>",
        "<hw>",
        "[~hw-aaa]",
        "*A:pe7>config#",
        "/",
        "//",
        '"',
        "'",
        "[edit]",
        "[edit\tx]",
        "fw1",
        "#",
        "(",
        ")",
        "$",
        "A:",
        "a|b",
        "|i",
        "bootf:",
        "config",
        "exec",
        "diag",
        "sn",
        "pac",
        "\N{KELVIN SIGN}#",
        "set",
        "delete",
        "log",
        "host",
        "undo",
        "default",
        "cl",
        "logg",
        "un",
        "all",
        "user",
    ]
)


@given(
    st.text(max_size=60) | st.lists(_PIECES, max_size=9).map(" ".join) | st.lists(_PIECES, max_size=9).map("".join),
    st.sampled_from(_PLATFORMS),
)
@settings(max_examples=400)
def test_a_normal_command_stays_normal(raw: str, platform: str | None) -> None:
    once = normalise(raw, platform)
    assert "  " not in once
    assert normalise(once, platform) == once


@pytest.mark.parametrize(
    ("raw", "platform", "command"),
    [
        # prompts in front, modes named, pipes without blanks
        ("pe1#sh run|i snmp", "ios", "show running-config | include snmp"),
        ("pe1(config-if)#do sh run | i snmp | e x", "ios", "show running-config | include snmp | exclude x"),
        ("RP/0/RSP0/CPU0:pe1#sh ip int br", "iosxr", "show ip interface brief"),
        ("asa1/pri/act# sh run", "asa", "show running-config"),
        ("sh log | inc a|b", "ios", "show logging | include a|b"),
        ("do do wr", "ios", "write"),
        # several at once
        ("conf t ; int e1/1 ; shut", "nxos", "configure terminal ; interface e1/1 ; shutdown"),
        ("conf t\nno logg host 192.0.2.9\nend", "eos", "configure terminal ; no logging host 192.0.2.9 ; end"),
        ('description "a ; b"', "ios", 'description "a ; b"'),
        # ambiguous: told apart by the next word, or left alone
        ("cl logg", "ios", "clear logging"), ("log host 192.0.2.9", "ios", "logging host 192.0.2.9"),
        ("log 192.0.2.9", "ios", "log 192.0.2.9"), ("co t", "ios", "co t"), ("con t", "ios", "con t"), ("dis", "ios", "dis"),
        ("s r", "ios", "s r"), ("t 192.0.2.1", "ios", "t 192.0.2.1"), ("un all", "ios", "undebug all"),
        # the intruder's usual ones
        ("mon cap c1 start", "ios", "monitor capture c1 start"),
        ("mon ses 1 so int gi0/1", "nxos", "monitor session 1 source interface gi0/1"),
        ("snmp-s comm <masked> rw", "ios", "snmp-server community <masked> rw"),
        ("int tun0", "ios", "interface tun0"), ("tel 192.0.2.1", "ios", "telnet 192.0.2.1"),
        ("guest run bash", "ios", "guestshell run bash"), ("no serv tim", "ios", "no service timestamps"),
        ("cop run tftp:", "iosxr", "copy running-config tftp:"), ("bash sudo su", "eos", "bash sudo su"),
        # Junos
        ("ann@mx1> sh conf | m snmp", "junos", "show configuration | match snmp"),
        ("[edit]\nann@mx1# set sys login user eve", "junos", "set system login user eve"),
        ("run show route terse", "junos", "show route terse"), ("req sys reb", "junos", "request system reboot"),
        ("show configuration | di set", "junos", "show configuration | display set"),
        ("start sh", "junos", "start shell"), ("mon tra int ge-0/0/0", "junos", "monitor traffic interface ge-0/0/0"),
        # VRP
        ("<hw>dis cur | i snmp", "vrp", "display current-configuration | include snmp"),
        ("[~hw-aaa]local-u eve pass x", "vrp", "local-user eve password x"), ("sys", "vrp", "system-view"),
        # SR OS, classic and MD-CLI
        ("*A:pe7>config>port# sh router bgp sum", "sros", "show router bgp summary"),
        ("/admin sav", "sros", "admin save"), ("(ex)[/configure] A:ann@pe7# inf", "sros", "info"),
        ('conf sys sec user "eve"', "sros", "configure system security user eve"),
            ('delete /configure log log-id "10"', "sros", "delete configure log log-id 10"),
            ('/configure delete log syslog "1"', "sros", "delete configure log syslog 1"),
        ("conf mir mirror-d 99", "sros", "configure mirror mirror-dest 99"),
        # FortiOS
        ("fw1 # conf sys admin", "fortios", "config system admin"), ("sudo global get sys stat", "fortios", "get system status"),
        ("fw1 (admin) # edit eve", "fortios", "edit eve"), ("exec backup conf tftp x 192.0.2.9", "fortios", "execute backup config tftp x 192.0.2.9"),
        ("diag sn pac any 'port 179'", "fortios", "diagnose sniffer packet any 'port 179'"),
        ("conf log syslogd set", "fortios", "config log syslogd setting"),
        # PAN-OS
        ("ann@PA-VM> sh sys info", "panos", "show system info"), ("ann@PA-VM# run show admins", "panos", "show admins"),
        ("set mgt-c users eve", "panos", "set mgt-config users eve"), ("del conf saved x", "panos", "delete config saved x"),
        ("scp exp conf from x to y", "panos", "scp export configuration from x to y"),
    ],
)  # fmt: skip
def test_what_people_type_at_each_platform_has_one_spelling(raw: str, platform: str, command: str) -> None:
    assert normalise(raw, platform) == command
    assert normalise(command, platform) == command


def test_a_file_system_cut_short_before_its_colon_is_written_out() -> None:
    assert normalise("dir bootf:", "ios") == "dir bootflash:"
    assert normalise("dir x:", "ios") == "dir x:"
