"""Puts every check to every device of a file, and says what came of it in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from seawall.detect.audit.base import Check, Outcome, Rule
from seawall.detect.audit.device import Device, devices_of
from seawall.detect.audit.exploited import Catalogue
from seawall.detect.audit.fleet import CHECK, Member, held_by
from seawall.detect.audit.judge import judge
from seawall.detect.audit.known import judge as judge_flaws
from seawall.detect.audit.predicates import FUNCTIONS
from seawall.model.audit import MAX_LINES, SeenLine, Status, Verdict
from seawall.model.site import Site
from seawall.platforms.config import no_collection
from seawall.platforms.snapshots import device_of as named_after
from seawall.platforms.snapshots import taken_at

_MENDED: Final = 40  # mending lines of one verdict
_LINE_CHARS: Final = 400
_ENDS: Final = frozenset(("end", "exit", "exit all", "next", "quit", "return", "!", "#"))  # of a section just entered


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one file."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()  # why it, or a part of it, was not judged
    members: tuple[Member, ...] = ()  # for what only the whole fleet shows


def audit_bytes(
    data: bytes, origin: str, checks: Sequence[Check], site: Site, catalogue: Catalogue | None = None
) -> Judged:
    """Every check's verdict on every device in a file. With a `catalogue`, known-exploited flaws are judged as well."""
    with no_collection():
        return _judged(data, origin, checks, site, catalogue)


def _judged(data: bytes, origin: str, checks: Sequence[Check], site: Site, catalogue: Catalogue | None) -> Judged:
    verdicts: list[Verdict] = []
    notes: list[str] = []
    members: list[Member] = []
    for device in devices_of(data, origin, site):
        assert device.config is not None
        if device.config.problem:
            notes.append(device.config.problem)
            continue
        if not device.platform:
            notes.append("no configuration of a platform known here")
            continue
        notes += device.config.doubts
        if not any(check.rule_for(device.platform) for check in checks):
            notes.append(f"not assessed: no check asked for knows {device.platform}")
        for verdict in verdicts_on(device, origin, checks):
            if verdict.check == CHECK:
                members.append(Member(verdict, held_by(device)))
            else:
                verdicts.append(verdict)
        if catalogue is not None:
            named = device.name or named_after(origin) or ""
            verdicts += (replace(v, device=v.device or named) for v in judge_flaws(device, origin, catalogue))
    return Judged(tuple(verdicts), tuple(dict.fromkeys(notes)), tuple(members))


def verdicts_on(device: Device, origin: str, checks: Sequence[Check]) -> Iterator[Verdict]:
    """Every check's verdict on one device. Checks that know no rule for its platform are not among them."""
    name = device.name or named_after(origin) or ""
    taken = taken_at(origin)
    for check in checks:
        rule = check.rule_for(device.platform)
        if rule is None:
            continue
        outcome = judge(rule, device, FUNCTIONS)
        severity = outcome.severity or rule.severity or check.severity
        broken = outcome.status is Status.FAIL
        yield Verdict(
            name, origin, device.platform, device.version, check.id, check.title, outcome.status, severity,
            tuple(dict.fromkeys(SeenLine(e.number, e.text[:_LINE_CHARS]) for e in outcome.entries))[:MAX_LINES],
            _why(check, outcome),
            mend_lines(rule, outcome) if broken else (),
            check.risk if broken else "", check.references, taken,
        )  # fmt: skip


def _why(check: Check, outcome: Outcome) -> str:
    if check.id == CHECK:
        return check.why
    match outcome.status:
        case Status.FAIL:
            said = outcome.say or (
                "this line" if len(outcome.entries) == 1 else "these lines" if outcome.entries else ""
            )
            return f"{said}: {check.why}" if said else f"nothing in the configuration sets it: {check.why}"
        case Status.UNKNOWN:
            return outcome.say or "the configuration does not show it"
        case Status.PASS:
            return outcome.say or check.title
        case _:
            return outcome.say or "nothing of the kind on this device"


class _Named(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key.upper()


def mend_lines(rule: Rule, outcome: Outcome) -> tuple[str, ...]:
    """The lines that put it right, with the names of what failed filled in."""
    templates = rule.mend if outcome.mend is None else outcome.mend
    given: Sequence[Mapping[str, str]] = outcome.values or ({},)
    return once(line.format_map(_Named(values)) for values in given for line in templates)[:_MENDED]


def once(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines to enter without what is said twice: a section with all that stands in it counts as one thing.

    ` transport input ssh` under `line vty 0 4` is not the one under `line vty 5 15`.
    """
    sections: list[list[str]] = []
    for line in lines:
        if not line.strip():
            continue
        if sections and (line[0].isspace() or line in _ENDS):
            sections[-1].append(line)
        else:
            sections.append([line])
    return tuple(line for section in dict.fromkeys(map(tuple, sections)) for line in section)
