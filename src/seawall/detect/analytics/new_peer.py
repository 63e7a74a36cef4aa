"""A host of a settled circle that speaks to somebody new: crown jewels first of all.

For devices the site file calls crown jewels every peer counts that was not there in the first day of the record. Of
other hosts only those count whose circle was settled (ten flows or more in that day, twenty peers at most, nobody
outside) and whose new peer stands outside; what is concluded there is learned.

False positives: maintenance by a vendor; a new probe or backup host.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

BASELINE: Final = 86_400
_KEYS: Final = ("host", "peer")
_FURTHER: Final = ("who", "peers_before", "hours_before")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows with every new peer."""
    rows = oriented(views["flows"])
    rows = rows.filter(rows.answered & ~rows.turned & ~places.nobody(rows.server))
    jewels = [address for device in site.devices if device.crown_jewel for address in device.addresses]
    outward = rows.mutate(host=rows.client, peer=rows.server)
    inward = rows.mutate(host=rows.server, peer=rows.client)
    inward = inward.filter(places.one_of(inward.host, jewels))
    both = ibis.union(outward, inward)
    both = both.filter(places.inside(both.host, site))
    both = both.mutate(
        begin=both.seconds.min().over(ibis.window(group_by="host")),
        met=both.seconds.min().over(ibis.window(group_by=list(_KEYS))),
        jewel=places.one_of(both.host, jewels),
        abroad=~places.inside(both.peer, site),
    )
    early = both.filter(both.met - both.begin < BASELINE)
    early = early.filter(early.seconds - early.begin < BASELINE)
    circle = early.group_by("host").aggregate(
        calls=early.count(), peers_before=early.peer.nunique(), strangers=ibis.ifelse(early.abroad, 1, 0).sum()
    )
    late = both.filter(both.met - both.begin >= BASELINE).join(circle, "host")
    settled = (late.calls >= 10) & (late.peers_before <= 20) & (late.strangers == 0) & late.abroad
    late = late.filter(late.jewel | settled)
    late = late.mutate(
        who=ibis.ifelse(late.jewel, "crown jewel", "host of a settled circle"),
        hours_before=((late.met - late.begin) / 3_600).round(0).cast("int64"),
    )
    return telling.evidence(late, _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.new_peer",
        title="Somebody new speaks with a host of a settled circle",
        severity=Severity.MEDIUM,
        confidence=55,
        needs=telling.needs(),
        attack=(vocabulary.versioned("T1071"),),
        tags=(
            "behaviour:K-11",
            "behaviour:K-07",
        ),
        why=(
            "{src_ip} and {dst_ip} port {dst_port}: a {who} that had {peers_before} peers met a new one after "
            "{hours_before} hours"
        ),
        gap=telling.LASTING,
        learned=True,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
