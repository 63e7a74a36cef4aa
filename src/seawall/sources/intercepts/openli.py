"""OpenLI (1.1.x): answers of the provisioner's REST interface (JSON) and its configuration and intercept files (YAML).

Read: IP, VoIP and email intercepts, agencies. A list that is empty is a report too. An encryption key that stands in
clear is never kept; that it stands there is said. `pcapdisk` as an agency (content to a local disk) is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
import yaml

from seawall.errors import InputError
from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Given, Rows, decoded, dumped, micros, text, whole_file
from seawall.sources.intercepts.x1 import joined, xid_of

MAX_JSON: Final = 512 << 20
MAX_YAML: Final = 16 << 20  # PyYAML takes about a second a megabyte
LISTS: Final = {"ipintercepts": "ip", "voipintercepts": "voip", "emailintercepts": "email", "agencies": "agency"}
_SCOPES: Final = {"0": "IRIandCC", "1": "IRI", "2": "CC", "all": "IRIandCC", "irionly": "IRI", "cconly": "CC"}
_JSON: Final = re.compile(rb"\"(?:siptargets|radiusident|delivercompressed|outputhandovers|hi2address|staticips)\"\s*:")
_YAML: Final = re.compile(rb"^\s*(?:-\s+)?(?:(?:ip|voip|email)intercepts|hi2address|intercept-config-file)\s*:", re.M)
_NAMED: Final = re.compile(
    r"(?:^|[/_.\-])(ip|voip|email)[_\-]?intercepts?(?=[._\-]|$)|(?:^|[/_.\-])(agenc(?:y|ies))(?=[._\-]|$)", re.I
)


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"[", b"{"):
        if _JSON.search(head):
            return 90
        return 60 if re.fullmatch(rb"\[\s*\]\s*", head) and "openli" in evidence.origin.lower() else 0
    return 90 if _YAML.search(evidence.head) else 0


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    raw = _loaded(evidence)
    groups = _groups(raw, evidence.origin)
    if not groups:
        rows.note("no intercepts and no agencies in this file; hand over the one it names as well")
    for kind, listed in groups:
        report = f"{evidence.origin}#{kind}"
        for number, one in enumerate(listed, 1):
            place = f"{report}.{number}"
            if not isinstance(one, Mapping):
                rows.reject(place, "an entry that is no object")
            elif kind == "agency":
                _agency(one, place, rows)
            else:
                _intercept(one, kind, place, reading, rows)
            if rows.full:
                yield
        if kind != "agency":
            values = {
                "system": "",
                "path": "element",
                "form": "openli",
                "complete": True,
                "names_only": False,
                "taps": len(listed),
                "report": report,
            }
            rows.add("tap_reports", report, f"openli\0{report}".encode(), values)
    yield


def _loaded(evidence: Evidence) -> Any:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"[", b"{"):
        content = whole_file(evidence, MAX_JSON)
        try:
            return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            raise InputError("broken JSON", where=evidence.origin, mend="fetch the answer again") from None
    content = whole_file(evidence, MAX_YAML)
    try:
        loader = _Plain(decoded(content))
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        # what PyYAML's constructors let out on values that only look like dates or numbers
        raise InputError("broken YAML, or one with aliases", where=evidence.origin) from None


class _Plain(yaml.SafeLoader):
    """No aliases: a few lines of them become gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)


def _groups(raw: Any, origin: str) -> list[tuple[str, list[Any]]]:
    """Lists of a kind in whatever was answered."""
    if isinstance(raw, Mapping):
        found = [
            (LISTS[k.lower()], v if isinstance(v, list) else [])
            for k, v in raw.items()
            if isinstance(k, str) and k.lower() in LISTS
        ]
        if not found and not any(isinstance(k, str) and k.lower() in ("liid", "agencyid") for k in raw):
            return []  # a configuration that names another file for its intercepts
        return found or [(_kind(raw, origin), [raw])]
    listed = raw if isinstance(raw, list) else []
    by_kind: dict[str, list[Any]] = {}
    for one in listed:
        by_kind.setdefault(_kind(one, origin), []).append(one)
    return list(by_kind.items()) or [(_kind({}, origin), [])]


def _kind(one: Any, origin: str) -> str:
    if isinstance(one, Mapping):
        if "siptargets" in one:
            return "voip"
        if "delivercompressed" in one or ("targets" in one and "user" not in one):
            return "email"
        if "hi2address" in one or "hi3address" in one:
            return "agency"
        if "user" in one or "accesstype" in one or "staticips" in one:
            return "ip"
    named = _NAMED.search(origin.lower())
    return (named[1] or "agency").lower() if named else "ip"


def _agency(one: Mapping[str, Any], place: str, rows: Rows) -> None:
    values = {"system": "", "agency_id": text(one.get("agencyid"))}
    for leg in ("hi2", "hi3"):
        values[leg] = joined(text(one.get(f"{leg}address")), one.get(f"{leg}port")) if one.get(f"{leg}address") else ""
    rows.add("handover_agencies", place, "\0".join(map(str, values.values())).encode(), values)


def _intercept(one: Mapping[str, Any], kind: str, place: str, reading: Reading, rows: Rows) -> None:
    liid = text(one.get("liid"))
    if not liid:
        rows.reject(place, "an intercept without a LIID")
    if one.get("encryptionkey"):
        rows.note("encryption keys stand in clear in this file; they were left out")
    xids = [xid_of(text(x)) for x in one.get("xids") or [] if text(x)] if isinstance(one.get("xids"), list) else []
    raw_scope = re.sub(r"[\s_\-]", "", text(one.get("outputhandovers", 0)).lower()) or "0"
    values = {
        "system": "",
        "path": "element",
        "form": "openli",
        "tap": liid or place.rpartition("#")[2],
        "xid": xids[0] if xids else "",
        "liids": dumped([liid] if liid else []),
        "state": "active",
        "state_raw": kind,
        "tap_scope": _SCOPES.get(raw_scope),
        "starts": micros(one.get("starttime"), reading),
        "ends": micros(one.get("endtime"), reading),
        "agency_id": text(one.get("agencyid")),
        "mediator": text(one.get("mediator")),
        "native_kind": "vendmirrorid" if one.get("vendmirrorid") else "",
        "native_value": text(one.get("vendmirrorid")),
        "delivery": "[]",
        "report": place.rpartition(".")[0],
    }
    targets = list(_targets(one, kind))
    record = "\0".join((liid, *map(str, values.values()), *(v for _, v in targets))).encode("utf-8", "replace")
    rows.add("taps", place, record, values, targets=targets)


def _targets(one: Mapping[str, Any], kind: str) -> Iterator[Given]:
    user = text(one.get("user"))
    mobile = text(one.get("mobileident")).lower()
    if user and kind == "ip":
        yield {"msisdn": "MSISDN", "imsi": "IMSI", "imei": "IMEI"}.get(mobile, "NAI"), user
    for static in _list(one.get("staticips")):
        value = text(static.get("iprange") if isinstance(static, Mapping) else static)
        if value:
            yield "cidr", value
    for sip in _list(one.get("siptargets")):
        if isinstance(sip, Mapping) and text(sip.get("username")):
            yield "SIPURI", f"sip:{text(sip.get('username'))}@{text(sip.get('realm')) or '*'}"
    for mail in _list(one.get("targets")):
        value = text(mail.get("address") if isinstance(mail, Mapping) else mail)
        if value:
            yield "EmailAddress", value


def _list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


FORMAT: Final = Format("openli", "OpenLI provisioner (JSON, YAML)", _sniff, _read)
