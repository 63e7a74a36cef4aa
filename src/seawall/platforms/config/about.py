# ruff: noqa: E501 - one pattern is one line
"""What a configuration says of the device and of itself: version, model, who changed it, whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from seawall.platforms.config.device import DeviceConfig
from seawall.platforms.masking import mask
from seawall.platforms.snapshots import make_of

_LOOKED_AT: Final = 400
_XE_VERSION: Final = 16  # from this release on only IOS XE is built
_VERSIONS: Final = {
    "ios": (
        r"!?.*Cisco IOS XE Software, Version ([\w.()]+)", r"!?\s*Cisco (?:IOS|Internetwork).*Version ([\w.()]+)",
        r"!.*Image: Software: \S+, ([\d.]+\(\w+\)\w*)", r"version (\d\S*)",
    ),
    "nxos": (r"!?\s*NXOS: version (\S+)", r"version (\d\S*)"),
    "iosxr": (r"!! IOS XR Configuration(?: version)?(?: =)? v?(\d[\w.]+)", r"!.*Cisco IOS XR Software, Version (\d[\w.]+)"),
    "eos": (r"! device:.*EOS-(\d[\w.]+)", r"!.*Software image version: ([\w.]+)", r"! ?boot system \S*EOS-(\d[\w.]+?)\.swi"),
    "asa": (r":?\s*(?:ASA|PIX) Version (\d[\w.()]+)",),
    "junos": (r"version \"?(\d[\w.:-]+)\"?;", r"set version \"?(\d[\w.:-]+)\"?", r"#+.*JUNOS (\d+\.\w[\w.-]+)"),
    "sros": (r"# TiMOS-[A-Z]+-(\d[\w.]+)",),
    "vrp": (r"!\s*Software Version (V\w+)", r"#?.*VRP.*Version ([\d.]+ \(.*\))"),
    "comware": (r"\s*version (\d[\d.]+, [\w ]+)",),
    "fortios": (r"#config-version=\w+?-(\d[\d.]+)-",),
    "panos": (r"\s*<config\s[^>]{0,300}detail-version=\"(\d[\w.-]+)\"", r"\s*(?:<config|config) version=\"(\d[\w.-]+)\"", r"#.*sw-version: (\d[\w.-]+)"),
    "routeros": (r"#.*by RouterOS (\d[\w.]+)",),
}  # fmt: skip
_COMPILED: Final = {name: tuple(re.compile(one, re.I) for one in ones) for name, ones in _VERSIONS.items()}
_MODELS: Final = tuple(
    re.compile(one, re.I)
    for one in (
        r"license udi pid (\S+)", r"! device: \S+ \(([^,)]+),", r":\s*Hardware:\s+([^,]+)", r"#config-version=(\w+?)-\d",
        r"# model = (\S+)", r"!?.*cisco (\S+) \(.*processor", r"! ?chassis type:? (\S+)",
        r"# TiMOS\S+ (?:both|cpm|hops)/\S+ (?:Nokia|ALCATEL(?:-LUCENT)?) (.+?) Copyright",
        r"#+.*model: (\S+)", r"# TiMOS\S+ \S+ Nokia (\S+ \S+)$",
    )
)  # fmt: skip
_BY: Final = re.compile(r"[!#]+.*\b(?:change at|updated at|commit:|Generated|modified) .{8,60} by (\S{1,64})", re.I)
_XE: Final = re.compile(
    r"!?.*\bIOS[ -]XE\b|platform (?:punt-keepalive|console|qfp|hardware throughput)|diagnostic bootup level"
    r"|boot system \S*(?:packages\.conf|asr1|cat9k|cat3k_caa|isr4|csr1000v|c1100|c8000|ir1101|c9800)"
    r"|license udi pid (?:C9|ISR4|ASR1|CSR|C8[0-9]{2}|C11|IR11|WS-C3[86]50)|Building configuration.*XE",
    re.I,
)
_CLASSIC: Final = re.compile(r"boot system \S*c\d{3,4}\w*-\w+-mz|license udi pid (?:CISCO|C8[0-9]{2}-|WS-C[26])", re.I)
_SAID: Final = {  # the line by which `show running-config` begins, and the one by which it ends ("" where none does)
    "ios": (r"(?:Building configuration|Current configuration ?:|version \d)", r"end$"),
    "nxos": (r"(?:!Command: show |version \d)", ""),
    "iosxr": (r"!! IOS XR Configuration", r"end$"),
    "eos": (r"! (?:Command: show running|device: )|!RANCID", r"end$"),
    "asa": (r"(?:: Saved|:? ?(?:ASA|PIX) Version)", r": ?end$"),
    "junos": (r"(?:## Last|version |set version|#+ ?Last)", ""),
    "sros": (r"(?:# TiMOS|exit all)", ""),
    "vrp": (r"(?:!Software Version|\[V\d+R)", r"return$"),
    "comware": (r" ?version \d", r"return$"),
    "fortios": (r"#config-version=", ""),
    "panos": (r"(?:config \{|set deviceconfig |set mgt-config )", ""),
    "routeros": (r"#.* by RouterOS", ""),
}
_BOUNDS: Final = {
    name: (re.compile(begin, re.I), re.compile(end, re.I) if end else None) for name, (begin, end) in _SAID.items()
}
_PROMISES_END: Final = re.compile(
    r"(?:Building configuration|Current configuration ?:|!! IOS XR|! Command: show|: Saved)", re.I
)
_CAPTURED: Final = re.compile(
    r"! (?:Last configuration change|NVRAM config last updated|No configuration change)", re.I
)
_SIZE: Final = re.compile(r"Current configuration ?: (\d{1,9}) bytes", re.I)
_OPENS: Final = re.compile(r"(?:interface|line|router) \S")
_INDENTED: Final = frozenset(("ios", "nxos", "eos", "asa", "vrp"))
_SHORT: Final = 0.9  # of the bytes a configuration says it has; line ends and banners change a few


def describe(device: DeviceConfig, lines: Sequence[str], opened: int) -> None:
    """Fill in version, model, who changed it last, and whether the text is whole."""
    head = [line[:400] for line in lines[:_LOOKED_AT]]
    device.header = tuple(mask(line) for line in _header(head))
    device.version = _first(_COMPILED.get(device.platform, ()), head)
    device.model = _first(_MODELS, head)
    device.changed_by = _first((_BY,), head)
    device.shows_defaults = any("show running-config all" in line or "info detail" in line for line in head[:12])
    if device.platform == "ios":
        device.xe = _is_xe(head, device.version)
    if doubts := _cut(device, lines, opened):
        device.cut = True
        device.doubts = (*device.doubts, *doubts)
    device.complete = not device.cut and _is_complete(device, lines)


def _is_xe(head: Sequence[str], version: str | None) -> bool | None:
    if any(_XE.match(line) for line in head):
        return True
    if any(_CLASSIC.match(line) for line in head):
        return False
    if version is None:
        return None
    major = version.partition(".")[0]
    if not major.isdigit():
        return None
    return True if int(major) >= _XE_VERSION or major in ("03", "3") else False if int(major) < 15 else None


def _header(head: Sequence[str]) -> list[str]:
    found: list[str] = []
    for line in head:
        if line.strip() and line.lstrip()[0] not in "!#:/":
            break
        if line.strip(" \t!#"):
            found.append(line)
    return found


def _first(patterns: Sequence[re.Pattern[str]], lines: Sequence[str]) -> str | None:
    for pattern in patterns:
        for line in lines:
            if found := pattern.match(line):
                return found[1].strip()
    return None


_JUNOS_ENDS: Final = (";", "}", "]", "*/", ">", "SECRET-DATA")  # also prompts and marks of `show`


def _last(lines: Sequence[str]) -> str:
    return next((line.strip() for line in reversed(lines[-50:]) if line.strip() and line.lstrip()[0] not in "!#"), "")


def _cut(device: DeviceConfig, lines: Sequence[str], opened: int) -> list[str]:
    """What shows that the beginning or the end of the text is missing."""
    doubts: list[str] = []
    if opened > 0:
        doubts.append(f"the end is missing: {opened} sections are never closed")
    elif opened < 0:
        doubts.append(f"the beginning is missing: {-opened} sections are closed that were never opened")
    if device.platform == "junos" and device.style == "brace" and not _last(lines).endswith(_JUNOS_ENDS):
        doubts.append("the end is missing: its last line ends neither a statement nor a section")
    begin, end = _BOUNDS.get(device.platform, (None, None))
    ended = end is not None and end.match(_last(lines)) is not None
    rancid = make_of(lines) is not None  # it drops `end`
    promised = any(_PROMISES_END.match(line) for line in lines[:40]) and not rancid
    sure = _CAPTURED if device.platform == "ios" else begin  # `version` is also what people write by hand
    broken = (
        bool(lines[-1].strip()) and sure is not None and not rancid and any(sure.match(line) for line in lines[:60])
    )
    if end is not None and not ended and (promised or broken):
        doubts.append(
            f"the end is missing: a whole configuration ends with `{end.pattern.rstrip('$').replace(' ?', ' ')}`"
        )
    if ended and begin is not None and device.hostname is None and not any(begin.match(line) for line in lines[:200]):
        doubts.append("the beginning is missing: no version and no host name stand before its end")
    if device.style == "indent" and device.platform not in ("", "comware", "sros", "routeros", "fortios"):
        first = next((line for line in lines if line.strip() and line.strip()[0] not in "!#:"), "")
        if first[:1] in (" ", "\t"):
            doubts.append("the beginning is missing: its first line stands inside a section")
    if (
        device.platform == "sros"
        and any(line.startswith("# TiMOS") for line in lines[:60])
        and any(line.startswith("exit all") for line in lines[:60])
        and _last(lines) != "exit all"
    ):
        doubts.append("the end is missing: a whole configuration ends with `exit all`")
    if device.style == "indent" and device.platform in _INDENTED and _flat(lines):
        doubts.append("its indents are lost: what stands under what cannot be told")
    for number, line in enumerate(lines[:40]):
        if found := _SIZE.match(line):
            size = sum(len(text) + 1 for text in lines[number + 1 :])
            if size < int(found[1]) * _SHORT:
                doubts.append(f"{size} of the {found[1]} bytes that it says it has are here")
    return doubts


def _flat(lines: Sequence[str]) -> bool:
    """Whether sections are opened and nothing is indented below any of them."""
    opened = sum(1 for line in lines if _OPENS.match(line))
    return opened > 2 and not any(line[:1] in (" ", "\t") and line.strip() for line in lines)


def _is_complete(device: DeviceConfig, lines: Sequence[str]) -> bool:
    begin, end = _BOUNDS.get(device.platform, (None, None))
    if begin is None or not any(begin.match(line) for line in lines[:60]):
        return False
    return end is None or end.match(_last(lines)) is not None
