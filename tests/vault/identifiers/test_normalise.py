from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.vault.identifiers.normalise import FORMS, ancestors, blocks, normalise
from tests.vault.spellings import MAKERS, NEW_ZEALAND

seeds = st.integers(0, 2**32)


@pytest.mark.parametrize("kind", MAKERS)
@given(seed=seeds)
def test_every_spelling_of_one_identifier_is_one_canonical_form(kind: str, seed: int) -> None:
    canonical, spelled = MAKERS[kind](random.Random(seed))
    assert len(spelled) >= 18
    for form, value in spelled:
        found = normalise(form, value, NEW_ZEALAND)
        named = [(one.kind, one.value) for one in (found, *found.also)]
        assert (kind, canonical) in named, (form, value, named, found.why)
        assert found.normal


@pytest.mark.parametrize("kind", MAKERS)
@given(one=seeds, other=seeds)
def test_different_identifiers_never_share_a_form(kind: str, one: int, other: int) -> None:
    first, second = MAKERS[kind](random.Random(one)), MAKERS[kind](random.Random(other))
    if first[0] == second[0]:
        return
    left = {(f.kind, f.value) for form, value in first[1] for f in [normalise(form, value, NEW_ZEALAND)]}
    right = {(f.kind, f.value) for form, value in second[1] for f in [normalise(form, value, NEW_ZEALAND)]}
    assert not left & right


@given(
    st.sampled_from([*FORMS, "", "radiusAttribute", "supi", "gpsi"]),
    st.text(max_size=60),
    st.sampled_from(["", "64", "NZ", "??"]),
)
def test_any_text_is_normalised_or_marked_with_a_reason_that_quotes_nothing(form: str, text: str, country: str) -> None:
    found = normalise(form, text, country)
    assert found.normal or found.kind == "other"
    if len(text.strip()) > 4:
        assert text not in found.why
        assert text.strip() not in repr(found)
    for block in blocks(found):
        assert found.value not in repr(found)
        assert block not in ancestors(found, block)


@given(st.sampled_from(["InternationalE164", "IPv4CIDR", "MACAddress", "NAI"]), st.text(min_size=1, max_size=20))
def test_reading_the_canonical_form_again_changes_nothing(form: str, text: str) -> None:
    found = normalise(form, text, "NZ")
    if found.normal and found.kind not in ("mac", "eui64"):
        assert normalise(form, found.value, "NZ").value == found.value


def test_what_is_not_understood_is_still_compared_as_it_stands() -> None:
    assert normalise("radiusAttribute", "a  B").value == normalise("RadiusAttribute", " A b ").value
    assert normalise("radiusAttribute", "a").value != normalise("gtpuTunnelId", "a").value
    assert (
        normalise("x" * 10, "y" * 5_000).why == "a form Seawall does not know"
        or "longer" in normalise("x", "y" * 5_000).why
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("tel:+64218096792", "msisdn"),
        ("sip:a@b.example", "sip"),
        ("imsi-530011234567890", "imsi"),
        ("192.0.2.7", "ipv4"),
        ("02:00:00:aa:bb:cc", "mac"),
        ("+64218096792", "msisdn"),
        ("218096792", "other"),
        ("kim@b.example", "other"),
    ],
)
def test_a_value_without_a_form_is_read_where_its_shape_is_plain(value: str, kind: str) -> None:
    assert normalise("", value).kind == kind
