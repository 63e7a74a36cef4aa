"""The view `conversations`: exported flows as they were before active timeouts cut them and several routers told them.

1. Records of one flow from several exporters, begun within a second of each other, are one: the exporter whose name
   comes first is kept, so that all pieces of a flow come from the same. One that an exporter writes twice (where it
   came in and where it left), alike to the millisecond, is one as well.
2. A record that the active timeout ended is continued by the next of the same ends and ports of the same exporter.
   Where no reason is written, one of at least 25 s is, if the next begins within 5 s.

Sensors (Zeek, Suricata) and captures whose flows ended tell each conversation once; theirs stand here as they are.
"""

# ruff: noqa: S608 - names and figures are ours; no value of evidence is ever pasted in
from __future__ import annotations

from typing import Final

SAME_MS: Final = 1_000  # between the starts of one flow at two routers
RESUMES_MS: Final = 60_000  # after a record that says it goes on
NEXT_MS: Final = 5_000  # after one that does not say why it ended
LONG_S: Final = 25.0  # active timeouts are longer than this

_ENDS: Final = "kind, src_ip, src_port, dst_ip, dst_port, proto, coalesce(tenant, ''), coalesce(scope, '')"
_KEY: Final = f"{_ENDS}, coalesce(exporter, '')"
_FIRST: Final = (
    "time_quality", "observer", "origin", "trust", "tenant", "scope", "device", "device_method", "device_confidence",
    "ip_proto", "app", "sampling", "input_if", "output_if", "next_hop", "src_as", "dst_as",
)  # fmt: skip
_SUMMED: Final = ("src_bytes", "dst_bytes", "src_pkts", "dst_pkts", "est_bytes", "est_pkts")


def select() -> str:
    """The SELECT behind the view, over the view `flows`."""
    timed = """
        SELECT *, date_diff('millisecond', TIMESTAMPTZ '1970-01-01 00:00:00+00', time) AS began,
            date_diff('millisecond', TIMESTAMPTZ '1970-01-01 00:00:00+00', coalesce(end_time, time)) AS ended
        FROM flows WHERE time IS NOT NULL"""
    told = f"""
        SELECT *,
            min(coalesce(exporter, '')) OVER near AS teller,
            row_number() OVER (PARTITION BY {_KEY}, began, ended, src_bytes, src_pkts ORDER BY event_id) AS copy
        FROM ({timed}) AS a
        WINDOW near AS (
            PARTITION BY {_ENDS} ORDER BY began RANGE BETWEEN {SAME_MS} PRECEDING AND {SAME_MS} FOLLOWING
        )"""
    once = f"""
        SELECT * FROM ({told}) AS b
        WHERE kind <> 'flow_records' OR (coalesce(exporter, '') = teller AND copy = 1)"""
    goes_on = (
        f"(reason_before = 'active' AND began - ended_before BETWEEN -{NEXT_MS} AND {RESUMES_MS}) OR "
        f"(reason_before IS NULL AND lasted_before >= {LONG_S} "
        f"AND began - ended_before BETWEEN -{NEXT_MS} AND {NEXT_MS})"
    )
    marked = f"""
        SELECT *, CASE WHEN kind = 'flow_records' AND ({goes_on}) THEN 0 ELSE 1 END AS fresh
        FROM (
            SELECT *, lag(end_reason) OVER w AS reason_before, lag(ended) OVER w AS ended_before,
                lag(duration) OVER w AS lasted_before
            FROM ({once}) AS c WINDOW w AS (PARTITION BY {_KEY} ORDER BY began, event_id)
        ) AS d"""
    numbered = f"""
        SELECT *, sum(fresh) OVER (PARTITION BY {_KEY} ORDER BY began, event_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
        FROM ({marked}) AS e"""
    first = ", ".join(f"arg_min({name}, began) AS {name}" for name in ("event_id", *_FIRST))
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in _SUMMED)
    return f"""
        SELECT {first}, min(time) AS time, max(coalesce(end_time, time)) AS end_time,
            (max(ended) - min(began)) / 1000.0 AS duration, {sums},
            src_ip, src_port, dst_ip, dst_port, proto, kind, max(exporter) AS exporter, max(tunnel) AS tunnel,
            max(inner_src_ip) AS inner_src_ip, max(inner_dst_ip) AS inner_dst_ip, max(state) AS state,
            arg_max(end_reason, began) AS end_reason, CAST(count(*) AS BIGINT) AS pieces
        FROM ({numbered}) AS f
        GROUP BY {_KEY}, number, src_ip, src_port, dst_ip, dst_port, proto, kind"""
