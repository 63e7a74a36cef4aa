"""What the carrier's own world says about a finding: expected work is told apart from the rest.

With a site file, three things are expected, and capped at `low`: an act inside a change window (below), a server,
tunnel or mirror end the site file approves, and a change by a channel it approves. Without one, only this is:
somebody who renews their own secret makes no new account.

A change window: an act by an account the carrier knows, from a place that account works from, inside a change
window that covers device and account for the whole finding, is capped at `low` and tagged `expected`. It is never
dropped: intruders borrow accounts and know change windows. Nothing is capped where one of the three is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import ChangeWindow, Person, Site, lies_in

EXPECTED: Final = "expected"
SUSPECT: Final = timedelta(hours=12)  # so long before a window a stranger on the device spoils its word
_ADDRESS: Final = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]{2,})(?![\w.])")


class Session(NamedTuple):
    """Somebody worked on a device from somewhere."""

    device: str
    account: str
    source: str


Sessions = Callable[[ChangeWindow], frozenset[Session]]  # all sessions in a change window and shortly before it


def in_context(finding: Finding, site: Site, sessions: Sessions | None = None) -> Finding:
    """The finding, capped at low if it is expected work; else as it is.

    `sessions` answers who else was on a device in a window, for records that name no account or no source.
    """
    reason = _own_secret(finding) or (_known_to(site, finding, sessions) if site.known else "")
    if not reason:
        return finding
    return replace(
        finding,
        severity=min(finding.severity, Severity.LOW),
        tags=(*finding.tags, EXPECTED),
        why=f"{finding.why} Expected: {reason}.",
        details={**finding.details, "expected": reason},
    )


def _known_to(site: Site, finding: Finding, sessions: Sessions | None) -> str:
    """What the site file says for the finding; empty if it says nothing."""
    reason = _in_window(finding, site) or (_in_company(finding, site, sessions) if sessions else "")
    return reason or _approved_end(finding, site) or _approved_channel(finding, site)


def _own_secret(finding: Finding) -> str:
    """Why a finding about an account is somebody who renews their own secret; empty if it is not.

    Every record of it must say so: one more account among them, and nothing is capped.
    """
    accounts = _values(finding, "account")
    if set(finding.behaviours) != {"P-01"} or len(accounts) != 1 or finding.evidence_total != len(finding.evidence):
        return ""
    own = re.compile(
        rf"\b(?:username|local-user|login user|user)\s+\"?{re.escape(accounts[0])}(?![\w.@-]).*\b(secret|password)\b",
        re.IGNORECASE,
    )
    if finding.evidence and all(own.search(item.excerpt) for item in finding.evidence):
        return f"{accounts[0]} renewed their own secret"
    return ""


def _in_window(finding: Finding, site: Site) -> str:
    """Why the finding is work in a change window; empty if it is not."""
    devices = _values(finding, "device")
    accounts = _values(finding, "account")
    sources = _values(finding, "ip", role="source")
    people = [site.person(account) for account in accounts]
    if not devices or not people or not sources:
        return ""
    known = [person for person in people if person is not None]
    if len(known) < len(people) or not all(site.is_usual(person, source) for person in known for source in sources):
        return ""
    window = _window(finding, devices, known, site)
    if window is None:
        return ""
    return f"change window {window.ticket}".rstrip() + ", known account from its usual place"


def _in_company(finding: Finding, site: Site, sessions: Sessions) -> str:
    """Why a finding that names no account or no source is work in a change window; empty if it is not.

    A router's own word (`Capture Point … enabled`) names nobody, and its change log no address. They are expected
    if the window's own people were on that device in the window, and everybody else there (collectors, say) is
    known to the site too, all from their usual places.
    """
    devices = {site.device_names.get(name.lower(), name) for name in _values(finding, "device")}
    accounts = {account.lower() for account in _values(finding, "account")}
    if len(devices) != 1 or (accounts and _values(finding, "ip", role="source")):
        return ""
    for window in site.change_windows:
        if not (window.start <= finding.first and finding.last <= window.end and devices <= set(window.devices)):
            continue
        people = {account.lower() for account in window.accounts}
        there = [session for session in sessions(window) if session.device in devices]
        ours = any(session.account.lower() in people for session in there)
        if ours and accounts <= people and all(_belongs(session, site) for session in there):
            return f"change window {window.ticket}".rstrip() + ", no stranger was on the device"
    return ""


def _belongs(session: Session, site: Site) -> bool:
    """Whether a session is of an account the site knows, from a usual place."""
    person = site.person(session.account)
    return person is not None and site.is_usual(person, session.source)


def sessions_of(views: Mapping[str, Any]) -> Sessions:
    """Sessions in a window and the twelve hours before it, from the views `logins` and `commands`.

    Each window is asked for once.
    """
    held: dict[ChangeWindow, frozenset[Session]] = {}

    def sessions(window: ChangeWindow) -> frozenset[Session]:
        if window not in held:
            held[window] = frozenset(
                session for name in ("logins", "commands") if name in views for session in _asked(views[name], window)
            )
        return held[window]

    return sessions


def _asked(view: Any, window: ChangeWindow) -> list[Session]:
    """Different sessions of one view within a window and before it; failed logins are no session."""
    inside = view.filter(
        view.time.between(window.start - SUSPECT, window.end) & view.user.notnull() & view.src_ip.notnull()
    )
    inside = inside.filter(inside.outcome.fill_null("") != "failure") if "activity" in view.columns else inside
    rows = inside.select("device", "user", "src_ip").distinct().to_pyarrow().to_pylist()
    return [Session(row["device"] or "", row["user"], row["src_ip"]) for row in rows]


def _approved_end(finding: Finding, site: Site) -> str:
    """Why the address a command names is meant to be there; empty if the site file does not say so.

    Only a finding of one event is judged by the one command it keeps.
    """
    if finding.count != 1:
        return ""
    found = _ADDRESS.findall(str(finding.details.get("command_raw", "")))
    for behaviour, what, approved in (
        ("C-06", "AAA server", site.aaa_servers),
        ("C-07", "AAA server", site.aaa_servers),
        ("P-10", "tunnel end", [end.address for end in site.tunnel_ends]),
        ("C-04", "mirror end", [end.address for end in site.mirror_ends]),
        ("X-01", "NMS server", site.nms_servers),
    ):
        if behaviour in finding.behaviours and found and all(lies_in(address, approved) for address in found):
            return f"{what} of the site file"
    return ""


def _approved_channel(finding: Finding, site: Site) -> str:
    """Why a change by the web user interface is meant to be; empty if the site file does not say so."""
    accounts = _values(finding, "account")
    known = bool(accounts) and all(site.person(account) is not None for account in accounts)
    if "A-02" in finding.behaviours and known and "webui" in site.change_channels:
        return "webui is an approved way of change, known account"
    return ""


def _values(finding: Finding, kind: str, role: str = "") -> list[str]:
    return [e.value for e in finding.entities if e.type == kind and (not role or e.role == role)]


def _window(finding: Finding, devices: list[str], people: list[Person], site: Site) -> ChangeWindow | None:
    """A change window that covers every device and account from the first event to the last."""
    found: ChangeWindow | None = None
    for device in devices:
        name = site.device_names.get(device.lower(), device)
        for person in people:
            found = site.change_window(name, person.account, finding.first)
            if found is None or finding.last > found.end:
                return None
    return found
