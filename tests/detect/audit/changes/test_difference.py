"""Differences in meaning: renamed, renumbered and re-hashed is nothing; what a cut file lacks was not removed."""

from __future__ import annotations

import random

import pytest

from tests.detect.audit.changes.bench import BASES, base, between, found

PLATFORMS = sorted(path.stem for path in BASES.iterdir())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_configuration_does_not_differ_from_itself(platform: str) -> None:
    assert between(base(platform), base(platform)).size == 0


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_half_a_file_removes_nothing(platform: str, part: float) -> None:
    whole = base(platform)
    told = found(whole, whole[: int(len(whole) * part)])
    assert [f.why for f in told] == []


def test_a_cut_file_is_said_to_be_cut_and_what_it_shows_is_judged() -> None:
    whole = base("iosxe").replace(
        "username breakglass", "username svc privilege 15 secret 9 $9$x$y\nusername breakglass"
    )
    difference = between(base("iosxe"), whole[:1400])
    assert not difference.removed
    assert "the file is cut" in difference.notes[0]
    assert [f.detector for f in found(base("iosxe"), whole[:1400])] == ["change.user"]


def test_order_counts_in_lists_and_nowhere_else() -> None:
    lines = base("ios").split("\n")
    at = lines.index("logging host 10.20.0.30")
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    assert between(base("ios"), "\n".join(lines)).size == 0
    first = " 10 deny   ip any 10.0.0.0 0.255.255.255\n 20 deny   tcp any any eq 22\n"
    assert first in base("ios")
    turned = base("ios").replace(first, "").replace(" 30 permit ip any any\n", " 30 permit ip any any\n" + first)
    difference = between(base("ios"), turned)
    assert len(difference.moved) == 3  # every line of the list stands elsewhere
    assert not difference.added
    assert not difference.removed


def test_a_list_with_another_name_is_told_as_renamed() -> None:
    difference = between(base("ios"), base("ios").replace("MGMT", "MGMT-V2"))
    assert [(old.split()[-1], new.split()[-1]) for old, new in difference.renamed] == [("MGMT", "MGMT-V2")]
    assert not difference.added


def test_two_makes_are_not_compared() -> None:
    difference = between(base("ios"), base("junos"))
    assert difference.size == 0
    assert "not the same device" in difference.notes[0]


@pytest.mark.parametrize("seed", range(6))
def test_any_lines_lost_or_doubled_give_findings_or_nothing(seed: int) -> None:
    chance = random.Random(seed)
    for platform in PLATFORMS:
        lines = base(platform).split("\n")
        for _ in range(4):
            at = chance.randrange(len(lines))
            lines[at : at + chance.randrange(3)] = [lines[chance.randrange(len(lines))]] * chance.randrange(3)
        assert all(f.why and f.evidence for f in found(base(platform), "\n".join(lines)))
