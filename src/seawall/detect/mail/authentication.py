"""Who vouches for a message: signatures checked offline where keys are given, else what a server stamped.

A stamp counts in full if a relay named as trusted wrote it (RFC 8601, 5); if none is named, the topmost stamp of the
server that took the message in counts, and is said to be unchecked. Every other stamp is the sender's own text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from seawall.detect.mail.domains import organisation
from seawall.detect.mail.facts import Facts
from seawall.detect.mail.spf import check_spf
from seawall.errors import InputError

MAX_SIGNED: Final = 8 << 20  # larger messages are not hashed again
MAX_KEYS: Final = 16 << 20
_RESULT: Final = re.compile(r"\b(spf|dkim|dmarc|arc)\s*=\s*(\w{1,20})", re.I)
_DOMAIN: Final = re.compile(r"\b(?:header\.(?:d|i)|smtp\.mailfrom|header\.from)\s*=\s*@?([^\s;()]{1,255})", re.I)
_BY: Final = re.compile(r"\bby\s+([\w.-]{1,253})", re.I)
_RECORD: Final = re.compile(r"^\s*([\w.-]{1,253}?)\.?\s+(?:\d+\s+)?(?:IN\s+)?(?:TXT\s+)?(.+?)\s*$", re.I)


@dataclass(slots=True)
class Authenticated:
    """What is known of a message's origin: pass, fail, softfail, none …; empty where nothing is known."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    arc: str = ""
    basis: str = "nothing"  # verified offline | stamped by a trusted relay | stamped by the receiving server | nothing
    server: str = ""  # who stamped it
    signers: list[str] = field(default_factory=list)  # domains whose signature holds
    foreign: bool = False  # a stamp was there, but nobody we trust wrote it

    @property
    def passes(self) -> bool:
        """Whether the address in From is vouched for."""
        return self.dmarc == "pass"

    @property
    def fails(self) -> bool:
        """Whether From is not vouched for though its owner asks that it be."""
        return self.dmarc == "fail" or (not self.dmarc and self.spf == "fail" and self.dkim != "pass")

    def plain(self) -> dict[str, Any]:
        """As the JSON line has it."""
        return {
            "spf": self.spf or None,
            "dkim": self.dkim or None,
            "dmarc": self.dmarc or None,
            "arc": self.arc or None,
            "basis": self.basis,
            "server": self.server or None,
        }


def read_keys(path: Path) -> dict[str, str]:
    """TXT records a person saved: `name  record` a line, as `dig` prints them.

    Raises:
        InputError: the file cannot be read, or a line is no record.
    """
    try:
        if path.stat().st_size > MAX_KEYS:
            raise InputError("larger than 16 MiB", where=str(path), mend="keep only the records of your partners")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), mend="one TXT record a line") from error
    records: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        found = _RECORD.match(line)
        if not found:
            raise InputError(
                "no TXT record", where=f"{path}:{number}", mend="write: sel._domainkey.example.com  v=DKIM1; p=…"
            )
        text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found[2])) if found[2].startswith('"') else found[2]
        records[found[1].lower()] = text.replace("\\;", ";")
    return records


def authenticate(facts: Facts) -> Authenticated:
    """Check what can be checked; read the rest off the stamp that may be believed."""
    stamped = _stamped(facts)
    if facts.world.keys:
        return _verified(facts, stamped)
    return stamped


def _stamped(facts: Facts) -> Authenticated:
    fields = facts.mail.fields
    relays = facts.world.relays
    above = [field.shown for field in fields if field.name == "received"][:3]
    takers = {by[1].lower() for hop in above if (by := _BY.search(hop))}
    for at, field_ in enumerate(fields):
        if field_.name != "authentication-results":
            continue
        server = (field_.shown.partition(";")[0].split() or [""])[0].lower()
        hops_above = sum(one.name == "received" for one in fields[:at])
        if relays:
            if server in relays:
                return _parsed(field_.shown, "stamped by a trusted relay", server)
            continue
        near = "=" in server or not server  # some receivers write no name
        mine = organisation(server) in facts.world.own or server in takers
        kin = any(organisation(server) == organisation(taker) for taker in takers)
        if hops_above <= 3 and (near or mine or kin):
            return _parsed(field_.shown, "stamped by the receiving server", "" if near else server)
        break  # what stands below came with the message
    foreign = any(field_.name == "authentication-results" for field_ in fields)
    found = Authenticated(foreign=foreign)
    if not relays and (said := facts.mail.first("received-spf")):
        found.spf = said.split()[0].lower().rstrip(";:")[:20]
        found.basis = "stamped by the receiving server"
    return found


def _parsed(text: str, basis: str, server: str) -> Authenticated:
    said: dict[str, str] = {}
    for name, word in _RESULT.findall(text):
        if name.lower() not in said or (name.lower() == "dkim" and word.lower() == "pass"):
            said[name.lower()] = word.lower()
    signers = re.findall(r"dkim\s*=\s*pass[^;]{0,300}?header\.[di]\s*=\s*@?([^\s;()]{1,255})", text, re.I)
    return Authenticated(
        said.get("spf", ""),
        said.get("dkim", ""),
        said.get("dmarc", ""),
        said.get("arc", ""),
        basis,
        server,
        signers,
    )


def _verified(facts: Facts, stamped: Authenticated) -> Authenticated:
    """Signatures, SPF and DMARC worked out with the records given; what they do not cover stays as stamped."""
    keys = facts.world.keys
    found = Authenticated(stamped.spf, "", stamped.dmarc, stamped.arc, stamped.basis, stamped.server)
    found.dkim, found.signers = _dkim(facts, keys)
    if not found.dkim:
        found.dkim, found.signers = stamped.dkim, stamped.signers
    else:
        found.basis = "verified offline"
    if facts.mail.first("arc-seal") and (arc := _arc(facts, keys)):
        found.arc = arc
    if spf := check_spf(facts, keys):
        found.spf, found.basis = spf, "verified offline"
    if found.basis == "verified offline":
        aligned = any(organisation(d) == facts.sender.org for d in found.signers)
        aligned = aligned or (found.spf == "pass" and facts.bounce.org == facts.sender.org)
        policy = keys.get(f"_dmarc.{facts.sender.host}") or keys.get(f"_dmarc.{facts.sender.org}") or ""
        strict = re.search(r"\bp\s*=\s*(?:reject|quarantine)", policy, re.I)
        found.dmarc = "pass" if aligned else ("fail" if policy else stamped.dmarc or ("fail" if strict else ""))
    return found


def _dkim(facts: Facts, keys: dict[str, str]) -> tuple[str, list[str]]:
    """(pass, fail or empty where no key is known, domains whose signature holds)."""
    headers = [field.value for field in facts.mail.fields if field.name == "dkim-signature"][:8]
    known = []
    for at, value in enumerate(headers):
        signer = re.search(r"(?:^|;)\s*d\s*=\s*([^;\s]+)", value)
        selector = re.search(r"(?:^|;)\s*s\s*=\s*([^;\s]+)", value)
        if signer and selector and f"{selector[1]}._domainkey.{signer[1]}".lower() in keys:
            known.append((at, signer[1].lower()))
    if not known or len(facts.mail.raw) > MAX_SIGNED:
        return "", []
    try:
        import dkim
    except ImportError:
        raise InputError(
            "checking signatures needs an optional part", where="--keys", mend="make extras, or leave --keys away"
        ) from None
    holds = []
    for at, domain in known:
        try:
            if dkim.DKIM(facts.mail.raw).verify(idx=at, dnsfunc=_answers(keys)):
                holds.append(domain)
        except (dkim.DKIMException, ValueError, TypeError, IndexError, KeyError, ArithmeticError):
            continue  # a signature or key that is broken is one that does not hold
    return ("pass" if holds else "fail"), holds


def _arc(facts: Facts, keys: dict[str, str]) -> str:
    """Result of the chain of ARC seals (RFC 8617); empty where keys are missing."""
    try:
        import dkim
    except ImportError:
        return ""
    if len(facts.mail.raw) > MAX_SIGNED:
        return ""
    try:
        result, _, _ = dkim.arc_verify(facts.mail.raw, dnsfunc=_answers(keys))
    except (dkim.DKIMException, ValueError, TypeError, IndexError, KeyError, ArithmeticError):
        return "fail"
    return result.decode("ascii", "replace") if isinstance(result, bytes) else str(result or "")


def _answers(keys: dict[str, str]) -> Any:
    """What stands for the name service: the records given and nothing else."""

    def answer(name: bytes, timeout: int = 0) -> bytes | None:  # noqa: ARG001 - dkimpy's signature
        record = keys.get(name.decode("ascii", "replace").rstrip(".").lower())
        return record.encode() if record else None

    return answer
