"""Reads a lesson: Markdown that a person can also read as it is.

A file begins with TOML between `+++` lines (`id`, `title`, `roles`, `topic`, `minutes`), then the text. Each
`## Practice: ID` holds `key: value` lines (`verdict`, `channel`, `elements`), the message as a block quote in which
`[[cue|words]]` marks a cue and `[[+why|words]]` a sign of trust, a list after `Why:` and steps after `Do:`. Each
`## Question: ID` holds the question and a task list, `- [x] answer :: what is said to those who choose it`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from seawall.errors import InputError, UsageError
from seawall.model.validation import validated
from seawall.training import scale
from seawall.training.cues import BY_ID
from seawall.training.lesson import CHANNELS, VERDICTS, Channel, Lesson, Mark, Option, Practice, Question, Role, Verdict

MAX_BYTES: Final = 256 << 10
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_SECTION: Final = re.compile(r"## (Practice|Question): (.*)")
_MARK: Final = re.compile(r"\[\[([^|\[\]]*)\|([^\[\]]*)\]\]")
_OPTION: Final = re.compile(r"- \[([ xX])\] (.*?) :: (.+)")
_PAIR: Final = re.compile(r"([a-z]+): *(.*)")


@dataclass(frozen=True)
class Front:
    """What a lesson's file says before its text."""

    id: str
    title: str
    roles: tuple[Role, ...]
    topic: str
    minutes: int = 3
    language: str = "en"


@dataclass(frozen=True, slots=True)
class _Section:
    kind: str
    name: str
    line: int  # of its heading, from 1
    lines: tuple[str, ...]


def read_lesson(path: Path) -> Lesson:
    """The lesson in a file.

    Raises:
        InputError: it cannot be read or is no lesson; says the line.
    """
    where = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("a lesson is at most 256 KiB", where=where, mend="split it: two to five minutes each")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=where, mend="a lesson is a text file in UTF-8") from error
    return parse_lesson(text, where=where)


def parse_lesson(text: str, *, where: str) -> Lesson:
    """The lesson in a text. Raises InputError with `where` and the line."""
    lines = text.replace("\r\n", "\n").split("\n")
    front, begins = _front(lines, where)
    sections = list(_sections(lines, begins, where))
    words = tuple(section for section in sections if section.kind == "text")
    practice = tuple(_practice(section, where) for section in sections if section.kind == "Practice")
    questions = tuple(_question(section, where) for section in sections if section.kind == "Question")
    names = [*(item.id for item in practice), *(question.id for question in questions)]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{name} stands there twice", where=where, mend="give each practice and question its own")
    if not practice and not questions:
        raise InputError("nothing to practise", where=where, mend="add a section `## Practice: some-name`")
    return Lesson(
        id=front.id, title=front.title, roles=front.roles, topic=front.topic, minutes=front.minutes,
        text="\n".join(words[0].lines).strip() if words else "", practice=practice, questions=questions,
        language=front.language,
    )  # fmt: skip


def _front(lines: list[str], where: str) -> tuple[Front, int]:
    """What stands between the `+++` lines, and the index of the first line after them."""
    if not lines or lines[0].strip() != "+++" or "+++" not in (line.strip() for line in lines[1:]):
        raise InputError(
            "no lesson: it does not begin with +++", where=f"{where}:1", mend="see docs/how-to/training.md"
        )
    end = next(number for number, line in enumerate(lines) if number and line.strip() == "+++")
    try:
        raw = tomllib.loads("\n".join(lines[1:end]))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"front matter: {error}", where=f"{where}:2", mend="write TOML: key = value") from error
    front = validated(Front, raw, where=where)
    for name, value in (("id", front.id), ("topic", front.topic)):
        if not _ID.fullmatch(value):
            raise InputError(f"{name} {value!r}", where=where, mend="small letters, digits and hyphens, 60 at most")
    if not front.roles or not 1 <= front.minutes <= 30 or not front.title.strip():
        raise InputError("roles, title or minutes", where=where, mend="at least one role, a title, 1 to 30 minutes")
    return front, end + 1


def _sections(lines: list[str], begins: int, where: str) -> Iterator[_Section]:
    kind, name, line, held = "text", "", begins, list[str]()
    for number, text in enumerate(lines[begins:], begins + 1):
        heading = _SECTION.fullmatch(text.rstrip())
        if heading is None:
            held.append(text)
            continue
        yield _Section(kind, name, line, tuple(held))
        kind, name, line, held = heading[1], heading[2].strip(), number, []
        if not _ID.fullmatch(name):
            raise InputError(f"{kind} {name!r}", where=f"{where}:{number}", mend="small letters, digits and hyphens")
    yield _Section(kind, name, line, tuple(held))


def _practice(section: _Section, where: str) -> Practice:
    at = f"{where}:{section.line}"
    settings = dict[str, str]()
    why = list[tuple[str, str]]()
    quote, do, part = list[str](), list[str](), ""
    for text in section.lines:
        if text.startswith(">"):
            quote.append(text[2:] if text.startswith("> ") else text[1:])
        elif text.strip() in ("Why:", "Do:"):
            part = text.strip()
        elif part == "Why:" and text.startswith("- "):
            cue, _, reason = text[2:].partition(": ")
            why.append((cue.strip(), reason.strip()))
        elif part == "Why:" and text.strip() and why:
            why[-1] = (why[-1][0], f"{why[-1][1]} {text.strip()}")
        elif part == "Do:":
            do.append(text)
        elif text.strip() and (pair := _PAIR.fullmatch(text.strip())) and not quote:
            settings[pair[1]] = pair[2]
        elif text.strip():
            _wrong(
                f"{text.strip()[:60]!r} belongs nowhere", at, "write the message as a block quote, then Why: and Do:"
            )
    message, marks = _marked("\n".join(quote).strip("\n"), at)
    item = Practice(
        id=section.name, verdict=_verdict(settings, at), channel=_channel(settings, at), text=message, marks=marks,
        why=tuple(why), do="\n".join(do).strip(), elements=_elements(settings, at), source=settings.get("source", ""),
    )  # fmt: skip
    _check_practice(item, settings, at)
    return item


def _check_practice(item: Practice, settings: dict[str, str], at: str) -> None:
    if unknown := set(settings) - {"verdict", "channel", "elements", "source"}:
        _wrong(f"no setting is called {min(unknown)!r}", at, "verdict, channel, elements or source")
    if not item.text.strip():
        _wrong("no message", at, "write it as a block quote: > Hello …")
    if not item.do:
        _wrong("nobody is told what to do", at, "add `Do:` and the steps below it")
    if item.verdict == "phish" and (item.elements is None or not item.cues):
        _wrong("a lure needs its cues and premise alignment", at, "mark [[cue|words]], and write elements: 4 4 2 4 0")
    if item.verdict != "phish" and item.elements is not None:
        _wrong("the Phish Scale rates lures only", at, "take the elements away")
    for cue, reason in item.why:
        if cue not in item.cues or not reason:
            _wrong(f"Why: {cue!r} is marked nowhere in the message, or says nothing", at, "mark it, or take it away")


def _marked(raw: str, at: str) -> tuple[str, tuple[Mark, ...]]:
    """A message without its marks, and where they were."""
    text, marks, done = "", list[Mark](), 0
    for found in _MARK.finditer(raw):
        text += raw[done : found.start()]
        name, words = " ".join(found[1].split()), found[2]
        trust = name.startswith("+")
        if not trust and name not in BY_ID:
            _wrong(f"no cue is called {name!r}", at, f"one of {', '.join(BY_ID)}; or +why for a sign of trust")
        if not words.strip() or (trust and not name[1:].strip()):
            _wrong(f"the mark {found[0]!r} is empty", at, "write [[cue|words]] or [[+why|words]]")
        start = len(text)
        text += words
        marks.append(Mark(start, len(text), "" if trust else name, name[1:].strip() if trust else ""))
        done = found.end()
    text += raw[done:]
    if "[[" in text or "]]" in text:
        _wrong("a mark is not closed, or stands in another", at, "write [[cue|words]], one beside the other")
    return text, tuple(marks)


def _verdict(settings: dict[str, str], at: str) -> Verdict:
    word = settings.get("verdict", "")
    if word not in VERDICTS:
        _wrong(f"verdict {word!r}", at, f"one of {', '.join(VERDICTS)}")
    return word


def _channel(settings: dict[str, str], at: str) -> Channel:
    word = settings.get("channel", "mail")
    if word not in CHANNELS:
        _wrong(f"channel {word!r}", at, f"one of {', '.join(CHANNELS)}")
    return word


def _elements(settings: dict[str, str], at: str) -> tuple[int, int, int, int, int] | None:
    if "elements" not in settings:
        return None
    try:
        values = [int(word) for word in settings["elements"].replace(",", " ").split()]
        scale.score(values)
    except ValueError:
        _wrong(f"elements {settings['elements']!r}", at, "five numbers, e.g. 6 4 2 4 0")
    except UsageError as error:
        _wrong(error.what, at, error.mend or "")
    one, two, three, four, five = values
    return one, two, three, four, five


def _question(section: _Section, where: str) -> Question:
    at = f"{where}:{section.line}"
    prompt, options = list[str](), list[Option]()
    joined = re.sub(r"\n {2,}(?=\S)", " ", "\n".join(section.lines))  # an indented line goes on with the one before
    for text in joined.split("\n"):
        if text.startswith("- ["):
            found = _OPTION.fullmatch(text.strip())
            if found is None:
                _wrong(f"{text[:60]!r} is no answer", at, "write - [x] answer :: feedback")
            options.append(Option(found[2].strip(), found[1] != " ", found[3].strip()))
        elif text.strip() and options:
            _wrong(f"{text.strip()[:60]!r} stands behind the answers", at, "write the question before them")
        else:
            prompt.append(text)
    question = Question(section.name, " ".join(" ".join(prompt).split()), tuple(options))
    if not question.prompt or len({option.right for option in options}) < 2 or len(options) > 9:
        _wrong("a question needs words, a right answer and a wrong one, nine answers at most", at, "see the others")
    return question


def _wrong(what: str, at: str, mend: str) -> NoReturn:
    raise InputError(what, where=at, mend=mend)
