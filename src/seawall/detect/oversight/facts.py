"""What the guard knows, as plain values: orders, taps, reports, acts, flows, policy. Times are UTC microseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

HOUR_US: Final = 3_600_000_000
FOREVER: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Row:
    """Where a fact stands: enough to be evidence."""

    event_id: str  # 32 hex digits
    origin: str
    time: int | None  # UTC microseconds


@dataclass(frozen=True, slots=True)
class Target:
    """An identifier, committed."""

    type: str  # msisdn, imsi, imei, ipv4 …
    commitment: str
    width: str = "single"
    also: tuple[str, ...] = ()  # commitments of other names of the same subscriber
    normal: bool = True
    form: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its commitment and those of its other names."""
        return (self.commitment, *self.also)


@dataclass(frozen=True, slots=True)
class Span:
    """One order in time: the first, or one that extends or replaces it."""

    start: int | None
    end: int | None
    status: str = ""  # as written; of a renewal empty where it says none
    scope: str = ""
    name: str = ""  # its own key, if it has one
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an order's court changed from a moment on."""

    at: int | None
    scope: str = ""
    add: tuple[Target, ...] = ()
    remove: tuple[Target, ...] = ()


@dataclass(slots=True)
class Order:
    """A court order with everything that changed it."""

    row: Row
    warrant: str
    liid: str = ""
    agency: str = ""
    jurisdiction: str = ""
    kind: str = ""  # order_type
    spans: tuple[Span, ...] = ()  # the first order first
    targets: tuple[Target, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    confirmation: str = ""
    confirmation_method: str = ""
    emergency_due: int | None = None
    desired: str = ""
    desired_since: int | None = None
    delivery: tuple[str, ...] = ()
    mediator: str = ""
    xids: tuple[str, ...] = ()
    native: str = ""
    native_kind: str = ""
    elements: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    has_confirmation: bool = False
    asked: tuple[tuple[int, int], Any] | None = None  # moment and skew last asked about, and the answer


@dataclass(slots=True)
class Tap:
    """One tap as one report showed it."""

    row: Row
    system: str
    path: str  # element or management
    form: str
    tap: str
    state: str  # active, inactive, unknown
    xid: str = ""
    liids: tuple[str, ...] = ()
    native: str = ""
    targets: tuple[Target, ...] = ()
    scope: str = ""
    starts: int | None = None
    ends: int | None = None
    agency: str = ""
    mediator: str = ""
    delivery: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    redundant: bool = False
    modified: int | None = None
    modifications: int | None = None
    report: str = ""
    state_raw: str = ""
    names_only: bool = False


@dataclass(slots=True)
class Report:
    """That a system was asked, and answered."""

    row: Row
    system: str
    path: str
    form: str
    complete: bool
    names_only: bool
    taps: int
    restarted: int | None = None
    features: tuple[str, ...] = ()
    status: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One line of an administration log."""

    row: Row
    system: str
    actor: str
    admf: str
    peer: str
    cert_cn: str
    request: str
    xid: str
    liid: str
    native: str
    agency: str
    result: str
    form: str  # audit, openli, x1, table
    message: str = ""
    other: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow on the delivery network."""

    row: Row
    src: str
    dst: str
    port: int
    proto: str
    octets: int
    liid: str = ""
    xid: str = ""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A copy of traffic that is no lawful intercept by its kind."""

    row: Row
    system: str
    kind: str
    session: str
    source: str
    destination: str
    state: str


@dataclass(frozen=True, slots=True)
class Handover:
    """An agency as a provisioner has it now."""

    row: Row
    system: str
    agency: str
    hi2: str
    hi3: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a destination identifier of a system delivers to, or which identifier belongs to a set."""

    system: str
    did: str
    address: str
    member: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """An authority the registry must not show: a cleared officer signed that this commitment may be tapped."""

    commitment: str
    start: int
    end: int
    officer: str = ""


@dataclass(slots=True)
class World:
    """Everything handed over, joined by commitments."""

    now: int
    policy: Mapping[str, Any]
    orders: list[Order] = field(default_factory=list)
    taps: list[Tap] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    mirrors: list[Mirror] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    covers: Callable[[str, str], bool | None] = lambda outer, inner: outer == inner or None
    """Whether what the first commitment stands for contains the second; None where nobody can say."""
    unread: list[str] = field(default_factory=list)  # what was handed over and could not be read, one line each
    nothing_ordered: bool = False  # a registry was handed over, read whole, and holds no order (Athens)
    dirty: bool = False  # first week with a registry not cleaned yet: doubts are gathered, not raised one by one
    policy_row: Row | None = None
    cache: dict[str, Any] = field(default_factory=dict)  # indexes the families share

    @property
    def skew_us(self) -> int:
        """How far clocks may differ."""
        return int(float(self.policy.get("clock_skew_s") or 120) * 1_000_000)

    def hours(self, name: str, default: float) -> int:
        """A threshold of the policy given in hours, as microseconds."""
        try:
            return int(float(self.policy.get(name) or default) * HOUR_US)
        except (TypeError, ValueError):
            return int(default * HOUR_US)
