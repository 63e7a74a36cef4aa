"""Known-exploited flaws of one device: is the release affected, and, a question of its own, is the flaw exposed?

One verdict for each flaw (`check` is its CVE), and one, IMG-01, that sums them up:

- fail: the release is affected. Severity critical if the configuration exposes the flaw or nothing in a configuration
  could close it; medium if the lines that would expose it are not there.
- unknown: the release, or whether the flaw is exposed, cannot be told from this file; `why` says what would tell.
- pass: the release stands in no range and no list, or the flaw is not exposed and the release is not known.

Of the rest of the catalogue of known-exploited vulnerabilities no releases are known to us: while it names any for a
platform, IMG-01 is unknown at best, and says how many and which are the newest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.detect.audit.device import Device
from seawall.detect.audit.exploited import Catalogue
from seawall.detect.audit.flaws import Exposure, Flaw, Pattern, all_flaws, for_platform
from seawall.detect.audit.releases import Held, Release, release
from seawall.model.audit import MAX_LINES, SeenLine, Status, Verdict
from seawall.model.severity import Severity
from seawall.platforms.config import DeviceConfig, Statement

CHECK: Final = "IMG-01"
TITLE: Final = "No known-exploited vulnerability"  # titles say what should be so
_NEWEST: Final = 3
_RELEASE_BY: Final = {
    "junos": "show version",
    "sros": "show version",
    "vrp": "display version",
    "fortios": "get system status",
    "panos": "show system info",
}


@dataclass(frozen=True, slots=True)
class _Open:
    """Whether the configuration exposes a flaw: True, False, or None if it does not decide."""

    open: bool | None
    lines: tuple[Statement, ...] = ()
    say: str = ""


def judge(device: Device, file: str, catalogue: Catalogue) -> Iterator[Verdict]:
    """A verdict for each flaw of the device's platform, then IMG-01."""
    platforms = platforms_of(device)
    asked = release(device.version, device.platform)
    flaws = {flaw.cve: flaw for platform in platforms for flaw in for_platform(platform)}
    found = [_verdict(device, file, flaw, asked) for flaw in flaws.values()]
    yield from found
    yield _sum(device, file, found, catalogue)


def names() -> frozenset[str]:
    """What these verdicts are asked for by."""
    return frozenset({CHECK, *(flaw.cve for flaw in all_flaws())})


def platforms_of(device: Device) -> tuple[str, ...]:
    """The platforms a device may be of: an IOS whose kind does not show may be either."""
    unsure = device.platform == "ios" and device.config is not None and device.config.xe is None
    return ("ios", "iosxe") if unsure else (device.platform,)


def _verdict(device: Device, file: str, flaw: Flaw, asked: Release | None) -> Verdict:
    held = flaw.holds(asked) if asked else Held.PARTLY
    exposed = _exposed(device, flaw.exposure)
    status, severity = _answer(flaw, held, asked, exposed)
    return Verdict(
        device=device.name,
        file=file,
        platform=device.platform,
        version=device.version,
        check=flaw.cve,
        title=f"Free of {flaw.cve}: {flaw.title}",
        status=status,
        severity=severity,
        lines=_shown(exposed.lines),
        why=f"{_affected(flaw, held, asked, device.platform)}; {_open_words(flaw, exposed)}. {flaw.carriers}",
        mend=_mend(flaw, asked) if status is not Status.PASS else (),
        risk="a new release needs a reload; plan it in a window" if status is Status.FAIL else "",
        references=(flaw.cve, "CISA KEV"),
    )


def _answer(flaw: Flaw, held: Held, asked: Release | None, exposed: _Open) -> tuple[Status, Severity]:
    if held is Held.NO:
        return Status.PASS, flaw.severity
    if held is Held.YES:
        if exposed.open is None and exposed.say:
            return Status.FAIL, Severity.HIGH
        return Status.FAIL, Severity.MEDIUM if exposed.open is False else flaw.severity
    if exposed.open is False and asked is None:
        return Status.PASS, flaw.severity
    return Status.UNKNOWN, Severity.MEDIUM if exposed.open is False else flaw.severity


def _affected(flaw: Flaw, held: Held, asked: Release | None, platform: str) -> str:
    ask = f"`{_RELEASE_BY.get(platform, 'show version')}` decides"
    if asked is None:
        return f"version unknown: the file does not say the release; {ask}"
    if held is Held.YES:
        return f"version-affected: {asked.text} is among the affected releases (confidence: {flaw.confidence})"
    if held is Held.PARTLY:
        return f"version unknown: {asked.text} is only a train, part of which is affected; {ask}"
    return f"version not affected: {asked.text} is in no range and no list of affected releases, as of {flaw.as_of}"


def _open_words(flaw: Flaw, exposed: _Open) -> str:
    if flaw.exposure is None:
        return "exposed: no configuration closes it" + (f" ({flaw.note})" if flaw.note else "")
    if exposed.open is None:
        return f"exposure unknown: {exposed.say}"
    return f"exposed: {exposed.say}" if exposed.open else f"not exposed: {exposed.say}"


def _mend(flaw: Flaw, asked: Release | None) -> tuple[str, ...]:
    fixes = flaw.fixes_for(asked)
    move = f"! move to a fixed release: {' or '.join(fixes)}, or newer" if fixes else "! move to a maintained train"
    return (*flaw.mend, move)


def _exposed(device: Device, exposure: Exposure | None) -> _Open:
    if exposure is None or device.config is None:
        return _Open(True if exposure is None else None)
    config = device.config
    closed = [_all(config, group, negated=True) for group in exposure.off]
    closed += [_all(config, group, negated=False) for group in exposure.safe]
    opened = [line for pattern in exposure.any for line in _lines(config, pattern, negated=False)]
    if shut := next((lines for lines in closed if lines), None):
        return _Open(False, shut, "it is switched off or closed to others")
    if opened:
        doubts = [line for pattern in exposure.doubt for line in _lines(config, pattern, negated=False)]
        if doubts:
            return _Open(None, tuple(doubts), exposure.undecided)
        return _Open(True, tuple(opened), exposure.say)
    if exposure.absent_is_safe:
        if not device.whole:
            return _Open(None, (), f"no line exposes it, but {device.lacking}")
        return _Open(False, (), "no line exposes it")
    return _Open(None, (), exposure.undecided)


def _all(config: DeviceConfig, group: Sequence[Pattern], *, negated: bool) -> tuple[Statement, ...]:
    """A line for each pattern of a group; empty unless every one is there."""
    found = [_lines(config, pattern, negated=negated) for pattern in group]
    return tuple(lines[0] for lines in found) if all(found) else ()


def _lines(config: DeviceConfig, pattern: Pattern, *, negated: bool) -> list[Statement]:
    if not pattern[-1].endswith("$"):
        return config.all(*pattern, negated=negated)
    words = (*pattern[:-1], pattern[-1][:-1])
    return [line for line in config.all(*words, negated=negated) if len(line.path) == len(words)]


def _shown(lines: Sequence[Statement]) -> tuple[SeenLine, ...]:
    return tuple(SeenLine(line.line, line.text) for line in lines[:MAX_LINES])


def _sum(device: Device, file: str, found: Sequence[Verdict], catalogue: Catalogue) -> Verdict:
    """IMG-01: the worst of all flaws, and what the catalogue holds beyond them."""
    worst = next((s for s in (Status.FAIL, Status.UNKNOWN) if any(v.status is s for v in found)), None)
    told = [verdict for verdict in found if verdict.status is worst]
    named = [f"{v.check} ({v.title}): {v.why}" for v in sorted(told, key=lambda v: (-v.severity, v.check))]
    ranges = {verdict.check for verdict in found}
    rest = [entry for entry in catalogue.of(*platforms_of(device)) if entry.cve not in ranges]
    more = (
        f"{len(rest)} more known-exploited flaws of this platform stand in the catalogue of {catalogue.released} "
        f"without releases, the newest {', '.join(entry.cve for entry in rest[:_NEWEST])}: compare with the vendor"
        if rest
        else f"the catalogue of {catalogue.released} names no other flaw of this platform"
    )
    status = worst or (Status.UNKNOWN if rest else Status.PASS if found else Status.NA)
    return Verdict(
        device=device.name,
        file=file,
        platform=device.platform,
        version=device.version,
        check=CHECK,
        title=TITLE,
        status=status,
        severity=max((v.severity for v in told), default=Severity.CRITICAL),
        lines=tuple(dict.fromkeys(line for v in told for line in v.lines))[:MAX_LINES],
        why=" | ".join([*named, more]),
        mend=tuple(dict.fromkeys(line for v in told for line in v.mend)),
        risk=next((v.risk for v in told if v.risk), ""),
        references=("CISA AA25-239A", "CISA KEV", *sorted(v.check for v in told)),
    )
