"""Making a scenario of a real incident: what was done, in order, by parts that any carrier can cast.

Devices become parts of the same role and platform, public addresses strangers, accounts invented names. What the text
of a command still gives away (a customer's name in a description, say) no program can know: people read it first.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from seawall import pipeline
from seawall.drills.scenario import checked
from seawall.errors import InputError
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.case import Case
from seawall.model.finding import UNTIMED, Finding
from seawall.model.incident import Incident
from seawall.model.site import Device, Site

MOST_STAGES: Final = 60
MOST_ACTS: Final = 200  # of one stage
PART_OF: Final[Mapping[str, str]] = {  # platform -> role the drills' carrier has it in
    "ios": "pe", "iosxr": "core", "junos": "bng", "nxos": "dc", "eos": "leaf", "sros": "agg", "vrp": "access",
    "linux": "jump-host", "windows": "mediation",
}  # fmt: skip
_HAS: Final[Mapping[tuple[str, str], int]] = {
    ("edge", "ios"): 3, ("pe", "ios"): 5, ("core", "iosxr"): 4, ("bng", "junos"): 4, ("dc", "nxos"): 2,
    ("leaf", "eos"): 4, ("agg", "sros"): 3, ("access", "vrp"): 4, ("tower", "ios"): 3, ("jump-host", "linux"): 2,
    ("mediation", "windows"): 1, ("mediation", "linux"): 1, ("cdr-store", "linux"): 1, ("files", "windows"): 1,
}  # fmt: skip
_ADDRESS: Final = re.compile(
    r"(?<![\w.:])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w.:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.I
)
_HOST: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|info|biz|gov|mil|edu|eu|[a-z]{2})\b", re.I)
_MASK: Final = re.compile(r"^(?:255\.|0\.0\.0\.|0\.0\.\d+\.255)")
_SQL: Final = """
SELECT hex(event_id) AS id, time, device, "user" AS account, src_ip, '' AS dst_ip, command_raw AS said, line,
  'command' AS doing, section IS NOT NULL AS config, 0 AS port, '' AS proto, 0 AS sent, 0 AS got, 0.0 AS lasts
FROM commands WHERE {where}
UNION ALL SELECT hex(event_id), time, device, "user", src_ip, '', '', line,
  CASE WHEN outcome = 'failure' THEN 'login_failed' ELSE activity END, false, 0, '', 0, 0, 0.0
FROM logins WHERE {where}
UNION ALL SELECT hex(event_id), time, device, NULL, src_ip, dst_ip, coalesce(app, ''), '', 'flow', false,
  coalesce(dst_port, 0), coalesce(proto, 'tcp'), coalesce(src_bytes, 0), coalesce(dst_bytes, 0), coalesce(duration, 0.4)
FROM flows WHERE {where}
ORDER BY 2, 1
"""


def minted(case: Case, incident_id: str, site: Site, name: str = "") -> str:
    """The scenario as YAML; it passes `drill check`.

    Raises:
        InputError: no incident, or several, begin with that id; or none of its events can be played again.
    """
    with pipeline.case_state(case, pipeline.case_settings(case)) as state:
        known, findings = state.incidents(), {f.id: f for f in state.findings()}
    named = [incident for incident in known if incident.id.startswith(incident_id.lower())]
    if len(named) != 1:
        what = "no incident has that id" if not named else f"{len(named)} incidents start with that id"
        raise InputError(what, where=incident_id, mend="list them with: seawall incidents list")
    incident = named[0]
    own = [findings[i] for i in incident.findings if i in findings and findings[i].first != UNTIMED]
    rows = _rows(case, site, own)
    stages = _Minting(site).stages(own, rows)
    if not stages.made:
        what = "none of its events is a command, a login or a flow"
        raise InputError(what, where=incident_id, mend="only what devices did can be played again; write it by hand")
    return _text(incident, stages, name or f"minted-{incident.id[:8]}")


def _rows(case: Case, site: Site, findings: Iterable[Finding]) -> dict[str, dict[str, Any]]:
    """The events behind findings, by id, as far as a canonical view has them."""
    ids = sorted({e.event_id.upper() for f in findings for e in f.evidence[:MOST_ACTS]})
    connection = pipeline.case_lake(case).connect(site)
    listed = ", ".join(f"'{i}'" for i in ids if re.fullmatch(r"[0-9A-F]{32}", i)) or "''"
    sql = _SQL.format(where=f"hex(event_id) IN ({listed})")
    table = connection.sql(sql).to_arrow_table()
    rows: dict[str, dict[str, Any]] = {}
    for row in table.to_pylist():
        rows.setdefault(row["id"].lower(), row)
    return rows


@dataclass(slots=True)
class _Minting:
    """Replaces what identifies, the same thing always by the same part."""

    site: Site
    cast: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    strangers: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    made: list[dict[str, Any]] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)  # device -> part

    def stages(self, findings: Sequence[Finding], rows: Mapping[str, dict[str, Any]]) -> _Minting:
        used: set[str] = set()
        begins: datetime | None = None
        for finding in sorted(findings, key=lambda f: (f.first, f.id)):
            behaviours = [b for b in finding.behaviours if b in BEHAVIOURS]
            mine = [rows[e.event_id] for e in finding.evidence[:MOST_ACTS] if e.event_id in rows]
            mine = [row for row in mine if row["id"] not in used and row["time"] is not None and self._device(row)]
            if not behaviours or not mine or len(self.made) >= MOST_STAGES:
                continue
            mine.sort(key=lambda row: (row["time"], row["id"]))
            used |= {row["id"] for row in mine}
            begins = begins or mine[0]["time"]
            number = len(self.made) + 1
            self.made.append({
                "id": f"s{number:02}", "name": self.words(finding.title), "behaviours": behaviours,
                "at": round((mine[0]["time"] - begins).total_seconds() / 60, 2), "acts": self._acts(mine),
            })  # fmt: skip
        self.made.sort(key=lambda stage: stage["at"])
        return self

    def _acts(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        acts, before = [], rows[0]["time"]
        for row in rows:
            act: dict[str, Any] = {"do": self._do(row), "after": round((row["time"] - before).total_seconds(), 1)}
            before = row["time"]
            if row["doing"] == "flow":
                act["detail"] = {
                    "to": self.address(row["dst_ip"] or ""), "port": str(row["port"]), "proto": row["proto"],
                    "sent": str(row["sent"]), "got": str(row["got"]), "duration": f"{row['lasts']:.6f}",
                }  # fmt: skip
            else:
                act["device"] = self.part(row["device"])
            if row["account"]:
                act["account"] = self.account(row["account"])
            if row["src_ip"]:
                act["source"] = self.address(row["src_ip"])
            acts.append(act)
        return acts

    def _do(self, row: Mapping[str, Any]) -> str:
        if row["doing"] != "command":
            return f"! {row['doing']}"
        said = self.words(row["said"] or "")
        return f"> {said}" if row["config"] else said.lstrip(">! ")

    def _device(self, row: Mapping[str, Any]) -> bool:
        return row["doing"] == "flow" or self.part(row["device"] or "") != ""

    def part(self, device: str) -> str:
        """The part that plays a device; empty if the drills' carrier has nothing like it."""
        if device in self.parts:
            return self.parts[device]
        known = next((d for d in self.site.devices if d.name == device), Device(device))
        role, platform = known.role, known.platform
        if (role, platform) not in _HAS:
            role = PART_OF.get(platform, "")
        if not role or (role, platform) not in _HAS:
            return ""
        taken = sum(part["role"] == role and part["platform"] == platform for part in self.cast.values())
        name = f"{role.replace('-', '_')}{taken + 1}"
        if taken >= _HAS[role, platform]:
            name = f"{role.replace('-', '_')}{taken % _HAS[role, platform] + 1}"
        else:
            self.cast[name] = {"role": role, "platform": platform, "index": taken}
        self.parts[device] = name
        return name

    def account(self, name: str) -> str:
        """An invented account."""
        return "{" + self.accounts.setdefault(name.lower(), f"account{len(self.accounts) + 1}") + "}"

    def address(self, text: str) -> str:
        """A place for an address: a device's own, an unused inside one, a stranger's."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return text
        device = self.site.device_names.get(text.lower())
        part = self.part(device) if device else ""
        if part:
            return "{" + part + ".management}"
        if address.is_private and not str(address).startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8")):
            return "{spare}"
        return "{" + self.strangers.setdefault(str(address), f"stranger{len(self.strangers) + 1}") + "}"

    def words(self, text: str) -> str:
        """Free text with what identifies replaced, as far as a program can tell."""
        text = text.replace("{", "(").replace("}", ")")
        held: list[str] = []

        def hold(replacement: str) -> str:
            held.append(replacement)
            return f"\x00{len(held) - 1}\x00"

        text = _ADDRESS.sub(lambda m: m[0] if _MASK.match(m[0]) else hold(self.address(m[0])), text)
        for name, device in sorted(self.site.device_names.items(), key=lambda pair: -len(pair[0])):
            part = self.part(device) if name in text.lower() and len(name) > 2 else ""
            if part:
                text = _swap(text, name, "{" + part + ".short}", hold)
        for name in sorted(self.accounts, key=len, reverse=True):
            text = _swap(text, name, self.account(name), hold)
        text = _HOST.sub(
            lambda m: hold(self.hosts.setdefault(m[0].lower(), f"host{len(self.hosts) + 1}.example.net")), text
        )
        return re.sub("\x00(\\d+)\x00", lambda m: held[int(m[1])], text)


def _swap(text: str, name: str, place: str, hold: Callable[[str], str]) -> str:
    return re.sub(rf"\b{re.escape(name)}\b", lambda _: hold(place), text, flags=re.IGNORECASE)


def _text(incident: Incident, made: _Minting, name: str) -> str:
    import yaml

    hour = incident.first.hour + incident.first.minute / 60
    raw: dict[str, Any] = {
        "id": name, "version": 1, "title": f"What happened once: {len(made.made)} stages",
        "objective": "to be written by people: what did the intruder want?", "starts": "2026-11-16",
        "days": 2 + int(max(s["at"] for s in made.made) // 1440) + 2, "begins_day": 1, "begins_hour": round(hour, 2),
        "strangers": sorted(made.strangers.values()), "cast": made.cast,
        "vary": {word: [f"{word}.a", f"{word}.b", f"{word}.c"] for word in made.accounts.values()},
        "stages": made.made,
    }  # fmt: skip
    checked(raw, where=name)
    head = "# Made of a real incident by `seawall drill mint`. Read it before you share it.\n"
    return head + str(yaml.safe_dump(raw, sort_keys=False, allow_unicode=True, width=120))
