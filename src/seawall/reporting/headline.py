"""The first sentences of a report and of the terminal summary: the answer, then how far it can be trusted."""

from __future__ import annotations

from typing import Final

from seawall.model.behaviours import BEHAVIOURS
from seawall.model.entities import is_address
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.reporting.text import and_list, brief, count_text
from seawall.reporting.view import CaseView

WEEK_DAYS: Final = 7  # of evidence; less is little to learn from
MOST_STEPS: Final = 5  # of those an incident calls for; a longer list is not read at night
_NEXT_BY_STAGE: Final[tuple[tuple[str, str], ...]] = (
    ("initial access", "Keep memory, core dumps and flash of the devices named before anything is reloaded."),
    ("persistence", "Look for what was left behind: accounts, access lists, tunnels; remove all of it in one go."),
    ("credential access", "Treat every secret the devices held or forwarded as known: AAA keys, SNMP, passwords."),
    ("defence evasion", "Fetch logs from collectors and AAA servers: the devices' own logs were touched."),
    ("lateral movement", "Widen the search to the neighbours reached, and to every device with the same credentials."),
    ("exfiltration", "Ask who owns the addresses data went to, and keep flow records of that time."),
    ("command and control", "Watch, and plan to block, the outside addresses at all borders together."),
)
ANSWERS: Final[dict[str, str]] = {
    "reached": "this machine was reached",
    "tried": "tried, with no sign that it was reached",
    "no evidence": "no evidence, and it could have been seen",
    "cannot be known": "cannot be known",
}
TOUCHED: Final = "Was customer or wiretap data touched?"


def answer(case: CaseView) -> str:
    """The case in one sentence."""
    if not case.incidents:
        loose = f" {count_text(len(case.findings), 'finding')} stand alone." if case.findings else ""
        return "No incident was found." + loose
    worst = max(case.incidents, key=lambda i: i.severity)
    if len(case.incidents) == 1:
        return f"1 incident, {worst.severity.word}."
    parts = [f"{number:,} {severity.word}" for severity, number in case.severities.items()]
    return f"{len(case.incidents):,} incidents: {and_list(parts)}."


def doubt(case: CaseView) -> str:
    """How far silence can be trusted in this case, in one or two sentences."""
    if not case.coverage:
        return "What could not be seen was not assessed: silence means nothing here."
    hidden = {(c.device, c.behaviour) for c in case.coverage if c.visibility == "could not be seen"}
    if not hidden:
        return "Every behaviour our rules know could have been seen on every device in the evidence."
    asked = {(c.device, c.behaviour) for c in case.coverage}
    devices = {device for device, _ in hidden}
    return (
        f"{len(hidden):,} of {len(asked):,} pairs of device and behaviour could not be seen, "
        f"on {count_text(len(devices), 'device')}. Nothing seen there is not nothing there."
    )


def touched(case: CaseView) -> list[str]:
    """Was customer or wiretap data touched? One sentence for each crown jewel, the worst answer first."""
    if not case.assessments:
        return ["Not known: no site file names the crown jewels (intercept mediation, call records, billing)."]
    return [f"{a.subject}: {ANSWERS[a.answer]}; {a.why}." for a in case.assessments]


def basis(case: CaseView) -> str:
    """Whether conclusions are exact or learned, and from how much, in one or two sentences."""
    rest = "rests" if case.learned == 1 else "rest"
    ground = f"{count_text(case.learned, 'finding')} {rest} on a learned baseline: {_learned_from(case)}."
    if case.site_known:
        return "A site file says what is normal here." + (f" Still, {ground}" if case.learned else "")
    if case.learned:
        return f"No site file was given: {ground}"
    return "No site file was given: known devices, people and change windows could not be taken into account."


def _learned_from(case: CaseView) -> str:
    """How much evidence there was to learn from: days, records, devices; and whether that is little."""
    if case.span is None:
        return "of evidence without dates, which is little"
    days = (case.span[1] - case.span[0]).total_seconds() / 86_400
    devices = len({entry.device for entry in case.coverage} - {"network"})
    length = count_text(round(days), "day") if days >= 2 else count_text(max(1, round(days * 24)), "hour")
    of = f" of {count_text(devices, 'device')}" if devices else ""
    little = ", which is little: a week knows its nights and its weekend" if days < WEEK_DAYS else ""
    return f"{length} and {count_text(case.events, 'record')}{of}{little}"


def next_steps(case: CaseView) -> list[str]:
    """What to do now, most pressing first; only steps that what was seen calls for."""
    steps: list[str] = []
    grave = [i for i in case.incidents if i.severity >= Severity.HIGH]
    stages = {stage.name for incident in grave for stage in incident.stages}
    if grave:
        steps += [sentence for stage, sentence in _NEXT_BY_STAGE if stage in stages][:MOST_STEPS]
        steps.insert(0, "Talk about this out of band: the intruder may read mail and tickets.")
    elif case.incidents:
        steps.append("Ask the people named whether this was planned work; keep the evidence until they answer.")
    if case.blind and case.blind[0].setting:
        steps.append(f"Switch on what was missing, first: {case.blind[0].setting}")
    if not case.site_known:
        steps.append("Give a site file (--site FILE): devices, people and change windows make findings exact.")
    if case.rejected_total or case.refused or case.broken_rules:
        steps.append("Read what was rejected or refused below; it was not searched.")
    return steps


def behaviour_text(behaviour: str) -> str:
    """`C-01 Embedded packet capture of TACACS+`; the id alone where it is not known."""
    known = BEHAVIOURS.get(behaviour)
    return f"{behaviour} {known.name}" if known else behaviour


def place_names(incident: Incident) -> list[str]:
    """The devices and systems of an incident by their full names, bare addresses last."""
    names = {e.value for e in incident.entities if e.type in ("device", "system")}
    full = {n.partition(".")[0] for n in names if "." in n and not is_address(n)}
    ranked = sorted((n for n in names if is_address(n) or n not in full), key=lambda n: (is_address(n), n))
    return [brief(n, 60) for n in ranked]


def places(incident: Incident, most: int = 6) -> str:
    """Where an incident took place, in words."""
    names = place_names(incident)
    return and_list(names, most) if names else "no device named"
