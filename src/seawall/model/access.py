"""How people reach the console, and how they show who they are: the `[console]` section of `seawall.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ConsoleSettings:
    """How people reach the console, and how they show who they are. Where it listens: serve.web."""

    origin: str = ""  # address people type, e.g. https://seawall.example.net; default: http://localhost:PORT
    behind_proxy: bool = False  # a proxy on this machine speaks TLS, and says who asks
    second_factor: Literal["all", "privileged", "offered"] = "privileged"  # who cannot do without
    session_hours: float = 12.0  # a log-in ends after it, whatever happens
    idle_minutes: float = 60.0  # a log-in ends after it when nothing happens
    requests_per_minute: int = 600  # one address may make
