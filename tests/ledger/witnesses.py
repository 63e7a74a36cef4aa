"""Witnesses to ask without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from seawall.ledger import Ledger
from seawall.ledger.policy import KnownWitness, Policy, with_witness
from seawall.ledger.witness import Answer, Witness, make_witness, watch
from tests.ledger.making import TickingClock

URL = "http://192.0.2.7"


def witness_for(folder: Path, ledger: Ledger, name: str = "w.example/1") -> Witness:
    if not (folder / "witness.key").exists():
        make_witness(folder, name)
    watch(folder, ledger.verifier().text)
    return Witness(folder, clock=TickingClock())


def asking(witness: Witness) -> Callable[[str, bytes | None], Answer]:
    """What `http_ask` does, past the network."""

    def ask(address: str, body: bytes | None) -> Answer:
        path = address.removeprefix(URL)
        if body is not None:
            assert path == "/add-checkpoint"
            return witness.add_checkpoint(body)
        raw = witness.latest(path.split("/")[1])
        return Answer(404, b"") if raw is None else Answer(200, raw)

    return ask


def policy_of(witness: Witness) -> Policy:
    return with_witness(Policy(), KnownWitness("w", witness.key, URL))
