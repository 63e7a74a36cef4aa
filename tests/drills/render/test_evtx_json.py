from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import evtx_json
from tests.drills.render.reading import AT, act, read_back, sender


@pytest.mark.parametrize(
    ("doing", "detail", "channel", "expected"),
    [
        (
            "login",
            {"service": "rdp"},
            "Security",
            {
                "EventID": 4624,
                "TargetUserName": "r.novak",
                "LogonType": "10",
                "IpAddress": "10.9.20.15",
                "src_ip": "10.9.20.15",
            },
        ),
        ("login_failed", {}, "Security", {"EventID": 4625, "TargetUserName": "r.novak"}),
        ("logout", {}, "Security", {"EventID": 4634}),
        (
            "service_installed",
            {"service": "PSEXESVC", "image": "%SystemRoot%\\PSEXESVC.exe"},
            "System",
            {
                "EventID": 7045,
                "ServiceName": "PSEXESVC",
                "ImagePath": "%SystemRoot%\\PSEXESVC.exe",
                "Provider_Name": "Service Control Manager",
            },
        ),
        (
            "process",
            {"parent": "C:\\Windows\\PSEXESVC.exe"},
            "Security",
            {"EventID": 4688, "ParentProcessName": "C:\\Windows\\PSEXESVC.exe", "CommandLine": "cmd.exe /c dir"},
        ),
        ("log_cleared", {}, "Security", {"EventID": 1102, "SubjectUserName": "r.novak"}),
    ],
)
def test_an_event_is_read_back(
    doing: str, detail: dict[str, str], channel: str, expected: dict[str, object], tmp_path: Path
) -> None:
    command = "cmd.exe /c dir" if doing == "process" else ""
    written = evtx_json.write(act(doing, detail=detail, command=command), sender(""))
    assert list(written) == [channel]
    (row,) = read_back(tmp_path, f"host-{channel}.jsonl", written[channel], "evtx")["windows"]
    assert (row["time"], row["Computer"], row["Channel"]) == (AT, "edge1-hav", channel)
    assert expected.items() <= row.items()


def test_an_act_windows_does_not_log_leaves_nothing() -> None:
    assert evtx_json.write(act("interface"), sender("")) == {}
