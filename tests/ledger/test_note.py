"""Signed notes: the specification's own examples, and every way not to be one."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.ledger.note import (
    COSIGNATURE,
    ED25519,
    MAX_SIGNATURES,
    Note,
    SigningKey,
    cosigned_at,
    new_key,
    read_note,
    read_signatures,
    read_signing_key,
    read_verifier_key,
    verified,
)
from tests.ledger.making import flip, seeded

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
POEM = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"  # noqa: E501 - as it stands there
).encode()
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"  # noqa: E501 - as it stands there
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"  # noqa: E501 - as it stands there
).encode()

KEY = seeded("guard.example/vecA", ED25519, "vecA log key")


def test_the_example_of_the_specification_is_verified() -> None:
    key = read_verifier_key(VKEY)
    assert (key.name, key.key_id.hex(), key.text) == ("example.com/foo", "530d903a", VKEY)
    ((who, _),) = verified(read_note(EXAMPLE), [key])
    assert who == key


def test_a_text_with_empty_lines_ends_at_the_last_of_them() -> None:
    note = read_note(POEM)
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert note.encoded == POEM


def test_the_cosigned_example_is_taken_apart_with_its_time() -> None:
    _, witness = read_note(SOFA).signatures
    assert (witness.name, cosigned_at(witness)) == ("witness.example.com/w1", 1679315147)
    assert read_note(SOFA).encoded == SOFA


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE])
def test_what_a_key_signs_its_public_half_verifies_and_no_other_does(kind: int) -> None:
    key, other = new_key("a.example/k", kind), new_key("a.example/k", kind)
    text = "a.example/k\n1\nbody\n"
    signature = key.sign(text) if kind == ED25519 else key.cosign(text, 1_700_000_000)
    assert key.public.signed(text, signature)
    assert not other.public.signed(text, signature)
    assert not key.public.signed(text + "x\n", signature)
    assert verified(Note(text, (signature,)), [other.public, key.public])[0][0] == key.public
    with pytest.raises(InputError, match="no key we know"):
        verified(Note(text, (signature,)), [other.public])


def test_the_time_is_under_a_cosignature() -> None:
    key = new_key("w.example/1", COSIGNATURE)
    signature = key.cosign("x\n", 1_700_000_000)
    later = type(signature)(signature.name, signature.key_id, (1_700_000_001).to_bytes(8, "big") + signature.value[8:])
    assert not key.public.signed("x\n", later)


def test_a_known_key_with_a_wrong_signature_spoils_the_whole_note() -> None:
    good, bad = new_key("g.example", ED25519), new_key("b.example", ED25519)
    note = Note("x\n", (good.sign("x\n"), bad.sign("y\n")))
    with pytest.raises(InputError, match=r"b\.example is wrong"):
        verified(note, [good.public, bad.public])
    assert len(verified(note, [good.public])) == 1


def test_a_key_of_the_same_name_and_another_id_is_a_stranger() -> None:
    good, stranger = new_key("g.example", ED25519), new_key("g.example", ED25519)
    assert verified(Note("x\n", (stranger.sign("y\n"), good.sign("x\n"))), [good.public])


def test_keys_come_back_from_their_text_and_hide_their_seed() -> None:
    key = new_key("w.example/1", COSIGNATURE)
    again = read_signing_key(key.text, where="here")
    assert again.public == key.public == read_verifier_key(key.public.text)
    assert key.text.split("+", 4)[4] not in repr(key) + str(key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b",
        VKEY.replace("530d903a", "530d903b"),
        VKEY[:-4],
        VKEY.replace("example.com/foo", "example com"),
        "a+00000000+" + base64.b64encode(b"\x06" + bytes(32)).decode(),
        "a+00000000+" + base64.b64encode(b"\x01" + bytes(31)).decode(),
        VKEY + "=",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_verifier_key(text)
    with pytest.raises(InputError):
        read_signing_key(f"PRIVATE+KEY+{text}", where="here")


def test_base64_that_holds_a_plus_is_not_cut_there() -> None:
    for n in range(200):
        key = seeded("a.example", ED25519, f"seed {n}")
        if "+" in key.public.text.split("+", 2)[2]:
            assert read_verifier_key(key.public.text) == key.public
            return
    pytest.fail("no key with a plus among 200")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"text\n\n",
        b"text\n",
        EXAMPLE[:-1],
        EXAMPLE.replace(b"\n\n", b"\n"),
        EXAMPLE.replace(b"This", b"Th\tis"),
        EXAMPLE.replace("—".encode(), b"-"),
        EXAMPLE.replace(b"foo U", b"foo  U"),
        EXAMPLE.replace(b"aQM=", b"aQM"),
        EXAMPLE.replace(b"aQM=", b"aQN="),
        EXAMPLE.replace(b"message", b"\xff"),
        EXAMPLE + EXAMPLE.splitlines(keepends=True)[-1] * MAX_SIGNATURES,
    ],
)
def test_what_is_no_note_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError):
        verified(read_note(raw), [read_verifier_key(VKEY)])


def test_sixteen_signatures_and_more_are_read() -> None:
    line = EXAMPLE.splitlines(keepends=True)[-1]
    assert len(read_note(EXAMPLE + 15 * line).signatures) == 16
    assert len(verified(read_note(EXAMPLE + 15 * line), [read_verifier_key(VKEY)])) == 1
    assert len(read_signatures(2 * line, where="answer")) == 2


@given(st.binary(max_size=200) | st.integers(0, 8 * len(EXAMPLE) - 1).map(lambda bit: flip(EXAMPLE, bit)))
def test_any_bytes_are_a_note_or_an_input_error_and_no_changed_one_is_verified(raw: bytes) -> None:
    with contextlib.suppress(InputError):
        verified(read_note(raw), [read_verifier_key(VKEY)])
        assert raw == EXAMPLE


@given(st.text(max_size=60))
def test_what_a_key_signs_can_be_read_back(text: str) -> None:
    key: SigningKey = KEY
    with contextlib.suppress(InputError, UnicodeEncodeError):
        note = Note(text + "\n", (key.sign(text + "\n"),))
        assert read_note(note.encoded) == note
