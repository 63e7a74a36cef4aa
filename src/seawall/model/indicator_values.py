"""Known-bad values as people and machines write them: addresses, names, links, file hashes, mail addresses.

Values are refanged (`hxxp://bad[.]example`), and what a value is decides over what a list calls it.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

_TYPES: Final[dict[str, str]] = {  # theirs, letters and digits only → ours
    **dict.fromkeys(
        ("ip", "ipv4", "ipv6", "ipaddr", "ipaddress", "ipv4addr", "ipv6addr", "ipsrc", "ipdst", "address"), "ip"
    ),
    **dict.fromkeys(
        ("ipv4address", "ipv6address", "srcip", "dstip", "destinationip", "sourceip", "ipport", "cidr"), "ip"
    ),
    **dict.fromkeys(("domain", "domainname", "hostname", "host", "fqdn", "dns", "domainhostname"), "domain"),
    **dict.fromkeys(("url", "uri", "link"), "url"),
    **dict.fromkeys(("email", "emailaddress", "emailaddr", "emailsrc", "emaildst", "emailsender", "mail"), "email"),
    **dict.fromkeys(("sender", "mailaddress", "mailbox", "emailreplyto"), "email"),
    **dict.fromkeys(("hash", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "filehash", "imphash"), "hash"),
    **dict.fromkeys(("filehashmd5", "filehashsha1", "filehashsha256", "md5hash", "sha1hash", "sha256hash"), "hash"),
}
_WORDS: Final = {
    **dict.fromkeys(("high", "veryhigh", "confirmed", "certain", "malicious", "almostcertain"), "high"),
    **dict.fromkeys(("medium", "moderate", "mid", "med", "probable", "likely", "suspicious"), "medium"),
    **dict.fromkeys(("low", "verylow", "possible", "unlikely", "unverified", "unknown", "none", "doubtful"), "low"),
}
_HASH: Final = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$", re.I)
_LABEL: Final = r"[^\s./:@\\\"'<>(){}\[\],;|]{1,63}"
_DOMAIN: Final = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)+[^\W\d_][\w-]{{1,62}}$")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]{1,15}://\S+$", re.I)
_EMAIL: Final = re.compile(r"[^\s@\"<>,;|]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z][\w-]{1,62}$")
_IP_PORT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$")
_FANGS: Final = (
    (re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\\\.", re.I), "."),
    (re.compile(r"\[:\]|\(:\)"), ":"),
    (re.compile(r"\[://\]"), "://"),
    (re.compile(r"\[/\]"), "/"),
    (re.compile(r"\[@\]|\(@\)|\[at\]", re.I), "@"),
    (re.compile(r"^h(?:xx|\*\*|__)p(s?)(?=:)", re.I), r"http\1"),
    (re.compile(r"^fxp(?=:)", re.I), "ftp"),
)
HIGH_FROM: Final = 70  # of 100; STIX 2.1, appendix A: high 70-100, med 30-69, low 0-29
MEDIUM_FROM: Final = 30


def refang(text: str) -> str:
    """An indicator as machines write it: `hxxps://bad[.]example` → `https://bad.example`."""
    text = text.strip().strip("\"'<>`")
    for pattern, plain in _FANGS:
        text = pattern.sub(plain, text)
    return text


def normalise(value: str, said: str = "") -> tuple[str, str] | None:
    """(type, value) of a refanged indicator; `said` is what the list calls it. None if it is no such thing."""
    value = refang(value)
    if not value or len(value) > 4_096:
        return None
    said_type = _TYPES.get(letters(said), "")
    if not is_compared(said):
        return None
    found = what_it_is(value)
    if found is None or (said_type and found[0] != said_type and not _may_pass(said_type, found[0])):
        return None
    return found


def is_compared(said: str) -> bool:
    """Whether detectors compare what a list calls so; file names, accounts and CVEs they do not."""
    return not letters(said) or letters(said) in _TYPES


def what_it_is(value: str) -> tuple[str, str] | None:
    """(type, value) of a refanged value by its form alone; None if it has none of ours."""
    if _HASH.match(value):
        return "hash", value.lower()
    if with_port := _IP_PORT.match(value):
        value = with_port[1]
    try:
        return "ip", str(ipaddress.ip_address(value))
    except ValueError:
        pass
    try:
        network = ipaddress.ip_network(value, strict=False)
        return ("ip", str(network.network_address if network.num_addresses == 1 else network))
    except ValueError:
        pass
    if _URL.match(value):
        scheme, _, rest = value.partition("://")
        host, slash, path = rest.partition("/")
        return "url", f"{scheme.lower()}://{host.lower()}{slash}{path}"
    if len(value) < 320 and _EMAIL.match(value.removeprefix("mailto:")):
        return "email", value.removeprefix("mailto:").lower()
    if _DOMAIN.match(value.rstrip(".")):
        return "domain", value.rstrip(".").lower().removeprefix("*.")
    return None


def _may_pass(said: str, found: str) -> bool:
    """A name listed as a link, or an address listed as a host, is still what it is; "hash" and "email" must be one."""
    return "hash" not in (said, found) and said != "email"


def confidence_of(text: str) -> str | None:
    """high, medium or low; an empty cell is medium. None if it says something else."""
    word = letters(text)
    if not word:
        return "medium"
    if word in _WORDS:
        return _WORDS[word]
    try:
        number = float(text.strip().rstrip("%"))
    except ValueError:
        return None
    if not 0 <= number <= 100:
        return None
    if 0 < number < 1 or (number == 1 and "." in text):
        number *= 100  # a probability
    return "high" if number >= HIGH_FROM else "medium" if number >= MEDIUM_FROM else "low"


def letters(text: str) -> str:
    """A word by its letters and digits alone, small."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
