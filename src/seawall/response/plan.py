"""Incident → the smallest set of actions that cuts every path the intruder is known to have.

A path is what a finding shows to be there: a tunnel, an account, a hole in a list, a login server, a capture, an
address outside. Each path is cut once, however many findings tell of it. Login servers and tunnels come first, accounts
and lists next, addresses last: so the intruder is warned late, and by then has nothing left.
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from seawall.errors import InputError
from seawall.model.action import Action
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.response.actions import kind_of
from seawall.response.addresses import network
from seawall.response.evidence import Source, Standing, standing_of
from seawall.response.guard import Guard
from seawall.response.plans import Plan
from seawall.response.routes import routes_of

_CAPTURE: Final = re.compile(r"monitor capture (?P<name>\S{1,64})", re.I)
_SESSION: Final = re.compile(r"(?:monitor session|monitor-session) (?P<name>\S{1,64})", re.I)
_TUNNEL: Final = re.compile(r"interface (?P<name>(?:tunnel|tu|nve|vxlan)[\w/.:-]{1,40})", re.I)
_USER: Final = re.compile(r"username (?P<name>[A-Za-z0-9_][\w.@$-]{0,63}) ", re.I)
_TAGS_OF_SOURCES: Final = frozenset({"source", "object", "target"})
_SESSIONS: Final = frozenset({"ios", "iosxr", "nxos", "junos", "eos"})
_WORST_FIRST: Final = Severity.HIGH  # findings below it name too many harmless things

SAVE: Final[Mapping[str, tuple[str, ...]]] = {
    "router": (
        "show users, show tcp brief, show ip sockets (sessions end with the change)",
        "show running-config and show startup-config, kept off the device",
        "show logging and the archive log",
        "dir /recursive all-filesystems, and copies of what is not yours",
    ),
    "sessions": ("show users, and what the session is doing: it ends with the change",),
    "accounts": ("the account's logins and sessions, from every system that checks it",),
    "stop_capture": ("show monitor capture, and export the buffer to a host of yours before it is cleared",),
    "nft": ("a packet capture of what the address still sends, before it is dropped",),
    "bgp": ("flow records and a packet capture of what the address still sends",),
}
"""What to save before a door changes something: the most fleeting first (RFC 3227, 2.1)."""


@dataclass(frozen=True)
class Asked:
    """What a plan is made from."""

    incident: Incident
    findings: Sequence[Finding]  # of the incident
    site: Site
    guard: Guard
    sources: Mapping[str, Source] = field(default_factory=dict)  # event id → where it comes from, as the lake knows
    shared: Callable[[str], str] = lambda _: "not measured: no flows were read"  # address → who else speaks with it
    hours: float = 4.0


@dataclass
class Draft:
    """Paths found so far."""

    actions: dict[tuple[str, ...], Action] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    because: dict[tuple[str, ...], list[Finding]] = field(default_factory=lambda: defaultdict(list))
    standing: dict[str, Standing] = field(default_factory=dict)  # what each action rests on, by its id


def propose(asked: Asked, *, requester: str, purpose: str, made: str) -> tuple[Plan, Mapping[str, Standing]]:
    """The plan for an incident, and what each action rests on, by its id.

    What cannot be cut by a command is a question to a person; nothing is left unsaid.
    """
    draft = Draft()
    for finding in asked.findings:
        for key, make in _paths(finding, asked):
            draft.because[key].append(finding)
            if key not in draft.actions:
                draft.actions[key] = make()
    _ask_about_people(draft, asked)
    chosen: list[Action] = []
    for key, action in draft.actions.items():
        draft.standing[action.id] = standing_of(draft.because[key], asked.sources)
        chosen.append(_dressed(action, draft.standing[action.id], asked))
    chosen = [_kept(action, asked, draft) for action in chosen]
    if not chosen:
        draft.notes.append("no path is known that a command could cut; see what could not be seen in the report")
    chosen.sort(key=lambda action: (kind_of(action.kind).order, action.target, action.do))
    exercise = any(finding.exercise for finding in asked.findings)
    title = f"Cut off: {asked.incident.title}"
    notes = tuple(dict.fromkeys(draft.notes))
    plan = Plan(
        secrets.token_hex(16), asked.incident.id, title, requester, purpose, made, tuple(chosen[:200]), notes, exercise
    )
    return plan, draft.standing


def _ask_about_people(draft: Draft, asked: Asked) -> None:
    """People's accounts that the intruder may have used: whether they were stolen is asked of their owners, once."""
    mine: dict[str, list[Finding]] = {}
    for finding in asked.findings:
        if finding.severity >= _WORST_FIRST:
            for entity in finding.entities:
                if entity.type == "account" and entity.role == "actor" and asked.site.person(entity.value):
                    mine.setdefault(_plain(entity.value), []).append(finding)
    if not mine:
        return
    lines = "".join(f"- {account}: {_plain(found[0].title)}\n" for account, found in sorted(mine.items()))
    text = (
        "Ask these people by telephone, not by mail or chat, whether they did what is seen. Disable the account of "
        f"whoever did not: it is stolen.\n{lines}"
    )
    key = ("ask", "people")
    draft.actions[key] = kind_of("ask").action("people", {"text": text}, "seen", incident=asked.incident.id)
    draft.because[key] = [finding for found in mine.values() for finding in found]


Path = tuple[tuple[str, ...], Callable[[], Action]]


def _paths(finding: Finding, asked: Asked) -> Iterator[Path]:
    if finding.severity < _WORST_FIRST:
        return
    yield from _on_devices(finding, asked)
    yield from _addresses(finding, asked)
    yield from _machines(finding, asked)


def _on_devices(finding: Finding, asked: Asked) -> Iterator[Path]:
    """What stands in a device's configuration, by the change that was seen or the command that made it."""
    details = finding.details
    device = next((d for d in asked.site.devices if d.name == _device(finding, asked)), None)
    name = device.name if device else _device(finding, asked)
    if not name:
        return
    platform = device.platform if device else ""
    for kind, values in _changes(details):
        if kind == "session_kill" and platform not in _SESSIONS:
            continue  # whoever removes the account by hand is told there
        key = (kind, name, *(value.lower() for value in values.values()))
        yield key, _maker(kind, {"device": name, "platform": platform, **values}, name, finding, asked)


def _changes(details: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    after = [str(line) for line in details.get("after", ()) if isinstance(line, str)]
    effect = str(details.get("effect", ""))
    if effect == "user" and after:
        yield "remove_user", {"account": str(details.get("object", ""))}
        yield "session_kill", {"account": str(details.get("object", ""))}
    elif effect == "tunnel" and after:
        yield "shut_tunnel", {"interface": str(details.get("object", ""))}
    elif effect == "aaa-server" and after:
        yield "restore_aaa", {"line": after[0]}
    elif effect == "access":
        for line in after:
            yield "close_access", {"line": line}
    elif effect in ("mirror", "capture") and after:
        yield from _capture(after[0])
    command = str(details.get("command_raw", ""))
    if not effect and command:
        yield from _capture(command)
        if found := _TUNNEL.fullmatch(command.strip()):
            yield "shut_tunnel", {"interface": found["name"]}
        if found := _USER.match(command.strip()):
            yield "remove_user", {"account": found["name"]}


def _capture(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    if found := _CAPTURE.match(text.strip()):
        yield "stop_capture", {"name": found["name"], "form": "capture"}
    elif found := _SESSION.match(text.strip()):
        yield "stop_capture", {"name": found["name"], "form": "session"}


def _addresses(finding: Finding, asked: Asked) -> Iterator[Path]:
    """Addresses outside the carrier's own world."""
    for entity in finding.entities:
        if entity.type != "ip" or entity.role not in _TAGS_OF_SOURCES:
            continue
        try:
            wanted = network(entity.value)
        except InputError:
            continue
        if asked.guard.safelist.hit(wanted):  # ours: what is inside is a question to a person
            continue
        for firewall in asked.guard.targets.firewalls:
            key = ("nft_block", firewall.name, str(wanted))
            yield key, _maker("nft_block", {"address": str(wanted)}, firewall.name, finding, asked)
        for speaker in asked.guard.targets.bgp:
            for kind, values in routes_of(wanted, speaker, asked.guard.targets.legal_basis):
                yield (kind, speaker.name, *values.values()), _maker(kind, values, speaker.name, finding, asked)
        if not asked.guard.targets.firewalls and not asked.guard.targets.bgp:
            text = (
                f"Block {wanted} in both directions at the edge of your management network, for {asked.hours:g} hours."
            )
            yield (
                ("ask", "edge", str(wanted)),
                _maker("ask", {"text": text, "address": str(wanted)}, "edge", finding, asked),
            )


def _machines(finding: Finding, asked: Asked) -> Iterator[Path]:
    """Servers and crown jewels: no command of ours reaches into them."""
    name = _device(finding, asked)
    device = next((d for d in asked.site.devices if d.name == name), None)
    if device is None or device.platform not in ("linux", "windows"):
        return
    text = (
        f"Isolate {device.name} ({device.role or 'server'}) from everything but the responders' network, without "
        "switching it off: memory is evidence. Take an image of memory first, then of the disks."
    )
    yield ("ask", device.name), _maker("ask", {"text": text, "device": device.name}, device.name, finding, asked)


def _device(finding: Finding, asked: Asked) -> str:
    named = str(finding.details.get("device", "")) or next(
        (e.value for e in finding.entities if e.type == "device" and e.role == "target"), ""
    )
    return asked.site.device_names.get(named.lower(), _plain(named))


def _plain(text: str) -> str:
    """A text of the network on one line, nothing in it that a terminal or a file would act on."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text[:500])


def _maker(kind: str, values: Mapping[str, str], target: str, finding: Finding, asked: Asked) -> Callable[[], Action]:
    def make() -> Action:
        seconds = int(asked.hours * 3_600)
        try:
            return kind_of(kind).action(target, values, finding.why, lasts_s=seconds, incident=asked.incident.id)
        except InputError as error:
            what = values.get("line") or ", ".join(v for k, v in values.items() if k not in ("device", "platform"))
            told = f"{kind_of(kind).title} on {target}, by hand: {_plain(what)}"
            text = f"{told}\nNo command is written for it: {error.what}."
            return kind_of("ask").action(target, {"text": text}, finding.why, incident=asked.incident.id)

    return make


def _dressed(action: Action, standing: Standing, asked: Asked) -> Action:
    """The action with its doubts, collateral, and what to save first."""
    kind = kind_of(action.kind)
    save = (*SAVE.get(kind.name, ()), *SAVE.get(kind.door, ()))
    address = action.values.get("address", "")
    return replace(
        action, doubts=_doubts(standing), save_first=save, collateral=asked.shared(address) if address else ""
    )


def _doubts(standing: Standing) -> tuple[str, ...]:
    doubts = []
    if standing.only_spoofable:
        doubts.append("the evidence for it is only spoofable: anybody who can send a packet could have written it")
    if standing.only_learned:
        doubts.append("it rests on what is usual here, not on what the site file says")
    if standing.only_indicator:
        doubts.append("it rests on an indicator list alone")
    return tuple(doubts)


def _kept(action: Action, asked: Asked, draft: Draft) -> Action:
    """The action, or a question to a person where something forbids its text for good."""
    why = list(asked.guard.written_wrong(action))
    if not why:
        return action
    text = f"{kind_of(action.kind).title} on {action.target} is not proposed: {'; '.join(why)}.\nDecide by hand."
    draft.notes.append(f"{action.target}: {kind_of(action.kind).title.lower()} is not proposed: {'; '.join(why)}")
    return kind_of("ask").action(action.target, {"text": text}, action.reason, incident=action.incident)
