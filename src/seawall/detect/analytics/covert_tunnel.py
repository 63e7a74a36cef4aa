"""A tunnel between one of our addresses and an end outside that nobody approved: GRE, IP in IP, ESP, and ICMP that
carries more than a ping.

Tunnels are how intruders leave carriers' routers: GRE to a rented server needs one interface and no account. Ends
that `site.toml` names under `tunnel_ends` or `mirror_ends` are left out; so is whatever runs inside our own networks,
unless an end is network equipment and nobody approved the other.

DNS counts where one pair asks three hundred questions or more, long ones, or where one port asks a hundred in a row.
ICMP counts as a tunnel where one pair moves large packets both ways or many of them: a ping carries 64 octets. Between
two hosts of ours large pings are tests of links; but an answer repeats its question (RFC 792), so packets that differ
in size by direction are no pings there either.

False positives: a customer's own IPsec or GRE through the network (severity is low where no end is equipment), path
MTU tests with large pings, a new approved tunnel that the site file does not know yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, telling
from seawall.detect.traffic.oriented import ICMP, TUNNELS, oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

LARGE: Final = 110  # octets of a packet, IP header included: a ping of 64 with room
MANY: Final = 30  # packets of one pair
QUESTIONS: Final = 300  # questions of one pair
LONG_QUESTION: Final = 125  # octets sent for each in the mean: names of people make 40, with headers 80
IN_A_ROW: Final = 200  # packets of one port of DNS
UNEVEN: Final = 0.02  # of the octets of a pair: by how much packets differ in size by direction
HEAVY: Final = 200_000  # octets of one pair: a ping a second takes half an hour for that
_KEYS: Final = ("one", "other", "proto")
_FURTHER: Final = ("tunnel", "octets", "packets_seen", "packet", "measured")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows of every tunnel between ours and an unapproved end."""
    rows = oriented(views["flows"])
    names = (rows.port == 53) & rows.proto.isin(["udp", "tcp"])
    rows = rows.filter(rows.proto.isin([*TUNNELS, *ICMP]) | names)
    rows = rows.mutate(dns=rows.port == 53)
    rows = rows.filter(~places.nobody(rows.client) & ~places.nobody(rows.server))
    rows = rows.mutate(
        one=ibis.least(rows.client, rows.server),
        other=ibis.greatest(rows.client, rows.server),
        volume=ibis.coalesce(rows.sent + rows.got, rows.sent, rows.got),  # null where nobody counted
        counted=ibis.ifelse(rows.packets > 0, rows.packets, ibis.null("int64")),
        at_home=places.inside(rows.client, site),
        there=places.inside(rows.server, site),
    )
    approved = [end.address for end in (*site.tunnel_ends, *site.mirror_ends)]
    rows = rows.filter(~places.one_of(rows.client, approved) & ~places.one_of(rows.server, approved))
    machines = places.equipment(site)
    ours = places.one_of(rows.client, machines) | places.one_of(rows.server, machines)
    across = (rows.at_home & ~rows.there) | (~rows.at_home & rows.there)  # Spark cannot parse `<>` between two tests
    both = rows.at_home & rows.there & rows.proto.isin(ICMP)
    rows = rows.mutate(both=both).filter(both | across | (ours & rows.proto.isin(TUNNELS)) | (rows.dns & rows.at_home))
    window = ibis.window(group_by=list(_KEYS))
    rows = rows.mutate(octets=rows.volume.sum().over(window), packets_seen=rows.counted.sum().over(window))
    rows = rows.mutate(packet=(rows.octets / ibis.greatest(rows.packets_seen, 1)).round(0))
    heavy = (rows.octets >= HEAVY) | ((rows.packets_seen >= MANY) & (rows.packet >= LARGE)).fill_null(False)
    rows = rows.mutate(  # columns first: Spark filters by no window
        heavy=heavy,
        asked=ibis.ifelse(rows.turned, 0, 1).sum().over(window),
        told=rows.sent.fill_null(0).sum().over(window),
        held=_held(rows).max().over(window) == 1,
        uneven=_uneven(rows, window) & ~rows.sampled,
    )
    question_size = rows.told / ibis.greatest(rows.asked, 1)
    wordy = (rows.asked >= QUESTIONS) & (question_size >= LONG_QUESTION) & (question_size <= 1_500) | rows.held
    plain = ~rows.proto.isin(ICMP) & ~rows.dns
    rows = rows.filter(plain | (rows.proto.isin(ICMP) & rows.heavy & (~rows.both | rows.uneven)) | (rows.dns & wordy))
    rows = rows.mutate(tunnel=ibis.ifelse(rows.dns, "DNS", rows.proto.upper()), measured=_measured(rows))
    return telling.evidence(rows, _KEYS, _FURTHER)


def _measured(rows: Any) -> Any:
    """The figures of a pair in words; logs that only say that there is a tunnel count nothing."""
    octets, packets, each = (rows[name].cast("int64").cast("string") for name in ("octets", "packets_seen", "packet"))
    told = octets.concat(" octets in ").concat(packets).concat(" packets of ").concat(each).concat(" on average")
    return ibis.coalesce(told, octets.concat(" octets"), "octets not counted")


def _uneven(rows: Any, window: Any) -> Any:
    """Whether packets of a pair differ in size by direction: within flows told both ways, or among those told one way.

    What is lost makes no difference in size, so it is their means that are compared, as often as both were there.
    """
    sent, got = rows.sent.fill_null(0), rows.got.fill_null(0)
    asked, told = rows.sent_packets.fill_null(0), rows.got_packets.fill_null(0)
    there, back = rows.client == rows.one, rows.client != rows.one
    first = ibis.ifelse(there, sent, 0) + ibis.ifelse(back, got, 0)
    second = ibis.ifelse(back, sent, 0) + ibis.ifelse(there, got, 0)
    firsts = ibis.ifelse(there, asked, 0) + ibis.ifelse(back, told, 0)
    seconds = ibis.ifelse(back, asked, 0) + ibis.ifelse(there, told, 0)
    sums = (first.sum().over(window), firsts.sum().over(window), second.sum().over(window), seconds.sum().over(window))
    differ = ibis.greatest(_differ(sent, asked, got, told).sum().over(window), _differ(*sums))
    return differ >= rows.octets * UNEVEN


def _differ(one: Any, ones: Any, other: Any, others: Any) -> Any:
    """Octets by which the means of two directions differ, for as many packets as both have."""
    means = (one / ibis.greatest(ones, 1) - other / ibis.greatest(others, 1)).abs()
    return means * ibis.least(ones, others)


def _held(rows: Any) -> Any:
    """1 where one port asks many large questions in a row; those who ask for people take a new one each (RFC 5452)."""
    packets, each = rows.packets, (rows.sent.fill_null(0) + rows.got.fill_null(0)) / ibis.greatest(rows.packets, 1)
    fits = rows.dns & (rows.proto == "udp") & (rows.client_port.fill_null(0) > 1_023)
    return ibis.ifelse(fits & (packets >= IN_A_ROW) & (each >= LARGE), 1, 0)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.covert_tunnel",
        title="Tunnel to an end nobody approved",
        severity=Severity.HIGH,
        confidence=75,
        needs=telling.needs("proto"),
        attack=(vocabulary.versioned("T1572"),),
        tags=("behaviour:N-02", "behaviour:P-10", "behaviour:X-07"),
        why=("{tunnel} between {src_ip} and {dst_ip}: {measured}; no approved tunnel end"),
        gap=telling.LASTING,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
