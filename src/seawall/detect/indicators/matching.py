"""Known-bad addresses, names, links and hashes in the evidence.

An indicator of high or medium confidence makes a finding wherever it stands: in an address column, in a name asked
for, or inside a command or message. One of low confidence never does: it only stands beside another finding that
names the same value, and raises that finding's confidence a little. The same holds for one whose `valid_until` lay
before the event; what its publisher revoked is not searched for at all.

Mail addresses match as a whole, wherever mail or an account is named. Names match themselves and everything below
them; a bare public suffix (`com`, `co.uk`) would match half the internet and is refused. The search is the rule
kernel: each indicator is a rule.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Match, Need
from seawall.detect.indicators.known import Indicator, KnownBad, read
from seawall.detect.noticing import RULE, Noticing
from seawall.detect.sigma.plan import Atom, Condition, Group, Op, Or, Plan
from seawall.detect.tables import Tables
from seawall.model.entities import Entity, EntityType
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Site

RAISE: Final = 5  # points of confidence a low indicator adds
CEILING: Final = 95
_ROWS: Final = 50_000
_ALWAYS: Final = ("event_id", "time", "origin", "taken", "changed")


@dataclass(frozen=True)
class Places:
    """Where a view holds values of each type: whole columns, and texts they may stand in."""

    view: str
    ip: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    hash: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    elsewhere: tuple[str, tuple[str, ...]] | None = None  # a column, and its values whose rows another view has


PLACES: Final[tuple[Places, ...]] = (
    Places("commands", ip=("src_ip",), texts=("command_raw",)),
    Places("logins", ip=("src_ip", "dst_ip"), email=("user",)),
    Places("syslog", ip=("src_ip", "dst_ip"), texts=("message",)),
    Places("flows", ip=("src_ip", "dst_ip")),
    Places("nat", ip=("inside_ip", "outside_ip", "dst_ip")),
    Places("dns", domain=("query",), texts=("answers",)),
    Places("http", ip=("src_ip",), domain=("host",), email=("user",), texts=("uri",)),
    Places("zeek_ssl", domain=("server_name",), hash=("ja3", "ja3s"), texts=("cert_chain_fps",)),
    Places("zeek_files", hash=("md5", "sha1", "sha256")),
    Places("zeek_x509", hash=("fingerprint",), texts=("san_dns", "certificate_subject")),
    Places("zeek_smtp", ip=("x_originating_ip",), texts=("mailfrom", "rcptto", "from", "to", "cc", "reply_to", "path")),
    Places(
        "suricata",
        ip=("src_ip", "dst_ip"),
        domain=("tls_sni", "http_hostname", "dns_rrname"),
        hash=("fileinfo_sha256", "fileinfo_sha1", "fileinfo_md5", "tls_ja3_hash", "tls_ja3s_hash"),
        texts=("http_url", "tls_subject", "smtp_mail_from", "smtp_rcpt_to", "email_from", "email_to"),
        elsewhere=("event_type", ("flow", "netflow", "dns", "http")),
    ),
    Places(
        "mail",
        texts=(
            *("mail_from", "reply_to", "return_path", "mail_to", "received_chain", "first_hop", "dkim_domains"),
            *("urls", "url_hosts", "attachment_sha256"),
        ),
    ),
    Places("config_lines", texts=("text",)),
    Places(
        "windows",
        ip=("IpAddress", "SourceIp", "DestinationIp", "ClientAddress"),
        domain=("QueryName", "DestinationHostname"),
        texts=("Hashes", "CommandLine", "ScriptBlockText", "ParentCommandLine"),
    ),
)

_ABOUT: Final[dict[str, tuple[str, EntityType, str, str]]] = {
    "ip": ("Known-bad address", "ip", "T1071", ""),
    "domain": ("Known-bad name", "domain", "T1071.001", "behaviour:N-12"),
    "url": ("Known-bad link", "url", "T1071.001", "behaviour:N-12"),
    "hash": ("Known-bad file", "hash", "T1105", ""),
    "email": ("Known-bad mail address", "mailbox", "T1566", ""),
}


def _abouts() -> dict[tuple[str, str], About]:
    """One detector per type; the indicator's confidence decides how bad its findings are."""
    found = {}
    for kind, (title, _, technique, tag) in _ABOUT.items():
        for confidence, severity, points in (("high", Severity.HIGH, 85), ("medium", Severity.MEDIUM, 65)):
            found[kind, confidence] = About(
                id=f"indicator.{kind}",
                title=title,
                severity=severity,
                confidence=points,
                needs=tuple(Need(place.view, ()) for place in PLACES if _columns(place, kind)),
                attack=(vocabulary.versioned(technique),),
                tags=(tag,) if tag else (),
                why="{indicator} is on the list of {source} ({list_confidence} confidence): {note}",
            )
    return found


def _columns(place: Places, kind: str) -> tuple[str, ...]:
    """The columns of a view an indicator of this type may stand in."""
    whole: tuple[str, ...] = () if kind == "url" else getattr(place, kind)
    return (*whole, *place.texts)


ABOUT: Final = _abouts()


def gather(
    lake: Tables,
    views: Mapping[str, Sequence[str]],
    given: pa.Table | None,
    site: Site = Site(),  # noqa: B008
) -> KnownBad:
    """All indicators: those given, then those in the lake; the same value twice keeps the surer one."""
    batches: list[pa.RecordBatch] = list(given.to_batches()) if given is not None else []
    if "indicators" in views:
        batches += lake.batches("indicators", site=site, rows=_ROWS)
    return read(row for batch in batches for row in batch.to_pylist())


def search(
    lake: Tables, views: Mapping[str, Sequence[str]], known: KnownBad, site: Site, since: datetime | None
) -> Iterator[Match]:
    """Events that name an indicator of high or medium confidence."""
    if not known.telling:
        return
    for place in PLACES:
        if place.view not in views:
            continue
        plan = _plan(place, known.telling)
        subject = subjects.BY_VIEW.get(place.view, _CONFIG)
        wanted = plan.fields | subject.columns | set(_ALWAYS) | ({place.elsewhere[0]} if place.elsewhere else set())
        columns = [name for name in views[place.view] if name in wanted]
        noticing = Noticing(plan, tuple(columns), since, asking="indicators")
        for _, noticed in lake.mapped(place.view, noticing, columns=columns, site=site, rows=_ROWS):
            yield from _in_rows(noticed, place, known.telling, subject, site)


_CONFIG: Final = subjects.Subject(
    "config_lines", (subjects.Naming(("device", "observer"), "device", "target"),), ("section", "text"), "text"
)


def _plan(place: Places, indicators: Sequence[Indicator]) -> Plan:
    rules = []
    for number, indicator in enumerate(indicators):
        atoms = tuple(_atoms(place, indicator))
        if atoms:
            rules.append((number, Or(atoms)))
    return Plan((Group(None, tuple(rules)),))


def _atoms(place: Places, indicator: Indicator) -> Iterator[Condition]:
    whole: tuple[str, ...] = () if indicator.type == "url" else getattr(place, indicator.type)
    for column in whole:
        if indicator.network:
            yield Atom(column, Op.CIDR, indicator.value)
        else:
            yield Atom(column, Op.EQUALS, indicator.value)
            if indicator.type == "domain":
                yield Atom(column, Op.ENDS, f".{indicator.value}")
    if not indicator.network:
        for column in place.texts:
            yield Atom(column, Op.CONTAINS, indicator.value)


def _in_rows(
    noticed: pa.RecordBatch,
    place: Places,
    indicators: Sequence[Indicator],
    subject: subjects.Subject,
    site: Site,
) -> Iterator[Match]:
    for row in noticed.to_pylist():
        indicator = indicators[row.pop(RULE)].at(_when(row))
        if indicator is None or _told_elsewhere(place, row) or not stands_in(indicator, place, row):
            continue
        entity_type = _ABOUT[indicator.type][1]
        entities = set(subjects.entities_of(subject, row, site.device_names))
        if not indicator.network and all((e.type, e.value) != (entity_type, indicator.value) for e in entities):
            entities.add(Entity(entity_type, indicator.value, "object"))
        yield Match(
            about=ABOUT[indicator.type, indicator.confidence],
            event_id=row["event_id"],
            time=row["time"],
            origin=row["origin"] or "",
            excerpt=subjects.excerpt_of(subject, row),
            entities=tuple(sorted(entities)),
            details={**subjects.details_of(subject, row), **indicator.told()},
        )


def _when(row: Mapping[str, Any]) -> datetime | None:
    """When an event was; a line of a configuration stood there when the snapshot was taken, or last changed."""
    found: datetime | None = row["time"] or row.get("taken") or row.get("changed")
    return found


def _told_elsewhere(place: Places, row: Mapping[str, Any]) -> bool:
    return place.elsewhere is not None and row.get(place.elsewhere[0]) in place.elsewhere[1]


def stands_in(indicator: Indicator, place: Places, row: Mapping[str, Any]) -> bool:
    """Whether a row really names the indicator: inside a text it must stand alone, not be part of a longer one."""
    whole: tuple[str, ...] = () if indicator.type == "url" else getattr(place, indicator.type)
    for column in whole:
        value = str(row.get(column) or "").lower()
        if indicator.network and _inside(value, indicator.value):
            return True
        if value == indicator.value or (indicator.type == "domain" and value.endswith(f".{indicator.value}")):
            return True
    boundary = _boundary(indicator.type, indicator.value)
    return any(boundary.search(str(row.get(column) or "").lower()) is not None for column in place.texts)


@lru_cache(maxsize=16_384)
def _boundary(kind: str, value: str) -> re.Pattern[str]:
    """The value as a word of its own. A name may have labels before it, an address no more digits on either side."""
    before = {"domain": r"(?<![\w-])", "email": r"(?<![\w.+%!#$&'*/=?^`{}~-])"}.get(kind, r"(?<![\w.:])")
    after = {"ip": r"(?!\w|\.\d|:[0-9a-f:]*:)", "url": ""}.get(kind, r"(?![\w-]|\.\w)")
    return re.compile(before + re.escape(value) + after)


@lru_cache(maxsize=65_536)
def _inside(address: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def supported(finding: Finding, known: KnownBad) -> Finding:
    """The finding, with indicators of low confidence that name one of its values standing beside it."""
    if not known.supporting or finding.detector.startswith("indicator."):
        return finding
    found = [known.supporting[value] for value in _values(finding) if value in known.supporting]
    # What still held when the finding ended has made a finding of its own.
    held = [(i, i.at(finding.last)) for i in found]
    beside = [now or i for i, now in held if now is None or now.confidence == "low"]
    if not beside:
        return finding
    told = [indicator.told() for indicator in sorted(set(beside), key=lambda i: (i.type, i.value))]
    return replace(
        finding,
        confidence=max(finding.confidence, min(CEILING, finding.confidence + RAISE)),
        details={**finding.details, "supporting": told},
    )


def _values(finding: Finding) -> Iterable[str]:
    """Values a finding names: its entities, names above them, and words of its details."""
    found: dict[str, None] = {}
    for entity in finding.entities:
        value = entity.value.lower()
        found[value] = None
        if entity.type == "domain":
            labels = value.split(".")
            found.update(dict.fromkeys(".".join(labels[start:]) for start in range(1, len(labels) - 1)))
    for detail in finding.details.values():
        if isinstance(detail, str):
            found.update(dict.fromkeys(re.findall(r"[\w.:@+-]+", detail.lower())))
            found.update(dict.fromkeys(re.findall(r"[\w.:-]+", detail.lower())))
            found.update(dict.fromkeys(re.findall(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])", detail)))
    return found
