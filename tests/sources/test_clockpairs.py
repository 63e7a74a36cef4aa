# ruff: noqa: E501 - log lines and sentences
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seawall.engine.lake import Lake
from seawall.model.clock import FixedClock
from seawall.model.settings import Settings
from seawall.pipeline import ingest
from seawall.sources import clockpairs

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
COMMANDS = (
    "show running-config",
    "configure terminal",
    "show ip bgp summary",
    "copy running-config tftp:",
    "show users all",
)


def lake_of(folder: Path, **files: list[str]) -> Lake:
    evidence = folder / "evidence"
    evidence.mkdir()
    for name, lines in files.items():
        (evidence / f"{name}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    clock = FixedClock(AT + timedelta(days=2))
    lake = Lake(folder / "lake", clock=clock)
    list(ingest([evidence], lake, Settings(), clock, jobs=1))
    return lake


def logged(skew: timedelta) -> list[str]:
    return [
        f"<189>{n}: pe1: {AT + timedelta(minutes=n) + skew:%b %d %Y %H:%M:%S} UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:{command}"
        for n, command in enumerate(COMMANDS)
    ]


def accounted() -> list[str]:
    return [
        f"{AT + timedelta(minutes=n):%Y-%m-%d %H:%M:%S} +0000\t192.0.2.1\tann\ttty2\t192.0.2.15\tstop\ttask_id={n}\tservice=shell\tcmd={command} <cr>"
        for n, command in enumerate(COMMANDS)
    ]


@pytest.mark.parametrize(
    ("skew_s", "said"),
    [
        (
            -3_600,
            ("clock of pe1 stands 1 h 0 min behind the accounting of 192.0.2.1 (median of 5 commands seen in both)",),
        ),
        (95, ("clock of pe1 stands 95 s ahead of the accounting of 192.0.2.1 (median of 5 commands seen in both)",)),
        (2, ()),
    ],
)
def test_the_same_commands_in_two_sources_tell_how_their_clocks_stand(
    skew_s: int, said: tuple[str, ...], tmp_path: Path
) -> None:
    lake = lake_of(tmp_path, device=logged(timedelta(seconds=skew_s)), accounting=accounted())
    assert clockpairs.compare(lake) == said


def test_the_same_messages_in_a_devices_file_and_a_relays_tell_it_too(tmp_path: Path) -> None:
    own = [
        f"<189>{n}: pe1: {AT + timedelta(minutes=n):%b %d %Y %H:%M:%S} UTC: %SYS-5-CONFIG_I: Configured"
        for n in range(9)
    ]
    relay = [
        f"{AT + timedelta(minutes=n + 120):%Y-%m-%dT%H:%M:%S}Z pe1 {n}: %SYS-5-CONFIG_I: Configured" for n in range(9)
    ]
    assert clockpairs.compare(lake_of(tmp_path, device=own, relay=relay)) == (
        "clock of pe1: its messages stand 2 h 0 min later in relay.log than in device.log (median of 9 seen in both)",
    )


def test_a_case_without_logs_says_nothing(tmp_path: Path) -> None:
    assert clockpairs.compare(lake_of(tmp_path, accounting=accounted())) == ()
