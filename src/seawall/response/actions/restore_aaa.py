"""Take a login server out that is not ours: whoever runs it reads the passwords typed at the device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.base import Kind, Written
from seawall.response.dialects import BY_HAND, dialect_of, family

_NAMED: Final = re.compile(r"(?P<which>tacacs|radius) server (?P<name>[A-Za-z0-9_.:-]{1,64})(?: .*)?")
_HOST: Final = re.compile(r"(?P<which>tacacs|radius)-server host (?P<host>[0-9A-Fa-f.:]{3,45})(?: .*)?")
_JUNOS: Final = re.compile(r"(?:set )?system (?P<which>tacplus|radius)-server (?P<host>[0-9A-Fa-f.:]{3,45})(?: .*)?")


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    line, platform = values["line"], family(values["platform"])
    show = dialect_of(platform).show
    if platform == "junos" and (found := _JUNOS.fullmatch(line)):
        what = f"system {found['which']}-server {found['host']}"
        do = f"delete {what}\n"
    elif platform != "junos" and (found := _NAMED.fullmatch(line)):
        what = f"{found['which']} server {found['name']}"
        do = f"no {what}\n"
    elif platform != "junos" and (found := _HOST.fullmatch(line)):
        what = f"{found['which']}-server host {found['host']}"
        do = f"no {what}\n"
    else:
        raise InputError("a line we do not know as a login server", where=platform, mend="take it out by hand")
    return Written(do, f"{BY_HAND}configure {what} again, with a new key\n", f"{show}: no `{what}`")


KIND: Final = Kind(
    "restore_aaa", "Take a login server out", "eradication", "router", ("device", "platform", "line"), _write, 10
)
