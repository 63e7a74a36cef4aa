"""A carrier that looked everywhere the whole time, to take evidence away from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from seawall.incidents import build
from seawall.incidents.asked import Asked
from seawall.incidents.facts import Facts, Presence, Seat
from seawall.model.assessment import Claim
from seawall.model.coverage import Coverage
from seawall.model.finding import Finding
from seawall.model.site import Device, Person, Site
from tests.incidents.stories import at

START, END = at("00:00:00"), at("00:00:00", day=5)
SITE = Site(
    jump_hosts=("10.9.0.5",),
    people=(Person("dba1"), Person("svc-bill", kind="automation", from_addresses=("10.9.30.7",))),
    devices=(
        Device("lims1.example.net", role="mediation", addresses=("10.9.20.80",), crown_jewel=True),
        Device("cdr1.example.net", role="cdr-store", addresses=("10.9.20.81",), crown_jewel=True),
        Device("hss1.example.net", role="hss", crown_jewel=True),
        Device("pe1", role="pe", platform="ios"),
    ),
)
NAMES = ("lims1.example.net", "cdr1.example.net", "hss1.example.net", "pe1")
VIEWS = ("heard", "logins", "accesses", "commands")
SEAT = Seat(
    at("09:00:00"), "cdr1.example.net", "dba1", "10.9.0.5", "read", "cdr", 12, None, "success", "db.log:1", "e1"
)


def present(first: datetime = START, last: datetime = END, *gaps: tuple[datetime, datetime]) -> Presence:
    return Presence(10_000, first, last, gaps)


def looked(
    without: Iterable[tuple[str, str]] = (),
    seats: Sequence[Seat] = (SEAT,),
    **other: object,
) -> Facts:
    """Facts of a carrier that hears everything, but for some (device, view)."""
    missing = set(without)
    presence = {(n, v): present() for n in NAMES for v in VIEWS if (n, v) not in missing}
    by_device = {name: tuple(seat for seat in seats if seat.device == name) for name in NAMES}
    given = {"first": START, "last": END, "presence": presence, "seats": by_device, "flows": 1_000, **other}
    return Facts(**given)  # type: ignore[arg-type]


def covered(names: Iterable[str] = NAMES, hidden: int = 1, known: int = 10) -> list[Coverage]:
    """Coverage of each device: `hidden` of `known` behaviours could not be seen."""
    return [
        Coverage(name, f"D-{n:02}", "could not be seen" if n < hidden else "not seen", "")
        for name in names
        for n in range(known)
    ]


def question(
    *findings: Finding,
    facts: Facts | None = None,
    coverage: Sequence[Coverage] | None = None,
    site: Site = SITE,
    claim: Claim = "everything",
) -> Asked:
    return Asked(
        findings=findings,
        incidents=build(findings, site=site),
        coverage=covered() if coverage is None else coverage,
        site=site,
        facts=facts or looked(),
        first=START,
        last=END,
        claim=claim,
    )


def cut(start: datetime, hours: float) -> tuple[datetime, datetime]:
    return (start, start + timedelta(hours=hours))
