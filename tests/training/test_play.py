"""Practice as pure functions: a state and an answer in, a state and feedback out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import UsageError
from seawall.training import choose, play
from seawall.training.cues import BY_ID
from seawall.training.lesson import VERDICTS, Practice
from seawall.training.library import load

LIBRARY = load()
LESSONS = sorted(LIBRARY.lessons)


def through(sitting: play.Sitting, give) -> tuple[play.Sitting, list[play.Feedback]]:
    said = []
    while (shown := play.screen(LIBRARY, sitting)) is not None:
        sitting = play.sitting_from_dict(json.loads(json.dumps(play.sitting_to_dict(sitting))))
        sitting, feedback = play.answer(LIBRARY, sitting, give(shown))
        said.append(feedback)
    return sitting, said


def perfect(shown: play.Screen) -> play.Answer:
    if shown.step.kind == "read":
        return play.Answer()
    item = LIBRARY.item(shown.step.lesson, shown.step.item)
    if isinstance(item, Practice):
        return play.Answer(verdict=item.verdict, cues=item.cues, confidence=3)
    return play.Answer(choice=tuple(str(n) for n, option in enumerate(item.options) if option.right))


@pytest.mark.parametrize("name", LESSONS)
def test_who_knows_everything_gets_everything_right_and_every_cue_is_offered(name: str) -> None:
    sitting, said = through(play.sit("ana", choose.lesson_steps(LIBRARY.lessons[name])), perfect)
    assert all(outcome.right and not outcome.missed and not outcome.extra for outcome in sitting.outcomes)
    assert all(feedback.right for feedback in said)
    assert not {s.state for f in said for s in f.said} & {"missed", "extra", "wrong"}


@given(st.sampled_from(LESSONS), st.integers(0, 99), st.data())
def test_any_answers_that_were_offered_are_taken_and_each_cue_is_spoken_of_once(name, seed, data) -> None:
    def anything(shown: play.Screen) -> play.Answer:
        some = st.lists(st.sampled_from([c.value for c in shown.choices]), min_size=1, max_size=3, unique=True)
        if shown.step.kind == "question":
            return play.Answer(choice=tuple(data.draw(some))[: None if shown.many else 1])
        if shown.step.kind == "read":
            return play.Answer()
        marked = data.draw(st.lists(st.sampled_from([c.value for c in shown.cues]), unique=True))
        return play.Answer(data.draw(st.sampled_from(VERDICTS)), data.draw(st.sampled_from([1, 2, 3])), tuple(marked))

    steps = choose.lesson_steps(LIBRARY.lessons[name], seed=seed)
    sitting, _ = through(play.sit("ana", steps, seed=seed), anything)
    for outcome in sitting.outcomes:
        item = LIBRARY.item(outcome.lesson, outcome.item)
        if isinstance(item, Practice):
            assert sorted((*outcome.found, *outcome.missed)) == sorted(item.cues)
            assert not set(outcome.extra) & set(item.cues)


def test_the_feedback_says_of_each_cue_whether_it_was_found_missed_or_is_not_there() -> None:
    sitting = play.sit("ana", [play.Step("sim-swap-counter", "practice", "lost-abroad")])
    shown = play.screen(LIBRARY, sitting)
    assert shown is not None
    extra = next(choice.value for choice in shown.cues if choice.value not in ("urgency", "threat", "detail",
                 "sensitive", "inconsistency"))  # fmt: skip
    _, feedback = play.answer(LIBRARY, sitting, play.Answer("wanted", 2, ("urgency", extra)))
    states = {said.name: said.state for said in feedback.said}
    assert not feedback.right
    assert states[BY_ID["urgency"].name] == "found"
    assert states[BY_ID["threat"].name] == "missed"
    assert states[BY_ID[extra].name] == "extra"
    urgency = next(said for said in feedback.said if said.state == "found")
    assert urgency.words == ("my flight boards in forty minutes",)
    assert "waiting time" in urgency.why
    assert "fraud desk" in feedback.do


def test_a_page_drawn_again_is_the_same_and_another_seed_mixes_anew() -> None:
    steps = [play.Step("sim-swap-counter", "question", "what-proves")]
    orders = {play.screen(LIBRARY, play.sit("ana", steps, seed=n)).choices for n in range(20)}  # type: ignore[union-attr]
    assert len(orders) > 5
    assert play.screen(LIBRARY, play.sit("a", steps, seed=3)) == play.screen(LIBRARY, play.sit("b", steps, seed=3))


@pytest.mark.parametrize(
    "given",
    [
        play.Answer("maybe"),
        play.Answer("phish", 4),
        play.Answer("phish", 2, ("hurry",)),
        play.Answer("phish", 2, ("../../etc",)),
    ],
)
def test_what_was_not_offered_is_refused(given: play.Answer) -> None:
    sitting = play.sit("ana", [play.Step("sim-swap-counter", "practice", "lost-abroad")])
    with pytest.raises(UsageError):
        play.answer(LIBRARY, sitting, given)


@pytest.mark.parametrize("choice", [(), ("9",), ("0", "1"), ("x",)])
def test_a_question_takes_only_its_own_answers(choice: tuple[str, ...]) -> None:
    sitting = play.sit("ana", [play.Step("sim-swap-counter", "question", "what-proves")])
    with pytest.raises(UsageError):
        play.answer(LIBRARY, sitting, play.Answer(choice=choice))


def test_a_sitting_of_nothing_one_that_is_over_and_one_of_a_lesson_taken_away_are_refused() -> None:
    with pytest.raises(UsageError):
        play.sit("ana", [])
    with pytest.raises(UsageError):
        play.answer(LIBRARY, play.Sitting("ana", (play.Step("x", "read"),), at=1), play.Answer())
    with pytest.raises(UsageError):
        play.screen(LIBRARY, play.sit("ana", [play.Step("gone", "read")]))


@given(st.recursive(st.none() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)))
def test_any_json_is_a_sitting_or_a_usage_error(raw) -> None:
    for value in (raw, {"learner": "a", "steps": raw, "seed": 0, "at": 0, "outcomes": []},
                  {"learner": "a", "steps": [], "seed": 0, "at": 0, "outcomes": raw}):  # fmt: skip
        with pytest.raises(UsageError):
            play.sitting_from_dict(value)
