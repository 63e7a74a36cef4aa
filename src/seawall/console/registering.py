"""Registering a security key: the browser makes it, we check it, and it waits as an offer until it is signed off."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from seawall.console.access import Who
from seawall.console.desk import Desk
from seawall.console.problems import RefusedError
from seawall.console.secrets import digest, new_token
from seawall.people import tokens
from seawall.people.webauthn import SecurityKey
from seawall.state.accounts import Ticket

_MAKING: Final = timedelta(minutes=10)


def rp_of(desk: Desk) -> str:
    """The name security keys are made for: the host of the address people type."""
    return urlsplit(desk.origin).hostname or "localhost"


def options(desk: Desk, who: Who) -> dict[str, Any]:
    """What a browser needs to make a security key, and the ticket to come back with."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    made = generate_registration_options(
        rp_id=rp_of(desk),
        rp_name="Seawall",
        user_id=digest(f"{desk.case.uuid}\0{who.id}").encode()[:32],
        user_name=who.id,
        user_display_name=who.user.name or who.id,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    public: dict[str, Any] = json.loads(options_to_json(made))
    assert base64url_to_bytes(public["challenge"]) == made.challenge
    ticket, ends = new_token(), desk.clock.now() + _MAKING
    desk.accounts.issue(
        Ticket(digest(ticket), "security-key", who.id, {"challenge": public["challenge"], "rp": rp_of(desk)}, ends)
    )
    return {"ticket": ticket, "publicKey": public}


def offered(desk: Desk, who: Who, ticket: str, credential: dict[str, Any]) -> dict[str, Any]:
    """Check a new security key and keep it as an offer; says how it is signed off.

    Raises:
        RefusedError: the ticket is over, or the answer is not one to it.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import bytes_to_base64url, decode_credential_public_key, decoded_public_key_to_cryptography
    from webauthn.helpers.exceptions import WebAuthnException

    document = desk.accounts.spend(digest(ticket), "security-key", who.id, desk.clock.now())
    if document is None:
        raise RefusedError(409, "this page was too old, or was sent before", mend="begin again")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(str(document["challenge"])),
            expected_rp_id=str(document["rp"]),
            expected_origin=desk.origin,
            require_user_verification=True,
        )
        key = decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        raise RefusedError(422, "no security key made for this console", mend="begin again, with its PIN") from None
    public = SecurityKey(str(document["rp"]), bytes_to_base64url(made.credential_id), der).text
    kept = tokens.offer(desk.case.folder / tokens.FOLDER, who.id, public)
    desk.told("security-key-offered", who.id, offer=kept.name)
    return {
        "offer": kept.name,
        "fingerprint": tokens.fingerprint(kept),
        "sign_off": f"seawall people accept {kept.name[:8]} --as {who.id} --key {who.id}.key",
    }
