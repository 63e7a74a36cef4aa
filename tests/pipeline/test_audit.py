"""An audit over folders and archives: every file told, in order, the same by one process or several."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.site import Site
from seawall.pipeline.audit import Asked, audit

SWITCH = (
    "!\nversion 15.2\nhostname {name}\n!\naaa new-model\nip ssh version 2\n"
    "line vty 0 4\n transport input {way}\n!\nend\n"
)


def _folder(tmp_path: Path) -> Path:
    for number in range(6):
        name = f"sw{number}"
        (tmp_path / f"{name}.cfg").write_text(SWITCH.format(name=name, way="ssh" if number % 2 else "telnet"))
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as packed:
        packed.writestr("deep/sw9.cfg", SWITCH.format(name="sw9", way="telnet"))
    return tmp_path


def test_several_processes_say_what_one_says_in_the_same_order(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    asked = Asked(checks=("MGT-02",))
    one = list(audit([folder], Site(), asked, jobs=1))
    assert [(a.origin, [v.status.value for v in a.verdicts]) for a in one] == [
        ("more.zip!/deep/sw9.cfg", ["fail"]),
        *((f"sw{n}.cfg", ["pass" if n % 2 else "fail"]) for n in range(6)),
    ]
    import seawall.pipeline.audit as module

    before = module.BATCH_FILES
    try:
        module.BATCH_FILES = 2  # type: ignore[misc]
        assert list(module._by_processes(module.discover.find([folder]), Site(), asked, 2)) == one
    finally:
        module.BATCH_FILES = before  # type: ignore[misc]


def test_a_check_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NIX"):
        list(audit([_folder(tmp_path)], Site(), Asked(checks=("NIX",))))
