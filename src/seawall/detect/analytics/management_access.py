"""A management protocol on network equipment from a host that does not manage it: SSH, telnet, web, SNMP, NETCONF.

Who may manage is the site's jump hosts, management networks and managing devices; without them it is learned
(`detect.traffic.roles`). From a customer's, peer's or roaming partner's side (`outer_networks`, `outer_interfaces`) or
from outside it is worst, and the finding says which. Only answered flows count: knocking is told by `flows.sweep`.

False positives: a new management station; an engineer's host in a network nobody named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, roles, telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

PORTS: Final = {
    22: "SSH",
    23: "telnet",
    80: "web",
    161: "SNMP",
    443: "web",
    830: "NETCONF",
    6513: "NETCONF",
    8443: "web",
}
_KEYS: Final = ("client", "server", "port")
_FURTHER: Final = ("door", "side", "sessions")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First sessions of every host, device and port."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter(rows.port.isin(sorted(PORTS)) & rows.proto.isin(["tcp", "udp"]) & rows.answered)
    rows = rows.filter(who.is_equipment(rows.server) & ~who.is_equipment(rows.client) & ~who.is_manager(rows.client))
    door = ibis.cases(*((rows.port == port, name) for port, name in PORTS.items()), else_="")
    rows = rows.mutate(
        door=door, side=side_of(rows, site), sessions=rows.count().over(ibis.window(group_by=list(_KEYS)))
    )
    return telling.evidence(rows, _KEYS, _FURTHER)


def side_of(rows: Any, site: Site) -> Any:
    """Where the client stands, in words."""
    named = [text.lower() for text in site.outer_interfaces]
    at = rows.observer.fill_null("").lower().concat(":").concat(rows.input_if.fill_null("").lower())
    by_device = rows.device.fill_null("").lower().concat(":").concat(rows.input_if.fill_null("").lower())
    outer = places.one_of(rows.client, site.outer_networks)
    if named:
        outer = outer | at.isin(named) | by_device.isin(named)
    return ibis.cases(
        (outer, "the side of customers, peers or partners"),
        (places.inside(rows.client, site), "inside"),
        else_="outside",
    )


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.management_access",
        title="Management protocol from a host that manages nothing",
        severity=Severity.HIGH,
        confidence=70,
        needs=telling.needs(),
        attack=(
            vocabulary.versioned("T1199"),
            vocabulary.versioned("T1021.004"),
        ),
        tags=(
            "behaviour:A-17",
            "behaviour:L-07",
        ),
        why=(
            "{src_ip} ({side}) had {sessions} {door} sessions with {dst_ip} port {dst_port}, and is no host "
            "that manages equipment"
        ),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
