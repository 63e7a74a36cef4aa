"""What Suricata's events give to the canonical views, as pieces of SQL.

Suricata writes a question and its answer as two events, and may write each flow twice more as one-way `netflow`
records; a view holds each exchange once.
"""

# ruff: noqa: S608 - names come from the model and are quoted; no value is ever pasted in
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from seawall.engine.snapshot import quoted
from seawall.model.events import ColumnType


class Own(Protocol):
    """The first of some columns that a kind has, as SQL (`view_sql`)."""

    def __call__(self, columns: Mapping[str, ColumnType], *names: str, word: ColumnType = "text") -> str:
        """The SQL of the first of `names` that is there, in the type `word`."""
        ...


FLOWS_WHERE: Final = (
    "event_type = 'flow' OR (event_type = 'netflow' AND flow_id IS NOT NULL AND flow_id NOT IN "
    "(SELECT f.flow_id FROM suricata AS f WHERE f.event_type = 'flow' AND f.flow_id IS NOT NULL))"
)
DNS_WHERE: Final = "event_type = 'dns'"
HTTP_WHERE: Final = "event_type = 'http'"


def flow_items(columns: Mapping[str, ColumnType], own: Own) -> dict[str, str]:
    """The columns of `flows`; a flow's time is its first packet's, as in every other source of flows."""
    start = own(columns, "flow_start", "netflow_start", word="time")
    end = own(columns, "flow_end", "netflow_end", word="time")
    return {
        "time": f"coalesce({start}, time)",
        "src_ip": own(columns, "src_ip"),
        "src_port": own(columns, "src_port", word="int"),
        "dst_ip": own(columns, "dest_ip", "dst_ip"),
        "dst_port": own(columns, "dest_port", word="int"),
        "proto": f"lower({own(columns, 'proto')})",
        "ip_proto": "NULL::BIGINT",
        "app": f"nullif({own(columns, 'app_proto')}, 'failed')",
        "duration": f"date_diff('microsecond', {start}, {end}) / 1e6",
        "src_bytes": own(columns, "flow_bytes_toserver", "netflow_bytes", word="int"),
        "dst_bytes": own(columns, "flow_bytes_toclient", word="int"),
        "src_pkts": own(columns, "flow_pkts_toserver", "netflow_pkts", word="int"),
        "dst_pkts": own(columns, "flow_pkts_toclient", word="int"),
        "state": own(columns, "flow_state"),
        "sampling": "NULL::BIGINT",
        "exporter": "NULL::VARCHAR",
        "input_if": own(columns, "in_iface"),
        "output_if": "NULL::VARCHAR",
    }


DNS_HELPERS: Final = ("exchange", "answering")  # columns of `dns_items` that only `once` needs
_ANSWER: Final = "dns_type IN ('answer', 'response')"


def dns_items(columns: Mapping[str, ColumnType], own: Own) -> dict[str, str]:
    """The columns of `dns`, and those `once` needs; Suricata 4 and older write answers from server to client."""
    turned = f"({_ANSWER} AND src_port = 53 AND dest_port IS DISTINCT FROM 53)"
    source, target = own(columns, "src_ip"), own(columns, "dest_ip", "dst_ip")
    return {
        "src_ip": f"CASE WHEN {turned} THEN {target} ELSE {source} END",
        "dst_ip": f"CASE WHEN {turned} THEN {source} ELSE {target} END",
        "query": f"lower(rtrim({own(columns, 'dns_rrname')}, '.'))",
        "qtype": own(columns, "dns_rrtype"),
        "answers": own(columns, "dns_answers"),
        "rcode": own(columns, "dns_rcode"),
        "exchange": (
            f"coalesce(CAST(flow_id AS VARCHAR) || ' ' || CAST({own(columns, 'dns_id', word='int')} AS VARCHAR) || ' ' "
            "|| lower(rtrim(dns_rrname, '.')), CAST(event_id AS VARCHAR))"
        ),
        "answering": _ANSWER,
    }


def http_items(columns: Mapping[str, ColumnType], own: Own) -> dict[str, str]:
    """The columns of `http`."""
    server, host = own(columns, "dest_ip", "dst_ip"), own(columns, "http_hostname")
    return {
        "server": f"coalesce({server}, {host})",
        "user": "NULL::VARCHAR",
        "forwarded_for": own(columns, "http_xff", "xff"),
        "method": own(columns, "http_http_method"),
        "uri": own(columns, "http_url"),
        "referrer": own(columns, "http_http_refer"),
        "user_agent": own(columns, "http_http_user_agent"),
        "raw": "NULL::VARCHAR",
        "host": host,
        "src_ip": own(columns, "src_ip"),
        "src_port": own(columns, "src_port", word="int"),
        "dst_ip": server,
        "dst_port": own(columns, "dest_port", word="int"),
        "status": own(columns, "http_status", word="int"),
        "bytes": own(columns, "http_length", word="int"),
    }


def once(rows: str, columns: Iterable[str]) -> str:
    """The rows of `dns`, one per exchange: its answers together, its time that of the question; columns by name."""
    together = {
        "time": "min(time) OVER w",
        "answers": "string_agg(answers, ',') OVER w",
        "rcode": "first_value(rcode IGNORE NULLS) OVER w",
    }
    chosen = ", ".join(f"{together.get(name, quoted(name))} AS {quoted(f'once_{name}')}" for name in columns)
    named = ", ".join(f"{quoted(f'once_{name}')} AS {quoted(name)}" for name in sorted(columns))
    return f"""
        SELECT {named} FROM (
            SELECT {chosen},
                row_number() OVER (PARTITION BY exchange ORDER BY answering DESC NULLS LAST, time, event_id) AS place
            FROM ({rows}) AS r WINDOW w AS (PARTITION BY exchange)
        ) AS o WHERE place = 1"""
