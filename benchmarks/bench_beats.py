"""From Parquet to ranked beats: a generated record of flows, most pairs small (as in life), 200 beats among them.

python benchmarks/bench_beats.py [FLOWS] [PARQUET]     default: 2000000; full figures: 50000000, a million pairs
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import duckdb

from seawall.detect.traffic import looking
from seawall.engine import views
from seawall.engine.ibis_duckdb import backend
from seawall.model.site import Site

BEATS: Final = 200
MEMORY: Final = "4500MB"  # of 6 GB: the rest is Python's
_ROWS: Final = """
COPY (
  WITH busy AS (
    SELECT i, CAST(floor({pairs} * pow(random(), 2.0)) AS BIGINT) AS pair, random() AS t, random() AS b
    FROM range({flows} - {beats}) AS r(i)
  ), even AS (
    SELECT i + {flows} AS i, {pairs} + (i % 200) AS pair,
      (i // 200) * 200.0 / {beats} + random() * 0.0002 AS t, 0.5 AS b
    FROM range({beats}) AS r(i)
  )
  SELECT unhex(md5(CAST(i AS VARCHAR))) AS event_id,
    make_timestamptz(CAST(1790000000000000 + t * 259200000000 AS BIGINT)) AS "time",
    '10.' || (20 + (pair % 40)) || '.' || ((pair // 40) % 250) || '.' || ((pair // 10000) % 250) AS src_ip,
    CASE WHEN pair >= {pairs} THEN '203.0.113.' || (pair % 200)
      ELSE '198.' || (18 + (pair * 7919) % 2) || '.' || ((pair * 104729) % 30) || '.' || ((pair * 31) % 250)
      END AS dst_ip,
    443::BIGINT AS dst_port, CAST(30000 + (i % 30000) AS BIGINT) AS src_port, 'tcp' AS proto, 0.4::DOUBLE AS duration,
    CAST(400 + b * 2000 AS BIGINT) AS src_bytes, CAST(300 + b * 90000 AS BIGINT) AS dst_bytes,
    4::BIGINT AS src_pkts, 5::BIGINT AS dst_pkts
  FROM (SELECT * FROM busy UNION ALL SELECT * FROM even)
) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)
"""


def connected() -> duckdb.DuckDBPyConnection:
    """Two threads, as the figures are told for."""
    options = {"memory_limit": MEMORY, "threads": "2", "preserve_insertion_order": "false"}
    con = duckdb.connect(config=options)
    con.execute("SET TimeZone = 'UTC'")
    return con


def made(path: Path, flows: int) -> None:
    """Write the record."""
    con = connected()
    con.execute("SELECT setseed(0.42)")
    con.execute(_ROWS.format(flows=flows, pairs=flows // 50, beats=flows // 100, path=path))
    con.close()


def asked(path: Path) -> dict[str, Any]:
    """The views over the record, as a lake has them."""
    con = connected()
    con.execute(f"CREATE VIEW flow_records AS SELECT * FROM read_parquet('{path}')")
    integers = dict.fromkeys(("dst_port", "src_port", "src_bytes", "dst_bytes", "src_pkts", "dst_pkts"), "int")
    texts = dict.fromkeys(("src_ip", "dst_ip", "proto"), "text")
    known: Any = {"flow_records": {"event_id": "id", "time": "time", **texts, **integers, "duration": "float"}}
    views.create(con, known, Site())
    made = backend(con, {})
    return {name: made.table(name) for name in made.list_tables()}


def main(arguments: list[str]) -> int:
    """Make the record, ask it, say how long that took."""
    flows = int(arguments[0]) if arguments else 2_000_000
    with tempfile.TemporaryDirectory(prefix="bench-beats-") as folder:
        path = Path(arguments[1]) if len(arguments) > 1 else Path(folder) / "flows.parquet"
        if not path.exists():
            made(path, flows)
        print(f"{flows:,} flows, {flows // 50:,} pairs, {path.stat().st_size / 1e6:.0f} MB of Parquet")
        for name in ("beacons", "pairs"):
            wall, cpu = time.perf_counter(), time.process_time()
            found = looking.ANSWERS[name](asked(path), Site()).limit(BEATS).to_pyarrow()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(f"{name}: {wall:.1f} s, {cpu:.1f} s of CPU, {flows / wall / 1e6:.2f} M flows/s")
            if name == "beacons":
                hits = sum(dst.startswith("203.0.113.") for dst in found.column("dst").to_pylist())
                print(f"beats among the first {BEATS}: {hits} of {BEATS}")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
