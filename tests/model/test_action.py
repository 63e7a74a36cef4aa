from dataclasses import replace

import pytest

from seawall.model.action import Action, action_from_dict, action_to_dict

ACTION = Action(
    "0" * 32, "nft_block", "fw1", "block", "add …", "delete …", "beacon", lasts_s=60, values={"address": "192.0.2.1"}
)


def test_an_action_comes_back_as_it_was_written() -> None:
    assert action_from_dict(action_to_dict(ACTION)) == ACTION


@pytest.mark.parametrize("change", [{"do": "x"}, {"undo": "x"}, {"target": "x"}, {"lasts_s": 61}, {"values": {}}])
def test_whatever_changes_changes_what_was_signed(change: dict[str, object]) -> None:
    assert replace(ACTION, **change).digest != ACTION.digest  # type: ignore[arg-type]


def test_what_is_said_about_an_action_is_not_signed() -> None:
    assert replace(ACTION, reason="x", doubts=("y",), collateral="z").digest == ACTION.digest
