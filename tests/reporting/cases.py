"""A case to render: the invented intrusion, with files, rejects and blind spots around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from seawall.incidents import build
from seawall.model.coverage import Coverage
from seawall.model.custody import CustodyRecord, Said
from seawall.model.finding import Finding
from seawall.reporting.handovers import gather
from seawall.reporting.view import CaseView, Note
from tests.incidents.stories import at, intrusion, noise


@dataclass(frozen=True)
class File:
    """What a file record looks like from here."""

    origin: str
    format: str
    events: int
    rejected: int = 0
    first: datetime | None = None
    last: datetime | None = None
    bytes: int = 0
    notes: tuple[str, ...] = ()


ACCOUNTING = "aaa accounting commands 15 default start-stop group tacacs+"


def case(findings: list[Finding] | None = None, **more: Any) -> CaseView:
    """The case of the intrusion; keywords replace single parts."""
    findings = findings if findings is not None else [*intrusion(), *noise()]
    whole = CaseView(
        title="Evidence folder edge-ams",
        generated_at=at("12:00:00", day=1),
        incidents=build(findings),
        findings=findings,
        coverage=_coverage(),
        files=[
            File("syslog/edge7.log", "syslog", 41_228, 3, at("00:00:02"), at("23:59:58"), 6_100_400,
                 ("year taken from neighbouring lines for 118 records",)),
            File("syslog/edge8.log", "syslog", 9_871, 0, at("00:00:09"), at("23:59:51"), 1_404_210),
            File("tacacs/acct.log", "tacacs", 3_310, 1, at("00:04:11"), at("23:58:41"), 512_733),
            File("zeek/http.log", "zeek", 1_204, 0, at("00:01:00"), at("23:59:00"), 230_118),
            File("configs/edge7.cfg", "config", 912, 0, None, None, 31_870),
        ],
        custody=gather(_stored(), ["spare.tar.gz!/acct.log", "spare.tar.gz!/zeek/http.log"]),
        rejects=[
            Note("syslog/edge7.log:20117", "line is longer than 1,048,576 bytes"),
            Note("syslog/edge7.log:31002", "no time and no host could be read"),
            Note("tacacs/acct.log:3311", "cut off in the middle of the record"),
        ],
        rejected_total=4,
        refused=[Note("mediation/x1-export.xml", "lawful-intercept records (X1) are not read before their guard exists",
                      "keep the file where it is; hand it to the intercept officer")],
        clock_doubts=["edge8 says its clock lost its source (`.`) for 2 h 10 min"],
        broken_rules=[Note("rules/local/odd.yml:7", "condition names `selection2`, which is not defined",
                           "define it, or take it out of the condition")],
        rules_loaded=42,
        versions={"Seawall rules": "builtin, 41 rules", "DuckDB": "2.0.0"},
    )  # fmt: skip
    return replace(whole, **more)


def _stored() -> list[CustodyRecord]:
    night = Said("J. Doe, NOC", at("22:30:00"), "pulled from the syslog server by scp")
    names = [("syslog/edge7.log", 6_100_400, night), ("syslog/edge8.log", 1_404_210, night)]
    names += [("spare.tar.gz", 742_851, Said("R. Roe, field service")), ("standard input", 31_870, Said())]
    return [
        CustodyRecord(name, f"/evidence/{name}", sha256(name.encode()).hexdigest(), size, at("08:00:00", day=1), said)
        for name, size, said in names
    ]


def _coverage() -> list[Coverage]:
    seen = [Coverage("edge7", b, "seen", "found") for b in ("A-02", "P-01", "C-01", "D-02")]
    quiet = [Coverage("edge8", b, "not seen", "its syslog would show it") for b in ("A-02", "P-01", "E-01")]
    no_commands = [
        Coverage(d, b, "could not be seen", "no command accounting from these devices", ACCOUNTING)
        for d in ("core1", "core2", "edge8")
        for b in ("C-01", "C-02", "D-01", "I-01", "I-04", "X-01")
    ]
    no_flow = [
        Coverage(d, b, "could not be seen", "no flow records of management and peering ports",
                 "NetFlow or IPFIX export with source interface")
        for d in ("edge7", "edge8")
        for b in ("A-17", "N-01", "N-02", "X-05")
    ]  # fmt: skip
    dark = [
        Coverage("med1", "K-05", "could not be seen", "intercept audit logs are refused until their guard exists"),
    ]
    return [*seen, *quiet, *no_commands, *no_flow, *dark]
