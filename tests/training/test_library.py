"""The lessons that come with Seawall, a case's own over them, and translations held to their originals."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from seawall.errors import InputError, UsageError
from seawall.training.lesson import CHANNELS, ROLES
from seawall.training.library import load

FOLDER = Path(str(resources.files("seawall") / "content" / "lessons"))
LIBRARY = load()
ITEMS = [(lesson, item) for lesson in LIBRARY.lessons.values() for item in lesson.practice]
WRITTEN = [lesson for lesson in LIBRARY.lessons.values() if not lesson.id.startswith("card-")]
LESSON = (FOLDER / "sim-swap-counter.md").read_text(encoding="utf-8")


def test_every_role_and_every_channel_is_practised() -> None:
    assert len(WRITTEN) >= 20
    assert {role for lesson in LIBRARY.lessons.values() for role in lesson.roles} == set(ROLES)
    assert {item.channel for _, item in ITEMS} == set(CHANNELS)


def test_between_40_and_60_percent_of_what_is_judged_is_genuine() -> None:
    share = sum(item.verdict != "phish" for _, item in ITEMS) / len(ITEMS)
    assert 0.4 <= share <= 0.6


def test_lures_of_every_difficulty_and_hard_genuine_messages_are_there() -> None:
    levels = {(item.verdict, item.level) for _, item in ITEMS}
    assert {("phish", 2), ("phish", 3), ("wanted", 1), ("wanted", 2)} <= levels


@pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.id)
def test_a_lesson_has_a_file_of_its_name_a_lure_a_genuine_message_and_a_short_text(lesson) -> None:
    assert (FOLDER / f"{lesson.id}.md").is_file()
    assert {"phish", "wanted"} <= {item.verdict for item in lesson.practice}
    assert 60 <= len(lesson.text.split()) <= 400
    assert 2 <= lesson.minutes <= 5
    for item in lesson.practice:
        assert {cue for cue, _ in item.why} == set(item.cues), f"{item.id}: say of every cue what it means here"


def test_every_name_and_number_in_a_lesson_is_an_invention_and_no_link_works() -> None:
    for path in FOLDER.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        domains = re.findall(r"(?:@|https?://|hxxps?://|\bwww\.)([\w.-]+\.[a-z]{2,})", text, re.I)
        assert [d for d in domains if not d.lower().endswith((".example", ".test", ".invalid"))] == [], path
        addresses = re.findall(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", text)
        assert [a for a in addresses if not a.startswith(("192.0.2.", "198.51.100.", "203.0.113."))] == [], path


def test_a_case_lays_its_own_lesson_over_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text(LESSON.replace("The customer who lost a phone abroad", "Ours"))
    assert load(own=tmp_path).lesson("sim-swap-counter").title == "Ours"
    assert load(own=tmp_path / "absent").lessons == LIBRARY.lessons


def test_a_translation_says_other_words_and_asks_for_the_same_answers(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    folder.mkdir()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "xx.toml").write_text('[cue-urgency]\nname = "HURRY"\n[verdict]\nphish = "ATTACK"\n')
    (folder / "a.md").write_text(LESSON.replace("The customer who lost", "Translated:"))
    library = load(language="xx", own=tmp_path)
    assert library.lesson("sim-swap-counter").language == "xx"
    assert library.cues["urgency"].name == "HURRY"
    assert library.words["verdict.phish"] == "ATTACK"
    assert library.words["verdict.wanted"] == LIBRARY.words["verdict.wanted"]
    (folder / "a.md").write_text(LESSON.replace("verdict: wanted", "verdict: spam"))
    with pytest.raises(InputError, match="where the original has"):
        load(language="xx", own=tmp_path)
    (folder / "a.md").write_text(LESSON.replace('id = "sim-swap-counter"', 'id = "no-such"'))
    with pytest.raises(InputError, match="translates no lesson"):
        load(language="xx", own=tmp_path)


def test_what_is_no_language_or_no_lesson_is_refused(tmp_path: Path) -> None:
    for language in ("../en", "", "x" * 30):
        with pytest.raises(UsageError):
            load(language=language)
    with pytest.raises(UsageError, match="no lesson is called"):
        LIBRARY.lesson("none")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "en.toml").write_text("ask = [1]")
    with pytest.raises(InputError, match="is no text"):
        load(own=tmp_path)
    (tmp_path / "words" / "en.toml").unlink()
    for name in "ab":
        (tmp_path / f"{name}.md").write_text(LESSON)
    with pytest.raises(InputError, match="a second lesson called"):
        load(own=tmp_path)
