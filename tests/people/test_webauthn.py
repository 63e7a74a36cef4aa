"""A security key signs one exact change, for one person and purpose; anything else does not verify."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.people.keys import check_public, signed
from seawall.people.webauthn import challenge, pack, read_key
from tests.people.tokens import SoftToken, b64

DIGEST = "ab" * 32
MESSAGE = json.dumps({"diff_sha256": DIGEST, "purpose": "x"}).encode()
TOKEN = SoftToken()


def test_the_challenge_begins_with_the_digest_of_the_change_and_binds_the_whole_approval() -> None:
    assert challenge(MESSAGE)[:32].hex() == DIGEST
    other = MESSAGE.replace(b'"x"', b'"y"')
    assert challenge(other)[:32] == challenge(MESSAGE)[:32]
    assert challenge(other) != challenge(MESSAGE)


def test_its_own_signature_counts_and_is_short_enough_for_the_ledger() -> None:
    signature = TOKEN.sign(MESSAGE)
    assert signed(TOKEN.public, MESSAGE, signature)
    assert len(signature) < 1_000
    assert check_public(TOKEN.public, where="here") == TOKEN.public


@pytest.mark.parametrize(
    ("token", "client"),
    [
        pytest.param(SoftToken(), {}, id="another-token"),
        pytest.param(replace(TOKEN, flags=0x01), {}, id="nobody-verified"),
        pytest.param(replace(TOKEN, flags=0x04), {}, id="nobody-present"),
        pytest.param(replace(TOKEN, origin="https://evil.example"), {}, id="another-site"),
        pytest.param(replace(TOKEN, origin="http://seawall.localhost:1"), {}, id="in-clear-and-not-local"),
        pytest.param(replace(TOKEN, origin="https://evillocalhost"), {}, id="a-name-that-ends-alike"),
        pytest.param(replace(TOKEN, rp="evil.example"), {}, id="made-for-another-site"),
        pytest.param(TOKEN, {"kind": "webauthn.create"}, id="a-registration"),
        pytest.param(TOKEN, {"crossOrigin": True}, id="in-a-frame-of-another-site"),
    ],
)
def test_what_does_not_count(token: SoftToken, client: dict[str, object]) -> None:
    assert not signed(TOKEN.public, MESSAGE, token.sign(MESSAGE, **client))


def test_a_signature_for_one_change_is_none_for_another() -> None:
    assert not signed(TOKEN.public, MESSAGE.replace(b"abab", b"acab", 1), TOKEN.sign(MESSAGE))


@given(st.text(max_size=300))
def test_any_text_is_a_signature_or_not_and_never_an_error(text: str) -> None:
    assert not signed(TOKEN.public, MESSAGE, text)


@given(st.lists(st.binary(max_size=80), min_size=3, max_size=3))
def test_any_three_parts_are_no_signature(parts: list[bytes]) -> None:
    assert not signed(TOKEN.public, MESSAGE, pack(*map(b64, parts)))


@pytest.mark.parametrize("text", ["webauthn:", "webauthn:a:b:c", "webauthn:localhost:" + "A" * 16 + ":" + "A" * 40])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no security key"):
        read_key(text)


def test_the_library_of_the_console_agrees() -> None:
    from webauthn import verify_authentication_response

    asked = challenge(MESSAGE)
    numbers = TOKEN.key.public_key().public_numbers()
    import cbor2

    cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
    done = verify_authentication_response(
        credential=TOKEN.answer(asked),
        expected_challenge=asked,
        expected_rp_id="localhost",
        expected_origin="http://localhost:8443",
        credential_public_key=cose,
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    assert done.user_verified
