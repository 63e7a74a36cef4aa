"""TACACS+ accounting as tac_plus F4 writes it: tab-separated, no year."""

from __future__ import annotations

from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import Sender, stamp

PLATFORMS: Final = ("ios", "iosxr")  # whose commands this carrier accounts for over TACACS+


def write(act: Act, sender: Sender) -> list[str]:
    """The accounting records of an act: commands, configuration lines, sessions. `sender.address` is the device."""
    match act.doing:
        case "command" | "config":
            return [_record(act, sender, "stop", "priv-lvl=15", f"cmd={act.command} <cr>")]
        case "login" if act.detail.get("service", "ssh") == "ssh":
            return [_record(act, sender, "start")]
        case "logout":
            return [_record(act, sender, "stop", "disc-cause=1", "elapsed_time=60")]
    return []


def _record(act: Act, sender: Sender, kind: str, *attributes: str) -> str:
    sender.count += 1
    who = (sender.address, act.account, f"tty{act.line + 1}", act.source or "unknown", kind)
    started = f"start_time={int(act.time.timestamp())}"
    return "\t".join(
        (stamp(act.time), *who, f"task_id={sender.count}", "timezone=UTC", "service=shell", started, *attributes)
    )
