"""Evidence in the header: who vouches for the sender, whom it resembles, where answers go, how it came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from seawall.detect.mail.authentication import Authenticated
from seawall.detect.mail.brands import borrowed
from seawall.detect.mail.cues import Cue
from seawall.detect.mail.domains import FREEMAIL, TENANTS, foreign, host_in, label_of, likeness, organisation
from seawall.detect.mail.facts import Facts

_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@([\w-]+(?:\.[\w-]+)+)")
_MIXED: Final = re.compile(r"[a-z]I[a-z]|[a-z][01][a-z]|[a-z][01]\b(?=\.)")


def sender_cues(facts: Facts, auth: Authenticated) -> Iterator[Cue]:
    """Every piece of evidence in the header."""
    yield from _vouched(facts, auth)
    yield from _resembling(facts, auth.passes)
    yield from _named(facts)
    yield from _answering(facts)
    yield from _threaded(facts)
    yield from _formed(facts)


def _own(facts: Facts) -> bool:
    return facts.sender.org in facts.world.own


def _vouched(facts: Facts, auth: Authenticated) -> Iterator[Cue]:
    said = f"{auth.basis}{f' {auth.server}' if auth.server else ''}"
    org = facts.sender.org
    if auth.fails:
        own = _own(facts)
        told = f"SPF {auth.spf or 'unknown'}, DKIM {auth.dkim or 'unknown'}, DMARC {auth.dmarc or 'unknown'} ({said})"
        words = "it claims to come from your own domain, but " if own else ""
        name = "own-domain-forged" if own else "authentication-failed"
        weight = 2.6 if own else (0.5 if _broken_only(auth) else 0.9)
        yield Cue(name, "phish", weight, f"{words}nobody vouches for the sender: {told}", "header:from", org)
    elif auth.passes:
        if _own(facts):
            yield Cue(
                "own-sender", "wanted", 1.4, f"from your own domain, and it is vouched for ({said})", "header:from", org
            )
        elif org in facts.world.partners:
            yield Cue(
                "partner-sender", "wanted", 1.6, f"from a partner, and it is vouched for ({said})", "header:from", org
            )
        else:
            yield Cue(
                "authenticated",
                "wanted",
                0.2,
                f"the domain vouches for it ({said}); that says who, not why",
                "header:from",
                org,
            )
    elif _own(facts) and facts.world.told | (len(facts.mail.all("received")) > 0):
        yield _own_unstamped(facts)
    elif org in facts.world.partners:
        yield Cue(
            "partner-unproven",
            "wanted",
            0.9,
            "from a partner's domain, though nothing vouches for it",
            "header:from",
            org,
        )
    elif auth.spf in ("fail", "softfail") and auth.dkim != "pass":
        yield Cue("spf-failed", "phish", 0.7, f"SPF {auth.spf} ({said})", "header:from", org)


def _broken_only(auth: Authenticated) -> bool:
    """SPF passes and only the signature is missing or broken: lists and forwarders do that to good mail."""
    return auth.spf == "pass" or auth.dkim == "pass"


def _own_unstamped(facts: Facts) -> Cue:
    """From one's own domain without a stamp: sent inside, or forged past the gateway; the first hop tells."""
    hops = facts.mail.all("received")
    first = next((h for h in reversed(hops) if re.search(r"\bfrom\s", h)), "")
    name = re.search(r"\bfrom\s+([\w.-]+)", first)
    host = name[1].lower() if name else ""
    if not host or organisation(host) in facts.world.own or "." not in host or host.startswith("localhost"):
        return Cue("own-sender", "wanted", 1.0, "sent inside: it never passed the gateway", "header:received", host)
    return Cue(
        "own-domain-outside", "phish", 1.4, f"claims your own domain, but came from {host}, and nothing vouches for it",
        "header:received", host,
    )  # fmt: skip


def _resembling(facts: Facts, vouched: bool) -> Iterator[Cue]:
    known = set(facts.world.known)
    quoted = {organisation(m[1].lower()) for m in _ADDRESS.finditer(facts.text[:20_000])}
    known |= {org for org in quoted if org and org not in FREEMAIL and org != facts.sender.org}
    for where, host in (("header:from", facts.sender.host), ("header:reply-to", facts.reply.host)):
        alike = likeness(host, known) if host and organisation(host) not in facts.world.known else None
        if alike is None or (where == "header:reply-to" and host == facts.sender.host):
            continue
        weight = {"homoglyph": 4.0, "hyphen": 3.2, "letter": 3.2, "ending": 2.6, "word": 2.4, "subdomain": 2.8}[
            alike.how
        ]
        if alike.like not in facts.world.known:
            weight *= 0.6
        if alike.how == "subdomain" and vouched and organisation(host) in TENANTS:
            weight *= 0.2  # your own name is what a customer of such a platform is called; anybody may take one, though
        reason = f"{alike.name} is not {alike.like}, but was made to look like it ({alike.how})"
        yield Cue("look-alike-sender", "phish", weight, reason, where, alike.name)
    written = facts.sender.written.rpartition("@")[2].partition(".")[0]
    if _MIXED.search(written):
        yield Cue(
            "look-alike-letters",
            "phish",
            1.6,
            "letters of its domain stand in for others (I for l, 1 for l, 0 for o)",
            "header:from",
            written,
        )
    if foreign(facts.sender.host):
        told = f"its domain mixes in letters of another alphabet: {facts.sender.org}"
        yield Cue("foreign-letters", "phish", 1.6, told, "header:from", facts.sender.host)


def _named(facts: Facts) -> Iterator[Cue]:
    name, org = facts.sender.name, facts.sender.org
    if not facts.sender.address:
        yield Cue("no-sender", "phish", 0.8, "it names no sender", "header:from")
        return
    if found := _ADDRESS.search(name.lower()):
        if organisation(found[1]) != org:
            yield Cue(
                "name-poses-as-address",
                "phish",
                2.0,
                f"the name shows {found[0]}, the address is {facts.sender.address}",
                "header:from",
                name,
            )
    elif (host := host_in(name)) and " " not in name and organisation(host) != org:
        yield Cue(
            "name-poses-as-address",
            "phish",
            1.2,
            f"the name shows {host}, the address is at {org}",
            "header:from",
            name,
        )
    known = facts.world.known
    if org not in known:
        local = facts.sender.address.partition("@")[0]
        for brand in facts.world.brands:
            if len(brand) >= 4 and re.search(rf"\b{re.escape(brand)}\b", name, re.I):
                via = re.search(r"\b(?:for|via|at|on behalf of)\b", name, re.I)
                yield Cue(
                    "borrowed-name",
                    "phish",
                    0.5 if via else 1.8,
                    f"the name claims {brand}, the address is at {org}",
                    "header:from",
                    name,
                )
            elif len(brand) >= 4 and brand in local:
                told = f"{brand} stands before the @ of a stranger's address"
                alone = local == brand  # how services name the customer they write for
                yield Cue("borrowed-name", "phish", 0.4 if alone else 1.6, told, "header:from", facts.sender.address)
    if brand := borrowed(name, org):
        yield Cue(
            "borrowed-brand", "phish", 2.2, f"the name claims {brand}, the address is at {org}", "header:from", name
        )
    elif (brand := borrowed(facts.subject, org)) and not facts.is_reply and not facts.mail.first("list-id"):
        yield Cue(
            "borrowed-brand",
            "phish",
            0.9,
            f"the subject speaks for {brand}, the address is at {org}",
            "subject",
            facts.subject,
        )
    if org in FREEMAIL and re.search(
        r"\b(?:support|billing|security|admin|service|helpdesk|account|bank|payroll|invoice)\b", name, re.I
    ):
        yield Cue("office-on-freemail", "phish", 1.3, f"an office that writes from {org}", "header:from", name)
    local = facts.sender.address.partition("@")[0]
    if (len(local) >= 12 and sum(c.isdigit() for c in local) >= 5) or (
        len(local) > 30 and "." not in local and "=" not in local
    ):
        yield Cue("random-sender", "phish", 0.7, "the part before the @ looks made by a program", "header:from", local)


def _answering(facts: Facts) -> Iterator[Cue]:
    reply, org = facts.reply, facts.sender.org
    to = {one.address for one in facts.to if one.address}
    listed = facts.mail.first("list-id") or facts.mail.first("list-unsubscribe") or reply.address in to
    if reply.org and reply.org != org:
        free = reply.org in FREEMAIL
        weight = 1.7 if free else (0.3 if reply.org in facts.world.known or listed else 0.8)
        if label_of(reply.org) and label_of(org) and _shares(label_of(org), label_of(reply.org)):
            weight += 1.2
        yield Cue(
            "reply-elsewhere",
            "phish",
            weight,
            f"answers go to {reply.org}, not to {org}",
            "header:reply-to",
            reply.address,
        )
    if facts.bounce.org and facts.bounce.org != org and facts.bounce.org not in facts.world.known and not listed:
        yield Cue(
            "returns-elsewhere",
            "phish",
            0.25,
            f"failures go to {facts.bounce.org}, not to {org}",
            "header:return-path",
            facts.bounce.address,
        )
    bulk = facts.mail.first("precedence").lower() in ("bulk", "list")
    if facts.mail.first("list-post") or (bulk and (facts.mail.first("mailing-list") or facts.mail.first("list-id"))):
        yield Cue("discussion-list", "wanted", 0.7, "it came through a mailing list", "header:list-id")
    if facts.sender.address and facts.sender.address in to:
        yield Cue(
            "to-itself",
            "phish",
            0.9,
            "sender and recipient are one address: the true recipients are hidden",
            "header:to",
            facts.sender.address,
        )
    elif not to or "undisclosed" in facts.mail.first("to").lower():
        yield Cue("hidden-recipients", "phish", 0.8, "its recipients are hidden", "header:to", facts.mail.first("to"))


def _shares(one: str, other: str) -> bool:
    """Whether two names share a telling word: castelvar in `police.castelvar` and `castelvar-police`."""
    return any(len(word) >= 5 and word in other for word in re.split(r"[-_]", one))


def _threaded(facts: Facts) -> Iterator[Cue]:
    answers = facts.mail.first("in-reply-to") or facts.mail.first("references")
    if facts.is_reply and not answers:
        yield Cue(
            "answer-to-nothing",
            "phish",
            0.35,
            "it calls itself an answer, but answers no message",
            "subject",
            facts.subject,
        )
    elif facts.is_reply and answers and facts.world.told and facts.sender.org not in facts.world.known:
        orgs = {organisation(m[1].lower().strip(">")) for m in re.finditer(r"@([\w.-]+)", answers)}
        if orgs and orgs.isdisjoint({facts.sender.org, *facts.world.own}):
            yield Cue(
                "foreign-thread",
                "phish",
                0.5,
                "it continues a thread of people who are not in it",
                "header:in-reply-to",
                answers,
            )


def _formed(facts: Facts) -> Iterator[Cue]:
    for defect in facts.mail.defects:
        if defect.startswith("invisible characters"):
            yield Cue("invisible-characters", "phish", 1.5, f"{defect}: a trick against readers and filters")
    if facts.zero_width > 8 and not facts.has_footer:
        yield Cue(
            "invisible-text", "phish", 0.5, f"{facts.zero_width} invisible characters between its letters", "body"
        )
    mailer = facts.mail.first("x-mailer") + facts.mail.first("user-agent")
    if re.search(r"phpmailer|leaf ?phpmailer|gammadyne|the bat|python|swiftmailer|sendblaster", mailer, re.I):
        yield Cue("bulk-program", "phish", 0.4, "sent by a script", "header:x-mailer", mailer)
    if re.search(r"\brcpt|localhost|\[?127\.", facts.mail.first("message-id").rpartition("@")[2]):
        yield Cue(
            "made-up-id",
            "phish",
            0.3,
            "its Message-ID was made on no mail server",
            "header:message-id",
            facts.mail.first("message-id"),
        )
