"""Zeek's columns as ours: names, types, and the table a block of records becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.model.events import BY_NAME, COMMON, ColumnType, arrow_schema
from seawall.model.kinds import zeek, zeek_logs
from seawall.platforms.masking import MASK, PREFILTER, mask
from seawall.sources.base import Reading
from seawall.sources.identities import Identities

OTHER: Final = "zeek_other"  # the kind of every log without one of its own; its column `log` says which
KINDS: Final = {kind.name.removeprefix("zeek_"): kind.name for kind in (*zeek.KINDS, *zeek_logs.KINDS)}
del KINDS["other"]
MAX_COLUMNS: Final = 512
_TAKEN: Final = frozenset(column.name for column in COMMON)
_TYPES: Final = {kind: {c.name: c.type for c in BY_NAME[kind].columns} for kind in (*KINDS.values(), OTHER)}
_MASKED: Final = {
    "zeek_http": frozenset({"uri", "host", "referrer", "user_agent"}),
    "zeek_ftp": frozenset({"arg", "command", "reply_msg"}),
    "zeek_notice": frozenset({"msg", "sub"}),
    "zeek_other": frozenset({"message", "msg", "uri", "arg", "args", "command", "cmd", "parameters"}),
}
_SECRETS: Final = ("password", "community")
_USERS: Final = ("username", "zeek_user", "client", "cookie")  # the first there is names the account
_NO_USERS: Final = frozenset({"zeek_ssh"})  # its `client` is a program's banner, e.g. SSH-2.0-OpenSSH_9.6
_SOURCES: Final = ("id_orig_h", "src", "client_addr", "src_h")
_TARGETS: Final = ("id_resp_h", "dst", "server_addr", "dst_h")
_ODD: Final = re.compile(r"[^0-9A-Za-z_]+")


def path_of(name: str) -> str:
    """The Zeek log a path names: `open_conn` (connections still open) holds the same records as `conn`."""
    return name.strip().lower().removeprefix("open_")[:128]


def kind_of(path: str) -> str:
    """The event kind the records of a Zeek log become."""
    return KINDS.get(path, OTHER)


def column_name(field: str) -> str:
    """Our name of a Zeek field: dots become underscores; names we use for something else get `zeek_` in front."""
    name = _ODD.sub("_", field.strip())[:128] or "unnamed"
    return f"zeek_{name}" if name.lower() in _TAKEN else name


def column_names(fields: Sequence[str]) -> list[str]:
    """Our names of a header's fields, all different."""
    names: list[str] = []
    taken: set[str] = set()
    for field in fields:
        name = base = column_name(field)
        number = 2
        while name.lower() in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name.lower())
        names.append(name)
    return names


def type_of(kind: str, name: str) -> ColumnType:
    """The type we read a column as; `ts` is a time, unknown columns are text."""
    return "time" if name == "ts" else _TYPES[kind].get(name, "text")


def times_of(seconds: pa.Array) -> pa.Array:
    """UTC times from seconds since 1970 (float); times no calendar holds become null."""
    values = seconds.to_numpy(zero_copy_only=False)
    good = np.isfinite(values) & (np.abs(values) < 2.5e11)
    micros = np.round(np.where(good, values, 0.0) * 1e6).astype(np.int64)
    return pa.array(micros, pa.int64(), mask=~good).cast(pa.timestamp("us", tz="UTC"))


def table_of(
    path: str,
    columns: Mapping[str, pa.Array],
    lines: list[bytes],
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    identities: Identities,
    origin: str,
    reading: Reading,
) -> pa.Table:
    """The event table of some records of the log `path`.

    `columns` by our names, `lines` the records' bytes, `numbers` their lines.

    `columns["ts"]` holds times already.
    """
    count = len(lines)
    kind = kind_of(path)
    null = pa.nulls(count, pa.string())
    time = columns["ts"] if "ts" in columns else pa.nulls(count, pa.timestamp("us", tz="UTC"))
    observer = columns.get("system_name", null)
    known = {
        "event_id": identities.of(kind, observer, lines),
        "time": time,
        "time_quality": _quality(time, count),
        "observer": observer,
        "origin": pc.binary_join_element_wise(f"{origin}", pc.cast(pa.array(numbers), pa.string()), ":"),
        "trust": _same(reading.trust, count),
        "tenant": _same(reading.tenant, count),
        "scope": _same(reading.scope, count),
        "user": null if kind in _NO_USERS else _first(columns, _USERS, null),
        "src_ip": _first(columns, _SOURCES, null),
        "dst_ip": _first(columns, _TARGETS, null),
        **{name: column for name, column in columns.items() if name not in ("ts", *_SECRETS)},
    }
    if kind == OTHER:
        known["log"] = _same(path or None, count)
    for name in _SECRETS:
        if name in columns:
            known[name] = pc.if_else(pc.is_null(columns[name]), None, pa.scalar(MASK))
    if texts := _MASKED.get(kind):  # requests and commands carry passwords and tokens
        known |= {name: _masked(column) for name, column in known.items() if name in texts}
    schema = arrow_schema(kind)
    arrays = [known.pop(f.name) if f.name in known else pa.nulls(count, f.type) for f in schema]
    fields = list(schema) + [pa.field(name, pa.string()) for name in known]
    return pa.table([*arrays, *known.values()], schema=pa.schema(fields))


def _first(columns: Mapping[str, pa.Array], names: Sequence[str], null: pa.Array) -> pa.Array:
    """The first of these text columns, or nothing."""
    return next((columns[n] for n in names if n in columns and pa.types.is_string(columns[n].type)), null)


def _masked(texts: pa.Array) -> pa.Array:
    """The texts with secrets masked; untouched where none can hold one."""
    if (
        not pa.types.is_string(texts.type)
        or not pc.any(pc.match_substring_regex(texts, PREFILTER, ignore_case=True)).as_py()
    ):
        return texts
    return pa.array([None if text is None else mask(text) for text in texts.to_pylist()], pa.string())


def _quality(time: pa.Array, count: int) -> pa.Array:
    if not time.null_count:
        return _same("exact", count)
    return pc.if_else(pc.is_null(time), pa.scalar("missing"), pa.scalar("exact"))


def _same(value: str | None, count: int) -> pa.Array:
    return pa.nulls(count, pa.string()) if value is None else pa.repeat(pa.scalar(value, pa.string()), count)
