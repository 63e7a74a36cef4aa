from __future__ import annotations

import pytest

from seawall.sources import zeek
from tests.corpus import corpus_path
from tests.sources.reading import read_path

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize(
    ("parts", "kind", "rows", "rejected"),
    [
        (("rita", "proxy", "http.log"), "zeek_http", 407, 0),
        (("rita", "proxy_rolling", "conn.16:00:00-17:00:00.log.gz"), "zeek_conn", 7_260, 0),
        (("rita", "open_sni", "open_ssl.18_00_00-19_00_00.log.gz"), "zeek_ssl", 2, 0),
        (("rita", "truncated", "conn.log"), "zeek_conn", 58, 1),
        (("rita", "truncated", "conn_json.log"), "zeek_conn", 3, 1),
        (("rita", "has_unknown_field", "http.log"), "zeek_http", 4, 1),
        (("rita", "json_with_all_fields", "open_http.log"), "zeek_http", 20, 0),
        (("slips", "test10-mixed-zeek-dir", "conn.log"), "zeek_conn", 141, 0),
        (("flows-synthetic", "conn.log.gz"), "zeek_conn", 74_486, 0),
        (("slips", "test9-mixed-zeek-dir", "files.log"), "zeek_files", 936, 0),
        (("slips", "test10-mixed-zeek-dir", "loaded_scripts.log"), "zeek_other", 403, 0),
        (("slips", "test14-malicious-zeek-dir", "tunnel.log"), "zeek_tunnel", 2, 0),
    ],
)
def test_real_logs_give_their_known_number_of_records(
    parts: tuple[str, ...], kind: str, rows: int, rejected: int
) -> None:
    result = read_path(corpus_path("network", *parts), zeek.SOURCE)
    assert result.counts() == {kind: rows}
    assert result.rejected == rejected


def test_a_log_without_its_header_is_rejected_line_by_line() -> None:
    result = read_path(corpus_path("network", "rita", "truncated", "conn_top.log"))
    assert (result.counts(), result.rejected) == ({}, 59)
