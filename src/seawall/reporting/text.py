"""Evidence is hostile on a screen and in a page: what cannot be seen is made visible, what is endless is cut.

Control characters, escape sequences, bidirectional overrides and invisible marks turn into visible signs, so that text
can neither steer a terminal nor read differently from what it is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from seawall.model.entities import is_address
from seawall.model.finding import UNTIMED

MAX_TEXT: Final = 2_000  # characters of any single text on a page or screen
MAX_NAME: Final = 100  # characters of one name in a cell or a list

# C0, DEL, C1; soft hyphen; Arabic letter mark, bidi marks, embeddings, overrides and isolates; zero-width and other
# invisible marks; line and paragraph separators; interlinear and tag characters; lone surrogates; private use.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\ue000-\uf8ff"
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


OPEN: Final = "\u2039"  # the signs around a name, single guillemets: every font has them, evidence hardly ever
CLOSE: Final = "\u203a"
_NAMES: Final = {0x00: "NUL", 0x07: "BEL", 0x08: "BS", 0x0A: "LF", 0x0D: "CR", 0x1B: "ESC"}


def _sign(found: re.Match[str]) -> str:
    code = ord(found.group())
    return " " if code == 0x09 else f"{OPEN}{_NAMES.get(code, f'U+{code:04X}')}{CLOSE}"


def visible(text: str, limit: int = MAX_TEXT) -> str:
    """`text` on one line with nothing hidden in it; longer than `limit` it is cut, and says how much is missing."""
    cut = text[:limit]
    more = f" … and {len(text) - limit:,} more characters" if len(text) > limit else ""
    return _UNSEEN.sub(_sign, cut) + more


def safe_terminal(text: str, limit: int = MAX_TEXT) -> str:
    """`text` fit for a terminal: one line, no escape sequence, nothing that moves the cursor or turns the direction."""
    return visible(text, limit)


def brief(value: str, limit: int = MAX_NAME) -> str:
    """A name short enough for a cell or a list; what was cut is shown by an ellipsis."""
    shown = visible(value[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def moment_text(moment: datetime | None, *, seconds: bool = True) -> str:
    """A time in UTC as people read it; `unknown` where there is none."""
    if moment is None or moment == UNTIMED:
        return "unknown"
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def length_text(seconds: float) -> str:
    """A length of time: `14 s`, `3 min`, `1 h 57 min`, `2 d 3 h`."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s" if whole else "under 1 s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def size_text(size: int) -> str:
    """A number of bytes: `512 B`, `1.4 MB`."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} TB"


def count_text(number: int, noun: str, plural: str | None = None) -> str:
    """`1 incident`, `3 incidents`, `no incidents`."""
    if number == 0:
        return f"no {plural or noun + 's'}"
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def and_list(parts: list[str], most: int = 5) -> str:
    """`a, b and c`; beyond `most`, the rest is counted."""
    if len(parts) > most:
        return f"{', '.join(parts[:most])} and {len(parts) - most:,} more"
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def short_host(name: str) -> str:
    """`pe01` for `pe01.chi.example.net`; addresses stay whole."""
    return name if is_address(name) else name.partition(".")[0] or name
