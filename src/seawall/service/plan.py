"""Which processes the settings ask for."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from seawall.model.serving import ServeSettings
from seawall.service.supervisor import Child


def children(settings: ServeSettings, case_folder: Path, config: Path | None) -> list[Child]:
    """The processes of the service, in the order they start: who reads before who listens."""
    common = ("--case", str(case_folder), *(("--config", str(config)) if config else ()))
    found: list[Child] = []
    if settings.vault:
        found.append(Child("vault", ("vault", "serve", "--case", str(case_folder))))
    if settings.detect and find_spec("seawall.service.detecting"):
        found.append(Child("detect", ("serve-detect", *common), rank=1))
    found.append(Child("notify", ("serve-notify", *common)))
    if settings.web:
        found.append(Child("web", ("serve-web", *common)))
    if settings.taxii_server:
        found.append(Child("taxii", ("serve-taxii", *common)))
    if settings.push.listen:
        found.append(Child("push", ("serve-push", *common), rank=0))
    if settings.follow or settings.git or settings.imap or settings.taxii:
        found.append(Child("poll", ("serve-poll", *common), rank=0))
    if settings.syslog_udp or settings.syslog_tcp or settings.syslog_tls or settings.flows_udp:
        found.append(Child("collect", ("serve-collect", *common), rank=0, holds_sockets=True))
    return found
