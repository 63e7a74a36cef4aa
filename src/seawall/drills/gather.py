"""From acts to log files: which telemetry an act leaves, and on which server's disk it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from seawall.drills.acts import Act, Deed
from seawall.drills.conditions import Conditions
from seawall.drills.evidence import Line, LogFile
from seawall.drills.render import LOGS, auditd, evtx_json, mail, postgres, tacacs, zeek
from seawall.drills.render.sender import Sender
from seawall.drills.seeds import stream
from seawall.drills.world.model import Node, World

OWN_FILE = ("edge", "pe", "core", "jump-host")  # roles whose devices each have a log file of their own
AS_IT_IS: Final = Conditions()


class Gather:
    """Takes deeds in order of time and keeps the lines they leave. A device whose forwarding stopped goes quiet."""

    def __init__(self, world: World, conditions: Conditions = AS_IT_IS) -> None:
        self._world = world
        self._conditions = conditions
        self._nodes = {node.name: node for node in world.nodes}
        self._senders = {node.name: self._sender(node) for node in world.nodes}
        self._accounting = {node.name: Sender(node.short, node.management) for node in world.nodes}
        self._logs: dict[str, LogFile] = {}
        self._quiet: set[str] = set()
        self._flows = 0
        self._kept = 0
        self._mails = 0
        self._run = 0
        self._offered = 0

    def _sender(self, node: Node) -> Sender:
        chance = stream(self._world.seed, "sender", node.short)
        host = node.name if node.platform == "windows" else node.short
        sequence = chance.randrange(2_000, 90_000)
        return Sender(host, node.management, node.header, sequence + 7, sequence, chance.randrange(1200, 9000))

    @property
    def quiet(self) -> frozenset[str]:
        """Names of the devices whose forwarding is stopped."""
        return frozenset(self._quiet)

    def add(self, deed: Deed) -> int:
        """Write an act in every telemetry that shows it; returns how many lines it left."""
        before = self._kept
        act = deed.act
        if act.doing == "flow":
            self._flow(deed, act)
            return self._kept - before
        if act.doing == "mail":
            self._mails += 1
            text = mail.mailbox([mail.write(act, self._mails)]).decode().rstrip("\n") + "\n"
            self._keep("mail/gateway.mbox", deed, [text], "mail", None)
            return self._kept - before
        node = self._nodes[act.device]
        if act.doing == "restarted":
            sender = self._senders[node.name]
            sender.count = sender.sequence = 0
            return 0
        told = act.at(act.time + self._conditions.skew(node)) if self._conditions.skews else act
        if node.platform == "windows":
            for channel, lines in evtx_json.write(told, self._senders[node.name]).items():
                self._keep(f"windows/{node.short}-{channel}.jsonl", deed, lines, "windows", node)
        elif act.doing in ("command", "query") and node.platform == "linux":
            self._server(deed, told, node)
        else:
            self._log(deed, told, node)
        if node.platform in tacacs.PLATFORMS and act.account:  # stamped by the AAA server's clock, not the device's
            lines = tacacs.write(act, self._accounting[node.name])
            self._keep("tacacs/tac_plus.acct", deed, lines, "accounting", node)
        if act.doing == "login" and act.source:
            self._flow(deed, _login_flow(act, node))
        return self._kept - before

    def _log(self, deed: Deed, act: Act, node: Node) -> None:
        if node.name not in self._quiet:
            self._keep(_log_name(node), deed, LOGS[node.platform](act, self._senders[node.name]), "log", node)
        if act.doing == "log_host":
            (self._quiet.add if act.detail["state"] == "stopped" else self._quiet.discard)(node.name)

    def _server(self, deed: Deed, act: Act, node: Node) -> None:
        """What a server's audit trail or database says of a command or a statement."""
        if act.doing == "query":
            message = postgres.Message(
                act.time, act.account, act.detail["database"], act.source, f"statement: {act.command}"
            )
            self._keep(f"servers/{node.short}/postgresql.log", deed, [postgres.write(message, "named")], "log", node)
            return
        self._run += 1
        ran = auditd.Ran(act.time, 7000 + self._run, act.account or "root", tuple(act.command.split(" ")), node.short)
        self._keep(f"servers/{node.short}/audit.log", deed, auditd.write_command(ran), "log", node)

    def _flow(self, deed: Deed, act: Act) -> None:
        self._flows += 1
        ends = act.time + timedelta(seconds=float(act.detail.get("duration", "0.412")))
        for log, row in zeek.write(act, self._flows + (self._world.seed << 20)).items():
            self._keep(f"zeek/{{day}}/{log}.log", deed, [row], "traffic", None, ends if log == "conn" else None)

    def _keep(
        self,
        name: str,
        deed: Deed,
        lines: Sequence[str],
        telemetry: str,
        node: Node | None,
        seen: datetime | None = None,
    ) -> None:
        self._offered += 1
        if self._conditions.losses and self._conditions.lost(self._world.seed, telemetry, node, self._offered):
            return
        log = self._logs.get(name)
        if log is None:
            kind = name.rsplit("/", 1)[1].removesuffix(".log")
            of_zeek = name.startswith("zeek/")
            log = self._logs[name] = LogFile(
                name,
                head=(lambda opened: zeek.head(kind, opened)) if of_zeek else None,
                tail=zeek.tail if of_zeek else None,
                rotated=not name.startswith(("windows/", "mail/")),
            )
        self._kept += len(lines)
        time, label, add = deed.act.time, deed.label, log.lines.append
        for line in lines:
            add(Line(time, line, label, seen))

    def take(self) -> list[LogFile]:
        """The files gathered since the last time, in order of name; what they held is forgotten, counters go on."""
        taken = self.logs()
        self._logs = {}
        return taken

    def logs(self) -> list[LogFile]:
        """The files gathered, in order of name."""
        return [self._logs[name] for name in sorted(self._logs)]


def _log_name(node: Node) -> str:
    if node.platform == "linux":
        return f"servers/{node.short if node.role in OWN_FILE else 'others'}/auth.log"
    return f"syslog/{node.short}.log" if node.role in OWN_FILE else f"syslog/{node.role}.log"


def _login_flow(act: Act, node: Node) -> Act:
    """The connection a login came over, as the sensor saw it."""
    service = act.detail.get("service", "ssh")
    port, name = {"web": ("443", "ssl"), "netconf": ("830", "ssh"), "rdp": ("3389", "rdp")}.get(service, ("22", "ssh"))
    to = node.public if service == "web" and node.public else act.detail.get("to") or node.management
    detail = {"to": to, "port": port, "service": name, "duration": "94.100000", "sent": "4200", "got": "18000"}
    if node.platform in ("linux", "junos"):
        detail["server"] = "SSH-2.0-OpenSSH_9.2"
    return Act(act.time, act.device, "flow", act.account, act.source, act.line, "", detail)
