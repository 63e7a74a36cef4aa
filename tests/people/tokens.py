"""A security key in software: answers as an authenticator and its browser do."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from seawall.people.webauthn import SecurityKey, challenge, pack


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class SoftToken:
    """One credential for one site."""

    rp: str = "localhost"
    origin: str = "http://localhost:8443"
    flags: int = 0x05  # present and verified
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"0123456789abcdef"

    @property
    def public(self) -> str:
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return SecurityKey(self.rp, b64(self.id), der).text

    def _data(self, *, attested: bytes = b"") -> bytes:
        flags = self.flags | (0x40 if attested else 0)
        return hashlib.sha256(self.rp.encode()).digest() + bytes([flags]) + (1).to_bytes(4, "big") + attested

    def _client(self, kind: str, asked: bytes, **more: Any) -> bytes:
        told = {"type": kind, "challenge": b64(asked), "origin": self.origin, "crossOrigin": False, **more}
        return json.dumps(told).encode()

    def sign(self, message: bytes, **client: Any) -> str:
        """The signature over an approval's bytes."""
        return pack(*self.assertion(challenge(message), **client).values())

    def assertion(self, asked: bytes, kind: str = "webauthn.get", **client: Any) -> dict[str, str]:
        data, told = self._data(), self._client(kind, asked, **client)
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        return {"authenticatorData": b64(data), "clientDataJSON": b64(told), "signature": b64(signature)}

    def answer(self, asked: bytes) -> dict[str, Any]:
        """What a page posts after signing."""
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": self.assertion(asked)}

    def registration(self, asked: bytes) -> dict[str, Any]:
        """What a page posts after making the credential (attestation "none")."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        whole = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(attested=attested)})
        response = {
            "attestationObject": b64(whole),
            "clientDataJSON": b64(self._client("webauthn.create", asked)),
        }
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
