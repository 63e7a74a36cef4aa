"""Giving the parts of a scenario to the devices, people and addresses of one world."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from seawall.drills.scenario import Scenario
from seawall.drills.seeds import stream
from seawall.drills.world.model import Node, World
from seawall.errors import InputError

_PLACE: Final = re.compile(r"\{([a-z_0-9]+)(?:\.([a-z]+))?\}")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays what. `words` are names for addresses and accounts."""

    nodes: dict[str, Node]
    words: dict[str, str]
    where: str  # the scenario, for errors

    def fill(self, text: str) -> str:
        """`text` with its places in braces filled. Raises InputError for one nobody plays."""
        return _PLACE.sub(lambda match: self._word(match[1], match[2]), text)

    def _word(self, name: str, attribute: str | None) -> str:
        if name in self.words and attribute is None:
            return self.words[name]
        if name in self.nodes and attribute in (None, "short", "management", "loopback", "public"):
            return str(getattr(self.nodes[name], attribute or "name"))
        place = f"{{{name}{'.' + attribute if attribute else ''}}}"
        raise InputError(f"nobody plays {place}", where=self.where, mend="name it in `cast` or `strangers`")


def give_parts(scenario: Scenario, world: World, strangers: Sequence[str] = ()) -> Cast:
    """The cast of a scenario in a world; addresses, victims and variations are drawn by the world's seed.

    `strangers` are the addresses intruders may come from; default: the world's.
    """
    where = f"scenario {scenario.id}"
    pool = strangers or world.strangers
    if len(scenario.strangers) > len(pool):
        raise InputError(f"a world has {len(pool)} strangers", where=where, mend="name fewer")
    chance = stream(world.seed, "cast", scenario.id)
    nodes = {}
    for name, part in scenario.cast.items():
        able = [n for n in world.role(part.role) if part.platform in ("", n.platform)]
        if part.index >= len(able):
            raise InputError(f"the world has no {part.role} {part.platform} number {part.index}", where=where)
        nodes[name] = able[part.index]
    words = dict(zip(scenario.strangers, chance.sample(pool, len(scenario.strangers)), strict=True))
    thief, officer = chance.choice(world.kind("engineer")), chance.choice(world.kind("intercept"))
    inside = world.management_network.rsplit(".", 1)[0]
    words |= {
        "thief": thief.account,  # the engineer whose password is taken
        "officer": officer.account,
        "spare": f"{inside}.{chance.randrange(120, 250)}",  # an unused address of the management network
        "log": world.role("syslog")[0].management,
        "domain": f"{chance.choice(('sync', 'edge', 'cdn'))}-{chance.randrange(10, 99)}.telemetry.example.net",
    }
    varied = stream(world.seed, "vary", scenario.id)
    words |= {name: varied.choice(choices) for name, choices in scenario.vary.items()}
    return Cast(nodes, words, where)
