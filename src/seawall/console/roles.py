"""What people may do here: roles, what each implies, which no one person holds together, and scopes of tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from seawall.errors import InputError

VIEWER: Final = "viewer"
ANALYST: Final = "analyst"
RESPONDER: Final = "responder"
APPROVER: Final = "approver"
OFFICER: Final = "intercept-officer"
TRAINER: Final = "trainer"
ADMIN: Final = "admin"

MEANINGS: Final[dict[str, str]] = {
    VIEWER: "reads what was found: incidents, coverage, rules, responses, the ledger",
    ANALYST: "works incidents: notes, assignment, raw lines, questions to the lake, exports",
    RESPONDER: "plans, applies, verifies and undoes containment that others approved",
    APPROVER: "signs for exact changes, with a key of their own",
    OFFICER: "sees oversight of lawful intercept: commitments only, and nobody else does",
    TRAINER: "gives lessons and drills, and sees how people did",
    ADMIN: "adds users, gives roles, changes settings; sees no intercept, signs nothing",
}
ROLES: Final[tuple[str, ...]] = tuple(MEANINGS)
IMPLIES: Final[dict[str, tuple[str, ...]]] = {
    VIEWER: (),
    ANALYST: (VIEWER,),
    RESPONDER: (ANALYST, VIEWER),
    APPROVER: (VIEWER,),
    OFFICER: (VIEWER,),
    TRAINER: (VIEWER,),
    ADMIN: (VIEWER,),
}
# Whoever gives roles must not hold those that act or see: else one stolen account is enough for everything. That
# nobody approves what they asked for themselves is asked of each action, not of roles: see `people.approve`.
APART: Final[tuple[tuple[str, str], ...]] = (
    (ADMIN, APPROVER),
    (ADMIN, RESPONDER),
    (ADMIN, OFFICER),
)
PRIVILEGED: Final = frozenset({RESPONDER, APPROVER, OFFICER, ADMIN})  # cannot do without a second factor

SCOPES: Final[dict[str, str]] = {  # of a token -> the role it may use
    "read": VIEWER,
    "work": ANALYST,
    "respond": RESPONDER,
    "approve": APPROVER,
    "intercept": OFFICER,
    "train": TRAINER,
    "admin": ADMIN,
}


def effective(roles: Iterable[str]) -> frozenset[str]:
    """Roles and what they imply; names nobody knows count for nothing."""
    known = [role for role in roles if role in IMPLIES]
    return frozenset(known).union(*(IMPLIES[role] for role in known))


def scoped(roles: Iterable[str], scopes: Iterable[str]) -> frozenset[str]:
    """What is left of a user's roles under a token's scopes."""
    return effective(roles) & {SCOPES[scope] for scope in scopes if scope in SCOPES}


def checked(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles one person may hold, each once, in our order.

    Raises:
        InputError: there is no such role, or two of them are kept apart.
    """
    given = set(roles)
    if strange := sorted(given - set(ROLES)):
        raise InputError(f"no role is called {strange[0]}", mend=f"one of {', '.join(ROLES)}")
    for one, other in APART:
        if {one, other} <= given:
            raise InputError(f"nobody is {one} and {other} at once", mend="give one of them to somebody else")
    return tuple(role for role in ROLES if role in given)
