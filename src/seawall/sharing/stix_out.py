"""Incidents and findings as STIX 2.1: what was seen, what to look for, how they worked, what was done.

One incident becomes a report that holds: the incident, an indicator, observed data and a sighting for each value
outside that stands for the intruder, their infrastructure, an attack pattern for each ATT&CK technique, a note for each
finding, and a course of action for each step of our response. Texts go through the redactor; raw lines of evidence
never leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from seawall.model.action import Action
from seawall.model.attack import ATTACK_VERSION, tactic_of, technique_id, technique_name
from seawall.model.behaviours import stage_of_behaviour
from seawall.model.compartment import may_leave
from seawall.model.finding import UNTIMED, Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.model.tlp import Light
from seawall.sharing.marking import definition
from seawall.sharing.objects import Author, can_be_shared, observable, pattern_of, stix_time
from seawall.sharing.redaction import Redactor

ROLE: Final = "a telecommunications carrier"
_TYPES: Final[Mapping[str, str]] = {"ip": "ip", "domain": "domain", "url": "url", "hash": "hash", "mailbox": "email"}
_GOOD_FOR: Final[Mapping[str, int]] = {"ip": 180, "domain": 365, "url": 180, "email": 365}  # days; hashes stay
_MOST_COUNT: Final = 999_999_999  # STIX 2.1, 5.2
_INFRASTRUCTURE: Final[Mapping[str, str]] = {
    "command and control": "command-and-control",
    "exfiltration": "exfiltration",
    "reconnaissance": "reconnaissance",
}
_PUBLISHED: Final = datetime(2025, 11, 1, tzinfo=UTC)  # what an object that says nothing of its time is dated
_STAGE_PHASES: Final = {"defence evasion": "defense-evasion"}


@dataclass(frozen=True)
class Told:
    """What is to be shared."""

    findings: Sequence[Finding]
    incident: Incident | None = None
    actions: Sequence[Action] = ()


@dataclass
class Drawn:
    """Objects made so far, each once, and what was left out."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)  # in words → how many

    def add(self, one: dict[str, Any]) -> dict[str, Any]:
        """Keep an object, unless it is there already."""
        return self.objects.setdefault(str(one["id"]), one)

    def leave(self, what: str, count: int = 1) -> None:
        """Count what does not leave."""
        self.left_out[what] = self.left_out.get(what, 0) + count


@dataclass
class _Seen:
    """What the findings say of one value."""

    kind: str
    value: str
    first: datetime
    last: datetime
    count: int = 0
    confidence: int = 0
    findings: list[Finding] = field(default_factory=list)


def draw(told: Told, author: Author, redactor: Redactor) -> Drawn:
    """The objects of an incident, or of loose findings, in an order in which nothing is named before it is there.

    Findings of the intercept case and of drills are left out, whatever was asked.
    """
    drawn = Drawn()
    allowed = may_leave(told.findings)
    real = [finding for finding in allowed if not finding.exercise]
    if len(allowed) < len(real) or len(real) < len(allowed):
        drawn.leave("findings of exercises", len(allowed) - len(real))
    named = redactor.site.name if redactor.profile.identity == "name" else ""
    drawn.add(identity_of(author, named))
    drawn.add(definition(author.light))
    patterns = _attack_patterns(real, author, drawn)
    seen = _values(real, redactor, drawn)
    for one in seen.values():
        _indicator(one, author, redactor, drawn, patterns)
    for finding in real:
        _note(finding, author, redactor, drawn)
    if redactor.profile.actions:
        for action in told.actions:
            _course(action, author, redactor, drawn, patterns)
    elif told.actions:
        drawn.leave("courses of action", len(told.actions))
    _whole(told, real, author, redactor, drawn)
    drawn.leave("raw lines of evidence", sum(len(finding.evidence) for finding in real))
    return drawn


def identity_of(author: Author, name: str = "") -> dict[str, Any]:
    """Who says so: by name, else by our role alone."""
    fields = {"name": name or ROLE, "identity_class": "organization"}
    return author.make("identity", "author", _PUBLISHED, {**fields, "sectors": ["telecommunications"]})


def _when(moment: datetime, redactor: Redactor) -> datetime:
    cut = redactor.profile.times
    if cut == "exact" or moment == UNTIMED:
        return moment
    hour = moment.hour if cut == "hour" else 0
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)


def _values(findings: Sequence[Finding], redactor: Redactor, drawn: Drawn) -> dict[tuple[str, str], _Seen]:
    """Values outside that stand for the intruder, by (kind, value)."""
    seen: dict[tuple[str, str], _Seen] = {}
    ours: set[tuple[str, str]] = set()
    for finding in findings:
        if finding.severity < Severity.MEDIUM or finding.learned:
            continue
        for entity in finding.entities:
            kind = _TYPES.get(entity.type)
            value = entity.value.lower() if kind in ("ip", "domain", "hash", "email") else entity.value
            if kind is None or (entity.role == "object" and kind == "ip"):
                continue
            if (
                not can_be_shared(kind, value)
                or (kind == "ip" and redactor.ours(value))
                or _own_name(kind, value, redactor)
            ):
                ours.add((kind, value))
                continue
            first, last = _when(finding.first, redactor), _when(finding.last, redactor)
            one = seen.setdefault((kind, value), _Seen(kind, value, first, last))
            one.first, one.last = min(one.first, first), max(one.last, last)
            one.count += finding.count
            one.confidence = max(one.confidence, finding.confidence)
            one.findings.append(finding)
    if ours:
        drawn.leave("addresses and names of our own", len(ours))
    return seen


def _own_name(kind: str, value: str, redactor: Redactor) -> bool:
    host = (
        value.partition("@")[2]
        if kind == "email"
        else value.partition("://")[2].partition("/")[0]
        if kind == "url"
        else value
    )
    return kind != "hash" and host.lower() in redactor.site.device_names


def _attack_patterns(findings: Sequence[Finding], author: Author, drawn: Drawn) -> dict[str, dict[str, Any]]:
    """One attack pattern for each technique, by its id; named with the version of ATT&CK it is of."""
    found: dict[str, dict[str, Any]] = {}
    for finding in findings:
        for named in finding.attack:
            technique, _, version = named.partition("@")
            technique = technique_id(named)
            if technique in found:
                continue
            version = version or ATTACK_VERSION
            stages = [stage for b in finding.behaviours if (stage := stage_of_behaviour(b))]
            tactic = tactic_of(named) or next(iter(stages), "")
            phase = _STAGE_PHASES.get(tactic, tactic).replace(" ", "-")
            path = technique.replace(".", "/")
            fields = {
                "name": technique_name(named) or technique,
                "external_references": [
                    {
                        "source_name": "mitre-attack",
                        "external_id": technique,
                        "url": f"https://attack.mitre.org/versions/v{version}/techniques/{path}/",
                        "description": f"ATT&CK version {version}",
                    }
                ],
                "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": phase}] if phase else [],
            }
            found[technique] = drawn.add(author.make("attack-pattern", f"{technique}@{version}", _PUBLISHED, fields))
    return found


def _indicator(
    one: _Seen, author: Author, redactor: Redactor, drawn: Drawn, patterns: Mapping[str, dict[str, Any]]
) -> None:
    """Indicator, observed data, sighting and infrastructure of one value."""
    key = f"{one.kind} {one.value}"
    thing = drawn.add({**observable(one.kind, one.value), "object_marking_refs": [author.light.marking]})
    stages = dict.fromkeys(stage for f in one.findings for b in f.behaviours if (stage := stage_of_behaviour(b)))
    titles = list(dict.fromkeys(redactor.text(finding.title) for finding in one.findings))
    days = _GOOD_FOR.get(one.kind)
    from_ = author.now if one.first == UNTIMED else one.first
    last = author.now if one.last == UNTIMED else one.last
    phases = [
        {"kill_chain_name": "mitre-attack", "phase_name": _STAGE_PHASES.get(stage, stage).replace(" ", "-")}
        for stage in stages
    ]
    fields: dict[str, Any] = {
        "name": one.value,
        "description": "; ".join(titles[:10]),
        "indicator_types": ["malicious-activity"],
        "pattern": pattern_of(one.kind, one.value),
        "pattern_type": "stix",
        "valid_from": stix_time(from_),
        "valid_until": stix_time(last + timedelta(days=days)) if days else None,
        "kill_chain_phases": phases,
        "confidence": one.confidence,
    }
    indicator = drawn.add(author.make("indicator", key, from_, fields, modified=last))
    observed = drawn.add(
        author.make(
            "observed-data",
            key,
            from_,
            {
                "first_observed": stix_time(from_),
                "last_observed": stix_time(last),
                "number_observed": min(max(one.count, 1), _MOST_COUNT),
                "object_refs": [thing["id"]],
            },
            modified=last,
        )
    )
    drawn.add(
        sighting_of(
            author,
            indicator["id"],
            first=from_,
            last=last,
            count=one.count,
            observed=[observed["id"]],
            confidence=one.confidence,
        )
    )
    drawn.add(author.relate(indicator, "based-on", observed, from_))
    for technique in dict.fromkeys(technique_id(named) for f in one.findings for named in f.attack):
        if technique in patterns:
            drawn.add(author.relate(indicator, "indicates", patterns[technique], from_))
    if one.kind in ("ip", "domain", "url"):
        kinds = sorted({_INFRASTRUCTURE[s] for s in stages if s in _INFRASTRUCTURE}) or ["unknown"]
        base = drawn.add(
            author.make(
                "infrastructure",
                key,
                from_,
                {
                    "name": one.value,
                    "infrastructure_types": kinds,
                    "first_seen": stix_time(from_),
                    "last_seen": stix_time(last),
                    "confidence": one.confidence,
                },
                modified=last,
            )
        )
        drawn.add(author.relate(base, "consists-of", thing, from_))
        drawn.add(author.relate(indicator, "indicates", base, from_))


def sighting_of(
    author: Author,
    ref: str,
    *,
    first: datetime,
    last: datetime,
    count: int,
    observed: Sequence[str] = (),
    confidence: int | None = None,
    light: Light | None = None,
    description: str = "",
) -> dict[str, Any]:
    """A sighting by us, whoever made what was sighted."""
    fields = {
        "sighting_of_ref": ref,
        "observed_data_refs": list(observed),
        "where_sighted_refs": [author.id("identity", "author")],
        "first_seen": stix_time(first),
        "last_seen": stix_time(last),
        "count": min(max(count, 0), _MOST_COUNT),
        "confidence": confidence,
        "description": description,
    }
    return author.make("sighting", ref, first, fields, light=light, modified=last)


def _note(finding: Finding, author: Author, redactor: Redactor, drawn: Drawn) -> None:
    """What one finding says; its reason only where the profile lets reasons leave."""
    whole = redactor.profile.texts == "reasons"
    told = redactor.text(finding.why if whole else finding.title)
    about = [one["id"] for one in drawn.objects.values() if one["type"] == "indicator" and _names(finding, one["name"])]
    first = _when(finding.first, redactor)
    fields = {
        "abstract": redactor.text(finding.title),
        "content": told,
        "object_refs": about or [author.id("identity", "author")],
        "labels": [f"severity:{finding.severity.word}", *(f"behaviour:{b}" for b in finding.behaviours)],
        "confidence": finding.confidence,
    }
    drawn.add(author.make("note", f"finding {finding.id}", first, fields, modified=_when(finding.last, redactor)))


def _names(finding: Finding, value: object) -> bool:
    return any(entity.value == value or entity.value.lower() == value for entity in finding.entities)


def _course(
    action: Action, author: Author, redactor: Redactor, drawn: Drawn, patterns: Mapping[str, dict[str, Any]]
) -> None:
    """A step of our response; the change itself in our routers' words does not leave."""
    fields = {
        "name": redactor.text(f"{action.kind.replace('_', ' ')} ({action.lasting})"),
        "description": redactor.text(action.reason),
    }
    course = drawn.add(author.make("course-of-action", action.id, _PUBLISHED, fields))
    named = [i for i in drawn.objects.values() if i["type"] == "indicator" and str(i["name"]) in action.values.values()]
    for target in named or list(patterns.values())[:1]:
        drawn.add(author.relate(course, "mitigates", target, _PUBLISHED))


def _whole(told: Told, findings: Sequence[Finding], author: Author, redactor: Redactor, drawn: Drawn) -> None:
    """The report that holds an incident's objects, or the grouping of loose findings."""
    held = [name for name in drawn.objects if not name.startswith("marking-definition")]
    incident = told.incident
    if incident is None:
        if findings:
            loose: dict[str, Any] = {"name": "Findings", "context": "suspicious-activity", "object_refs": held}
            first = min(_when(finding.first, redactor) for finding in findings)
            drawn.add(author.make("grouping", ",".join(sorted(f.id for f in findings)), first, loose))
        return
    first, last = _when(incident.first, redactor), _when(incident.last, redactor)
    story = list(_story(incident, redactor))
    title = redactor.text(incident.title)
    one = drawn.add(
        author.make("incident", incident.id, first, {"name": title, "description": "\n".join(story)}, modified=last)
    )
    fields: dict[str, Any] = {
        "name": title,
        "description": f"{incident.severity.word} severity, {len(findings)} findings",
        "report_types": ["threat-report"],
        "published": stix_time(author.now),
        "confidence": incident.confidence,
        "labels": [f"severity:{incident.severity.word}"],
        "object_refs": [*held, one["id"]],
    }
    drawn.add(author.make("report", incident.id, first, fields, modified=max(author.now, last)))


def _story(incident: Incident, redactor: Redactor) -> Iterator[str]:
    if redactor.profile.texts == "titles":
        for stage in incident.stages:
            yield stage.name
        return
    for sentence in incident.storyline:
        yield redactor.text(sentence)
