"""Intercept material, for oversight only: commitments stand where identifiers stood, see `seawall.vault`."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

_TARGETS: Final = (
    "JSON list, one object each: `form` as written, `type` (msisdn, imsi, imei, ipv4, ipv6, mac, eui64, nai, mail, "
    "sip, other), `commitment` (64 letters a to p), `also` (other names of the same subscriber, type:commitment), "
    "`width` (single, /24, 1000 numbers …), `normalised`, `why` not"
)

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "warrants",
        "A court order as the registry of a carrier holds it (warrants.json): who ordered what, for whom, from when to "
        "when. `time` is the registry's `as_of`. No identifier of a target stands here in clear.",
        (
            Column("warrant_id", "text", "the registry's key of the order"),
            Column("liid", "text", "identifier the agency gave (LIID), as written"),
            Column("authority", "text", "court or office that ordered it"),
            Column("signed_by", "text", "who signed it"),
            Column("presented_by", "text", "officer who presented it"),
            Column("order_type", "text", "InterceptionWarrant, EmergencyApproval …"),
            Column("agency_id", "text", "agency entitled to delivery"),
            Column("jurisdiction", "text", "country or state"),
            Column("order_scope", "text", "IRI, CC or IRIandCC, as written"),
            Column("status", "text", "Approved, Cancelled, Suspended, Expired …, of the first order, as written"),
            Column("valid_from", "time", "start of the first order, UTC"),
            Column("valid_to", "time", "end of the first order, UTC; a date alone means the end of that day"),
            Column("targets", "text", _TARGETS),
            Column("targets_count", "int", "identifiers of the first order"),
            Column(
                "renewals", "text", "JSON list of later orders: valid_from, valid_to (UTC), scope, status, replaces …"
            ),
            Column(
                "amendments",
                "text",
                "JSON list of changes: at (UTC), scope, targets_add and targets_remove as `targets`",
            ),
            Column("confirmation_method", "text", "how the order was checked with the court"),
            Column("confirmation_status", "text", "whether it was"),
            Column("emergency_order_due", "time", "when a written order must follow an emergency approval, UTC"),
            Column("desired_status", "text", "what the agency asks for, where it differs from `status`"),
            Column("desired_since", "time", "since when, UTC"),
            Column("hi2", "text", "where signalling may be delivered"),
            Column("hi3", "text", "where content may be delivered"),
            Column("mediator", "text", "mediation function it goes through"),
            Column("xids", "text", "JSON list of X1 task identifiers, lower case"),
            Column("native_kind", "text", "kind of the identifier an element uses for it (SNMP, DTCP)"),
            Column("native_value", "text", "that identifier"),
            Column("network_elements", "text", "JSON list of elements on which a tap is expected"),
            Column("flags", "text", "JSON list of free remarks; what looks like an identifier is masked"),
            Column("other", "text", "JSON object of fields the dictionary does not know, masked in the same way"),
        ),
    ),
)
