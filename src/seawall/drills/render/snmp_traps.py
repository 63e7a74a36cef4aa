"""SNMP traps as snmptrapd writes them: two lines by default, one line, and version 1 with its community."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

FORMS: Final = ("default", "numeric", "one-line", "v1")
OIDS: Final = {
    "coldStart": ("SNMPv2-MIB::coldStart", ".1.3.6.1.6.3.1.1.5.1", "Cold Start"),
    "linkDown": ("IF-MIB::linkDown", ".1.3.6.1.6.3.1.1.5.3", "Link Down"),
    "authenticationFailure": ("SNMPv2-MIB::authenticationFailure", ".1.3.6.1.6.3.1.1.5.5", "Authentication Failure"),
}


@dataclass(frozen=True, slots=True)
class Trap:
    """One trap."""

    time: datetime  # UTC, whole seconds
    agent: str
    host: str
    name: str  # one of `OIDS`
    values: dict[str, str] = field(default_factory=dict)  # name → value with its type: `INTEGER: 3`


def write(trap: Trap, form: str = "default", *, community: str = "public") -> str:
    """The trap's lines in one of `FORMS`."""
    named, numeric, generic = OIDS[trap.name]
    stamp = f"{trap.time:%Y-%m-%d %H:%M:%S}"
    ends = f"UDP: [{trap.agent}]:51234->[192.0.2.7]:162"
    values = [f"{name} = {value}" for name, value in trap.values.items()]
    if form == "v1":
        lines = [
            f"{stamp} {trap.host}(via {ends}) TRAP, SNMP v1, community {community}",
            f"\tSNMPv2-SMI::enterprises.9.1.1 {generic} Trap (0) Uptime: 0:01:40.00",
            *(f"\t{value}" for value in values),
        ]
        return "\n".join(lines)
    uptime, oid = "DISMAN-EVENT-MIB::sysUpTimeInstance", "SNMPv2-MIB::snmpTrapOID.0"
    if form == "numeric":
        uptime, oid, named = ".1.3.6.1.2.1.1.3.0", ".1.3.6.1.6.3.1.1.4.1.0", numeric
    bindings = [f"{uptime} = Timeticks: (10000) 0:01:40.00", f"{oid} = OID: {named}", *values]
    head = f"{stamp} {trap.host} [{ends}]:"
    return f"{head} {', '.join(bindings)}" if form == "one-line" else f"{head}\n" + "\t".join(bindings)
