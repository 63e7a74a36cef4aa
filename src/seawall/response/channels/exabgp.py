"""BGP through ExaBGP, a process of its own: announced there, read back from the router that took it.

`done` from ExaBGP means "queued", never "the router has it": so the router is asked. ExaBGP forgets everything when it
ends: so a restart announces again what is due, from the ledger, and nothing else.
"""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError, PeerError
from seawall.model.action import Action
from seawall.response.addresses import network
from seawall.response.channels import exabgp_helper
from seawall.response.channels.commands import run
from seawall.response.targets import Bgp

_TIME_S: Final = 15.0
_MAX_ANSWER: Final = 32 << 20
_ROUTE: Final = re.compile(r"(?P<prefix>[0-9A-Fa-f.:]+/\d{1,3})(?: path-information \S+)? next-hop (?P<hop>\S+)")
_FLOW: Final = re.compile(r"flow (?P<match>.*)")
_NET: Final = re.compile(r"[0-9A-Fa-f.:]+/\d{1,3}")
_NUMBERS: Final = re.compile(r"\d+")


class BgpChannel:
    """One ExaBGP process, and the router behind it."""

    def __init__(self, speaker: Bgp) -> None:
        self._speaker = speaker
        self.patience_s = speaker.patience_s

    def read(self, action: Action) -> str:
        """What the router holds of the action's rules or route; what ExaBGP announces, where no router is asked."""
        wanted = set(_expected(action))
        if not self._speaker.check:
            announced = {_normal(line) for line in self._announced()}
            return "; ".join(sorted(_normal(line) for line in _routes(action) if _normal(line) in announced))
        held = set(self._flows(action) if action.kind == "flowspec" else self._black_holes(action))
        return "; ".join(sorted(wanted & held))

    def wanted(self, action: Action, before: str) -> str:  # noqa: ARG002 - the channels' signature
        """All of them."""
        if not self._speaker.check:
            return "; ".join(sorted(_normal(line) for line in _routes(action)))
        return "; ".join(sorted(_expected(action)))

    def apply(self, action: Action, left_s: int) -> None:  # noqa: ARG002 - BGP has no timer
        """Announce, once a session is up."""
        for line in action.do.splitlines():
            self._tell(line)

    def undo(self, action: Action) -> None:
        """Withdraw."""
        for line in action.undo.splitlines():
            self._tell(line)

    def sweep(self, live: Sequence[Action]) -> int:
        """Withdraw what this process announces and no live action wants.

        Its own spelling of a rule cannot be given back to it, so all is withdrawn and what is live announced again.
        """
        due = {_normal(line) for action in live for line in _routes(action)}
        strange = sum(1 for line in self._announced() if _normal(line) not in due)
        if strange:
            self._tell("clear adj-rib out")
            for action in live:
                self.apply(action, action.lasts_s)
        return strange

    def clear(self) -> int:
        """Withdraw everything this process announces: all of it is ours."""
        return self.sweep(())

    def _announced(self) -> Iterator[str]:
        """What ExaBGP would send a router, as the rest of an `announce` or `withdraw` line."""
        for line in self._ask("show adj-rib out"):
            if found := _FLOW.search(line):
                yield f"flow route {found['match']}"
            elif found := _ROUTE.search(line):
                yield f"route {found['prefix']} next-hop {found['hop']}"

    def _tell(self, line: str) -> None:
        answer = self._ask(line)
        if not answer or answer[-1].strip() != "done":
            said = answer[-1].strip() if answer else "nothing"
            raise PeerError(f"ExaBGP answered {said[:200]!r} to: {line[:200]}", where=self._speaker.name)

    def _ask(self, line: str) -> list[str]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(_TIME_S)
                connection.connect(self._speaker.socket)
                connection.sendall(line.encode() + b"\n")
                said = b""
                while len(said) < _MAX_ANSWER and (piece := connection.recv(65_536)):
                    said += piece
        except OSError as error:
            raise PeerError(
                f"ExaBGP does not answer: {error.strerror or error}",
                where=self._speaker.name,
                mend=f"start it: seawall respond speaker {self._speaker.name}",
            ) from None
        return said.decode("utf-8", "replace").splitlines()

    def _show(self, words: str) -> list[Any]:
        """The JSON documents FRR prints one behind another."""
        text, found = run([*self._speaker.check, words], what=self._speaker.name), []
        at, decoder = 0, json.JSONDecoder()
        while at < len(text):
            at = next((n for n in range(at, len(text)) if text[n] in "[{"), len(text))
            if at == len(text):
                break
            try:
                document, at = decoder.raw_decode(text, at)
            except ValueError:
                raise PeerError("the router answered in a form we do not know", where=self._speaker.name) from None
            found.append(document)
        return found

    def _flows(self, action: Action) -> Iterator[str]:
        version = network(action.values["address"]).version
        for document in self._show(f"show bgp ipv{version} flowspec detail json"):
            rules = document if isinstance(document, list) else [document]
            merged: dict[str, Any] = {}
            for part in rules:
                merged |= part if isinstance(part, dict) else {}
            told = json.dumps(merged)
            if "FS:rate 0." not in told:
                continue
            yield _flow_name(str(merged.get("from", "")), str(merged.get("to", "")), str(merged.get("proto", "")))

    def _black_holes(self, action: Action) -> Iterator[str]:
        wanted = network(action.values["address"])
        for document in self._show(f"show bgp ipv{wanted.version} unicast {wanted} json"):
            for path in document.get("paths", []):
                communities = path.get("community", {}).get("list", [])
                if path.get("valid") and "blackhole" in communities and "noExport" in communities:
                    yield f"{wanted} blackhole no-export"


def _routes(action: Action) -> list[str]:
    """What an action announces, as the rest of a `withdraw` line."""
    return [line.removeprefix("withdraw ") for line in action.undo.splitlines()]


def _expected(action: Action) -> list[str]:
    """What the router's table holds once it took."""
    address = network(action.values["address"])
    if action.kind != "flowspec":
        return [f"{address} blackhole no-export"]
    guarded = str(network(action.values["guarded"]))
    return [
        _flow_name(source, destination, protocol)
        for source, destination in ((str(address), guarded), (guarded, str(address)))
        for protocol in ("6", "17", "4 41 47 50 51")
    ]


def _flow_name(source: str, destination: str, protocol: str) -> str:
    """How one rule is told from another: its sides and protocols."""
    return f"{_net(source)}>{_net(destination)} {' '.join(_NUMBERS.findall(protocol))}"


def _net(text: str) -> str:
    found = _NET.search(text)  # FRR writes an offset behind IPv6 prefixes: 2001:db8::/64/off 0
    try:
        return str(network(found[0])) if found else ""
    except InputError:
        return text.strip()


def _normal(line: str) -> str:
    """A rule or route in one spelling, whoever wrote it: its sides and protocol, or its prefix."""
    if line.startswith("flow"):
        sides = [
            (m[1] if (m := re.search(rf"\b{word}(?:-ipv[46])? ([0-9A-Fa-f.:]+/\d+)", line)) else "")
            for word in ("source", "destination")
        ]
        found = re.search(r"\b(?:protocol|next-header) (\[[^\]]*\]|=?\S+?)(?:;|\s|$)", line)
        names = {"tcp": "6", "udp": "17", "gre": "47", "esp": "50", "ah": "51", "ipip": "4", "ipv6": "41"}
        words = re.findall(r"[a-z]+\d?|\d+", (found[1] if found else "").lower())
        return f"flow {_net(sides[0])}>{_net(sides[1])} {' '.join(names.get(word, word) for word in words)}"
    found = re.search(r"route ([0-9A-Fa-f.:]+/\d+)", line)
    return f"route {_net(found[1]) if found else line}"


def configuration(speaker: Bgp, *, python: str = sys.executable) -> str:
    """`exabgp.conf` of one speaker. Raises InputError if response.toml says too little."""
    if not (speaker.local_address and speaker.neighbor and speaker.local_as and speaker.neighbor_as):
        raise InputError(
            f"[[bgp]] {speaker.name} needs local_address, local_as, neighbor and neighbor_as", where="response.toml"
        )
    helper = Path(exabgp_helper.__file__).resolve()
    return f"""process seawall {{
  run {python} -I {helper} {speaker.socket};
  encoder text;
}}
neighbor {network(speaker.neighbor).network_address} {{
  router-id {speaker.router_id or speaker.local_address};
  local-address {network(speaker.local_address).network_address};
  local-as {speaker.local_as};
  peer-as {speaker.neighbor_as};
  hold-time {speaker.hold_s};
  family {{ {" ".join(f"{family};" for family in speaker.families)} }}
  api {{ processes [ seawall ]; }}
}}
"""


def environment(log: str) -> dict[str, str]:
    """What ExaBGP is started with."""
    return {
        "exabgp_api_ack": "true",
        "exabgp_log_destination": log,
        "exabgp_daemon_daemonize": "false",
        "exabgp_api_cli": "false",
    }
