"""Checkpoints of others and of our own: sizes, roots, witnesses."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.ledger.checkpoint import Checkpoint, open_checkpoint, parse
from seawall.ledger.merkle import EMPTY_ROOT, Growing, leaf_hash
from seawall.ledger.note import COSIGNATURE, ED25519, Note, read_note, read_verifier_key, verified
from seawall.ledger.tiles import read_bundle
from tests.corpus import corpus_path
from tests.ledger.making import seeded

TEXT = Checkpoint("log.example/a", 7, bytes(32)).text


@pytest.mark.corpus
def test_every_tessera_checkpoint_is_signed_over_the_root_of_its_entries() -> None:
    folder = corpus_path("lawful-intercept", "tlog", "tessera-log")
    key = read_verifier_key((folder / "log.vkey").read_text(encoding="utf-8"))
    tree, words = Growing(), read_bundle((folder / "entries-000.p-8").read_bytes(), where="x")
    for size in range(9):
        checkpoint, _ = open_checkpoint((folder / f"checkpoint.{size}").read_bytes(), key)
        assert (checkpoint.origin, checkpoint.size) == ("example.com/log/testdata", size)
        assert checkpoint.root == tree.root()
        if size < 8:
            tree.add(leaf_hash(words[size]))


@pytest.mark.corpus
def test_our_keys_make_the_very_checkpoints_and_cosignatures_of_the_projects_vectors() -> None:
    told = json.loads(corpus_path("lawful-intercept", "tlog", "project-vectors.json").read_bytes())
    log = seeded("guard.example/vecA", ED25519, "vecA log key")
    witnesses = [seeded(f"w{n}.example/vecA", COSIGNATURE, f"vecA witness {n}") for n in (1, 2)]
    assert log.public.text == told["log_vkey"]
    assert [w.public.text for w in witnesses] == told["witness_vkeys"]
    keys = [log.public, *(w.public for w in witnesses)]
    assert told["checkpoints"]
    for case in told["checkpoints"]:
        checkpoint, note = open_checkpoint(case["note"].encode(), log.public)
        assert (checkpoint.size, checkpoint.root.hex()) == (case["size"], told["roots"][str(case["size"])])
        assert len(verified(note, keys)) == 3
        at = int.from_bytes(note.signatures[1].value[:8], "big")
        ours = Note(
            checkpoint.text,
            (
                log.sign(checkpoint.text),
                witnesses[0].cosign(checkpoint.text, at),
                witnesses[1].cosign(checkpoint.text, at + 0),
            ),
        )
        assert ours.signatures[:2] == note.signatures[:2]
        assert ours.encoded == case["note"].encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        TEXT[:-1],
        TEXT.replace("7", "07"),
        TEXT.replace("7", "-7"),
        TEXT.replace("7", "7.0"),
        TEXT.replace("7", "\u0667"),
        TEXT.replace("7", "9223372036854775808"),
        TEXT.replace("AAA=", "AAA"),
        TEXT.replace("AAA=", "AAB="),
        TEXT + "\n",
        "\n" + TEXT,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


def test_extension_lines_are_kept_under_the_signature() -> None:
    assert parse(TEXT + "more\n") == Checkpoint("log.example/a", 7, bytes(32), ("more",))


def test_a_checkpoint_of_another_log_is_refused_by_name_and_by_key() -> None:
    ours, theirs = seeded("log.example/a", ED25519, "ours"), seeded("log.example/b", ED25519, "theirs")
    thief = seeded("log.example/a", ED25519, "thief")
    other = Checkpoint("log.example/b", 0, EMPTY_ROOT).text
    with pytest.raises(InputError, match=r"another log: it says log\.example/b, this is log\.example/a"):
        open_checkpoint(Note(other, (theirs.sign(other),)).encoded, ours.public)
    forged = Checkpoint("log.example/a", 0, EMPTY_ROOT).text
    with pytest.raises(InputError, match="no key we know"):
        open_checkpoint(Note(forged, (thief.sign(forged),)).encoded, ours.public)


@given(st.text(max_size=80))
def test_any_text_is_a_checkpoint_or_an_input_error(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse(text).text == text


def test_a_note_that_is_no_checkpoint_is_refused() -> None:
    key = seeded("log.example/a", ED25519, "ours")
    with pytest.raises(InputError, match="no checkpoint"):
        open_checkpoint(Note("hello\n", (key.sign("hello\n"),)).encoded, key.public)
    assert read_note(Note("hello\n", (key.sign("hello\n"),)).encoded).text == "hello\n"
