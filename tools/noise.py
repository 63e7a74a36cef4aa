"""How many false alarms ordinary months make: `python -m tools.noise [--days 30] [--devices 200] [--seeds 5 6 7]`.

Writes operator life (`drills.live`: no intruder in it), one carrier per seed, hunts each with every built-in detector
and that carrier's own `site.toml`, and writes `docs/evidence/noise.md`: alarms by severity, the ten noisiest detectors
with their rates, whatever was found above low in announced work, and incidents carried over to a carrier of 20,000
devices, with the bound that so much watching allows.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from seawall import pipeline
from seawall.drills.live import write_life
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Site, load_site
from tools.machine import describe

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "evidence" / "noise.md"
BIG: Final = 20_000
NOISIEST: Final = 10
CERTAIN: Final = 0.95


@dataclass(frozen=True, slots=True)
class Month:
    """What one carrier's ordinary days came to."""

    seed: int
    lines: int
    hunted: pipeline.Hunted
    site: Site


def measure(days: int, devices: int, seed: int, folder: Path, *, traffic: bool) -> Month:
    """Write the life below `folder` and hunt it."""
    evidence = folder / "evidence"
    lines = 0
    for day in write_life(evidence, seed, days=days, devices=devices, traffic=traffic):
        lines += day.lines
        print(f"{day.day}: {day.lines:,} lines in {day.files} files", flush=True)
    site = load_site(folder / "evidence.site.toml")
    end = datetime(2026, 11, 16, tzinfo=UTC) + timedelta(days=days)
    clock = FixedClock(end)
    case = open_case(folder / "case", clock, create=True)
    request = pipeline.HuntRequest(case=case, paths=(evidence,), site=site, clock=clock, jobs=1)
    hunted = next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))
    return Month(seed, lines, hunted, site)


def upper_bound(seen: int) -> float:
    """The largest Poisson mean under which `seen` or fewer still come with 5 % (exact, one-sided: Garwood 1936)."""
    low, high = 0.0, 3 * seen + 10.0
    while high - low > 1e-9:
        mean = (low + high) / 2
        few = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(seen + 1))
        low, high = (mean, high) if few > 1 - CERTAIN else (low, mean)
    return high


def announced(findings: Sequence[Finding], site: Site) -> list[Finding]:
    """Findings of severity high or worse that lie wholly in a change window of their device."""
    windows: dict[str, list[tuple[datetime, datetime]]] = {}
    for window in site.change_windows:
        for device in window.devices:
            windows.setdefault(device.lower(), []).append((window.start, window.end))
    return [
        finding
        for finding in findings
        if finding.severity >= Severity.HIGH
        and any(
            start <= finding.first and finding.last <= end
            for entity in finding.entities
            if entity.type == "device"
            for start, end in windows.get(site.device_names.get(entity.value.lower(), entity.value).lower(), [])
        )
    ]


def report(months: Sequence[Month], days: int, devices: int) -> Iterator[str]:
    """The figures of all months together as Markdown, a line each."""
    per = days * devices * len(months) / 100
    findings = [finding for month in months for finding in month.hunted.findings]
    loud = [finding for finding in findings if finding.severity >= Severity.HIGH]
    inside = sum(len(announced(month.hunted.findings, month.site)) for month in months)
    by_severity = Counter(finding.severity for finding in findings)
    yield "## Findings"
    yield ""
    yield "| severity | findings | per 100 devices and day |"
    yield "|---|---|---|"
    for severity in sorted(Severity, reverse=True):
        yield f"| {severity.word} | {by_severity[severity]:,} | {by_severity[severity] / per:.3f} |"
    yield f"| high or worse | {len(loud):,} | **{len(loud) / per:.3f}** (aim: under 1) |"
    yield ""
    yield f"High or worse in work that `site.toml` announces: **{inside}** (aim: none)."
    yield ""
    yield from _noisiest(findings, per)
    yield "Behind every finding of high or worse:"
    yield ""
    for (detector, title), count in Counter((f.detector, f.title) for f in loud).most_common():
        yield f"- {count} x {title} (`{detector}`)"
    if not loud:
        yield "- none"
    yield ""
    yield from _incidents(months, days, devices)


def _noisiest(findings: Sequence[Finding], per: float) -> Iterator[str]:
    yield f"## The {NOISIEST} noisiest detectors"
    yield ""
    yield "| detector | title | severities | findings | per 100 devices and day |"
    yield "|---|---|---|---|---|"
    rates = Counter((finding.detector, finding.title) for finding in findings)
    for (detector, title), count in rates.most_common(NOISIEST):
        words = Counter(f.severity.word for f in findings if f.detector == detector)
        told = ", ".join(f"{number} {word}" for word, number in words.most_common())
        yield f"| `{detector}` | {title} | {told} | {count:,} | {count / per:.3f} |"
    yield ""


def _incidents(months: Sequence[Month], days: int, devices: int) -> Iterator[str]:
    """How many incidents, and what that allows to be said of a large carrier's day."""
    yield "## Incidents"
    yield ""
    yield "| seed | lines | findings | medium | high or worse | incidents | of high or worse |"
    yield "|---|---|---|---|---|---|---|"
    grave = 0
    for month in months:
        found, incidents = month.hunted.findings, month.hunted.incidents
        here = sum(incident.severity >= Severity.HIGH for incident in incidents)
        grave += here
        medium = sum(finding.severity == Severity.MEDIUM for finding in found)
        loud = sum(finding.severity >= Severity.HIGH for finding in found)
        yield f"| {month.seed} | {month.lines:,} | {len(found):,} | {medium} | {loud} | {len(incidents)} | {here} |"
    watched = days * devices * len(months)
    big_days = watched / BIG
    yield ""
    yield (
        f"Watched: {days} days x {devices} devices x {len(months)} carriers = {watched:,} device-days, which is "
        f"{big_days:.2f} days of a carrier of {BIG:,} devices. Incidents of high or worse in that: {grave}, so "
        f"**{grave / big_days:.1f} a day** (aim: under 5), and with 95 % certainty under "
        f"**{upper_bound(grave) / big_days:.1f} a day**."
    )
    yield ""
    yield (
        "How: incidents are taken as coming in proportion to device-days (a Poisson count), none joining across two "
        f"networks of {devices}, which errs high. The bound is the exact one-sided one: the largest mean under which "
        "so few would still come with 5 %. It holds for life as `drills.world.life` writes it; a real carrier's is "
        "untried."
    )


def main(arguments: list[str]) -> int:
    """Measure and write the page; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--seeds", type=int, nargs="+", default=[5, 6, 7], help="one carrier each")
    parser.add_argument("--no-traffic", action="store_true", help="leave out the sensors' logs")
    parser.add_argument("--output", type=Path, default=PAGE)
    parser.add_argument("--keep", type=Path, help="a folder to keep the evidence and the case in")
    asked = parser.parse_args(arguments)
    began, where = time.process_time(), describe(ROOT)  # as it is now: the run is long
    months = []
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as scratch:
            folder = asked.keep / str(seed) if asked.keep else Path(scratch)
            months.append(measure(asked.days, asked.devices, seed, folder, traffic=not asked.no_traffic))
    lines = sum(month.lines for month in months)
    facts = where | {
        "seeds": ", ".join(map(str, asked.seeds)),
        "what": f"{asked.days} days of {asked.devices} routers and 16 servers a seed, {lines:,} lines, no intruder",
        "rules": f"{len(months[0].hunted.rules.rules)}, and every analytic",
        "announced": f"{sum(len(month.site.change_windows) for month in months)} change windows",
        "took": f"{time.process_time() - began:.0f} s of one core",
    }
    rows = "\n".join(f"| {key} | {value} |" for key, value in facts.items())
    title = "# Noise: false alarms in ordinary months\n\nWritten by `python -m tools.noise`.\n"
    head = f"{title}\n| | |\n|---|---|\n{rows}\n"
    text = head + "\n" + "\n".join(report(months, asked.days, asked.devices)) + "\n"
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
