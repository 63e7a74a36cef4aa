"""A mailbox to which people report suspicious mail, read over IMAP (RFC 3501): looked at, never changed."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable
from typing import Any, Final

from seawall.errors import PeerError
from seawall.model.serving import ImapSettings
from seawall.model.settings import Secret

TIMEOUT_S: Final = 30.0
MAX_MESSAGE: Final = 25 << 20  # octets; a longer one is left out and counted
MAX_LOOK: Final = 500  # messages of one look
_UIDVALIDITY: Final = re.compile(rb"\d+")


def look(settings: ImapSettings, kept: dict[str, Any], deliver: Callable[[str, bytes], bool]) -> dict[str, Any]:
    """Hand over messages that came since the last look; returns what to keep for the next.

    Raises:
        PeerError: the server cannot be reached, or refuses.
    """
    where = f"{settings.host}:{settings.port}"
    try:
        with _connected(settings) as server:
            server.login(settings.user, Secret(settings.password).reveal())
            answer, _ = server.select(_quoted(settings.folder), readonly=True)
            if answer != "OK":
                raise PeerError(f"no folder {settings.folder!r}", where=where, mend="set serve.imap.folder")
            return _new(server, kept, deliver)
    except (OSError, imaplib.IMAP4.error) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        mend = "check host, port, user and password under serve.imap"
        raise PeerError(f"the mailbox cannot be read: {what[:200]}", where=where, mend=mend) from error


def _connected(settings: ImapSettings) -> imaplib.IMAP4:
    if not settings.tls:
        return imaplib.IMAP4(settings.host, settings.port, timeout=TIMEOUT_S)
    context = ssl.create_default_context(cafile=settings.ca or None)
    return imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=TIMEOUT_S)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "") + '"'


def _new(server: imaplib.IMAP4, kept: dict[str, Any], deliver: Callable[[str, bytes], bool]) -> dict[str, Any]:
    said = server.response("UIDVALIDITY")[1]
    found = _UIDVALIDITY.search(said[0]) if said and isinstance(said[0], bytes) else None
    validity = found[0].decode() if found else ""
    last = int(kept.get("last", 0)) if kept.get("validity") == validity else 0
    left_out = int(kept.get("left_out", 0))
    _, answer = server.uid("SEARCH", f"UID {last + 1}:*")
    numbers = sorted(int(text) for text in (answer[0] or b"").split() if text.isdigit())
    for number in [one for one in numbers if one > last][:MAX_LOOK]:
        message = _message(server, number)
        if message is None:
            left_out += 1
        elif not deliver(f"{validity}-{number}.eml", message):
            break
        last = number
    return {"validity": validity, "last": last, "left_out": left_out}


def _message(server: imaplib.IMAP4, number: int) -> bytes | None:
    """A message as it came; None if it is longer than is taken, or gone."""
    _, said = server.uid("FETCH", str(number), "(RFC822.SIZE)")
    size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(one for one in said if isinstance(one, bytes)))
    if size is None or int(size[1]) > MAX_MESSAGE:
        return None
    _, parts = server.uid("FETCH", str(number), "(BODY.PEEK[])")
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)
