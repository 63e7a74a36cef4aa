"""What leaves a case for others: drawn, redacted, held back by its marking, previewed, signed by two, and on record."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from seawall.detect.rules import BUILTIN
from seawall.detect.sigma.archive import rule_files
from seawall.errors import InputError, RuleError, UsageError
from seawall.ledger import open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.compartment import may_leave
from seawall.model.finding import Finding
from seawall.model.incident import Incident, one_incident
from seawall.model.settings import Settings
from seawall.model.sharing import Receiver
from seawall.model.site import Site
from seawall.model.tlp import Light
from seawall.people.changes import read_register
from seawall.people.decisions import Desk
from seawall.pipeline.cases import case_settings, case_state
from seawall.pipeline.response import FOLDER as RESPONSE
from seawall.reporting.ocsf import finding_to_ocsf
from seawall.response.plans import Plans
from seawall.sharing import lists, misp_out, sigma_out
from seawall.sharing.graph import lights, releasable
from seawall.sharing.known import gather
from seawall.sharing.marking import BY_MACHINE, UNMARKED, definition, wanted_light
from seawall.sharing.objects import Author, bundle, stix_time
from seawall.sharing.parcel import SHARED, Parcel
from seawall.sharing.redaction import Redactor, last_look, profile_of
from seawall.sharing.stix_out import Drawn, Told, draw
from seawall.sharing.store import TO, Arriving, Shared, Shelf
from seawall.state.store import State

FORMS: Final = ("stix", "misp", "csv", "blocklist", "sigma", "ocsf", "package")
HOUSE: Final = "house"
_MOST_INCIDENTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to share."""

    form: str = "stix"
    incidents: tuple[str, ...] = ()  # first letters of ids; empty with no collections: all of them
    collections: tuple[str, ...] = ()  # of shared objects, e.g. in:peer
    receiver: str = ""  # as seawall.toml names them; empty: our own house
    tlp: str = ""  # how what we make is marked; default: the settings'
    clearance: str = ""  # the receiver's; default: the settings', for our own house amber+strict
    profile: str = ""


@dataclass
class _Material:
    """What a parcel is made of."""

    own: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    given: list[Shared] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


def folder_of(case: Case) -> Path:
    """Where parcels wait."""
    return case.folder / "sharing"


def receiver_of(settings: Settings, name: str) -> Receiver:
    """A receiver by name. Raises UsageError if seawall.toml has none of that name."""
    if not name:
        return Receiver(clearance="amber+strict", profile=settings.sharing.profile)
    known = settings.sharing.receivers
    if name not in known:
        raise UsageError(
            f"no receiver is called {name!r}",
            mend=f"one of {', '.join(sorted(known)) or 'none yet'}; add [sharing.receivers.{name}] to seawall.toml",
        )
    return known[name]


def pack(case: Case, wish: Wish, clock: Clock, site: Site) -> Parcel:
    """Draw what was wished, redact it, keep back what the receiver may not have; write nothing.

    Raises:
        InputError: no incident is called so; or what would leave holds what must not.
        UsageError: no receiver, profile, light or form is called so.
    """
    if wish.form not in FORMS:
        raise UsageError(f"no form is called {wish.form!r}", mend=f"one of {', '.join(FORMS)}")
    settings = case_settings(case)
    receiver = receiver_of(settings, wish.receiver)
    clearance = wanted_light(wish.clearance or receiver.clearance)
    named = wish.profile or receiver.profile
    profile = profile_of(named, settings.sharing.profiles)
    now = clock.now()
    author = Author(
        uuid.uuid5(uuid.UUID(case.uuid), f"share {wish.receiver or HOUSE}"),
        wanted_light(wish.tlp or settings.sharing.tlp),
        now,
    )
    with case_state(case, settings) as state:
        material = _material(wish, state)
        names = _names_in(material.findings)
        redactor = Redactor(profile, site, devices=names[0], accounts=names[1])
        _draw(case, material, author, redactor)
        before = {one.id: one for one in Shelf(state).objects(f"{TO}{wish.receiver or HOUSE}")}
    own = [_as_version(one, before.get(one["id"]), author) for one in material.own]
    if profile.names != "keep" or wish.receiver:
        last_look(own, redactor)
    everything = [*own, *(dict(one.object) for one in material.given)]
    least = {one.id: one.light for one in material.given}
    go, stay = releasable(everything, clearance, default=UNMARKED, least=least)
    told_lights = dict(zip((str(o["id"]) for o in everything), lights(everything, least=least), strict=True))
    kept = [(str(one["id"]), told_lights[str(one["id"])].label) for one in stay]
    used = {ref for one in go for ref in one.get("object_marking_refs", ())}
    there = {one["id"] for one in go}
    go = [*go, *(definition(light) for light in Light if light.marking in used and light.marking not in there)]
    strictest = max((told_lights[str(o["id"])] for o in go if str(o["id"]) in told_lights), default=Light.CLEAR)
    done = Parcel(
        wish.form, wish.receiver, clearance, named, strictest, {}, go, kept, material.left_out, redactor.replaced
    )
    return _rendered(done, material, author, redactor, case, clock)


def _material(wish: Wish, state: State) -> _Material:
    found = {finding.id: finding for finding in may_leave(state.findings())}
    incidents = state.incidents()
    made = _Material()
    if wish.incidents:
        made.incidents = [one_incident(incidents, start) for start in wish.incidents]
    elif not wish.collections:
        made.incidents = incidents[:_MOST_INCIDENTS]
    made.findings = [found[name] for one in made.incidents for name in one.findings if name in found]
    if wish.collections:
        made.given = Shelf(state).objects(*wish.collections)
        if not made.given:
            known = ", ".join(name for name, _ in Shelf(state).collections()) or "none yet"
            raise InputError(
                "nothing is in that collection", where=", ".join(wish.collections), mend=f"there are: {known}"
            )
    return made


def _names_in(findings: Sequence[Finding]) -> tuple[frozenset[str], frozenset[str]]:
    devices = {e.value for f in findings for e in f.entities if e.type in ("device", "system")}
    accounts = {e.value for f in findings for e in f.entities if e.type == "account"}
    return frozenset(devices), frozenset(accounts)


def _draw(case: Case, material: _Material, author: Author, redactor: Redactor) -> None:
    by_id = {finding.id: finding for finding in material.findings}
    plans = [plan for plan in Plans(case.folder / RESPONSE / "plans").all() if not plan.exercise]
    drawn: dict[str, dict[str, Any]] = {}
    for incident in material.incidents:
        findings = [by_id[name] for name in incident.findings if name in by_id]
        if findings and all(finding.exercise for finding in findings):
            material.left_out["incidents of exercises"] = material.left_out.get("incidents of exercises", 0) + 1
            continue
        actions = [action for plan in plans if plan.incident == incident.id for action in plan.actions]
        one: Drawn = draw(Told(findings, incident, actions), author, redactor)
        drawn |= one.objects
        for what, count in one.left_out.items():
            material.left_out[what] = material.left_out.get(what, 0) + count
    material.own = list(drawn.values())


def _as_version(one: Mapping[str, Any], before: Shared | None, author: Author) -> dict[str, Any]:
    """The object as it was given before if it says the same, else a later version of it."""
    if before is None or "modified" not in one:
        return dict(one)
    was = before.object
    fixed = ("created", "modified", "published")
    if {k: v for k, v in one.items() if k not in fixed} == {k: v for k, v in was.items() if k not in fixed}:
        return dict(was)
    later = max(str(one["modified"]), stix_time(author.now))
    return {**one, "created": was.get("created", one["created"]), "modified": later}


def _rendered(
    done: Parcel, material: _Material, author: Author, redactor: Redactor, case: Case, clock: Clock
) -> Parcel:
    if done.form == "stix":
        return replace(done, files={"bundle.json": _json(bundle(done.objects, author.namespace))})
    if done.form == "misp":
        title = next((str(o["name"]) for o in done.objects if o["type"] in ("report", "incident")), "")
        made = misp_out.to_misp(done.objects, done.light, author.now, info=title)
        return replace(done, files={"event.json": _json(made.value)}, lost=made.lost, thinned=made.thinned)
    if done.form == "ocsf":
        allowed = author.light <= done.clearance
        findings = [f for f in material.findings if not f.exercise] if allowed else []
        rows = [{**finding_to_ocsf(_redacted(f, redactor)), "unmapped": {"tlp": author.light.word}} for f in findings]
        if redactor.profile.names != "keep" or done.receiver:
            last_look(rows, redactor)
        kept = [] if allowed else [(f.id, author.light.label) for f in material.findings]
        lines = b"".join(json.dumps(row, sort_keys=True, default=str).encode() + b"\n" for row in rows)
        light = author.light if rows else Light.CLEAR
        return replace(done, files={"findings.jsonl": lines}, kept_back=[*done.kept_back, *kept], light=light)
    wrapped = [Shared(o, done_by(o), Light(done.light), author.now, "") for o in done.objects]
    known = gather(wrapped)
    if done.form == "csv":
        return replace(done, files={"indicators.csv": lists.csv_text(known).encode()})
    if done.form == "blocklist":
        text, left = lists.block_list(known, done.light)
        more = {**done.left_out, "indicators not sure enough, or disputed": left}
        return replace(done, files={"blocklist.txt": text.encode()}, left_out=more)
    if done.form == "sigma":
        return _as_sigma(done, material, known, author)
    from seawall.pipeline.sharing_package import package

    return package(done, material.findings, known, author, case, clock)


def done_by(one: Mapping[str, Any]) -> str:
    """Who made an object, as it says itself."""
    return str(one.get("created_by_ref") or "us")


def _as_sigma(done: Parcel, material: _Material, known: Sequence[Any], author: Author) -> Parcel:
    wanted = {finding.detector for finding in material.findings}
    texts = sigma_out.indicator_rules(known, done.light, f"{author.now:%Y-%m-%d}")
    ids = {line: name for name in wanted for line in (f"id: {name}",)}
    taken = set()
    for file in rule_files(BUILTIN):
        if isinstance(file, RuleError):
            continue
        text = file.data.decode("utf-8", "replace")
        found = {name for line, name in ids.items() if line in text}
        if found:
            taken |= found
            texts.append(text if text.endswith("\n") else text + "\n")
    left = dict(done.left_out)
    if wanted - taken:
        left["detectors that Sigma has no words for"] = len(wanted - taken)
    return replace(done, files={"rules.yml": "---\n".join(texts).encode()}, left_out=left)


def _redacted(finding: Finding, redactor: Redactor) -> Finding:
    """A finding as the receiver may read it: roles for names, no raw lines, no details."""
    keep = redactor.profile.names == "keep"
    whole = redactor.profile.texts == "reasons"
    entities = tuple(
        sorted(
            {
                replace(e, value=e.value if keep or _outside(e.type, e.value, redactor) else redactor.role(e.value))
                for e in finding.entities
            }
        )
    )
    return replace(
        finding,
        title=redactor.text(finding.title),
        why=redactor.text(finding.why if whole else finding.title),
        subject=redactor.text(finding.subject),
        entities=entities,
        evidence=tuple(replace(e, origin="", excerpt="") for e in finding.evidence),
        details={},
    )


def _outside(kind: str, value: str, redactor: Redactor) -> bool:
    if kind == "ip":
        return not redactor.ours(value)
    return kind in ("domain", "url", "hash") and redactor.text(value) == value


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"


@contextmanager
def release_desk(case: Case, clock: Clock) -> Iterator[Desk]:
    """Where two people release a parcel, the ledger open for as long."""
    with open_ledger(case, clock=clock) as ledger:
        yield Desk(case.uuid, case.folder / "decisions", read_register(case.people_file, ledger), ledger, clock)
        ledger.publish()


def by_machine(parcel: Parcel) -> None:
    """Raises InputError if a program may not send this."""
    if parcel.light > BY_MACHINE:
        raise InputError(f"{parcel.light.label} never leaves by machine", mend="hand it to the people named, in person")


def record_shared(case: Case, parcel: Parcel, clock: Clock) -> int:
    """Put on record what left, in the ledger and on the shelf; returns the number of the ledger's entry."""
    name = parcel.receiver or HOUSE
    with open_ledger(case, clock=clock) as ledger:
        receipt = ledger.append(
            SHARED,
            {**parcel.values, "receiver": name, "kept_back": len(parcel.kept_back)},
            keys={"sha256": parcel.digest, "receiver": name},
        )
        ledger.publish()
    with case_state(case, case_settings(case)) as state:
        arriving = [Arriving(one, parcel.light, {"parcel": parcel.digest}) for one in parcel.objects]
        Shelf(state).add(f"{TO}{name}", "us", arriving, clock.now())
    return int(receipt.index)
