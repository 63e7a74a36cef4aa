# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from tests.sources.recognising import has, only_row


def test_nginx_names_client_request_and_host_in_its_complaints() -> None:
    row = only_row(
        '2026/11/22 10:30:17 [error] 12#12: *5 open() "/x" failed (2: No such file or directory), client: 192.0.2.9, server: _, request: "GET /%2577eb HTTP/1.1", host: "192.0.2.1:8443"',
        "web",
    )
    has(row, level="error", src_ip="192.0.2.9", method="GET", uri="/%2577eb", host="192.0.2.1", dst_port=8443)


def test_apache_names_the_client_with_its_port() -> None:
    row = only_row(
        "[Sun Nov 22 10:30:17.123456 2026] [auth_basic:error] [pid 1:tid 2] [client 192.0.2.9:4444] AH01618: user eve not found: /admin, referer: http://a.example/",
        "web",
    )
    has(row, level="error", src_ip="192.0.2.9", src_port=4444, user="eve", uri="/admin", referrer="http://a.example/")


def test_a_password_in_a_complaint_is_masked() -> None:
    row = only_row(
        '2026/11/22 10:30:17 [warn] 12#12: *5 x, client: 192.0.2.9, server: _, request: "POST /a?token=Abc12345 HTTP/1.1", host: "a"',
        "web",
    )
    assert "Abc12345" not in str(row)
