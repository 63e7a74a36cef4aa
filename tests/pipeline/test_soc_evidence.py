"""What the SOC hands over is read again; what is no such export is refused, and nothing compartmented is in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.model.compartment import TAG, notice_finding
from seawall.model.site import Site
from seawall.pipeline.cases import case_lake, case_settings, case_state
from seawall.pipeline.soc_evidence import FORM, export, read

AT = datetime(2026, 3, 18, 10, tzinfo=UTC)


def test_what_is_exported_is_read_again_without_what_must_not_leave(tmp_path: Path) -> None:
    case = open_case(tmp_path / "soc", SystemClock())
    plain = replace(notice_finding("x", "1" * 32, AT), detector="logins.new", title="t")
    secret = replace(plain, id="2" * 32, detector="TAP_WITHOUT_WARRANT", tags=(TAG,))
    with case_state(case, case_settings(case)) as state:
        state.save_findings([plain, secret, notice_finding("ana", "3" * 32, AT)])
    case_lake(case)
    path = tmp_path / "soc.jsonl"
    path.write_text("".join(export(case, Site(), SystemClock())))
    assert [one.detector for one in read(path).findings] == ["logins.new"]
    assert "TAP_WITHOUT" not in path.read_text()


def test_broken_lines_are_counted_and_other_files_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    sound = {"session": {"time": "2026-03-18T10:00:00Z", "device": "pe-1"}}
    no_zone = {"flow": {"first": "2026-03-18T10:00:00"}}
    bad = [
        "",
        "[1]",
        '{"session":{}}',
        '{"finding":{"id":1}}',
        json.dumps(no_zone),
        '{"session":[]}',
        "\x00",
        "{" * 9_000,
    ]
    head = json.dumps({"form": FORM, "v": 1, "cut": ["flows"]})
    path.write_text("\n".join([head, json.dumps(sound), *bad]))
    found = read(path)
    assert (len(found.sessions), found.unread, found.cut) == (1, len(bad), ("flows",))
    for text in ("", "{}", '{"form":"other","v":1}', "\x1f\x8b"):
        path.write_text(text)
        with pytest.raises(InputError, match="no export"):
            read(path)
