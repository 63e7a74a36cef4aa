"""Collections of shared indicators, polled over TAXII 2.1 (OASIS, 5.4): what was added since the last look."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from seawall.errors import PeerError
from seawall.model.serving import TaxiiSettings
from seawall.model.settings import Secret

TIMEOUT_S: Final = 60.0
MAX_PAGE: Final = 64 << 20  # octets
MAX_PAGES: Final = 1_000  # of one look
_MEDIA: Final = "application/taxii+json;version=2.1"


class _NoDetour(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """A log-in goes to the server named, nowhere else."""


def poll(settings: TaxiiSettings, kept: dict[str, Any], deliver: Callable[[str, bytes], bool]) -> dict[str, Any]:
    """Hand over what was added since the last look, as STIX bundles; returns what to keep for the next.

    Raises:
        PeerError: the server cannot be reached, refuses, or answers with something else.
    """
    since, following = str(kept.get("since", "")), ""
    host = "".join(c if c.isalnum() or c in "-." else "_" for c in urlsplit(settings.url).netloc)
    for _ in range(MAX_PAGES):
        asked = {"added_after": since} if since else {}
        page, last = _page(settings, asked | ({"next": following} if following else {}))
        objects = page.get("objects", [])
        if objects:
            bundle = {"type": "bundle", "id": _bundle_id(objects), "objects": objects}
            if not deliver(f"{host}.json", json.dumps(bundle).encode()):
                return kept
        following = str(page.get("next", "")) if page.get("more") is True else ""
        if not following:
            return {"since": last or since}
    return {"since": last or since}


def _bundle_id(objects: list[Any]) -> str:
    import hashlib
    import uuid

    return f"bundle--{uuid.UUID(bytes=hashlib.sha256(json.dumps(objects).encode()).digest()[:16], version=4)}"


def _page(settings: TaxiiSettings, asked: dict[str, str]) -> tuple[dict[str, Any], str]:
    query = f"?{urlencode(asked)}" if asked else ""
    request = urllib.request.Request(  # noqa: S310 - `serve --check` holds it to https, or http on the loopback
        f"{settings.url.rstrip('/')}/objects/{query}", headers={"Accept": _MEDIA}
    )
    if settings.user:
        pair = f"{settings.user}:{Secret(settings.password).reveal()}".encode()
        request.add_header("Authorization", "Basic " + base64.b64encode(pair).decode())
    opener = urllib.request.build_opener(_NoDetour, urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            body = answer.read(MAX_PAGE + 1)
            last = str(answer.headers.get("X-TAXII-Date-Added-Last", ""))
        if len(body) > MAX_PAGE:
            raise ValueError(f"a page of more than {MAX_PAGE >> 20} MiB")
        page = json.loads(body) if body.strip() else {}
        if not isinstance(page, dict) or not isinstance(page.get("objects", []), list):
            raise ValueError("no TAXII envelope")
    except (OSError, ValueError, RecursionError) as error:
        what = f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else str(error)[:200]
        mend = "check url, user and password under serve.taxii"
        raise PeerError(f"the collection cannot be read: {what}", where=settings.url, mend=mend) from None
    return page, last
