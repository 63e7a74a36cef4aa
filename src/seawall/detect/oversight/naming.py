"""One name for one system: reports that do not say whose they are get the name the orders, the policy or the file say.

An export of OpenLI, a DTCP answer and most walks carry no name. Asked in turn: the name the report gives, a known name
that stands in the file's name, and the one system on which the orders expect the taps the report shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from seawall.detect.oversight.facts import Act, Order, Report, Tap, World

_PREFIXES: Final = re.compile(
    r"^(?:snmp(?:bulk)?walk|dtcp|x1|li|get(?:all|task)?details|listall(?:details)?|list|report|export|taps?|nokia|sros|tap2?mib|walk"
    r"|mirrors?|show|config|running|response|answer|element|ne)[\-_.]+",
    re.I,
)


@lru_cache(maxsize=16_384)
def folded(name: str) -> str:
    """A system's name as it is compared."""
    return name.strip().rstrip(".").lower()


def key(raw: str) -> str:
    """A LIID, native identifier or warrant as it is compared: no spaces, one case, no invisible signs."""
    if raw.isascii() and raw.isprintable() and " " not in raw:
        return raw.lower()
    return "".join(c for c in raw if not c.isspace() and c.isprintable()).casefold()


def native_key(raw: str) -> str:
    """A native identifier: numbers whatever their leading zeros; else as `key`."""
    squeezed = key(raw).removeprefix("0x")
    return squeezed.lstrip("0") or "0" if squeezed else ""


def settle(world: World) -> None:
    """Give every tap, report, act, mirror and agency the one name of its system."""
    known = _known(world)
    by_report: dict[str, list[Tap]] = {}
    for tap in world.taps:
        by_report.setdefault(tap.report, []).append(tap)
    by_liid, by_native = _orders(world.orders)
    named: dict[str, str] = {}
    reports = {r.report: r.system for r in world.reports} | {t.report: t.system for t in world.taps if t.system}
    for report in {*reports, *by_report}:
        own = reports.get(report) or ""
        stem = report.partition("#")[0]
        named[report] = (
            known.get(folded(own), own)
            if own
            else _from_file(stem, known) or _voted(by_report.get(report, ()), by_liid, by_native, known) or ""
        )
    _lend(named, by_report, reports)
    for tap in world.taps:
        tap.system = known.get(folded(tap.system), tap.system) if tap.system else named[tap.report]
    for one in world.reports:
        own = known.get(folded(one.system), one.system)  # a table of many systems is none of them
        one.system = own or named.get(one.report, "")
    openli = next((named[t.report] for t in world.taps if t.form == "openli"), "") or _openli(world, named)
    world.handovers = [replace(h, system=h.system or openli) for h in world.handovers]
    world.mirrors = [
        replace(m, system=known.get(folded(m.system), m.system) if m.system else _from_file(_stem(m.row.origin), known))
        for m in world.mirrors
    ]
    _manage(world)
    hosts = _hosts(world.acts, by_liid, known, openli)
    world.acts = [replace(a, system=hosts.get(a.system, a.system)) for a in world.acts]


_MANAGER: Final = re.compile(r"^(?:mdf|admf|lipf|licf|mediation)\d?(?:$|[-_.\d])")


def _manage(world: World) -> None:
    """What an ADMF or mediation function shows is the management's word, whatever message it came in."""
    named = {folded(str(m.get("id"))) for m in _dicts(world.policy.get("mediation"))}
    named |= {folded(str(m.get("admfIdentifier") or "")) for m in _dicts(world.policy.get("admf"))} - {""}
    expected = {folded(e) for order in world.orders for e in order.elements}

    def manages(name: str) -> bool:
        low = folded(name)
        return low not in expected and (low in named or bool(_MANAGER.match(low)))

    every: list[Tap | Report] = [*world.taps, *world.reports]
    for one in every:
        if one.system and manages(one.system):
            one.path = "management"


def _openli(world: World, named: dict[str, str]) -> str:
    return next((named.get(r.report, "") for r in world.reports if r.form == "openli"), "")


def _known(world: World) -> dict[str, str]:
    """Names systems are known by, folded → as written."""
    names: list[str] = [e for order in world.orders for e in order.elements]
    names += [t.system for t in world.taps if t.system] + [r.system for r in world.reports if r.system]
    names += [a.system for a in world.acts if a.form != "openli" and a.system]
    for listed in ("approved_mirrors", "maintenance"):
        names += [str(m.get("system")) for m in _dicts(world.policy.get(listed)) if m.get("system")]
    for audit in _dicts(world.policy.get("scheduled_audits")):
        names += [str(s) for s in audit.get("systems") or ()]
    silence = world.policy.get("log_max_silence_s")
    names += [str(s) for s in silence] if isinstance(silence, dict) else []
    return {folded(name): name for name in reversed(names)}


def _stem(origin: str) -> str:
    """The file an origin stands in."""
    return re.sub(r"(?:#[\w.]+|:\d+)$", "", origin)


def _dicts(raw: Any) -> list[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _from_file(origin: str, known: dict[str, str]) -> str:
    """The known system a file is named after; else what its name says without the words for formats."""
    stem = re.sub(r"(?:\.[A-Za-z0-9]{1,5}){1,2}$", "", origin.rpartition("/")[2])
    low = folded(stem)
    inside = [name for name in known if re.search(rf"(?:^|[^a-z0-9]){re.escape(name)}(?:$|[^a-z0-9])", low)]
    if inside:
        return known[max(inside, key=len)]
    bare = stem
    while (cut := _PREFIXES.sub("", bare)) != bare:
        bare = cut
    generic = re.fullmatch(
        r"(?:openli)?[-_]?(?:ip|voip|email)?[-_]?(?:intercepts?|agenc(?:y|ies)|list|all|output)?", bare, re.I
    )
    return "" if generic or bare == stem else bare


def _voted(
    taps: Iterable[Tap], by_liid: dict[str, list[Order]], by_native: dict[str, list[Order]], known: dict[str, str]
) -> str:
    """The system most orders of these taps expect them on."""
    votes: Counter[str] = Counter()
    for tap in taps:
        orders = [o for liid in tap.liids for o in by_liid.get(key(liid), ())]
        orders = orders or (by_native.get(native_key(tap.native), []) if tap.native else [])
        votes.update(element for order in orders for element in set(order.elements))
    if not votes:
        return ""
    (first, count), *rest = votes.most_common(2)
    return known.get(folded(first), first) if not rest or rest[0][1] < count else ""


def _lend(named: dict[str, str], by_report: dict[str, list[Tap]], reports: dict[str, str]) -> None:
    """Lists of one OpenLI provisioner lie beside each other: those without a name take their neighbour's."""
    by_folder: dict[str, set[str]] = {}
    unnamed: list[tuple[str, str]] = []
    for report in named:
        taps = by_report.get(report, [])
        if "#" not in report or (taps and taps[0].form != "openli"):
            continue
        folder = report.partition("#")[0].rpartition("/")[0]
        if named[report]:
            if taps and taps[0].form == "openli":
                by_folder.setdefault(folder, set()).add(named[report])
        elif report in reports:
            unnamed.append((report, folder))
    for report, folder in unnamed:
        names = by_folder.get(folder, set())
        named[report] = next(iter(names)) if len(names) == 1 else "openli"


def _orders(orders: Iterable[Order]) -> tuple[dict[str, list[Order]], dict[str, list[Order]]]:
    by_liid: dict[str, list[Order]] = {}
    by_native: dict[str, list[Order]] = {}
    for order in orders:
        if order.liid:
            by_liid.setdefault(key(order.liid), []).append(order)
        if order.native:
            by_native.setdefault(native_key(order.native), []).append(order)
    return by_liid, by_native


def _hosts(acts: Iterable[Act], by_liid: dict[str, list[Order]], known: dict[str, str], openli: str) -> dict[str, str]:
    """Hosts of logs → the system they speak of."""
    votes: dict[str, Counter[str]] = {}
    for act in acts:
        if act.form != "openli":
            votes.setdefault(act.system, Counter())
            continue
        some = votes.setdefault(act.system, Counter())
        some.update(e for order in by_liid.get(key(act.liid), ()) for e in set(order.elements)) if act.liid else None
    made: dict[str, str] = {}
    for host, some in votes.items():
        if folded(host) in known:
            made[host] = known[folded(host)]
        elif some:
            made[host] = some.most_common(1)[0][0]
        elif openli and host:
            made[host] = openli if any(a.system == host and a.form == "openli" for a in acts) else host
    return made
