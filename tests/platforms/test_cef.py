# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import pytest

from seawall.platforms import interpret
from seawall.platforms.acts import Act


@pytest.mark.parametrize(
    ("body", "act"),
    [
        ("100|User login failed|5|suser=eve src=192.0.2.9 dst=192.0.2.1", Act("login", "failure", None, None, "eve", "192.0.2.9", "192.0.2.1")),
        ("101|User logged out|2|suser=ann src=192.0.2.5", Act("logout", None, None, None, "ann", "192.0.2.5")),
        ("102|Configuration changed|4|suser=ann outcome=success", Act("config_change", "success", None, None, "ann")),
        ("103|Connection|2|src=192.0.2.5 dst=192.0.2.6 app=HTTPS", Act(None, None, "HTTPS", None, None, "192.0.2.5", "192.0.2.6")),
        ("104|Fan slow|2|msg=fan 2", None),
    ],
)  # fmt: skip
def test_shared_names_tell_who_did_what(body: str, act: Act | None) -> None:
    assert interpret("any", f"CEF:0|Acme|Wall|1|{body}", "cef") == act
