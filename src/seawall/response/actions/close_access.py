"""Take back a line that let somebody in: one entry of a list, and never the list.

On IOS `no access-list 20 permit …` removes the whole list: numbered lists are edited as named ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.base import Kind, Written
from seawall.response.dialects import dialect_of, family

EMPTY: Final = "an empty list lets everybody in"
_ENTRY: Final = r"(?:(?P<seq>\d{1,10}) )?(?P<entry>permit [\x21-\x7e ]{1,200})"
_NUMBERED: Final = re.compile(rf"access-list (?P<list>\d{{1,4}}) {_ENTRY}")
_LISTED: Final = re.compile(
    rf"(?P<head>(?:ip|ipv4|ipv6) access-list (?:standard |extended )?(?P<list>[A-Za-z0-9_.:-]{{1,64}})) {_ENTRY}"
)
_JUNOS: Final = re.compile(
    r"(?:set )?(?P<path>policy-options prefix-list [\w.:-]{1,64} [0-9A-Fa-f.:]{2,45}/\d{1,3}"
    r"|security zones security-zone \S{1,64}(?: interfaces \S{1,64})? host-inbound-traffic "
    r"(?:system-services|protocols) [\w-]{1,64}"
    r"|security policies from-zone \S{1,64} to-zone \S{1,64} policy \S{1,64} match "
    r"(?:source-address|destination-address|application) [\w.:/-]{1,64}"
    r"|system services (?!(?:ssh|netconf)(?: ssh)?$)[\w-]{1,64}(?: [\w.:/-]{1,64}){0,8})"
)
"""Single leaves. Never a list, filter or term whole, since `set` brings back no more than the leaf; never a `from` of
a term, which would then match more; never SSH or NETCONF whole, over which the next change would come."""


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    line, platform = " ".join(values["line"].split()), family(values["platform"])
    show = dialect_of(platform).show
    if platform == "junos":
        if not (found := _JUNOS.fullmatch(line)):
            raise InputError("a line we do not know as an entry of a list", where=platform, mend="close it by hand")
        path = found["path"]
        rest = f", and others under it: {EMPTY}" if path.startswith("policy-options") else ""
        return Written(f"delete {path}\n", f"set {path}\n", f"{show}: no `set {path}`{rest}")
    if found := _NUMBERED.fullmatch(line):
        number = int(found["list"])
        form = "standard" if number < 100 or 1300 <= number < 2000 else "extended"
        head = f"ip access-list {form} {number}"
    elif found := _LISTED.fullmatch(line):
        head = found["head"]
    else:
        raise InputError("a line we do not know as an entry of a list", where=platform, mend="close it by hand")
    if platform == "iosxr" and not found["seq"]:
        raise InputError("IOS XR takes entries away by their number, which is not known", mend="close it by hand")
    entry = f"{found['seq']} {found['entry']}" if found["seq"] else found["entry"]
    gone = found["seq"] if found["seq"] and platform in ("iosxr", "eos", "nxos") else entry
    return Written(
        f"{head}\n no {gone}\n",
        f"{head}\n {entry}\n",
        f"{show}: no `{found['entry']}` in list {found['list']}, and others in it: {EMPTY}",
    )


KIND: Final = Kind(
    "close_access", "Close an access hole", "eradication", "router", ("device", "platform", "line"), _write, 50
)
