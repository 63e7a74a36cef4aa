"""Programs run without a shell, with their time bounded and their answer kept short."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Final

from seawall.errors import PeerError

TIME_S: Final = 20.0
MAX_ANSWER: Final = 64 << 20


def run(command: Sequence[str], *, given: str | None = None, time_s: float = TIME_S, what: str = "") -> str:
    """What a program prints. Raises PeerError if it is not there, takes too long, or leaves with an error."""
    name = what or command[0]
    try:
        done = subprocess.run(  # noqa: S603 - a list of words from response.toml, never a shell's line
            list(command), input=(given or "").encode(), capture_output=True, timeout=time_s, check=False
        )
    except FileNotFoundError:
        raise PeerError(
            f"{command[0]} is not installed", where=name, mend="install it, or mend response.toml"
        ) from None
    except PermissionError:
        raise PeerError(f"{command[0]} may not be run", where=name, mend="run with the rights it needs") from None
    except subprocess.TimeoutExpired:
        raise PeerError(
            f"no answer in {time_s:g} s; whether it acted is unknown", where=name, mend="seawall respond verify"
        ) from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise PeerError(f"refused: {said[0][:300] if said else 'without a word'}", where=name)
    return done.stdout[:MAX_ANSWER].decode("utf-8", "replace")
