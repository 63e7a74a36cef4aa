from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from seawall.sources import zeek
from seawall.sources.zeek.columns import column_name, column_names, path_of, times_of, type_of
from tests.sources.reading import read_bytes


@pytest.mark.parametrize(
    ("field", "name"),
    [("id.orig_h", "id_orig_h"), ("user", "zeek_user"), ("vlan-id", "vlan_id"), ("", "unnamed"), ("ts", "ts")],
)
def test_dots_become_underscores_and_our_names_are_kept_free(field: str, name: str) -> None:
    assert column_name(field) == name


def test_a_header_that_names_a_field_twice_gives_two_columns() -> None:
    assert column_names(["a", "a", "a.b", "a_b"]) == ["a", "a_2", "a_b", "a_b_2"]


def test_an_open_log_is_the_same_log() -> None:
    assert path_of("open_Conn ") == "conn"


def test_columns_we_do_not_know_are_text() -> None:
    assert [type_of("zeek_conn", n) for n in ("ts", "orig_bytes", "duration", "vendor")] == [
        "time",
        "int",
        "float",
        "text",
    ]


def test_times_keep_their_microseconds_and_impossible_ones_are_null() -> None:
    seconds = pa.array([1772323200.123456, None, float("nan"), 1e300, -1.5])
    assert times_of(seconds).to_pylist() == [
        datetime(2026, 3, 1, 0, 0, 0, 123456, tzinfo=UTC),
        None,
        None,
        None,
        datetime(1969, 12, 31, 23, 59, 58, 500_000, tzinfo=UTC),
    ]


def test_secrets_in_a_request_never_become_a_row() -> None:
    lines = [
        "#separator \\x09",
        "#path\thttp",
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\tuser_agent\tstatus_code",
        "#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tstring\tcount",
        "1795341033.0\tC1\t192.0.2.9\t5000\t192.0.2.1\t80\tGET\th.example.net\t/x?password=Hidden1&a=b\tcurl\t200",
        "1795341034.0\tC2\t192.0.2.9\t5001\t192.0.2.1\t80\tGET\th.example.net\t/index.html\tcurl\t200",
    ]
    rows = read_bytes(zeek.SOURCE, "\n".join(lines).encode()).rows("zeek_http")
    assert [row["uri"] for row in rows] == ["/x?password=<masked>", "/index.html"]
