"""The sentence that crosses from the intercept case to another: a small signed file, checked where it arrives."""

from __future__ import annotations

import base64
import json
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.ledger.canonical import canonical
from seawall.model.compartment import sentence
from seawall.model.finding import utc_text
from seawall.people.keys import PrivateKey, signed
from seawall.people.register import Register

OFFICER: Final = "intercept-officer"  # the role
MAX_BYTES: Final = 4_096
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Notice:
    """What crosses. Nothing in it follows from the finding behind it."""

    v: int
    notice: str  # 32 random hex digits
    officer: str
    released: str  # to the minute, UTC
    text: str
    signature: str = ""  # base64

    @property
    def message(self) -> bytes:
        """The bytes under the signature (RFC 8785)."""
        document = asdict(self)
        del document["signature"]
        return canonical(document)

    @property
    def line(self) -> str:
        """The file."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"


def write_notice(officer: str, key: PrivateKey, now: datetime) -> Notice:
    """A notice of an officer, signed."""
    minute = now.replace(second=0, microsecond=0)
    unsigned = Notice(1, secrets.token_hex(16), officer, utc_text(minute), sentence(officer))
    return replace(unsigned, signature=base64.b64encode(key.sign(unsigned.message)).decode())


def read_notice(path: Path, register: Register) -> tuple[Notice, datetime]:
    """A notice from its file, and when it was released, UTC.

    Raises:
        InputError: it is none, says anything but the one sentence, or no officer this case knows signed it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        found = Notice(**json.loads(content))
        released = datetime.fromisoformat(found.released)
        sound = len(content) <= MAX_BYTES and found.v == 1 and bool(_ID.fullmatch(found.notice))
        if not sound or released.tzinfo is None or found.text != sentence(found.officer):
            raise ValueError("wrong form")
        message = found.message
    except (OSError, ValueError, TypeError, RecursionError, InputError):
        raise InputError("no notice of an officer", where=str(path), mend="let the officer release it again") from None
    person = register.person(found.officer)
    if person is None or OFFICER not in person.roles:
        raise InputError(
            "this case knows no intercept officer of that id",
            where=str(path),
            mend=f"seawall people add ID --role {OFFICER} --public …, in this case",
        )
    # A case may learn an officer's key after the release, so only a revocation counts against it.
    keys = [key for key in person.keys if key.revoked is None or released < key.revoked]
    if not any(signed(key.public, message, found.signature) for key in keys):
        raise InputError("the signature is not the officer's", where=str(path), mend="let the officer release it again")
    return found, released
