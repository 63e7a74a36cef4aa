"""BGP neighbours with everything they inherit from groups, templates and the process, per platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One session. `lines` are as seen from within the neighbour: `remote-as 64500`, `password <masked>`."""

    section: str  # what stands before the address: `router bgp 64500 neighbor`
    address: str
    external: bool
    lines: list[Entry]
    families: dict[str, list[Entry]] = field(default_factory=dict)  # where it is active: what is set there or for all

    @property
    def in_fabric(self) -> bool:
        """Whether its group's name says that it is a session of a data centre's own fabric."""
        return _in_fabric(self.lines)


def neighbours_of(device: Device) -> list[Neighbour]:
    """Every BGP neighbour of a device; worked out once."""
    if "neighbours" not in device.held:
        reader = _READERS.get(device.family)
        device.held["neighbours"] = list(reader(device)) if reader else []
    return device.held["neighbours"]  # type: ignore[return-value]


_FLAT: Final = re.compile(
    r"router bgp (?P<as>\S+) (?P<in>(?:vrf \S+ |address-family (?:ipv[46]|vpnv[46]|l2vpn|evpn)"
    r"(?: (?:unicast|multicast|labeled-unicast|evpn|vpls))?(?: vrf \S+)? ?)*)(?:no )?"
    r"neighbor (?P<who>\S+) (?P<what>.*)"
)
_PROCESS: Final = re.compile(r"router bgp (?P<as>[\d.]+)(?!\S)")
_BOUND: Final = 20_000  # neighbour lines looked at


def _flat(device: Device) -> Iterator[Neighbour]:
    """IOS, IOS XE and EOS: `neighbor WHO WORDS`, WHO being an address or a group."""
    held: dict[tuple[str, str], list[Entry]] = {}
    own: dict[str, str] = {}
    order: list[tuple[str, str]] = []
    where: dict[int, str] = {}  # entry → the address family it stands in
    for entry, found in device.entries.find(_FLAT)[:_BOUND]:
        scope = (
            f"router bgp {found['as']} vrf {_vrf(found['in'])}" if "vrf" in found["in"] else f"router bgp {found['as']}"
        )
        key = (scope, found["who"])
        own[scope] = found["as"]
        if key not in held:
            order.append(key)
        off = " no neighbor " in f" {entry.path}"
        what = f"no {found['what']}" if off else found["what"]
        one_line = Entry(entry.number, what, entry.text, entry.inherited, entry.secrets)
        held.setdefault(key, []).append(one_line)
        place = _FAMILY.search(found["in"])
        where[id(one_line)] = place[1] if place else ("other" if "address-family" in found["in"] else "")
    for scope, who in order:
        if not re.match(r"[\da-fA-F.:]+$", who) or not ("." in who or ":" in who):
            continue
        lines = held[(scope, who)]
        groups = [
            m[1] for e in lines if (m := re.match(r"(?:inherit )?peer(?:-group|-session|-policy| group) (\S+)", e.path))
        ]
        near = [e for group in groups for s in (scope, scope.partition(" vrf ")[0]) for e in held.get((s, group), ())]
        lines = [*lines, *near, *_templates(device, groups)]
        one = _neighbour(f"{scope} neighbor", who, own[scope], lines)
        active = {where[id(e)] for e in lines if e.path == "activate" and where.get(id(e))}
        for family in active:
            one.families[family] = [e for e in lines if where.get(id(e), "") in ("", family)]
        yield one


_FAMILY: Final = re.compile(r"address-family (ipv[46])(?: unicast)?(?: vrf \S+)?\s?$")


def _vrf(text: str) -> str:
    found = re.search(r"vrf (\S+)", text)
    return found[1] if found else ""


def _templates(device: Device, names: list[str]) -> list[Entry]:
    found = []
    for name in names:
        shape = re.compile(rf"router bgp \S+ template peer(?:-session|-policy)? {re.escape(name)}(?!\S)")
        found += [e.below(m.end()) for e, m in device.entries.find(shape)]
    return found


_REMOTE: Final = re.compile(r"(?:remote-as|peer-as|as-number) (\S+)")


def _neighbour(section: str, address: str, own: str, lines: list[Entry]) -> Neighbour:
    remote = next((m[1] for e in lines if (m := _REMOTE.match(e.path))), "")
    external = remote not in ("", "internal") and (remote == "external" or remote != own) and not _in_fabric(lines)
    return Neighbour(section, address, external, lines)


_FABRIC: Final = re.compile(
    r"(?:peer-group|peer group|inherit peer\S*|use \S+-group|description) .*(?:underlay|overlay|evpn|mlag|fabric)", re.I
)


def _in_fabric(lines: list[Entry]) -> bool:
    """Whether a session between different AS numbers is one of a data centre's own fabric, by its group's name."""
    return any(_FABRIC.match(entry.path) for entry in lines)


_NX: Final = re.compile(r"router bgp (?P<as>\S+)(?: vrf (?P<vrf>\S+))? neighbor (?P<who>[\da-fA-F.:/]+)(?!\S)")


def _sections(device: Device) -> Iterator[Neighbour]:
    """NX-OS and IOS XR: `neighbor WHO` is a section, `inherit peer` or `use …-group` names templates."""
    for key, lines in device.entries.sections(_NX).items():
        found = _NX.match(key)
        assert found is not None
        merged = [*lines, *_inherited(device, found["as"], lines, 0)]
        yield _neighbour(f"router bgp {found['as']} neighbor", found["who"], found["as"], merged)


_TEMPLATE: Final = r"(?:template peer(?:-session|-policy)?|(?:neighbor|session|af)-group)"


def _inherited(device: Device, own: str, lines: list[Entry], depth: int) -> list[Entry]:
    if depth > 4:
        return []
    found: list[Entry] = []
    for entry in lines:
        named = re.match(
            r"(?:.* )?(?:inherit peer(?:-session|-policy)?|use (?:neighbor|session|af)-group) (\S+)", entry.path
        )
        if named:
            shape = re.compile(rf"router bgp {re.escape(own)} {_TEMPLATE} {re.escape(named[1])}(?!\S)")
            below = [e.below(m.end()) for e, m in device.entries.find(shape)]
            found += below + _inherited(device, own, below, depth + 1)
    return found


_JUNOS: Final = re.compile(
    r"(?P<top>(?:routing-instances \S+ |logical-systems \S+ )?protocols bgp) "
    r"group (?P<group>\S+) neighbor (?P<who>\S+)(?!\S)"
)


def _junos(device: Device) -> Iterator[Neighbour]:
    local = next((m[1] for _, m in device.entries.find(re.compile(r"routing-options autonomous-system (\d\S*)"))), "")
    for key, lines in device.entries.sections(_JUNOS).items():
        found = _JUNOS.match(key)
        assert found is not None
        group = re.compile(rf"{re.escape(found['top'])} group {re.escape(found['group'])} (?!neighbor )(?=\S)")
        process = re.compile(rf"{re.escape(found['top'])} (?!group )(?=\S)")
        merged = [*lines, *(e.below(m.end()) for p in (group, process) for e, m in device.entries.find(p))]
        kind = next((m[1] for e in merged if (m := re.match(r"type (\S+)", e.path))), "")
        remote = next((m[1] for e in merged if (m := _REMOTE.match(e.path))), "")
        own = next((m[1] for e in merged if (m := re.match(r"local-as (\d+)", e.path))), local)
        external = (kind == "external" or (not kind and remote not in ("", own))) and not _in_fabric(merged)
        yield Neighbour(f"{found['top']} group {found['group']} neighbor", found["who"], external, merged)


_SROS: Final = re.compile(
    r"(?P<top>configure (?:router(?: Base)?|service vprn \S+)(?: customer \S+)?) bgp "
    r"(?:group (?P<group>\S+) )?neighbor (?P<who>\S+)(?!\S)"
)


def _sros(device: Device) -> Iterator[Neighbour]:
    for key, lines in device.entries.sections(_SROS).items():
        found = _SROS.match(key)
        assert found is not None
        name = found["group"] or next((m[1] for e in lines if (m := re.match(r"group (\S+)", e.path))), "")
        group = re.compile(rf"{re.escape(found['top'])} bgp group {re.escape(name)} (?!neighbor )(?=\S)")
        process = re.compile(rf"{re.escape(found['top'])} bgp (?!group |neighbor )(?=\S)")
        merged = [*lines, *(e.below(m.end()) for p in (group, process) for e, m in device.entries.find(p))]
        own = next(
            (m[1] for _, m in device.entries.find(re.compile(rf"{re.escape(found['top'])} autonomous-system (\d+)"))),
            "",
        )
        kind = next((m[1] for e in merged if (m := re.match(r"type (\S+)", e.path))), "")
        remote = next((m[1] for e in merged if (m := _REMOTE.match(e.path))), "")
        external = kind == "external" or (kind != "internal" and remote not in ("", own))
        yield Neighbour(f"{found['top']} bgp neighbor", found["who"], external, merged)


_VRP: Final = re.compile(
    r"bgp (?P<as>\S+) (?:(?:ipv[46]-family) \S*?(?: ?vpn-instance \S+)? ?)?peer (?P<who>\S+) (?P<what>.*)"
)


def _vrp(device: Device) -> Iterator[Neighbour]:
    held: dict[str, list[Entry]] = {}
    own = ""
    for entry, found in device.entries.find(_VRP):
        own = found["as"]
        what = Entry(entry.number, found["what"], entry.text, entry.inherited, entry.secrets)
        held.setdefault(found["who"], []).append(what)
    for who, lines in held.items():
        if "." not in who and ":" not in who:
            continue
        groups = [m[1] for e in lines if (m := re.match(r"group (\S+)", e.path))]
        yield _neighbour(f"bgp {own} peer", who, own, [*lines, *(e for g in groups for e in held.get(g, ()))])


_READERS: Final = {
    "ios": _flat, "eos": _flat, "nxos": _sections, "iosxr": _sections, "junos": _junos, "sros": _sros, "vrp": _vrp,
}  # fmt: skip
