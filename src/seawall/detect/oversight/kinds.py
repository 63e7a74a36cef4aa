"""Every kind of oversight finding: its name, what it means, how bad it is, and what must be handed over to see it.

The names are those of the trade's own catalogue; `detector` of a finding is one of them, letter by letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seawall.model.severity import Severity

_C, _H, _M, _L = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW


@dataclass(frozen=True, slots=True)
class OversightKind:
    """One thing the guard can find."""

    id: str
    title: str
    severity: Severity
    needs: tuple[str, ...]  # event kinds without which it cannot be seen


def _kinds(*rows: tuple[str, str, Severity, str]) -> dict[str, OversightKind]:
    return {name: OversightKind(name, title, severity, tuple(needs.split())) for name, title, severity, needs in rows}


KINDS: Final[dict[str, OversightKind]] = _kinds(
    # taps against orders
    ("TAP_WITHOUT_WARRANT", "Active tap that no court order covers", _C, "taps warrants"),
    ("TAP_PAST_EXPIRY", "Tap still active after its order ended", _H, "taps warrants"),
    ("TAP_BEFORE_START", "Tap active before its order begins", _H, "taps warrants"),
    ("TAP_OUTLIVES_WARRANT", "Tap set to end after its order", _M, "taps warrants"),
    ("TAP_ON_INACTIVE_WARRANT", "Tap active on a cancelled, suspended or rejected order", _H, "taps warrants"),
    ("WRONG_TARGET", "Tap on another target than its order names", _C, "taps warrants"),
    ("TARGET_WIDER_THAN_WARRANT", "Tap covers more than its order names", _H, "taps warrants"),
    ("SCOPE_EXCEEDED", "Tap takes content where the order allows signalling only", _H, "taps warrants"),
    ("WRONG_AGENCY", "Tap delivers to another agency than its order names", _C, "taps warrants"),
    ("UNKNOWN_DELIVERY_ADDRESS", "Tap delivers to an address nobody announced", _C, "taps intercept_policy"),
    ("SECOND_DESTINATION", "Tap delivers to a destination beside the one its order names", _H, "taps warrants"),
    ("WARRANT_WITHOUT_TAP", "Order in force without the tap it demands", _M, "taps tap_reports warrants"),
    # paths against each other
    ("SOURCE_DISAGREES", "An element and its management tell of different taps", _C, "taps tap_reports"),
    ("LI_FEATURE_UNEXPECTED", "Intercept feature present where none is contracted", _H, "tap_reports warrants"),
    ("UNTICKETED_MIRROR", "Copy of traffic that no ticket allows", _H, "mirrors intercept_policy"),
    ("UNKNOWN_DELIVERY_FLOW", "Delivery to an address that belongs to no agency or mediation", _C, "delivery"),
    # the registry itself
    ("UNCONFIRMED_WARRANT", "Order acted upon that the court has not confirmed in time", _H, "warrants"),
    ("STATUS_STUCK", "Wish of the agency and status of the order differ for too long", _M, "warrants"),
    ("OVERSIGHT_BLIND", "Intercept evidence could not be read: oversight is blind", _H, ""),
    # the administration
    ("AGENCY_DELIVERY_CHANGED", "Delivery address of an agency changed without notice", _C, "intercept_audit"),
    (
        "SHORT_LIVED_TAP_WITHOUT_WARRANT",
        "Tap set and removed between two polls, without an order",
        _C,
        "intercept_audit warrants",
    ),
    ("UNEXPECTED_ADMIN", "Change by somebody who may not administer intercepts", _C, "intercept_audit"),
    ("UNEXPECTED_ADMF", "Request by a management function nobody announced", _C, "intercept_audit"),
    ("OFF_HOURS_CHANGE", "Change outside the hours of its administrator", _M, "intercept_audit"),
    ("BULK_TARGET_LIST_READ", "The list of targets was read in bulk", _C, "intercept_audit"),
    ("LOG_GAP", "Administration log with a silence longer than allowed", _H, "intercept_audit"),
    ("MASS_DEACTIVATION", "Many taps removed at once", _C, "intercept_audit"),
)
