from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from seawall.vault import protection


def in_a_process(script: str) -> dict[str, object]:
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return dict(json.loads(ran.stdout))


def test_no_core_dump_and_no_look_from_outside() -> None:
    told = in_a_process(
        "import json, resource, ctypes; from seawall.vault import protection; p = protection.no_dumps();"
        "print(json.dumps({'had': p.had, 'core': resource.getrlimit(resource.RLIMIT_CORE),"
        "'dumpable': ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)}))"
    )
    assert told["core"] == [0, 0]
    assert told["dumpable"] == 0
    assert told["had"] == ["no core dumps", "not dumpable"]


def test_memory_is_locked_or_it_is_said() -> None:
    told = in_a_process(
        "import json; from seawall.vault import protection; p = protection.no_swap(); x = bytearray(1 << 24);"
        "locked = [l for l in open('/proc/self/status') if l.startswith('VmLck')][0].split()[1];"
        "print(json.dumps({'had': p.had, 'missing': p.missing, 'kb': int(locked)}))"
    )
    assert bool(told["had"]) != bool(told["missing"])
    assert (int(str(told["kb"])) > 0) == bool(told["had"])


def test_with_a_small_limit_it_is_not_tried_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (65_536, 65_536))
    monkeypatch.setattr(protection.os, "geteuid", lambda: 1000)
    state = protection.no_swap()
    assert not state.had
    assert "64 KiB" in state.missing[0]
    assert "LimitMEMLOCK" in state.missing[0]
