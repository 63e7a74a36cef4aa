from __future__ import annotations

import pickle
from datetime import timedelta

from seawall.detect.noticing import RULE, Noticing
from seawall.detect.sigma.plan import Atom, Group, Op, Plan
from seawall.engine.gathered import gathered
from tests.detect.events import START, table
from tests.detect.worlds import typed

PLAN = Plan(
    (
        Group(
            None,
            (
                (0, Atom("command", Op.CONTAINS, "logging")),
                (1, Atom("command", Op.STARTS, "clear")),
                (2, Atom("command", Op.EQUALS, "reload")),
            ),
        ),
    )
)
(BATCH,) = table("commands", typed((0, "clear logging"), (10, "show clock"), (20, "clear counters"))).to_batches()


def test_a_row_stands_once_for_each_rule_that_notices_it() -> None:
    noticed = Noticing(PLAN, ("time", "command"))(BATCH)
    assert noticed.schema == Noticing(PLAN, ("time", "command")).schema(BATCH.schema)
    assert [(row[RULE], row["command"]) for row in noticed.to_pylist()] == [
        (0, "clear logging"),
        (1, "clear logging"),
        (1, "clear counters"),
    ]


def test_gathered_rows_say_the_same() -> None:
    noticing = Noticing(PLAN, ("time", "command"))
    (together,) = gathered([BATCH.slice(0, 1), BATCH.slice(1)], 3)
    assert noticing.takes_gathered
    assert noticing(together) == noticing(BATCH)
    assert not Noticing(PLAN, ("command",), START).takes_gathered


def test_rows_before_since_are_not_looked_at() -> None:
    noticed = Noticing(PLAN, ("command",), START + timedelta(seconds=5))(BATCH)
    assert noticed.column("command").to_pylist() == ["clear counters"]


def test_it_travels_and_says_the_same_there() -> None:
    noticing = Noticing(PLAN, ("command",))
    assert pickle.loads(pickle.dumps(noticing))(BATCH) == noticing(BATCH)


def test_rules_of_correlations_look_at_what_was_before_since() -> None:
    before = Plan((Group(None, PLAN.groups[0].rules[:1]),))
    noticed = Noticing(PLAN, ("command",), START + timedelta(seconds=5), before)(BATCH)
    assert sorted((row[RULE], row["command"]) for row in noticed.to_pylist()) == [
        (0, "clear logging"),
        (1, "clear counters"),
    ]
