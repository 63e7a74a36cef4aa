"""Shut a tunnel interface. Its lines stay on the device as evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.base import Kind, Written
from seawall.response.dialects import dialect_of, family

_INTERFACE: Final = re.compile(
    r"(?:tunnel|tunnel-ip|tunnel-te|tu|nve|vxlan|gr-|ip-|st0|fti)[A-Za-z0-9/.:_-]{0,40}", re.I
)


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    interface, platform = values["interface"], family(values["platform"])
    if not _INTERFACE.fullmatch(interface):
        raise InputError(f"{interface!r} is no tunnel by its name", mend="shut it by hand, if it is one")
    show = dialect_of(platform).show
    if platform == "junos":
        name, _, unit = interface.partition(".")
        path = f"interfaces {name}" + (f" unit {unit}" if unit else "")
        return Written(f"set {path} disable\n", f"delete {path} disable\n", f"{show}: `set {path} disable`")
    return Written(
        f"interface {interface}\n shutdown\n",
        f"interface {interface}\n no shutdown\n",
        f"{show}: `shutdown` under `interface {interface}`",
    )


KIND: Final = Kind(
    "shut_tunnel", "Shut a tunnel", "eradication", "router", ("device", "platform", "interface"), _write, 20
)
