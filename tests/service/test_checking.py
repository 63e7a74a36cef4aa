from __future__ import annotations

from typing import Any

import pytest

from seawall.model.serving import (
    FollowSettings,
    GitSettings,
    ImapSettings,
    PollSettings,
    PushSettings,
    ServeSettings,
    TlsSettings,
)
from seawall.service.checking import check


def test_what_ships_and_what_is_well_set_has_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "0123456789abcdef0123")
    assert check(ServeSettings()) == []
    assert check(ServeSettings(push=PushSettings(("127.0.0.1:8088",), {"siem": "env:TOKEN"}))) == []


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        pytest.param({"syslog_udp": ("192.0.2.1:99999",)}, "serve.syslog_udp", id="no port"),
        pytest.param({"syslog_udp": ("*:514", "*:514")}, "stands under", id="twice"),
        pytest.param({"syslog_tls": ("*:6514",)}, "needs a certificate", id="TLS without certificate"),
        pytest.param({"tls": TlsSettings("/nowhere.pem")}, "no file /nowhere.pem", id="no such certificate"),
        pytest.param({"tls": TlsSettings("x", minimum="1.0")}, "serve.tls.minimum", id="old TLS"),
        pytest.param({"push": PushSettings(("127.0.0.1:1",))}, "without a token", id="anybody pushes"),
        pytest.param({"push": PushSettings(("*:1",), {"a": "env:LONG"})}, "clear text", id="tokens in clear"),
        pytest.param({"push": PushSettings((), {"a": "env:SHORT"})}, "shorter", id="token to guess"),
        pytest.param({"push": PushSettings((), {"a": "env:NOT_SET"})}, "serve.push.tokens.a", id="no token"),
        pytest.param({"follow": (FollowSettings("logs/*.log"),)}, "absolute", id="relative path"),
        pytest.param({"imap": (ImapSettings("mail.example.net", "u", "env:LONG", tls=False),)}, "TLS", id="mail"),
        pytest.param({"taxii": (PollSettings("http://taxii.example.net/"),)}, "https", id="TAXII in clear"),
        pytest.param({"git": (GitSettings("ext::sh -c id"),)}, "no address", id="a command"),
        pytest.param({"git": (GitSettings("--upload-pack=id"),)}, "no address", id="an option"),
        pytest.param({"spool_mb": 0}, "serve.spool_mb", id="nothing held"),
        pytest.param({"max_message_bytes": 1 << 20}, "serve.max_message_bytes", id="longer than is looked at"),
    ],
)
def test_each_fault_is_named_with_what_mends_it(
    settings: dict[str, Any], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONG", "0123456789abcdef0123")
    monkeypatch.setenv("SHORT", "guess")
    faults = check(ServeSettings(**settings))
    assert [fault for fault in faults if named in str(fault) and fault.mend], [str(fault) for fault in faults]
    assert not any("guess" in str(fault) for fault in faults)
