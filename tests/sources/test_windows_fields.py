from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seawall.sources.windows_fields import (
    MAX_NAMES,
    Names,
    NotAnEventError,
    address,
    flatten,
    from_where,
    text_of,
    time_of,
    to_where,
    who,
)


def test_the_first_spelling_of_a_name_stays() -> None:
    names = Names()
    assert [names.of(n) for n in ("LogonId", "LogonID", "New Value", "User", "Time", "eventid")] == [
        "LogonId",
        "LogonId",
        "NewValue",
        "user",
        "EventData_Time",
        "EventID",
    ]


def test_a_file_cannot_name_columns_without_end() -> None:
    names = Names()
    with pytest.raises(NotAnEventError, match="different field names"):
        list(map(names.of, (f"n{n}" for n in range(MAX_NAMES + 1))))


def test_elements_cannot_nest_without_end() -> None:
    data: dict[str, object] = {"x": "y"}
    for _ in range(50):
        data = {"x": data}
    with pytest.raises(NotAnEventError, match="deep"):
        flatten({"Event": {"System": {}, "EventData": data}}, Names())


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (7, "7"), (["a", 1, None], "a, 1, "), (None, "")]
)
def test_values_are_text_as_sigma_compares_them(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-01T10:00:00.1234567Z", datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=UTC)),
        ("2026-03-01 10:00:00 UTC", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_system_times_are_utc(written: str, moment: datetime | None) -> None:
    assert time_of(written) == moment


def test_addresses_are_written_one_way_or_not_at_all() -> None:
    assert [address(t) for t in ("::ffff:192.0.2.1", "2001:DB8::1", "-", "srv1", "")] == [
        "192.0.2.1",
        "2001:db8::1",
        None,
        None,
        None,
    ]


def test_who_and_where() -> None:
    columns: dict[str, list[object]] = {
        "EventID": [4625, 4720],
        "TargetUserName": ["ana", "bo"],
        "SubjectUserName": ["-", "SRV1$"],
        "IpAddress": ["-", None],
        "SourceIp": ["192.0.2.1", None],
    }
    assert who(columns) == ["ana", "SRV1$"]
    assert from_where(columns) == ["192.0.2.1", None]
    assert to_where(columns) is None
    assert who({"EventID": [1], "SubjectUserName": ["-"]}) == [None]
    assert who({"EventID": [1]}) is None
