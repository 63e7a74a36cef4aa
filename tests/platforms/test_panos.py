# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import pytest

from seawall.platforms import interpret
from seawall.platforms.acts import Act
from seawall.platforms.panos import header_of, values_of

HEAD = "1,2026/11/22 10:15:30,007200001056,"
AT = ",2026/11/22 10:15:29,"
RECORDS = [
    pytest.param(
        f'{HEAD}SYSTEM,auth,0{AT},auth-fail,,0,0,general,medium,"failed authentication for user \'root\'. Reason: Invalid username/password. From: 198.51.100.7.",1,0x0,0,0,0,0,,fw1',
        Act("login", "failure", None, None, "root", "198.51.100.7"), id="refused"),
    pytest.param(
        f'{HEAD}SYSTEM,general,0{AT},general,,0,0,general,informational,"User ann logged in via Web from 192.0.2.5 using https",1,0x0,0,0,0,0,,fw1',
        Act("login", "success", "web", None, "ann", "192.0.2.5"), id="login"),
    pytest.param(
        f'{HEAD}SYSTEM,general,0{AT},general,,0,0,general,informational,"User ann logged out via CLI from 192.0.2.5",1,0x0,0,0,0,0,,fw1',
        Act("logout", None, "cli", None, "ann", "192.0.2.5"), id="logout"),
    pytest.param(
        f"{HEAD}CONFIG,0,0{AT}192.0.2.5,,set,ann,Web,Succeeded, config mgt-config users backup2,77,0x0,0,0,0,0,,fw1",
        Act("config_change", "success", "web", None, "ann", "192.0.2.5", None, "set config mgt-config users backup2"), id="config"),
    pytest.param(
        f"{HEAD}CONFIG,0,0{AT}192.0.2.5,,set,ann,Web,Succeeded,/config/devices/entry[@name='localhost.localdomain']/mgt-config/users/entry[@name='b2'],77,0x0,0,0,0,0,,fw1",
        Act("config_change", "success", "web", None, "ann", "192.0.2.5", None, "set mgt-config users b2"), id="config-xpath"),
    pytest.param(
        f"{HEAD}GLOBALPROTECT,0,2561{AT}vsys1,gateway-auth,login,LDAP,,bob,ES,host,198.51.100.7,0.0.0.0,0.0.0.0,0.0.0.0,id,sn,5.2,Windows,11,1,,,,failure,,0,,0,gw",
        Act("login", "failure", "vpn", None, "bob", "198.51.100.7"), id="vpn-refused"),
    pytest.param(
        f"{HEAD}TRAFFIC,end,2561{AT}192.0.2.9,203.0.113.9,0.0.0.0,0.0.0.0,allow,corp\\bob,,ssl,vsys1,trust,untrust,e1,e2,log,x,1,1,5,443,0,0,0x0,tcp,allow,1",
        Act(None, None, "ssl", None, "corp\\bob", "192.0.2.9", "203.0.113.9"), id="traffic"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "act"), RECORDS)
def test_records_tell_who_did_what(record: str, act: Act) -> None:
    found = interpret("any", record, "panos")
    assert found is not None
    if act.activity in ("login", "logout"):
        found = found._replace(command_raw=None)
    assert found == act


def test_a_record_names_itself_its_device_and_its_time() -> None:
    values = values_of(RECORDS[0].values[0])
    assert header_of(values) == ("SYSTEM/auth", "fw1", 4, "2026/11/22 10:15:29")
    assert header_of([*values, "2026-11-22T11:15:29.250+01:00"])[3] == "2026-11-22T11:15:29.250+01:00"


@pytest.mark.parametrize(
    "shipped",
    [
        "CEF:0|Palo Alto Networks|PAN-OS|11.1|general|SYSTEM|1|rt=Nov 22 2026 10:15:29 UTC dvchost=fw1 msg=User ann logged in via Web from 192.0.2.5 using https",
        "LEEF:1.0|Palo Alto Networks|PAN-OS Syslog Integration|11.1|general|cat=SYSTEM\tdevTime=Nov 22 2026 10:15:29 UTC\tmsg=User ann logged in via Web from 192.0.2.5 using https",
    ],
)
def test_shipped_forms_tell_the_same(shipped: str) -> None:
    found = interpret("any", shipped, "panos")
    assert found is not None
    assert found[:6] == ("login", "success", "web", None, "ann", "192.0.2.5")
