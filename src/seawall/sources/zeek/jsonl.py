"""Zeek's logs as JSON lines: one object a record, its log named by `_path` or told by its fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import pyarrow as pa

from seawall.sources.turning import turned
from seawall.sources.zeek.columns import KINDS, MAX_COLUMNS, column_name, path_of, times_of, type_of

_MILLIS_FROM: Final = 1e11  # larger timestamps count milliseconds (LogAscii::json_timestamps = JSON::TS_MILLIS)
_TELLING: Final = (  # a field only one of the logs has
    ("conn", ("conn_state", "orig_ip_bytes", "missed_bytes")),
    ("dns", ("qtype_name", "qclass", "trans_id", "rcode_name", "TTLs")),
    ("http", ("status_msg", "status_code", "request_body_len", "method", "uri")),
    ("ssh", ("auth_attempts", "auth_success", "hassh", "kex_alg", "host_key_alg")),
    ("ssl", ("cipher", "ja3", "next_protocol", "cert_chain_fuids", "cert_chain_fps", "established")),
)

OTHERS: Final = (  # further logs of Zeek's own scripts, known by name
    "analyzer", "arp", "broker", "capture_loss", "cluster", "conn_summary", "dnp3", "dpd", "irc", "known_certs",
    "known_hosts", "known_services", "ldap", "ldap_search", "loaded_scripts", "modbus", "mqtt_connect", "mysql", "ntp",
    "ocsp", "packet_filter", "pe", "postgresql", "quic", "redis", "reporter", "rfb", "signatures", "sip", "smb_cmd",
    "socks", "stats", "syslog", "telemetry", "traceroute", "websocket",
)  # fmt: skip


class NotARecordError(ValueError):
    """A line that is no Zeek record, and why."""


def parse(line: bytes) -> dict[str, Any]:
    """The object in a line. Raises NotARecordError."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise NotARecordError("not a whole JSON object") from None
    if not isinstance(record, dict):
        raise NotARecordError("JSON, but not an object")
    return record


def path_in(record: Mapping[str, Any], hint: str) -> str:
    """Which Zeek log a record belongs to: what it says, else what its fields tell, else `hint`."""
    said = record.get("_path")
    if isinstance(said, str):
        return path_of(said)
    for path, fields in _TELLING:
        if any(name in record for name in fields):
            return path
    if "certificate.version" in record:
        return "x509"
    return "files" if "fuid" in record and "mime_type" in record and not hint else hint


def columns_of(kind: str, records: list[dict[str, Any]]) -> tuple[dict[str, pa.Array], dict[int, str]]:
    """The columns of some records of one kind, and the reasons for those (by index) that cannot be read.

    Where there is a reason, the columns are those of all the other records, in order.
    """
    try:
        return _columns(kind, records, lenient=False), {}
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        reasons = {i: why for i, record in enumerate(records) if (why := _fault(kind, record))}
        rest = [record for i, record in enumerate(records) if i not in reasons]
        return _columns(kind, rest, lenient=True), reasons


def _columns(kind: str, records: list[dict[str, Any]], *, lenient: bool) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    taken: set[str] = set()
    for field, values in list(turned(records).items())[:MAX_COLUMNS]:
        name = "system_name" if field == "_system_name" else column_name(field)
        if field == "_path" or name.lower() in taken:
            continue
        taken.add(name.lower())
        type_ = type_of(kind, name)
        if type_ == "time" and (quick := _epochs(values)) is not None:
            columns[name] = quick
        elif type_ == "text":
            columns[name] = pa.array(_texts(values), pa.string())
        elif lenient or type_ == "time":
            columns[name] = pa.array([_typed(type_, v) for v in values], _ARROW[type_])
        else:
            columns[name] = pa.array(values, _ARROW[type_])
    return columns


_ARROW: Final = {
    "time": pa.timestamp("us", tz="UTC"),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
}


def _epochs(values: list[Any]) -> pa.Array | None:
    """Times of seconds as plain numbers, all at once; None if any of them is something else."""
    if not all(type(value) is float and -_MILLIS_FROM < value < _MILLIS_FROM for value in values):
        return None
    return times_of(pa.array(values, pa.float64()))


def _texts(values: list[Any]) -> list[str | None]:
    if all(v is None or type(v) is str for v in values):
        return values
    return [_text(v) for v in values]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(_text(v) or "" for v in value)
    return orjson.dumps(value).decode()


def _fault(kind: str, record: Mapping[str, Any]) -> str:
    """Why a record's typed fields cannot be read; empty if they can."""
    for field, value in record.items():
        name = column_name(field)
        try:
            _typed(type_of(kind, name), value)
        except (ValueError, OverflowError, TypeError):
            return f"field {name} does not hold a {type_of(kind, name)}"
    return ""


def _typed(type_: str, value: Any) -> Any:
    if value is None or type_ == "text":
        return value
    if type_ == "time":
        return _microseconds(value)
    if type_ == "bool":
        if isinstance(value, bool):
            return value
        raise ValueError
    if isinstance(value, bool):
        raise ValueError
    if type_ == "float":
        return float(value)
    number = int(value)
    if float(value) != number or not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _microseconds(value: Any) -> int:
    """Microseconds since 1970 from seconds, milliseconds or ISO 8601 text without zone meaning UTC."""
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return round((moment - _EPOCH).total_seconds() * 1e6)
    if isinstance(value, bool):
        raise ValueError
    micros = round(float(value) * (1e3 if abs(value) >= _MILLIS_FROM else 1e6))
    if abs(micros) > 2.5e17:
        raise ValueError
    return micros


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def hint_from(name: str) -> str:
    """The log a file name speaks of (`conn.log`, `open_dns.10:00:00.log.gz`); empty if none of ours."""
    stem = path_of(name.rpartition("/")[2].partition(".")[0])
    return next((path for path in (*KINDS, *OTHERS) if stem == path or stem.startswith((f"{path}_", f"{path}-"))), "")
