from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.ledger.note import Note, new_key
from seawall.response.actions import kind_of
from seawall.response.dialects import DIALECTS
from seawall.response.handover import check, package

from .world import World

KEY = new_key("seawall/x", 1)


def _sign(text: str) -> bytes:
    return Note(text, (KEY.sign(text),)).encoded


@pytest.mark.parametrize("platform", DIALECTS)
def test_a_package_says_the_whole_way_there_and_back(platform: str, tmp_path: Path) -> None:
    values = {"device": "edge1", "platform": platform, "account": "helper"}
    action = kind_of("remove_user").action("edge1", values, "planted <b>")
    made = package(World().plan(action), action, tmp_path, ("ben", "cy"), _sign, back=False)
    procedure = (made / "mop.md").read_text()
    dialect = DIALECTS[platform]
    words = {"id": action.id[:8], "min": 5}
    for line in (*dialect.commit, *dialect.confirm, *dialect.rollback, dialect.enter):
        assert line.format(**words) in procedure
    assert (made / "change.txt").read_text() == action.do
    assert check(made, KEY.public)["action"] == action.id


@pytest.mark.parametrize("name", ["change.txt", "manifest.json", "undo.txt"])
def test_a_package_somebody_changed_is_noticed(name: str, tmp_path: Path) -> None:
    values = {"device": "edge1", "platform": "ios", "account": "helper"}
    action = kind_of("remove_user").action("edge1", values, "planted")
    made = package(World().plan(action), action, tmp_path, (), _sign, back=True)
    (made / name).write_text((made / name).read_text().replace("helper", "admin").replace("true", "false"))
    with pytest.raises(InputError):
        check(made, KEY.public)
