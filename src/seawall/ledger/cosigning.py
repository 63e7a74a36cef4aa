"""Asks witnesses to sign a ledger's checkpoint, and hears what their refusals mean."""

from __future__ import annotations

import base64
import http.client
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from seawall import __version__
from seawall.errors import InputError, PeerError
from seawall.ledger.checkpoint import Checkpoint, open_checkpoint
from seawall.ledger.log import Ledger
from seawall.ledger.note import Signature, read_signatures
from seawall.ledger.policy import KnownWitness, Policy
from seawall.ledger.witness import Answer

TIMEOUT_S: Final = 10.0
MAX_ANSWER_BYTES: Final = 64 << 10
_SIZE: Final = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")

Ask = Callable[[str, bytes | None], Answer]  # (address, body or None to only look) → answer


@dataclass(frozen=True, slots=True)
class Heard:
    """What one witness did: signed (`signature`), or `said` why not. `alarm`: the history it saw is not ours."""

    witness: KnownWitness
    said: str
    signature: Signature | None = None
    alarm: bool = False


def cosign(ledger: Ledger, policy: Policy, ask: Ask | None = None) -> Iterator[Heard]:
    """Publish a checkpoint and have each witness of the policy sign it; what they sign is kept beside it."""
    checkpoint = ledger.publish()
    for witness in policy.witnesses:
        heard = _ask_one(ledger, checkpoint, witness, ask or http_ask)
        if heard.signature is not None:
            ledger.heads.keep(checkpoint, witness.key, heard.signature)
        yield heard


def compare(ledger: Ledger, policy: Policy, ask: Ask | None = None) -> Iterator[Heard]:
    """Ask each witness what it last signed, and say whether our history goes on from there. Sends nothing of ours."""
    place = sha256(ledger.origin.encode()).hexdigest()
    for witness in policy.witnesses:
        try:
            answer = (ask or http_ask)(f"{witness.url.rstrip('/')}/{place}/checkpoint", None)
            if answer.status == 404:
                yield Heard(witness, "has signed nothing of this log")
                continue
            seen, _ = open_checkpoint(answer.body, ledger.verifier(), where=witness.name)
        except (PeerError, InputError) as error:
            yield Heard(witness, str(error))
            continue
        if ledger.follows(seen):
            yield Heard(witness, f"saw {seen.size} entries, and ours begin with the same")
        else:
            yield Heard(witness, f"saw {seen.size} entries that are not how ours begin", alarm=True)


def http_ask(address: str, body: bytes | None) -> Answer:
    """Ask over HTTP, bounded in time and size.

    Raises:
        PeerError: nobody answers, or it is no address of the kind.
    """
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise PeerError("a witness is asked over http or https", where=address, mend="mend its address in the policy")
    headers = {"User-Agent": f"seawall/{__version__}", "Content-Type": "text/plain; charset=utf-8"}
    request = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 - http and https only
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            return Answer(answer.status, answer.read(MAX_ANSWER_BYTES), answer.headers.get("Content-Type", ""))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(MAX_ANSWER_BYTES), error.headers.get("Content-Type", ""))
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise PeerError(f"the witness does not answer: {reason}", where=address, mend="try again later") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """A witness that sends us elsewhere is not the one we were told of."""


def _ask_one(ledger: Ledger, checkpoint: Checkpoint, witness: KnownWitness, ask: Ask) -> Heard:
    remembered = ledger.heads.cosigned_size(witness.key)
    old = min(remembered, checkpoint.size)
    try:
        for _ in range(2):
            answer = ask(f"{witness.url.rstrip('/')}/add-checkpoint", _request(ledger, checkpoint, old))
            if answer.status != 409:
                break
            size = _SIZE.fullmatch(answer.body)
            if size is None:
                return Heard(witness, "answered a conflict without a size")
            seen = int(size[1])
            if seen > checkpoint.size:
                said = f"has seen {seen} entries, we have {checkpoint.size}: this ledger was rolled back or cut"
                return Heard(witness, said, alarm=True)
            if seen < remembered:
                said = f"signed {remembered} entries once and now knows of {seen}: it was rolled back, retire it"
                return Heard(witness, said, alarm=True)
            if seen == old:
                return Heard(witness, "saw another history of the same size", alarm=True)
            old = seen
        return _understood(checkpoint, witness, answer)
    except PeerError as error:
        return Heard(witness, str(error))


def _request(ledger: Ledger, checkpoint: Checkpoint, old: int) -> bytes:
    proof: Sequence[bytes] = ledger.consistency_proof(old, checkpoint.size)
    lines = [f"old {old}", *(base64.b64encode(hash_).decode() for hash_ in proof), ""]
    return "".join(f"{line}\n" for line in lines).encode() + ledger.heads.signed(checkpoint)


def _understood(checkpoint: Checkpoint, witness: KnownWitness, answer: Answer) -> Heard:
    why = answer.body[:200].decode("utf-8", "replace").strip()
    if answer.status == 422:
        return Heard(witness, f"refuses: the history it saw is another one ({why})", alarm=True)
    if answer.status == 409:
        return Heard(witness, "is asked by others at the same time; try again")
    if answer.status == 404:
        return Heard(witness, "does not watch this log: have it run `seawall ledger witness watch`")
    if answer.status != 200:
        return Heard(witness, f"refuses with {answer.status}: {why}")
    try:
        for signature in read_signatures(answer.body, where=witness.name):
            if (signature.name, signature.key_id) == (witness.key.name, witness.key.key_id):
                if witness.key.signed(checkpoint.text, signature):
                    return Heard(witness, f"signed {checkpoint.size} entries", signature)
                return Heard(witness, "answered with a wrong signature")
    except InputError as error:
        return Heard(witness, f"answered nonsense: {error}")
    return Heard(witness, "signed with another key than the policy names")
