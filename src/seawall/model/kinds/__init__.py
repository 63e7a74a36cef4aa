"""Every kind of event there is, one file per family: to add one is an entry there, and a new family one line here."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import EventKind
from seawall.model.kinds import (
    configs,
    custody,
    data,
    devices,
    flows,
    hosts,
    indicators,
    intercept,
    mail,
    mapped,
    networks,
    servers,
    suricata,
    windows,
    zeek,
    zeek_logs,
)

ALL: Final[tuple[EventKind, ...]] = (
    *devices.KINDS,
    *zeek.KINDS,
    *zeek_logs.KINDS,
    *suricata.KINDS,
    *flows.KINDS,
    *mail.KINDS,
    *mapped.KINDS,
    *windows.KINDS,
    *configs.KINDS,
    *hosts.KINDS,
    *servers.KINDS,
    *data.KINDS,
    *networks.KINDS,
    *indicators.KINDS,
    *custody.KINDS,
    *intercept.KINDS,
)
