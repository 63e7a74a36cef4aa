# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest

from seawall.platforms.config import read

XML = """<?xml version="1.0"?>
<config version="10.1.0" urldb="paloaltonetworks">
  <mgt-config><users><entry name="admin"><phash>fnRL/G5lXVMug</phash></entry></users></mgt-config>
  <devices>
    <entry name="localhost.localdomain">
      <deviceconfig>
        <system>
          <hostname>fw1</hostname>
          <service><disable-telnet>yes</disable-telnet></service>
          <permitted-ip><entry name="192.0.2.0/24"/></permitted-ip>
        </system>
      </deviceconfig>
      <vsys><entry name="vsys1"><rulebase><security><rules><entry name="r &amp; 1">
        <from><member>any</member></from><to><member>dmz</member><member>lan</member></to>
      </entry></rules></security></rulebase></entry></vsys>
    </entry>
  </devices>
</config>
"""
BRACES = 'config {\n  mgt-config {\n    users {\n      admin {\n        phash fnRL/G5lXVMug;\n      }\n    }\n  }\n  devices {\n    localhost.localdomain {\n      deviceconfig {\n        system {\n          hostname fw1;\n          service {\n            disable-telnet yes;\n          }\n          permitted-ip {\n            192.0.2.0/24;\n          }\n        }\n      }\n      vsys {\n        vsys1 {\n          rulebase {\n            security {\n              rules {\n                "r & 1" {\n                  from any;\n                  to [ dmz lan ];\n                }\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n}\n'
SET = 'set mgt-config users admin phash fnRL/G5lXVMug\nset deviceconfig system hostname fw1\nset deviceconfig system service disable-telnet yes\nset deviceconfig system permitted-ip 192.0.2.0/24\nset vsys vsys1 rulebase security rules "r & 1" from any\nset vsys vsys1 rulebase security rules "r & 1" to [ dmz lan ]\n'


@pytest.mark.parametrize("text", [XML, BRACES, SET], ids=["xml", "braces", "set"])
def test_pan_os_answers_alike_in_all_its_styles(text: str) -> None:
    (config,) = read(text)
    assert (config.platform, config.hostname, config.cut) == ("panos", "fw1", False)
    assert config.values("deviceconfig", "system", "service", "disable-telnet") == [("yes",)]
    assert config.names("deviceconfig", "system", "permitted-ip") == ["192.0.2.0/24"]
    rules = ("vsys", "vsys1", "rulebase", "security", "rules")
    assert config.names(*rules) == ["r & 1"]
    assert config.names(*rules, "r & 1", "to") == ["dmz", "lan"]
    assert config.values("mgt-config", "users", "admin", "phash") == [("<masked>",)]
    assert "fnRL" not in config.printed()
    assert "fnRL" not in "".join(one.text for one in config.walk())


def test_xml_that_stops_in_the_middle_is_read_as_far_as_it_goes() -> None:
    (config,) = read(XML[: XML.index("<service>")])
    assert config.cut
    assert config.value("deviceconfig", "system", "hostname") == "fw1"
    assert config.version == "10.1.0"


def test_deep_and_hostile_xml_stays_bounded() -> None:
    for text in (
        "<config>" + "<a>" * 5_000,
        "<config>" + "</a>" * 5_000,
        "<config><a " + "b" * 100_000,
        "<config><!ENTITY x SYSTEM 'file:///etc/passwd'><a>&x;</a>",
    ):
        (config,) = read(text)
        assert all(len(one.section) < 70 for one in config.walk())
