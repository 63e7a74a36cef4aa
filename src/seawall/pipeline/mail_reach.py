"""How far a phish went: who else got it, and who followed it, by mail, DNS and proxy logs of the case."""

from __future__ import annotations

from typing import Any, Final

from seawall.engine.lake import Lake
from seawall.engine.query import run_query
from seawall.model.finding import utc_text

MOST: Final = 500  # rows of each answer
_VALUES: Final = 200  # values of one question


def reach(lake: Lake, line: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Who `got` the message (others in the mail logs) and who `clicked` (DNS, web and proxy logs), times in UTC."""
    values = {
        kind: [i["value"] for i in line["indicators"] if i["type"] == kind]
        for kind in ("domain", "url", "email", "hash", "ip")
    }
    held = {kind for kind, rows in lake.kinds().items() if rows}
    return {"got": _got(lake, held, values, line), "clicked": _clicked(lake, held, values)}


def _got(lake: Lake, held: set[str], values: dict[str, list[str]], line: dict[str, Any]) -> list[dict[str, Any]]:
    if "mail" not in held:
        return []
    tests = [f"mail_from IN ({_listed(values['email'])})"] if values["email"] else []
    if line["message_id"]:
        tests.append(f"message_id = {_quoted(line['message_id'])}")
    tests += [f"contains(attachment_sha256, {_quoted(value)})" for value in values["hash"][:20]]
    tests += [f"list_contains(string_split(url_hosts, ','), {_quoted(value)})" for value in values["domain"][:50]]
    if not tests:
        return []
    return _rows(
        lake,
        f"SELECT mail_to AS who, time AS \"when\", subject AS what, 'mail' AS log FROM mail "  # noqa: S608 - quoted
        f"WHERE lower(hex(event_id)) <> {_quoted(line['event_id'])} "
        f"AND ({' OR '.join(tests)}) ORDER BY time LIMIT {MOST}",
    )


# log: who asked, what for, and the host within it, as SQL over views: whoever logged it, however it is written
_ASKED: Final = r"regexp_extract(lower(uri), '^(?:[a-z]+://)?(?:[^/?#@]*@)?([^/:?#]+)', 1)"  # a proxy's request target
_LOGS: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "dns": ("src_ip", "query", ("query",)),
    "http": ('coalesce(CAST("user" AS VARCHAR), CAST(src_ip AS VARCHAR))', "uri", ("lower(host)", _ASKED)),
    "zeek_ssl": ("id_orig_h", "server_name", ("lower(server_name)",)),
}


def _clicked(lake: Lake, held: set[str], values: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Who asked for a host of the phish. A name looked up is not yet a page opened: `log` says which it was."""
    hosts = list(dict.fromkeys(value.lower() for value in [*values["domain"], *values["ip"]]))
    found: list[dict[str, Any]] = []
    if not hosts:
        return found
    for log, (who, what, places) in _LOGS.items():
        if log == "zeek_ssl" and log not in held:
            continue
        tests = [f"{place} IN ({_listed(hosts)})" for place in places]
        tests += [f"ends_with({place}, {_quoted('.' + host)})" for place in places for host in hosts[:50]]
        shown = "CASE WHEN starts_with(uri, '/') THEN concat_ws('', host, uri) ELSE uri END" if log == "http" else what
        found += _rows(
            lake,
            f"SELECT CAST({who} AS VARCHAR) AS who, time AS \"when\", {shown} AS what, '{log}' AS log FROM {log} "  # noqa: S608 - quoted
            f"WHERE {' OR '.join(tests)} ORDER BY time LIMIT {MOST}",
        )
    return found


def _rows(lake: Lake, sql: str) -> list[dict[str, Any]]:
    rows = run_query(lake, sql, timeout=60.0).read_all().to_pylist()
    return [{**row, "when": utc_text(row["when"]) if row["when"] is not None else None} for row in rows]


def _listed(values: list[str]) -> str:
    return ", ".join(map(_quoted, values[:_VALUES]))


def _quoted(value: str) -> str:
    """A text literal of SQL: quotes doubled, and nothing else has meaning inside one."""
    return "'" + value.replace("'", "''").replace("\0", "") + "'"
