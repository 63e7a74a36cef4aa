"""What a configuration check is made of: a question, and per platform how its lines answer it.

A rule is read in this order, and the first that speaks decides: `when` (else not applicable), `call`, `each` (the
rest is then asked of every section by itself, and the worst answer counts), `unless`, `fail`, `doubt`, `acl`,
`address`, `need`, `count`, `pass`, and last `absent`: what it means that nothing was said. Patterns are regular
expressions that must match a line's path from its first word to the end of a word: the sections above it and the
line, joined by single blanks. A pattern that means the whole line ends in `$`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from seawall.detect.audit.entries import Entry
from seawall.model.audit import Status
from seawall.model.severity import Severity

PLATFORMS: Final = (
    "ios", "iosxe", "iosxr", "nxos", "asa", "eos", "junos", "sros", "vrp", "fortios", "panos",
)  # fmt: skip
FALLBACK: Final = {"iosxe": "ios"}  # whose rules hold where a platform has none of its own


@dataclass(frozen=True, slots=True)
class Rule:
    """How one platform's configuration answers a check."""

    when: tuple[re.Pattern[str], ...] = ()  # one of them must be there
    otherwise: Status = Status.NA  # the answer if not
    unless: tuple[re.Pattern[str], ...] = ()  # a line that ends the question: it is well
    secrets: bool = False  # ask only lines that hold a secret
    each: re.Pattern[str] | str | None = None  # sections to ask one by one: a pattern, or the name of a finder
    none: Status = Status.NA  # the answer if there is no such section
    where: tuple[re.Pattern[str], ...] = ()  # only sections with one of these lines
    fail: tuple[re.Pattern[str], ...] = ()  # a line that is wrong by itself
    skip: tuple[re.Pattern[str], ...] = ()  # unless it is one of these
    doubt: tuple[re.Pattern[str], ...] = ()  # a line that only the operator can judge: `note` says how
    need: tuple[re.Pattern[str], ...] = ()  # all must be there
    count: tuple[re.Pattern[str], ...] = ()  # group 1 must take `least` different values
    least: int = 0
    passes: tuple[re.Pattern[str], ...] = ()  # a line that shows it is well
    absent: Status | None = None  # when no line said anything; default: fail if `passes`, else pass
    call: str = ""  # a named function that answers
    args: Mapping[str, Any] = field(default_factory=dict)
    acl: tuple[re.Pattern[str], ...] = ()  # group `acl` names the list that must limit sources
    address: tuple[re.Pattern[str], ...] = ()  # group `a` is an address that must be ours
    known: str = ""  # key of the site file that lists such addresses
    say: str = ""  # what to tell of a failure
    note: str = ""  # what would decide an unknown
    mend: tuple[str, ...] = ()
    severity: Severity | None = None  # where this platform differs
    bad: tuple[str, ...] = ()  # configurations that fail
    good: tuple[str, ...] = ()  # configurations that pass


@dataclass(frozen=True, slots=True)
class Check:
    """One question put to every configuration."""

    id: str
    title: str
    severity: Severity
    why: str
    references: tuple[str, ...]
    risk: str
    rules: Mapping[str, Rule]

    def rule_for(self, platform: str) -> Rule | None:
        """The rule for a platform, or for the one it stems from."""
        return self.rules.get(platform) or self.rules.get(FALLBACK.get(platform, ""))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found."""

    status: Status
    entries: tuple[Entry, ...] = ()
    say: str = ""
    absence: bool = False  # rests on a line that is not there: half a file cannot show that
    values: tuple[Mapping[str, str], ...] = ()  # what the mending lines may name, once per failure
    severity: Severity | None = None  # where this case differs
    mend: tuple[str, ...] | None = None  # instead of the rule's


PASS: Final = Outcome(Status.PASS)
NA: Final = Outcome(Status.NA)
