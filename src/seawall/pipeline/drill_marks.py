"""Drill markers: which events belong to an exercise, proved; and the alarm where a marker lies.

Before each line a drill sends to a running collector goes one that announces it: session, number, SHA-256 of the line,
and an HMAC-SHA-256 over these with the session's key. The announced line itself stays as any device would write it. A
session stands in the ledger with its key's digest and its end; the key lies in the case, mode 0600. A number counts
once, a line as often as it was announced. What is not so proved is real, and a wrong marker is a critical finding.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from seawall.disk.durable import Disk
from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.ledger import Ledger
from seawall.model.case import Case
from seawall.model.entities import Entity
from seawall.model.finding import MAX_EVIDENCE, Evidence, Finding, finding_id, utc_text
from seawall.model.severity import Severity

DETECTOR: Final = "drill.marker"
LONGEST: Final = timedelta(hours=24)  # a session may last
_SAID: Final = re.compile(
    r'\[drill@32473 session="([0-9a-f]{16})" n="(\d{1,9})" content="([0-9a-f]{64})" mac="([0-9a-f]{64})"\]'
)
_PRI: Final = re.compile(r"^<\d{1,3}>")
_ROWS: Final = "SELECT hex(event_id) AS id, time, origin, device, raw FROM syslog WHERE {where} ORDER BY time, event_id"


@dataclass(frozen=True, slots=True)
class Session:
    """A drill that may be played to a running collector until `until`."""

    id: str  # 16 hex digits
    begins: datetime  # UTC
    until: datetime  # UTC
    key: bytes

    def marker(self, number: int, line: str, at: datetime) -> str:
        """The line that announces `line` as the session's `number`-th."""
        digest = content_digest(line)
        facts = f'session="{self.id}" n="{number}" content="{digest}" mac="{_mac(self.key, self.id, number, digest)}"'
        moment = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return f"<14>1 {moment} seawall-drill drill {number} MARK [drill@32473 {facts}] EXERCISE EXERCISE EXERCISE"


def content_digest(line: str) -> str:
    """SHA-256 of a line without its priority and its end, hex: relays drop the one and add the other."""
    return hashlib.sha256(_PRI.sub("", line).strip().encode()).hexdigest()


def _mac(key: bytes, session: str, number: int, digest: str) -> str:
    return hmac.new(key, f"seawall-drill\n{session}\n{number}\n{digest}".encode(), "sha256").hexdigest()


def open_session(case: Case, ledger: Ledger, now: datetime, lasts: timedelta) -> Session:
    """Begin a session: its key into the case, its facts into the ledger, under the ledger's signature.

    Raises:
        InputError: it would last longer than `LONGEST`, or not at all.
    """
    if not timedelta(0) < lasts <= LONGEST:
        raise InputError("a session lasts more than nothing and at most a day", mend="choose --minutes 1 to 1440")
    session = Session(secrets.token_hex(8), now, now + lasts, secrets.token_bytes(32))
    Disk().make_folder(case.keys)
    Disk().write_file(case.keys / f"drill-{session.id}.key", session.key)
    body = {
        "key_sha256": hashlib.sha256(session.key).hexdigest(),
        "from": utc_text(session.begins),
        "until": utc_text(session.until),
    }
    ledger.append("drill.session", body, keys={"session": session.id})
    ledger.publish()
    return session


def known_session(case: Case, ledger: Ledger, name: str) -> Session | None:
    """A session as the ledger has it, with its key; None if the ledger or the key does not know it."""
    entries = ledger.find("session", name, kind="drill.session")
    path = case.keys / f"drill-{name}.key"
    if len(entries) != 1 or not path.is_file():
        return None
    body, key = entries[0].body, path.read_bytes()[:64]
    if hashlib.sha256(key).hexdigest() != body["key_sha256"]:
        return None
    return Session(name, datetime.fromisoformat(body["from"]), datetime.fromisoformat(body["until"]), key)


@dataclass(frozen=True, slots=True)
class _Bad:
    row: dict[str, Any]
    why: str


def applied(found: Sequence[Finding], lake: Lake, case: Case, ledger: Ledger) -> list[Finding]:
    """The findings, those of proved drills marked as such, and a critical one for each way a marker lies."""
    if "syslog" not in lake.kinds():
        return list(found)
    connection = lake.connect()
    marks = connection.sql(_ROWS.format(where="contains(raw, '[drill@32473 ')")).to_arrow_table().to_pylist()
    if not marks:
        return list(found)
    announced, bad = _announced(marks, case, ledger)
    proved, more = _proved(connection, announced)
    owned = {row["id"].lower(): "" for row in marks} | proved
    bad += more
    made = [_as_drill(finding, owned) for finding in found]
    return [*made, *(_finding(why, [b.row for b in bad if b.why == why]) for why in sorted({b.why for b in bad}))]


def _announced(marks: Iterable[dict[str, Any]], case: Case, ledger: Ledger) -> tuple[dict[str, list[str]], list[_Bad]]:
    """The lines rightly announced, by digest with their sessions; and the markers that lie."""
    sessions: dict[str, Session | None] = {}
    used: set[tuple[str, int]] = set()
    right: dict[str, list[str]] = {}
    bad = []
    for row in marks:
        said = _SAID.search(row["raw"] or "")
        if said is None:
            bad.append(_Bad(row, "forged: it is no marker of ours"))
            continue
        name, number, digest, mac = said[1], int(said[2]), said[3], said[4]
        session = sessions.setdefault(name, known_session(case, ledger, name))
        if session is None:
            bad.append(_Bad(row, "forged: no such session was opened here"))
        elif not hmac.compare_digest(mac, _mac(session.key, name, number, digest)):
            bad.append(_Bad(row, "forged: its code does not fit the session and the line"))
        elif row["time"] is None or not session.begins <= row["time"] <= session.until:
            bad.append(_Bad(row, "used outside its session's time"))
        elif (name, number) in used:
            bad.append(_Bad(row, "replayed: its number was used before"))
        else:
            used.add((name, number))
            right.setdefault(digest, []).append(name)
    return right, bad


def _proved(connection: Any, announced: dict[str, list[str]]) -> tuple[dict[str, str], list[_Bad]]:
    """The events announced, by id with their session; a line that comes more often than announced was copied."""
    if not announced:
        return {}, []
    where = "sha256(trim(regexp_replace(raw, '^<[0-9]{1,3}>', ''))) IN (SELECT unnest($digests))"
    asked = {"digests": sorted(announced)}
    rows = connection.sql(_ROWS.format(where=where), params=asked).to_arrow_table().to_pylist()
    seen: Counter[str] = Counter()
    proved: dict[str, str] = {}
    bad = []
    for row in rows:
        digest = content_digest(row["raw"])
        names = announced.get(digest, [])
        if seen[digest] < len(names):
            proved[row["id"].lower()] = names[seen[digest]]
        else:
            bad.append(_Bad(row, "copied: the line came more often than it was announced"))
        seen[digest] += 1
    return proved, bad


def _as_drill(finding: Finding, owned: dict[str, str]) -> Finding:
    """A finding all of whose evidence is proved to be one drill's belongs to it; any doubt, and it is real."""
    if finding.evidence_total > len(finding.evidence) or not finding.evidence:
        return finding
    ids = [evidence.event_id for evidence in finding.evidence]
    names = {owned[i] for i in ids if owned.get(i)}
    if len(names) == 1 and all(i in owned for i in ids):
        return replace(finding, exercise=names.pop())
    return finding


def _finding(why: str, rows: Sequence[dict[str, Any]]) -> Finding:
    devices = sorted({row["device"] for row in rows if row["device"]})
    entities = tuple(Entity("device", device, "source") for device in devices[:20])
    times = [row["time"] for row in rows if row["time"] is not None] or [datetime.fromisoformat("1970-01-01T00:00:00Z")]
    return Finding(
        id=finding_id(DETECTOR, (*entities, Entity("session", why, "object")), rows[0]["id"].lower()),
        detector=DETECTOR,
        title="Drill marker copied, replayed or forged",
        severity=Severity.CRITICAL,
        confidence=95,
        first=min(times),
        last=max(times),
        count=len(rows),
        entities=entities,
        why=f"a drill marker was {why}; whoever wrote it wants something taken for an exercise, so it counts as real",
        subject=devices[0] if devices else "drill",
        evidence=tuple(
            Evidence(row["id"].lower(), row["origin"] or "", (row["raw"] or "")[:500]) for row in rows[:MAX_EVIDENCE]
        ),
        evidence_total=len(rows),
        attack=("T1036@18",),
    )
