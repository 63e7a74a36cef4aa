from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.snapshots import changed_at, device_of, make_of, taken_at


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("!RANCID-CONTENT-TYPE: cisco-xr", ("iosxr", "indent")),
        ("#RANCID-CONTENT-TYPE: juniper", ("junos", "brace")),
        ("# RANCID-CONTENT-TYPE: sros", ("sros", "indent")),
        ("!RANCID-CONTENT-TYPE: foundry", ("foundry", "indent")),
        ("hostname x", None),
    ],
)
def test_rancid_says_the_make(line: str, made: tuple[str, str] | None) -> None:
    assert make_of([line, "!"]) == made


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("! Last configuration change at 19:57:05 UTC Fri Nov 13 2020 by ana", (2020, 11, 13, 19, 57, 5)),
        ("! NVRAM config last updated at 15:26:39 CET Wed Mar 13 2024 by oxidized", (2024, 3, 13, 15, 26, 39)),
        ("!! Last configuration change at Wed Apr  7 23:03:21 2021 by cisco", (2021, 4, 7, 23, 3, 21)),
        ("## Last commit: 2026-11-21 22:01:05 UTC by svc-backup", (2026, 11, 21, 22, 1, 5)),
        ("# Last modified 2026-06-10T20:43:35.8+02:00 by system (MD-CLI) from Console", (2026, 6, 10, 18, 43, 35)),
        ("!Time: Wed Nov 11 03:14:05 2026", (2026, 11, 11, 3, 14, 5)),
        ("!Last configuration was saved at 2026-03-05 10:00:00+08:00 by ana", (2026, 3, 5, 2, 0, 0)),
    ],
)
def test_a_configuration_says_when_it_was_changed(line: str, when: tuple[int, ...]) -> None:
    assert changed_at(["!", line]) == datetime(*when, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    "line", ["! Last configuration change at 99:99:99 UTC Fri Nov 99 2020", "!Time: soon", "hostname x"]
)
def test_what_is_no_date_is_none(line: str) -> None:
    assert changed_at([line]) is None


@pytest.mark.parametrize(
    ("path", "device", "when"),
    [
        ("core/configs/edge1.example.net", "edge1.example.net", None),
        ("backup/2026-11-21/edge1.cfg", "edge1", (2026, 11, 21)),
        ("edge1_20261121_0314.txt", "edge1", (2026, 11, 21, 3, 14)),
        ("a.zip!/edge1-confg", "edge1", None),
        ("edge1/running-config.2026-11-21T03-14-05.txt", "edge1", (2026, 11, 21, 3, 14, 5)),
        ("configs/192.0.2.1", "192.0.2.1", None),
        ("config.txt", None, None),
        ("20261399.cfg", None, None),
    ],
)
def test_names_of_files_and_folders_tell_device_and_date(
    path: str, device: str | None, when: tuple[int, ...] | None
) -> None:
    assert device_of(path) == device
    assert taken_at(path) == (datetime(*when, tzinfo=UTC) if when else None)  # type: ignore[misc, arg-type]


@given(st.text(max_size=60))
def test_any_text_tells_or_does_not(text: str) -> None:
    make_of([text])
    changed_at([f"!Time: {text}", f"! Last modified {text}"])
    taken_at(text)
    device_of(text)
