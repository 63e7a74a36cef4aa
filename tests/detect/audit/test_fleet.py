"""One secret in several devices is found, whatever its salt, and never shown."""

from __future__ import annotations

from seawall.detect.audit.fleet import CHECK, shared
from seawall.detect.audit.load import builtin
from seawall.detect.audit.runner import audit_bytes
from seawall.model.audit import Status, Verdict
from seawall.model.site import Site

FLEET = [check for check in builtin() if check.id == CHECK]


def _verdicts(*configurations: str) -> list[Verdict]:
    files = [audit_bytes(text.encode(), f"{n}.cfg", FLEET, Site()) for n, text in enumerate(configurations)]
    return list(shared(member for judged in files for member in judged.members))


def _router(name: str, key: str) -> str:
    return f"version 15.2\nhostname {name}\naaa new-model\ntacacs server T\n key {key}\nline vty 0 4\n login\nend\n"


def test_type_7_keys_that_hide_the_same_word_are_the_same_secret() -> None:
    one, two, other = _verdicts(
        _router("a", "7 094F471A1A0A"), _router("b", "7 060506324F41"), _router("c", "7 060506324F41584B56")
    )
    assert [one.status, two.status, other.status] == [Status.FAIL, Status.FAIL, Status.PASS]
    assert "b" in one.why
    assert all("094F471A1A0A" not in line.text for line in one.lines)


def test_snapshots_of_one_device_share_nothing_with_themselves() -> None:
    assert [v.status for v in _verdicts(_router("a", "6 SAMEVALUE"), _router("a", "6 SAMEVALUE"))] == [Status.NA] * 2


def test_a_value_struck_out_is_no_shared_secret() -> None:
    assert [v.status for v in _verdicts(_router("a", "<removed>"), _router("b", "<removed>"))] == [Status.PASS] * 2
