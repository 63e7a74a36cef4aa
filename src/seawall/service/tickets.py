"""What a ticket system answers: signed as we sign to it, no older than five minutes, the same message once.

`POST /hooks/tickets/<channel>` with `X-Seawall-Signature: t=<seconds>,v1=<hex HMAC-SHA-256 of "<t>.<body>">` and the
body `{"incident": id, "ticket": "INC-7", "status": "open" | "acknowledged" | "closed"}`. Any of the three but `open`
acknowledges the incident: somebody looks after it, and nobody else is told because of time. Nothing else follows:
a ticket system closes no incident here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Final

from seawall.errors import InputError, UsageError
from seawall.model.notifying import WebhookChannel
from seawall.model.settings import Secret
from seawall.service.channels import sign
from seawall.state.outbox import Outbox, Ticket

OLDEST: Final = timedelta(minutes=5)
STATUSES: Final = ("open", "acknowledged", "closed")
MAX_BODY: Final = 65_536
_HEADER: Final = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
_INCIDENT: Final = re.compile(r"[0-9a-f]{32}")
_TICKET: Final = re.compile(r"[\w .:/#-]{1,100}")


def receive(outbox: Outbox, channel: WebhookChannel, header: str, body: bytes, now: datetime) -> Ticket:
    """Take what a ticket system says.

    Raises:
        UsageError: it is not signed with the channel's secret, or was signed too long ago.
        InputError: it says nothing we know, or is about an incident no ticket was asked for.
    """
    _signed(channel, header, body, now)
    ticket = _read(channel.name, body, now)
    if ticket.incident not in {story.thing for story in outbox.stories()}:
        raise InputError("nobody asked for a ticket about that incident", where=ticket.incident[:12])
    if outbox.hear(ticket, hashlib.sha256(header.encode() + body).hexdigest()) and ticket.status != "open":
        outbox.acknowledge(ticket.incident, f"{channel.name} {ticket.ticket}", now)
    return ticket


def _signed(channel: WebhookChannel, header: str, body: bytes, now: datetime) -> None:
    said = _HEADER.fullmatch(header.strip())
    if said is None:
        raise UsageError("not signed", mend="send X-Seawall-Signature: t=<seconds>,v1=<hex>")
    expected = sign(Secret(channel.secret).reveal().encode(), int(said[1]), body)
    if not hmac.compare_digest(expected, f"t={said[1]},v1={said[2]}"):
        raise UsageError("the signature is wrong", mend="both sides need the same secret")
    if abs(now.timestamp() - int(said[1])) > OLDEST.total_seconds():
        raise UsageError("signed too long ago, or ahead of time", mend="set both clocks by NTP")


def _read(channel: str, body: bytes, now: datetime) -> Ticket:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise InputError("no JSON", where="ticket") from None
    if not isinstance(raw, dict):
        raise InputError("no JSON object", where="ticket")
    incident, ticket, status = (raw.get(name) for name in ("incident", "ticket", "status"))
    if not isinstance(incident, str) or not _INCIDENT.fullmatch(incident):
        raise InputError("`incident` is no id of ours", where="ticket")
    if not isinstance(ticket, str) or not _TICKET.fullmatch(ticket):
        raise InputError("`ticket` is no plain name of up to 100 characters", where="ticket")
    if status not in STATUSES:
        raise InputError(f"`status` is none of {', '.join(STATUSES)}", where="ticket")
    return Ticket(incident, channel, ticket, status, now)
