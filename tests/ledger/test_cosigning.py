"""What a ledger hears from witnesses, over a real wire and past it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from seawall.errors import PeerError
from seawall.ledger.cosigning import compare, cosign, http_ask
from seawall.ledger.note import COSIGNATURE, verified
from seawall.ledger.policy import KnownWitness, Policy, with_witness
from seawall.ledger.witness import Answer, Witness
from tests.ledger.making import fill, opened, seeded
from tests.ledger.serving import served
from tests.ledger.witnesses import asking, policy_of, witness_for


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[tuple[Path, Witness]]:
    with opened(tmp_path / "case") as ledger:
        fill(ledger, 10)
        witness = witness_for(tmp_path / "w", ledger)
    yield tmp_path / "case", witness
    witness.close()


def test_each_checkpoint_is_signed_and_kept_with_its_witness(ready: tuple[Path, Witness]) -> None:
    folder, witness = ready
    for size in (10, 10, 35):
        with opened(folder) as ledger:
            fill(ledger, size - ledger.size, ledger.size)
            (heard,) = cosign(ledger, policy_of(witness), asking(witness))
            assert (heard.said, heard.alarm) == (f"signed {size} entries", False)
            cosigned = ledger.heads.cosigned()
            assert cosigned is not None
            assert cosigned[0] == ledger.checkpoint()
            assert len(verified(cosigned[1], [ledger.verifier(), witness.key])) == 2
            assert ledger.heads.cosigned_size(witness.key) == size
            (heard,) = compare(ledger, policy_of(witness), asking(witness))
            assert "begin with the same" in heard.said


def test_over_a_real_wire_too(ready: tuple[Path, Witness]) -> None:
    folder, witness = ready
    with served(witness) as url, opened(folder) as ledger:
        policy = with_witness(Policy(), KnownWitness("w", witness.key, url))
        assert [h.said for h in compare(ledger, policy)] == ["has signed nothing of this log"]
        assert [h.signature is not None for h in cosign(ledger, policy)] == [True]
        fill(ledger, 5, 10)
        assert [h.said for h in cosign(ledger, policy)] == ["signed 15 entries"]
        assert "15 entries" in next(compare(ledger, policy)).said


def test_a_client_that_forgot_what_was_signed_asks_again_from_there(ready: tuple[Path, Witness]) -> None:
    folder, witness = ready
    with opened(folder) as ledger:
        list(cosign(ledger, policy_of(witness), asking(witness)))
        for path in (folder / "ledger" / "witnesses").iterdir():
            path.unlink()
        fill(ledger, 5, 10)
        assert [h.said for h in cosign(ledger, policy_of(witness), asking(witness))] == ["signed 15 entries"]


def test_a_witness_that_was_led_back_is_found_out(ready: tuple[Path, Witness]) -> None:
    folder, witness = ready
    with opened(folder) as ledger:
        list(cosign(ledger, policy_of(witness), asking(witness)))
        (heard,) = cosign(ledger, policy_of(witness), lambda *_: Answer(409, b"3\n"))
        assert heard.alarm
        assert "rolled back, retire it" in heard.said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(200, b"hello"), "nonsense"),
        (Answer(200, "— w.example/1 AAAAAAAAAAA=\n".encode()), "another key"),
        (Answer(409, b"many\n"), "without a size"),
        (Answer(404, b""), "does not watch"),
        (Answer(500, b"\x1b[31mboom\n"), "500"),
        (Answer(422, b"no\n"), "another one"),
    ],
)
def test_whatever_a_witness_answers_is_a_sentence_and_nothing_is_kept(
    ready: tuple[Path, Witness], answer: Answer, said: str
) -> None:
    folder, witness = ready
    with opened(folder) as ledger:
        (heard,) = cosign(ledger, policy_of(witness), lambda *_: answer)
        assert said in heard.said
        assert heard.signature is None
        assert heard.alarm is (answer.status == 422)
        assert ledger.heads.cosigned() is None


def test_a_signature_under_another_checkpoint_is_not_kept(ready: tuple[Path, Witness]) -> None:
    folder, witness = ready
    forged = seeded("w.example/1", COSIGNATURE, "forger").cosign("other\n", 1)
    line = type(forged)(witness.key.name, witness.key.key_id, forged.value).line.encode()
    with opened(folder) as ledger:
        (heard,) = cosign(ledger, policy_of(witness), lambda *_: Answer(200, line))
        assert "wrong signature" in heard.said
        assert ledger.heads.cosigned() is None


def test_nobody_there_or_no_web_address_is_a_letter(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(PeerError, match="does not answer"):
            http_ask(f"http://127.0.0.1:{taken.getsockname()[1]}/add-checkpoint", b"x")
    for address in (f"file://{tmp_path}", "ftp://192.0.2.7/x", "nothing"):
        with pytest.raises(PeerError, match="http or https"):
            http_ask(address, None)
