from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.ledger.note import COSIGNATURE
from seawall.ledger.policy import KnownWitness, Policy, with_witness
from seawall.ledger.proof_file import HEADER, Proof, check_proof, read_proof, write_proof
from tests.ledger.making import fill, flip, opened, seeded

EXAMPLE = (
    f"{HEADER}\nextra YWdl\nindex 73894\n" + "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n" * 2 + "\nnote\n\nline\n"
)


def proof_of(folder: Path, index: int = 5, size: int = 9) -> tuple[Proof, bytes, Policy]:
    with opened(folder) as ledger:
        fill(ledger, size)
        checkpoint = ledger.publish()
        proof = Proof(index, tuple(ledger.inclusion_proof(index, size)), ledger.heads.signed(checkpoint))
        return proof, ledger.entry(index).raw, Policy((ledger.verifier(),))


def test_the_form_of_the_specification_is_read_and_extra_data_is_nobodys_word() -> None:
    proof = read_proof(EXAMPLE.encode())
    assert (proof.index, len(proof.hashes), proof.checkpoint) == (73894, 2, b"note\n\nline\n")
    assert b"extra" not in write_proof(proof)


def test_a_proof_shows_its_entry_and_no_other(tmp_path: Path) -> None:
    proof, entry, policy = proof_of(tmp_path)
    again = read_proof(write_proof(proof))
    assert again == proof
    checkpoint, names = check_proof(again, entry, policy)
    assert (checkpoint.size, names) == (9, [])
    with pytest.raises(InputError, match="not what the log holds"):
        check_proof(proof, entry + b" ", policy)
    with pytest.raises(InputError, match="not what the log holds"):
        check_proof(Proof(4, proof.hashes, proof.checkpoint), entry, policy)


def test_no_bit_of_a_proof_can_change_and_still_show_it(tmp_path: Path) -> None:
    proof, entry, policy = proof_of(tmp_path)
    raw = write_proof(proof)
    assert check_proof(read_proof(raw), entry, policy)
    for bit in range(0, 8 * len(raw), 3):
        with contextlib.suppress(InputError):
            check_proof(read_proof(flip(raw, bit)), entry, policy)
            pytest.fail(f"bit {bit} can change")


def test_a_proof_of_a_log_nobody_named_or_without_its_witness_is_refused(tmp_path: Path) -> None:
    proof, entry, policy = proof_of(tmp_path / "a")
    other, _, other_policy = proof_of(tmp_path / "b")
    with pytest.raises(InputError):
        check_proof(proof, entry, other_policy)
    with pytest.raises(InputError, match="no log is trusted"):
        check_proof(proof, entry, Policy())
    wanted = with_witness(policy, KnownWitness("w", seeded("w.example", COSIGNATURE, "w").public))
    with pytest.raises(InputError, match="too few witnesses"):
        check_proof(proof, entry, wanted)
    assert other.index == proof.index


@given(st.binary(max_size=120) | st.integers(0, 8 * len(EXAMPLE) - 1).map(lambda bit: flip(EXAMPLE.encode(), bit)))
def test_any_bytes_are_a_proof_or_an_input_error(raw: bytes) -> None:
    with contextlib.suppress(InputError):
        read_proof(raw)
