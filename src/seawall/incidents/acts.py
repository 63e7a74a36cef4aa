"""What was done, each act once: two rules that saw one event, or two logs that told one command, are one act.

A rule explains itself for a table; in a story the place stands before the sentence, commands stand in quotes, devices
go by their short names, and a name nobody knows is "somebody", not the name of a column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from seawall.incidents.phrases import named, told
from seawall.incidents.words import short_value
from seawall.model.entities import is_address
from seawall.model.finding import Finding

SAME_ACT_S: Final = 5  # two logs of one act are no further apart
LOOK_BACK: Final = 12  # acts before this one that may be the same
_QUOTED: Final = ("command_raw", "command", "message", "uri")
_HOST: Final = re.compile(r"(?<![\w.@/-])[A-Za-z0-9][\w-]*(?:\.[\w-]+)+(?![\w@/-])")
_UNKNOWN: Final = re.compile(
    r"\b(?:an? )?unknown ((?:[a-z]+_\w+)|(?:[A-Z][a-z]+[A-Z]\w*)|user|owner|device|host|query)\b"
)
_EXPECTED: Final = re.compile(r"[.;,]? Expected: ")
_NOWHERE: Final = "unknown device"
_AT: Final = ("on", "of", "to", "from")
_REASON: Final = "(expected: "
_LISTED: Final = " is on the list of "
_SYSLOG: Final = re.compile(r"^<\d{1,3}>|%[A-Z][\w-]*-\d-[A-Z]|\S+ \S+\[\d+\]: ")
_ACCOUNTING: Final = re.compile(r"\b(?:cmd|service|task_id|start_time)=")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done at one place, however many rules and logs told it."""

    place: str
    who: str  # the acting account; empty when nobody is named
    text: str  # a clause
    first: datetime
    last: datetime
    times: int  # events of the finding that tells it
    ids: tuple[str, ...]  # behaviours
    logs: tuple[str, ...]  # where it was seen: syslog, accounting
    findings: tuple[Finding, ...]  # the one that tells it first


def acts(findings: Sequence[Finding], shorts: Mapping[str, str], homes: Mapping[str, str]) -> list[Act]:
    """The acts findings tell, in order of time.

    `findings` in order of time, with devices by their short names; `shorts`: host as written, lower case → short name;
    `homes`: address → short name of its device.
    """
    made: list[Act] = []
    for finding in findings:
        act = _act(finding, shorts, homes)
        for number in range(len(made) - 1, max(-1, len(made) - 1 - LOOK_BACK), -1):
            if _same(made[number], act):
                made[number] = _merged(made[number], act)
                break
        else:
            made.append(act)
    return made


def place_of(finding: Finding, homes: Mapping[str, str]) -> str:
    """Where a finding happened, shortest honest form; the owner of an address where no device is named."""
    device = named(finding, "device", "target", "via", "object", "actor", "source") or named(
        finding, "system", "target", "object", "source", "actor"
    )
    if device:
        return device
    addresses = (named(finding, "ip", "source", "actor"), named(finding, "ip", "target"))
    home = next((homes[a] for a in addresses if a in homes), "")
    people = {entity.value for entity in finding.entities if entity.type == "account"}
    return home or (short_value(finding.subject) if finding.subject not in people else "") or _NOWHERE


def _act(finding: Finding, shorts: Mapping[str, str], homes: Mapping[str, str]) -> Act:
    place, who = place_of(finding, homes), named(finding, "account", "actor")
    return Act(
        place=place,
        who=who,
        text=_plain(finding, place, who, shorts),
        first=finding.first,
        last=finding.last,
        times=finding.count,
        ids=finding.behaviours,
        logs=_logs(finding),
        findings=(finding,),
    )


def _same(one: Act, other: Act) -> bool:
    """Whether two tell the same act at the same place: one event, or one rule and one account in two logs.

    A place known by address alone may be the other one, where the same words come from two kinds of log.
    """
    theirs = other.findings[0]
    if one.place != other.place:
        ours = one.findings[0]
        if not (ours.detector == theirs.detector and one.text == other.text and one.who == other.who != ""):
            return False
        vague = is_address(one.place) or is_address(other.place) or _NOWHERE in (one.place, other.place)
        near = abs((other.first - one.first).total_seconds()) <= SAME_ACT_S
        return vague and near and not set(one.logs) & set(other.logs) and bool(one.logs and other.logs)
    for ours in one.findings:
        if ours.evidence and theirs.evidence and ours.evidence[0].event_id == theirs.evidence[0].event_id:
            return True
    if abs((other.first - one.first).total_seconds()) > SAME_ACT_S or not (one.who == other.who or not other.who):
        return False
    if one.text == other.text:
        return True
    return one.findings[0].detector == theirs.detector and not set(one.logs) & set(other.logs)


def _merged(one: Act, other: Act) -> Act:
    """The act as the graver finding tells it, with everything both know."""
    teller, second = (one, other) if _weight(one) >= _weight(other) else (other, one)
    text = teller.text
    if _REASON in second.text and _REASON not in text:
        text += f" {_REASON}{second.text.rpartition(_REASON)[2]}"
    known = next((act.place for act in (teller, second) if act.place != _NOWHERE and not is_address(act.place)), "")
    return replace(
        teller,
        place=known or teller.place,
        text=text,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        ids=tuple(dict.fromkeys((*teller.ids, *second.ids))),
        logs=tuple(sorted({*one.logs, *other.logs}, reverse=True)),
        findings=(*teller.findings, *second.findings),
    )


def _weight(act: Act) -> tuple[int, int]:
    return (act.findings[0].severity, act.findings[0].confidence)


def _plain(finding: Finding, place: str, who: str, shorts: Mapping[str, str]) -> str:
    """A rule's own words, made fit to stand after the time and the place."""
    head, expected, reason = _split(_EXPECTED, told(finding))
    head, quoted, tail = _quote(head, finding)
    head, tail = (_names(part, who, shorts) for part in (head, tail))
    if _LISTED in head:
        head = f"asked for or reached {head.replace(_LISTED, ', on the list of ', 1)}"
    if place:
        head = _without(head, place if place != _NOWHERE else f"an {_NOWHERE}")
    text = f"{head}: `{quoted}`{tail}" if quoted else head
    return f"{text} {_REASON}{reason})" if expected else text


def _without(head: str, spot: str) -> str:
    """A clause without the place it is told at: `the device` where it begins with it, nothing after a preposition."""
    if head.startswith(f"{spot} "):
        head = f"the device{head[len(spot) :]}"
    for word in _AT:
        begin = head.find(f" {word} {spot}")
        while begin >= 0:
            end = begin + len(word) + len(spot) + 2
            if end == len(head) or head[end] in " ,;:(":
                head = head[:begin] + head[end:]
            else:
                begin = end
            begin = head.find(f" {word} {spot}", max(0, begin))
    return head


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, bool, str]:
    found = pattern.search(text)
    return (text[: found.start()], True, text[found.end() :]) if found else (text, False, "")


def _quote(text: str, finding: Finding) -> tuple[str, str, str]:
    """What comes before, the command or message quoted, and what follows; evidence never closes its own quotes."""
    for key in _QUOTED:
        value = " ".join(str(finding.details.get(key) or "").split()).rstrip(".")
        before, colon, after = text.partition(f": {value}") if value else ("", "", "")
        if colon:
            return before, value.replace("`", "'"), after
    return text, "", ""


def _names(text: str, who: str, shorts: Mapping[str, str]) -> str:
    """Devices by their short names, and people instead of columns."""
    text = _HOST.sub(lambda found: shorts.get(found[0].lower(), found[0]), text)
    return _UNKNOWN.sub(lambda found: _somebody(found[1].lower(), who), text)


def _somebody(column: str, who: str) -> str:
    if "user" in column or "account" in column:
        return who or "somebody"
    if "ip" in column or "orig_h" in column or "resp_h" in column:
        return "an unknown address"
    return "an unknown device" if column in ("device", "host", "owner") else "something unknown"


def _logs(finding: Finding) -> tuple[str, ...]:
    """The kinds of log a finding was seen in, as far as its lines show."""
    found = set()
    for line in finding.evidence[:8]:
        if _ACCOUNTING.search(line.excerpt):
            found.add("accounting")
        elif _SYSLOG.search(line.excerpt):
            found.add("syslog")
    return tuple(sorted(found, reverse=True))
