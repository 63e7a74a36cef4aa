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
    EventKind(
        "taps",
        "One tap as one system showed it at one moment: an X1 task, an OpenLI intercept, a row of a TAP MIB, a DTCP "
        "criterion. `time` is the moment of the report. No identifier of a target stands here in clear.",
        (
            Column("system", "text", "network element, provisioner or mediation function that holds it"),
            Column("path", "text", "who says so: element (the system itself) or management (what was provisioned)"),
            Column("form", "text", "x1, openli, snmp, dtcp, nokia or table"),
            Column("tap", "text", "its name on that system: XID, LIID, cTap2MediationContentId=…, X-MD-Intercept-Id"),
            Column("xid", "text", "X1 task identifier, lower case"),
            Column("liids", "text", "JSON list of LIIDs it is mediated under"),
            Column("native_kind", "text", "kind of the identifier the element uses (SNMP, DTCP)"),
            Column("native_value", "text", "that identifier"),
            Column("targets", "text", _TARGETS),
            Column("state", "text", "active, inactive or unknown"),
            Column("state_raw", "text", "as written: complete, notInService …"),
            Column("tap_scope", "text", "IRI, CC or IRIandCC; null if the record cannot say"),
            Column("starts", "time", "configured start, UTC"),
            Column("ends", "time", "configured end, UTC; null means without end, or not said"),
            Column("agency_id", "text", "agency it delivers to, where the record says"),
            Column("mediator", "text", "mediation function it goes through, where the record says"),
            Column("delivery", "text", "JSON list of addresses it delivers to, address:port"),
            Column("unresolved", "text", "JSON list of destination identifiers (DID) no address was reported for"),
            Column("redundant", "bool", "its destinations are one set of which one is used"),
            Column("modified", "time", "timeOfLastModification, UTC"),
            Column("modifications", "int", "numberOfModifications since it was activated"),
            Column("deviations", "text", "JSON list: where the record departs from its standard"),
            Column("report", "text", "report it stood in"),
        ),
    ),
    EventKind(
        "tap_destinations",
        "Where a destination identifier (DID) or a set of them (dSId) delivers to, as the system shows it.",
        (
            Column("system", "text", "network element or mediation function"),
            Column("did", "text", "destination identifier, or that of a set; lower case"),
            Column("address", "text", "address:port, number or URI; null where the row names a member of a set"),
            Column("member", "text", "destination identifier that belongs to the set"),
        ),
    ),
    EventKind(
        "tap_reports",
        "That a system was asked for its taps, and what came back beside them; a report without taps is one too.",
        (
            Column("system", "text", "network element, provisioner or mediation function"),
            Column("path", "text", "element or management"),
            Column("form", "text", "x1, openli, snmp, dtcp, nokia or table"),
            Column("complete", "bool", "the report claims to name every tap of its kind"),
            Column("names_only", "bool", "it names taps without their details (ListAllDetails)"),
            Column("taps", "int", "taps it names, active or not"),
            Column("restarted", "time", "when the system last started, where it says (sysUpTime), UTC"),
            Column("status", "text", "neStatus and the like, as written"),
            Column("features", "text", "JSON list: intercept features seen in it (a package, a view, a licence)"),
            Column("report", "text", "name of the report"),
        ),
    ),
    EventKind(
        "mirrors",
        "A copy of traffic that is no lawful intercept by its kind: SPAN, RSPAN, ERSPAN, capture, mirror destination.",
        (
            Column("system", "text", "router or switch"),
            Column("mirror_kind", "text", "span, rspan, erspan, capture, port-mirroring, mirror-dest, debug-mirror"),
            Column("session", "text", "its name or number"),
            Column("source", "text", "what is copied, as written"),
            Column("destination", "text", "where to, as written"),
            Column("state", "text", "active, inactive or unknown"),
        ),
    ),
    EventKind(
        "intercept_audit",
        "What administrators and management functions did to intercept systems: X1 requests, SNMP sets, DTCP, REST.",
        (
            Column("system", "text", "network element or provisioner it was done to, as written"),
            Column("actor", "text", "person or account, as written"),
            Column("admf", "text", "admfIdentifier of the request"),
            Column("peer", "text", "address the request came from"),
            Column("cert_cn", "text", "name in the certificate of the peer"),
            Column("request", "text", "ActivateTask, GetAllDetails, SNMPSet …, as written"),
            Column("xid", "text", "X1 task it was about, lower case"),
            Column("liid", "text", "LIID it was about"),
            Column("native_value", "text", "identifier of the element's own it was about"),
            Column("agency_id", "text", "agency it was about"),
            Column("result", "text", "as written: AcknowledgedAndCompleted, error code …"),
            Column("form", "text", "audit (JSON lines), openli (its log), x1 (a captured message), table"),
            Column("message", "text", "the line itself where it is one of a log, target identifiers masked"),
            Column("other", "text", "JSON object of fields the reader does not know, masked"),
        ),
    ),
    EventKind(
        "delivery",
        "A flow on the delivery network: from an element to mediation, or from mediation to an agency.",
        (
            Column("src", "text", "address it came from"),
            Column("dst", "text", "address it went to"),
            Column("dst_port", "int", "port; 0 for GRE"),
            Column("proto", "text", "tcp, udp, gre"),
            Column("octets", "int", "bytes it carried"),
            Column("liid", "text", "LIID it carried, where the record says"),
            Column("xid", "text", "XID it carried, where the record says"),
        ),
    ),
    EventKind(
        "handover_agencies",
        "An agency's handover addresses as a provisioner or mediation function has them now.",
        (
            Column("system", "text", "provisioner or mediation function"),
            Column("agency_id", "text", "agency"),
            Column("hi2", "text", "address:port of HI2"),
            Column("hi3", "text", "address:port of HI3"),
        ),
    ),
    EventKind(
        "intercept_policy",
        "A carrier's intercept policy (policy.json): who may act, which mediation and agency addresses are in force.",
        (Column("policy", "text", "the policy as a JSON object, as written"),),
    ),
)
