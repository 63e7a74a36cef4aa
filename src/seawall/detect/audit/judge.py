"""How a rule is read: patterns first, named functions where patterns cannot say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from seawall.detect.audit.base import NA, PASS, Outcome, Rule
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entries, Entry
from seawall.detect.audit.finders import FINDERS
from seawall.detect.audit.lists import judge_lists
from seawall.detect.audit.places import judge_addresses
from seawall.model.audit import Status

Judge = Callable[[Device, Rule], Outcome]
_WORST: Final = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.NA)


def judge(rule: Rule, device: Device, functions: Mapping[str, Judge]) -> Outcome:
    """What the rule says of the device. An answer that rests on absence is unknown where the file is not whole."""
    outcome = _judge(rule, device, functions)
    if rule.when and outcome.status is Status.FAIL and not outcome.entries:
        outcome = replace(outcome, entries=tuple(entry for entry, _ in device.entries.find(*rule.when)[:3]))
    if outcome.absence and not device.whole and outcome.status is not Status.UNKNOWN:
        return replace(outcome, status=Status.UNKNOWN, entries=(), say=device.lacking, values=())
    return outcome


def _judge(rule: Rule, device: Device, functions: Mapping[str, Judge]) -> Outcome:
    if rule.when and not device.entries.has(*rule.when):
        return Outcome(rule.otherwise, say=rule.note, absence=True, values=({},))
    if rule.call:
        return functions[rule.call](device, rule)
    if rule.each is not None:
        return each(rule, device)
    return flat(rule, device, device.entries.secret if rule.secrets else device.entries, {})


def each(rule: Rule, device: Device) -> Outcome:
    """The worst answer of all sections a rule asks one by one."""
    outcomes: list[tuple[Outcome, list[Entry]]] = []
    for key, lines in sections_of(rule, device).items():
        within = Entries(lines)
        if rule.where and not within.has(*rule.where):
            continue
        named = rule.each.match(key) if isinstance(rule.each, re.Pattern) else None
        values = {"section": key, **({k: v or "" for k, v in named.groupdict().items()} if named else {})}
        outcomes.append((flat(rule, device, within, values), lines))
    if not outcomes:
        return Outcome(rule.none, say=rule.note, absence=True, values=({"section": ""},))
    status = next(s for s in _WORST if any(o.status is s for o, _ in outcomes))
    told = [(o, lines) for o, lines in outcomes if o.status is status]
    return worst([o if o.entries else replace(o, entries=tuple(lines[:1])) for o, lines in told])


def sections_of(rule: Rule, device: Device) -> Mapping[str, list[Entry]]:
    """The sections a rule asks one by one."""
    if isinstance(rule.each, str):
        return FINDERS[rule.each](device)
    assert rule.each is not None
    return device.entries.sections(rule.each)


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """The worst of several answers, with the lines of all that gave it."""
    status = next(s for s in _WORST if any(o.status is s for o in outcomes))
    same = [o for o in outcomes if o.status is status]
    return Outcome(
        status,
        tuple(dict.fromkeys(entry for o in same for entry in o.entries)),
        next((o.say for o in same if o.say), ""),
        any(o.absence for o in same) if status is not Status.FAIL else all(o.absence for o in same),
        tuple(v for o in same for v in o.values),
        max((o.severity for o in same if o.severity is not None), default=None),
        next((o.mend for o in same if o.mend is not None), None),
    )


def flat(rule: Rule, device: Device, lines: Entries, values: Mapping[str, str]) -> Outcome:
    """The steps of a rule over one set of lines, in order; the first that speaks decides."""
    if rule.unless and (shown := lines.find(*rule.unless)):
        return Outcome(Status.PASS, tuple(entry for entry, _ in shown[:3]))
    for step in (_wrong, _doubtful, _bound, _ours, _lacking, _few):
        if (outcome := step(rule, device, lines, values)) is not None:
            return outcome
    if rule.passes and (shown := lines.find(*rule.passes)):
        return Outcome(Status.PASS, tuple(entry for entry, _ in shown[:3]))
    silent = rule.absent
    if silent is None:
        silent = Status.FAIL if rule.passes else Status.PASS
    if silent is Status.UNKNOWN and rule.fail and device.shows_defaults:
        silent = Status.PASS  # `show running-config all`: what it does not print is off
    return Outcome(silent, say=rule.say if silent is Status.FAIL else rule.note, absence=True, values=(values,))


def _wrong(rule: Rule, device: Device, lines: Entries, values: Mapping[str, str]) -> Outcome | None:  # noqa: ARG001
    found = [
        (entry, match)
        for entry, match in lines.find(*rule.fail)
        if not any(pattern.match(entry.path) for pattern in rule.skip)
    ]
    return failed(found, rule, values) if found else None


def _doubtful(rule: Rule, device: Device, lines: Entries, values: Mapping[str, str]) -> Outcome | None:  # noqa: ARG001
    found = _without_what_stands_below(lines.find(*rule.doubt))
    return Outcome(Status.UNKNOWN, tuple(dict.fromkeys(e for e, _ in found)), rule.note) if found else None


def failed(found: Sequence[tuple[Entry, re.Match[str]]], rule: Rule, values: Mapping[str, str]) -> Outcome:
    """A failure for lines that are wrong by themselves; what stands under one of them goes without saying."""
    found = _without_what_stands_below(found)
    said = tuple({**values, "line": e.path, **{k: v or "" for k, v in m.groupdict().items()}} for e, m in found)
    return Outcome(Status.FAIL, tuple(dict.fromkeys(entry for entry, _ in found)), rule.say, values=said)


def _without_what_stands_below(found: Sequence[tuple[Entry, re.Match[str]]]) -> list[tuple[Entry, re.Match[str]]]:
    kept: list[tuple[Entry, re.Match[str]]] = []
    above = "\n"
    for entry, match in sorted(found, key=lambda pair: pair[0].number):
        if entry.path.startswith(above + " "):
            continue
        kept.append((entry, match))
        above = entry.path or "\n"
    return kept


def _bound(rule: Rule, device: Device, lines: Entries, values: Mapping[str, str]) -> Outcome | None:
    if not rule.acl:
        return None
    bound = lines.find(*rule.acl)
    return judge_lists(device, bound, values) if bound else None


def _ours(rule: Rule, device: Device, lines: Entries, values: Mapping[str, str]) -> Outcome | None:
    if not rule.address:
        return None
    found = lines.find(*rule.address)
    return judge_addresses(device, found, rule.known, values) if found else None


def _lacking(rule: Rule, device: Device, lines: Entries, values: Mapping[str, str]) -> Outcome | None:  # noqa: ARG001
    if not rule.need:
        return None
    missing = [pattern for pattern in rule.need if not lines.has(pattern)]
    if not missing:
        return Outcome(Status.PASS, tuple(lines.find(pattern)[0][0] for pattern in rule.need))
    silent = Status.FAIL if rule.absent is None else rule.absent
    say = rule.say if silent is Status.FAIL else rule.note
    return Outcome(silent, say=say, absence=True, values=(values,))


def _few(rule: Rule, device: Device, lines: Entries, values: Mapping[str, str]) -> Outcome | None:  # noqa: ARG001
    if not rule.count:
        return None
    found = lines.find(*rule.count)
    distinct = {match[1].lower() for _, match in found}
    seen = tuple(entry for entry, _ in found)
    if len(distinct) >= rule.least:
        return Outcome(Status.PASS, seen)
    return Outcome(
        Status.FAIL, seen, rule.say or f"{len(distinct)} where {rule.least} are needed", absence=True, values=(values,)
    )


__all__ = ["NA", "PASS", "Judge", "failed", "flat", "judge", "worst"]
