"""Evidence in links, pictures and attachments: seen against meant, who owns the place, what opening it would do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from seawall.detect.mail.attached import Looked, links_in_pdf, look
from seawall.detect.mail.brands import borrowed, owned_by_a_brand, posing
from seawall.detect.mail.cues import Cue
from seawall.detect.mail.domains import FREEMAIL, SHORTENERS, foreign, host_in, is_ip, likeness, organisation
from seawall.detect.mail.facts import Facts, Target

MAX_SHOWN: Final = 40  # links that are looked at one by one
_PASSWORD_NEAR: Final = re.compile(
    r"(?:password|passcode|passwort|kennwort|contraseña|mot de passe|\bcode)\W{1,6}"
    r"(?:is|for|ist|es|est|:|to open)?\W{0,4}(?=[\w-]*\d)[\w-]{4,20}|archive password",
    re.I,
)

_PHONE: Final = re.compile(r"\+?\(?\d[\d ().-]{7,}\d")  # real firms' mail is abused to carry a caller's number


def link_cues(facts: Facts, *, vouched: bool) -> Iterator[Cue]:
    """Every piece of evidence in links and pictures. `vouched`: the sender's domain stands behind the message."""
    acting = [t for t in facts.acting if t.host][:MAX_SHOWN]
    told: set[str] = set()
    for target in acting:
        for cue in _one_link(facts, target):
            if (key := f"{cue.name} {target.org}") not in told:
                told.add(key)
                yield replace(cue, where=f"attachment:{target.picture}") if target.picture else cue
    yield from _whose(facts, acting, vouched)
    if facts.world.told:
        yield from _leading_away(facts, acting)
    yield from _pages(facts)
    yield from _codes(facts)


def _one_link(facts: Facts, target: Target) -> Iterator[Cue]:
    seen, org, text = host_in(target.link.text), target.org, target.link.text
    known = facts.world.known
    if seen and organisation(seen) != org and "@" not in text and org not in known:
        weight = 2.6 if organisation(seen) in known | {facts.sender.org} else 1.6
        listed = facts.has_footer and organisation(seen) == facts.sender.org
        yield Cue(
            "link-mismatch",
            "phish",
            0.5 if listed and facts.mail.first("list-id") else weight,
            f"shows {seen}, leads to {target.host}",
            "link",
            target.url,
        )
    if org not in known and (alike := likeness(target.host, known)) is not None and org != facts.sender.org:
        rightly = alike.how == "subdomain" and facts.sender.org == org
        if not rightly:
            weight = {"homoglyph": 3.6, "hyphen": 2.8, "letter": 2.8, "ending": 2.2, "word": 2.2, "subdomain": 1.2}[
                alike.how
            ]
            yield Cue(
                "look-alike-link",
                "phish",
                weight,
                f"{alike.name} is not {alike.like}, but was made to look like it ({alike.how})",
                "link",
                target.url,
            )
    if brand := posing(org):
        yield Cue("brand-in-link", "phish", 1.8, f"{org} borrows the name of {brand}", "link", target.url)
    elif (brand := borrowed(text, org)) and org != facts.sender.org:
        yield Cue(
            "brand-link-elsewhere", "phish", 0.8, f"the link speaks of {brand}, but leads to {org}", "link", target.url
        )
    yield from _shape(target)


def _shape(target: Target) -> Iterator[Cue]:
    url, host = target.url, target.host
    if is_ip(host):
        yield Cue("link-to-address", "phish", 1.2, f"leads to a bare address: {host}", "link", url)
    if url.lower().startswith(("data:", "javascript:", "vbscript:", "file:", "blob:")):
        yield Cue(
            "link-runs-code", "phish", 2.4, "the link carries a page or code instead of an address", "link", url[:200]
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.username and "." in parts.username:
        yield Cue(
            "link-with-name", "phish", 2.2, f"what looks like the host is a user name; it leads to {host}", "link", url
        )
    if port not in (None, 80, 443, 8080, 8443):
        yield Cue("odd-port", "phish", 0.7, f"leads to port {port}", "link", url)
    if target.org in SHORTENERS:
        yield Cue("short-link", "phish", 1.6, f"its true target is hidden behind {target.org}", "link", url)
    if host.count(".") >= 5 and not is_ip(host):
        yield Cue("deep-host", "phish", 0.7, "a long chain of names hides who owns the place", "link", host)
    if not host.isascii() and foreign(host):
        yield Cue(
            "foreign-letters-link", "phish", 1.6, f"written with letters of another alphabet: {host}", "link", url
        )
    if re.search(
        r"[?&#/](?:e|email|u|user|login|id)?=?[\w.+-]+(?:@|%40)[\w-]+\.[\w.-]+",
        parts.path + "?" + parts.query + "#" + parts.fragment,
    ):
        yield Cue(
            "address-in-link",
            "phish",
            0.3,
            "it carries the reader's own address, to fill in a log-in page",
            "link",
            url,
        )
    if re.search(
        r"\.(?:exe|scr|zip|iso|js|hta|apk|msi|html?\?)$|/wp-(?:content|includes|admin)/|ipfs|/\.well-known/", url, re.I
    ):
        yield Cue("odd-path", "phish", 1.0, "leads into a broken-into site, or to a program", "link", url)


def _whose(facts: Facts, acting: list[Target], vouched: bool) -> Iterator[Cue]:
    orgs = {t.org for t in acting}
    sender, known = facts.sender.org, facts.world.known
    if not orgs:
        return
    if orgs <= known | {sender}:
        own = orgs & facts.world.own
        if own and facts.world.own:
            yield Cue("own-links", "wanted", 1.2, "every link leads to your own pages", "link", ", ".join(sorted(own)))
        elif vouched:
            firm = (
                owned_by_a_brand(sender)
                and sender not in FREEMAIL
                and not facts.attached
                and not _PHONE.search(facts.text)
            )
            told = "every link leads to the sender's own pages" + (", a firm known by this domain" if firm else "")
            yield Cue("sender-links", "wanted", 1.2 if firm else 0.4, told, "link", sender)
    elif sender not in orgs and not facts.mail.first("list-id"):
        strange = sorted(orgs - known - {sender})[0]
        weight = 0.9 if len(orgs) == 1 else 0.5
        yield Cue(
            "links-elsewhere",
            "phish",
            weight * (0.6 if facts.has_footer else 1.0),
            f"nothing in it leads to {sender or 'its sender'}; {strange} does",
            "link",
            strange,
        )


def _leading_away(facts: Facts, acting: list[Target]) -> Iterator[Cue]:
    """A running conversation, suddenly with a link to a place that belongs to neither side: a hijacked thread."""
    if (
        not facts.is_reply
        or facts.has_footer
        or not (facts.mail.first("in-reply-to") or facts.mail.first("references"))
    ):
        return
    strange = [t for t in acting if t.org not in facts.world.known | {facts.sender.org}]
    if strange:
        known = facts.sender.org in facts.world.known
        told = f"an answer that leads to {strange[0].org}, which belongs to neither side of the conversation"
        yield Cue("thread-leads-away", "phish", 3.0 if known else 1.6, told, "link", strange[0].url)


def _pages(facts: Facts) -> Iterator[Cue]:
    for page in facts.pages:
        if page.passwords or page.forms:
            asks = "for a password" if page.passwords else "to fill in a form"
            yield Cue(
                "form-in-mail", "phish", 1.8 if page.passwords else 0.2, f"the message itself asks {asks}", "body"
            )
        if page.scripts and re.search(r"atob|eval|fromCharCode|location", page.scripts):
            yield Cue("script-in-mail", "phish", 1.2, "a script in the message", "body")
        if page.refresh:
            yield Cue("page-leads-on", "phish", 1.0, "opening it leads on to another page", "body", page.refresh)
        if page.base:
            yield Cue("base-trick", "phish", 0.5, "its links are rewritten by a base address", "body", page.base)
    shown, hidden = len(facts.text), len(facts.hidden)
    if hidden > 400 and hidden > 2 * shown and shown < 2_000:
        yield Cue(
            "hidden-text",
            "phish",
            1.4,
            f"{hidden} hidden characters beside {shown} visible ones, to mislead filters",
            "body",
            facts.hidden[:100],
        )
    remote = [src for page in facts.pages for src in page.images if src.lower().startswith(("http:", "https:"))]
    if shown < 160 and (remote or facts.images) and facts.acting:
        yield Cue(
            "picture-instead-of-text", "phish", 1.8, "its message is a picture, which filters cannot read", "body"
        )


def _codes(facts: Facts) -> Iterator[Cue]:
    """Codes in pictures: what they say, or that they were not read."""
    ours = facts.world.known | {facts.sender.org}
    leading = {target.link.url: target for target in facts.targets if target.picture}
    for code in facts.codes:
        where = f"attachment:{code.name}"
        if not code.says:
            told = f"a picture that may hold a QR code was not read: {code.why}; look before anybody scans it"
            yield Cue("qr-code", "phish", 0.5, told, where, code.name)
        elif (target := leading.get(code.link)) is None:
            yield Cue("qr-code", "phish", 0.2, f"a QR code that says: {code.says[:100]}", where, code.says[:200])
        elif target.org in ours:
            yield Cue("qr-code", "phish", 0.1, f"a QR code that leads to {target.host}", where, target.url)
        else:
            told = f"a QR code that leads to {target.host}: only a telephone sees it, and no gateway"
            yield Cue("qr-code", "phish", 0.9, told, where, target.url)


_DANGER: Final = {
    "program": 3.0, "macro": 2.0, "smuggling": 3.2, "form": 2.6, "script": 1.6, "locked": 1.8, "page": 1.1,
    "archive-program": 3.0, "disguised": 2.4,
}  # fmt: skip


def attachment_cues(facts: Facts, looked: list[Looked]) -> Iterator[Cue]:
    """Every piece of evidence in attachments."""
    for one in looked:
        if one.danger:
            weight = _DANGER[one.danger]
            if facts.sender.org in facts.world.own and one.danger in ("page", "script"):
                weight *= 0.6
            yield Cue(f"attachment-{one.danger}", "phish", weight, one.why, f"attachment:{one.name}", one.name)
        if one.archive and (found := _PASSWORD_NEAR.search(facts.new_text)):
            yield Cue(
                "password-beside-archive",
                "phish",
                3.2,
                "the password of an archive stands in the message: only scanners are kept out",
                "body",
                found[0],
                found.start(),
                found.end(),
            )
    for part in facts.attached[:20]:
        if part.content[:4] == b"%PDF":
            for url in links_in_pdf(part):
                host = host_in(url)
                if host and (alike := likeness(host, facts.world.known)):
                    yield Cue(
                        "look-alike-link",
                        "phish",
                        2.4,
                        f"a link in the PDF: {alike.name} is not {alike.like}",
                        f"attachment:{part.name}",
                        url,
                    )


def look_at_all(facts: Facts) -> list[Looked]:
    """What every attachment truly is."""
    return [look(part) for part in facts.attached[:100] if part.type != "message/rfc822"]
