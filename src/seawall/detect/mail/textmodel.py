"""The learned reading of a message's words: hashed words and pairs, three weights each; numbers only, no text inside.

Trained by `make model`; the card is docs/model-card-mail.md. Addresses, links, numbers and dates are replaced before a
word is counted, so that it cannot learn a collection by its years and names.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from seawall.errors import InputError

if TYPE_CHECKING:
    import numpy as np

BUCKETS: Final = 1 << 15
CLASSES: Final = ("phish", "spam", "wanted")
MAX_WORDS: Final = 1_500
_FILE: Final = "detect/mail/model.npz"
_URL: Final = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]{1,63}(?:\.[\w-]{1,63})+/\S*")
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,253}")
_HOST: Final = re.compile(r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}\.[a-z]{2,10}\b")
_NUMBER: Final = re.compile(r"[#\w+-]{0,30}\d[\w.,:/+-]{0,60}")
_DATE: Final = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b"
)
_WORD: Final = re.compile(r"[^\W\d_]{2,25}|_[a-z]+_|[!?$€£]")


@dataclass(frozen=True, slots=True)
class TextScore:
    """Log-odds of the words alone, against the other two verdicts, and how many words there were."""

    phish: float = 0.0
    spam: float = 0.0
    words: int = 0


@dataclass(frozen=True)
class TextModel:
    """Weights: `weight` (classes, buckets), `bias` (classes), `idf` (buckets)."""

    weight: np.ndarray
    bias: np.ndarray
    idf: np.ndarray


def words_of(subject: str, text: str) -> list[str]:
    """Words as the model counts them."""
    plain = f"{subject}\n{text[:20_000]}".lower()
    plain = _ADDRESS.sub(" _addr_ ", _URL.sub(" _url_ ", plain))
    plain = _NUMBER.sub(" _num_ ", _HOST.sub(" _host_ ", _DATE.sub(" _date_ ", plain)))
    return _WORD.findall(plain)[:MAX_WORDS]


def features(subject: str, text: str) -> dict[int, float]:
    """Bucket → square root of how often a word or pair falls into it."""
    words = words_of(subject, text)
    counts: dict[int, float] = {}
    for at, word in enumerate(words):
        for term in (word, f"{words[at - 1]} {word}") if at else (word,):
            bucket = zlib.crc32(term.encode()) % BUCKETS
            counts[bucket] = counts.get(bucket, 0.0) + 1.0
    return {bucket: float(count**0.5) for bucket, count in counts.items()}


@lru_cache(maxsize=1)
def shipped() -> TextModel:
    """The model that comes with the package. Raises InputError if it is missing or damaged."""
    import numpy as np

    place = resources.files("seawall") / _FILE
    try:
        with resources.as_file(place) as path, np.load(path, allow_pickle=False) as box:
            return TextModel(*(box[name].astype(np.float32) for name in ("weight", "bias", "idf")))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"the text model cannot be read: {error}", where=_FILE, mend="install again, or: make model"
        ) from None


def score_text(subject: str, text: str, model: TextModel | None = None) -> TextScore:
    """What the words alone say; nothing where there are hardly any."""
    import numpy as np

    counts = features(subject, text)
    if len(counts) < 3:
        return TextScore(words=len(counts))
    model = model or shipped()
    at = np.fromiter(counts, dtype=np.int64)
    values = np.fromiter(counts.values(), dtype=np.float32) * model.idf[at]
    values /= max(float(np.sqrt((values**2).sum())), 1e-9)
    logits = model.weight[:, at] @ values + model.bias
    chances = np.exp(logits - logits.max())
    chances /= chances.sum()
    odds = np.log(np.clip(chances, 1e-4, 1 - 1e-4)) - np.log1p(-np.clip(chances, 1e-4, 1 - 1e-4))
    return TextScore(float(odds[0]), float(odds[1]), len(counts))
