"""What a person signs: RFC 8785 JSON of {v, case, action_id, diff_sha256, requester, approver, purpose, expires,
nonce}."""

from __future__ import annotations

import base64
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from seawall.errors import InputError
from seawall.ledger.canonical import canonical
from seawall.model.finding import utc_text
from seawall.people.keys import PrivateKey

VERSION: Final = 1
MAX_BYTES: Final = 16_384  # of a signed approval as JSON
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,200}")
_SIGNATURE: Final = re.compile(r"[A-Za-z0-9+/_.-]{1,1000}={0,2}")
_NONCE: Final = re.compile(r"[0-9a-f]{32,64}")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do, exactly; whoever approves it signs for this and nothing else."""

    case: str  # uuid of the case
    action_id: str  # kind and a name of its own, e.g. "vault.show:5f…"
    diff_sha256: str  # of the exact change, or of what exactly is to be shown; hex
    requester: str  # id of the person who asks
    purpose: str  # in words

    @property
    def kind(self) -> str:
        """Which rule applies: the action id up to its colon."""
        return self.action_id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's signature under a request. The fields stand under the signature in this order's names."""

    v: int
    case: str
    action_id: str
    diff_sha256: str
    requester: str
    approver: str
    purpose: str
    expires: str  # UTC, as `utc_text` writes it
    nonce: str  # hex, at least 128 random bits, used once
    signature: str  # base64, by the approver's key

    @property
    def request(self) -> Request:
        """What it approves."""
        return Request(self.case, self.action_id, self.diff_sha256, self.requester, self.purpose)

    @property
    def message(self) -> bytes:
        """The bytes under the signature."""
        document = asdict(self)
        del document["signature"]
        return canonical(document)

    @property
    def expires_at(self) -> datetime:
        """Until when it is good. Raises ValueError on a text that is no time with a zone."""
        moment = datetime.fromisoformat(self.expires)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment

    def text(self) -> str:
        """One line of JSON, as it travels."""
        return json.dumps(asdict(self), sort_keys=True)


def prepare(request: Request, approver: str, now: datetime, hours: float) -> Approval:
    """What `approver` is to sign, good for some hours, with a fresh nonce. Raises InputError without a purpose."""
    if not request.purpose.strip():
        raise InputError("no purpose", mend="say what it is for; the purpose stands under your signature")
    return Approval(
        v=VERSION,
        case=request.case,
        action_id=request.action_id,
        diff_sha256=request.diff_sha256,
        requester=request.requester,
        approver=approver,
        purpose=request.purpose,
        expires=utc_text(now + timedelta(hours=hours)),
        nonce=secrets.token_hex(16),
        signature="",
    )


def sign(request: Request, approver: str, key: PrivateKey, now: datetime, hours: float) -> Approval:
    """Approve a request as `approver`, good for some hours, with a fresh nonce. Raises InputError on a bad request."""
    unsigned = prepare(request, approver, now, hours)
    return with_signature(unsigned, base64.b64encode(key.sign(unsigned.message)).decode())


def with_signature(unsigned: Approval, signature: str) -> Approval:
    """A prepared approval with its signature. Raises ValueError or TypeError if one of its fields has no form."""
    return check(Approval(**(asdict(unsigned) | {"signature": signature})))


def read_approval(raw: str | bytes | dict[str, Any], *, where: str = "approval") -> Approval:
    """An approval as it travels. Raises InputError if it is no approval of this version."""
    try:
        if not isinstance(raw, dict):
            if len(raw) > MAX_BYTES:
                raise ValueError
            raw = json.loads(raw)
        return check(Approval(**raw))  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        raise InputError("no signed approval", where=where, mend="let the person sign again") from None


def check(approval: Approval) -> Approval:
    """The same approval, if each field has its form. Raises ValueError or TypeError otherwise."""
    texts = {name: value for name, value in asdict(approval).items() if name != "v"}
    if type(approval.v) is not int or not all(type(value) is str for value in texts.values()):
        raise TypeError("wrong type")
    tokens = (approval.case, approval.action_id, approval.requester, approval.approver)
    if not all(map(_TOKEN.fullmatch, tokens)) or not _DIGEST.fullmatch(approval.diff_sha256):
        raise ValueError("wrong form")
    if not _SIGNATURE.fullmatch(approval.signature):
        raise ValueError("wrong form")
    if not _NONCE.fullmatch(approval.nonce) or len(approval.purpose) > 2_000:
        raise ValueError("wrong form")
    _ = approval.expires_at
    return approval
