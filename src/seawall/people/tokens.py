"""How a security key becomes a person's key: it is offered, and counts once signed off.

Whoever made it signs it off with a key they have already; for anybody else's, or a new person's, two people do. The
offer lies as a file in the case until then and counts for nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import InputError
from seawall.people import changes
from seawall.people.approve import approve
from seawall.people.decisions import Decision, Desk, read_decision, signed_by
from seawall.people.keys import PrivateKey
from seawall.people.register import check_id
from seawall.people.webauthn import read_key

FOLDER: Final = "offers"  # of a case
OWN: Final = "people.own-token"
OTHERS: Final = "people.token"
MOST: Final = 200  # offers that wait
_NAME: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class SignedOff:
    """How far an offer is."""

    person: str
    approvers: tuple[str, ...]
    counts: bool  # whether the key can sign now


def offer(folder: Path, person: str, public: str, *, roles: tuple[str, ...] = ()) -> Decision:
    """Keep a security key somebody offers as theirs; it counts for nothing yet.

    Raises:
        InputError: it is no key, or too many offers wait.
    """
    read_key(public)
    values = {"person": check_id(person), "public": public, "roles": ",".join(roles)}
    made = Decision(OTHERS, secrets.token_hex(16), values, person, f"security key of {person}")
    with disk_trouble(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        if sum(1 for _ in folder.glob("*.json")) >= MOST:
            raise InputError(f"{MOST} offers wait already", where=str(folder), mend="remove those nobody wants")
        Disk().write_file(folder / f"{made.name}.json", made.text().encode())
    return made


def find(folder: Path, start: str) -> Decision:
    """An offer by the first letters of its name. Raises InputError unless they name exactly one."""
    named = [
        path for path in folder.glob("*.json") if path.stem.startswith(start.lower()) and _NAME.fullmatch(path.stem)
    ]
    if len(named) != 1:
        raise InputError(
            "no offer is called so" if not named else f"{len(named)} offers start so",
            where=start,
            mend="copy its name from the console, under your account",
        )
    return read_decision(named[0])


def sign_off(desk: Desk, people_file: Path, offered: Decision, who: str, key: PrivateKey) -> SignedOff:
    """Sign an offer off; with enough signatures the key is added to people.toml, and the offer is gone.

    Raises:
        NotApprovedError: the signature does not count. InputError: the offer is damaged or decided already.
    """
    values = {name: str(value) for name, value in offered.values.items()}
    person, public = values["person"], values["public"]
    read_key(public)
    own = who == person
    if own:  # one signature, and it must be theirs
        offered = Decision(OWN, offered.name, offered.values, person, offered.purpose)
    elif not offered.approvals:
        offered = Decision(OTHERS, offered.name, offered.values, who, offered.purpose)
    now = desk.clock.now()
    signed = signed_by(offered, desk.case, who, key, now, desk.longest_h(offered.action))
    path = desk.folder.parent / FOLDER / f"{offered.name}.json"
    needed = 1 if own else 2
    if len({approval.approver for approval in signed.approvals}) < needed:
        _must_count(desk, signed, who)
        Disk().write_file(path, signed.text().encode())
        return SignedOff(person, (who,), False)
    taken = desk.take(signed)
    changes.add_key(
        people_file,
        desk.book,
        desk.clock,
        id_=person,
        public=public,
        roles=tuple(filter(None, values["roles"].split(","))),
    )
    path.unlink(missing_ok=True)
    return SignedOff(person, taken.approvers, True)


def _must_count(desk: Desk, signed: Decision, who: str) -> None:
    """Append the first of two signatures now, so that one that does not count is refused at once."""
    approval = next(one for one in signed.approvals if one.approver == who)
    request = signed.request(desk.case)
    approve(approval, request, register=desk.register, book=desk.book, clock=desk.clock)


def fingerprint(offered: Decision) -> str:
    """Twelve letters by which people compare a security key: of the SHA-256 of its text."""
    letters = hashlib.sha256(str(offered.values.get("public", "")).encode()).hexdigest()[:12]
    return "-".join(letters[n : n + 4] for n in (0, 4, 8))


def offers(folder: Path) -> list[Decision]:
    """Every offer that waits and can be read."""
    found = []
    for path in sorted(folder.glob("*.json"))[:MOST] if folder.is_dir() else ():
        try:
            found.append(read_decision(path))
        except InputError:  # damaged: it counts for nothing, and whoever made it makes another
            continue
    return found
