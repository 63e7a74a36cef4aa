"""What the person who reported a message is told: at once, in plain words, with thanks and one thing to do."""

from __future__ import annotations

from typing import Final

from seawall.detect.mail.judging import Verdict

_TEXTS: Final = {
    "phish": (
        "Thank you for reporting this message: it is a phish, and your report helps to take it out of other mailboxes.",
        "Please do not answer it and do not open its links or files. If you already did, or typed a password or code, "
        "tell us now: you will not be blamed, and minutes count.",
    ),
    "spam": (
        "Thank you for reporting this message: it is unwanted advertising, but we see no attack in it.",
        "You can delete it. There is no need to unsubscribe or answer.",
    ),
    "wanted": (
        "Thank you for asking: we see nothing wrong with this message.",
        "If something in it still surprises you, check it by a number or page you already know, not by one it names.",
    ),
    "unsure": (
        "Thank you for reporting this message: we cannot tell yet, and a person will look at it.",
        "Until you hear from us please leave it alone: no answer, no links, no files. If it asks for something urgent, "
        "check with the sender by a number you already know.",
    ),
}
_MOST: Final = 3  # reasons that are told


def reply_to(verdict: Verdict) -> str:
    """The answer to the reporter; quotes nothing of the message that could be clicked."""
    thanks, advice = _TEXTS[verdict.verdict]
    reasons = list(dict.fromkeys(defang(cue.reason) for cue in verdict.cues if cue.toward == verdict.verdict))[:_MOST]
    told = "\n".join(f"- {reason}" for reason in reasons)
    why = f"\n\nWhat gave it away:\n{told}" if told and verdict.verdict in ("phish", "spam") else ""
    return f"{thanks}{why}\n\n{advice}"


def defang(text: str) -> str:
    """A text whose addresses and links no program makes clickable."""
    return (
        text.replace("http", "hxxp")
        .replace("@", "[at]")
        .replace("://", "[:]//")
        .replace(".", "[.]")
        .replace("[.] ", ". ")
        .removesuffix("[.]")
    )
