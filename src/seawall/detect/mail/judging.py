"""The verdict on one message: what was noticed, weighed together; unsure where the evidence is thin or divided."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal

from seawall.detect.mail.attached import Looked
from seawall.detect.mail.authentication import Authenticated, authenticate
from seawall.detect.mail.cues import Cue
from seawall.detect.mail.facts import Facts, facts_of
from seawall.detect.mail.leading import attachment_cues, link_cues, look_at_all
from seawall.detect.mail.senders import sender_cues
from seawall.detect.mail.textmodel import TextScore, score_text
from seawall.detect.mail.words import word_cues
from seawall.detect.mail.world import World
from seawall.model.mail import Mail

Word = Literal["phish", "spam", "wanted", "unsure"]
VERDICTS: Final = ("phish", "spam", "wanted", "unsure")


@dataclass(frozen=True)
class Verdict:
    """What is thought of one message."""

    mail: Mail
    verdict: Word
    score: float  # 0 to 1: how likely it is a phish
    cues: tuple[Cue, ...]  # strongest first
    why: str  # one sentence
    auth: Authenticated = field(default_factory=Authenticated)
    facts: Facts | None = None
    looked: tuple[Looked, ...] = ()
    text: TextScore = field(default_factory=TextScore)
    spam: float = 0.0  # 0 to 1: how likely it is spam

    @property
    def judged(self) -> bool:
        """Whether it could be judged at all."""
        return not self.mail.unjudgeable


@dataclass(frozen=True)
class Weights:
    """How the parts are weighed together: fitted once on both collections, out of fold; see docs/evidence/mail.md."""

    text_phish: float = 1.9
    text_spam: float = 1.9
    cues: float = 0.75  # each further cue for phish adds this much of its weight …
    any_cue: float = 1.25  # … and the first ones more: this much of the logarithm of their sum
    wanted: float = 1.6
    spam_cues: float = 1.0
    phish: float = -1.6  # what a message without any evidence starts with
    spam: float = 1.6
    phish_from: float = 0.52  # probabilities at which a verdict is given, where a site file names own and partners …
    phish_from_learned: float = 0.6  # … and where own domains are read off the message: more is left to a person
    wanted_below: float = 0.43
    words_for_wanted: float = 2.4  # the most that words can say for a message: a lure may be full of good advice


WEIGHTS: Final = Weights()
ENOUGH_WORDS: Final = 12  # words and pairs; a note of fewer is no spam by its words alone
HIDING: Final = ("nested too deep", "too much nested content", "more than ", "multipart without ")
TEXT_ONLY: Final = Weights(
    phish=-0.2, phish_from_learned=0.5, wanted_below=0.45
)  # without header and links there is less to begin with


def judge(mail: Mail, world: World, *, text_only: bool = False) -> Verdict:
    """Judge a message. `text_only` looks at subject and text alone, as the benchmarks do beside others."""
    if mail.unjudgeable:
        return Verdict(mail, "unsure", 0.5, (), f"cannot be judged: {mail.unjudgeable}")
    facts = facts_of(mail, world)
    text = score_text(facts.subject, facts.new_text)
    cues = list(word_cues(facts))
    auth, looked = Authenticated(), []
    if not text_only:
        auth = authenticate(facts)
        looked = look_at_all(facts)
        cues += sender_cues(facts, auth)
        cues += link_cues(facts, vouched=auth.passes)
        cues += attachment_cues(facts, looked)
    weights = TEXT_ONLY if text_only else WEIGHTS
    phish, spam = odds(cues, text, weights)
    return _decided(mail, facts, cues, auth, looked, text, phish, spam, weights)


def odds(cues: list[Cue], text: TextScore, weights: Weights) -> tuple[float, float]:
    """Log-odds of phish against all else, and of spam against wanted."""
    sums = {"phish": 0.0, "spam": 0.0, "wanted": 0.0}
    said = 0.0
    for cue in cues:
        if cue.toward == "wanted" and cue.where in ("body", "subject"):
            said += cue.weight
        else:
            sums[cue.toward] += cue.weight
    sums["wanted"] += min(said, weights.words_for_wanted)
    for_phish = weights.cues * sums["phish"] + weights.any_cue * math.log1p(sums["phish"])
    against = weights.wanted * sums["wanted"] + weights.spam_cues * sums["spam"]
    phish = weights.phish + weights.text_phish * text.phish + for_phish - against
    spam = weights.spam + weights.text_spam * text.spam + weights.spam_cues * sums["spam"] - sums["wanted"]
    return phish, spam


def chance(log_odds: float) -> float:
    """Log-odds as a probability."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _decided(
    mail: Mail,
    facts: Facts,
    cues: list[Cue],
    auth: Authenticated,
    looked: list[Looked],
    text: TextScore,
    phish_odds: float,
    spam_odds: float,
    weights: Weights,
) -> Verdict:
    phish, spam = chance(phish_odds), chance(spam_odds)
    word: Word
    if phish >= (weights.phish_from if facts.world.told else weights.phish_from_learned):
        word = "phish"
    elif phish >= weights.wanted_below:
        word = "unsure"
    else:
        word = "spam" if spam >= 0.5 else "wanted"
    word, lacking = _doubted(word, mail, cues, text)
    ordered = sorted(cues, key=lambda cue: (cue.toward != word, -cue.weight, cue.name))
    why = lacking or _why(word, ordered)
    return Verdict(mail, word, round(phish, 3), tuple(ordered), why, auth, facts, tuple(looked), text, spam)


def _doubted(word: Word, mail: Mail, cues: list[Cue], text: TextScore) -> tuple[Word, str]:
    """The verdict, unless what would carry it was not there to be read; and then why not."""
    unread = [defect for defect in mail.defects if defect.startswith(HIDING)]
    if word in ("spam", "wanted") and unread:
        return "unsure", f"not all of it could be read: {', '.join(unread)}"
    if word != "spam" or text.words >= ENOUGH_WORDS or any(cue.toward == "spam" for cue in cues):
        return word, ""
    if any(cue.toward == "wanted" for cue in cues) and not any(cue.toward == "phish" for cue in cues):
        return "wanted", ""
    return "unsure", "there is too little in it to judge"


def _why(word: Word, cues: list[Cue]) -> str:
    """One sentence: the strongest evidence for the verdict, and what speaks against it."""
    mine = [cue.reason for cue in cues if cue.toward == (word if word != "unsure" else "phish")][:3]
    against = [cue.reason for cue in cues if cue.toward != word][:1]
    told = "; ".join(mine) or ("nothing in it speaks for a lure" if word == "wanted" else "its words as a whole")
    if word == "unsure":
        return f"{told}; but {against[-1]}" if against and mine else told
    return told
