"""Routing policy: who is believed, and what is told to whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from seawall.detect.audit.base import NA, Outcome, Rule
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.judge import flat, worst
from seawall.detect.audit.neighbours import Neighbour, neighbours_of
from seawall.model.audit import Status


def with_ebgp(device: Device, rule: Rule) -> Outcome:
    """The rest of the rule, asked only of a router with external neighbours."""
    if not any(n.external for n in neighbours_of(device)):
        return NA
    return flat(rule, device, device.entries, {})


_FILTERS: Final = {
    "ios": r"(?:route-map|prefix-list|filter-list|distribute-list|rcf) (?P<name>\S+) {way}",
    "nxos": r"(?:.* )?(?:route-map|prefix-list|filter-list) (?P<name>\S+) {way}",
    "iosxr": r"(?:.* )?route-policy (?P<name>[^\s(]+).* {way}",
    "junos": r"(?:.* )?{junos} (?P<name>.+)",
    "sros": r"(?:.* )?{junos} (?:policy )?(?P<name>.+)",
    "vrp": r"(?:route-policy|ip-prefix|filter-policy|as-path-filter|route-filter|xpl) (?P<name>\S+) {junos}",
}  # fmt: skip


def policies(device: Device, rule: Rule) -> Outcome:
    """Every external neighbour has a policy this way that exists and does not let everything through."""
    way = str(rule.args["way"])
    junos = "import" if way == "in" else "export"
    shape = re.compile(
        _FILTERS["ios" if device.family == "eos" else device.family].format(way=way, junos=junos) + r"(?!\S)"
    )
    outcomes = []
    for one in neighbours_of(device):
        if one.external:
            parts = [lines for name, lines in one.families.items() if name != "other"] or [one.lines]
            outcomes += [_policy(device, rule, replace(one, lines=lines), shape) for lines in parts]
    return worst(outcomes) if outcomes else NA


def _policy(device: Device, rule: Rule, one: Neighbour, shape: re.Pattern[str]) -> Outcome:
    values = ({"section": f"{one.section} {one.address}"},)
    found = [(e, m) for e in one.lines if (m := shape.match(e.path))]
    at = tuple(one.lines[:1])
    if not found:
        if device.platform == "iosxr":
            return Outcome(Status.PASS, at)  # nothing is taken or told without a policy
        if device.platform == "sros" and device.entries.has(_SROS_REJECTS):
            return Outcome(Status.PASS, at)
        if _shut(one.lines):
            return Outcome(Status.PASS, at)
        return Outcome(Status.FAIL, at, rule.say, absence=True, values=values)
    bad = []
    for entry, match in found:
        for name in match["name"].replace('"', "").strip("[]() ").split():
            why = _open(device, name)
            if why:
                bad.append((entry, f"{name} {why}"))
            else:
                return Outcome(Status.PASS, (entry,))  # one filter that works is a filter
    if bad:
        absent = all("not defined" in why for _, why in bad)
        return Outcome(Status.FAIL, tuple(e for e, _ in bad), bad[0][1], absence=absent, values=values)
    return Outcome(Status.PASS, (found[0][0],))


_SROS_REJECTS: Final = re.compile(r"configure router (?:Base )?bgp (?:.* )?ebgp-default-reject-policy.*")


def _shut(lines: Iterable[Entry]) -> bool:
    return any(e.path in ("shutdown", "ignore", "admin-state disable") for e in lines)


def _open(device: Device, name: str) -> str:
    """Why a policy is no filter: it is not defined, or lets everything through; empty if it is one."""
    quoted = re.escape(name)
    match device.family:
        case "iosxr":
            return _xr_open(device, quoted)
        case "junos":
            return _junos_open(device, quoted)
        case "sros":
            return _sros_open(device, quoted)
        case "vrp":
            return ""  # its filters are of too many kinds to look for one by name
        case _:
            return _ios_open(device, quoted)


def _ios_open(device: Device, quoted: str) -> str:
    maps = device.entries.sections(re.compile(rf"route-map {quoted} (?:permit|deny)?\s?\d*(?!\S)"))
    lists = device.entries.find(
        re.compile(
            rf"(?:ip |ipv6 )?(?:prefix-list|access-list|as-path access-list)(?: standard| extended)? {quoted}(?!\S).*"
        )
    )
    if not maps and not lists:
        return "is not defined"
    if maps:
        first = next(iter(maps.items()))
        lines = [e for e in first[1] if e.path]
        if "deny" not in first[0] and not any(e.path.startswith(("match ", "sub-route-map")) for e in lines):
            return "permits everything"
        return ""
    texts = [e.path for e, _ in lists]
    if any(re.search(r"permit (?:0\.0\.0\.0/0 le 32|::/0 le 128|any$|\.\*)", text) for text in texts):
        return "" if any(" deny " in f" {text} " for text in texts) else "permits everything"
    return ""


def _xr_open(device: Device, quoted: str) -> str:
    lines = [e for e, _ in device.entries.find(re.compile(rf"route-policy {quoted}(?:\(.*)?(?!\S).*"))]
    assert device.config is not None
    body = _xr_body(device, quoted)
    if not lines and body is None:
        return "is not defined"
    said = body if body is not None else [e.path for e in lines]
    words = [word.strip() for word in said if word.strip() and not word.strip().startswith("#")]
    words = [w for w in words if not w.startswith(("route-policy ", "end-policy", "set "))]
    return "lets everything through" if words and all(w in ("pass", "done") for w in words) else ""


def _xr_body(device: Device, quoted: str) -> list[str] | None:
    assert device.config is not None
    for one in device.config.children:
        if (
            one.words[:1] == ("route-policy",)
            and len(one.words) > 1
            and re.fullmatch(rf"{quoted}(?:\(.*)?", one.words[1])
        ):
            said = list(one.body)
            stack = list(one.children)
            while stack:
                child = stack.pop(0)
                said.append(" ".join(child.words))
                said += child.body
                stack = [*child.children, *stack]
            return said
    return None


def _junos_open(device: Device, quoted: str) -> str:
    lines = [
        e.below(m.end()) for e, m in device.entries.find(re.compile(rf"policy-options policy-statement {quoted}(?!\S)"))
    ]
    if not lines:
        return "is not defined"
    asks = any(re.match(r"(?:term \S+ )?from ", e.path) for e in lines)
    accepts = any(re.match(r"(?:term \S+ )?then (?:.* )?accept", e.path) for e in lines)
    rejects = any(re.match(r"(?:term \S+ )?then (?:.* )?reject", e.path) for e in lines)
    return "accepts everything" if accepts and not asks and not rejects else ""


def _sros_open(device: Device, quoted: str) -> str:
    shape = re.compile(rf"configure (?:router (?:Base )?)?(?:policy-options )policy-statement \"?{quoted}\"?(?!\S)")
    lines = [e.below(m.end()) for e, m in device.entries.find(shape)]
    if not lines:
        return "is not defined"
    asks = any(" from " in f" {e.path} " or " to " in f" {e.path} " for e in lines)
    rejects = any(re.search(r"action (?:reject|drop|deny|action-type reject)", e.path) for e in lines)
    accepts = any(re.search(r"action (?:accept|action-type accept)", e.path) for e in lines)
    return "accepts everything" if accepts and not asks and not rejects else ""


def junos_igp_keys(device: Device, rule: Rule) -> Outcome:
    """Every active interface of an interior protocol has a key."""
    shape = re.compile(rf"{rule.args['at']}(?!\S)")
    key = re.compile(rf"{rule.args['key']}(?!\S)")
    outcomes = []
    for section, lines in device.entries.sections(shape).items():
        found = shape.match(section)
        assert found is not None
        if re.match(r"lo0|\"?system\"?$|all$", found["if"]) or any(e.path in ("passive", "disable") for e in lines):
            continue
        held = [e for e in lines if key.match(e.path)]
        if held:
            outcomes.append(Outcome(Status.PASS, tuple(held[:1])))
        else:
            outcomes.append(
                Outcome(Status.FAIL, tuple(lines[:1]), "this interface has no key", values=({"section": section},))
            )
    return worst(outcomes) if outcomes else NA
