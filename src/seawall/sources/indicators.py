"""Indicator lists: CSV with a column of known-bad addresses, names, links, file hashes or mail addresses.

Lists come from everywhere, so columns are found by the many names they go by, values are refanged
(`hxxp://bad[.]example`), and what a value is decides over what the list calls it.
"""

from __future__ import annotations

import csv
import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa

from seawall.model.events import arrow_schema, event_ids
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject, Source
from seawall.sources.lines import head_lines, line_blocks

_DELIMITERS: Final = (",", ";", "\t", "|")
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {  # ours → theirs, letters and digits only, best first
    "value": ("indicator", "ioc", "iocvalue", "indicatorvalue", "observable", "observablevalue", "value", "artifact"),
    "type": ("type", "ioctype", "indicatortype", "observabletype", "kind", "datatype", "attributetype"),
    "confidence": ("confidence", "confidencelevel", "score", "confidencescore", "certainty"),
    "first_seen": ("firstseen", "firstseenutc", "validfrom", "first", "dateadded", "created", "date"),
    "last_seen": ("lastseen", "lastseenutc", "last", "updated", "modified"),
    "valid_until": ("validuntil", "validto", "expires", "expiry", "expiration", "expirationdate", "expiresat"),
    "source": ("source", "reference", "references", "provider", "feed", "publisher", "author"),
    "note": ("note", "notes", "comment", "comments", "description", "context", "malware", "threat", "tags"),
}
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
    said_type = _TYPES.get(_letters(said), "")
    if not _is_compared(said):
        return None
    found = _what_it_is(value)
    if found is None or (said_type and found[0] != said_type and not _may_pass(said_type, found[0])):
        return None
    return found


def _is_compared(said: str) -> bool:
    """Whether detectors compare what a list calls so; file names, accounts and CVEs they do not."""
    return not _letters(said) or _letters(said) in _TYPES


def _what_it_is(value: str) -> tuple[str, str] | None:
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
    word = _letters(text)
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


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _columns(line: str) -> tuple[str, dict[str, int]] | None:
    """The delimiter of a header line and where our columns stand in it; None if it heads no indicator list."""
    for delimiter in _DELIMITERS:
        names = [_letters(cell) for cell in _row(line, delimiter)]
        if len(names) < 2:
            continue
        places: dict[str, int] = {}
        for ours, theirs in _COLUMNS.items():
            place = next((names.index(name) for name in theirs if name in names), None)
            if place is not None:
                places[ours] = place
        if "value" in places and ("type" in places or names[places["value"]] not in ("value", "artifact")):
            return delimiter, places
    return None


def _row(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _said(head: bytes) -> Iterator[str]:
    """The lines of a head that are no comments."""
    for raw in head_lines(head, 200):
        line = raw.decode("utf-8", "replace").strip()
        if not line.startswith("# "):
            yield line.removeprefix("#").strip()


def _sniff(evidence: Evidence) -> int:
    lines = _said(evidence.head)
    found = _columns(next(lines, ""))
    if found is None:
        return 0
    delimiter, places = found
    rows = [row for line in lines if len(row := _row(line, delimiter)) > places["value"]][:20]
    if not rows:
        return 60 if "type" in places else 0
    good = sum(1 for row in rows if _what_it_is(refang(row[places["value"]])))
    return 88 if good * 2 >= len(rows) else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a list line by line; a line that is no indicator is a reject, the others go on."""
    found: tuple[str, dict[str, int]] | None = None
    for block in line_blocks(evidence):
        rejects: list[Reject] = []
        rows: list[dict[str, object]] = []
        if block.too_long:
            rejects.append(Reject(f"{evidence.origin}:{block.first}", "line longer than 1 MiB"))
        for number, line in block.texts():
            if not line.strip() or (line.startswith("#") and (found or line.startswith("# "))):
                continue
            place = f"{evidence.origin}:{number}"
            if found is None:
                found = _columns(line.removeprefix("#").strip())
                if found is None:
                    yield Chunk(rejects=(Reject(place, "no header with an indicator column"),), rejected=1)
                    return
                continue
            one = _indicator(_row(line, found[0]), found[1])
            if isinstance(one, str):
                rejects.append(Reject(place, one))
            else:
                rows.append({**one, "origin": place, "line": line.encode()})
        tables = {"indicators": table_of(rows, reading)} if rows else {}
        yield Chunk(tables, tuple(rejects[:MAX_REJECTS_KEPT]), len(rejects), block.read_bytes, block.notes)


def _indicator(row: Sequence[str], places: dict[str, int]) -> dict[str, object] | str:
    """The columns of one indicator, or why the line holds none."""
    cells = {ours: row[place].strip() if place < len(row) else "" for ours, place in places.items()}
    if not cells["value"]:
        return "no indicator in this line"
    if not _is_compared(cells.get("type", "")):
        return "of a type Seawall does not compare with events (it compares addresses, domains, URLs, hashes and mail)"
    found = normalise(cells["value"], cells.get("type", ""))
    if found is None:
        return "neither address, domain, URL, hash nor mail address, or not what its type says"
    confidence = confidence_of(cells.get("confidence", ""))
    if confidence is None:
        return "confidence is neither a word nor 0 to 100"
    other = {name: cells.get(name) or None for name in ("first_seen", "last_seen", "valid_until", "source", "note")}
    return {"type": found[0], "value": found[1], "confidence": confidence, **other}


def table_of(rows: list[dict[str, object]], reading: Reading) -> pa.Table:
    """The event table of indicators: their columns, their `origin`, and `line`, the bytes that name them."""
    count = len(rows)
    # An indicator is named by what it says, not by where its line stands: two lists may hold it, one list twice.
    records = [row.pop("line") for row in rows]
    schema = arrow_schema("indicators")
    columns: dict[str, list[object]] = {f.name: [row.get(f.name) for row in rows] for f in schema}
    columns["event_id"] = list(event_ids("indicators", [""] * count, records))  # type: ignore[arg-type]
    columns["time_quality"] = ["missing"] * count
    columns["trust"], columns["tenant"] = [reading.trust] * count, [reading.tenant] * count
    columns["scope"] = [reading.scope] * count
    return pa.table([pa.array(columns[f.name], f.type) for f in schema], schema=schema)


SOURCE: Final = Source(
    name="indicators",
    title="Indicator lists (CSV)",
    kinds=("indicators",),
    sniff=_sniff,
    read=_read,
)
