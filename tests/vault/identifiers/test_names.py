from __future__ import annotations

import pytest

from seawall.vault.identifiers.names import ancestors
from seawall.vault.identifiers.normalise import normalise


@pytest.mark.parametrize(
    ("form", "value", "kind", "canonical"),
    [
        ("SIPURI", "sip:bob@b\u00fccher.example", "sip", "bob@xn--bcher-kva.example"),
        ("SIPURI", "sip:bob@host.example:5070", "sip", "bob@host.example:5070"),
        ("SIPURI", "sip:bob:secret@host.example", "sip", "bob@host.example"),
        ("SIPURI", "sip:bob@[2001:db8::1]:5060", "sip", "bob@[2001:db8::1]"),
        ("SIPURI", "sip:host.example", "sip", "*@host.example"),
        ("SIPURI", "sip:*@host.example", "sip", "*@host.example"),
        ("SIPURI", "sip:Bob@host.example", "sip", "Bob@host.example"),
        ("EmailAddress", "*@example.net", "mail", "*@example.net"),
        ("EmailAddress", "\uff4b\uff49\uff4d@example.net", "mail", "kim@example.net"),
        ("NAI", "cust1", "nai", "cust1"),
    ],
)
def test_a_name_has_one_spelling(form: str, value: str, kind: str, canonical: str) -> None:
    found = normalise(form, value)
    assert (found.kind, found.value) == (kind, canonical)


def test_a_wildcard_says_how_wide_it_is() -> None:
    assert normalise("SIPURI", "sip:*@host.example").width == "any user"
    assert normalise("SIPURI", "sip:bob@*").width == "any realm"
    assert normalise("SIPURI", "sip:*567@host.example").width == "wildcard"
    assert normalise("SIPURI", "sip:bob@host.example").width == "single"


def test_other_names_of_the_same_subscriber_come_along() -> None:
    (number,) = normalise("SIPURI", "sip:+64218096792@ims.example.net").also
    assert (number.kind, number.value) == ("msisdn", "+64218096792")
    (imsi,) = normalise("impi", "530011234567890@ims.mnc001.mcc530.3gppnetwork.org").also
    assert (imsi.kind, imsi.value) == ("imsi", "530011234567890")
    assert normalise("impi", "999991234567890@ims.mnc001.mcc530.3gppnetwork.org").also == ()


@pytest.mark.parametrize(
    ("form", "value"),
    [("EmailAddress", "kim"), ("EmailAddress", "@b"), ("SIPURI", "sip:a@b c"), ("NAI", "a b"), ("NAI", "a@")],
)
def test_what_is_no_name_is_marked(form: str, value: str) -> None:
    assert not normalise(form, value).normal


def test_a_name_falls_under_the_wildcards_of_its_realm() -> None:
    assert {"*@b.example", "ann@*", "*nn@b.example", "*ann@b.example"} <= set(ancestors("ann@b.example"))
