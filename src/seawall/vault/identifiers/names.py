"""Names: mail addresses (RFC 5321), network access identifiers (RFC 7542) and SIP URIs (RFC 3261)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

from seawall.vault.identifiers.base import Identifier, NotNormalError
from seawall.vault.identifiers.numbers import plain_digits, read_tel

_ANGLES: Final = re.compile(r"<([^<>]*)>\s*$")
_DERIVED: Final = re.compile(r"(?:\w+\.)*mnc(\d{3})\.mcc(\d{3})\.(?:pub\.)?3gppnetwork\.org")
_DEFAULT_PORTS: Final = frozenset({"", "5060", "5061"})


def _bare(text: str, schemes: str) -> str:
    """Without display name, angle brackets and scheme."""
    text = unicodedata.normalize("NFKC", text).strip()
    inner = _ANGLES.search(text)
    return re.sub(rf"^(?:{schemes})\s*:\s*", "", (inner[1] if inner else text).strip(), flags=re.I)


def _host(text: str) -> str:
    """A domain name or address literal as one spelling: lower case, A-labels, no final dot. Raises NotNormalError."""
    name = text.strip().rstrip(".").casefold()
    if not name or re.search(r"[\s@/]", name):
        raise NotNormalError("no domain behind the name")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotNormalError("not a domain name") from None


def _split(text: str) -> tuple[str, str]:
    user, at, host = text.rpartition("@")
    if not at or not user.strip():
        raise NotNormalError("no name before an @")
    return user.strip(), host


def read_mail(text: str, country: str) -> Identifier:  # noqa: ARG001 - one signature for all forms
    """A mailbox. The local part is folded: no provider of note keeps `Ann` and `ann` apart (RFC 5321, 2.4)."""
    user, host = _split(_bare(text, "mailto|smtp").partition("?")[0])
    if len(user) > 1 and user[0] == user[-1] == '"':
        user = re.sub(r"\\(.)", r"\1", user[1:-1])
    user = user.casefold()
    if user == "*":
        return Identifier("mail", f"*@{_host(host)}", "any mailbox")
    return Identifier("mail", f"{user}@{_host(host)}")


def read_nai(text: str, country: str) -> Identifier:  # noqa: ARG001
    """A network access identifier: `user@realm`, or a user alone; `nai-…` of a SUPI too. The user keeps its case."""
    bare = re.sub(r"^(?:nai|supi|extid|gpsi)-", "", _bare(text, "nai|radius"), flags=re.I)
    if not bare or re.search(r"[\s\x00-\x1f]", bare):
        raise NotNormalError("not a network access identifier")
    if "@" not in bare:
        folded = bare.casefold()
        return Identifier("nai", bare, also=(Identifier("nai", folded),) if folded != bare else ())
    user, host = _split(bare)
    realm = _host(host)
    if user == "*":
        return Identifier("nai", f"*@{realm}", "any user")
    return Identifier("nai", f"{user}@{realm}", also=(*_derived_from(user, realm), *_same_whatever_case(user, realm)))


def _same_whatever_case(user: str, realm: str) -> tuple[Identifier, ...]:
    """The name in lower case beside one that is not: RFC 7542 leaves case to the realm, and realms that tell `Ann` from
    `ann` are as good as unknown."""
    folded = user.casefold()
    return (Identifier("nai", f"{folded}@{realm}"),) if folded != user else ()


def read_sip(text: str, country: str) -> Identifier:
    """A SIP or SIPS URI as `user@host`; with `user=phone` it is the number in it (RFC 3261, 19.1.6)."""
    bare = _bare(text, "sips?")
    if re.match(r"\s*tel\s*:", bare, re.I):
        return read_tel(bare, country)
    bare = bare.partition("?")[0]
    user, at, rest = bare.rpartition("@")
    host, _, parameters = rest.partition(";")
    if re.search(r"(?:^|;)\s*user\s*=\s*phone\s*(?:;|$)", parameters, re.I) and at:
        return read_tel(unquote(user).partition(":")[0], country)
    name, colon, port = host.rpartition(":") if re.search(r"(?<=[\]\w]):\d*$", host) else (host, "", "")
    domain = _host(name) + (f":{port}" if colon and port not in _DEFAULT_PORTS else "")
    account = unquote(user.partition(";")[0].partition(":")[0]).strip()
    if not at or account in ("", "*"):
        return Identifier("sip", f"*@{domain}", "any user")
    if domain == "*":
        return Identifier("sip", f"{account}@*", "any realm")
    if account.startswith("*"):
        return Identifier("sip", f"{account}@{domain}", "wildcard")
    return Identifier("sip", f"{account}@{domain}", also=(*_number_in(account), *_derived_from(account, domain)))


def _number_in(account: str) -> tuple[Identifier, ...]:
    """A global number in the user part stands for its subscriber even without `user=phone` (3GPP TS 23.003, 13.4)."""
    if not re.fullmatch(r"\+[\d().\-]{7,24}", account):
        return ()
    try:
        return (read_tel(account, ""),)
    except NotNormalError:
        return ()


def _derived_from(user: str, realm: str) -> tuple[Identifier, ...]:
    """The IMSI a name in a 3gppnetwork.org realm was made from (3GPP TS 23.003, clauses 13.3, 14.3, 19.3, 28.7)."""
    home = _DERIVED.fullmatch(realm)
    digits = plain_digits(user)
    if home is None or not digits.isdigit():
        return ()
    operator = home[2] + home[1]
    for imsi in (digits, digits[1:]):  # EAP methods put one digit in front
        short = home[2] + home[1].removeprefix("0")  # a two-digit network code is padded with a zero in the realm
        if 6 <= len(imsi) <= 15 and imsi.startswith((operator, short)):
            return (Identifier("imsi", imsi),)
    return ()


def ancestors(value: str) -> list[str]:
    """The wildcards a name falls under: any user of its realm, its user in any realm, whatever ends like its user."""
    user, _, host = value.rpartition("@")
    wider = [f"*@{host}", f"{user}@*", *(f"*{user[start:]}@{host}" for start in range(min(len(user), 32)))]
    return [block for block in wider if block != value]
