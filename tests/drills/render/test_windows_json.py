from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import evtx_json, windows_json
from tests.drills.render.reading import AT, act, read_back, sender

DOINGS = [
    ("login", {"service": "rdp"}, "", {"EventID": 4624, "IpAddress": "10.9.20.15", "src_ip": "10.9.20.15"}),
    ("process", {"parent": "C:\\a.exe"}, "cmd.exe /c dir", {"EventID": 4688, "CommandLine": "cmd.exe /c dir"}),
    ("log_cleared", {}, "", {"EventID": 1102, "SubjectUserName": "r.novak"}),
]


@pytest.mark.parametrize("form", windows_json.FORMS)
@pytest.mark.parametrize(("doing", "detail", "command", "expected"), DOINGS, ids=[doing[0] for doing in DOINGS])
def test_an_event_is_read_back(
    form: str, doing: str, detail: dict[str, str], command: str, expected: dict[str, object], tmp_path: Path
) -> None:
    what = act(doing, detail=detail, command=command)
    ((channel, lines),) = windows_json.write(what, sender(""), form).items()
    (row,) = read_back(tmp_path, "events.jsonl", lines, "windows_json")["windows"]
    kept = 0 if form == "nxlog" else AT.microsecond  # nxlog writes whole seconds
    assert (row["time"], row["Computer"], row["Channel"]) == (AT.replace(microsecond=kept), "edge1-hav", channel)
    assert row["EventRecordID"] == sender("").next()[0]
    assert row["Provider_Name"].startswith("Microsoft-Windows-")
    assert expected.items() <= row.items()


@pytest.mark.parametrize("form", ["flattened", "evtx_dump, attributes apart"])
def test_a_form_that_keeps_everything_gives_the_ids_of_the_evtx_file(form: str, tmp_path: Path) -> None:
    what = act("process", command="cmd.exe /c dir")
    (usual,) = read_back(tmp_path / "usual", "a.jsonl", evtx_json.write(what, sender(""))["Security"], "evtx")[
        "windows"
    ]
    lines = windows_json.write(what, sender(""), form)["Security"]
    (other,) = read_back(tmp_path / "other", "b.jsonl", lines, "windows_json")["windows"]
    assert other["event_id"] == usual["event_id"]
