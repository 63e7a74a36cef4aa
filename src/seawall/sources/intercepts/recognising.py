"""Lawful-intercept records are recognised, and refused: whom the state listens to never enters a lake.

Recognised by content: OpenLI (configuration, REST answers, logs), X1 (ETSI TS 103 221-1), HI1 and handover XML
(TS 102 232, TS 103 120), warrant registries, TAP MIB walks (names or numbers), DTCP (JUNOS), and the audit
trail of intercept administration. When in doubt it is refused: a log refused by mistake can be handed in again,
a target list read by mistake cannot be unread. No byte of such a file appears in any message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from seawall.sources.base import Chunk, Evidence, Reading, Reject, Source

REFUSAL: Final = (
    "Lawful-intercept records are recognised and left unread: of intercept evidence only registries of court orders "
    "(warrants.json) are read, and those through the vault."
)

LINE_REFUSAL: Final = "a line of an intercept system; left unread, as it may name whom the state listens to"

_XML: Final = re.compile(
    rb"uri\.etsi\.org/0(?:3221|3120|2232|2657|3280|1671|3707)"  # X1, HI1, handover, retained data
    rb"|<(?:\w+:)?(?:X1(?:Request|Response)\b|HI[1-3]\w|LI(?:Task|Destination)|PS-PDU|warrant"
    rb"|lawfulIntercept\w*|liid\b)",
    re.I,
)
_JSON: Final = re.compile(
    rb"(?<!\\)\"(?:liid|lawfulInterception\w*|admfIdentifier|x1TransactionId|xIds?|x1RequestMessage"
    rb"|hi[123]address"
    rb"|(?:ip|voip|email)intercepts|agencyid)(?<!\\)\"\s*:",
    re.I,
)
# At the start of a line only: elsewhere (in a command, an address asked for) they are somebody speaking about it.
_LINES: Final = tuple(
    re.compile(pattern, re.I | re.M)
    for pattern in (
        rb"^(?:CISCO-(?:IP-|IP6-|802-|MOBILITY-|USER-CONNECTION-)?TAP2?-MIB::)?c(?:i|i6|u|m"
        rb"|802)?Tap2?[A-Z]\w*\.[\d.]+ = ",
        rb"^(?:\.?1\.3\.6\.1\.4\.1|iso\.3\.6\.1\.4\.1|(?:SNMPv2-SMI::)?enterprises)\.9\.9\."
        rb"(?:252|394|395|399|400|401|410)\.[\d.]+ = ",
        rb"^(?:JUNIPER|Juniper|JNX)[\w-]{0,40}(?:PACKET-MIRROR|LAWFUL|LI-MIB|DTCP)[\w-]*::",
        rb"^DTCP/\d\.\d |^(?:ADD|DELETE|LIST|ENABLE|DISABLE|REFRESH) DTCP/\d",
        rb"^(?:X-JTAP-[\w-]+|X-MD-INTERCEPT-ID|CSOURCE-ID|CDEST-ID)\s*:",
        rb"^\s*(?:-\s+)?(?:(?:ip|voip|email)intercepts|liid|agencyid|intercept-config-file"
        rb"|mediationaddr|hi[23]address)\s*:",
        rb"^#.{0,80}\bOpenLI (?:provisioner|mediator|collector)\b",
    )
)
# In every line `is_intercept_line` finds, whatever the case.
LINE_PREFILTER: Final = (
    r"openli|intercept|uri\.etsi\.org|x1(?:req|resp|transaction)|liid|li(?:task|destination)|admfidentifier|ps-pdu|hi[123]\w|"
    r"warrant|\bxids?\b|agencyid"
)
# What an intercept system writes into a log. A router's own command that names lawful intercept is no such line: it
# tells who typed it, not who is tapped, and an intruder typing it must be seen.
_LOGGED: Final = re.compile(
    rb"\bopenli(?:provisioner|mediator|collector)\b|\bOpenLI[: ]"
    rb"|\blawful.?intercept.{0,200}?\b(?:liid|target|msisdn|imsi|imei|warrant|\d{6,})",
    re.I | re.S,
)
# A message of an intercept interface inside another line: a log of the system that carried it. Quotes and brackets may
# be escaped there, once or more.
_CARRIED: Final = re.compile(
    rb"uri\.etsi\.org/0(?:3221|3120|2232|2657|3280|1671|3707)"
    rb"|(?:<|&lt;|\\u003c|%3C)/?(?:\w{1,20}:)?(?:X1(?:Request|Response)\w*|HI[1-3]\w{2,40}|LI(?:Task|Destination)\w*"
    rb"|PS-PDU|lawfulIntercept\w{0,40}|liid|warrant(?:Id|Number|Ref\w*)?)(?:\s|>|&gt;|/|\\u003e|%3E)"
    rb"|(?:\\*\"|&quot;|%22)(?:liid|lawfulInterception\w{0,40}|admfIdentifier|x1TransactionId|xIds?|x1RequestMessage|hi[123]address"
    rb"|(?:ip|voip|email)intercepts|agencyid)(?:\\*\"|&quot;|%22)\s*:",
    re.I,
)
_WORDS: Final = (  # one of them is in every line the two patterns find; words are found far faster than patterns
    *(b"openli", b"intercept", b"etsi", b"x1re", b"x1t", b"liid", b"litask", b"lidest", b"admf", b"ps-pdu", b"warrant"),
    *(b"hi1", b"hi2", b"hi3", b"xid", b"agencyid"),
)
# Column names of warrant registries: two different ones at the head of a table are enough.
_REGISTRY: Final = re.compile(
    rb"(?:^|[\"',;|\t])\s*(warrant[_ -]?(?:id|no|num|number|ref|reference)?[.#]?|liid|li[_ -]?id"
    rb"|lawful[_ -]?intercept(?:ion)?[_ -]?id(?:entifier)?"
    rb"|authori[sz]ation[_ -]?(?:id|no|number|ref|reference)[.#]?"
    rb"|issuing[_ -]?(?:court|judge|authority)|identifier[_ -]?type|agency"
    rb"|interception[_ -]?(?:id|order|target)|"
    rb"court[_ -]?order(?:[_ -]?(?:id|no|number|ref))?|target[_ -]?(?:identity|identifier|msisdn"
    rb"|imsi|imei|number|type|value)?s?|"
    rb"order[_ -]?type|authori[sz]ing[_ -]?(?:judge|court|authority)|lea|lea[_ -]?(?:id|name)|agency[_ -]?id|"
    rb"delivery[_ -]?(?:ip|address|country)|legal[_ -]?basis|presented[_ -]?by|signed[_ -]?by|"
    rb"intercept[_ -]?(?:id|type|start|end)|xids?)\s*(?=$|[\"',;|\t:])",
    re.I | re.M,
)
_WARRANTISH: Final = re.compile(rb"warrant|liid|li.?id|intercept|court.?order", re.I)
_HEADER_BYTES: Final = 4_096


def is_intercept(head: bytes) -> bool:
    """Whether the first bytes of a file look like intercept data, in UTF-8 or UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"<" and not head[1:2].isdigit():  # `<189>` starts a syslog line
        return bool(_XML.search(head))
    if head[:1] in (b"{", b"["):
        return bool(_JSON.search(head)) or _heads_a_registry(head[:_HEADER_BYTES])
    if any(pattern.search(head) for pattern in _LINES):
        return True
    lines = [line for line in head.split(b"\n") if line.strip()]
    logged = sum(1 for line in lines if _LOGGED.search(line))
    return logged * 2 > len(lines) or (bool(lines) and _heads_a_registry(lines[0]))


def is_intercept_line(line: bytes) -> bool:
    """Whether one line of a mixed log was written by an intercept system, or carries a message of one.

    Sources of logs leave such lines out.
    """
    lower = line.lower()
    if not any(word in lower for word in _WORDS):
        return False
    return _LOGGED.search(line) is not None or _CARRIED.search(line) is not None


def _heads_a_registry(text: bytes) -> bool:
    names = {re.sub(rb"[_ -]", b"", found[1].lower()) for found in _REGISTRY.finditer(text)}
    return len(names) >= 2 and any(_WARRANTISH.search(name) for name in names)


def _sniff(evidence: Evidence) -> int:
    return 100 if is_intercept(evidence.head) else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:  # noqa: ARG001 - a source's signature
    """Refuse: says where and why, opens nothing."""
    yield Chunk(rejects=(Reject(evidence.origin, REFUSAL),), rejected=1)


SOURCE: Final = Source(
    name="intercepts",
    title="Lawful-intercept records",
    kinds=(),
    sniff=_sniff,
    read=_read,
    refused=REFUSAL,
)
