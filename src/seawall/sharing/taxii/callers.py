"""Who asks: HTTP Basic (RFC 7617) and bearer tokens (RFC 6750), compared in constant time, remembered for minutes.

Passwords are kept as scrypt (RFC 7914). One takes a tenth of a second to check, which no client that pages would
bear, so that what was right is remembered for a while under a key of this process; what was wrong never is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from seawall.errors import InputError
from seawall.model.settings import Secret
from seawall.model.taxii import TaxiiUser
from seawall.sharing.taxii.marks import rank

_N, _R, _P = 1 << 15, 8, 1  # 32 MiB and about a tenth of a second
_MOST_WORK: Final = 1 << 20  # what a settings file may ask for
_REMEMBERED_S: Final = 300.0
_REMEMBERED: Final = 1_000
_LONGEST: Final = 2_048
_AT_ONCE: Final = 2  # passwords checked side by side: each takes 32 MiB


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who proved who they are."""

    name: str
    clearance: int  # TLP 2.0: 0 clear to 3 amber+strict


def hash_password(password: str) -> str:
    """What stands in a settings file in place of a password."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_scrypt(password, salt, _N, _R, _P, 32).hex()}"


def hash_token(token: str) -> str:
    """What stands in a settings file in place of a token. Tokens are random, so that no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int, length: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r + (1 << 20), dklen=length)


class Users:
    """The users of a server. May be shared by threads."""

    def __init__(self, users: Iterable[TaxiiUser], tick: Callable[[], float] = time.monotonic) -> None:
        self._tick, self._lock = tick, threading.Lock()
        self._working = threading.BoundedSemaphore(_AT_ONCE)
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._hashes: dict[str, str] = {}
        self._callers: dict[str, Caller] = {}
        self._tokens: dict[str, Caller] = {}
        for user in users:
            caller = self._callers[user.name] = Caller(user.name, rank(user.clearance))
            if user.password:
                self._hashes[user.name] = hash_password(Secret(user.password).reveal())
            elif user.password_hash:
                self._hashes[user.name] = _sane(user)
            if user.token_hash:
                self._tokens[user.token_hash] = caller
        self._decoy = hash_password(secrets.token_hex(8))  # so that an unknown name takes as long as a wrong password

    def known(self, authorization: str | None) -> Caller | None:
        """Who that is, if it is quick to tell: a token, or what was right a moment ago."""
        scheme, _, rest = (authorization or "")[:_LONGEST].partition(" ")
        if scheme.lower() == "bearer":
            digest = hash_token(rest.strip())
            return next((who for known, who in self._tokens.items() if hmac.compare_digest(known, digest)), None)
        with self._lock:
            until, caller = self._right.get(self._seal(authorization or ""), (0.0, None))
        return caller if until > self._tick() else None

    def proven(self, authorization: str | None) -> Caller | None:
        """Who that is, by name and password; None if either is wrong."""
        pair = _basic(authorization or "")
        if pair is None:
            return None
        name, password = pair
        _, n, r, p, salt, right = self._hashes.get(name, self._decoy).split("$")
        with self._working:
            given = _scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p), len(right) // 2)
        if not hmac.compare_digest(given, bytes.fromhex(right)) or name not in self._hashes:
            return None
        caller = self._callers[name]
        with self._lock:
            self._right[self._seal(authorization or "")] = (self._tick() + _REMEMBERED_S, caller)
            while len(self._right) > _REMEMBERED:
                self._right.popitem(last=False)
        return caller

    def _seal(self, authorization: str) -> bytes:
        return hmac.digest(self._key, authorization.encode("utf-8", "surrogateescape"), "sha256")


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic" or len(rest) > _LONGEST:
        return None
    try:
        name, colon, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon else None


def _sane(user: TaxiiUser) -> str:
    _, n, r, p, _, _ = user.password_hash.split("$")
    if int(n) < 2 or int(n) & (int(n) - 1) or int(n) * int(r) * int(p) > _MOST_WORK * 8 or int(r) < 1 or int(p) < 1:
        raise InputError(
            f"the password_hash of {user.name} asks for absurd work", mend="make one with: seawall taxii password"
        )
    return user.password_hash
