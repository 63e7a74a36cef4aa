"""Real nftables in a network namespace of the tests' own."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator

import pytest

from seawall.errors import PeerError
from seawall.response.channels.nft import NftChannel
from seawall.response.execute import LIFT
from seawall.response.steps import Step
from seawall.response.targets import Firewall
from tests.parts import program

from ..world import World


@pytest.fixture(scope="module")
def inside() -> Iterator[list[str]]:
    """How a program is run in a namespace with a peer to speak to at 198.51.100.7."""
    ip, _ = program("ip"), program("nft")
    one, two = f"sw{os.getpid()}a", f"sw{os.getpid()}b"
    if subprocess.run([ip, "netns", "add", one], capture_output=True).returncode:
        pytest.skip("network namespaces need root: run as root, or in a container that may make them")
    try:
        for words in (
            f"netns add {two}",
            f"link add v{os.getpid()}a netns {one} type veth peer name v{os.getpid()}b netns {two}",
            f"-n {one} addr add 198.51.100.1/24 dev v{os.getpid()}a",
            f"-n {two} addr add 198.51.100.7/24 dev v{os.getpid()}b",
            f"-n {one} link set v{os.getpid()}a up",
            f"-n {two} link set v{os.getpid()}b up",
            f"-n {two} link set lo up",
        ):
            subprocess.run([ip, *words.split()], check=True, capture_output=True)
        yield [ip, "netns", "exec", one]
    finally:
        for name in (one, two):
            subprocess.run([ip, "netns", "del", name], capture_output=True)


def _rules(inside: list[str]) -> str:
    return subprocess.run([*inside, "nft", "list", "ruleset"], check=True, capture_output=True, text=True).stdout


def _reaches(inside: list[str]) -> bool:
    """Whether a TCP handshake gets any answer (a refusal is one)."""
    code = (
        "import socket,sys\ns=socket.socket(); s.settimeout(0.7)\n"
        "try: s.connect(('198.51.100.7', 9))\nexcept ConnectionRefusedError: print('answer')\nexcept OSError: pass"
    )
    done = subprocess.run([*inside, "python3", "-c", code], capture_output=True, text=True, timeout=60)
    return "answer" in done.stdout


def test_packets_stop_and_come_again_and_nothing_of_ours_stays(inside: list[str]) -> None:
    world = World()
    subprocess.run([*inside, "nft", "add table inet others"], check=True)
    before = _rules(inside)
    hands = world.new_hands(NftChannel(Firewall("fw1", (*inside, "nft"))))
    action = world.block("198.51.100.7")
    wide = world.block("2001:db8:bad::/64")
    plan = world.plan(action, wide)
    for one in plan.actions:
        world.sign(plan, one, "ben", "cy")
        world.sign(plan, one, "ana", deed=LIFT)
    assert _reaches(inside)
    assert [hands.apply(plan, one).step for one in plan.actions] == [Step.VERIFIED, Step.VERIFIED]
    assert not _reaches(inside)
    assert hands.verify(wide).step is Step.VERIFIED
    assert [hands.undo(plan, one).step for one in plan.actions] == [Step.UNDONE, Step.UNDONE]
    assert _reaches(inside)
    assert _rules(inside) == before


def test_the_kernel_ends_a_block_by_itself(inside: list[str]) -> None:
    world = World()
    channel = NftChannel(Firewall("fw1", (*inside, "nft")))
    action = world.block("198.51.100.8", 1)
    channel.apply(action, 1)
    ends = time.monotonic() + 30
    while channel.read(action) and time.monotonic() < ends:
        pass
    assert channel.read(action) == ""
    channel.clear()


def test_the_kill_switch_removes_ours_and_only_ours(inside: list[str]) -> None:
    before = _rules(inside)
    world = World()
    channel = NftChannel(Firewall("fw1", (*inside, "nft")))
    for address in ("198.51.100.9", "198.51.100.64/26", "2001:db8:bad::7"):
        channel.apply(world.block(address), 3_600)
    overlapping = world.block("198.51.100.65")
    with pytest.raises(PeerError):
        channel.apply(overlapping, 3_600)
    assert json.dumps(channel.read(overlapping)) == '""'
    assert channel.clear() == 3
    assert _rules(inside) == before


def test_a_firewall_that_is_not_there_is_told() -> None:
    with pytest.raises(PeerError, match="not installed"):
        NftChannel(Firewall("fw1", ("no-such-nft",))).read(World().block("198.51.100.7"))
