"""Desk cards hold together as trees, come to an end in every case, and are practised like lessons."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from seawall.errors import InputError, UsageError
from seawall.training import cards, choose, play
from seawall.training.library import load

CARDS = cards.load_cards()
TOML = """
id = "x"
title = "X <b>"
roles = ["noc"]
topic = "x"
start = "a"
[step.a]
ask = "A?"
answers = [{ say = "yes", to = "b" }, { say = "no", to = "c" }]
[step.b]
do = "B"
end = "go on"
[step.c]
do = "C"
end = "refuse"
[[case]]
id = "one"
story = "S."
path = ["no"]
why = "W."
"""


def test_the_three_desks_most_often_called_have_a_card() -> None:
    assert {"sim-swap", "emergency-data-request", "vendor-access"} <= set(CARDS)


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
def test_every_card_is_practised_to_a_good_and_a_bad_end_and_tells_how_to_check(card: cards.Card) -> None:
    ends = {cards.end_of(card, case).end for case in card.case}
    assert "go on" in ends
    assert ends - {"go on"}
    assert all(step.how for step in card.step.values() if step.ask)
    assert card.note
    assert card.source


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.id)
def test_a_card_is_played_through_the_same_calls_as_a_lesson(card: cards.Card) -> None:
    library = load()
    sitting = play.sit("ana", choose.lesson_steps(library.lesson(f"card-{card.id}")))
    while (shown := play.screen(library, sitting)) is not None:
        choice: tuple[str, ...] = ()
        if shown.step.kind == "question":
            item = library.item(shown.step.lesson, shown.step.item)
            choice = tuple(str(n) for n, option in enumerate(item.options) if option.right)  # type: ignore[union-attr]
        sitting, feedback = play.answer(library, sitting, play.Answer(choice=choice))
        assert feedback.right
    assert len(sitting.outcomes) == sum(len(case.path) for case in card.case)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('to = "c"', 'to = "d"', "which is none"),
        ('to = "c"', 'to = "a"', "leads back|nothing leads"),
        ('to = "c"', 'to = "b"', "nothing leads to c"),
        ('start = "a"', 'start = "z"', "start"),
        ('path = ["no"]', 'path = ["maybe"]', "is no answer there"),
        ('path = ["no"]', "path = []", "comes to no end"),
        ('say = "no"', 'say = "yes"', "one answer twice"),
        ('end = "refuse"', "", "end"),
        ('do = "C"', 'do = "C"\nask = "C?"', "step c"),
        (', { say = "no", to = "c" }', "", "step a"),
    ],
)
def test_a_broken_card_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(TOML.replace(old, new, 1))
    with pytest.raises(InputError, match=words):
        cards.read_card(path)


def test_the_printed_page_escapes_runs_nothing_and_fetches_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(TOML)
    own = cards.load_cards(tmp_path)
    page = cards.html(list(own.values()))
    assert "X &lt;b&gt;" in page
    seen: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append(tag)
            assert not {name for name, _ in attrs} & {"src", "href", "onclick", "style"}

    Tags().feed(page)
    assert not {"script", "link", "img", "iframe"} & set(seen)
    assert seen.count("article") == len(own)
    with pytest.raises(UsageError, match="no card is called"):
        cards.find_card(own, "none")
