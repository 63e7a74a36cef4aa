"""What is said of a verdict: the lines that mend it, in an order that can be entered."""

from __future__ import annotations

from seawall.detect.audit.runner import once


def test_a_section_said_twice_is_said_once_but_like_lines_of_two_sections_both_stay() -> None:
    two = ["aaa new-model", "interface Gi1", " no ip proxy-arp", "aaa new-model", "interface Gi2", " no ip proxy-arp"]
    assert once([*two, *two]) == (
        "aaa new-model",
        "interface Gi1",
        " no ip proxy-arp",
        "interface Gi2",
        " no ip proxy-arp",
    )
    nested = (
        "management ssh",
        "   vrf default",
        "      shutdown",
        "   vrf MGMT",
        "      no shutdown",
        "   vrf default",
    )
    assert once(nested) == nested
    ends = ("config system global", "    set x", "end", "config system admin", "    set x", "end")
    assert once(ends) == ends
