"""Collections of shared indicators, polled over TAXII 2.1 (OASIS, 5.4): what was added since the last look."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any
from urllib.parse import urlsplit

from seawall.model.serving import PollSettings
from seawall.model.settings import Secret
from seawall.sharing.taxii.client import Client, Walk, place_of
from seawall.sharing.taxii.wire import Login


def poll(settings: PollSettings, kept: dict[str, Any], deliver: Callable[[str, bytes], bool]) -> dict[str, Any]:
    """Hand over what was added since the last look, as STIX bundles; returns what to keep for the next.

    A look that breaks off is made again from where it began, which adds nothing twice.

    Raises:
        PeerError: the server cannot be reached, refuses, or answers with something else.
        InputError: the extra `service` is not installed.
    """
    walk = Walk(**{one.name: str(kept[one.name]) for one in fields(Walk) if one.name in kept})
    host = "".join(c if c.isalnum() or c in "-." else "_" for c in urlsplit(settings.url).netloc)
    login = Login(user=settings.user, password=Secret(settings.password) if settings.password else None)
    with Client(settings.url, login) as client:
        for batch in client.objects(place_of(settings.url), walk):
            if batch.objects and not deliver(f"{host}.json", _bundle(batch.objects)):
                break
            walk = batch.walk
    return asdict(walk)


def _bundle(objects: Sequence[Mapping[str, Any]]) -> bytes:
    digest = hashlib.sha256(json.dumps(objects).encode()).digest()
    name = uuid.UUID(bytes=digest[:16], version=4)
    return json.dumps({"type": "bundle", "id": f"bundle--{name}", "objects": objects}).encode()
