"""One clause for each thing intruders do, in words for a tired person.

A clause is written from what the finding names. `{by}`, `{from_}`, `{to}` vanish when nobody is named; `{who}`,
`{made}`, `{far}` say that it is unknown. A behaviour without a clause is told by its rule's title.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from seawall.incidents.objects import objects
from seawall.incidents.words import short_value
from seawall.model.entities import EntityType, Role
from seawall.model.finding import Finding
from seawall.model.severity import Severity

MAX_WHY: Final = 240  # characters of a rule's own explanation
MOST_IDS: Final = 4  # behaviours named in one clause
CLAUSES: Final[dict[str, str]] = {
    "R-01": "management ports were scanned{from_}",
    "R-02": "the web management was probed{from_}",
    "R-03": "Smart Install was probed{from_}",
    "R-04": "SNMP communities were guessed{from_}",
    "A-01": "a request in the form of the WebUI exploit CVE-2023-20198 arrived{from_}",
    "A-02": "the WebUI process changed the configuration{as_who}",
    "A-03": "{who} logged in over the web interface{from_}",
    "A-04": "a file was placed through the WebUI installer{by}, consistent with CVE-2023-20273",
    "A-05": "a login came through the internal port of the web server{as_who}",
    "A-07": "a package command held shell metacharacters{by}",
    "A-11": "{who} logged in{from_}, a place not seen before for it",
    "A-12": "{who} logged in with a default account name{from_}",
    "A-13": "one source tried many logins{from_}",
    "A-17": "a management session arrived over a peering or customer link{from_}",
    "A-22": "many logins failed and one succeeded{from_}",
    "E-01": "Guest Shell, a Linux container on the router, was switched on{by}",
    "E-02": "commands were run inside Guest Shell{by}",
    "E-03": "the router's command line was driven from inside the container{by}",
    "E-04": "Guest Shell was removed again{by}",
    "E-05": "network access for a container was prepared{by}",
    "E-06": "a Tcl script was run{by}",
    "E-07": "a job that runs by itself was set up{by}",
    "E-08": "the shell under the router's command line was entered{by}",
    "E-09": "a file was brought onto the device{by}{peer_from}",
    "P-01": "account {made} was created{by}",
    "P-04": "an SSH key was authorised{by}",
    "P-05": "a second SSH service (port 57722) was switched on{by}",
    "P-06": "SSH was opened on another port{by}",
    "P-07": "web management was moved to another port{by}",
    "P-08": "an access list was changed{by} to let in {far}",
    "P-09": "the access list guarding logins was lifted or replaced{by}",
    "P-10": "a GRE tunnel{to} was set up{by}",
    "P-11": "an IPsec or multipoint tunnel{to} was set up{by}",
    "P-12": "a route for the new traffic was added{by}",
    "P-13": "SNMP write access was added or loosened{by}",
    "P-14": "an insecure way of management was switched on{by}",
    "P-15": "the order of login checks was changed to ask the device first{by}",
    "D-01": "the device's log was cleared{by}",
    "D-02": "sending of logs was stopped{by}",
    "D-03": "the level of logging was lowered{by}",
    "D-04": "accounting of commands was removed{by}",
    "D-07": "a loopback was given the address {far}{by}, consistent with wearing a trusted address",
    "D-08": "a change was made and taken back within minutes{by}",
    "D-10": "the device fell silent",
    "D-14": "export of flows was switched off{by}",
    "D-17": "a capture was deleted{by}",
    "C-01": "a packet capture was started{by}, fit to read login traffic (TACACS+)",
    "C-02": "the capture was written to the device's flash{by}",
    "C-03": "traffic was mirrored to another port{by}",
    "C-04": "traffic was mirrored{to} over the network{by}",
    "C-06": "logins were pointed at another TACACS+ server{by}{peer}",
    "C-07": "logins were pointed at another RADIUS server{by}{peer}",
    "C-09": "the whole configuration was shown{by}, secrets included",
    "C-11": "private keys were exported{by}",
    "C-15": "an automation account was used by hand{by}{from_}",
    "I-01": "the device was looked over with a burst of show commands{by}",
    "I-02": "routing and customer networks were listed{by}",
    "I-04": "the device was used to probe others{by}",
    "L-01": "{who} logged in{from_}, an address of another router",
    "L-04": "{who} was used on many devices{from_}",
    "L-07": "{who} logged in to a jump host{from_}",
    "K-01": "configurations were gathered{by}",
    "N-01": "the router opened a session by itself{to}",
    "N-02": "tunnel traffic flowed{to}",
    "X-01": "a file was copied off the device{to}{by}",
    "X-05": "a steady mirrored stream flowed{to}",
}


def clause(finding: Finding) -> str:
    """What happened, as a clause that stands after "22:01 UTC pe01: "; behaviour ids in brackets."""
    return told(finding) + bracket(finding.behaviours)


def bracket(ids: Sequence[str], note: str = "") -> str:
    """Behaviour ids and a note in brackets after a clause; nothing where there is neither."""
    parts = [", ".join(short_value(b) for b in ids[:MOST_IDS]), note]
    inside = "; ".join(part for part in parts if part)
    return f" ({inside})" if inside else ""


def told(finding: Finding) -> str:
    """What happened, as a clause without ids.

    A rule that explains itself is quoted: it knows best what it saw. Otherwise the behaviour's clause is used, and for
    supporting findings, which may show less than the whole behaviour, their title.
    """
    why = " ".join(finding.why.split()).rstrip(".")
    if why and why != " ".join(finding.title.split()):
        return why if len(why) <= MAX_WHY else why[: MAX_WHY - 1] + "…"
    known = next((b for b in finding.behaviours if b in CLAUSES), None)
    if known is None or finding.severity <= Severity.LOW:
        return f"{_uncapital(short_value(finding.title))}{_parts(finding)['by']}"
    return CLAUSES[known].format(**_parts(finding))


def named(finding: Finding, kind: EntityType, *roles: Role) -> str:
    """The first name of a kind in one of these parts, parts in the order given; empty when there is none."""
    entities = (*finding.entities, *objects(finding)) if "object" in roles else finding.entities
    for role in roles:
        for entity in entities:
            if entity.type == kind and entity.role == role:
                return short_value(entity.value)
    return ""


def _parts(finding: Finding) -> dict[str, str]:
    """What the places of a clause are filled with."""
    who = named(finding, "account", "actor")
    source = named(finding, "ip", "source", "actor")
    far = named(finding, "ip", "object", "target", "via")
    return {
        "who": who or "an unknown account",
        "by": f" by {who}" if who else "",
        "as_who": f" as {who}" if who else "",
        "from_": f" from {source}" if source else "",
        "made": named(finding, "account", "object", "target") or "(name unknown)",
        "far": far or "(unknown)",
        "to": f" to {far}" if far else "",
        "peer": f": {far}" if far else "",
        "peer_from": f" from {far}" if far else "",
    }


def _uncapital(title: str) -> str:
    """A title as part of a sentence; acronyms such as SSH keep their capitals."""
    return title if title[1:2].isupper() or not title else title[0].lower() + title[1:]
