"""The opaque `next`: where the last page ended, which question it belongs to, and a seal over both.

Nothing of it is kept by the server: it holds after a restart, in every process, and behind a load balancer. Records
are found again by the moment they were added, which is unique and only ever grows, so no page border falls within
equal stamps and nothing added meanwhile shifts a page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Final

from seawall.sharing.taxii.asking import Question
from seawall.sharing.taxii.refusal import Refusal

_SEAL_BYTES: Final = 16
_LONGEST: Final = 4_096
_WRONG: Final = "next is none that this server gave for this collection; start again without it"


@dataclass(frozen=True, slots=True)
class Cursors:
    """Makes and reads `next`, with a key that every process of this server shares."""

    key: bytes

    def make(self, place: str, question: Question, after: int) -> str:
        """`place` is the path that is paged; `after` the last record sent."""
        body = json.dumps([after, _digest(place, question.key)], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._seal(body) + body).rstrip(b"=").decode()

    def follow(self, place: str, question: Question) -> Question:
        """The question behind its `next`, if it has one.

        Raises:
            Refusal: 400: it is not ours, or the other parameters are not those it was given for.
        """
        if question.next is None:
            return question
        try:
            raw = base64.b64decode(question.next[:_LONGEST] + "=" * (-len(question.next) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise Refusal(400, _WRONG) from None
        seal, body = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(body)):
            raise Refusal(400, _WRONG)
        after, digest = json.loads(body)
        if digest != _digest(place, question.key):
            raise Refusal(400, "next goes with the very parameters it was given for; only limit may change")
        return question.continued(after)

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self.key, body, "sha256")[:_SEAL_BYTES]


def _digest(place: str, key: str) -> str:
    return hashlib.sha256(f"{place}\n{key}".encode()).hexdigest()[:32]
