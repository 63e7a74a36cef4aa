from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.vault.commitments import LETTERS, Committer, contains, letters
from seawall.vault.identifiers.normalise import normalise


def committer(seed: int = 1) -> Committer:
    return Committer(bytearray(seed.to_bytes(32, "big")))


ONE = committer()


def tags(form: str, value: str):
    return ONE.tags(normalise(form, value, "64"))


def test_a_commitment_is_letters_only_and_belongs_to_key_and_kind() -> None:
    made = ONE.commit(normalise("IMSI", "530011234567890"))
    assert len(made.commitment) == LETTERS
    assert set(made.commitment) <= set("abcdefghijklmnop")
    assert made.commitment != committer(2).commit(normalise("IMSI", "530011234567890")).commitment
    assert made.commitment != ONE.commit(normalise("NAI", "530011234567890")).commitment
    assert made == committer().commit(normalise("supi", "imsi-530011234567890"))


def test_the_keyed_hash_is_hmac_under_hkdf() -> None:
    extracted = hmac.digest(b"seawall vault v1", (1).to_bytes(32, "big"), "sha256")
    key = hmac.digest(extracted, b"commit:imsi\x01", "sha256")
    assert ONE.commit(normalise("IMSI", "530011234567890")).commitment == letters(
        hmac.digest(key, b"530011234567890", "sha256")
    )


def test_a_raw_record_gets_keyed_bytes_not_its_own_hash() -> None:
    assert ONE.commit_record(b"x") != hashlib.sha256(b"x").digest()
    assert ONE.commit_record(b"x") != committer(2).commit_record(b"x")


@pytest.mark.parametrize(
    ("form", "outer", "inner", "inside"),
    [
        ("IPv4CIDR", "203.0.113.0/24", "203.0.113.71", True),
        ("IPv4CIDR", "203.0.113.0/24", "203.0.113.0/25", True),
        ("IPv4CIDR", "203.0.113.0/25", "203.0.113.0/24", False),
        ("IPv4CIDR", "203.0.113.0/24", "203.0.112.71", False),
        ("IPv4CIDR", "203.0.113.1-203.0.113.9", "203.0.113.2-203.0.113.8", True),
        ("IPv4CIDR", "203.0.113.1-203.0.113.9", "203.0.113.2-203.0.113.10", False),
        ("IPv6CIDR", "2001:db8::/32", "2001:db8:1::1", True),
        ("IPv6CIDR", "2001:db8::/32", "2001:db9::1", False),
        ("InternationalE164", "64218096*", "64218096792", True),
        ("InternationalE164", "64218096xxx", "64218096792", True),
        ("InternationalE164", "64218096xxx", "6421809679", False),
        ("InternationalE164", "64218096700-64218096799", "64218096792", True),
        ("InternationalE164", "64218096705-64218096793", "64218096792", True),
        ("InternationalE164", "64218096705-64218096791", "64218096792", False),
        ("SIPURI", "sip:*@voip.example", "sip:ann@voip.example", True),
        ("SIPURI", "sip:ann@*", "sip:ann@voip.example", True),
        ("SIPURI", "sip:*@voip.example", "sip:ann@ims.example", False),
        ("NAI", "ann@voip.example", "ann@voip.example", True),
    ],
)
def test_containment_is_answered_without_the_identifiers(form: str, outer: str, inner: str, inside: bool) -> None:
    assert contains(tags(form, outer), tags(form, inner)) is inside


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_ranges_contain_what_they_contain(a: int, b: int, c: int, d: int) -> None:
    (low, high), (first, last) = sorted((a, b)), sorted((c, d))
    outer, inner = f"64218096{low:03d}-64218096{high:03d}", f"64218096{first:03d}-64218096{last:03d}"
    inside = low <= first and last <= high
    assert contains(tags("InternationalE164", outer), tags("InternationalE164", inner)) is inside


def test_closing_wipes_the_keys() -> None:
    one = committer()
    kept = one.commit(normalise("IMSI", "530011234567890"))
    one.close()
    assert one.commit(normalise("IMSI", "530011234567890")) != kept
    assert one.seal_key() == bytes(32)
    assert repr(one) == "Committer(***)"
