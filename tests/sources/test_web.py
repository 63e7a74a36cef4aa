# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import web
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, only_row, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)
LINE = '192.0.2.9 - - [22/Nov/2026:10:30:17 +0000] "GET /webui/ HTTP/1.1" 200 123 "-" "Mozilla/5.0"'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LINE, id="combined"),
        pytest.param(LINE.replace(' "-" "Mozilla/5.0"', ""), id="common"),
        pytest.param(f"www.example.net:443 {LINE}", id="virtual host in front"),
        pytest.param(f'{LINE} "203.0.113.5, 10.0.0.1" rt=0.001 uct="0.0"', id="own format, more behind"),
        pytest.param('[22/Nov/2026:10:30:17 +0000] 192.0.2.9:4411 "GET /webui/ HTTP/1.1" 200 123 host="a.example"', id="own format, time first"),
        pytest.param('2026-11-22T10:30:17+00:00 192.0.2.9 - - "GET /webui/ HTTP/1.1" 200 123', id="own format, ISO time"),
        pytest.param('{"time":"2026-11-22T10:30:17+00:00","remote_addr":"192.0.2.9","request":"GET /webui/ HTTP/1.1","status":200,"body_bytes_sent":123}', id="JSON"),
        pytest.param('{"ts":1795343417.0,"request":{"remote_ip":"192.0.2.9","method":"GET","uri":"/webui/","proto":"HTTP/1.1"},"status":200,"size":123}', id="Caddy"),
        pytest.param("#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip sc-status sc-bytes\n2026-11-22 10:30:17 192.0.2.1 GET /webui/ - 192.0.2.9 200 123", id="W3C"),
        pytest.param(f"2026/11/22 10:30:17.123456789 {{nginx_R0-0}}{{1}}: [nginx] [12345]: (note): {LINE}", id="IOS XE trace"),
        pytest.param("1795343417.000    310 192.0.2.9 TCP_MISS/200 123 GET /webui/ - DIRECT/203.0.113.9 text/html", id="Squid"),
    ],
)  # fmt: skip
def test_every_server_s_line_says_the_same(text: str) -> None:
    assert recognised(text) == "web"
    row = only_row(text, "web")
    has(row, time=AT, src_ip="192.0.2.9", method="GET", uri="/webui/", status=200, bytes=123)


def test_inside_syslog_a_request_stands_beside_its_line_with_the_device_that_wrote_it() -> None:
    text = f"<134>Nov 22 10:30:17 edge1 nginx: {LINE}\n<134>Nov 22 10:30:18 edge1 sshd[3]: Accepted password for ann from 192.0.2.15 port 4 ssh2\n"
    result = read_as_found(text)
    assert result.counts() == {"syslog": 2, "web": 1}
    (row,) = result.rows("web")
    has(row, observer="edge1", device="edge1", uri="/webui/", time=AT, origin="sample.log:1")


def test_secrets_in_targets_are_masked_before_a_row_exists() -> None:
    result = read_as_found(LINE.replace("/webui/", "/login?user=ann&password=hUnter2Zx9&x=1"))
    assert "hUnter2Zx9" not in str(result)
    assert result.rows("web")[0]["uri"] == "/login?user=ann&password=<masked>"


def test_what_scanners_send_instead_of_a_request_is_kept_as_it_came() -> None:
    row = only_row(LINE.replace("GET /webui/ HTTP/1.1", "\\x16\\x03\\x01"), "web")
    has(row, uri="\\x16\\x03\\x01", status=200)
    assert "method" not in row


def test_two_lines_glued_are_one_event_and_a_cut_one_is_rejected() -> None:
    result = read_bytes(web.SOURCE, f"{LINE}{LINE}\n{LINE[:50]}\n{LINE}\n".encode() + LINE.encode()[:-5] + b"\xe2\x82")
    assert result.rejected == 1
    assert result.rejects[0].where == "sample.log:2"
    assert [row["uri"] for row in result.rows("web")] == ["/webui/"] * 3


def test_latin_1_in_an_agent_is_read_and_said() -> None:
    result = read_bytes(web.SOURCE, LINE.encode().replace(b"Mozilla", b"M\xf6zilla") + b"\n")
    assert result.rows("web")[0]["user_agent"] == "Mözilla/5.0"
    assert any("Latin-1" in note for note in result.notes)


def test_the_same_line_has_the_same_id_wherever_it_stands() -> None:
    first, second = (
        read_bytes(web.SOURCE, text, name).rows("web")
        for text, name in ((LINE.encode() + b"\n", "a"), (b"#\n" + LINE.encode(), "b/c"))
    )
    assert first[0]["event_id"] == second[0]["event_id"]


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(web.SOURCE, content)
    web.sniff(evidence_from_bytes(content, "x"))


_PIECES = st.sampled_from(
    ["192.0.2.9", "-", "[22/Nov/2026:10:30:17 +0000]", '"GET / HTTP/1.1"', "200", '"', "[", 'a="b', "#Fields: c-ip sc-status", "{", '{"status":1', "\\", "\n"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map(" ".join))
def test_fields_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(web.SOURCE, content.encode())
