"""What practice and exercises come to: discrimination instead of raw scores, groups instead of persons.

Discrimination d' (signal detection theory) tells how well two kinds are told apart, whatever somebody's leaning is:
who calls everything an attack has a hit rate of 1 and a d' of 0. The criterion c is that leaning: below 0 towards
alarm, above 0 towards trust.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, TypeVar

from seawall.training.play import Outcome

SMALLEST_GROUP: Final = 10  # people; smaller groups are never shown
OTHERS: Final = "others"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Discrimination:
    """How well attacks are told from genuine messages."""

    attacks: int
    hits: int  # attacks called so
    genuine: int
    false_alarms: int  # genuine messages called an attack
    d_prime: float | None  # None where one kind never came
    criterion: float | None


def discrimination(attacks: int, hits: int, genuine: int, false_alarms: int) -> Discrimination:
    """d' and c with the log-linear correction (Hautus 1995), which keeps full marks finite."""
    if not attacks or not genuine:
        return Discrimination(attacks, hits, genuine, false_alarms, None, None)
    z = NormalDist().inv_cdf
    hit, alarm = z((hits + 0.5) / (attacks + 1)), z((false_alarms + 0.5) / (genuine + 1))
    return Discrimination(attacks, hits, genuine, false_alarms, hit - alarm, -(hit + alarm) / 2)


def of_answers(outcomes: Iterable[Outcome]) -> Discrimination:
    """Discrimination over practice answers; spam counts as genuine, because calling it an attack is a false alarm."""
    judged = [outcome for outcome in outcomes if outcome.kind == "practice"]
    attacks = [outcome for outcome in judged if outcome.truth == "phish"]
    others = [outcome for outcome in judged if outcome.truth != "phish"]
    return discrimination(
        len(attacks), sum(o.given == "phish" for o in attacks), len(others), sum(o.given == "phish" for o in others)
    )


def shown_groups(members: Mapping[str, Sequence[T]]) -> dict[str, list[T]]:
    """The groups that may be shown: members of small ones are put together as `others`.

    If `others` is still small, the smallest other group joins it, so that nobody can subtract what is shown from the
    whole. What is returned is empty where even all together are too few.
    """
    large = {name: list(people) for name, people in members.items() if name != OTHERS and len(people) >= SMALLEST_GROUP}
    rest = [one for name, people in members.items() if name not in large for one in people]
    while rest and len(rest) < SMALLEST_GROUP and large:
        smallest = min(large, key=lambda name: (len(large[name]), name))
        rest += large.pop(smallest)
    if len(rest) >= SMALLEST_GROUP:
        large[OTHERS] = rest
    return dict(sorted(large.items()))
