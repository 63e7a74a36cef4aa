"""Netmiko over real SSH against simulated IOS XE and Junos devices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seawall.model.action import Action
from seawall.model.site import Device, Site
from seawall.response.actions import kind_of
from seawall.response.channels.router import RouterChannel
from seawall.response.execute import UNDO, Hands, Outcome
from seawall.response.steps import Step
from seawall.response.targets import Group, Targets

from ..world import World
from .simulated import Router, serving

pytest.importorskip("netmiko", reason="netmiko is not installed: make extras")


def _try(
    router: Router, action: Action, tmp_path: Path, *, back: bool = False, password: str = "right"
) -> tuple[Outcome, Outcome | None]:
    known = tmp_path / "known_hosts"
    with serving(router, known) as port:
        (tmp_path / "pw").write_text(password)
        group = Group(
            "edges",
            ("edge1",),
            True,
            "seawall",
            f"file:{tmp_path / 'pw'}",
            host_keys=str(known),
            port=port,
            patience_s=6.0,
        )
        site = Site(devices=(Device("edge1", "edge", router.platform, addresses=("127.0.0.1",)),))
        world = World(site=site, targets=Targets(groups=(group,)))
        world.guard = replace(world.guard)
        hands: Hands = world.new_hands(RouterChannel("edge1", router.platform, group, site))
        plan = world.plan(action)
        world.sign(plan, action, "ben", "cy")
        done = hands.apply(plan, action)
        if not back:
            return done, None
        world.sign(plan, action, "ben", "cy", deed=UNDO)
        return done, hands.undo(plan, action)


def _action(kind: str, platform: str, **values: str) -> Action:
    return kind_of(kind).action("edge1", {"device": "edge1", "platform": platform, **values}, "planted")


@pytest.mark.parametrize("platform", ["ios", "junos"])
def test_an_account_goes_is_read_back_and_confirmed(platform: str, tmp_path: Path) -> None:
    router = Router(platform)
    done, undone = _try(router, _action("remove_user", platform, account="helper"), tmp_path, back=True)
    assert done.step is Step.VERIFIED, done.said
    assert "helper" not in router.config
    assert "admin" in router.config
    assert router.pending is None, "confirmed: no timer brings the account back"
    assert undone is not None
    assert "make the account helper again" in undone.said
    assert "helper" not in router.config


@pytest.mark.parametrize(
    ("kind", "platform", "values"),
    [
        ("shut_tunnel", "ios", {"interface": "Tunnel77"}),
        ("close_access", "ios", {"line": "access-list 20 permit 198.51.100.219"}),
        ("shut_tunnel", "junos", {"interface": "gr-0/0/0.0"}),
    ],
)
def test_a_change_and_its_undo_end_where_they_began(
    kind: str, platform: str, values: dict[str, str], tmp_path: Path
) -> None:
    router = Router(platform)
    start = sorted(line.strip().removeprefix("20 ") for line in router.config.splitlines())
    done, undone = _try(router, _action(kind, platform, **values), tmp_path, back=True)
    assert done.step is Step.VERIFIED, done.said
    assert undone is not None
    assert undone.step is Step.UNDONE, undone.said
    assert sorted(line.strip().removeprefix("20 ") for line in router.config.splitlines()) == start


@pytest.mark.parametrize("platform", ["ios", "junos"])
@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        pytest.param({"refuse": "helper"}, "refused", id="a line is refused"),
        pytest.param({"deaf": "helper"}, "does not show it", id="a change does not take"),
    ],
)
def test_what_did_not_take_is_rolled_back(platform: str, trouble: dict[str, str], said: str, tmp_path: Path) -> None:
    router = Router(platform, **trouble)
    before = router.config
    done, _ = _try(router, _action("remove_user", platform, account="helper"), tmp_path)
    assert done.step is Step.FAILED, done.said
    assert said in done.said
    router.time_passes()
    assert router.config == before


def test_a_prompt_that_never_comes_leaves_the_change_to_the_routers_own_timer(tmp_path: Path) -> None:
    router = Router("ios", hang="^no username")
    before = router.config
    done, _ = _try(router, _action("remove_user", "ios", account="helper"), tmp_path)
    assert done.failed
    assert "no prompt" in done.said
    router.time_passes()
    assert router.config == before


def test_a_refused_login_does_nothing(tmp_path: Path) -> None:
    router = Router("ios")
    done, _ = _try(router, _action("remove_user", "ios", account="helper"), tmp_path, password="wrong")
    assert done.step is None
    assert "nothing was done" in done.said
    assert not router.said


def test_an_unknown_host_key_is_not_spoken_to(tmp_path: Path) -> None:
    router = Router("ios")
    with serving(router, tmp_path / "real") as port:
        (tmp_path / "pw").write_text("right")
        (tmp_path / "other").write_text("")
        pw, keys = f"file:{tmp_path / 'pw'}", str(tmp_path / "other")
        group = Group("e", ("edge1",), True, "seawall", pw, host_keys=keys, port=port, patience_s=6.0)
        site = Site(devices=(Device("edge1", "edge", "ios", addresses=("127.0.0.1",)),))
        world = World(site=site)
        action = _action("remove_user", "ios", account="helper")
        plan = world.plan(action)
        world.sign(plan, action, "ben", "cy")
        done = world.new_hands(RouterChannel("edge1", "ios", group, site)).apply(plan, action)
    assert done.step is None
    assert "no session" in done.said
    assert not router.said
