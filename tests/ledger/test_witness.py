"""A witness: each refusal by its number, and never led back."""

from __future__ import annotations

import base64
import contextlib
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.ledger import Ledger
from seawall.ledger.checkpoint import Checkpoint
from seawall.ledger.merkle import EMPTY_ROOT
from seawall.ledger.note import Note, cosigned_at, read_note, read_signatures, verified
from seawall.ledger.witness import SIZE_TYPE, Witness, make_witness, read_request, watch
from tests.disk.faults import FullDisk
from tests.ledger.making import TickingClock, fill, opened
from tests.ledger.witnesses import witness_for


def body(ledger: Ledger, old: int, new: Checkpoint, *, proof: list[bytes] | None = None, note: bytes = b"") -> bytes:
    if proof is None:
        proof = ledger.consistency_proof(old, new.size) if old <= new.size else []
    lines = [f"old {old}", *(base64.b64encode(h).decode() for h in proof), ""]
    return "".join(f"{line}\n" for line in lines).encode() + (note or signed(ledger, new))


def signed(ledger: Ledger, checkpoint: Checkpoint) -> bytes:
    return Note(checkpoint.text, (ledger.heads.signing_key().sign(checkpoint.text),)).encoded


def at(ledger: Ledger, size: int) -> Checkpoint:
    return Checkpoint(ledger.origin, size, ledger.root_at(size))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Ledger, Witness]:
    ledger = opened(tmp_path / "case")
    fill(ledger, 30)
    return ledger, witness_for(tmp_path / "w", ledger)


def test_a_log_that_grows_is_signed_each_time(pair: tuple[Ledger, Witness]) -> None:
    ledger, witness = pair
    before = 0
    for size in (0, 0, 7, 7, 8, 30):
        answer = witness.add_checkpoint(body(ledger, before, at(ledger, size)))
        assert answer.status == 200, answer
        (signature,) = read_signatures(answer.body, where="answer")
        assert witness.key.signed(at(ledger, size).text, signature)
        assert cosigned_at(signature) > 1_790_000_000
        before = size
    from hashlib import sha256

    latest = witness.latest(sha256(ledger.origin.encode()).hexdigest())
    assert latest is not None
    assert len(verified(read_note(latest), [ledger.verifier(), witness.key])) == 2


def test_each_refusal_has_its_number(pair: tuple[Ledger, Witness], tmp_path: Path) -> None:
    ledger, witness = pair
    stranger = opened(tmp_path / "other", origin="seawall/stranger")
    fill(stranger, 30)
    same_name = opened(tmp_path / "thief")
    fill(same_name, 30)
    assert witness.add_checkpoint(body(ledger, 0, at(ledger, 10))).status == 200

    def status(raw: bytes) -> int:
        return witness.add_checkpoint(raw).status

    good = body(ledger, 10, at(ledger, 20))
    assert status(b"") == 400
    assert status(good.replace(b"old 10", b"old 010")) == 400
    assert status(good.replace(b"old 10", b"new 10")) == 400
    assert status(good.replace(b"\n\n", b"\nnot base64\n\n", 1)) == 400
    assert status(b"old 10\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + signed(ledger, at(ledger, 20))) == 400
    assert status(body(ledger, 21, at(ledger, 20))) == 400
    assert status(body(stranger, 0, at(stranger, 20))) == 404
    assert status(body(same_name, 10, at(same_name, 20))) == 403
    assert (
        status(body(ledger, 10, at(ledger, 20), note=signed(ledger, at(ledger, 20)).replace(b"\n20\n", b"\n21\n")))
        == 403
    )
    conflict = witness.add_checkpoint(body(ledger, 9, at(ledger, 20)))
    assert (conflict.status, conflict.body, conflict.type) == (409, b"10\n", SIZE_TYPE)
    assert status(body(ledger, 0, at(ledger, 20))) == 409
    assert status(body(ledger, 10, at(ledger, 20), proof=[])) == 422
    assert status(body(ledger, 10, at(ledger, 20), proof=[bytes(32)])) == 422
    assert status(body(ledger, 10, Checkpoint(ledger.origin, 10, bytes(32)))) == 422
    assert status(body(ledger, 10, at(ledger, 10), proof=[bytes(32)])) == 422
    assert status(good) == 200


def test_an_empty_log_has_the_empty_root(pair: tuple[Ledger, Witness]) -> None:
    ledger, witness = pair
    assert witness.add_checkpoint(body(ledger, 0, Checkpoint(ledger.origin, 0, bytes(32)))).status == 422
    assert witness.add_checkpoint(body(ledger, 0, at(ledger, 5), proof=[bytes(32)])).status == 422
    assert witness.add_checkpoint(body(ledger, 0, Checkpoint(ledger.origin, 0, EMPTY_ROOT))).status == 200


def test_two_requests_at_once_never_lead_it_back(tmp_path: Path) -> None:
    ledger = opened(tmp_path / "case")
    fill(ledger, 40)
    witness = witness_for(tmp_path / "w", ledger)
    bodies = [body(ledger, old, at(ledger, new)) for old in range(0, 20, 4) for new in range(old, 40, 3)]
    answers: list[tuple[int, int]] = []

    def send(raw: bytes) -> None:
        answers.append((read_request(raw).checkpoint.size, witness.add_checkpoint(raw).status))

    threads = [threading.Thread(target=lambda n=n: [send(raw) for raw in bodies[n::4]]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {status for _, status in answers} <= {200, 409}
    last = max(size for size, status in answers if status == 200)
    assert witness.add_checkpoint(body(ledger, 40, at(ledger, 40))).body == f"{last}\n".encode()


def test_what_it_has_seen_outlives_it_and_a_lost_memory_is_refused(tmp_path: Path) -> None:
    ledger = opened(tmp_path / "case")
    fill(ledger, 30)
    witness = witness_for(tmp_path / "w", ledger)
    assert witness.add_checkpoint(body(ledger, 0, at(ledger, 20))).status == 200
    with pytest.raises(InputError, match="the witness is being written by"):
        Witness(tmp_path / "w", clock=TickingClock())
    witness.close()
    witness = witness_for(tmp_path / "w", ledger)
    assert witness.add_checkpoint(body(ledger, 0, at(ledger, 10))).body == b"20\n"
    witness.close()
    (seen,) = (tmp_path / "w" / "seen").glob("*/checkpoint")
    seen.unlink()
    with pytest.raises(InputError, match="is lost") as caught:
        Witness(tmp_path / "w", clock=TickingClock())
    assert "retire" in (caught.value.mend or "")


def test_it_signs_nothing_it_could_not_store(tmp_path: Path) -> None:
    ledger = opened(tmp_path / "case")
    fill(ledger, 30)
    witness_for(tmp_path / "w", ledger).close()
    witness = Witness(tmp_path / "w", clock=TickingClock(), disk=FullDisk(10))
    with pytest.raises(InputError, match="No space left"):
        witness.add_checkpoint(body(ledger, 0, at(ledger, 20)))
    witness.close()
    again = witness_for(tmp_path / "w", ledger)
    assert again.add_checkpoint(body(ledger, 0, at(ledger, 10))).status == 200


def test_a_key_others_can_read_is_not_used(tmp_path: Path) -> None:
    make_witness(tmp_path, "w.example/1")
    (tmp_path / "witness.key").chmod(0o644)
    with pytest.raises(InputError, match="by others"):
        Witness(tmp_path, clock=TickingClock())
    with pytest.raises(InputError, match="by others"):
        watch(tmp_path, "x")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_an_input_error(raw: bytes) -> None:
    with contextlib.suppress(InputError):
        read_request(raw)
