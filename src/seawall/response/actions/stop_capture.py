"""Stop a packet capture or mirror session. What it has caught stays where it is, as evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.base import Kind, Written
from seawall.response.dialects import dialect_of, family

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    name, platform = values["name"], family(values["platform"])
    if not _NAME.fullmatch(name):
        raise InputError("a capture name no command can be written with safely", mend="stop it by hand")
    show = dialect_of(platform).show
    if values.get("form", "capture") == "session":
        path = {
            "junos": f"forwarding-options analyzer {name}",
            "iosxr": f"monitor-session {name}",
        }.get(platform, f"monitor session {name}")
        if platform == "junos":
            return Written(f"deactivate {path}\n", f"activate {path}\n", f"{show}: `deactivate {path}`")
        return Written(f"{path}\n shutdown\n", f"{path}\n no shutdown\n", f"{show}: `shutdown` under `{path}`")
    if platform != "ios":
        raise InputError(f"a capture that is not in the configuration of {platform}", mend="stop it by hand")
    return Written(
        f"do monitor capture {name} stop\n",
        f"do monitor capture {name} start\n",
        f"show monitor capture {name}: Status : Inactive",
    )


KIND: Final = Kind(
    "stop_capture", "Stop a capture", "eradication", "router", ("device", "platform", "name"), _write, 30
)
