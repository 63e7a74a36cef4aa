"""What a running configuration shows of an action, and when taking an entry out would open a list to everybody."""

from __future__ import annotations

import pytest

from seawall.response.actions import kind_of
from seawall.response.readback import is_last, seen_in

_IOS = """hostname edge1
ip access-list extended MGMT
 permit tcp host 198.51.100.7 any eq 22
{more}!
end
"""
_JUNOS = """set system host-name j1
set policy-options prefix-list mgmt 198.51.100.7/32
{more}"""


@pytest.mark.parametrize(
    ("more", "last"),
    [("", True), (" remark ours\n", True), (" deny ip any any\n", False), (" permit ip any any\n", False)],
)
def test_the_last_entry_of_a_list_is_known_for_what_it_is(more: str, last: bool) -> None:
    line = "ip access-list extended MGMT permit tcp host 198.51.100.7 any eq 22"
    action = kind_of("close_access").action("edge1", {"device": "edge1", "platform": "ios", "line": line}, "x")
    text = _IOS.format(more=more)
    assert seen_in(text, action), "the entry is there"
    assert is_last(text, action) is last


@pytest.mark.parametrize(("more", "last"), [("", True), ("set policy-options prefix-list mgmt 192.0.2.0/24\n", False)])
def test_the_last_prefix_of_a_junos_list_too(more: str, last: bool) -> None:
    line = "policy-options prefix-list mgmt 198.51.100.7/32"
    action = kind_of("close_access").action("j1", {"device": "j1", "platform": "junos", "line": line}, "x")
    text = _JUNOS.format(more=more)
    assert seen_in(text, action), "the prefix is there"
    assert is_last(text, action) is last


def test_an_entry_that_is_not_there_is_not_the_last() -> None:
    line = "ip access-list extended MGMT permit ip host 198.51.100.9 any"
    action = kind_of("close_access").action("edge1", {"device": "edge1", "platform": "ios", "line": line}, "x")
    assert not is_last(_IOS.format(more=""), action)
