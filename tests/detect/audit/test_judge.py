"""How rules are read: order of steps, absence in half a file, lists that are bound but not there."""

from __future__ import annotations

import re

from seawall.detect.audit.base import Rule
from seawall.detect.audit.judge import judge
from seawall.model.audit import Status
from tests.detect.audit.devices import sample_device

HTTP = Rule(
    fail=(re.compile("ip http server(?!\\S)"),), passes=(re.compile("no ip http server"),), absent=Status.UNKNOWN
)


def test_a_line_that_is_wrong_is_named_by_its_number() -> None:
    outcome = judge(HTTP, sample_device("ios", "hostname r1\nip http server"), {})
    assert outcome.status is Status.FAIL
    assert [(e.number, e.text) for e in outcome.entries] == [(3, "ip http server")]


def test_what_is_absent_is_what_the_default_says() -> None:
    assert judge(HTTP, sample_device("ios", "hostname r1"), {}).status is Status.UNKNOWN
    assert judge(HTTP, sample_device("ios", "no ip http server"), {}).status is Status.PASS


def test_absence_decides_nothing_in_half_a_file_but_a_wrong_line_does() -> None:
    need = Rule(need=(re.compile("logging host"),))
    device = sample_device("ios", "hostname r1")
    assert judge(need, device, {}).status is Status.FAIL
    device.whole, device.lacking = False, "the file is cut off"
    outcome = judge(need, device, {})
    assert (outcome.status, outcome.say) == (Status.UNKNOWN, "the file is cut off")
    half = sample_device("ios", "ip http server")
    half.whole = False
    assert judge(HTTP, half, {}).status is Status.FAIL


def test_one_open_section_is_enough_to_fail() -> None:
    rule = Rule(each=re.compile(r"line vty \d+(?: \d+)?(?!\S)"), passes=(re.compile("access-class"),))
    text = "line vty 0 4\n access-class 10 in\nline vty 5 15\n login"
    outcome = judge(rule, sample_device("ios", text), {})
    assert outcome.status is Status.FAIL
    assert [e.text for e in outcome.entries] == ["line vty 5 15"]
    assert [v["section"] for v in outcome.values] == ["line vty 5 15"]


def test_a_list_that_is_bound_but_not_defined_limits_nothing() -> None:
    rule = Rule(acl=(re.compile(r"line vty \d+ \d+ access-class (?P<acl>\S+) in"),))
    bound = "line vty 0 4\n access-class 10 in\n"
    assert judge(rule, sample_device("ios", bound), {}).status is Status.FAIL
    assert judge(rule, sample_device("ios", "access-list 10 permit 192.0.2.1\n" + bound), {}).status is Status.PASS
    assert judge(rule, sample_device("ios", "access-list 10 permit any\n" + bound), {}).status is Status.FAIL
