"""Information elements of NetFlow v9 and IPFIX (RFC 7012, IANA's registry): which of our columns each one fills.

NetFlow v9 (RFC 3954) shares the numbers below 128. Of several elements for one column the first that stands in a
template wins; the others keep their own name as a text column, as do elements without a column of ours.
"""

from __future__ import annotations

from typing import Final

IANA: Final = 0
REVERSE: Final = 29_305  # RFC 5103: the same element, seen the other way
CISCO: Final = 9
Element = tuple[int, int]  # enterprise (0: IANA), number

INTEGERS: Final[dict[str, tuple[int, ...]]] = {
    "src_bytes": (1, 85, 352, 231, 23, 171),
    "src_pkts": (2, 86, 298, 24, 172),
    "ip_proto": (4,),
    "src_port": (7, 180, 182),
    "dst_port": (11, 181, 183),
    "tos": (5, 55),
    "src_as": (16,),
    "dst_as": (17,),
    "vlan": (58, 243, 59),
    "input_if": (10, 252),
    "output_if": (14, 253),
    "icmp_type": (176, 178),
    "icmp_code": (177, 179),
}
BACKWARDS: Final[dict[str, tuple[int, ...]]] = {"dst_bytes": (232,), "dst_pkts": (299,)}  # beside those of RFC 5103
ADDRESSES: Final[dict[str, tuple[int, ...]]] = {
    "src_ip": (8, 27),
    "dst_ip": (12, 28),
    "next_hop": (15, 62, 18, 63),
    "exporter": (130, 131),
}
# Moments: element -> (which end, unit in microseconds, or what it counts from)
MOMENTS: Final[dict[int, tuple[str, str]]] = {
    150: ("start", "s"),
    151: ("end", "s"),
    152: ("start", "ms"),
    153: ("end", "ms"),
    154: ("start", "ntp"),
    155: ("end", "ntp"),
    156: ("start", "ntp"),
    157: ("end", "ntp"),
    158: ("start", "before"),
    159: ("end", "before"),
    22: ("start", "uptime"),
    21: ("end", "uptime"),
    322: ("start", "s"),
    323: ("start", "ms"),
    324: ("start", "ntp"),
    325: ("start", "ntp"),
}
ICMP_BOTH: Final = (32, 139)  # type * 256 + code, IPv4 and IPv6
TCP_FLAGS: Final = 6
DIRECTION: Final = 61
END_REASON: Final = 136
EVENT: Final = 233
APPLICATION: Final = 95
DURATION_MS: Final = 161
INIT_MS: Final = 160
RATES: Final = (34, 50, 305)
SAMPLERS: Final = (48, 302)
SAMPLING_SPACE: Final = 306
DIRECTIONS: Final = {0: "ingress", 1: "egress"}
END_REASONS: Final = {1: "idle", 2: "active", 3: "end", 4: "forced", 5: "lack"}
EVENTS: Final = {1: "create", 2: "delete", 3: "deny", 4: "alert", 5: "update"}

NAMES: Final[dict[int, str]] = {
    3: "deltaFlowCount", 9: "sourceIPv4PrefixLength", 13: "destinationIPv4PrefixLength", 18: "bgpNextHopIPv4Address",
    23: "postOctetDeltaCount", 24: "postPacketDeltaCount", 29: "sourceIPv6PrefixLength",
    30: "destinationIPv6PrefixLength", 31: "flowLabelIPv6", 33: "igmpType", 35: "samplingAlgorithm",
    36: "flowActiveTimeout", 37: "flowIdleTimeout", 38: "engineType", 39: "engineId",
    42: "exportedFlowRecordTotalCount",
    44: "sourceIPv4Prefix", 45: "destinationIPv4Prefix", 46: "mplsTopLabelType", 47: "mplsTopLabelIPv4Address",
    48: "samplerId", 49: "samplerMode", 52: "minimumTTL", 53: "maximumTTL", 54: "fragmentIdentification",
    56: "sourceMacAddress", 57: "postDestinationMacAddress", 60: "ipVersion", 63: "bgpNextHopIPv6Address",
    64: "ipv6ExtensionHeaders", 70: "mplsTopLabelStackSection", 71: "mplsLabelStackSection2",
    72: "mplsLabelStackSection3", 73: "mplsLabelStackSection4", 74: "mplsLabelStackSection5",
    75: "mplsLabelStackSection6", 80: "destinationMacAddress", 81: "postSourceMacAddress", 82: "interfaceName",
    83: "interfaceDescription", 85: "octetTotalCount", 86: "packetTotalCount", 88: "fragmentOffset",
    89: "forwardingStatus", 90: "mplsVpnRouteDistinguisher", 91: "mplsTopLabelPrefixLength",
    94: "applicationDescription",
    95: "applicationId", 96: "applicationName", 128: "bgpNextAdjacentAsNumber", 129: "bgpPrevAdjacentAsNumber",
    133: "droppedPacketDeltaCount", 137: "commonPropertiesId", 138: "observationPointId", 145: "templateId",
    148: "flowId", 149: "observationDomainId", 160: "systemInitTimeMilliseconds", 161: "flowDurationMilliseconds",
    186: "tcpWindowSize", 189: "ipHeaderLength", 190: "totalLengthIPv4", 192: "ipTTL", 197: "fragmentFlags",
    203: "mplsTopLabelTTL", 206: "isMulticast", 210: "paddingOctets", 224: "ipTotalLength",
    225: "postNATSourceIPv4Address", 226: "postNATDestinationIPv4Address", 227: "postNAPTSourceTransportPort",
    228: "postNAPTDestinationTransportPort", 229: "natOriginatingAddressRealm", 230: "natEvent",
    231: "initiatorOctets", 232: "responderOctets", 233: "firewallEvent", 234: "ingressVRFID", 235: "egressVRFID",
    236: "VRFname", 239: "biflowDirection", 243: "dot1qVlanId", 244: "dot1qPriority", 252: "ingressPhysicalInterface",
    253: "egressPhysicalInterface", 256: "ethernetType",
    258: "collectionTimeMilliseconds", 277: "observationPointType",
    281: "postNATSourceIPv6Address", 282: "postNATDestinationIPv6Address", 298: "initiatorPackets",
    299: "responderPackets", 312: "dataLinkFrameSize", 313: "ipHeaderPacketSection", 315: "dataLinkFrameSection",
    351: "layer2SegmentId", 352: "layer2OctetDeltaCount", 371: "userName", 459: "httpRequestMethod",
    460: "httpRequestHost", 461: "httpRequestTarget", 40_005: "firewallEventAsa",
    40_000: "usernameAsa", 56_701: "panosAppId",
    56_702: "panosUserId",
}  # fmt: skip
TEXTS: Final = frozenset({82, 83, 84, 94, 96, 236, 371, 459, 460, 461, 40_000, 56_701, 56_702})
MACS: Final = frozenset({56, 57, 80, 81})
IPV4S: Final = frozenset({8, 12, 15, 18, 44, 45, 47, 130, 225, 226})
IPV6S: Final = frozenset({27, 28, 62, 63, 131, 281, 282})
PADDING: Final = 210


def names_ends(elements: tuple[Element, ...]) -> bool:
    """Whether records of these elements say who spoke with whom; others are no flows."""
    return all(any((IANA, number) in elements for number in ADDRESSES[side]) for side in ("src_ip", "dst_ip"))


def name_of(element: Element) -> str:
    """A text column's name for an element that has no column of ours."""
    enterprise, number = element
    if enterprise == REVERSE:
        return "reverse_" + name_of((IANA, number))
    if enterprise:
        return f"pen{enterprise}_{number}"
    return NAMES.get(number, f"ie{number}")
