"""The lessons there are: those that come with Seawall, a case's own laid over them, translated where somebody did."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Final

from seawall.errors import InputError, UsageError
from seawall.training.cards import as_lesson, load_cards
from seawall.training.cues import BY_ID, Cue
from seawall.training.lesson import Lesson, Practice, Question
from seawall.training.lesson_file import read_lesson

MAX_LESSONS: Final = 2_000
ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Library:
    """Lessons by id, in one language where there is a translation, and the program's own words in it."""

    lessons: Mapping[str, Lesson]
    words: Mapping[str, str]
    language: str = ENGLISH
    cues: Mapping[str, Cue] = field(default_factory=lambda: BY_ID)  # in its language

    def lesson(self, id_: str) -> Lesson:
        """One lesson. Raises UsageError for one there is none of."""
        if id_ not in self.lessons:
            raise UsageError(f"no lesson is called {id_!r}", mend="see: seawall train list")
        return self.lessons[id_]

    def item(self, lesson: str, item: str) -> Practice | Question:
        """A practice or question of a lesson. Raises UsageError if it is gone."""
        held = self.lesson(lesson)
        every: list[Practice | Question] = [*held.practice, *held.questions]
        for each in every:
            if each.id == item:
                return each
        raise UsageError(f"{lesson} holds no {item!r} any more", mend="begin the sitting anew: seawall train play")

    def for_role(self, role: str) -> list[Lesson]:
        """Lessons for people of a role, by title; every lesson for an empty role."""
        found = (lesson for lesson in self.lessons.values() if not role or lesson.suits(role))
        return sorted(found, key=lambda lesson: (lesson.title, lesson.id))


def load(*, language: str = ENGLISH, own: Path | None = None) -> Library:
    """Read every lesson; `own` is a folder of a case's own, laid over ours by id.

    A lesson nobody translated comes in English: `Lesson.language` says so.

    Raises:
        InputError: a lesson is broken, or a translation asks for other answers than its original.
    """
    if not language.replace("-", "").isalnum() or len(language) > 20:
        raise UsageError(f"{language!r} is no language", mend="write a tag such as en, de or pt-BR")
    lessons = dict[str, Lesson]()
    with resources.as_file(resources.files("seawall") / "content" / "lessons") as ours:
        folders = [ours, *([own] if own and own.is_dir() else [])]
        for folder in folders:
            lessons |= _read(sorted(folder.glob("*.md")))
        if language != ENGLISH:
            for folder in folders:
                for id_, translated in _read(sorted((folder / language).glob("*.md"))).items():
                    check_translation(lessons.get(id_), translated, where=str(folder / language))
                    lessons[id_] = replace(translated, language=language)
        words = _words(folders, language)
    cards = load_cards(own.parent / "cards" if own else None)  # those of a case lie beside its lessons
    lessons |= {lesson.id: lesson for lesson in map(as_lesson, cards.values()) if lesson.id not in lessons}
    if len(lessons) > MAX_LESSONS:
        raise InputError(f"more than {MAX_LESSONS:,} lessons", where=str(own), mend="take some away")
    return Library(lessons, words, language, _cues(words))


def check_translation(original: Lesson | None, translated: Lesson, *, where: str) -> None:
    """Hold a translation to its original: the same items, verdicts, cues and right answers, in the same order.

    Raises:
        InputError: says what differs.
    """
    if original is None:
        raise InputError(f"{translated.id} translates no lesson", where=where, mend="give it the original's id")
    shape = [_shape(lesson) for lesson in (original, translated)]
    for mine, other in zip(*shape, strict=False):
        if mine != other:
            raise InputError(f"{translated.id}: {other} where the original has {mine}", where=where, mend="keep them")
    if len(shape[0]) != len(shape[1]):
        raise InputError(f"{translated.id}: not as many items as its original", where=where, mend="translate all")


def _shape(lesson: Lesson) -> list[tuple[object, ...]]:
    practice = [
        (p.id, p.verdict, p.channel, p.elements, tuple(sorted(m.cue for m in p.marks))) for p in lesson.practice
    ]
    return [*practice, *((q.id, tuple(option.right for option in q.options)) for q in lesson.questions)]


def _read(paths: Sequence[Path]) -> dict[str, Lesson]:
    lessons = dict[str, Lesson]()
    for path in paths:
        lesson = read_lesson(path)
        if lesson.id in lessons:
            raise InputError(f"a second lesson called {lesson.id}", where=str(path), mend="give each its own id")
        lessons[lesson.id] = lesson
    return lessons


def _words(folders: Sequence[Path], language: str) -> dict[str, str]:
    """The program's own words: English, with those of the language laid over."""
    words = dict[str, str]()
    for folder in folders:
        for name in dict.fromkeys((ENGLISH, language)):
            path = folder / "words" / f"{name}.toml"
            if path.is_file():
                words |= dict(_flat(path))
    return words


def _flat(path: Path) -> Iterator[tuple[str, str]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"words cannot be read: {error}", where=str(path), mend="write TOML: key = 'text'") from error
    for name, value in tables.items():
        for key, text in value.items() if isinstance(value, dict) else [("", value)]:
            if not isinstance(text, str):
                raise InputError(f"{name}.{key} is no text", where=str(path), mend="write key = 'text'")
            yield (f"{name}.{key}" if key else name), text


def _cues(words: Mapping[str, str]) -> dict[str, Cue]:
    return {
        id_: replace(
            cue, name=words.get(f"cue-{id_}.name", cue.name), lesson=words.get(f"cue-{id_}.lesson", cue.lesson)
        )
        for id_, cue in BY_ID.items()
    }
