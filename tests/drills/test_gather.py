"""Which telemetry an act leaves: a silenced router stops logging, yet accounting and traffic go on telling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from seawall.drills.acts import Act, Deed, Label
from seawall.drills.gather import Gather
from seawall.drills.world import build

WORLD = build(7)
EDGE = next(node for node in WORLD.role("edge") if node.platform == "ios")
AT = datetime.combine(WORLD.starts, datetime.min.time(), UTC)
ATTACK = Label("s1", "one", "attack", ("D-02",))


@pytest.fixture
def clock() -> Iterator[datetime]:
    return (AT + timedelta(seconds=n) for n in range(99))


def act(time: datetime, doing: str, device: str = EDGE.name, **values: object) -> Act:
    return Act(time, device, doing, "r.novak", "198.51.100.9", 1, **values)  # type: ignore[arg-type]


def lines(gather: Gather) -> dict[str, int]:
    return {log.name: len(log.lines) for log in gather.logs()}


def test_a_silenced_router_logs_its_last_word_then_nothing_until_it_starts_again(clock: Iterator[datetime]) -> None:
    gather = Gather(WORLD)
    own = f"syslog/{EDGE.short}.log"
    for state, expected in (("stopped", 1), ("", 1), ("started", 1), ("", 2)):
        if state:
            gather.add(Deed(act(next(clock), "log_host", detail={"host": "10.0.0.1", "state": state})))
        else:
            gather.add(Deed(act(next(clock), "enable")))
        assert lines(gather)[own] == expected


def test_commands_of_a_silenced_router_still_reach_accounting(clock: Iterator[datetime]) -> None:
    gather = Gather(WORLD)
    gather.add(Deed(act(next(clock), "log_host", detail={"host": "10.0.0.1", "state": "stopped"})))
    before = lines(gather)
    gather.add(Deed(act(next(clock), "command", command="clear logging"), ATTACK))
    after = lines(gather)
    assert {name for name in after if after[name] != before.get(name, 0)} == {"tacacs/tac_plus.acct"}
    assert gather.logs()[-1].lines[-1][2] == ATTACK


def test_silence_is_each_routers_own(clock: Iterator[datetime]) -> None:
    gather = Gather(WORLD)
    other = WORLD.role("core")[0]
    gather.add(Deed(act(next(clock), "log_host", detail={"host": "10.0.0.1", "state": "stopped"})))
    gather.add(Deed(act(next(clock), "login", other.name, detail={"service": "ssh"})))
    assert lines(gather)[f"syslog/{other.short}.log"] > 0


def test_a_login_leaves_a_flow_with_its_label_and_one_from_nowhere_does_not(clock: Iterator[datetime]) -> None:
    gather = Gather(WORLD)
    gather.add(Deed(act(next(clock), "login", detail={"service": "web"}), ATTACK))
    flows = next(log for log in gather.logs() if log.name == "zeek/{day}/conn.log")
    assert [line.label for line in flows.lines] == [ATTACK]
    assert "\t443\t" in flows.lines[0][1]
    assert EDGE.public in flows.lines[0][1]
    gather.add(Deed(Act(next(clock), EDGE.name, "login", "r.novak", detail={"service": "console"})))
    assert len(flows.lines) == 1


def test_files_come_in_order_of_name_and_an_unknown_device_is_no_quiet_loss(clock: Iterator[datetime]) -> None:
    gather = Gather(WORLD)
    for node in (WORLD.nodes[-1], WORLD.nodes[0]):
        gather.add(Deed(act(next(clock), "login", node.name, detail={"service": "ssh"})))
    assert list(lines(gather)) == sorted(lines(gather))
    with pytest.raises(KeyError):
        gather.add(Deed(act(next(clock), "login", "nobody.example.net")))
