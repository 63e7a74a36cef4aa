"""One door for all forms: a format's name and a value in, one canonical identifier out. Nothing is ever refused:
what cannot be understood is kept letter by letter, marked, and compared as it is."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from typing import Final

from seawall.vault.identifiers import addresses, names, numbers
from seawall.vault.identifiers.base import MAX_IDENTIFIER_CHARS, Identifier, NotNormalError

_Read = Callable[[str, str], Identifier]

FORMS: Final[dict[str, _Read]] = {
    # ETSI TS 103 120 and 103 280 names, those of X1 (TS 103 221-1), and what registries write for them
    **dict.fromkeys(("internationale164", "e164", "e164number", "msisdn", "gpsimsisdn"), numbers.read_international),
    **dict.fromkeys(("nationale164", "national", "phone", "phonenumber", "telephone", "number"), numbers.read_national),
    **dict.fromkeys(("teluri", "tel"), numbers.read_tel),
    **dict.fromkeys(("sipuri", "sip", "sipsuri", "impu"), names.read_sip),
    **dict.fromkeys(("imsi", "supiimsi"), numbers.read_imsi),
    **dict.fromkeys(
        ("imei", "imeisv", "peiimei", "peiimeicheckdigit", "peiimeisv", "imeicheckdigit", "pei"), numbers.read_imei
    ),
    **dict.fromkeys(("macaddress", "mac", "eui64", "eui48", "peimac", "peieui64"), addresses.read_mac),
    **dict.fromkeys(
        ("ipv4address", "ipv6address", "ipv4cidr", "ipv6cidr", "ipaddress", "ip", "ipv4", "ipv6", "cidr", "ipprefix",
         "iprange", "ipv4range", "ipv6range", "ipv6prefix", "ipv4prefix", "prefix"), addresses.read_ip
    ),
    **dict.fromkeys(("nai", "supinai", "gpsinai", "impi", "username", "user", "account"), names.read_nai),
    **dict.fromkeys(("emailaddress", "email", "mail", "internationalizedemailaddress", "mailbox"), names.read_mail),
}  # fmt: skip


def normalise(form: str, value: str, country: str = "") -> Identifier:
    """The identifier `value` written in `form` (case, spaces, hyphens ignored); `country` as ISO or calling code.

    Without a form, or with one that is not known, the value's own shape decides where it is plain beyond doubt.
    """
    text = value if len(value) <= MAX_IDENTIFIER_CHARS else ""
    try:
        if not text.strip():
            raise NotNormalError("empty" if not value.strip() else f"longer than {MAX_IDENTIFIER_CHARS} characters")
        return _reader(form, text)(text, country)
    except NotNormalError as doubt:
        return Identifier("other", f"{_folded(form)}\0{_squeezed(value)}", "unknown", str(doubt))


def _folded(form: str) -> str:
    return re.sub(r"[\W_]+", "", form).lower()


def _squeezed(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).split()).casefold()


def _reader(form: str, text: str) -> _Read:
    name = _folded(form) or _folded(guess_form(text))
    if name in ("supi", "gpsi", "subscriber"):  # either shape, told apart by their prefix
        return names.read_nai if "@" in text else numbers.read_imsi if name == "supi" else numbers.read_international
    read = FORMS.get(name)
    if read is None:
        raise NotNormalError("a form Seawall does not know") if name else NotNormalError("no form given")
    return read


def guess_form(value: str) -> str:
    """The form of a value that came without one, where its shape leaves no doubt; else empty."""
    text = value.strip().lower()
    for start, form in (("tel:", "TELURI"), ("sip:", "SIPURI"), ("sips:", "SIPURI"), ("imsi-", "IMSI"), ("nai-", "NAI"),
                        ("imei-", "IMEI"), ("imeisv-", "IMEI"), ("msisdn-", "MSISDN"), ("mailto:", "EmailAddress"),
                        ("+", "InternationalE164")):  # fmt: skip
        if text.startswith(start):
            return form
    try:
        network = ipaddress.ip_network(text, strict=False)
        return f"IPv{network.version}CIDR"
    except ValueError:
        return "MACAddress" if re.fullmatch(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", text) else ""


def blocks(identifier: Identifier) -> list[str]:
    """Canonical blocks that together cover exactly what an identifier covers."""
    if identifier.kind in ("ipv4", "ipv6"):
        return addresses.blocks(identifier.value)
    first, dash, last = identifier.value.partition("-")
    if identifier.kind == "msisdn" and dash:
        return numbers.number_blocks(first, last)
    return [identifier.value]


def ancestors(identifier: Identifier, block: str) -> list[str]:
    """Every wider block of the same kind around a block."""
    if identifier.kind in ("ipv4", "ipv6"):
        return addresses.ancestors(block, 32 if identifier.kind == "ipv4" else 128)
    if identifier.kind == "msisdn":
        return numbers.ancestors(block)
    if identifier.kind in ("sip", "nai", "mail") and "@" in block:
        return names.ancestors(block)
    return []
