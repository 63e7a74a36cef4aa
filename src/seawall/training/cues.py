"""The cues of the NIST Phish Scale (TN 2276, table 1): what a person can notice in a message, and why it matters.

Every name is that of the publication. A cue is a sign, not a proof: wanted mail has some, good lures have few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Group = Literal["error", "technical indicator", "visual presentation", "language and content", "common tactic"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One kind of sign. `question` is what a rater asks of a message, `lesson` why a reader should care."""

    id: str  # as it is marked in lessons
    name: str  # as the publication has it
    group: Group
    question: str
    lesson: str


CUES: Final[tuple[Cue, ...]] = (
    Cue("spelling", "spelling and grammar irregularities", "error",
        "Are there misspelt words, wrong grammar, mixed singular and plural?",
        "Haste and translation leave slips. Their absence proves nothing: machines write clean text."),
    Cue("inconsistency", "inconsistency", "error",
        "Do parts contradict each other: signature and sender, file named and file sent, dates, tone, brand?",
        "A story that was put together seldom fits in every place. Compare its parts."),
    Cue("attachment", "attachment type", "technical indicator",
        "Is a possibly dangerous file attached: program, script, macro document, archive, HTML, disk image, shortcut?",
        "Such files run something, or carry a page that asks for your password past every filter."),
    Cue("sender", "sender display name and address", "technical indicator",
        "Does a name hide, or not fit, the real sender or the address replies go to?",
        "Anybody can type any name. The address behind it, and where replies go, say more."),
    Cue("link", "URL hyperlinking", "technical indicator",
        "Does the text of a link hide another true target?",
        "What you read and where you land are two things. Look at the target before you follow it."),
    Cue("domain", "domain spoofing", "technical indicator",
        "Does a domain of an address or link look like a real one: a typo, an added word, a subdomain, a wrong ending?",
        "Only the last part before the first single slash counts, and one letter makes it somebody else's."),
    Cue("branding", "no or minimal branding", "visual presentation",
        "Are labels, logos or symbols missing that one would expect?",
        "A sender with a house style seldom forgets it."),
    Cue("logo", "logo imitation or out-of-date branding", "visual presentation",
        "Are brand elements copied, distorted or old?",
        "Copied marks are often a version behind, or stretched."),
    Cue("design", "unprofessional looking design or formatting", "visual presentation",
        "Is the layout one a professional sender would not use?",
        "Mixed fonts and broken frames come from pieces put together in a hurry."),
    Cue("security-icon", "security indicators and icons", "visual presentation",
        "Are there padlocks, shields, 'verified', 'scanned by' that imply safety?",
        "A picture of a lock is a picture. Only your own mail system can say what it checked."),
    Cue("legal", "legal language, copyright, disclaimers", "language and content",
        "Is there legal or tax style text to look official?",
        "Legal wording frightens and impresses; copying it costs nothing."),
    Cue("detail", "distracting detail", "language and content",
        "Is there detail that has nothing to do with the main point?",
        "Detail makes a story feel true and keeps you from asking what is really wanted."),
    Cue("sensitive", "requests for sensitive information", "language and content",
        "Does it ask for credentials, codes, personal data, payment, or access?",
        "This is what the whole story is for. Nobody honest needs your password or a code you received."),
    Cue("urgency", "sense of urgency", "language and content",
        "Is there stated or implied time pressure?",
        "Hurry is there to keep you from checking. Real emergencies survive a call back."),
    Cue("threat", "threatening language", "language and content",
        "Are bad consequences stated or implied: legal action, loss of an account, blame?",
        "Fear narrows the view. A threat is a reason to slow down."),
    Cue("greeting", "generic greeting", "language and content",
        "Is there no greeting, or one that fits anybody?",
        "Who knows you, says so; a mass mailing cannot."),
    Cue("signer", "lack of signer details", "language and content",
        "Are name, role, telephone or unit of the sender missing?",
        "Without them you cannot call back by a way of your own."),
    Cue("humanitarian", "humanitarian appeals", "common tactic",
        "Does it ask to help people in need?",
        "Kindness is used as a lever. Help by a way you know."),
    Cue("too-good", "too good to be true offers", "common tactic",
        "Is there a prize, a refund, a holiday, a bonus nobody announced?",
        "What nobody announced and is yours for a click, is not yours."),
    Cue("special", "you're special", "common tactic",
        "Is something unexpected meant for the recipient alone?",
        "Being chosen flatters, and keeps you from asking colleagues whether they got it too."),
    Cue("limited", "limited time offer", "common tactic",
        "Is there a gain that ends soon?",
        "The clock is there so that you do not ask anybody."),
    Cue("process", "mimics a work or business process", "common tactic",
        "Does it look like an invoice, a voicemail, a shared file, a form, a ticket, a delivery?",
        "Routine lowers attention. Go to the system itself instead of through the message."),
    Cue("authority", "poses as friend, colleague, supervisor or authority", "common tactic",
        "Is a relationship or rank borrowed?",
        "Rank is claimed easily. Those who hold it accept being called back."),
)  # fmt: skip

BY_ID: Final[Mapping[str, Cue]] = {cue.id: cue for cue in CUES}
BY_NAME: Final[Mapping[str, Cue]] = {cue.name: cue for cue in CUES}
