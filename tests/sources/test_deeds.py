from __future__ import annotations

import pytest

from seawall.sources.deeds import Deed, deed_of, outcome_of


@pytest.mark.parametrize(
    ("operation", "result", "deed"),
    [
        ("Retrieve password", "", Deed("read")),
        ("CPM Change Password", "Success", Deed("write", None, "success")),
        ("Logon", "Failed", Deed("login", "login", "failure")),
        ("user.login", "true", Deed("login", "login", "success")),
        ("session.end", "", Deed("logout", "logout")),
        ("Log Out", "Successful", Deed("logout", "logout", "success")),
        ("Export NE configuration", "OK", Deed("export", None, "success")),
        ("Set Device Configuration", "succeeded", Deed("write", "config_change", "success")),
        ("Delete User", "denied", Deed("delete", None, "failure")),
        ("Query Alarm Log", "Completed", Deed("read", None, "success")),
        ("LOGIN_FAILED", "", Deed("login", "login", "failure")),
        ("login unsuccessful", "", Deed("login", "login", "failure")),
        ("Heartbeat", "", Deed()),
    ],
)
def test_words_of_many_products_mean_the_same(operation: str, result: str, deed: Deed) -> None:
    assert deed_of(operation, result) == deed


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("0", "success"), ("NOK", "failure"), ("Partially successful", "failure"), ("", None), ("27", None)],
)
def test_a_result_is_told_or_left_open(text: str, outcome: str | None) -> None:
    assert outcome_of(text) == outcome
