"""A scenario told to people: timed injects, handouts for players and facilitator, and what came of it (HSEEP words).

A scenario without `injects` of its own gets one per stage, in the order things would come to a desk, spread evenly over
the exercise: what is seen, never what it is called.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from seawall.drills.scenario import Inject, Scenario
from seawall.drills.verdicts import StageVerdict
from seawall.errors import InputError
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.finding import utc_text

EXERCISE: Final = "EXERCISE EXERCISE EXERCISE"
MINUTES: Final = 120  # of an exercise, where nobody says
REAL: Final = "For a real emergency say: NO DUFF, NO DUFF, NO DUFF. The exercise then stops at once."
Rating = Literal["P", "S", "M", "U"]
RATINGS: Final[Mapping[str, str]] = {
    "P": "performed without challenges", "S": "performed with some challenges",
    "M": "performed with major challenges", "U": "unable to be performed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What the players did after an inject."""

    inject: int  # from 1
    at: datetime  # UTC
    what: str
    rating: str = ""  # one of RATINGS, given by a person


def injects(scenario: Scenario, minutes: int = MINUTES) -> tuple[Inject, ...]:
    """The scenario's injects in order of time, its own or made from its stages."""
    if scenario.injects:
        return tuple(sorted(scenario.injects, key=lambda inject: inject.at))
    stages = sorted(scenario.stages, key=lambda stage: stage.at)
    beat = minutes / (len(stages) + 1)
    return tuple(
        Inject(
            at=round(beat * number),
            sender="SimCell (operations desk)",
            to="incident lead",
            channel="alert" if stage.expect.shows == "at once" else "mail",
            content=f"{stage.name}." if stage.expect.shows != "nowhere" else "A colleague has a doubt, no log to show.",
            hoped=f"recognise {', '.join(BEHAVIOURS[b].stage for b in stage.behaviours[:1])}; say what is touched, who "
            "must know, and what is cut off first" + ("; protect the crown jewel" if stage.breach else ""),
            question=f"Who decided, on what evidence, after how long? ({', '.join(stage.behaviours)})",
            stage=stage.id,
        )
        for number, stage in enumerate(stages, 1)
    )


def players(scenario: Scenario, minutes: int = MINUTES) -> str:
    """The handout for players (situation manual), Markdown: what they know at StartEx, and how it is played."""
    first = injects(scenario, minutes)[0]
    return "\n".join([
        f"# {EXERCISE}: situation manual", "",
        "You are the security, network and legal staff of a carrier. Nobody touches a real device.", "",
        f"- Length: {minutes} minutes, StartEx to EndEx.",
        "- Injects come by call, mail, chat or alert. Each begins with the words above.",
        "- Answer with a decision: what, who does it, what it costs the customers.",
        "- Say who must be told, inside and outside, and by when.",
        f"- {REAL}", "",
        "## What you know at StartEx", "",
        f"It is an ordinary working day. At minute {first.at:g} the first inject comes.", "",
    ])  # fmt: skip


def facilitator(scenario: Scenario, minutes: int = MINUTES) -> str:
    """The facilitator guide, Markdown: the master scenario events list, with what is hoped for and what to ask."""
    rows = [
        f"# {EXERCISE}: facilitator guide", "", f"**{_md(scenario.title)}** ({_md(scenario.id)}, version "
        f"{scenario.version}). Objective of the intruder: {_md(scenario.objective)}.", "",
        "Not for players. Deal each inject at its minute (skip, delay and add as the room needs), and log what the "
        f"players decide: `seawall drill tabletop {_md(scenario.id)} --decide N \"what they decided\"`.", "",
        REAL, "", "## Master scenario events list", "",
        "| # | minute | from | to | by | inject | hoped for | ask | stage |", "|--:|--:|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for number, inject in enumerate(injects(scenario, minutes), 1):
        cells = (inject.sender, inject.to, inject.channel, inject.content, inject.hoped, inject.question, inject.stage)
        rows.append(f"| {number} | {inject.at:g} | " + " | ".join(map(_md, cells)) + " |")
    rating = [f"| {letter} | {meaning} |" for letter, meaning in RATINGS.items()]
    return "\n".join([*rows, "", "## Ratings", "", "| | |", "|---|---|", *rating, ""])


def decision(scenario: Scenario, number: int, what: str, at: datetime, rating: str = "") -> Decision:
    """What the players decided after inject `number`. Raises InputError for an inject or rating there is none of."""
    dealt = injects(scenario)
    if not 1 <= number <= len(dealt):
        raise InputError(f"there is no inject {number}", where=scenario.id, mend=f"choose 1 to {len(dealt)}")
    if rating and rating not in RATINGS:
        raise InputError(f"{rating!r} is no rating", where=scenario.id, mend="choose one of " + ", ".join(RATINGS))
    if not what.strip() or len(what) > 4000:
        raise InputError("a decision is 1 to 4000 characters", where=scenario.id, mend="write what was decided")
    return Decision(number, at, what.strip(), rating)


def decision_line(made: Decision) -> dict[str, Any]:
    """The JSON line a decision is kept as."""
    return {"inject": made.inject, "at": utc_text(made.at), "what": made.what, "rating": made.rating}


def read_decisions(lines: Sequence[str], where: str) -> list[Decision]:
    """Decisions from their lines. Raises InputError if one is none."""
    try:
        rows = [json.loads(line) for line in lines if line.strip()]
        return [
            Decision(int(r["inject"]), datetime.fromisoformat(r["at"]), str(r["what"]), str(r["rating"])) for r in rows
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"not a file of decisions: {error}", where=where, mend="take it away, and decide anew"
        ) from error


def after_action(
    scenario: Scenario, decisions: Sequence[Decision], verdicts: Sequence[StageVerdict], minutes: int = MINUTES
) -> str:
    """A draft of the after-action report, Markdown: what people did beside what the system saw. People rate it."""
    return "\n".join(_after_action(scenario, decisions, {v.stage: v for v in verdicts}, minutes))


def _after_action(
    scenario: Scenario, decisions: Sequence[Decision], seen: Mapping[str, StageVerdict], minutes: int
) -> Iterator[str]:
    yield from (f"# {EXERCISE}: after-action report (draft)", "", f"{_md(scenario.title)} ({_md(scenario.id)})", "")
    begun = min((made.at for made in decisions), default=None)
    if begun:
        yield from (f"First decision at {utc_text(begun)}; {len(decisions)} in all.", "")
    else:
        yield from ("No decision was logged: what people did is unknown.", "")
    yield from ("| inject | minute | what people did | rating | what the system saw |", "|--:|--:|---|---|---|")
    for number, inject in enumerate(injects(scenario, minutes), 1):
        mine = sorted((made for made in decisions if made.inject == number), key=lambda made: made.at)
        did = "; ".join(_md(f"{made.at:%H:%M} {made.what}") for made in mine) or "nothing logged"
        rating = next((made.rating for made in reversed(mine) if made.rating), "not rated")
        yield f"| {number} | {inject.at:g} | {did} | {rating} | {_saw(seen.get(inject.stage))} |"
    head = "| issue | corrective action | element | owner | begins | ends | state |"
    yield from ("", "## Improvement plan", "", head, "|---|---|---|---|---|---|---|")
    gaps = [v for v in seen.values() if v.verdict != "detected"]
    for verdict in gaps:
        issue = _md(f"{verdict.name}: {verdict.verdict} ({verdict.why})")
        element = "equipment" if verdict.verdict == "not observable" else "planning"
        yield f"| {issue} | to be decided | {element} | | | | open |"
    for number, _ in enumerate(injects(scenario, minutes), 1):
        if not any(made.inject == number for made in decisions):
            yield f"| inject {number}: no decision was logged | to be decided | training | | | | open |"
    yield ""


def _saw(verdict: StageVerdict | None) -> str:
    if verdict is None:
        return "not run: `seawall drill run` first"
    if verdict.seconds is None:
        return verdict.verdict
    return _md(f"{verdict.verdict} after {timedelta(seconds=round(verdict.seconds))}: {verdict.by}")


def _md(text: str) -> str:
    """Text as it may stand in a Markdown cell: no mark of it is read as Markdown or HTML."""
    made = " ".join(text.split())
    for sign in ("\\", "|", "<", ">", "`", "[", "]", "*", "_"):
        made = made.replace(sign, "\\" + sign)
    return made
