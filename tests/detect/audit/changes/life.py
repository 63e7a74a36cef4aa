"""A repository of operator life: seeded work on twelve devices, and two intruder's changes hidden in it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import yaml

from tests.detect.audit.changes.bench import BASES, base
from tests.parts import program

MOVES = yaml.safe_load(Path(__file__).with_name("moves.yml").read_text(encoding="utf-8"))
START = datetime(2026, 10, 1, 1, tzinfo=UTC)
_NOT_UNDONE = ("log server", "tighter", "upgrade", "removed", "fewer", "hardening")  # work nobody takes back
_HIDDEN = (  # platform, the move by its `why`, and if it is taken back the night after
    ("iosxe", "a tunnel to a stranger", False),
    ("junos", "an account is added", True),
)
_WORDS = ("acme", "bolt", "cedar", "delta", "elm", "fjord", "grid", "harbour")


@dataclass
class Night:
    """One commit."""

    when: datetime
    path: str
    text: str
    hidden: str = ""  # why, if an intruder did it


@dataclass
class Life:
    """What every device has now."""

    chance: Random
    texts: dict[str, str] = field(default_factory=lambda: {p.stem: base(p.stem) for p in sorted(BASES.iterdir())})
    done: dict[str, list[list[list[str]]]] = field(default_factory=dict)  # edits that can be taken back

    def works(self, platform: str) -> str:
        """A device after one more piece of ordinary work."""
        text = self.texts[platform]
        for _ in range(40):
            new = self._one(platform, text)
            if new is not None and new != text:
                return new
        return text

    def _one(self, platform: str, text: str) -> str | None:
        kind = self.chance.random()
        if kind < 0.35:
            word = f"{self.chance.choice(_WORDS)} {self.chance.randrange(900)}"
            return _somewhere(self.chance, r"(description \"?)[^\"\n;]+", rf"\g<1>customer {word}", text)
        if kind < 0.5:
            return _somewhere(
                self.chance, r"((?:ospf cost|cost|metric) )\d+", rf"\g<1>{self.chance.randrange(1, 900)}", text
            )
        if kind < 0.65 and self.done.get(platform):
            edit = self.done[platform].pop(self.chance.randrange(len(self.done[platform])))
            return _edited(text, [[new, old] for old, new in edit])
        case = self.chance.choice(MOVES[platform]["operator"])
        if "another account" in case["why"]:
            return None
        new = _edited(text, case["edit"])
        if new is not None and not any(word in case["why"] for word in _NOT_UNDONE):
            self.done.setdefault(platform, []).append(case["edit"])
        return new


def _somewhere(chance: Random, pattern: str, by: str, text: str) -> str | None:
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    one = chance.choice(found)
    return text[: one.start()] + one.expand(by) + text[one.end() :]


def _edited(text: str, edit: list[list[str]]) -> str | None:
    for old, new in edit:
        if not old or old not in text or (old in new and new in text):
            return None
        text = text.replace(old, new, 1) if len(edit) == 1 and "\n" in old else text.replace(old, new)
    return text


def nights(seed: int, count: int) -> Iterator[Night]:
    """`count` commits after the first ones, with the hidden changes among them."""
    chance = Random(seed)
    life = Life(chance)
    when = START
    for platform, text in life.texts.items():
        yield Night(when, f"core/{platform}", text)
    at = sorted(chance.sample(range(count // 6, count - 4), len(_HIDDEN)))
    plan = dict(zip(at, _HIDDEN, strict=True))
    back: dict[int, tuple[str, list[list[str]]]] = {}
    for number in range(count):
        when += timedelta(hours=chance.choice((1, 3, 11, 24)))
        hidden = ""
        if number in plan:
            platform, hidden, again = plan[number]
            (move,) = (c for c in MOVES[platform]["intruder"] if c["why"] == hidden)
            new = _edited(life.texts[platform], move["edit"])
            assert new is not None, (platform, hidden)
            if again:
                back[number + 1] = (platform, [[n, o] for o, n in move["edit"]])
        elif number in back:
            platform, edit = back.pop(number)
            new = _edited(life.texts[platform], edit)
            assert new is not None
            hidden = "taken back"
        else:
            platform = chance.choice(sorted(life.texts))
            new = life.works(platform)
        life.texts[platform] = new
        yield Night(when, f"core/{platform}", new, hidden)


def write(folder: Path, seed: int, count: int) -> list[Night]:
    """A bare repository of it, in one go."""
    written = list(nights(seed, count))
    git = program("git")
    subprocess.run([git, "init", "-q", "--bare", str(folder)], check=True, timeout=60)
    stream = bytearray()
    for night in written:
        data = night.text.encode()
        stream += (
            f"commit refs/heads/main\ncommitter oxidized <o@example.net> {int(night.when.timestamp())} +0000\n"
            f"data 6\nupdate\nM 100644 inline {night.path}\ndata {len(data)}\n"
        ).encode()
        stream += data + b"\n"
    subprocess.run([git, "fast-import", "--quiet"], cwd=folder, input=bytes(stream), check=True, timeout=120)
    return written
