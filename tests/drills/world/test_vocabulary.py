"""What honest people type: for every platform that is in a world, and never what an intruder is caught by alone."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from seawall.drills.world import names
from seawall.drills.world.vocabulary import BACKUP, POLL, ROUTINE, SHOW

PLATFORMS = {platform for _, platform, *_ in names.ROUTERS}
EACH = pytest.mark.parametrize("words", [SHOW, ROUTINE, BACKUP, POLL], ids=["show", "routine", "backup", "poll"])


@EACH
def test_every_router_of_a_world_has_words(words: Mapping[str, tuple[str, ...]]) -> None:
    assert set(words) == PLATFORMS
    assert all(words.values())


@EACH
def test_only_places_a_session_fills_are_left_open(words: Mapping[str, tuple[str, ...]]) -> None:
    everything = [line for lines in words.values() for line in lines]
    assert {place for line in everything for place in re.findall(r"\{(.*?)\}", line)} <= {"port", "peer", "note"}


def test_looking_and_gathering_change_nothing() -> None:
    looked = [line for words in (SHOW, BACKUP, POLL) for lines in words.values() for line in lines]
    assert not [line for line in looked if line.startswith((">", "no ", "undo ", "clear ", "delete "))]


def test_no_words_of_one_platform_are_in_the_tongue_of_another() -> None:
    for words in (SHOW, BACKUP, POLL):
        assert not [line for line in words["vrp"] if line.startswith("show ")]
        assert not [line for p in PLATFORMS - {"vrp"} for line in words[p] if line.startswith("display ")]
