"""Each look tells what is new, once; nothing is gone because nothing could be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.model.case import Case, open_case
from seawall.model.clock import SystemClock
from seawall.people import sealed
from seawall.pipeline.watching import Look, look
from seawall.vault.client import VaultClient
from tests.pipeline.exports_said import ORDERED, ORDERED_NUMBER, ROGUE, ROGUE_NUMBER, audit, write_exports, write_poll
from tests.vault.serving import served


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(sealed, "COST", 16)
    return open_case(tmp_path / "case", SystemClock())


def kinds(seen: Look) -> list[str]:
    return sorted(finding.detector for finding in seen.new)


def test_only_what_is_new_is_told(case: Case, tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports", rogue=False)
    with served(case, SystemClock()):
        assert kinds(look([exports], case, SystemClock())) == []
        assert look([exports], case, SystemClock()).answer is None, "nothing changed, so nothing was read"
        write_exports(exports)
        assert kinds(look([exports], case, SystemClock())) == [
            "OFF_HOURS_CHANGE",
            "TAP_WITHOUT_WARRANT",
            "UNEXPECTED_ADMIN",
        ]
        both = [(ORDERED, ORDERED_NUMBER), (ROGUE, ROGUE_NUMBER)]
        write_poll(exports, "x1-li-element-9.xml", both, "2026-03-18T11:00:00Z")  # the next poll shows the same tap
        assert kinds(look([exports], case, SystemClock())) == []
        with (exports / "li-admin-audit.jsonl").open("a") as trail:
            trail.write(audit("2026-03-18T03:00:00Z", "mallory", ROGUE, "ModifyTask"))
        assert kinds(look([exports], case, SystemClock())) == ["OFF_HOURS_CHANGE", "UNEXPECTED_ADMIN"], "done once more"
        write_poll(exports, "x1-li-element-9.xml", both[:1], "2026-03-18T12:00:00Z")
        seen = look([exports], case, SystemClock())
        assert any(about.startswith("TAP_WITHOUT_WARRANT") for about in seen.gone)


def test_a_locked_vault_is_told_once_and_makes_nothing_gone(case: Case, tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports")
    with served(case, SystemClock()):
        assert len(look([exports], case, SystemClock()).new) == 3
        VaultClient(case.vault_socket).lock()
        (exports / "policy.json").touch()
        blind = look([exports], case, SystemClock())
        assert (kinds(blind), blind.gone) == (["OVERSIGHT_BLIND"], [])
        assert kinds(look([exports], case, SystemClock())) == []
