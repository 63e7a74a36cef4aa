from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.mail.domains import distance, host_in, likeness, organisation


@pytest.mark.parametrize(
    ("host", "like", "how"),
    [
        ("mail.velrnora.example", "velmora.example", "homoglyph"),
        ("velmora.test", "velmora.example", "ending"),
        ("xn--vlmora-3of.example", "velmora.example", "homoglyph"),
        ("kestreinet.example", "kestrelnet.example", "homoglyph"),
        ("portclear.test", "port-clear.example", "hyphen"),
        ("velmoora.example", "velmora.example", "letter"),
        ("velmora-people.example", "velmora.example", "word"),
        ("lumenfold-billing.example", "lumenfold-networks.test", "word"),
        ("velmora.example.login.test", "velmora.example", "subdomain"),
    ],
)
def test_a_look_alike_is_recognised_and_named(host: str, like: str, how: str) -> None:
    found = likeness(host, [like])
    assert found is not None
    assert (found.like, found.how) == (like, how)


@pytest.mark.parametrize("host", ["velmora.example", "mail.velmora.example", "obrantis.example", "192.0.2.1", ""])
def test_the_true_owner_and_a_stranger_are_no_look_alikes(host: str) -> None:
    assert likeness(host, ["velmora.example"]) is None


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("mail.example.com", "example.com"),
        ("evil.web.app", "evil.web.app"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_a_host_belongs_to_its_organisation(host: str, owner: str) -> None:
    assert organisation(host) == owner


@given(st.text(max_size=8), st.text(max_size=8))
def test_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


def test_what_a_reader_takes_for_a_host_is_found() -> None:
    assert host_in("https://portal.velmora.example/x") == "portal.velmora.example"
    assert host_in("click here") == ""
    assert host_in("Version 7.6.1") == ""
